import { afterEach, expect, test } from 'vitest';
import { memoryStorage } from '../../client/adapters/memory.ts';
import { withRoom } from '../../client/adapters/room.ts';
import { OfflineError, type Storage } from '../../client/index.ts';
import { createFaultyStorage, type FaultyStorage } from '../harness/index.ts';
import { createWorld, type Device, type Tab, type World } from '../harness/world.ts';
import { CREATE, LISTS } from './list-documents.ts';

let world: World;
afterEach(() => world.close());

/** A disk of so many bytes for outbox and cache together, as a browser counts them. */
function createQuota(): { quotaBytes: number; used(): number; open(): { outbox: Storage; cache: Storage } } {
  const cells = { outbox: new Map<string, unknown>(), cache: new Map<string, unknown>() };
  const used = (): number => JSON.stringify([[...cells.outbox], [...cells.cache]]).length;
  const bounded = (area: keyof typeof cells): Storage => {
    const disk = memoryStorage(cells[area]);
    const put = async (key: string, value: unknown): Promise<void> => {
      const before = cells[area].get(key);
      await disk.put(key, value);
      if (used() <= quota.quotaBytes) return;
      if (before === undefined) await disk.remove(key);
      else await disk.put(key, before);
      throw new OfflineError('STORAGE_FULL', 'expected room, got none');
    };
    const { putMany: _, ...rest } = disk;
    return { ...rest, put };
  };
  const quota = { quotaBytes: 1_000_000, used, open: () => ({ outbox: bounded('outbox'), cache: bounded('cache') }) };
  return quota;
}

const create = (tab: Tab, name: string) => tab.offline.mutate({ mutation: CREATE, variables: { input: { id: name, name } } });

/** A device with a cache on its disk, and a network that is gone. */
async function deviceWithCache(): Promise<{ device: Device; quota: ReturnType<typeof createQuota> }> {
  world = await createWorld();
  await world.query('mutation ($input: CreateListInput!) { createList(input: $input) { __typename } }', {
    input: { id: 'big', name: 'x'.repeat(10_000) },
  });
  const quota = createQuota();
  const device = world.device('ada');
  const tab = await device.open({ storage: quota.open() });
  await tab.client.query({ query: LISTS });
  await tab.close();
  device.setOnline(false);
  return { device, quota };
}

test('on a full disk the cache gives way to the outbox, in whichever tab, and comes back when there is room', async () => {
  const { device, quota } = await deviceWithCache();
  const leader = await device.open({ storage: quota.open() });
  const follower = await device.open({ storage: quota.open() });
  await world.clock.advance(60_000);
  quota.quotaBytes = quota.used() + 100;
  await create(follower, 'first');
  expect(follower.events).toMatchObject([{ code: 'CACHE_DROPPED' }]);
  expect(follower.offline.status.get()).toMatchObject({ pending: 1, storage: 'durable' });
  expect(quota.used()).toBeLessThan(10_000);
  expect(JSON.stringify(leader.cache.readQuery({ query: LISTS }, true))).toMatch(/xxxx.*first/);

  // The tab that writes the cache knows nothing of that, and appends to nothing until it looks.
  quota.quotaBytes = 1_000_000;
  leader.cache.modify({ id: 'List:big', fields: { name: () => 'y'.repeat(10_000) } });
  await world.clock.advance(60_000);
  await leader.close();
  await follower.close();
  const again = await device.open({ storage: quota.open() });
  expect(JSON.stringify(again.cache.readQuery({ query: LISTS }, true))).toMatch(/yyyy.*first/);
});

test('when there is no room at all the mutation is refused at once as not durable, and what waits already stays', async () => {
  const { device, quota } = await deviceWithCache();
  const tab = await device.open({ storage: quota.open() });
  await create(tab, 'first');
  quota.quotaBytes = 100;
  const refused = await create(tab, 'second').catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'NOT_DURABLE', cause: { code: 'STORAGE_FULL' } });
  expect(tab.offline.outbox.records()).toHaveLength(1);
  expect(JSON.stringify(tab.cache.readQuery({ query: LISTS }, true))).not.toContain('second');
  quota.quotaBytes = 1_000_000;
  await create(tab, 'third');
  device.setOnline(true);
  await world.clock.runUntil(() => tab.offline.status.get().pending === 0);
  expect(await world.query('{ lists(orderBy: [{ field: name }]) { nodes { id } } }')).toMatchObject({
    lists: { nodes: [{ id: 'first' }, { id: 'third' }, { id: 'big' }] },
  });
});

