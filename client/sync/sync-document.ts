import { type DocumentNode, parse } from 'graphql';
import type { OfflineManifest } from '../../schema/manifest.ts';
import { entitySelection } from '../../schema/selection.ts';

/** The query for one page of changes, and how its fields are named. */
export interface SyncDocument {
  readonly document: DocumentNode;
  /** A change as the cache takes it: output names, without the aliases that the document needed. */
  unalias(change: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

/**
 * Asks for every stored field of every type. Two types may give one field name different types, which GraphQL refuses to select
 * side by side; those fields get an alias.
 */
export function syncDocument(manifest: OfflineManifest, types: readonly string[]): SyncDocument {
  const ambiguous = ambiguousFields(manifest, types);
  const aliases = new Map<string, string>();
  const parts = types.map((typename) => {
    const aliased = Object.entries(manifest.types[typename]?.fields ?? {}).filter(([name]) => ambiguous.has(name));
    const texts = aliased.map(([name, { kind }]) => {
      const alias = `${typename}__${name}`;
      aliases.set(alias, name);
      return `${alias}: ${name}${kind === 'reference' ? ' { __typename id }' : ''}`;
    });
    return `... on ${typename} { ${[entitySelection(manifest, typename, ambiguous), ...texts].join(' ')} }`;
  });
  const document = parse(
    `query FarsideSync($since: SyncCursor, $types: [String!], $limit: Int) {
      sync(since: $since, types: $types, limit: $limit) {
        changes { __typename id _version _lastChangedAt _deleted ${parts.join(' ')} }
        tombstones { typename id _version reason }
        cursor
        hasMore
        reset
      }
    }`,
    { noLocation: true },
  );
  return {
    document,
    unalias: (change) => Object.fromEntries(Object.entries(change).map(([name, value]) => [aliases.get(name) ?? name, value])),
  };
}

function ambiguousFields(manifest: OfflineManifest, types: readonly string[]): ReadonlySet<string> {
  const shapes = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const typename of types) {
    for (const [name, field] of Object.entries(manifest.types[typename]?.fields ?? {})) {
      const shape = `${field.kind === 'reference' ? 'object' : field.type} ${field.list} ${field.nullable}`;
      if ((shapes.get(name) ?? shape) !== shape) ambiguous.add(name);
      shapes.set(name, shape);
    }
  }
  return ambiguous;
}
