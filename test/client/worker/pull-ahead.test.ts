import { gql } from '@apollo/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryLocks, silentChannel } from '../../../client/adapters/memory.ts';
import { OfflineError } from '../../../client/errors.ts';
import { pullAhead } from '../../../client/worker/index.ts';
import { createFaultyStorage } from '../../harness/index.ts';
import { createWorld, type Device, type Tab, type World } from '../../harness/world.ts';

const TODOS = gql`
  query Todos {
    todos {
      nodes {
        id
        title
        votes
        _version
      }
    }
  }
`;
const UPDATE = gql`
  mutation UpdateTodo($input: UpdateTodoInput!) {
    updateTodo(input: $input) {
      __typename
    }
  }
`;
const AHEAD = 'user:ada/a/';

let world: World;
let device: Device;
beforeEach(async () => {
  // A page is one change.
  world = await createWorld({ server: { limits: { pageSize: 1 } } });
  device = world.device('ada');
});
afterEach(() => world.close());

/** What somebody else does. */
const create = (id: string, title = id) =>
  world.query('mutation ($input: CreateTodoInput!) { createTodo(input: $input) { __typename } }', {
    input: { id, title, done: false, tags: [], votes: 0 },
  });
const retitle = (id: string, version: number, title: string) =>
  world.query('mutation ($input: UpdateTodoInput!) { updateTodo(input: $input) { __typename } }', {
    input: { id, _version: version, title },
  });
const remove = (id: string, version: number) =>
  world.query('mutation ($input: DeleteTodoInput!) { deleteTodo(input: $input) { __typename } }', { input: { id, _version: version } });

const shown = (tab: Tab): readonly string[] => {
  const data = tab.cache.readQuery<{ todos: { nodes: readonly { id: string; title: string }[] } }>({ query: TODOS }, true);
  return (data?.todos.nodes ?? []).map(({ id, title }) => `${id}: ${title}`).sort();
};
const asked = (): readonly unknown[] =>
  device.network.operations('FarsideSync').map(({ body }) => (body as { variables: { since: unknown } }).variables.since);
const kept = async (): Promise<number> => (await device.disks.cache.entries(AHEAD)).length;

/** Somebody has looked at the list, has pulled, and is gone. */
async function visit(): Promise<void> {
  device.setOnline(true);
  const tab = await device.open();
  await tab.client.query({ query: TODOS, fetchPolicy: 'network-only' });
  await tab.offline.sync.pull();
  await world.clock.advance(10_000);
  await tab.close();
}

async function openOffline(options: Parameters<Device['open']>[0] = {}): Promise<Tab> {
  device.setOnline(false);
  const tab = await device.open(options);
  await world.clock.settle();
  return tab;
}

