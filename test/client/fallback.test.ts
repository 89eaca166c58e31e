import { gql } from '@apollo/client';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fallback } from '../../client/index.ts';
import { createWorld, type World } from '../harness/world.ts';

const CREATE = gql`mutation CreateTodo($input: CreateTodoInput!) { createTodo(input: $input) { ... on CreateTodoPayload { todo { id title } } } }`;
const DELETE = gql`mutation DeleteTodo($input: DeleteTodoInput!) { deleteTodo(input: $input) { ... on DeleteTodoPayload { todo { id } } } }`;
const UPDATE = gql`mutation UpdateTodo($input: UpdateTodoInput!) { updateTodo(input: $input) { ... on UpdateTodoPayload { todo { id } } } }`;
const CALL = gql`mutation CallForHelp($input: CreateListInput!) { createList(input: $input) { ... on CreateListPayload { list { id } } } }`;
const TODOS = gql`query Todos { todos(orderBy: [{ field: title }]) { nodes { id title _version } } }`;
const input = { title: 'alarm', done: false, tags: [], votes: 0 };
const soon = { offline: { expiresAfterMs: 60_000 } };

let world: World;
afterEach(() => world.close());

async function missDeadline(fallback: Fallback, alsoEdit = false) {
  world = await createWorld();
  const device = world.device('ada');
  const tab = await device.open({ mutations: { CreateTodo: { fallback } } });
  device.setOnline(false);
  const ticket = await tab.offline.mutate({ mutation: CREATE, variables: { input }, context: soon });
  const failed = ticket.settled.catch((error: unknown) => error);
  if (alsoEdit) await tab.offline.mutate({ mutation: UPDATE, variables: { input: { id: ticket.entityIds.createTodo, title: 'b' } } });
  await world.clock.advance(60_001);
  expect(await failed).toMatchObject({ code: 'EXPIRED', recordId: ticket.id });
  return { device, tab, ticket };
}
const waiting = ({ offline }: Awaited<ReturnType<typeof missDeadline>>['tab']) =>
  offline.outbox.records().map(({ operationName, state }) => `${operationName} ${state}`);

describe('a mutation that misses its deadline', () => {
  it('has another one sent in its place, also from offline: its caller hears EXPIRED, and nobody has to decide', async () => {
    const asked: unknown[] = [];
    const { device, tab, ticket } = await missDeadline((expired) => {
      asked.push(expired);
      return { mutation: CALL, variables: { input: { name: `help: ${(expired.variables.input as typeof input).title}` } } };
    });
    expect(asked).toEqual([
      {
        id: ticket.id,
        operationName: 'CreateTodo',
        variables: { input: expect.objectContaining(input) },
        enqueuedAt: expect.any(Number),
        attempts: 0,
      },
    ]);
    expect(waiting(tab)).toEqual(['CallForHelp queued']);
    expect(tab.events).toContainEqual(expect.objectContaining({ code: 'FALLBACK_QUEUED', key: ticket.id }));
    device.setOnline(true);
    await world.clock.runAll();
    expect(await world.query('query { lists { nodes { name } } todos { nodes { id } } }')).toEqual({
      lists: { nodes: [{ name: 'help: alarm' }] },
      todos: { nodes: [] },
    });
  });

  it.each([
    ['nothing', () => null, undefined],
    ['an error', () => Promise.reject(new Error('boom')), 'FALLBACK_THREW'],
    ['something else', () => ({ mutation: 'text' }) as never, 'FALLBACK_THREW'],
  ] as readonly [string, Fallback, string | undefined][])(
    'stays among the dead letters where the fallback gives %s',
    async (_name, fallback, code) => {
      const { tab, ticket } = await missDeadline(fallback);
      expect(waiting(tab)).toEqual(['CreateTodo dead']);
      expect(tab.events.filter(({ key }) => key === ticket.id).map((event) => event.code)).toEqual(code === undefined ? [] : [code]);
    },
  );

  it('stays while other records stand on it', async () => {
    const { tab } = await missDeadline(() => ({ mutation: CALL, variables: { input: { name: 'help' } } }), true);
    expect(waiting(tab)).toEqual(['CreateTodo dead', 'UpdateTodo queued', 'CallForHelp queued']);
  });
});

describe('the other side of a conflict', () => {
  it('that is a delete takes the entity off the screen at once', async () => {
    world = await createWorld();
    const devices = [world.device('ada'), world.device('grace')] as const;
    const [ada, grace] = [await devices[0].open(), await devices[1].open()] as const;
    const { data } = await ada.client.mutate<{ createTodo: { todo: { id: string } } }>({ mutation: CREATE, variables: { input } });
    const id = data?.createTodo.todo.id as string;
    for (const tab of [ada, grace]) await tab.client.query({ query: TODOS, fetchPolicy: 'network-only' });
    devices[0].setOnline(false);
    const mine = await ada.offline.mutate({ mutation: UPDATE, variables: { input: { id, title: 'mine' } } });
    await grace.client.mutate({ mutation: DELETE, variables: { input: { id } } });
    devices[0].setOnline(true);
    await world.clock.runAll();
    const shown = () =>
      (ada.cache.readQuery({ query: TODOS }, true) as { todos: { nodes: { title: string }[] } }).todos.nodes.map(({ title }) => title);
    expect(ada.offline.conflicts.records()).toMatchObject([{ id: mine.id, code: 'DELETED' }]);
    expect(shown()).toEqual(['mine']);
    devices[0].setOnline(false);
    await ada.offline.conflicts.resolve(mine.id, { take: 'remote' });
    expect(shown()).toEqual([]);
    expect(ada.cache.rootIds()).not.toContain(`Todo:${id}`);
  });
});
