import type { InMemoryCache, Reference, StoreObject } from '@apollo/client';
import { type EntityStore, internals, isBusy, isEntityStore } from './apollo-store.ts';

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
 * Hooks go on Apollo's root store itself, so that writes to an optimistic layer, which is another store, are never taken for changes
 * of the data. Where the private parts are not as expected, the extracted data is compared instead: changes are found, though
 * later, and nothing is refused.
 */
export function openRootStore(cache: InMemoryCache, hooks: RootStoreHooks): RootStore {
  const store = internals(cache).data;
  return isEntityStore(store) ? hookedStore(cache, store, hooks) : comparedStore(cache, hooks);
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
