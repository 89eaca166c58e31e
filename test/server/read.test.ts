import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Authorize } from '../../server/index.ts';
import { createWorld, engines } from './world.ts';

const { stores, remove } = engines();
afterAll(remove);

/** Todos belong to whom their note names; sites are everybody's. */
const owners: Authorize = ({ user, action, typename, row }) =>
  typename === 'Site' || row.note === user.id || (action === 'read' && row.note === 'public');

describe.each(stores)('reading on %s', (_, makeStore) => {
  let world: ReturnType<typeof createWorld>;
  beforeEach(() => {
    world = createWorld(makeStore(), { authorize: owners, limits: { pageSize: 5 } });
  });
  afterEach(() => world.store.close());

  const add = async (id: string, note: string, title = id) => {
    const answer = await world.send(
      { query: `mutation { createTodo(input: { id: "${id}", title: "${title}", note: "${note}", tags: [] }) { __typename } }` },
      note === 'public' ? null : note,
    );
    return answer.data?.createTodo;
  };
  const addPublic = async (id: string) => {
    await add(id, 'ann');
    await world.store.write(async (tx) => {
      const stored = await tx.get('Todo', id);
      if (stored !== null) await tx.put('Todo', { ...stored, row: { ...stored.row, note: 'public' } });
    });
  };
  const list = async (args: string, user = 'ann') =>
    (await world.send({ query: `{ todos${args} { totalCount pageInfo { hasNextPage endCursor } nodes { id } } }` }, user)) as unknown as {
      data: { todos: { totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: { id: string }[] } };
      errors?: { extensions?: { code?: string } }[];
    };

  describe('lists', () => {
    it('page by an opaque cursor under filter and order, past rows that may not be read', async () => {
      for (let index = 0; index < 24; index += 1)
        await add(`t${String(index).padStart(2, '0')}`, index % 3 === 0 ? 'ann' : 'bob', index % 2 === 0 ? 'even' : 'odd');
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const { data } = await list(
          `(orderBy: [{ field: title, direction: DESC }], first: 3 ${cursor === null ? '' : `after: "${cursor}"`})`,
        );
        seen.push(...data.todos.nodes.map(({ id }) => id));
        expect(data.todos.totalCount).toBe(8);
        cursor = data.todos.pageInfo.hasNextPage ? data.todos.pageInfo.endCursor : null;
      } while (cursor !== null);
      expect(seen).toEqual(['t03', 't09', 't15', 't21', 't00', 't06', 't12', 't18']);
    });

    it('a page is never larger than the server allows, whatever is asked', async () => {
      for (let index = 0; index < 7; index += 1) await add(`t${index}`, 'ann');
      const { todos } = (await list('(first: 1000)')).data;
      expect([todos.nodes.length, todos.pageInfo.hasNextPage, todos.totalCount]).toEqual([5, true, 7]);
    });

    it('an empty list has no end', async () => {
      expect((await list('')).data.todos).toEqual({ totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] });
    });

    it.each([
      ['(first: 1001)', 'BAD_USER_INPUT'],
      ['(first: -1)', 'BAD_USER_INPUT'],
      ['(after: "x")', 'BAD_CURSOR'],
      ['(after: "")', 'BAD_CURSOR'],
    ])('%s is %s', async (args, code) => {
      expect((await list(args)).errors?.[0]?.extensions?.code).toBe(code);
    });

    it('a cursor of another order is refused', async () => {
      await add('a', 'ann');
      const cursor = (await list('(orderBy: [{ field: title }])')).data.todos.pageInfo.endCursor;
      expect((await list(`(after: "${cursor}")`)).errors?.[0]?.extensions?.code).toBe('BAD_CURSOR');
    });
  });

  describe('authorization', () => {
    const update = (id: string, version: number, user: string, title = 'x') =>
      world.send(
        {
          query: `mutation { r: updateTodo(input: { id: "${id}", _version: ${version}, title: "${title}" }) { __typename ... on TodoConflict { code currentVersion server { id } } ... on MutationRejected { rejected: code } } }`,
        },
        user,
      );

    it('what may not be read is absent from reads', async () => {
      await add('a', 'bob');
      expect((await world.send({ query: '{ todo(id: "a") { id } }' }, 'ann')).data).toEqual({ todo: null });
      expect((await world.send({ query: '{ todo(id: "a") { id } }' }, 'bob')).data).toEqual({ todo: { id: 'a' } });
    });

    it('a write to what may not be read is answered as if it were not there', async () => {
      await add('a', 'bob');
      expect((await update('a', 1, 'ann')).data?.r).toEqual({
        __typename: 'TodoConflict',
        code: 'DELETED',
        currentVersion: null,
        server: null,
      });
      expect((await update('never', 1, 'ann')).data?.r).toEqual({
        __typename: 'TodoConflict',
        code: 'DELETED',
        currentVersion: null,
        server: null,
      });
    });

    it('a write to what may be read but not written is forbidden, and rejected for good', async () => {
      await addPublic('a');
      expect((await update('a', 1, 'bob')).data?.r).toEqual({ __typename: 'MutationRejected', rejected: 'FORBIDDEN' });
      expect(
        (await world.send({ query: 'mutation { r: deleteTodo(input: { id: "a", _version: 1 }) { __typename } }' }, 'bob')).data?.r,
      ).toEqual({ __typename: 'MutationRejected' });
      const create = 'mutation { r: createTodo(input: { id: "b", title: "x", note: "bob", tags: [] }) { __typename } }';
      expect((await world.send({ query: create }, 'ann')).data?.r).toEqual({ __typename: 'MutationRejected' });
    });

    it('no conflict payload shows what its reader may not read', async () => {
      await add('a', 'bob', 'secret');
      const create =
        'mutation { r: createTodo(input: { id: "a", title: "x", note: "ann", tags: [] }) { ... on TodoConflict { code currentVersion conflictingFields message server { id title } } } }';
      const answer = await world.send({ query: create }, 'ann');
      expect(answer.data?.r).toMatchObject({ code: 'ALREADY_EXISTS', currentVersion: null, conflictingFields: [], server: null });
      expect(answer.text).not.toContain('secret');
    });

    it('sync leaves out what may not be read, and takes away what may not be read any more', async () => {
      const page = (since: string | null, user: string) =>
        world.send(
          {
            query: 'query ($since: SyncCursor) { sync(since: $since) { changes { id } tombstones { id reason } cursor } }',
            variables: { since },
          },
          user,
        );
      await add('a', 'ann');
      await add('b', 'bob');
      const first = (await page(null, 'ann')).data?.sync;
      expect(first).toMatchObject({ changes: [{ id: 'a' }], tombstones: [] });
      await world.send({ query: 'mutation { updateTodo(input: { id: "a", _version: 1, note: "bob" }) { __typename } }' }, 'ann');
      expect((await page(String(first?.cursor), 'ann')).data?.sync).toMatchObject({
        changes: [],
        tombstones: [{ id: 'a', reason: 'OUT_OF_SCOPE' }],
      });
      // However often it changes after it left.
      await world.send({ query: 'mutation { updateTodo(input: { id: "a", _version: 2, title: "theirs" }) { __typename } }' }, 'bob');
      await world.send({ query: 'mutation { deleteTodo(input: { id: "a", _version: 3 }) { __typename } }' }, 'bob');
      const gone = (await page(String(first?.cursor), 'ann')).data?.sync;
      expect(gone).toMatchObject({ changes: [], tombstones: [{ id: 'a', reason: 'OUT_OF_SCOPE' }] });
      // Once told, it is not told again.
      await add('b2', 'bob');
      expect((await page(String(gone?.cursor), 'ann')).data?.sync).toMatchObject({ changes: [], tombstones: [] });
    });

    it('sync says nothing of what its reader never could read: no id of it, changed or deleted', async () => {
      const query = 'query ($since: SyncCursor) { sync(since: $since) { changes { id } tombstones { id } cursor } }';
      const first = await world.send({ query, variables: {} }, 'ann');
      await add('secret-id', 'bob');
      await world.send({ query: 'mutation { updateTodo(input: { id: "secret-id", _version: 1, title: "x" }) { __typename } }' }, 'bob');
      await add('secret-too', 'bob');
      await world.send({ query: 'mutation { deleteTodo(input: { id: "secret-too", _version: 1 }) { __typename } }' }, 'bob');
      const second = await world.send({ query, variables: { since: first.data?.sync?.cursor } }, 'ann');
      expect(second.data?.sync).toMatchObject({ changes: [], tombstones: [] });
      expect(second.text).not.toContain('secret');
    });
  });
});
