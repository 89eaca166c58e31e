import { type Cache, type InMemoryCache, isReference, type Reference, type StoreObject } from '@apollo/client';

/** What OfflineCache needs to know about the data under every optimistic layer. */
export interface RootStore {
  get(id: string): StoreObject | undefined;
  ids(): string[];
  /** Merges raw objects, as the store itself would; those that are new, without a word to `changed` or `written`, and see {@link renew}. */
  merge(objects: Readonly<Record<string, StoreObject>>): void;
  /**
   * Before a read or a broadcast: if `merge` has put something in, earlier results of reads are forgotten, and every watch looks again.
   * To ask for each field of each entity who has read it, as the store does, would take longer than all else.
   */
  renew(): void;
  /** Ids that `gc()` keeps because somebody asked for them. */
  retained(): string[];
  /** False once `reset()` or `restore()` has put another store in its place. */
  isCurrent(): boolean;
  /** Reports what changed since the last call; a store that is hooked reports at the write itself. */
  poll(): void;
}

export interface RootStoreHooks {
  /** An entity's value changed, or it went away. Called inside the write, with what was stored. */
  readonly changed: (id: string, before: StoreObject | undefined) => void;
  /** Whether to keep what is stored, and drop what comes in. */
  readonly refuses: (id: string, existing: StoreObject | undefined, incoming: StoreObject) => boolean;
  /** An entity was written, whether that has changed it or not; not by {@link RootStore.merge}. */
  readonly written?: (id: string) => void;
}

/**
 * The only file that knows Apollo's private EntityStore. Hooks go on the root store itself, so that writes to an optimistic
 * layer, which is another store, are never taken for changes of the data. Where the private parts are not as expected, the
 * extracted data is compared instead: changes are found, though later, and nothing is refused.
 */
