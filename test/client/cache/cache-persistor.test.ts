import { gql, type InMemoryCache } from '@apollo/client';
import { CachePersistor, persistCacheSync, SynchronousCachePersistor } from 'apollo3-cache-persist';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OfflineCache } from '../../../client/cache/offline-cache.ts';
import { page, TODOS, todo } from './fixture.ts';

const KEY = 'apollo-cache-persist';

/** As localStorage and the wrappers over it. */
function createItems() {
  const map = new Map<string, string>();
  return {
    map,
    writes: 0,
    getItem: (key: string) => map.get(key) ?? null,
    setItem(key: string, value: string) {
      this.writes++;
      map.set(key, value);
    },
    removeItem: (key: string) => void map.delete(key),
  };
}
type Items = ReturnType<typeof createItems>;

// Its types speak of Apollo Client 3.
const persistorOf = (cache: InMemoryCache, storage: Items, options: object = {}) =>
  new CachePersistor<unknown>({ cache, storage, ...options } as never);
const fill = (cache: InMemoryCache) => void cache.writeQuery({ query: TODOS, data: page([todo({ id: '1' }), todo({ id: '2' })]) });
const stored = (items: Items) => JSON.parse(items.map.get(KEY) ?? 'null');
const title = gql`
  fragment Title on Todo { title }
`;

/** For applications that stay with it: an OfflineCache is one more InMemoryCache to it. */
describe("OfflineCache under apollo3-cache-persist's CachePersistor", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is stored and restored, gc roots included, and watchers are told', async () => {
    const items = createItems();
    const cache = new OfflineCache();
    fill(cache);
    cache.writeFragment({ id: 'Todo:9', fragment: title, data: { __typename: 'Todo', title: 'kept' } });
    await persistorOf(cache, items, { trigger: false }).persist();

    const next = new OfflineCache();
    const told: boolean[] = [];
    next.watch({ query: TODOS, optimistic: true, callback: ({ complete }) => told.push(complete) });
    await persistorOf(next, items, { trigger: false }).restore();
    expect(next.extract()).toEqual(cache.extract());
    expect(next.gc()).toEqual([]);
    fill(next);
    expect(told).toEqual([true]);
  });

  it('every way of changing it starts the debounce, and a burst is one write', async () => {
    const changes: readonly ((cache: InMemoryCache) => void)[] = [
      fill,
      (cache) => void cache.modify({ id: 'Todo:1', fields: { title: () => 'changed' } }),
      (cache) => void cache.evict({ id: 'Todo:2' }),
      (cache) => void cache.writeFragment({ id: 'Todo:1', fragment: title, data: { __typename: 'Todo', title: 'again' } }),
      (cache) => void cache.batch({ update: (target) => void target.modify({ id: 'Todo:1', fields: { done: () => true } }) }),
    ];
    const items = createItems();
    const cache = new OfflineCache();
    persistorOf(cache, items, { debounce: 100 });
    for (const change of changes) {
      const before = items.writes;
      change(cache);
      await vi.advanceTimersByTimeAsync(60);
      change(cache);
      await vi.advanceTimersByTimeAsync(99);
      expect(items.writes).toBe(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(items.writes).toBe(before + 1);
      expect(stored(items)).toEqual(JSON.parse(JSON.stringify(cache.extract())));
    }
  });

  it('nothing optimistic reaches its storage, whichever layer it lies in', async () => {
    const items = createItems();
    const cache = new OfflineCache();
    fill(cache);
    persistorOf(cache, items, { debounce: 0 });
    cache.showPending('a', 1, (layer) => layer.modify({ id: 'Todo:1', fields: { title: () => 'pending' } }));
    cache.recordOptimisticTransaction((layer) => layer.modify({ id: 'Todo:2', fields: { title: () => 'hoped' } }), 'native');
    cache.modify({ id: 'Todo:1', fields: { done: () => true } });
    await vi.runAllTimersAsync();
    expect(stored(items)['Todo:1']).toMatchObject({ title: 'title 1', done: true });
    expect(stored(items)['Todo:2']).toMatchObject({ title: 'title 2' });
  });

  it('what is pending stays on screen when it restores under it', async () => {
    const items = createItems();
    const before = new OfflineCache();
    fill(before);
    await persistorOf(before, items, { trigger: false }).persist();
    const cache = new OfflineCache();
    cache.showPending('a', 1, (layer) => layer.modify({ id: 'Todo:1', fields: { title: () => 'pending' } }));
    await persistorOf(cache, items, { trigger: false }).restore();
    const read = (optimistic: boolean) => cache.readFragment({ id: 'Todo:1', fragment: title, optimistic });
    expect(read(true)).toMatchObject({ title: 'pending' });
    expect(read(false)).toMatchObject({ title: 'title 1' });
    expect([...cache.takeChanged()].toSorted()).toEqual(['ROOT_QUERY', 'Todo:1', 'Todo:2']);
  });

  it('beyond its size limit it stops and purges, as it does for every cache; the cache goes on', async () => {
    const items = createItems();
    const cache = new OfflineCache();
    const persistor = persistorOf(cache, items, { maxSize: 500, debounce: 0 });
    fill(cache);
    await vi.runAllTimersAsync();
    expect(items.map.size).toBe(0);
    cache.evict({ id: 'Todo:1' });
    cache.modify({ id: 'Todo:2', fields: { title: () => 'x' } });
    expect(cache.rootEntity('Todo:2')).toMatchObject({ title: 'x' });
    expect(await persistor.getSize()).toBe(0);
  });

  it('synchronously too, with a mapper and a purge', async () => {
    const items = createItems();
    const cache = new OfflineCache();
    const persistenceMapper = async (data: string) => {
      const { ROOT_QUERY: _, ...rest } = JSON.parse(data);
      return JSON.stringify(rest);
    };
    const persistor = persistorOf(cache, items, { trigger: false, persistenceMapper });
    fill(cache);
    await persistor.persist();
    expect(Object.keys(stored(items)).toSorted()).toEqual(['Todo:1', 'Todo:2']);

    const next = new OfflineCache();
    persistCacheSync({ cache: next as never, storage: items });
    expect(next.rootIds()).toEqual(['Todo:1', 'Todo:2']);
    const again = new SynchronousCachePersistor({ cache: next as never, storage: items });
    await again.purge();
    expect(items.map.size).toBe(0);
    again.restoreSync();
    expect(next.rootIds()).toEqual(['Todo:1', 'Todo:2']);
  });
});
