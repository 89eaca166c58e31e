import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApolloClient, ApolloLink, gql, HttpLink } from '@apollo/client';
import type { GraphQLResolveInfo } from 'graphql';
import { GraphQLError } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { afterEach, describe, expect, it } from 'vitest';
import { memoryStorage } from '../../client/adapters/memory.ts';
import { createOffline, OfflineCache, OfflineError } from '../../client/index.ts';
import { offlineManifest } from '../../schema/index.ts';
import {
  createOfflineSchema,
  type OfflineContext,
  type OfflineResolvers,
  payloadOrError,
  sqliteStore,
  useOffline,
  type WriteResult,
} from '../../server/index.ts';
import { createMemoryLocks } from '../harness/tabs.ts';
import { createWorld, type Tab, type World } from '../harness/world.ts';

type Input = { readonly id: string; readonly _version: number } & Readonly<Record<string, unknown>>;
type Resolve = (
  root: unknown,
  args: Input & { readonly input: Input },
  context: OfflineContext,
  info: GraphQLResolveInfo,
) => Promise<unknown>;

const typeDefs = /* GraphQL */ `
  type Todo @versioned {
    id: ID!
    title: String!
    note: String
    "For the boss."
    wage: Int
    tags: [String!]! @merge(strategy: SET_UNION)
  }
  input PatchTodoInput { id: ID!  _version: Version!  title: String  note: String  wage: Int }
  extend type Mutation {
    "Locks whole rows: any change since is a conflict."
    patchTodo(input: PatchTodoInput!): Todo
    rename(id: ID!, version: Version!, title: String!): Todo
    "Says nothing of versions."
    shout(id: ID!): Todo
  }
`;

const wholeRow = async (
  write: () => Promise<WriteResult>,
  id: string,
  version: number,
  context: OfflineContext,
  info: GraphQLResolveInfo,
) => {
  await payloadOrError(await context.offline.write.expectVersion('Todo', id, version), context, info);
  return (await payloadOrError(await write(), context, info)).todo;
};
const Mutation: Record<string, Resolve> = {
  patchTodo: (_root, { input }, context, info) =>
    wholeRow(() => context.offline.write.update('Todo', input), input.id, input._version, context, info),
  rename: (_root, { id, version, title }, context, info) => {
    const at = Number(version);
    return wholeRow(() => context.offline.write.update('Todo', { id, _version: at, title }), id, at, context, info);
  },
  shout: async (_root, { id }, context, info) =>
    payloadOrError(
      context.offline.write.conflict('Todo', { ...CONFLICT, server: await context.offline.read.get('Todo', id) }),
      context,
      info,
    ),
};
const CONFLICT = {
  code: 'VERSION_MISMATCH',
  message: 'no',
  expectedVersion: null,
  currentVersion: 2,
  conflictingFields: [],
} as const;
const wage = (row: { readonly wage: unknown }, _args: unknown, { offline }: OfflineContext): unknown => {
  if (offline.user?.id === 'boss') return row.wage;
  throw new GraphQLError('Not for you.', { extensions: { code: 'FORBIDDEN' } });
};
const resolvers = { Mutation, Todo: { wage } } as unknown as OfflineResolvers<object>;

const UPDATE = gql`mutation UpdateTodo($input: UpdateTodoInput!) { updateTodo(input: $input) { todo { id } } }`;
const CREATE = gql`mutation CreateTodo($input: CreateTodoInput!) { createTodo(input: $input) { todo { id } } }`;
const DELETE = gql`mutation DeleteTodo($input: DeleteTodoInput!) { deleteTodo(input: $input) { todo { id } } }`;
const PATCH = gql`mutation PatchTodo($input: PatchTodoInput!) { patchTodo(input: $input) { id title note tags _version _lastChangedAt _deleted } }`;
const RENAME = gql`mutation Rename($id: ID!, $at: Version!, $title: String!) { rename(id: $id, version: $at, title: $title) { id } }`;
const SHOUT = gql`mutation Shout($id: ID!) { shout(id: $id) { id } }`;
const TODOS = gql`query Todos { todos { nodes { id title note tags _version _lastChangedAt _deleted } } }`;
const THEIRS = 'mutation Theirs($input: UpdateTodoInput!) { updateTodo(input: $input) { todo { id } } }';

let world: World;
afterEach(() => world?.close());

