import { ApolloLink, HttpLink } from '@apollo/client';
import { afterEach, expect, test } from 'vitest';
import { memoryStorage } from '../../client/adapters/memory.ts';
import type { OfflineOptions } from '../../client/index.ts';
import { pendingCount } from '../../client/worker/index.ts';
import { createWorld, type World } from '../harness/world.ts';
import { CREATE, LISTS } from './list-documents.ts';

let world: World;
afterEach(() => world.close());

const bytes = (seed: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length: 32 }, (_, at) => (at + seed) % 256);

/** Encryption runs on threads of its own, which no simulated clock waits for: a turn of this one for each step of the other. */
async function until(done: () => boolean): Promise<void> {
  while (!done()) {
    await new Promise((resolve) => setImmediate(resolve));
    await world.clock.advance(10);
  }
}

/** A device whose disks the test can look at. */
function encryptedDevice(key = bytes(1)) {
  const cells = { outbox: new Map<string, unknown>(), cache: new Map<string, unknown>() };
  const storage = () => ({ outbox: memoryStorage(cells.outbox), cache: memoryStorage(cells.cache) });
  const device = world.device('ada');
  return {
    device,
    cells,
    storage,
    open: (extra: Partial<OfflineOptions> = {}) => device.open({ storage: storage(), encryption: key, ...extra }),
    everything: () => JSON.stringify([[...cells.outbox], [...cells.cache]]),
  };
}

test('with a key nothing that is stored can be read, in outbox or cache, in values or in names, and everything survives a reload', async () => {
  world = await createWorld();
  const { device, open, everything, cells, storage } = encryptedDevice();
  const first = await open();
  await first.client.query({ query: LISTS });
  await (await first.offline.mutate({ mutation: CREATE, variables: { input: { id: 'list-7', name: 'Sent secret' } } })).settled;
  device.setOnline(false);
  await first.offline.mutate({ mutation: CREATE, variables: { input: { id: 'list-8', name: 'Waiting secret' } } });
  first.offline.outbox.pause();
  await first.close();
  expect([cells.outbox.size, cells.cache.size].every((size) => size > 2)).toBe(true);
  expect(everything()).not.toMatch(/secret|list-|List|createList|mutation|name/i);
  const ids = '[0-9a-f]{8}-[0-9a-f-]{27}';
  const names = new RegExp(`^signed-in$|^user:ada/(farside-encryption|paused|attempts|head|[sj]/[\\d/]+|(record|client)/${ids})$`);
  for (const key of [...cells.outbox.keys(), ...cells.cache.keys()]) expect(key).toMatch(names);
  expect(await pendingCount({ owner: 'ada', storage: storage(), encryption: bytes(1) })).toBe(1);

  const second = await open();
  expect(second.cache.readQuery({ query: LISTS }, true)).toMatchObject({
    lists: { nodes: [{ name: 'Sent secret' }, { name: 'Waiting secret' }] },
  });
  second.offline.outbox.resume();
  device.setOnline(true);
  await until(() => second.offline.status.get().pending === 0);
  expect(await world.query('{ lists { nodes { id } } }')).toMatchObject({ lists: { nodes: [{ id: 'list-7' }, { id: 'list-8' }] } });
});

test('with another key the app runs, says why nothing is durable, and leaves all that is stored as it is', async () => {
  world = await createWorld();
  const { device, open, cells } = encryptedDevice();
  const first = await open();
  await first.client.query({ query: LISTS });
  device.setOnline(false);
  await first.offline.mutate({ mutation: CREATE, variables: { input: { name: 'Waiting' } } });
  await first.close();
  const before = structuredClone(cells);

  const wrong = await open({ encryption: bytes(9) });
  await until(() => wrong.events.length > 2);
  expect(wrong.offline.status.get()).toMatchObject({ storage: 'memory', pending: 0 });
  expect(wrong.events.map(({ code }) => code)).toEqual(expect.arrayContaining(['WRONG_KEY', 'CACHE_NOT_READ']));
  await expect(wrong.offline.mutate({ mutation: CREATE, variables: { input: { name: 'Another' } } })).rejects.toMatchObject({
    code: 'WRONG_KEY',
  });
  device.setOnline(true);
  await until(() => wrong.offline.status.get().connection === 'online');
  await wrong.client.query({ query: LISTS });
  await wrong.offline.sync.pull().catch(() => undefined);
  await wrong.close();
  expect(cells).toEqual(before);
  expect((await open()).offline.status.get()).toMatchObject({ storage: 'durable', pending: 1 });
});

