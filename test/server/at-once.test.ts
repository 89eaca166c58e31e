import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OfflineContext } from '../../server/index.ts';
import { createWorld, engines } from './world.ts';

const { stores, remove } = engines();
afterAll(remove);

const create = (key: string, id: string, more = '') =>
  `${key}: createTodo(input: { id: "${id}", title: "${id}", tags: [] }) { __typename ... on CreateTodoPayload { todo { id _version ${more} } } }`;
const rename = (key: string, id: string, version: number, title: string) =>
  `${key}: updateTodo(input: { id: "${id}", _version: ${version}, title: "${title}" }) { __typename ... on TodoConflict { conflictingFields server { title } } }`;

describe.each(stores)('a document of generated writes on %s', (_, makeStore) => {
  let world: ReturnType<typeof createWorld>;
  /** Transactions, and parts of them, since it was asked last. */
  let watched: () => { readonly writes: number; readonly parts: number };
  let told: string[];
  const begin = (options: Parameters<typeof createWorld>[1] = {}): void => {
    const store = makeStore();
    world = createWorld(store, { ...options, onMutation: ({ field, outcome }) => void told.push(`${field} ${outcome}`) });
    told = [];
    let parts = 0;
    const write = store.write.bind(store);
    const writes = vi.spyOn(store, 'write').mockImplementation((run) =>
      write((transaction) => {
        const savepoint = transaction.savepoint.bind(transaction);
        transaction.savepoint = (part) => {
          parts += 1;
          return savepoint(part);
        };
        return run(transaction);
      }),
    );
    watched = () => {
      const seen = { writes: writes.mock.calls.length, parts };
      writes.mockClear();
      parts = 0;
      return seen;
    };
  };
  beforeEach(() => begin());
  afterEach(() => world.store.close());

  const AT_ONCE = { writes: 1, parts: 0 };

  it('is one transaction without parts; its repeat runs nothing and is byte-equal', async () => {
    const batch = `mutation { ${create('a', '1', 'tags')} ${create('b', '2')} }`;
    const first = await world.deliver(batch, { a: 1, b: 2 });
    expect(watched()).toEqual(AT_ONCE);
    expect(first.outcomes).toEqual({ a: 'applied', b: 'applied' });
    expect(first.data).toEqual({
      a: { __typename: 'CreateTodoPayload', todo: { id: '1', _version: 1, tags: [] } },
      b: { __typename: 'CreateTodoPayload', todo: { id: '2', _version: 1 } },
    });
    const repeat = await world.deliver(batch, { a: 1, b: 2 });
    expect(repeat.outcomes).toEqual({ a: 'duplicate', b: 'duplicate' });
    expect(JSON.stringify(repeat.data)).toBe(JSON.stringify(first.data));
    expect(told).toEqual(['createTodo applied', 'createTodo applied', 'createTodo duplicate', 'createTodo duplicate']);
  });

  it('a conflict and a refusal in it leave their neighbours alone, and are kept', async () => {
    await world.deliver(`mutation { ${create('a', '1')} }`, { a: 1 });
    await world.deliver(`mutation { ${rename('a', '1', 1, 'theirs')} }`, { a: 1 }, { client: 'c2' });
    watched();
    const batch = `mutation { ${create('a', '2')} ${rename('b', '1', 1, 'mine')} ${rename('c', '', 1, 'x')} ${create('d', '3')} }`;
    const ids = { a: 2, b: 3, c: 4, d: 5 };
    const first = await world.deliver(batch, ids);
    expect(watched()).toEqual(AT_ONCE);
    expect(first.outcomes).toEqual({ a: 'applied', b: 'conflict', c: 'rejected', d: 'applied' });
    expect(first.data?.b).toEqual({ __typename: 'TodoConflict', conflictingFields: ['title'], server: { title: 'theirs' } });
    const repeat = await world.deliver(batch, ids);
    expect(Object.values(repeat.outcomes)).toEqual(['duplicate', 'duplicate', 'duplicate', 'duplicate']);
    expect(JSON.stringify(repeat.data)).toBe(JSON.stringify(first.data));
  });

  it('an error in one field undoes that field alone, and each field has run once', async () => {
    const batch = `mutation { ${create('a', '1')} ${create('b', '2', 'broken')} ${create('c', '3', 'secret')} }`;
    const answer = await world.deliver(batch, { a: 1, b: 2, c: 3 });
    expect(answer.outcomes).toEqual({ a: 'applied', c: 'applied' });
    expect(answer.errors?.map(({ path }) => path?.join('.'))).toEqual(['b.todo.broken', 'c.todo.secret']);
    expect([await world.todo('1'), await world.todo('2'), await world.todo('3')].map((row) => row?._version)).toEqual([1, undefined, 1]);
    expect(told).toEqual(['createTodo applied', 'createTodo failed', 'createTodo applied']);
  });

  it('wrong variables run nothing', async () => {
    const answer = await world.deliver(
      `mutation ($x: UpdateTodoInput!) { ${create('a', '1')} b: updateTodo(input: $x) { __typename } }`,
      { a: 1, b: 2 },
      { variables: { x: { id: 7.5 } } },
    );
    expect([answer.data, answer.errors?.length]).toEqual([undefined, 2]);
    expect(answer.outcomes).toEqual({});
    expect(await world.todo('1')).toBeNull();
  });

  it('what arrives out of turn is neither taken for a repeat nor run twice', async () => {
    await world.deliver(`mutation { ${create('a', '3')} ${create('b', '4')} }`, { a: 3, b: 4 });
    watched();
    expect((await world.deliver(`mutation { ${create('a', '1')} ${create('b', '2')} }`, { a: 1, b: 2 })).outcomes).toEqual({
      a: 'applied',
      b: 'applied',
    });
    expect(watched()).toEqual(AT_ONCE);
    const mixed = await world.deliver(`mutation { ${create('a', '4')} ${create('b', '5')} }`, { a: 4, b: 5 });
    expect(mixed.outcomes).toEqual({ a: 'duplicate', b: 'applied' });
    const late = await world.deliver(`mutation { ${create('a', '5')} ${create('b', '6')} }`, { a: 5, b: 6 }, { ackedThrough: 5 });
    expect(late.outcomes).toEqual({ b: 'applied' });
    expect(late.errors?.[0]?.extensions?.code).toBe('ALREADY_ACKNOWLEDGED');
  });

  it('each root field is a unit of its own: no page of changes has to hold two of them', async () => {
    await world.deliver(`mutation { ${create('a', '1')} ${create('b', '2')} ${create('c', '3')} }`, { a: 1, b: 2, c: 3 });
    const { rows } = await world.store.reads.changes({ after: null, types: null, limit: 2 });
    expect(rows.map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('a lease counts by the token of each field', async () => {
    await world.deliver(`mutation { ${create('a', '1')} ${create('b', '2')} }`, { a: 1, b: 2 });
    const lease = await world.send(
      { query: `mutation { acquireLease(typename: "Todo", id: "1", ttlMs: 60000) { ... on Lease { fencingToken } } }` },
      'bob',
    );
    const token = Number(lease.data?.acquireLease?.fencingToken);
    const batch = `mutation { ${rename('a', '1', 1, 'x')} ${rename('b', '2', 1, 'y')} }`;
    expect((await world.deliver(batch, { a: 3, b: 4 })).outcomes).toEqual({ a: 'conflict', b: 'applied' });
    const theirs = `mutation { ${rename('a', '1', 1, 'x')} ${rename('b', '2', 2, 'z')} }`;
    expect((await world.deliver(theirs, { a: { id: 1, lease: token }, b: 2 }, { user: 'bob' })).outcomes).toEqual({
      a: 'applied',
      b: 'applied',
    });
  });

  it('a resolver below a root field that writes gets its own root field, and what it passes over in silence does not stay', async () => {
    await world.store.close();
    const secret = async ({ id }: { readonly id: string }, _args: unknown, context: OfflineContext): Promise<string> => {
      const written = await Promise.resolve()
        .then(() => context.offline.write.create('Site', { id: `of-${id}`, name: 'seen' }))
        .catch(() => null);
      return written === null ? 'not written' : 'written';
    };
    begin({ resolvers: { Todo: { secret } } });
    const answer = await world.deliver(`mutation { ${create('a', '1', 'secret')} ${create('b', '2')} }`, { a: 1, b: 2 });
    expect(answer.data?.a).toMatchObject({ todo: { secret: 'written' } });
    expect(answer.outcomes).toEqual({ a: 'applied', b: 'applied' });
    expect((await world.store.reads.get('Site', 'of-1'))?.row.name).toBe('seen');
  });

  it('a generated field that the application has replaced is not counted among them', async () => {
    await world.store.close();
    let ran = 0;
    const createTodo = (_root: unknown, { input }: { readonly input: Readonly<Record<string, unknown>> }, context: OfflineContext) => {
      ran += 1;
      return context.offline.write.create('Todo', input);
    };
    begin({ resolvers: { Mutation: { createTodo } } });
    const answer = await world.deliver(`mutation { ${create('a', '1')} ${create('b', '2', 'broken')} }`, { a: 1, b: 2 });
    expect(answer.outcomes).toEqual({ a: 'applied' });
    expect(ran).toBe(2);
  });
});
