import { createGraphQLError, createYoga } from 'graphql-yoga';
import { type OfflineManifest, offlineManifest } from '../../schema/index.ts';
import { createOfflineSchema, memoryStore, type OfflineContext, useOffline } from '../../server/index.ts';
import type { SimulatedClock } from '../../test/harness/index.ts';

/** A note, and in `log` the token of every change that was carried out on it, in order. */
const TYPES = /* GraphQL */ `
  type Note @versioned {
    id: ID!
    title: String!
    votes: Int!
    log: [String!]!
  }
  extend type Mutation {
    addNote(id: ID!, title: String!, token: String!): Note
    editNote(id: ID!, title: String!, token: String!): Note
    voteNote(id: ID!, by: Int!, token: String!): Note
  }
`;

/** What the server holds in the end. */
export interface StoredNote {
  readonly id: string;
  readonly title: string;
  readonly votes: number;
  readonly log: readonly string[];
}

export interface PeerServer {
  handle(request: Request): Promise<Response>;
  notes(): Promise<readonly StoredNote[]>;
}

const RESOLVERS = {
  Mutation: {
    /** The client chose the id, so that a second one is no second note. */
    async addNote(_: unknown, { id, title, token }: Args, { offline }: OfflineContext) {
      const row = await offline.read.get('Note', id);
      return row ?? noteOf(await offline.write.create('Note', { id, title, votes: 0, log: [token] }));
    },
    editNote: (_: unknown, { id, title, token }: Args, { offline }: OfflineContext) => change(offline, id, token, () => ({ title })),
    voteNote: (_: unknown, { id, by, token }: Args, { offline }: OfflineContext) =>
      change(offline, id, token, (row) => ({ votes: Number(row.votes) + by })),
  },
};

interface Args {
  readonly id: string;
  readonly title: string;
  readonly by: number;
  readonly token: string;
}

async function change(
  offline: OfflineContext['offline'],
  id: string,
  token: string,
  set: (row: Readonly<Record<string, unknown>>) => Record<string, unknown>,
): Promise<unknown> {
  const row = await offline.read.get('Note', id);
  if (row === null) throw createGraphQLError(`there is no note ${id}`, { extensions: { code: 'BAD_USER_INPUT' } });
  const log = [...(row.log as readonly string[]), token];
  return noteOf(await offline.write.update('Note', { id, _version: row._version, ...set(row), log }));
}

function noteOf(written: unknown): unknown {
  return (written as { readonly note?: unknown }).note;
}

// It does not depend on a store, and is expensive.
const compiled = memoryStore();
const schema = createOfflineSchema({ typeDefs: TYPES, store: compiled, resolvers: RESOLVERS });

/** Parsed once for all runs; maps, because Yoga's own caches wait for time to pass. */
const DOCUMENTS = { documentCache: new Map(), errorCache: new Map() };

export const manifest: OfflineManifest = offlineManifest(schema);

/**
 * Farside's server on a fresh store, for all contestants. What comes with the protocol's extension it carries out once; what comes
 * without runs once per delivery, each in a transaction of its own, as in any GraphQL server.
 * @param isKeyed an `Idempotency-Key` is carried out once, and answered again as it was answered.
 */
export async function createPeerServer(clock: SimulatedClock, shared: readonly string[], isKeyed: boolean): Promise<PeerServer> {
  const store = memoryStore();
  await store.open(compiled.types);
  const identify = ({ request }: { readonly request: Request }) => ({ id: request.headers.get('x-user') ?? 'observer' });
  const plugin = useOffline({ store, identify, now: clock.now });
  const yoga = createYoga({
    schema,
    plugins: [plugin],
    logging: false,
    landingPage: false,
    graphiql: false,
    parserAndValidationCache: DOCUMENTS,
  });

  async function answer(body: string, headers: Record<string, string>): Promise<string> {
    const response = await yoga.fetch('http://server/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return response.text();
  }
  async function ask(query: string, variables: object = {}): Promise<{ readonly notes: { readonly nodes: readonly StoredNote[] } }> {
    const { data, errors } = JSON.parse(await answer(JSON.stringify({ query, variables }), {}));
    if (errors) throw new Error(`expected the server to answer, got ${JSON.stringify(errors)}`);
    return data;
  }

  for (const id of shared) await ask('mutation ($id: ID!) { addNote(id: $id, title: "", token: "start") { id } }', { id });

  const plain = async (request: Request): Promise<Response> => {
    const headers = { accept: 'application/json', 'x-user': request.headers.get('x-user') ?? 'observer' };
    return json(await answer(await request.text(), headers));
  };
  return {
    handle: isKeyed ? onceByKey(plain) : plain,
    notes: async () => (await ask('{ notes(first: 1000) { nodes { id title votes log } } }')).notes.nodes,
  };
}

/** As a server would do it that keeps the answer of each key. It never dies here, so that memory is as good as a table. */
function onceByKey(handle: (request: Request) => Promise<Response>): (request: Request) => Promise<Response> {
  const answers = new Map<string, Promise<string>>();
  return async (request) => {
    const key = request.headers.get('idempotency-key');
    if (key === null) return handle(request);
    const known = answers.get(key) ?? handle(request).then((response) => response.text());
    answers.set(key, known);
    return json(await known);
  };
}

function json(body: string): Response {
  return new Response(body, { headers: { 'content-type': 'application/json' } });
}