test('a damaged record is named and kept, and the others are sent', async () => {
  world = await createWorld();
  const { device, open, cells } = encryptedDevice();
  device.setOnline(false);
  const first = await open();
  const lost = await first.offline.mutate({ mutation: CREATE, variables: { input: { name: 'Damaged' } } });
  await first.offline.mutate({ mutation: CREATE, variables: { input: { name: 'Fine' } } });
  await first.close();
  const key = `user:ada/record/${lost.id}`;
  const damaged = { ...(cells.outbox.get(key) as object), data: 'AAAA' };
  cells.outbox.set(key, damaged);

  device.setOnline(true);
  const second = await open();
  await until(() => second.offline.status.get().pending === 0);
  expect(second.events).toContainEqual(expect.objectContaining({ code: 'RECORD_UNREADABLE', key: `record/${lost.id}` }));
  expect(cells.outbox.get(key)).toEqual(damaged);
  expect(await world.query('{ lists { nodes { name } } }')).toEqual({ lists: { nodes: [{ name: 'Fine' }] } });
});

test('headers and tokens of a call are never stored, with or without a key', async () => {
  world = await createWorld();
  const cells = { outbox: new Map<string, unknown>(), cache: new Map<string, unknown>() };
  const device = world.device('ada');
  const tab = await device.open({ storage: { outbox: memoryStorage(cells.outbox), cache: memoryStorage(cells.cache) } });
  // As applications do it: in a link of their own, in the call, and in the client's defaults.
  const auth = new ApolloLink((operation, forward) => {
    operation.setContext({ headers: { authorization: 'Bearer token-of-the-link' } });
    return forward(operation);
  });
  const seen: string[] = [];
  const http = new HttpLink({
    uri: 'http://server/graphql',
    fetch: (input, init) => {
      seen.push(new Headers(init?.headers).get('authorization') ?? '');
      return device.network.fetch(input, { ...init, headers: { ...Object.fromEntries(new Headers(init?.headers)), 'x-user': 'ada' } });
    },
  });
  tab.client.setLink(ApolloLink.from([tab.offline.link, auth, http]));
  const context = {
    headers: { authorization: 'Bearer token-of-the-call' },
    token: 'token-of-the-context',
    offline: { priority: 'high' },
  } as const;
  device.setOnline(false);
  await tab.offline.mutate({ mutation: CREATE, variables: { input: { name: 'By ticket' } }, context });
  void tab.client.mutate({ mutation: CREATE, variables: { input: { name: 'By the client' } }, context }).catch(() => undefined);
  await world.clock.settle();
  const waiting = JSON.stringify([...cells.outbox]);
  device.setOnline(true);
  await world.clock.runUntil(() => tab.offline.status.get().pending === 0);
  await tab.client.query({ query: LISTS, context });
  await tab.close();
  expect(waiting).toContain('By ticket');
  expect(waiting).toContain('By the client');
  expect(JSON.stringify([[...cells.cache], [...cells.outbox]])).toContain('By ticket');
  for (const text of [waiting, JSON.stringify([[...cells.cache], [...cells.outbox]])])
    expect(text).not.toMatch(/token|bearer|authorization|headers/i);
  expect(new Set(seen)).toEqual(new Set(['Bearer token-of-the-link']));
});
