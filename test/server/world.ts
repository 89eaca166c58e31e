import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extendSchema, GraphQLError, parse } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { inject } from 'vitest';
import {
  createOfflineSchema,
  type OfflineContext,
  type OfflineResolvers,
  type Store,
  sqliteStore,
  type UseOfflineOptions,
  useOffline,
} from '../../server/index.ts';
import { memoryStore } from '../../server/store/memory.ts';
import { createSchemas } from './postgres.ts';

const typeDefs = /* GraphQL */ `
  enum Severity { LOW HIGH }
  type Site @versioned { id: ID!  name: String! }
  type Todo @versioned {
    id: ID!
    title: String!
    done: Boolean
    note: String
    severity: Severity
    count: Int @merge(strategy: COUNTER)
    tags: [String!]! @merge(strategy: SET_UNION)
    mine: String @merge(strategy: CLIENT_WINS)
    latest: String @merge(strategy: LAST_WRITE_WINS)
    body: String @merge(strategy: TEXT)
    site: Site
    "Fails for whoever asks."
    broken: String @computed
    "Shown to nobody."
    secret: String @computed
  }
  type Reading @versioned(by: HYBRID_CLOCK) { id: ID!  value: Int  unit: String }
  type Part @versioned(by: VERSION_VECTOR, merge: LAST_WRITE_WINS) { id: ID!  name: String  price: Int }
  type Tally { value: Int! }
  extend type Query { ping: String! }
  extend type Mutation {
    "Writes, then does what it is told."
    act(id: ID!, how: String!): Tally
    "Touches no versioned data."
    signIn: String
    slow(id: ID!): Tally
  }
`;

export interface Options extends Partial<Omit<UseOfflineOptions<never>, 'identify'>> {
  readonly resolvers?: OfflineResolvers<object>;
  /** Others that the server has, before ours. */
  readonly plugins?: readonly Plugin[];
}

type Data = Record<string, Record<string, unknown> | null>;
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly data: Data | null | undefined;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: { readonly code?: string };
  }[];
  readonly outcomes: Readonly<Record<string, string>>;
  readonly extensions?: { readonly offline?: { readonly serverTime: number; readonly epoch: string } };
}

