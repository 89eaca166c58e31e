import 'fake-indexeddb/auto';
import { gql, InMemoryCache } from '@apollo/client';
import { CachePersistor, LocalForageWrapper, LocalStorageWrapper } from 'apollo3-cache-persist';
import localforage from 'localforage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCacheImport } from '../../../client/cache/cache-import.ts';
import type { PersistedCache } from '../../../client/cache/import-on-demand.ts';
import { createJournal } from '../../../client/cache/journal.ts';
import { OfflineCache } from '../../../client/cache/offline-cache.ts';
import { createFaultyStorage, createSimulatedClock, createSimulatedLifecycle, type FaultyStorage } from '../../harness/index.ts';
import { createWorld, type World } from '../../harness/world.ts';
import { page, TODOS, todo } from './fixture.ts';

const KEY = 'apollo-cache-persist';
const NOTE = gql`
  fragment Note on Note { id text }
`;

/** What the application looked like before: a cache under the real apollo3-cache-persist. */
async function persisted(storage: object, options: object = {}): Promise<InMemoryCache> {
  const cache = new InMemoryCache();
  cache.writeQuery({ query: TODOS, data: page([todo({ id: '1', title: 'stored' }), todo({ id: '2' })]) });
  cache.writeFragment({ id: 'Note:1', fragment: NOTE, data: { __typename: 'Note', id: '1', text: 'kept' } });
  const all = { cache, storage, trigger: false, ...options };
  await new CachePersistor(all as never).persist();
  return cache;
}

class Items {
  readonly map = new Map<string, string>();
  gets = 0;
  getItem = (key: string) => {
    this.gets++;
    return this.map.get(key) ?? null;
  };
  setItem = (key: string, value: string) => void this.map.set(key, value);
  removeItem = (key: string) => void this.map.delete(key);
}

function boot(disk: FaultyStorage, source?: PersistedCache) {
  const cache = new OfflineCache();
  const events: { code: string; key: string; message: string }[] = [];
  const onEvent = (event: (typeof events)[number]) => void events.push(event);
  const imported = source && createCacheImport({ storage: disk, onEvent }, source);
  const clock = createSimulatedClock();
  const journal = createJournal(
    { cache, storage: disk, clock, lifecycle: createSimulatedLifecycle(), schemaHash: null, onEvent, ...(imported ? { imported } : {}) },
    { chunkSize: 2 },
  );
  return { cache, journal, events, clock };
}
async function lead(...args: Parameters<typeof boot>) {
  const tab = boot(...args);
  await tab.journal.restore();
  await tab.journal.start();
  return tab;
}

describe('a cache that apollo3-cache-persist has stored', () => {
  const local = () => {
    const items = new Items();
    return { items, storage: new LocalStorageWrapper(items as never) };
  };

  it('is there at the first start, gc roots included; then it is ours, and nothing of it stays behind', async () => {
    const { items, storage } = local();
    const before = await persisted(storage);
    const disk = createFaultyStorage();
    const { cache, journal, events } = await lead(disk, { storage });
    expect(cache.extract()).toEqual(before.extract());
    expect(cache.gc()).toEqual([]);
    expect(items.map.size).toBe(1);
    await journal.flush();
    expect(items.map.size).toBe(0);
    expect(events).toEqual([]);

    const next = await lead(disk.reload(), { storage });
    expect(next.cache.extract()).toEqual(before.extract());
  });

  it.each([[true], [false]])('from localforage, serialized: %s', async (serialize) => {
    const storage = new LocalForageWrapper(localforage.createInstance({ name: `import-${serialize}`, driver: localforage.INDEXEDDB }));
    const before = await persisted(storage, { serialize, key: 'mine' });
    const { cache, journal, events } = await lead(createFaultyStorage(), { storage, key: 'mine' });
    expect(cache.extract()).toEqual(before.extract());
    await journal.flush();
    expect(await storage.getItem('mine')).toBeNull();
    expect(events).toEqual([]);
  });

  it('comes under what was fetched before it was read', async () => {
    const { storage } = local();
    await persisted(storage);
    const { cache, journal } = boot(createFaultyStorage(), { storage });
    cache.writeQuery({ query: TODOS, variables: { first: 1 }, data: page([todo({ id: '1', version: 5, title: 'fetched' })]) });
    await journal.restore();
    expect(cache.rootEntity('Todo:1')).toMatchObject({ title: 'fetched', _version: 5 });
    expect(cache.readQuery({ query: TODOS })).not.toBeNull();
  });

  it('is never taken over a second time: not over what is stored here, not after signing out, and not read again', async () => {
    const { items, storage } = local();
    await persisted(storage);
    const old = items.map.get(KEY) as string;
    const disk = createFaultyStorage();
    const { cache, journal } = await lead(disk, { storage });
    cache.modify({ id: 'Todo:1', fields: { title: () => 'newer' } });
    await journal.flush();

    items.map.set(KEY, old);
    items.gets = 0;
    const next = await lead(disk.reload(), { storage });
    expect(next.cache.rootEntity('Todo:1')).toMatchObject({ title: 'newer' });
    await next.journal.flush();
    await next.journal.clear();
    const last = await lead(disk.reload(), { storage });
    expect(last.cache.extract()).toEqual({});
    expect(items.gets).toBe(0);
  });

  it('where something is stored here already it is out of date: it goes, unread by the cache', async () => {
    const { items, storage } = local();
    await persisted(storage);
    const disk = createFaultyStorage();
    const before = await lead(disk);
    before.cache.writeQuery({ query: TODOS, data: page([todo({ id: '7' })]) });
    await before.journal.flush();
    const { cache, journal } = await lead(disk.reload(), { storage });
    expect(cache.extract()).toEqual(before.cache.extract());
    await journal.flush();
    expect(items.map.size).toBe(0);
  });

  it('goes with whoever signs out, also before it was stored here', async () => {
    const { items, storage } = local();
    await persisted(storage);
    const { journal } = await lead(createFaultyStorage(), { storage });
    await journal.clear();
    expect(items.map.size).toBe(0);
  });

  it('survives a crash at any write: it is there, or it is ours', async () => {
    for (let step = 1; step < 12; step++) {
      for (const when of ['before', 'after'] as const) {
        const { items, storage } = local();
        const before = await persisted(storage);
        const disk = createFaultyStorage();
        disk.crashAt(step, when);
        const { journal } = await lead(disk, { storage });
        await Promise.race([journal.flush(), disk.crashed]);
        const next = await lead(disk.reload(), { storage });
        expect(next.cache.extract(), `${when} ${step}`).toEqual(before.extract());
        next.cache.modify({ id: 'Todo:1', fields: { title: () => 'newer' } });
        await next.journal.flush();
        expect(items.map.size, `${when} ${step}`).toBe(0);
      }
    }
  });

  it('a disk with room for one of the two keeps the one that is ours', async () => {
    const { items, storage } = local();
    const before = await persisted(storage);
    const disk = createFaultyStorage();
    disk.faults.quotaBytes = 100;
    const { journal, clock } = await lead(disk, { storage });
    await expect(journal.flush()).rejects.toMatchObject({ code: 'NOT_DURABLE' });
    expect(items.map.size).toBe(0);
    disk.faults.quotaBytes = null;
    await clock.advance(60_000);
    expect((await lead(disk.reload(), { storage })).cache.extract()).toEqual(before.extract());
  });
});

