import { gql } from '@apollo/client';
import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from '../harness/world.ts';

let world: World;
afterEach(() => world.close());

const LISTS = gql`
  query Lists {
    lists {
      nodes {
        id
        name
      }
    }
  }
`;
const CREATE = 'mutation ($input: CreateListInput!) { createList(input: $input) { __typename } }';

test.each(['the application pauses', 'the network goes'])(
  'what was fetched a moment ago is on disk when %s: whoever goes offline may close the app next',
  async (how) => {
    world = await createWorld();
    await world.query(CREATE, { input: { id: 'l1', name: 'Groceries' } });
    const device = world.device('ada');
    const before = await device.open();
    await before.client.query({ query: LISTS });
    if (how === 'the network goes') device.setOnline(false);
    else before.offline.outbox.pause();
    // No time passes, so that no timer can have written it.
    await world.clock.settle();
    before.crash();

    const after = await device.open();
    expect(after.cache.readQuery({ query: LISTS })).toMatchObject({ lists: { nodes: [{ id: 'l1', name: 'Groceries' }] } });
  },
);

test('an application that starts paused sends nothing at all, and listens for news from the moment it resumes', async () => {
  world = await createWorld();
  const device = world.device('ada');
  const before = await device.open();
  before.offline.outbox.pause();
  await before.close();
  const sent = device.network.log.length;

  const tab = await device.open();
  tab.offline.sync.start({ live: true });
  await world.clock.advance(120_000);
  expect(device.network.log.slice(sent)).toEqual([]);

  tab.offline.outbox.resume();
  await world.clock.settle();
  expect(device.network.operations('SyncHint')).toHaveLength(1);
});

test('a request that the lost network left hanging is sent again as soon as the network is back', async () => {
  world = await createWorld();
  const device = world.device('ada');
  const tab = await device.open();
  device.network.next({ kind: 'delay', responseMs: 600_000 });
  await tab.offline.mutate({ mutation: gql(CREATE), variables: { input: { id: 'l1', name: 'Groceries' } } });
  await world.clock.settle();
  expect(tab.offline.status.get()).toMatchObject({ sending: 1 });
  device.connectivity.set('offline');
  await world.clock.settle();
  expect(tab.offline.outbox.records()).toMatchObject([{ state: 'queued', failure: null }]);

  device.connectivity.set('online');
  await world.clock.runUntil(() => tab.offline.outbox.records().length === 0, 5_000);
  expect(await world.query('{ lists { nodes { name } } }')).toEqual({ lists: { nodes: [{ name: 'Groceries' }] } });
});

test('what the sending tab learns of the network, the other tabs show too', async () => {
  world = await createWorld();
  const device = world.device('ada');
  const leader = await device.open();
  const follower = await device.open();
  const edit = (id: string) => follower.offline.mutate({ mutation: gql(CREATE), variables: { input: { id, name: id } } });

  device.network.next({ kind: 'status', status: 401 });
  await edit('l1');
  await world.clock.settle();
  for (const tab of [leader, follower])
    expect(tab.offline.status.get()).toMatchObject({ connection: 'paused', pausedBecause: 'unauthenticated', pending: 1 });
  // Signing in again in either tab is enough.
  follower.offline.outbox.resume();
  await world.clock.settle();
  for (const tab of [leader, follower]) expect(tab.offline.status.get()).toMatchObject({ connection: 'online', pending: 0 });

  device.network.offline = true;
  await edit('l2');
  await world.clock.settle();
  for (const tab of [leader, follower]) expect(tab.offline.status.get()).toMatchObject({ connection: 'offline', pending: 1 });
  device.network.offline = false;
  await world.clock.runUntil(() => [leader, follower].every((tab) => tab.offline.status.get().connection === 'online'), 60_000);
});
