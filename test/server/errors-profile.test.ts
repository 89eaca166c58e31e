import { GraphQLError, type GraphQLResolveInfo, isUnionType } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lintConventions, offlineManifest } from '../../schema/index.ts';
import {
  createOfflineSchema,
  memoryStore,
  type OfflineContext,
  type OfflineResolvers,
  payloadOrError,
  useOffline,
} from '../../server/index.ts';

const typeDefs = /* GraphQL */ `
  type Site @versioned { id: ID!  name: String! }
  type Todo @versioned {
    id: ID!
    title: String!
    "For the boss."
    wage: Int!
    site: Site
  }
  extend type Mutation { touch(id: ID!, version: Version!): Todo }
`;
const resolvers = {
  Todo: {
    wage: (row: { readonly wage: unknown }, _args: unknown, { offline }: OfflineContext) => {
      if (offline.user?.id === 'boss') return row.wage;
      throw new GraphQLError('Not for you.', { extensions: { code: 'FORBIDDEN' } });
    },
  },
  Mutation: {
    touch: async (_root: unknown, { id, version }: { id: string; version: number }, context: OfflineContext, info: GraphQLResolveInfo) => {
      await payloadOrError(await context.offline.write.expectVersion('Todo', id, version), context, info);
      return context.offline.read.get('Todo', id);
    },
  },
} as unknown as OfflineResolvers<object>;

let store: ReturnType<typeof memoryStore>;
let schema: ReturnType<typeof createOfflineSchema>;
let send: (query: string, user?: string, ids?: Readonly<Record<string, number>>) => Promise<Answer>;
interface Answer {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly { readonly path?: unknown; readonly extensions?: Readonly<Record<string, unknown>> }[];
  readonly extensions?: { readonly offline?: { readonly mutations: unknown } };
}

beforeEach(async () => {
  store = memoryStore();
  schema = createOfflineSchema({ typeDefs, store, resolvers, conflicts: 'errors' });
  const yoga = createYoga({
    schema,
    logging: false,
    plugins: [
      useOffline({
        store,
        identify: ({ request }: { request: Request }) => ({ id: request.headers.get('x-user') ?? '' }),
        authorize: ({ user, row }) => user.id === 'boss' || row.title !== 'hidden',
      }),
    ],
  });
  send = async (query, user = 'ann', ids = {}) => {
    const mutations = Object.fromEntries(Object.entries(ids).map(([key, id]) => [key, { id }]));
    const extensions = { offline: { protocol: 1, clientId: 'c', ackedThrough: 0, mutations } };
    const body = JSON.stringify({ query, extensions });
    const headers = { 'content-type': 'application/json', 'x-user': user };
    return (await yoga.fetch('http://farside.test/graphql', { method: 'POST', headers, body })).json();
  };
  await send('mutation { createSite(input: { id: "s", name: "S" }) { site { id } } }', 'boss');
  await send('mutation { createTodo(input: { id: "t", title: "a", wage: 900, siteId: "s" }) { todo { id } } }', 'boss');
  await send('mutation { updateTodo(input: { id: "t", _version: 1, title: "theirs", wage: 901 }) { todo { id } } }', 'boss');
});
afterEach(() => store.close());

const update = (input: string) => `mutation { updateTodo(input: { ${input} }) { todo { id title } mergedFields } }`;
const conflictIn = (answer: Answer) => answer.errors?.[0]?.extensions?.conflict as Readonly<Record<string, unknown>>;

