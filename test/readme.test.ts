import 'fake-indexeddb/auto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type ApolloClient, gql } from '@apollo/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Offline } from '../client/index.ts';
import { offlineManifest } from '../schema/index.ts';

/** The set-up code that the README shows is run as it stands there: only the names that it leaves to the reader are given. */
const root = join(import.meta.dirname, '..');
let folder: string;
let blocks: Readonly<Record<string, string>>;

beforeAll(async () => {
  const text = await readFile(join(root, 'README.md'), 'utf8');
  blocks = Object.fromEntries([...text.matchAll(/```ts (\w+)\n([\s\S]*?)```/g)].map(([, name, code]) => [name, code]));
  await mkdir(join(root, 'test/.readme'), { recursive: true });
  folder = await mkdtemp(join(root, 'test/.readme/run-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = async <T>(name: string, given: string): Promise<T> => {
  await writeFile(join(folder, `${name}.ts`), `${given}\n${blocks[name]}`);
  return import(/* @vite-ignore */ join(folder, `${name}.ts`)) as Promise<T>;
};

describe('the set-ups of the README', () => {
  it.each(['client', 'server'])('%s: at most 15 lines', (name) => {
    expect(blocks[name]?.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(15);
  });

  it('run: a mutation goes from the client to the server', async () => {
    const { server, schema, store } = await run<{
      server: import('node:http').Server;
      schema: import('graphql').GraphQLSchema;
      store: { close(): Promise<void> };
    }>(
      'server',
      `const file = ${JSON.stringify(join(folder, 'readme.sqlite'))}; const port = 0; const identify = () => ({ id: 'reader' });\nexport { schema, store };`,
    );
    await mkdir(join(folder, 'generated'), { recursive: true });
    await writeFile(join(folder, 'generated/offline.ts'), `export const manifest = ${JSON.stringify(offlineManifest(schema))} as never;`);
    if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const { client, offline } = await run<{ client: ApolloClient; offline: Offline }>(
      'client',
      `const user = { id: 'reader' }; const endpoint = 'http://127.0.0.1:${port}/graphql';`,
    );
    try {
      const mutation = gql`
        mutation CreateTodo($input: CreateTodoInput!) {
          createTodo(input: $input) {
            ... on CreateTodoPayload {
              todo {
                title
              }
            }
          }
        }
      `;
      const { data } = await client.mutate({ mutation, variables: { input: { title: 'read on', done: false, tags: [] } } });
      expect(data).toMatchObject({ createTodo: { todo: { title: 'read on' } } });
      await offline.sync.pull();
      expect(offline.status.get()).toMatchObject({ connection: 'online', pending: 0 });
    } finally {
      await offline.dispose();
      server.closeAllConnections();
      server.close();
      await store.close();
    }
  });
});