export function openRootStore(cache: InMemoryCache, hooks: RootStoreHooks): RootStore {
  const store = internals(cache).data;
  return isEntityStore(store) ? hookedStore(cache, store, hooks) : comparedStore(cache, hooks);
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
 * Merges plain fields of an entity where an open transaction writes, to the same effect as `writeFragment` at a fifth of its cost; false:
 * that has to do it, because there is no transaction, or a type policy has a say in how one of the fields is stored.
 */
export function mergePlain(cache: object, id: string, typename: string, object: Readonly<Record<string, unknown>>): boolean {
  const { data: store, txCount = 0, policies } = internals(cache);
  if (txCount === 0 || !isEntityStore(store) || typeof store.retain !== 'function' || typeof policies?.getFieldPolicy !== 'function')
    return false;
  for (const field of Object.keys(object)) {
    const policy = policies.getFieldPolicy(typename, field);
    if (policy && Object.entries(policy).some(([name, value]) => !HARMLESS.includes(name) && value !== undefined)) return false;
  }
  store.merge(id, object as StoreObject);
  store.retain(id);
  return true;
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

/**
 * Runs `all` before every read, and then `optimistic` before one of optimistic data; while `isLazy()`, a diff is made when somebody looks
 * at it. On the instance and not by `override`, because the overloads of these methods mention Apollo's internal types.
 */
export function beforeReads(
  cache: InMemoryCache,
  { all, optimistic, isLazy }: { readonly all: () => void; readonly optimistic: () => void; readonly isLazy: () => boolean },
): void {
  for (const name of ['read', 'diff', 'modify'] as const) {
    const original = cache[name] as (options: { readonly optimistic?: boolean }) => unknown;
    Object.defineProperty(cache, name, {
      configurable: true,
      writable: true,
      value(this: InMemoryCache, options: { readonly optimistic?: boolean }) {
        const now = (): unknown => {
          all();
          if (options.optimistic) optimistic();
          return original.call(this, options);
        };
        return name === 'diff' && isLazy() ? lazily(now as () => Cache.DiffResult<unknown>) : now();
      },
    });
  }
}

function lazily(make: () => Cache.DiffResult<unknown>): Cache.DiffResult<unknown> {
  let made: Cache.DiffResult<unknown> | undefined;
  const diffed = (): Cache.DiffResult<unknown> => {
    made ??= make();
    return made;
  };
  const diff = {};
  for (const field of ['result', 'complete', 'missing', 'fromOptimisticTransaction'] as const) {
    Object.defineProperty(diff, field, {
      enumerable: true,
      configurable: true,
      get: () => diffed()[field],
      set: (value: unknown) => void Object.defineProperty(diff, field, { value, enumerable: true, writable: true, configurable: true }),
    });
  }
  return diff as Cache.DiffResult<unknown>;
}

function hookedStore(cache: InMemoryCache, store: EntityStore, { changed, refuses, written }: RootStoreHooks): RootStore {
  const { merge, modify } = store;
  let isRaw = false;
  let hasNews = false;
  store.merge = (older, newer) => {
    const id = idOf(older) ?? idOf(newer);
    if (id === undefined) return merge.call(store, older, newer);
    if (idOf(newer) === undefined && refuses(id, store.data[id], newer as StoreObject)) return;
    const before = store.data[id];
    merge.call(store, older, newer);
    if (!isRaw) written?.(id);
    if (store.data[id] !== before) changed(id, before);
  };
  // Deleting a whole entity goes through modify, and takes the object out after the merge.
  store.modify = (id, fields, exact) => {
    const before = store.data[id];
    const modified = modify.call(store, id, fields, exact);
    if (store.data[id] !== before) changed(id, before);
    return modified;
  };
  return {
    get: (id) => store.data[id],
    ids: () => Object.keys(store.data),
    merge(objects) {
      const isSilent = internals(cache).resetResultCache !== undefined && !cache.configuresScalars();
      isRaw = true;
      try {
        for (const [id, object] of Object.entries(objects)) {
          if (!isSilent || store.data[id] !== undefined) store.merge(id, object);
          else if (!refuses(id, undefined, object)) {
            store.data[id] = object;
            // What it referred to while it was not here: nothing.
            delete store.refs?.[id];
            hasNews = true;
          }
        }
      } finally {
        isRaw = false;
      }
    },
    renew() {
      if (!hasNews) return;
      // An open transaction has put other data in the place of ours, which has results of its own.
      hasNews = isBusy(cache);
      internals(cache).resetResultCache?.();
    },
    retained: () => Object.keys(store.rootIds),
    isCurrent: () => isBusy(cache) || internals(cache).data === store,
    poll: () => {},
  };
}

function comparedStore(cache: InMemoryCache, { changed }: RootStoreHooks): RootStore {
  let seen = entitiesOf(cache);
  return {
    get: (id) => entitiesOf(cache)[id],
    ids: () => Object.keys(entitiesOf(cache)),
    merge: (objects) => void cache.restore({ ...cache.extract(), ...objects }),
    renew: () => {},
    retained: () => cache.extract().__META?.extraRootIds ?? [],
    isCurrent: () => true,
    poll() {
      const before = seen;
      seen = entitiesOf(cache);
      for (const id of new Set([...Object.keys(before), ...Object.keys(seen)])) {
        if (before[id] !== seen[id]) changed(id, before[id]);
      }
    },
  };
}

function entitiesOf(cache: InMemoryCache): Record<string, StoreObject | undefined> {
  const { __META, ...entities } = cache.extract();
  return entities;
}

function idOf(value: string | Reference | StoreObject): string | undefined {
  if (typeof value === 'string') return value;
  return '__ref' in value && typeof value.__ref === 'string' ? value.__ref : undefined;
}

interface EntityStore {
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
}

interface Internals {
  data?: unknown;
  readonly optimisticData?: unknown;
  txCount?: number;
  resetResultCache?(): void;
  readonly watches?: Iterable<Cache.WatchOptions>;
  readonly maybeBroadcastWatch?: { dirty(watch: object): void };
  readonly policies?: { getFieldPolicy?(typename: string, field: string): object | undefined };
}

function internals(cache: object): Internals {
  return cache as Internals;
}

function isEntityStore(value: unknown): value is EntityStore {
  const store = value as Partial<EntityStore> | undefined;
  return (
    typeof store?.merge === 'function' &&
    typeof store.modify === 'function' &&
    typeof store.data === 'object' &&
    typeof store.rootIds === 'object'
  );
}