/** A server in this process, and ways to talk to it as several users and clients. */
export function createWorld(store: Store, options: Options = {}) {
  const { resolvers = {}, plugins = [], ...rest } = options;
  let ran = 0;
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const touch = async (context: OfflineContext, id: string): Promise<number> => {
    ran += 1;
    const row = await context.offline.read.get('Todo', id);
    if (row === null) await context.offline.write.create('Todo', { id, title: 'tally', count: 1 });
    else await context.offline.write.update('Todo', { id, _version: row._version, count: Number(row.count) + 1 });
    return Number((await context.offline.read.get('Todo', id))?.count);
  };
  const generated = createOfflineSchema({
    typeDefs,
    store,
    resolvers: [
      {
        Todo: {
          broken: () => {
            throw new Error('secret of the machine');
          },
          secret: () => {
            throw forbidden();
          },
        },
        Query: { ping: () => 'pong' },
        Mutation: {
          act: async (_root: unknown, { id, how }: { id: string; how: string }, context: OfflineContext) => {
            const value = await touch(context, id);
            if (how === 'pair') await touch(context, `${id}-twin`);
            if (how === 'crash') throw new Error('secret of the machine');
            if (how === 'refuse') throw forbidden();
            if (how === 'conflict')
              throw new GraphQLError('Changed.', { extensions: { code: 'CONFLICT', conflict: { currentVersion: 7 } } });
            if (how === 'status') throw new GraphQLError('You may not.', { extensions: { code: 'FORBIDDEN', http: { status: 403 } } });
            if (how === 'later') throw Object.assign(forbidden(), { extensions: { code: 'RATE_LIMITED' } });
            return { value };
          },
          signIn: () => 'welcome',
          slow: async (_root: unknown, { id }: { id: string }, context: OfflineContext) => {
            const value = await touch(context, id);
            await released;
            await touch(context, id);
            return { value };
          },
        },
      },
      resolvers,
    ] as OfflineResolvers<object>,
  });
  // createOfflineSchema refuses a non-null mutation; a schema written by hand may have one.
  const schema = extendSchema(generated, parse('extend type Mutation { strict(how: String!): Tally! }'));
  Object.assign(schema.getMutationType()?.getFields().strict ?? {}, {
    resolve: async (_root: unknown, { how }: { how: string }, context: OfflineContext) => {
      const value = await touch(context, 'strict');
      if (how === 'refuse') throw forbidden();
      return { value };
    },
  });
  const yoga = createYoga({
    schema,
    logging: false,
    plugins: [
      ...plugins,
      useOffline({ ...rest, store, identify: ({ request }: { request: Request }) => userOf(request.headers.get('x-user')) }),
    ],
  });

  const send = async (body: object, user: string | null = 'ann', more: Readonly<Record<string, string>> = {}): Promise<Answer> => {
    const headers = { 'content-type': 'application/json', ...(user === null ? {} : { 'x-user': user }), ...more };
    const response = await yoga.fetch('http://farside.test/graphql', { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await response.text();
    const json = JSON.parse(text);
    const outcomes = Object.fromEntries(
      Object.entries(json.extensions?.offline?.mutations ?? {}).map(([key, value]) => [key, (value as { outcome: string }).outcome]),
    );
    return { status: response.status, text, outcomes, ...json };
  };
  return {
    store,
    schema,
    yoga,
    send,
    /** How often resolvers of hand-written mutations ran. */
    ran: () => ran,
    /** Lets `slow` go on, once and for all. */
    release: () => release(),
    /** A mutation under an identity. `ids`: response key → mutation id, or what the entry holds. */
    deliver(
      query: string,
      ids: Readonly<Record<string, number | { id: number; base?: object; clock?: string; lease?: number }>>,
      more: Delivery = {},
    ): Promise<Answer> {
      const mutations = Object.fromEntries(
        Object.entries(ids).map(([key, entry]) => [key, typeof entry === 'number' ? { id: entry } : entry]),
      );
      const { variables, user, client = 'c1', ackedThrough = 0, retired } = more;
      const offline = { protocol: 1, clientId: client, ackedThrough, mutations, ...(retired === undefined ? {} : { retired }) };
      return send({ query, variables, extensions: { offline } }, user === undefined ? 'ann' : user);
    },
    /** A todo as it is. */
    async todo(id: string) {
      return (await store.reads.get('Todo', id))?.row ?? null;
    },
  };
}

export interface Delivery {
  readonly variables?: object;
  readonly user?: string | null;
  readonly client?: string;
  readonly ackedThrough?: number;
  readonly retired?: readonly string[];
}

const forbidden = () => new GraphQLError('You may not.', { extensions: { code: 'FORBIDDEN' } });
const userOf = (name: string | null) => (name === null ? null : { id: name });

interface Engines {
  /** A path where no database is yet; for SQLite. */
  readonly file: () => string;
  readonly stores: readonly (readonly [string, () => Store])[];
  readonly remove: () => Promise<void>;
}

/** The engines of this test project, each with a new store per call and one clean-up for all. */
export function engines(): Engines {
  const connectionString = inject('postgresUrl');
  if (connectionString !== undefined) {
    const postgres = createSchemas(connectionString);
    return { file: () => '', stores: [['postgres', () => postgres.store()]], remove: () => postgres.remove() };
  }

  const directory = mkdtempSync(join(tmpdir(), 'farside-'));
  let count = 0;
  const file = () => {
    count += 1;
    return join(directory, `${count}.db`);
  };
  return {
    file,
    stores: [
      ['memory', () => memoryStore()],
      ['sqlite', () => sqliteStore({ file: file(), synchronous: 'normal' })],
    ],
    remove: async () => rmSync(directory, { recursive: true }),
  };
}
