import { gql } from '@apollo/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OfflineCache } from '../../client/cache/offline-cache.ts';
import { createRetention, SWEEP_MS } from '../../client/cache/retention.ts';
import { createUsage } from '../../client/cache/usage.ts';
import type { Clock } from '../../client/ports.ts';
import { createSimulatedClock } from '../harness/index.ts';
import { createWorld, type Device, type Tab, type World } from '../harness/world.ts';

const HOUR = 3_600_000;
const CREATE = gql`
  mutation Create($input: CreateTodoInput!) { createTodo(input: $input) { __typename } }
`;
const RENAME = gql`
  mutation Rename($input: UpdateTodoInput!) { updateTodo(input: $input) { ... on UpdateTodoPayload { todo { id title } } } }
`;
const TODOS = gql`
  query Todos($filter: TodoFilter) { todos(filter: $filter, orderBy: [{ field: title }]) { nodes { id _version title list { id name } } totalCount } }
`;
const ONE = gql`
  query One($id: ID!) { todo(id: $id) { id _version title } }
`;
const LISTS = gql`
  query Lists { lists { nodes { id name } } }
`;
interface TodosData {
  readonly todos: { readonly nodes: readonly { readonly id: string; readonly title: string }[]; readonly totalCount: number };
}
const titled = (title: string) => ({ filter: { title: { eq: title } } });

describe('cached data that is too old or too much', () => {
  let world: World;
  let device: Device;
  beforeEach(async () => {
    world = await createWorld();
    device = world.device('ada');
    await world.query('mutation { createList(input: { id: "l", name: "home" }) { __typename } }');
    for (const id of ['a', 'b', 'c', 'd'])
      await world.query(
        `mutation { createTodo(input: { id: "${id}", title: "${id}", done: false, tags: [], votes: 0, listId: "l" }) { __typename } }`,
      );
  });
  afterEach(() => world.close());

  const todosIn = ({ cache }: Tab) =>
    cache
      .rootIds()
      .filter((id) => id.startsWith('Todo:'))
      .sort();
  const stored = async () => {
    const tab = await device.open();
    const ids = todosIn(tab);
    await tab.close();
    return ids;
  };
  const requests = () => device.network.log.length;

  it('leaves memory and disk after its time to live, counted from when it came, also over a reload', async () => {
    const retention = { timeToLiveMs: { Todo: 2 * HOUR } };
    const tab = await device.open({ retention });
    await tab.client.query({ query: TODOS });
    await tab.client.query({ query: LISTS });
    await world.clock.advance(HOUR);
    await tab.close();
    const next = await device.open({ retention });
    await world.clock.advance(HOUR - 300_000);
    expect(todosIn(next)).toHaveLength(4);
    await world.clock.advance(600_000);
    expect(todosIn(next)).toEqual([]);
    expect(next.cache.rootIds()).toContain('List:l');
    expect(next.events).toEqual([
      { code: 'CACHE_EVICTED', key: 'head', message: expect.stringMatching(/^4 entities left .* 4 were past .* 1 are left/) },
    ]);
    await next.close();
    expect(await stored()).toEqual([]);
  });

  it('a list whose row went is fetched again, and without a network it is not there rather than shorter', async () => {
    const tab = await device.open({ retention: { timeToLiveMs: { Todo: HOUR } } });
    await tab.client.query({ query: TODOS });
    await world.clock.advance(2 * HOUR);
    const before = requests();
    const again = await tab.client.query<TodosData>({ query: TODOS });
    expect(again.data?.todos.nodes).toHaveLength(4);
    expect(requests()).toBe(before + 1);
    await world.clock.advance(2 * HOUR);
    device.setOnline(false);
    await expect(tab.client.query({ query: TODOS })).rejects.toMatchObject({ code: 'NOT_IN_CACHE' });
    await expect(tab.client.query({ query: ONE, variables: { id: 'a' } })).rejects.toMatchObject({ code: 'NOT_IN_CACHE' });
    expect(tab.cache.readQuery({ query: TODOS })).toBeNull();
  });

  it('over the budget the least recently used go, and reading is use', async () => {
    const tab = await device.open({ retention: { maxEntities: 3 } });
    for (const title of ['a', 'b', 'c', 'd']) {
      await tab.client.query({ query: TODOS, variables: titled(title) });
      await world.clock.advance(10);
    }
    // Answered from the cache, and from a result that is already made.
    await tab.client.query({ query: TODOS, variables: titled('b') });
    await world.clock.advance(60_000);
    expect(todosIn(tab)).toEqual(['Todo:b', 'Todo:d']);
    expect(tab.cache.readQuery<TodosData>({ query: TODOS, variables: titled('b') })?.todos.nodes).toHaveLength(1);
    expect(tab.cache.readQuery({ query: TODOS, variables: titled('a') })).toBeNull();
    await tab.close();
    expect(await stored()).toEqual(['Todo:b', 'Todo:d']);
  });

  it('a budget of bytes counts what entities take', async () => {
    const tab = await device.open({ retention: { maxBytes: 600 } });
    await tab.client.query({ query: TODOS });
    await world.clock.advance(60_000);
    const left = tab.cache.rootIds().filter((id) => !id.startsWith('ROOT_'));
    const bytes = left.reduce((sum, id) => sum + id.length + JSON.stringify(tab.cache.rootEntity(id)).length, 0);
    expect(bytes).toBeLessThanOrEqual(600);
    expect(left.length).toBeGreaterThan(1);
  });

  it('never takes what an active query shows, and takes it when it is left', async () => {
    const tab = await device.open({ retention: { timeToLiveMs: { '*': HOUR }, maxEntities: 1 } });
    const seen: number[] = [];
    const watch = tab.client.watchQuery<TodosData>({ query: TODOS, variables: {} });
    const subscription = watch.subscribe(({ data }) => void seen.push(data?.todos?.nodes?.length ?? -1));
    await world.clock.advance(3 * HOUR);
    expect(todosIn(tab)).toHaveLength(4);
    expect(tab.cache.rootIds()).toContain('List:l');
    expect(seen.slice(1)).toEqual([4]);
    subscription.unsubscribe();
    await world.clock.advance(60_000);
    expect(todosIn(tab)).toEqual([]);
  });

  it('never takes what waits to be sent, and what it refers to', async () => {
    const tab = await device.open({ retention: { timeToLiveMs: { '*': HOUR } } });
    await tab.client.query({ query: TODOS });
    tab.offline.outbox.pause();
    await tab.offline.mutate({ mutation: RENAME, variables: { input: { id: 'a', _version: 1, title: 'mine' } } });
    await tab.offline.mutate({
      mutation: CREATE,
      variables: { input: { id: 'n', title: 'new', done: false, tags: [], votes: 0, listId: 'l' } },
    });
    await world.clock.advance(3 * HOUR);
    // Nothing is evicted on purpose while no query may go to the network.
    expect(todosIn(tab)).toHaveLength(4);
    tab.offline.outbox.resume();
    device.network.faultOf = ({ body }) => (JSON.stringify(body).includes('mutation') ? { kind: 'dropRequest' } : null);
    await world.clock.advance(600_000);
    expect(todosIn(tab)).toContain('Todo:a');
    expect(tab.offline.outbox.records()).toHaveLength(2);
    device.network.faultOf = () => null;
    await world.clock.advance(600_000);
    expect(tab.offline.outbox.records()).toEqual([]);
    expect(await world.query('{ todo(id: "a") { title } }')).toEqual({ todo: { title: 'mine' } });
  });

  it('takes nothing while there is no network', async () => {
    const tab = await device.open({ retention: { timeToLiveMs: { '*': HOUR }, maxEntities: 2 } });
    await tab.client.query({ query: TODOS });
    device.setOnline(false);
    await world.clock.advance(9 * HOUR);
    expect(todosIn(tab)).toHaveLength(4);
    expect((await tab.client.query<TodosData>({ query: TODOS })).data?.todos.nodes).toHaveLength(4);
    device.setOnline(true);
    await world.clock.advance(60_000);
    expect(todosIn(tab)).toEqual([]);
  });

  it('delta sync goes on: what changes comes back whole, what does not is fetched when somebody asks, and nothing is pulled anew', async () => {
    const tab = await device.open({ retention: { timeToLiveMs: { Todo: HOUR } } });
    await tab.offline.sync.pull();
    await tab.client.query({ query: TODOS });
    await world.clock.advance(2 * HOUR);
    expect(todosIn(tab)).toEqual([]);
    await world.query('mutation { updateTodo(input: { id: "b", _version: 1, title: "changed" }) { __typename } }');
    expect(await tab.offline.sync.pull()).toMatchObject({ changes: 1, reset: false });
    expect(tab.cache.rootEntity('Todo:b')).toMatchObject({ title: 'changed', done: false, votes: 0, _version: 2 });
    const { data } = await tab.client.query<TodosData>({ query: TODOS });
    expect(data?.todos.nodes.map(({ title }) => title)).toEqual(['a', 'c', 'changed', 'd']);
    expect(await tab.offline.sync.pull()).toMatchObject({ changes: 0, pages: 1 });
    await tab.close();
    const next = await device.open();
    expect(await next.offline.sync.pull()).toMatchObject({ changes: 0, pages: 1 });
    expect(next.events.map(({ code }) => code)).not.toContain('SYNC_HISTORY_LOST');
  });
});

