import { readFileSync } from 'node:fs';
import { execute, type GraphQLSchema, lexicographicSortSchema, parse, printSchema, subscribe, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { manifest } from '../../demo/generated/offline.ts';
import { expandSchema } from '../../schema/expand.ts';
import { offlineManifest } from '../../schema/offline-manifest.ts';
import { SchemaError } from '../../schema/problem.ts';
import { createOfflineSchema } from '../../server/schema.ts';
import type { Store, TypeModel } from '../../server/store/store.ts';

const demoSdl = readFileSync(new URL('../../demo/schema.graphql', import.meta.url), 'utf8');

const todoSdl = /* GraphQL */ `
  type List @versioned { id: ID!  name: String! }
  type Todo @versioned { id: ID!  list: List!  other: List  title: String!  due: DateTime  tags: [String!]! @merge(strategy: SET_UNION) }
`;

/** Notes what it is opened with; nothing else of it is used while a schema is built. */
function fakeStore(outcome: Promise<void> = Promise.resolve()) {
  const opened: TypeModel[] = [];
  const open = (types: TypeModel) => {
    opened.push(types);
    return outcome;
  };
  const store = { open } as unknown as Store;
  return { store, opened };
}

interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** `context.offline` that answers from a table and writes down who asked for what. */
function fakeContext(answers: Readonly<Record<string, unknown>> = {}) {
  const calls: Call[] = [];
  const answer =
    (name: string) =>
    (...args: readonly unknown[]) => {
      calls.push({ name, args });
      const value = answers[name];
      return typeof value === 'function' ? value(...args) : value;
    };
  const offline = {
    read: { get: answer('get'), list: answer('list') },
    write: { create: answer('create'), update: answer('update'), delete: answer('delete') },
    sync: { page: answer('page'), hints: answer('hints') },
  };
  return { calls, context: { offline } };
}

async function run(schema: GraphQLSchema, source: string, context: unknown, variables: Record<string, unknown> = {}) {
  const document = parse(source);
  expect(validate(schema, document)).toEqual([]);
  return JSON.parse(JSON.stringify(await execute({ schema, document, contextValue: context, variableValues: variables })));
}

const row = (typename: string, id: string, fields: object = {}) => ({
  __typename: typename,
  id,
  _version: 3,
  _lastChangedAt: '2026-05-01T12:00:00.000Z',
  _deleted: false,
  ...fields,
});

describe('createOfflineSchema', () => {
  it('is the expanded schema, and gives the manifest that the demo has', () => {
    const { store, opened } = fakeStore();
    const schema = createOfflineSchema({ typeDefs: demoSdl, store });
    expect(offlineManifest(schema)).toEqual(manifest);
    expect(opened).toEqual([expandSchema(demoSdl).types]);
    expect(printSchema(lexicographicSortSchema(schema))).toContain(
      'createInspection(input: CreateInspectionInput!): CreateInspectionResult\n',
    );
  });

  it('leaves a failed opening to store.ready', async () => {
    const { store } = fakeStore(Promise.reject(new Error('disk')));
    expect(() => createOfflineSchema({ typeDefs: todoSdl, store })).not.toThrow();
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('reads through context.offline', async () => {
    const schema = createOfflineSchema({ typeDefs: todoSdl, store: fakeStore().store });
    const { context, calls } = fakeContext({
      get: row('Todo', 't1', { title: 'Milk', listId: 'l1', tags: [] }),
      list: { nodes: [row('Todo', 't1', { title: 'Milk' })], pageInfo: { hasNextPage: false, endCursor: 'c' }, totalCount: async () => 7 },
    });
    const result = await run(
      schema,
      `query ($filter: TodoFilter, $orderBy: [TodoOrder!]) {
        todo(id: "t1") { title _version _lastChangedAt _deleted list { id } other { id } }
        todos(filter: $filter, orderBy: $orderBy) { nodes { title } pageInfo { hasNextPage endCursor } totalCount }
      }`,
      context,
      {
        filter: { or: [{ listId: { eq: 'l1' } }, { due: { lt: '2026-05-01T12:00:00Z' } }] },
        orderBy: [{ field: 'listId' }, { field: '_lastChangedAt', direction: 'DESC' }],
      },
    );
    expect(result).toEqual({
      data: {
        todo: { title: 'Milk', _version: 3, _lastChangedAt: '2026-05-01T12:00:00.000Z', _deleted: false, list: { id: 'l1' }, other: null },
        todos: { nodes: [{ title: 'Milk' }], pageInfo: { hasNextPage: false, endCursor: 'c' }, totalCount: 7 },
      },
    });
    expect(calls).toEqual([
      { name: 'get', args: ['Todo', 't1'] },
      {
        name: 'list',
        args: [
          'Todo',
          {
            filter: { or: [{ listId: { eq: 'l1' } }, { due: { lt: '2026-05-01T12:00:00.000Z' } }] },
            orderBy: [
              { field: 'listId', direction: 'ASC' },
              { field: '_lastChangedAt', direction: 'DESC' },
            ],
            first: 100,
          },
        ],
      },
    ]);
  });

  it('reads the target of a reference only when more than its id is asked for, and then a deleted one too', async () => {
    const schema = createOfflineSchema({ typeDefs: todoSdl, store: fakeStore().store });
    const get = (typename: string, id: string) => row(typename, id, typename === 'Todo' ? { listId: 'l1' } : { name: 'Shop' });
    const idOnly = fakeContext({ get });
    expect(await run(schema, '{ todo(id: "t1") { list { __typename id } } }', idOnly.context)).toEqual({
      data: { todo: { list: { __typename: 'List', id: 'l1' } } },
    });
    expect(idOnly.calls).toHaveLength(1);
    const more = fakeContext({ get });
    expect(await run(schema, '{ todo(id: "t1") { list { id ...on List { name } } } }', more.context)).toEqual({
      data: { todo: { list: { id: 'l1', name: 'Shop' } } },
    });
    expect(more.calls.map((call) => call.args)).toEqual([
      ['Todo', 't1'],
      ['List', 'l1', { deleted: true }],
    ]);
  });

  it('writes through context.offline, and tells payload, conflict and refusal apart', async () => {
    const schema = createOfflineSchema({ typeDefs: todoSdl, store: fakeStore().store });
    const { context, calls } = fakeContext({
      create: { __typename: 'CreateTodoPayload', todo: row('Todo', 't1', { title: 'Milk' }), mergedFields: [] },
      update: {
        __typename: 'TodoConflict',
        code: 'VERSION_MISMATCH',
        message: 'm',
        expectedVersion: 2,
        currentVersion: 3,
        conflictingFields: ['title'],
        server: row('Todo', 't1', { title: 'Beer', listId: 'l1' }),
      },
      delete: { __typename: 'MutationRejected', code: 'NO', message: 'm', field: ['id'] },
    });
    const result = await run(
      schema,
      `mutation {
        createTodo(input: { listId: "l1", title: "Milk", tags: [] }) { ... on CreateTodoPayload { todo { title } mergedFields } }
        updateTodo(input: { id: "t1", _version: 2, title: "Tea", due: null }) {
          ... on Conflict { code expectedVersion currentVersion conflictingFields } ... on TodoConflict { server { title list { id } } }
        }
        deleteTodo(input: { id: "t1", _version: 4294967296 }) { ... on MutationRejected { code field } }
      }`,
      context,
    );
    expect(result.data).toEqual({
      createTodo: { todo: { title: 'Milk' }, mergedFields: [] },
      updateTodo: {
        code: 'VERSION_MISMATCH',
        expectedVersion: 2,
        currentVersion: 3,
        conflictingFields: ['title'],
        server: { title: 'Beer', list: { id: 'l1' } },
      },
      deleteTodo: { code: 'NO', field: ['id'] },
    });
    expect(calls.map(({ name, args }) => [name, ...args])).toEqual([
      ['create', 'Todo', { listId: 'l1', title: 'Milk', tags: [] }],
      ['update', 'Todo', { id: 't1', _version: 2, title: 'Tea', due: null }],
      ['delete', 'Todo', { id: 't1', _version: 4294967296 }],
    ]);
  });

  it('answers a sync page over all types, and hints', async () => {
    const schema = createOfflineSchema({ typeDefs: todoSdl, store: fakeStore().store });
    const { context, calls } = fakeContext({
      page: {
        changes: [row('Todo', 't1', { title: 'Milk', listId: 'gone' }), row('List', 'l1', { name: 'Shop' })],
        tombstones: [{ typename: 'Todo', id: 't2', _version: 4, reason: 'DELETED' }],
        cursor: 'c2',
        hasMore: false,
        reset: false,
      },
      hints: async function* () {
        yield { syncHint: { cursor: 'c3' } };
      },
    });
    const result = await run(
      schema,
      `{ sync(since: "c1", types: ["Todo"]) {
        changes { __typename id _version ... on Todo { title list { id } } ... on List { name } }
        tombstones { typename id _version reason } cursor hasMore reset
      } }`,
      context,
    );
    expect(result.data.sync).toEqual({
      changes: [
        { __typename: 'Todo', id: 't1', _version: 3, title: 'Milk', list: { id: 'gone' } },
        { __typename: 'List', id: 'l1', _version: 3, name: 'Shop' },
      ],
      tombstones: [{ typename: 'Todo', id: 't2', _version: 4, reason: 'DELETED' }],
      cursor: 'c2',
      hasMore: false,
      reset: false,
    });
    const stream = await subscribe({
      schema,
      document: parse('subscription { syncHint(types: ["Todo"]) { cursor } }'),
      contextValue: context,
    });
    const events: unknown[] = [];
    for await (const event of stream as AsyncIterable<unknown>) events.push(JSON.parse(JSON.stringify(event)));
    expect(events).toEqual([{ data: { syncHint: { cursor: 'c3' } } }]);
    expect(calls).toEqual([
      { name: 'page', args: [{ since: 'c1', types: ['Todo'], limit: 500 }] },
      { name: 'hints', args: [{ types: ['Todo'] }] },
    ]);
  });

  it('runs hand-written resolvers alongside, and in place of generated ones', async () => {
    const typeDefs = `${todoSdl}
      extend type Todo { shout: String! @computed }
      extend type Query { version: String! }
      extend type Mutation { finishAll(listId: ID!): UpdateTodoResult }
    `;
    const schema = createOfflineSchema({
      typeDefs,
      store: fakeStore().store,
      resolvers: {
        Query: { version: () => '1', todo: () => row('Todo', 'mine', { title: 'Mine' }) },
        Mutation: {
          finishAll: (_root: unknown, { listId }: { listId: string }) => ({
            __typename: 'UpdateTodoPayload',
            todo: row('Todo', listId, { title: 'x' }),
            mergedFields: [],
          }),
        },
        Todo: { shout: (parent: { title: string }) => `${parent.title}!` },
      },
    });
    const { context, calls } = fakeContext();
    expect(await run(schema, '{ version todo(id: "t1") { id shout } }', context)).toEqual({
      data: { version: '1', todo: { id: 'mine', shout: 'Mine!' } },
    });
    const finished = await run(schema, 'mutation { finishAll(listId: "l1") { ... on UpdateTodoPayload { todo { id } } } }', context);
    expect(finished.data.finishAll).toEqual({ todo: { id: 'l1' } });
    expect(calls).toEqual([]);
    expect(printSchema(schema)).not.toMatch(/input \w+TodoInput {[^}]*shout/);
  });

  it('says what to do when useOffline is missing', async () => {
    const schema = createOfflineSchema({ typeDefs: todoSdl, store: fakeStore().store });
    const result = await run(schema, '{ todo(id: "t1") { id } }', {});
    expect(result.errors[0].message).toContain('useOffline');
  });

  it('works in a schema without versioned types', async () => {
    const schema = createOfflineSchema({
      typeDefs: 'type Query { ping: String }',
      store: fakeStore().store,
      resolvers: { Query: { ping: () => 'pong' } },
    });
    expect(await run(schema, '{ ping }', {})).toEqual({ data: { ping: 'pong' } });
  });
});

describe('createOfflineSchema refuses', () => {
  const problemsOf = (typeDefs: string, resolvers = {}) => {
    const { store, opened } = fakeStore();
    try {
      createOfflineSchema({ typeDefs, store, resolvers });
    } catch (error) {
      expect(error).toBeInstanceOf(SchemaError);
      expect(opened).toEqual([]);
      return (error as SchemaError).problems.map(({ type, field, fix }) => `${type}.${field}: ${fix}`);
    }
    return [];
  };

  it('fields that nothing resolves', () => {
    expect(
      problemsOf(
        'type A @versioned { id: ID! bs: [B!]! loud(by: Int): String }  type B @versioned { id: ID! }  extend type Query { now: DateTime }',
      ),
    ).toEqual([
      'A.bs: give createOfflineSchema resolvers.A.bs',
      'A.loud: give createOfflineSchema resolvers.A.loud',
      'Query.now: give createOfflineSchema resolvers.Query.now',
    ]);
  });

  it('mutations that would null their neighbours in a batch', () => {
    expect(problemsOf('type A @versioned { id: ID! }  extend type Mutation { go: Boolean! }', { Mutation: { go: () => true } })).toEqual([
      'Mutation.go: write go: Boolean',
    ]);
  });

  it('a strategy and a version kind that there are not, by name', () => {
    expect(problemsOf('type A @versioned(by: NEWEST) { id: ID! text: String @merge(strategy: NEWEST) }')).toEqual([
      'A.null: use @versioned(by: COUNTER or HYBRID_CLOCK or VERSION_VECTOR)',
      'A.text: use one of REPORT, CLIENT_WINS, SERVER_WINS, LAST_WRITE_WINS, SET_UNION, COUNTER, TEXT',
    ]);
  });
});

describe('scalars', () => {
  const schema = createOfflineSchema({ typeDefs: todoSdl, store: fakeStore().store });
  const write = async (variables: object) => {
    const { context, calls } = fakeContext({ update: { __typename: 'MutationRejected', code: 'x', message: 'x', field: null } });
    const document = parse('mutation ($input: UpdateTodoInput!) { updateTodo(input: $input) { __typename } }');
    const result = await execute({
      schema,
      document,
      contextValue: context,
      variableValues: { input: { id: 't', _version: 1, ...variables } },
    });
    return result.errors?.[0] ?? (calls[0]?.args[1] as Record<string, unknown>);
  };

  it('DateTime comes in any spelling of UTC and is stored in one, so that text order is time order', async () => {
    for (const text of ['2026-05-01T12:00:00Z', '2026-05-01T12:00:00.0Z', '2026-05-01T12:00:00.000000Z'])
      expect(await write({ due: text })).toMatchObject({ due: '2026-05-01T12:00:00.000Z' });
  });

  it('DateTime refuses what is no instant in UTC', async () => {
    for (const value of ['2026-02-30T12:00:00Z', '2026-05-01', '2026-05-01T12:00:00+02:00', '2026-05-01T25:00:00Z', '', 0, true, {}])
      expect(await write({ due: value })).toMatchObject({
        extensions: { code: 'BAD_USER_INPUT' },
        message: expect.stringContaining('DateTime'),
      });
  });

  it('Version refuses what no server gave', async () => {
    for (const value of [-1, 1.5, '', {}, null, Number.MAX_SAFE_INTEGER + 1])
      expect(await write({ _version: value })).toHaveProperty('message');
    expect(await write({ _version: 2 ** 40 })).toMatchObject({ _version: 2 ** 40 });
  });
});
