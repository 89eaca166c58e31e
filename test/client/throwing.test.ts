import { gql } from '@apollo/client';
import { afterEach, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../harness/world.ts';

const CREATE = gql`mutation CreateTodo($input: CreateTodoInput!) { createTodo(input: $input) { ... on CreateTodoPayload { todo { id title } } } }`;
const UPDATE = gql`mutation UpdateTodo($input: UpdateTodoInput!) { updateTodo(input: $input) { ... on UpdateTodoPayload { todo { id title } } } }`;
const RELEASE = gql`mutation Release { releaseLease(typename: "Todo", id: "x", fencingToken: 1) }`;
const TODOS = gql`query Todos { todos(orderBy: [{ field: title }]) { nodes { id title votes _version } } }`;
const boom = (): never => {
  throw new TypeError('boom');
};
const input = (title: string) => ({ title, done: false, tags: [], votes: 0 });

let world: World;
afterEach(() => world.close());

describe('an application’s function that throws', () => {
  it('update: one event names the record, the rest of the screen stays, and the mutation is sent and settles', async () => {
    world = await createWorld();
    const device = world.device('ada');
    const tab = await device.open({ mutations: { CreateTodo: { update: boom } } });
    await tab.client.query({ query: TODOS });
    device.setOnline(false);
    const first = await tab.offline.mutate({ mutation: CREATE, variables: { input: input('a') } });
    await tab.offline.mutate({ mutation: CREATE, variables: { input: input('b') } });
    const titles = () =>
      (tab.cache.readQuery({ query: TODOS }, true) as { todos: { nodes: { title: string }[] } }).todos.nodes.map(({ title }) => title);
    expect(titles()).toEqual(['a', 'b']);
    device.setOnline(true);
    await world.clock.runAll();
    await first.settled;
    expect(titles()).toEqual(['a', 'b']);
    expect(tab.offline.outbox.records()).toEqual([]);
    expect(tab.events.filter(({ key }) => key === first.id)).toEqual([
      { code: 'UPDATE_THREW', message: 'CreateTodo: TypeError: boom', key: first.id },
    ]);
  });

  it('optimisticResponse: an event names the record, nothing is shown for it, and it waits as any other', async () => {
    world = await createWorld();
    const device = world.device('ada');
    const tab = await device.open({ mutations: { Release: { optimisticResponse: boom } } });
    device.setOnline(false);
    const ticket = await tab.offline.mutate({ mutation: RELEASE });
    expect(tab.events).toEqual([expect.objectContaining({ code: 'OPTIMISTIC_RESPONSE_THREW', key: ticket.id })]);
    expect(tab.offline.outbox.records()).toMatchObject([{ id: ticket.id, state: 'queued' }]);
  });

  it('a strategy: an event names the record, and the conflict is left to a person', async () => {
    world = await createWorld();
    const devices = [world.device('ada'), world.device('grace')] as const;
    const [ada, grace] = [await devices[0].open({ conflict: { Todo: { title: boom } } }), await devices[1].open()] as const;
    const { data } = await ada.client.mutate<{ createTodo: { todo: { id: string } } }>({
      mutation: CREATE,
      variables: { input: input('a') },
    });
    const id = data?.createTodo.todo.id as string;
    await grace.client.query({ query: TODOS });
    devices[0].setOnline(false);
    const mine = await ada.offline.mutate({ mutation: UPDATE, variables: { input: { id, title: 'mine' } } });
    await grace.client.mutate({ mutation: UPDATE, variables: { input: { id, title: 'theirs' } } });
    devices[0].setOnline(true);
    await world.clock.runAll();
    expect(ada.offline.conflicts.records()).toMatchObject([{ id: mine.id, conflictingFields: ['title'] }]);
    expect(ada.events.filter(({ code }) => code === 'STRATEGY_THREW')).toEqual([
      { code: 'STRATEGY_THREW', message: 'conflict rule of Todo.title: TypeError: boom', key: mine.id },
    ]);
  });
});