it('a list that takes a row in while the sweep is under way goes with that row', async () => {
  const cache = new OfflineCache();
  const clock = createSimulatedClock();
  // Every look at the clock is late, so the sweep lets the page live between any two parts of its work.
  let late = 0;
  let breaths = 0;
  const busy: Clock = {
    now() {
      late += 20;
      return clock.now() + late;
    },
    after: (delayMs, run) =>
      clock.after(delayMs, () => {
        // After every list has been looked at, and before the first row goes.
        if (delayMs === 0 && ++breaths === 3) write();
        run();
      }),
  };
  const row = (id: string) => ({ __typename: 'Todo', id });
  const ROWS = gql`
    query Rows($page: Int) { rows(page: $page) { nodes { id } } }
  `;
  const rows = (nodes: readonly object[]) => ({ rows: { __typename: 'Rows', nodes } });
  cache.writeQuery({ query: ROWS, variables: { page: 1 }, data: rows([row('a'), row('b')]) });
  cache.writeQuery({ query: ROWS, variables: { page: 2 }, data: rows([]) });
  const write = (): void => {
    const add = (list: unknown) => ({ ...(list as object), nodes: [{ __ref: 'Todo:a' }] });
    cache.modify({ fields: { 'rows({"page":2})': add } });
  };
  const deps = { cache, clock: busy, online: () => true, pending: () => [], onEvicted: () => {}, onEvent: () => {} };
  const retention = createRetention({ ...deps, usage: createUsage(clock) }, { timeToLiveMs: { Todo: 1 } });
  const ended = new AbortController();
  retention.run(ended.signal);
  await clock.advance(2 * SWEEP_MS);
  ended.abort();
  expect(cache.rootIds()).toEqual(['ROOT_QUERY']);
  expect(cache.readQuery({ query: ROWS, variables: { page: 2 } })).toBeNull();
});
