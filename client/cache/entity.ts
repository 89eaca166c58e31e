import { type ApolloCache, isReference, type Reference, type StoreObject } from '@apollo/client';
import { type DocumentNode, parse } from 'graphql';
import type { ManifestField, OfflineManifest } from '../../schema/manifest.ts';
import { VERSIONED_FIELDS } from '../../schema/protocol.ts';
import { mergePlain } from './apollo-store.ts';
import type { OfflineCache } from './offline-cache.ts';

/** Field values by *input* name: `siteId: '…'` for a reference `site`, `_version` and its like under their own names. */
export type EntityValues = Readonly<Record<string, unknown>>;

export interface ReadOptions {
  /** With pending writes (inside a pending update: those before it). Default `false`. */
  readonly optimistic?: boolean;
}

/** The id under which the cache stores an entity. */
export function entityKey(cache: ApolloCache, typename: string, id: string): string {
  return cache.identify({ __typename: typename, id }) ?? `${typename}:${id}`;
}

/**
 * Writes the given fields of one entity and leaves its others alone. Takes input names and output names, references as an id or
 * as an object with one; members that the manifest does not know are skipped. Makes the entity if it is not there. In a pending
 * update it writes to the layer, elsewhere to the data.
 */
export function writeEntity(cache: ApolloCache, manifest: OfflineManifest, typename: string, values: EntityValues): void {
  const id = values.id;
  if (typeof id !== 'string') throw new TypeError(`expected a ${typename} with an id, got ${JSON.stringify(id) ?? 'none'}; give its id`);
  const stored: Record<string, unknown> = { __typename: typename };
  for (const field of VERSIONED_FIELDS) if (values[field] !== undefined) stored[field] = values[field];
  for (const [name, field] of Object.entries(fieldsOf(manifest, typename))) {
    const value = values[field.input] === undefined ? values[name] : values[field.input];
    if (value !== undefined) stored[name] = field.kind === 'reference' ? storedReference(cache, field, value) : value;
  }
  const key = entityKey(cache, typename, id);
  if (!mergePlain(cache, key, typename, stored))
    cache.writeFragment({ id: key, fragment: fragmentOf(typename, Object.keys(stored)), data: stored });
}

/** What the cache knows of one entity, by input name; unknown fields are absent. `null`: it is not there. */
export function readEntity(
  cache: ApolloCache,
  manifest: OfflineManifest,
  typename: string,
  id: string,
  { optimistic = false }: ReadOptions = {},
): EntityValues | null {
  const stored = readStored(cache, entityKey(cache, typename, id), optimistic);
  if (stored === null) return null;
  const values: Record<string, unknown> = { id };
  for (const field of VERSIONED_FIELDS) if (stored[field] !== undefined) values[field] = stored[field];
  for (const [name, field] of Object.entries(fieldsOf(manifest, typename))) {
    const value = stored[name];
    if (value !== undefined) values[field.input] = field.kind === 'reference' ? referencedId(field, value) : value;
  }
  return values;
}

/** The id inside a stored reference; `null` for none. Also of an entity that is not here, as long as its key is the usual one. */
export function referencedId(field: ManifestField, stored: unknown): unknown {
  if (Array.isArray(stored)) return stored.map((item) => referencedId(field, item));
  if (isReference(stored)) return keyedId(field.type, stored);
  return typeof stored === 'object' && stored !== null ? ((stored as StoreObject).id ?? null) : null;
}

/** `Site:1` → `1`; also `Site:{"id":"1"}`, which is how a `keyFields` policy spells it. */
function keyedId(typename: string, { __ref }: Reference): string {
  const key = __ref.startsWith(`${typename}:`) ? __ref.slice(typename.length + 1) : __ref.slice(__ref.indexOf(':') + 1);
  if (!key.startsWith('{')) return key;
  try {
    return String((JSON.parse(key) as { readonly id?: unknown }).id);
  } catch {
    return key;
  }
}

/** An OfflineCache knows; of another cache `modify` is the one public way to see stored values raw, past the read functions of type policies, on root and layer alike. */
function readStored(
  cache: ApolloCache & Partial<Pick<OfflineCache, 'shownEntity'>>,
  id: string,
  optimistic: boolean,
): Readonly<Record<string, unknown>> | null {
  if (optimistic && cache.shownEntity) return cache.shownEntity(id) ?? null;
  const stored: Record<string, unknown> = {};
  let isThere = false;
  cache.modify({
    id,
    optimistic,
    broadcast: false,
    fields(value: unknown, { storeFieldName }) {
      isThere = true;
      stored[storeFieldName] = value;
      return value;
    },
  });
  return isThere ? stored : null;
}

function storedReference(cache: ApolloCache, field: ManifestField, value: unknown): unknown {
  if (value === null || isReference(value)) return value;
  if (Array.isArray(value)) return value.map((item) => storedReference(cache, field, item));
  const id = typeof value === 'object' ? (value as { readonly id?: unknown }).id : value;
  return { __ref: entityKey(cache, field.type, String(id)) };
}

const fragments = new Map<string, DocumentNode>();

/** References are written without a selection: a stub of an entity that is not here would look like the entity. */
function fragmentOf(typename: string, fields: readonly string[]): DocumentNode {
  const key = `${typename} ${fields.join(' ')}`;
  let fragment = fragments.get(key);
  if (fragment === undefined) {
    fragment = parse(`fragment Stored on ${typename} { ${fields.join(' ')} }`, { noLocation: true });
    fragments.set(key, fragment);
  }
  return fragment;
}

function fieldsOf(manifest: OfflineManifest, typename: string): Readonly<Record<string, ManifestField>> {
  const type = manifest.types[typename];
  if (type === undefined)
    throw new TypeError(`expected a versioned type of the manifest, got ${typename}; is the manifest of this schema?`);
  return type.fields;
}