describe('with no tab open', () => {
  beforeEach(async () => {
    await create('one');
    await create('two');
    await visit();
  });

  it('what others have changed is pulled from where the last pull ended, and the next start shows it without a network', async () => {
    await retitle('one', 1, 'theirs');
    await remove('two', 1);
    await create('three');
    const before = asked().length;
    const at = world.clock.now();
    expect(await device.wakePeriodically()).toMatchObject({
      ended: 'drained',
      pulled: { ended: 'pulled', pages: 3, changes: 2, tombstones: 1 },
    });
    expect(asked()).toHaveLength(before + 3);
    expect(await kept()).toBe(3);
    await world.clock.advance(3_600_000);

    const sent = device.network.log.length;
    const tab = await openOffline();
    expect(shown(tab)).toEqual(['one: theirs', 'three: three']);
    expect(tab.offline.sync.lastSyncedAt()).toBe(at);
    await world.clock.advance(10_000);
    // It is in the stored cache by now.
    expect(await kept()).toBe(0);
    await tab.close();
    expect(shown(await openOffline())).toEqual(['one: theirs', 'three: three']);
    expect(device.network.log).toHaveLength(sent);
  });

  it('a `sync` event sends and does not pull', async () => {
    await create('three');
    const before = asked().length;
    expect(await device.wakeWorker()).not.toHaveProperty('pulled');
    expect(asked()).toHaveLength(before);
  });

  it('a tab goes on from the last cursor, before any pull of its own', async () => {
    await create('three');
    await device.wakePeriodically();
    await create('four');
    const before = asked().length;
    const tab = await device.open();
    expect(await tab.offline.sync.pull()).toMatchObject({ pages: 1, changes: 1 });
    expect(shown(tab)).toEqual(['four: four', 'one: one', 'three: three', 'two: two']);
    expect(asked()).toHaveLength(before + 1);
    expect(asked().at(-1)).not.toBe(asked().at(-2));
    expect(tab.events).toEqual([]);
  });

  it('what waits is sent first, and what cannot be sent yet stays on top of what was pulled', async () => {
    const tab = await openOffline();
    await tab.offline.mutate({ mutation: UPDATE, variables: { input: { id: 'one', votes: 5 } } });
    await tab.offline.mutate({ mutation: UPDATE, variables: { input: { id: 'two', votes: 7 } } });
    await tab.close();
    device.setOnline(true);
    await retitle('one', 1, 'theirs');
    const refused = { kind: 'status', status: 429 } as const;
    device.network.faultOf = ({ body }) => (JSON.stringify(body).includes('two') ? refused : null);
    expect(await device.wakePeriodically()).toMatchObject({ ended: 'drained', remaining: expect.any(Number), pulled: { ended: 'pulled' } });
    device.network.faultOf = null;
    const next = await openOffline();
    const rows = (id: string) =>
      next.cache.readFragment({ id: `Todo:${id}`, fragment: gql`fragment F on Todo { title votes }`, optimistic: true });
    expect(rows('one')).toMatchObject({ title: 'theirs', votes: 5 });
    expect(rows('two')).toMatchObject({ title: 'two', votes: 7 });
  });

  it('goes on from what is kept, and news that say nothing take no room', async () => {
    await create('three');
    await device.wakePeriodically();
    await device.wakePeriodically();
    await world.clock.advance(43_200_000);
    const at = world.clock.now();
    expect(await device.wakePeriodically()).toMatchObject({ pulled: { ended: 'pulled', pages: 1, changes: 0 } });
    expect(await kept()).toBe(2);
    await create('four');
    await device.wakePeriodically();
    await device.wakePeriodically();
    expect(await kept()).toBe(3);
    expect(new Set(asked().slice(-2)).size).toBe(2);
    const tab = await openOffline();
    expect(shown(tab)).toEqual(['four: four', 'one: one', 'three: three', 'two: two']);
    expect(tab.offline.sync.lastSyncedAt()).toBe(at);
  });

  it('killed in the middle it has whole pages, and the next one goes on from there', async () => {
    await create('three');
    await create('four');
    const disk = createFaultyStorage(device.disks.cache);
    disk.crashAt(2, 'before');
    void device.wakePeriodically({ storage: { outbox: device.disks.outbox, cache: disk } });
    await disk.crashed;
    await world.clock.settle();
    expect(await kept()).toBe(1);
    const tab = await openOffline();
    expect(shown(tab)).toEqual(['one: one', 'three: three', 'two: two']);
    device.setOnline(true);
    await world.clock.advance(10_000);
    expect(await tab.offline.sync.pull()).toMatchObject({ changes: 1 });
    expect(shown(tab)).toEqual(['four: four', 'one: one', 'three: three', 'two: two']);
  });

  it('a damaged page, and those behind it, are pulled again', async () => {
    await create('three');
    await create('four');
    await device.wakePeriodically();
    const [first] = await device.disks.cache.entries(AHEAD);
    await device.disks.cache.put(first?.[0] ?? '', 'half of wha');
    const events: string[] = [];
    expect(await device.wakePeriodically({ onEvent: ({ code }) => events.push(code) })).toMatchObject({ pulled: { changes: 2 } });
    expect(events).toEqual(['CACHE_UNREADABLE']);
    await device.disks.cache.put((await device.disks.cache.entries(AHEAD)).at(-1)?.[0] ?? '', { codec: 1 });
    const tab = await openOffline();
    expect(shown(tab)).toEqual(['one: one', 'three: three', 'two: two']);
    expect(tab.events.map(({ code }) => code)).toContain('CACHE_UNREADABLE');
    await world.clock.advance(10_000);
    expect(await kept()).toBe(0);
  });

  it('what a tab has gone past is dropped, and never put in', async () => {
    await retitle('one', 1, 'theirs');
    await device.wakePeriodically();
    const pages = await device.disks.cache.entries(AHEAD);
    await visit();
    await retitle('one', 2, 'newer');
    await visit();
    for (const [key, value] of pages) await device.disks.cache.put(key, value);
    const tab = await openOffline();
    expect(shown(tab)).toEqual(['one: newer', 'two: two']);
    await world.clock.advance(10_000);
    expect(await kept()).toBe(0);
    await tab.close();
    for (const [key, value] of pages) await device.disks.cache.put(key, value);
    device.setOnline(true);
    expect(await device.wakePeriodically()).toMatchObject({ pulled: { ended: 'pulled', changes: 0 } });
    expect(await kept()).toBe(1);
  });

  it('a tab that dies before it has stored what it took in leaves it for the next', async () => {
    await create('three');
    await device.wakePeriodically();
    device.setOnline(false);
    const put = () => Promise.reject(new OfflineError('STORAGE_UNAVAILABLE', 'the disk fails'));
    const tab = await device.open({ storage: { outbox: device.disks.outbox, cache: { ...device.disks.cache, put, putMany: put } } });
    await world.clock.advance(10_000);
    expect(shown(tab)).toEqual(['one: one', 'three: three', 'two: two']);
    tab.crash();
    expect(await kept()).toBe(1);
    expect(shown(await openOffline())).toEqual(['one: one', 'three: three', 'two: two']);
  });

  it('two tabs that open together both have it', async () => {
    await create('three');
    await device.wakePeriodically();
    device.setOnline(false);
    const tabs = await Promise.all([device.open(), device.open()]);
    await world.clock.advance(10_000);
    for (const tab of tabs) expect(shown(tab)).toEqual(['one: one', 'three: three', 'two: two']);
    expect(await kept()).toBe(0);
  });

  it('an open tab pulls for itself, and one that is opened takes over', async () => {
    const tab = await device.open();
    await create('three');
    const before = asked().length;
    const standing = device.wakePeriodically();
    await world.clock.advance(6_000);
    expect(await standing).toMatchObject({ ended: 'elsewhere' });
    expect(asked()).toHaveLength(before);
    await tab.close();

    device.network.latencyMs = 1_000;
    const pulling = device.wakePeriodically();
    await world.clock.advance(500);
    expect(asked()).toHaveLength(before + 1);
    const opening = device.open();
    await world.clock.advance(10_000);
    expect(await pulling).toMatchObject({ pulled: { ended: 'elsewhere', pages: 0 } });
    expect(await kept()).toBe(0);
    await opening;
  });

  it('stops at the first answer that is none, and keeps nothing of it', async () => {
    await create('three');
    const before = asked().length;
    for (const [fault, ended] of [
      [{ kind: 'status', status: 401 }, 'unauthenticated'],
      [{ kind: 'status', status: 503 }, 'unreachable'],
      [{ kind: 'html' }, 'unreachable'],
      [{ kind: 'truncated' }, 'unreachable'],
      [{ kind: 'dropResponse' }, 'unreachable'],
      [{ kind: 'status', status: 403 }, 'left'],
      [{ kind: 'status', status: 200, body: '{"data":{"sync":null}}' }, 'left'],
      [{ kind: 'status', status: 200, body: '{"data":null,"errors":[{"message":"","extensions":{"code":"BAD_CURSOR"}}]}' }, 'left'],
    ] as const) {
      device.network.next(fault);
      expect(await device.wakePeriodically()).toMatchObject({ pulled: { ended, pages: 0 } });
    }
    expect(asked()).toHaveLength(before + 8);
    expect(await kept()).toBe(0);
  });

  it('a server that does not answer is not waited for', async () => {
    device.network.next({ kind: 'delay', responseMs: 1_000_000 });
    const pulling = device.wakePeriodically({ timeoutMs: 2_000 });
    await world.clock.advance(2_500);
    expect(await pulling).toMatchObject({ pulled: { ended: 'unreachable' } });
  });

  it('a server that wants everything fetched again is left to the next tab', async () => {
    await create('three');
    await device.wakePeriodically();
    const reset = { sync: { changes: [], tombstones: [], cursor: 'of another epoch', hasMore: false, reset: true } };
    device.network.next({ kind: 'status', status: 200, body: JSON.stringify({ data: reset }) });
    expect(await device.wakePeriodically()).toMatchObject({ pulled: { ended: 'left', pages: 0 } });
    expect(await kept()).toBe(0);
  });

  it('the room that it takes is bounded', async () => {
    await create('three');
    await create('four');
    expect(await device.wakePeriodically({ maxPulledLength: 0 })).toMatchObject({ pulled: { ended: 'full', pages: 0 } });
    expect(await device.wakePeriodically({ maxPulledLength: 1 })).toMatchObject({ pulled: { ended: 'full', pages: 1 } });
    expect(await device.wakePeriodically({ maxPulledLength: 1 })).toMatchObject({ pulled: { ended: 'full', pages: 0 } });
    expect(await kept()).toBe(1);
    await expect(device.wakePeriodically({ maxPulledLength: -1 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('on a full disk it makes room again', async () => {
    await create('three');
    await create('four');
    const disk = createFaultyStorage(device.disks.cache);
    await device.wakePeriodically({ maxPulledLength: 1 });
    expect(await kept()).toBe(1);
    disk.faults.quotaBytes = 0;
    expect(await device.wakePeriodically({ storage: { outbox: device.disks.outbox, cache: disk } })).toMatchObject({
      pulled: { ended: 'full', pages: 0 },
    });
    expect(await kept()).toBe(0);
  });

  it('goes with the stored cache when somebody signs out, and nothing is pulled for whoever is not there', async () => {
    await create('three');
    await device.wakePeriodically();
    const tab = await openOffline();
    await tab.offline.signOut({ pending: 'keep' });
    expect(await device.disks.cache.entries('')).toEqual([]);
    device.setOnline(true);
    const before = asked().length;
    expect(await device.wakePeriodically()).toMatchObject({ ended: 'nobody' });
    expect(asked()).toHaveLength(before);
  });

  it('keeps nothing for somebody who signs out while it is fetched', async () => {
    await create('three');
    const disk = createFaultyStorage(device.disks.outbox);
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const response = await device.network.fetch(input, init);
      await device.disks.outbox.remove('signed-in');
      return response;
    };
    expect(await device.wakePeriodically({ fetch, storage: { outbox: disk, cache: device.disks.cache } })).toMatchObject({
      pulled: { ended: 'nobody', pages: 0 },
    });
    expect(await kept()).toBe(0);
  });

  it('gives way, with the stored cache, when the outbox needs the room', async () => {
    await create('three');
    await device.wakePeriodically();
    device.setOnline(false);
    const tab = await device.open();
    tab.disks.cache.faults.failWrites = new Error('the disk fails');
    await world.clock.settle();
    expect(await kept()).toBe(1);
    tab.disks.cache.faults.failWrites = null;
    tab.disks.outbox.failAt(tab.disks.outbox.log.length + 1, new OfflineError('STORAGE_FULL', 'the disk is full'));
    await tab.offline.mutate({ mutation: UPDATE, variables: { input: { id: 'one', votes: 5 } } });
    expect(await kept()).toBe(0);
    expect(shown(tab)).toContain('three: three');
  });

  it('of another schema it is neither pulled nor put in', async () => {
    await create('three');
    await device.wakePeriodically();
    const other = { ...world.manifest, schemaHash: 'another' };
    expect(await device.wakePeriodically({ manifest: other })).toMatchObject({ pulled: { ended: 'left' } });
    expect(await kept()).toBe(0);
    await device.wakePeriodically();
    expect(await kept()).toBe(1);
    const tab = await openOffline({ manifest: other });
    expect(shown(tab)).toEqual([]);
    await world.clock.advance(10_000);
    expect(await kept()).toBe(0);
  });

  it('nothing is pulled without a manifest', async () => {
    expect(await pullAhead({ storage: device.disks, ports: { locks: memoryLocks(), channel: silentChannel() } })).toMatchObject({
      ended: 'left',
      pages: 0,
    });
  });
});

it('of somebody who has never pulled nothing is pulled', async () => {
  const tab = await device.open();
  await tab.client.query({ query: TODOS });
  await world.clock.advance(10_000);
  await tab.close();
  await create('one');
  expect(await device.wakePeriodically()).toMatchObject({ ended: 'drained', pulled: { ended: 'left' } });
  expect(asked()).toEqual([]);
});

it('lies encrypted where the cache does', async () => {
  const key = new Uint8Array(32).fill(7);
  /** Encryption takes real time, in which the clock stands still. */
  async function meanwhile<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    void work.finally(() => {
      isDone = true;
    });
    while (!isDone) await world.clock.advance(1);
    return work;
  }
  const tab = await meanwhile(device.open({ encryption: key }));
  await meanwhile(tab.client.query({ query: TODOS, fetchPolicy: 'network-only' }));
  await meanwhile(tab.offline.sync.pull());
  await meanwhile(tab.close());
  await create('secret');
  expect(await meanwhile(device.wakePeriodically({ encryption: () => null }))).toMatchObject({ ended: 'nobody' });
  const report = await meanwhile(device.wakePeriodically({ encryption: () => key }));
  expect(report).toMatchObject({ pulled: { ended: 'pulled', pages: 1 } });
  expect(JSON.stringify(await device.disks.cache.entries(''))).not.toContain('secret');
  device.setOnline(false);
  const next = await meanwhile(device.open({ encryption: key }));
  await meanwhile(expect.poll(() => shown(next)).toEqual(['secret: secret']));
  await meanwhile(next.close());
});
