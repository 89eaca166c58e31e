import { gql } from '@apollo/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryStorage } from '../../client/adapters/memory.ts';
import type { Storage } from '../../client/index.ts';
import { createWorld, type Device, type Tab, type World } from '../harness/world.ts';

const UPDATE = gql`
  mutation Rename($input: UpdateTodoInput!) { updateTodo(input: $input) { todo { id title } } }
`;
const TOP = gql`
  query Top { todos(first: 2) { nodes { id _version title } } }
`;
const ALL = gql`
  query All { all { id _version title } }
`;
const ROWS = 1_500;

/** A device that went offline with more than one chunk of entities on its disk, and starts again. */
describe('an application with a large cache', () => {
  let world: World;
  let device: Device;
  let storage: { readonly outbox: Storage; readonly cache: Storage };
  /** Lets the rest of the stored cache be read. */
  let release: () => void;
  beforeEach(async () => {
    world = await createWorld();
    device = world.device('ada');
    const disk = memoryStorage();
    storage = { outbox: memoryStorage(), cache: disk };
    const tab = await device.open({ storage });
    const row = (n: number) => ({ __typename: 'Todo', id: `t${n}`, _version: 1, title: `row ${n}` });
    tab.cache.writeQuery({ query: ALL, data: { all: Array.from({ length: ROWS }, (_, n) => row(n)) } });
    tab.cache.writeQuery({ query: TOP, data: { todos: { __typename: 'TodoConnection', nodes: [row(1), row(2)] } } });
    await world.clock.settle();
    await tab.close();
    device.setOnline(false);
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: Storage = {
      ...disk,
      entries: (prefix) => (prefix.endsWith('/s/') ? released.then(() => disk.entries(prefix)) : disk.entries(prefix)),
    };
    storage = { ...storage, cache: slow };
  });
  afterEach(() => world.close());

  /** Attached, and the rest of the cache is still on its way. */
  const start = async (): Promise<Tab> => {
    const tab = await device.open({ storage });
    expect(tab.cache.rootIds().length).toBeLessThan(ROWS);
    return tab;
  };

  it('starts with what was on screen', async () => {
    const { client, cache } = await start();
    const { data } = await client.query<{ todos: { nodes: readonly unknown[] } }>({ query: TOP });
    expect(data?.todos.nodes).toHaveLength(2);
    release();
    await world.clock.settle();
    expect(cache.rootIds()).toHaveLength(ROWS + 1);
  });

  it('a query for the rest waits for it, instead of failing because there is no network', async () => {
    const { client } = await start();
    const answer = client.query<{ all: readonly unknown[] }>({ query: ALL });
    await world.clock.advance(1_000);
    release();
    await world.clock.advance(1_000);
    expect((await answer).data?.all).toHaveLength(ROWS);
    await expect(client.query({ query: gql`query Never { todos(first: 7) { nodes { id } } }` })).rejects.toMatchObject({
      code: 'NOT_IN_CACHE',
    });
  });

  it('an edit of what is not there yet waits for it, so that it knows what it was made from', async () => {
    const { offline, cache } = await start();
    const ticket = offline.mutate({ mutation: UPDATE, variables: { input: { id: 't1400', _version: 1, title: 'edited' } } });
    await world.clock.advance(1_000);
    expect(offline.outbox.records()).toHaveLength(0);
    release();
    await world.clock.advance(1_000);
    await ticket;
    expect(offline.outbox.records()).toHaveLength(1);
    const title = gql`fragment T on Todo { title }`;
    expect(cache.readFragment({ id: 'Todo:t1400', fragment: title, optimistic: true })).toMatchObject({ title: 'edited' });
  });

  it('who signs out meanwhile leaves nothing, in memory or on disk', async () => {
    const { offline, cache } = await start();
    const out = offline.signOut({ pending: 'discard' });
    await world.clock.advance(1_000);
    release();
    await world.clock.advance(10_000);
    await out;
    expect(cache.rootIds()).toEqual([]);
    expect((await device.open({ storage })).cache.rootIds()).toEqual([]);
  });
});