test('half a snapshot does not stay on a full disk', async () => {
  const { device, quota } = await deviceWithCache();
  const tab = await device.open({ storage: quota.open() });
  const before = quota.used();
  quota.quotaBytes = before + 10;
  tab.cache.modify({ id: 'List:big', fields: { name: () => 'z'.repeat(10_000) } });
  await world.clock.advance(60_000);
  expect(tab.events.map(({ code }) => code)).toContain('CACHE_NOT_STORED');
  expect(quota.used()).toBeLessThanOrEqual(before);
});

test('writes that find the disk full together wait for one making of room; other failures are not its business', async () => {
  const disk: FaultyStorage = createFaultyStorage();
  let made = 0;
  const storage = withRoom(disk, async () => {
    made += 1;
    await new Promise((resolve) => setImmediate(resolve));
    disk.faults.failWrites = null;
  });
  disk.faults.failWrites = new OfflineError('STORAGE_FULL', 'full');
  await Promise.all([storage.put('a', 1), storage.put('b', 2), storage.putMany?.([['c', 3]])]);
  expect([made, (await disk.entries('')).length]).toEqual([1, 3]);
  disk.faults.failWrites = new OfflineError('STORAGE_UNAVAILABLE', 'gone');
  await expect(storage.put('a', 2)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  expect(made).toBe(1);
});

test('a write that waits for room keeps its place: nothing asked for later is there before it, not even its removal', async () => {
  const disk = memoryStorage();
  const order: string[] = [];
  let isFull = true;
  const put = async (key: string, value: unknown): Promise<void> => {
    if (key === 'a' && isFull) throw new OfflineError('STORAGE_FULL', 'full');
    // Another that takes longer than those after it, as encryption may.
    if (key === 'b') await new Promise((resolve) => setImmediate(resolve));
    order.push(key);
    await disk.put(key, value);
  };
  const { putMany: _, ...one } = disk;
  const storage = withRoom({ ...one, put }, async () => {
    await new Promise((resolve) => setImmediate(resolve));
    isFull = false;
  });
  const puts = ['a', 'b', 'c'].map((key) => storage.put(key, key));
  await Promise.all([...puts, storage.remove('c')]);
  expect(order).toEqual(['a', 'b', 'c']);
  expect(await disk.entries('')).toEqual([
    ['a', 'a'],
    ['b', 'b'],
  ]);
});

test('what another tab is still storing is not taken for settled, and goes out before what was made after it', async () => {
  world = await createWorld();
  const device = world.device('ada');
  const leader = await device.open();
  let attempts = 0;
  let makeRoom = (): void => undefined;
  const room = new Promise<void>((resolve) => {
    makeRoom = resolve;
  });
  const { putMany: _, ...disk } = device.disks.outbox;
  const put: Storage['put'] = async (key, value) => {
    const isFirst = JSON.stringify(value).includes('"first"');
    if (isFirst && ++attempts === 1) throw new OfflineError('STORAGE_FULL', 'full');
    if (isFirst) await room;
    await disk.put(key, value);
  };
  const follower = await device.open({ storage: { outbox: { ...disk, put }, cache: device.disks.cache } });
  const made = ['first', 'second', 'third'].map((name) => create(follower, name));
  await world.clock.advance(10_000);
  makeRoom();
  await Promise.all(made);
  await world.clock.advance(10_000);
  expect(attempts).toBe(2);
  expect(leader.events).toEqual([]);
  const { lists } = await world.query<{ lists: { nodes: { id: string }[] } }>('{ lists { nodes { id } } }');
  expect(lists.nodes.map(({ id }) => id)).toEqual(['first', 'second', 'third']);
});
