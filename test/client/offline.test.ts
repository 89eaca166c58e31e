import { gql } from '@apollo/client';
import { afterEach, describe, expect, it } from 'vitest';
import { OfflineCache, OfflineError } from '../../client/index.ts';
import { createWorld, type World } from '../harness/world.ts';

const CREATE = gql`
  mutation CreateTodo($input: CreateTodoInput!) {
    createTodo(input: $input) {
      ... on CreateTodoPayload {
        todo {
          id
          title
        }
      }
    }
  }
`;
const UPDATE = gql`
  mutation UpdateTodo($input: UpdateTodoInput!) {
    updateTodo(input: $input) {
      ... on UpdateTodoPayload {
        todo {
          id
          title
          done
        }
      }
    }
  }
`;
const TODOS = gql`
  query Todos {
    todos(orderBy: [{ field: title }]) {
      nodes {
        id
        title
        done
        note
        tags
        votes
        _version
      }
    }
  }
`;
const ALL = 'query { todos(orderBy: [{ field: title }]) { nodes { id title done note tags votes _version } } }';

interface Todo {
  readonly id: string;
  readonly title: string;
  readonly done: boolean;
  readonly note: string | null;
  readonly tags: readonly string[];
  readonly votes: number;
  readonly _version: number;
}

let world: World;
afterEach(() => world.close());

const fields = (title: string) => ({ title, done: false, tags: [], votes: 0 });
const shown = (tab: {
  cache: { readQuery: (options: { query: typeof TODOS; optimistic?: boolean }, optimistic?: boolean) => unknown };
}): readonly Todo[] => (tab.cache.readQuery({ query: TODOS }, true) as { todos: { nodes: readonly Todo[] } }).todos.nodes;
const stored = async (): Promise<readonly Todo[]> => (await world.query<{ todos: { nodes: readonly Todo[] } }>(ALL)).todos.nodes;

