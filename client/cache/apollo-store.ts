import { type Cache, type InMemoryCache, isReference, type StoreObject } from '@apollo/client';

/**
 * What is known here of Apollo's private EntityStore, and nowhere else but in root-store.ts: each part may be missing or another in a
 * version to come, and every function says what it does then.
 */
export interface EntityStore {
  /** Of a layer. */
  readonly id?: string;
  readonly data: Record<string, StoreObject | undefined>;
  readonly rootIds: Record<string, number>;
  readonly refs?: Record<string, unknown>;
  merge(older: string | StoreObject, newer: string | StoreObject): void;
  modify(id: string, fields: unknown, exact: boolean): boolean;
  retain?(id: string): void;
}

interface Layer {
  readonly data: Readonly<Record<string, unknown>>;
  readonly parent?: Layer;
  lookup?(id: string): StoreObject | undefined;
}

interface Internals {
  data?: unknown;
  readonly optimisticData?: unknown;
  txCount?: number;
  resetResultCache?(): void;
  broadcastWatches?(): void;
  readonly watches?: Iterable<Cache.WatchOptions>;
  readonly maybeBroadcastWatch?: { dirty(watch: object): void };
  readonly policies?: { getFieldPolicy?(typename: string, field: string): object | undefined };
}

export function internals(cache: object): Internals {
  return cache as Internals;
}

export function isEntityStore(value: unknown): value is EntityStore {
  const store = value as Partial<EntityStore> | undefined;
  return (
    typeof store?.merge === 'function' &&
    typeof store.modify === 'function' &&
    typeof store.data === 'object' &&
    typeof store.rootIds === 'object'
  );
}

/** A transaction is open: layers made or removed now are lost when it closes. */
export function isBusy(cache: InMemoryCache): boolean {
  return (internals(cache).txCount ?? 0) > 0;
}

/** A transaction has put a layer, or the root alone, in the place of all data: "optimistic" means nothing else there. */
export function isIsolated(cache: InMemoryCache): boolean {
  const { data, optimisticData } = internals(cache);
  return data === undefined || data === optimisticData;
}

/** Runs `update` as part of the topmost layer, if that one has this id; false: it has another, or none is there. */
export function writeOnTop(cache: InMemoryCache, id: string, update: () => void): boolean {
  const inner = internals(cache);
  const { data, optimisticData: layer } = inner;
  if (inner.txCount === undefined || !isEntityStore(layer) || layer.id !== id) return false;
  inner.txCount++;
  inner.data = layer;
  try {
    update();
  } finally {
    inner.txCount--;
    inner.data = data;
  }
  return true;
}

/** What of a field's policy does not change how it is stored. */
const HARMLESS = ['typename', 'read'];

/**
 * Merges plain fields of an entity where `writeFragment` would, to the same effect at a fifth of its cost; false: that has to do it,
 * because a type policy has a say in how one of the fields is stored.
 */
export function mergePlain(cache: object, id: string, typename: string, object: Readonly<Record<string, unknown>>): boolean {
  const inner = internals(cache);
  const { data: store, txCount, policies } = inner;
  if (txCount === undefined || !isEntityStore(store)) return false;
  if (typeof inner.broadcastWatches !== 'function' || typeof store.retain !== 'function') return false;
  if (typeof policies?.getFieldPolicy !== 'function') return false;
  for (const field of Object.keys(object)) {
    const policy = policies.getFieldPolicy(typename, field);
    if (policy && Object.entries(policy).some(([name, value]) => !HARMLESS.includes(name) && value !== undefined)) return false;
  }
  store.merge(id, object as StoreObject);
  store.retain(id);
  // The end of an open transaction does it.
  if (txCount === 0) inner.broadcastWatches();
  return true;
}

/** The stored object of an entity with what the layers over it say. */
export function shownObject(cache: InMemoryCache, id: string): StoreObject | undefined {
  const layer = internals(cache).optimisticData as Layer | undefined;
  return typeof layer?.lookup === 'function' ? layer.lookup(id) : cache.extract(true)[id];
}

/** Who waits to be told of changes: active queries and fragments. */
export function watchesOf(cache: InMemoryCache): readonly Cache.WatchOptions[] {
  return [...(internals(cache).watches ?? [])];
}

/** Ids that optimistic layers hold, and what those refer to; at the root only what they hold. */
export function overlaidIds(cache: InMemoryCache): ReadonlySet<string> {
  const ids = new Set<string>();
  const addReferences = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isReference(value)) ids.add(value.__ref);
    else for (const inner of Object.values(value)) addReferences(inner);
  };
  let layer = internals(cache).optimisticData as Layer | undefined;
  for (; layer?.parent; layer = layer.parent) {
    for (const [id, object] of Object.entries(layer.data)) {
      ids.add(id);
      // The root fields of a layer are those under it as well.
      if (!id.startsWith('ROOT_')) addReferences(object);
    }
  }
  return ids;
}

/** Store names of the fields at the root of every watched query. */
export function watchedFields(cache: InMemoryCache): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { query, variables, id = 'ROOT_QUERY' } of internals(cache).watches ?? []) {
    if (id !== 'ROOT_QUERY') continue;
    const operation = query.definitions.find((definition) => definition.kind === 'OperationDefinition');
    for (const field of operation?.selectionSet.selections ?? []) {
      if (field.kind !== 'Field') continue;
      const details = { typename: 'Query', fieldName: field.name.value, field, ...(variables ? { variables } : {}) };
      names.add(cache.policies.getStoreFieldName(details));
    }
  }
  return names;
}

/** Makes the next broadcast look at a watch again. */
export function markDirty(cache: InMemoryCache, watch: object): void {
  internals(cache).maybeBroadcastWatch?.dirty(watch);
}