describe('what is no such cache', () => {
  const extracted = () => ({ ROOT_QUERY: { __typename: 'Query', me: { __ref: 'User:1' } }, 'User:1': { __typename: 'User', id: '1' } });

  it.each([
    ['rubbish', 'not JSON {'],
    ['a list', '[1,2]'],
    ['a number', '7'],
    ['nothing in it', '{}'],
    ['of another program', JSON.stringify({ theme: 'dark', size: 3 })],
    ['of Apollo Client 2', JSON.stringify({ ROOT_QUERY: { me: { type: 'id', id: 'User:1', generated: false } }, 'User:1': { id: '1' } })],
    ['torn', JSON.stringify(extracted()).slice(0, 40)],
  ])('%s: said once, left alone, and the app goes on', async (_, value) => {
    const items = new Items();
    items.map.set(KEY, value);
    const disk = createFaultyStorage();
    const { cache, journal, events } = await lead(disk, { storage: items });
    expect(cache.extract()).toEqual({});
    expect(events).toMatchObject([{ code: 'CACHE_NOT_IMPORTED', key: KEY }]);
    cache.writeQuery({ query: TODOS, data: page([]) });
    await journal.flush();
    expect(items.map.get(KEY)).toBe(value);
    const next = await lead(disk.reload(), { storage: items });
    expect(next.cache.extract()).toEqual(cache.extract());
    expect(next.events).toEqual([]);
  });

  it('entities that are none are left out and said; the rest is there', async () => {
    const items = new Items();
    items.map.set(KEY, JSON.stringify({ ...extracted(), 'User:2': 'torn', 'User:3': null, __META: { extraRootIds: ['User:1', 7] } }));
    const { cache, events } = await lead(createFaultyStorage(), { storage: items });
    expect(cache.rootIds().toSorted()).toEqual(['ROOT_QUERY', 'User:1']);
    expect(cache.retainedIds()).toContain('User:1');
    expect(events).toMatchObject([{ code: 'CACHE_NOT_IMPORTED', message: expect.stringContaining('2 that are none, "User:2" first') }]);
  });

  it('a storage that fails is reported, and asked again at the next start', async () => {
    const items = new Items();
    items.map.set(KEY, JSON.stringify(extracted()));
    const broken = { getItem: () => Promise.reject(new Error('locked')), removeItem: () => undefined };
    const disk = createFaultyStorage();
    const { cache, journal, events } = await lead(disk, { storage: broken });
    expect(cache.extract()).toEqual({});
    await journal.flush();
    expect(events).toMatchObject([{ code: 'CACHE_NOT_IMPORTED', message: expect.stringContaining('locked') }]);
    expect((await lead(disk.reload(), { storage: items })).cache.rootIds()).toContain('User:1');
  });

  it('one that cannot be taken away is reported, and not read again', async () => {
    const items = new Items();
    items.map.set(KEY, JSON.stringify(extracted()));
    const stuck = {
      getItem: items.getItem,
      removeItem: () => {
        throw new Error('read-only');
      },
    };
    const disk = createFaultyStorage();
    const { journal, events } = await lead(disk, { storage: stuck });
    await journal.flush();
    expect(events).toMatchObject([{ code: 'CACHE_NOT_IMPORTED', message: expect.stringContaining('read-only') }]);
    await journal.clear();
    expect((await lead(disk.reload(), { storage: items })).cache.extract()).toEqual({});
  });
});

describe('through createOffline', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(() => world.close());

  it('the application opens with it, offline', async () => {
    const items = new Items();
    const before = await persisted(new LocalStorageWrapper(items as never));
    const device = world.device('ada');
    device.setOnline(false);
    const tab = await device.open({ importCache: { storage: items } });
    expect(tab.cache.extract()).toEqual(before.extract());
    await world.clock.settle();
    await tab.close();
    expect(items.map.size).toBe(0);
    expect((await device.open({ importCache: { storage: items } })).cache.extract()).toEqual(before.extract());
  });
});