describe('the whole path', () => {
  it('resolves client.mutate when the server has acknowledged, as without us', async () => {
    world = await createWorld();
    const tab = await world.device('ada').open();
    await tab.client.query({ query: TODOS });
    const { data } = await tab.client.mutate<{ createTodo: { todo: Todo } }>({ mutation: CREATE, variables: { input: fields('a') } });
    expect(data?.createTodo.todo.title).toBe('a');
    expect(await stored()).toMatchObject([{ title: 'a', _version: 1 }]);
    expect(shown(tab)).toMatchObject([{ title: 'a', _version: 1 }]);
    expect(tab.offline.outbox.records()).toEqual([]);
  });

  it('shows an offline edit at once, keeps it over a reload, and sends it once', async () => {
    world = await createWorld();
    const device = world.device('ada');
    const first = await device.open();
    await first.client.query({ query: TODOS });
    const ticket = await first.offline.mutate({ mutation: CREATE, variables: { input: fields('a') } });
    await ticket.settled;
    const id = ticket.entityIds.createTodo as string;
    await first.close();

    device.setOnline(false);
    const second = await device.open();
    expect(shown(second)).toMatchObject([{ title: 'a', _version: 1 }]);
    await second.offline.mutate({ mutation: UPDATE, variables: { input: { id, title: 'b' } } });
    await second.offline.mutate({ mutation: CREATE, variables: { input: fields('c') } });
    expect(shown(second)).toMatchObject([{ title: 'b' }, { title: 'c' }]);
    second.crash();

    const third = await device.open();
    expect(shown(third)).toMatchObject([{ title: 'b', _version: 1 }, { title: 'c' }]);
    expect(third.offline.status.get()).toMatchObject({ connection: 'offline', pending: 2 });
    expect(await stored()).toMatchObject([{ title: 'a' }]);

    device.setOnline(true);
    await world.clock.runUntil(() => third.offline.status.get().pending === 0);
    expect(await stored()).toMatchObject([
      { title: 'b', _version: 2 },
      { title: 'c', _version: 1 },
    ]);
    expect(shown(third)).toMatchObject([
      { title: 'b', _version: 2 },
      { title: 'c', _version: 1 },
    ]);
  });

  it('shows what waits together with what is known: a watcher that was there before never sees the one without the other', async () => {
    world = await createWorld();
    const device = world.device('ada');
    const first = await device.open();
    await first.client.query({ query: TODOS });
    const ticket = await first.offline.mutate({ mutation: CREATE, variables: { input: fields('a') } });
    await ticket.settled;
    device.setOnline(false);
    await first.offline.mutate({ mutation: UPDATE, variables: { input: { id: ticket.entityIds.createTodo as string, title: 'b' } } });
    await first.close();

    const cache = new OfflineCache();
    const seen: string[][] = [];
    const titles = (result: unknown): string[] => (result as { todos: { nodes: Todo[] } }).todos.nodes.map(({ title }) => title);
    cache.watch({ query: TODOS, optimistic: true, callback: ({ complete, result }) => complete && seen.push(titles(result)) });
    await device.open({ cache });
    expect(seen).toEqual([['b']]);
  });

  it('merges edits of different fields without asking, and parks edits of one field with base, local and remote', async () => {
    world = await createWorld();
    const [ada, grace] = [world.device('ada'), world.device('grace')];
    const [a, g] = [await ada.open(), await grace.open()];
    await a.client.query({ query: TODOS });
    const ticket = await a.offline.mutate({ mutation: CREATE, variables: { input: { ...fields('t'), note: 'n' } } });
    await ticket.settled;
    const id = ticket.entityIds.createTodo as string;
    await g.client.query({ query: TODOS });

    ada.setOnline(false);
    await a.offline.mutate({ mutation: UPDATE, variables: { input: { id, title: 'ada', votes: 1, tags: ['a'] } } });
    await g.client.mutate({ mutation: UPDATE, variables: { input: { id, note: 'grace', votes: 1, tags: ['g'] } } });
    ada.setOnline(true);
    await world.clock.runUntil(() => a.offline.status.get().pending === 0);
    expect(await stored()).toMatchObject([{ title: 'ada', note: 'grace', votes: 2, tags: ['g', 'a'] }]);
    expect(shown(a)).toMatchObject([{ title: 'ada', note: 'grace', votes: 2, tags: ['g', 'a'] }]);

    ada.setOnline(false);
    await a.offline.mutate({ mutation: UPDATE, variables: { input: { id, title: 'mine', done: true } } });
    await g.client.query({ query: TODOS, fetchPolicy: 'network-only' });
    await g.client.mutate({ mutation: UPDATE, variables: { input: { id, title: 'theirs' } } });
    ada.setOnline(true);
    await world.clock.runUntil(() => a.offline.status.get().conflicts === 1);
    const [conflict] = a.offline.conflicts.records();
    expect(conflict).toMatchObject({
      code: 'VERSION_MISMATCH',
      conflictingFields: ['title'],
      base: { title: 'ada' },
      local: { title: 'mine', done: true },
      remote: { title: 'theirs' },
    });
    expect(shown(a)).toMatchObject([{ title: 'mine', done: true }]);

    await a.offline.conflicts.resolve(conflict?.id as string, { take: 'local' });
    await world.clock.runUntil(() => a.offline.status.get().pending === 0);
    expect(await stored()).toMatchObject([{ title: 'mine', done: true, note: 'grace' }]);
  });

  it('tells the caller that a write is not durable when storage is full', async () => {
    world = await createWorld();
    const tab = await world.device('ada').open();
    await tab.client.query({ query: TODOS });
    tab.disks.outbox.faults.quotaBytes = 0;
    const refusal = await tab.client.mutate({ mutation: CREATE, variables: { input: fields('a') } }).catch((error: unknown) => error);
    expect(OfflineError.is(refusal, 'NOT_DURABLE')).toBe(true);
    expect(shown(tab)).toEqual([]);
    await expect(tab.offline.mutate({ mutation: CREATE, variables: { input: fields('a') } })).rejects.toMatchObject({
      code: 'NOT_DURABLE',
    });
    expect(await stored()).toEqual([]);
  });
});