describe('the errors profile', () => {
  it('has no unions, and is a schema that clients know all of', () => {
    expect(Object.values(schema.getTypeMap()).filter(isUnionType)).toEqual([]);
    expect(schema.getType('TodoConflict') ?? schema.getType('LeaseHeld')).toBeUndefined();
    expect(String(schema.getMutationType()?.getFields().acquireLease?.type)).toBe('Lease');
    expect(lintConventions(schema)).toEqual([]);
    const manifest = offlineManifest(schema);
    expect(Object.keys(manifest.mutations)).toHaveLength(6);
    expect(manifest.mutations.updateTodo).toEqual({
      kind: 'update',
      typename: 'Todo',
      input: 'input',
      inputType: 'UpdateTodoInput',
      payload: 'UpdateTodoPayload',
      entity: 'todo',
    });
  });

  it('answers a conflict by an error of its own path, consumes its id, and repeats it', async () => {
    const query = `mutation { a: createTodo(input: { id: "u", title: "u", wage: 1 }) { todo { id } } b: updateTodo(input: { id: "t", _version: 1, title: "mine" }) { todo { id } } }`;
    const answer = await send(query, 'boss', { a: 1, b: 2 });
    expect(answer.data).toEqual({ a: { todo: { id: 'u' } }, b: null });
    expect(answer.errors).toMatchObject([{ path: ['b'], extensions: { code: 'CONFLICT' } }]);
    expect(conflictIn(answer)).toEqual({
      code: 'VERSION_MISMATCH',
      message: expect.any(String),
      expectedVersion: 1,
      currentVersion: 2,
      conflictingFields: ['title'],
      server: {
        __typename: 'Todo',
        id: 't',
        title: 'theirs',
        wage: 901,
        site: { __typename: 'Site', id: 's' },
        _version: 2,
        _lastChangedAt: expect.any(String),
        _deleted: false,
      },
    });
    expect(answer.extensions?.offline?.mutations).toEqual({ a: { outcome: 'applied' }, b: { outcome: 'conflict' } });
    const repeat = await send(query, 'boss', { a: 1, b: 2 });
    expect(repeat.errors).toEqual(answer.errors);
  });

  it('leaves out what the caller may not see, a field that may not be null too', async () => {
    const answer = await send(update('id: "t", _version: 1, title: "mine", wage: 3'));
    expect(conflictIn(answer)).toMatchObject({ conflictingFields: ['title', '*'], server: { id: 't', title: 'theirs' } });
    expect(conflictIn(answer).server).not.toHaveProperty('wage');
    expect(JSON.stringify(answer)).not.toContain('901');
  });

  it('of an entity that the caller may not see is that of one that never was', async () => {
    await send(update('id: "t", _version: 2, title: "hidden"'), 'boss');
    const [unseen, absent] = [
      await send(update('id: "t", _version: 1, title: "x"')),
      await send(update('id: "n", _version: 1, title: "x"')),
    ];
    const shape = (answer: Answer) => JSON.stringify(answer.errors).replaceAll('Todo t', 'Todo n');
    expect(shape(unseen)).toBe(shape(absent));
    expect(conflictIn(unseen)).toMatchObject({ code: 'DELETED', server: null, currentVersion: null });
  });

  it('answers a refusal by an error of its own code, and names the field', async () => {
    const answer = await send(update('id: "t", _version: 2, siteId: "gone"'), 'ann', { updateTodo: 1 });
    expect(answer.errors).toMatchObject([{ extensions: { code: 'REFERENCE_NOT_FOUND', field: ['siteId'] } }]);
    expect(answer.extensions?.offline?.mutations).toEqual({ updateTodo: { outcome: 'rejected' } });
  });

  it('gives leases: that somebody else has it, and every refusal, is an error', async () => {
    const acquire = 'acquireLease(typename: "Todo", id: "t", ttlMs: 5000) { fencingToken expiresAt }';
    const given = (await send(`mutation { ${acquire} }`, 'boss')).data?.acquireLease;
    const { fencingToken, expiresAt } = (given ?? {}) as Readonly<Record<string, unknown>>;
    const lease = { holder: null, isYours: false, expiresAt };
    expect((await send(`mutation { ${acquire} }`)).errors).toMatchObject([{ extensions: { code: 'LEASE_HELD', lease } }]);
    expect(conflictIn(await send(update('id: "t", _version: 2, title: "x"')))).toMatchObject({ code: 'LEASE_HELD', lease });
    const renew = `renewLease(typename: "Todo", id: "t", fencingToken: ${fencingToken}, ttlMs: 5000) { fencingToken }`;
    expect((await send(`mutation { ${renew} }`, 'boss')).data).toEqual({ renewLease: { fencingToken } });
    expect((await send(`mutation { ${renew} }`)).errors).toMatchObject([{ extensions: { code: 'LEASE_HELD' } }]);
    expect((await send(`mutation { releaseLease(typename: "Todo", id: "t", fencingToken: ${fencingToken}) }`, 'boss')).data).toEqual({
      releaseLease: true,
    });
    expect((await send(`mutation { ${renew} }`, 'boss')).errors).toMatchObject([{ extensions: { code: 'LEASE_EXPIRED' } }]);
    expect((await send(`mutation { ${acquire.replace('"t"', '"none"')} }`)).errors).toMatchObject([{ extensions: { code: 'DELETED' } }]);
  });

  it('is for resolvers written by hand too: what is no conflict is given back', async () => {
    expect(await send('mutation { touch(id: "t", version: 2) { title } }')).toMatchObject({ data: { touch: { title: 'theirs' } } });
    expect(conflictIn(await send('mutation { touch(id: "t", version: 1) { title } }'))).toMatchObject({ currentVersion: 2 });
  });

  it('is one of two', () => {
    const wrong = () => createOfflineSchema({ typeDefs: 'type A @versioned { id: ID! }', store, conflicts: 'error' as 'errors' });
    expect(wrong).toThrow(expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining("'union' or 'errors'") }));
  });
});
