import { type FieldNode, Kind } from 'graphql';
import type { OfflineManifest } from './manifest.ts';
import { VERSIONED_FIELDS } from './protocol.ts';

/**
 * Selects every stored field of a type, references by id: what the client needs to hold an entity whole. Text without braces,
 * to be placed in a selection set. `except`: response keys that the surrounding document already uses for something else.
 */
export function entitySelection(manifest: OfflineManifest, typename: string, except: ReadonlySet<string> = new Set()): string {
  const type = manifest.types[typename];
  if (!type) throw new TypeError(`expected a versioned type of the manifest, got ${typename}; run codegen again`);
  const stored = Object.entries(type.fields).map(
    ([name, field]) => [name, field.kind === 'reference' ? `${name} { __typename id }` : name] as const,
  );
  const versioned = VERSIONED_FIELDS.map((name) => [name, name] as const);
  const wanted = [...versioned, ...stored].filter(([name]) => !except.has(name));
  return ['__typename', ...wanted.map(([, text]) => text)].join(' ');
}

/** Whether all that is asked of an entity is what a reference to it says. */
export function asksForIdOnly(nodes: readonly FieldNode[]): boolean {
  return nodes.every(({ selectionSet }) =>
    selectionSet?.selections.every((part) => part.kind === Kind.FIELD && (part.name.value === 'id' || part.name.value === '__typename')),
  );
}