/** A todo at the server, seen by a tab that has then lost its network, and changed by the boss. */
async function apart(theirs: Readonly<Record<string, unknown>> | null, mutations = {}) {
  world = await createWorld({ typeDefs, resolvers, conflicts: 'errors' });
  await world.query('mutation { createTodo(input: { id: "t", title: "a", note: "n", wage: 1, tags: [] }) { todo { id } } }', {}, 'boss');
  const device = world.device('ada');
  const tab = await device.open({ mutations });
  await tab.client.query({ query: TODOS });
  device.setOnline(false);
  if (theirs) await world.query(THEIRS, { input: { id: 't', _version: 1, ...theirs } }, 'boss');
  const home = async (): Promise<void> => {
    device.setOnline(true);
    await world.clock.advance(60_000);
  };
  return { device, tab, home };
}
const row = async (): Promise<Readonly<Record<string, unknown>> | null> =>
  (await world.query<{ todo: Record<string, unknown> | null }>('{ todo(id: "t") { title note wage tags } }', {}, 'boss')).todo;
const queue = async (tab: Tab, mutation: typeof UPDATE, variables: Record<string, unknown>): Promise<void> => {
  const { settled } = await tab.offline.mutate({ mutation, variables });
  settled.catch(() => undefined);
};

describe('a conflict that comes as an error', () => {
  it('is parked with base, local and remote; taking the local side writes it on the new version', async () => {
    const { tab, home } = await apart({ title: 'theirs' });
    await queue(tab, UPDATE, { input: { id: 't', title: 'mine' } });
    await home();
    expect(tab.offline.outbox.records()).toMatchObject([{ state: 'conflict', failure: { code: 'VERSION_MISMATCH' } }]);
    const [conflict] = tab.offline.conflicts.records();
    expect(conflict).toMatchObject({ base: { title: 'a' }, local: { title: 'mine' }, conflictingFields: ['title'] });
    expect(conflict?.remote).toMatchObject({ id: 't', title: 'theirs', note: 'n', _version: 2 });
    expect(tab.cache.readQuery({ query: TODOS }, false)).toMatchObject({ todos: { nodes: [{ title: 'theirs', _version: 2 }] } });
    await tab.offline.conflicts.resolve(conflict?.id ?? '', { take: 'local' });
    await world.clock.advance(60_000);
    expect(await row()).toMatchObject({ title: 'mine', note: 'n' });
    expect(tab.offline.outbox.records()).toEqual([]);
  });

  it('goes to its own record of a batch; its neighbours are applied', async () => {
    const { device, tab, home } = await apart({ title: 'theirs' });
    for (const id of ['x', 'y']) await queue(tab, CREATE, { input: { id, title: id, tags: [] } });
    await queue(tab, UPDATE, { input: { id: 't', title: 'mine' } });
    await queue(tab, CREATE, { input: { id: 'z', title: 'z', tags: [] } });
    const requests = device.network.log.length;
    await home();
    expect(device.network.log.length - requests).toBeLessThan(4);
    expect(tab.offline.outbox.records()).toMatchObject([{ operationName: 'UpdateTodo', state: 'conflict' }]);
    const { todos } = await world.query<{ todos: { nodes: { id: string }[] } }>('{ todos { nodes { id } } }');
    expect(todos.nodes.map(({ id }) => id).sort()).toEqual(['t', 'x', 'y', 'z']);
  });

  it('of a live mutation tells its caller that it is parked', async () => {
    const { device, tab } = await apart({ title: 'theirs' });
    device.setOnline(true);
    const answer = tab.client.mutate({ mutation: UPDATE, variables: { input: { id: 't', _version: 1, title: 'mine' } } }).catch((e) => e);
    await world.clock.advance(60_000);
    const error = await answer;
    expect(OfflineError.is(error) && error.code).toBe('CONFLICT_PARKED');
    expect(tab.offline.conflicts.records()).toMatchObject([{ remote: { title: 'theirs' } }]);
  });

  it('is parked by the worker, with no tab open', async () => {
    const { device, tab } = await apart({ title: 'theirs' });
    await queue(tab, UPDATE, { input: { id: 't', title: 'mine' } });
    await tab.close();
    device.setOnline(true);
    await device.wakeWorker();
    const next = await device.open();
    expect(next.offline.conflicts.records()).toMatchObject([
      { base: { title: 'a' }, local: { title: 'mine' }, remote: { title: 'theirs' } },
    ]);
  });

  it('with a deleted entity can be decided against: it comes back', async () => {
    const { tab, home } = await apart(null);
    await world.query('mutation { deleteTodo(input: { id: "t", _version: 1 }) { todo { id } } }', {}, 'boss');
    await queue(tab, UPDATE, { input: { id: 't', title: 'mine' } });
    await home();
    const [conflict] = tab.offline.conflicts.records();
    expect(conflict).toMatchObject({ code: 'DELETED', remote: null });
    await tab.offline.conflicts.resolve(conflict?.id ?? '', { take: 'local' });
    await world.clock.advance(60_000);
    expect(await row()).toMatchObject({ title: 'mine' });
  });

  it('of a delete is parked', async () => {
    const { tab, home } = await apart({ title: 'theirs' });
    await queue(tab, DELETE, { input: { id: 't' } });
    await home();
    expect(tab.offline.conflicts.records()).toMatchObject([{ kind: 'delete', remote: { title: 'theirs' } }]);
  });

  it('shows nothing that its reader may not see, and what was changed there unseen is not overwritten', async () => {
    const { device, tab, home } = await apart({ title: 'theirs', wage: 900 });
    await queue(tab, UPDATE, { input: { id: 't', _version: 1, wage: 2 } });
    await home();
    const [conflict] = tab.offline.conflicts.records();
    expect(conflict).toMatchObject({ conflictingFields: ['wage'], remote: { title: 'theirs' } });
    expect(JSON.stringify(conflict)).not.toContain('900');
    expect(await row()).toMatchObject({ wage: 900 });
    const requests = device.network.log.length;
    await world.clock.advance(600_000);
    expect(device.network.log).toHaveLength(requests);
    await tab.offline.conflicts.resolve(conflict?.id ?? '', { take: 'local' });
    await world.clock.advance(60_000);
    expect(await row()).toMatchObject({ wage: 2, title: 'theirs' });
    expect(tab.offline.outbox.records()).toEqual([]);
  });

  it('in what its reader may not see stays with a person, whatever merges beside it', async () => {
    const { tab, home } = await apart({ wage: 900, tags: ['theirs'] });
    await queue(tab, UPDATE, { input: { id: 't', _version: 1, wage: 2, tags: ['mine'] } });
    await home();
    expect(tab.offline.conflicts.records()).toMatchObject([{ conflictingFields: ['wage'] }]);
    expect(JSON.stringify(tab.offline.outbox.records())).not.toContain('900');
    expect(await row()).toMatchObject({ wage: 900, tags: ['theirs'] });
  });

  it('a refusal is a dead letter under its own code', async () => {
    const { tab, home } = await apart(null);
    await queue(tab, UPDATE, { input: { id: 't', title: null } });
    await home();
    expect(tab.offline.outbox.records()).toMatchObject([{ state: 'dead', failure: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('of a mutation that the manifest does not know', () => {
  const described = { PatchTodo: { kind: 'update', typename: 'Todo' } } as const;

  it('is merged where it is described as an update and both sides changed different fields', async () => {
    const { tab, home } = await apart({ note: 'theirs' }, described);
    await queue(tab, PATCH, { input: { id: 't', _version: 1, title: 'mine' } });
    await home();
    expect(tab.offline.outbox.records()).toEqual([]);
    expect(await row()).toMatchObject({ title: 'mine', note: 'theirs' });
  });

  it('is parked where both changed one, and a person chooses a value', async () => {
    const { tab, home } = await apart({ title: 'theirs' }, described);
    await queue(tab, PATCH, { input: { id: 't', _version: 1, title: 'mine' } });
    await home();
    const [conflict] = tab.offline.conflicts.records();
    expect(conflict).toMatchObject({ base: { title: 'a' }, local: { title: 'mine' }, remote: { title: 'theirs' }, entityId: 't' });
    await tab.offline.conflicts.resolve(conflict?.id ?? '', { value: { title: 'ours' } });
    await world.clock.advance(60_000);
    expect(await row()).toMatchObject({ title: 'ours' });
  });

  it('is parked where nothing is described but its variables name the entity and one version', async () => {
    const { tab, home } = await apart({ title: 'theirs' });
    await queue(tab, RENAME, { id: 't', at: 1, title: 'mine' });
    await home();
    const [conflict] = tab.offline.conflicts.records();
    expect(conflict).toMatchObject({
      kind: 'custom',
      typename: 'Todo',
      entityId: 't',
      local: { title: 'mine' },
      remote: { title: 'theirs' },
    });
    const id = conflict?.id ?? '';
    await expect(tab.offline.conflicts.resolve(id, { value: { colour: 'red' } })).rejects.toMatchObject({ code: 'INVALID_OPERATION' });
    await tab.offline.conflicts.resolve(id, { take: 'local' });
    await world.clock.advance(60_000);
    expect(await row()).toMatchObject({ title: 'mine' });
    expect(tab.offline.outbox.records()).toEqual([]);
  });

  it('taken remote is given up', async () => {
    const { tab, home } = await apart({ title: 'theirs' });
    await queue(tab, RENAME, { id: 't', at: 1, title: 'mine' });
    await home();
    await tab.offline.conflicts.resolve(tab.offline.conflicts.records()[0]?.id ?? '', { take: 'remote' });
    expect(tab.offline.outbox.records()).toEqual([]);
    expect(await row()).toMatchObject({ title: 'theirs' });
  });

  it('without a version in its variables there is nothing to choose in: a dead letter', async () => {
    const { tab, home } = await apart(null);
    await queue(tab, SHOUT, { id: 't' });
    await home();
    expect(tab.offline.outbox.records()).toMatchObject([{ state: 'dead', failure: { code: 'VERSION_MISMATCH' } }]);
  });
});

it('the whole path: an edit made offline meets another over HTTP, on SQLite, and is decided', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'farside-'));
  const store = sqliteStore({ file: join(directory, 'app.db') });
  const schema = createOfflineSchema({ typeDefs, store, resolvers, conflicts: 'errors' });
  const identify = ({ request }: { request: Request }) => ({ id: request.headers.get('x-user') ?? 'nobody' });
  const yoga = createYoga({ schema, logging: false, plugins: [useOffline({ store, identify })] });
  const server = createServer(yoga);
  // Server and clients live in one process: after a stall of it the server would close a connection in the moment in which it is used again.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const post = async (query: string) => {
    const headers = { 'content-type': 'application/json', 'x-user': 'boss' };
    const answer = await (await fetch(uri, { method: 'POST', headers, body: JSON.stringify({ query }) })).json();
    expect(answer).not.toHaveProperty('errors');
    return answer;
  };
  const cache = new OfflineCache();
  const offline = createOffline({
    cache,
    manifest: offlineManifest(schema),
    owner: 'ada',
    storage: { outbox: memoryStorage(), cache: memoryStorage() },
    ports: { locks: createMemoryLocks().tab() },
  });
  const client = new ApolloClient({
    cache,
    link: ApolloLink.from([offline.link, new HttpLink({ uri, headers: { 'x-user': 'ada' } })]),
  });
  try {
    await offline.attach(client);
    await post('mutation { createTodo(input: { id: "t", title: "a", wage: 1, tags: [] }) { todo { id } } }');
    await client.query({ query: TODOS });
    offline.outbox.pause();
    const { id, settled } = await offline.mutate({ mutation: UPDATE, variables: { input: { id: 't', title: 'mine' } } });
    await post('mutation { updateTodo(input: { id: "t", _version: 1, title: "theirs", wage: 900 }) { todo { id } } }');
    offline.outbox.resume();
    await expect(settled).rejects.toMatchObject({ code: 'CONFLICT_PARKED', recordId: id });
    const [conflict] = offline.conflicts.records();
    expect(conflict).toMatchObject({ base: { title: 'a' }, local: { title: 'mine' }, remote: { title: 'theirs', _version: 2 } });
    expect(JSON.stringify(offline.conflicts.records())).not.toContain('900');
    await offline.conflicts.resolve(id, { value: { title: 'ours' } });
    expect(await offline.outbox.flush()).toMatchObject({ remaining: 0 });
    expect(await post('{ todo(id: "t") { title wage _version } }')).toMatchObject({
      data: { todo: { title: 'ours', wage: 900, _version: 3 } },
    });
  } finally {
    await offline.dispose();
    client.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await store.close();
    rmSync(directory, { recursive: true });
  }
});
