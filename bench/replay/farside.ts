import { createOffline, OfflineCache } from '../../client/index.ts';
import type { Storage } from '../../client/ports.ts';
import { offlineManifest } from '../../schema/index.ts';
import { createOfflineSchema, memoryStore } from '../../server/index.ts';
import { ApolloClient, ApolloLink, gql, HttpLink } from '../../test/harness/apollo-client.ts';
import { createMemoryChannelHub, createMemoryLocks } from '../../test/harness/index.ts';
import { TYPES } from './schema.ts';
import { type Contestant, CREATE, inputOf } from './sender.ts';

const manifest = offlineManifest(createOfflineSchema({ typeDefs: TYPES, store: memoryStore() }));

/** The whole product: outbox, optimism, a watched list, the cache and its journal. */
export const farside: Contestant = {
  name: 'farside',
  async open({ url, fetch }) {
    let isOnline = false;
    const listeners = new Set<(state: 'online' | 'offline') => void>();
    const cache = new OfflineCache();
    const offline = createOffline({
      cache,
      manifest,
      owner: 'ada',
      storage: { outbox: offHeap(), cache: offHeap() },
      limits: { maxRecords: 100_000 },
      connectivity: {
        current: () => (isOnline ? 'online' : 'offline'),
        subscribe(listener) {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
        probe: async () => isOnline,
      },
      ports: { locks: createMemoryLocks().tab(), channel: createMemoryChannelHub().open() },
    });
    const client = new ApolloClient({ cache, link: ApolloLink.from([offline.link, new HttpLink({ uri: url, fetch })]) });
    await offline.attach(client);
    const query = gql('query Notes { notes(first: 1000) { nodes { id title votes } } }');
    client.writeQuery({ query, data: { notes: { __typename: 'NoteConnection', nodes: [] } } });
    let rows = 0;
    client
      .watchQuery<{ readonly notes: { readonly nodes: readonly unknown[] } }>({ query, fetchPolicy: 'cache-only' })
      .subscribe(({ data }) => {
        rows = (data as { readonly notes?: { readonly nodes?: readonly unknown[] } } | undefined)?.notes?.nodes?.length ?? 0;
      });
    const mutation = gql(CREATE);
    let settled: readonly Promise<unknown>[] = [];
    return {
      async queue(ids) {
        const tickets = await Promise.all(ids.map((id) => offline.mutate({ mutation, variables: { input: inputOf(id) } })));
        settled = tickets.map((ticket) => ticket.settled);
        while (rows < Math.min(1_000, ids.length)) await new Promise((resolve) => void setTimeout(resolve, 10));
      },
      async send() {
        isOnline = true;
        for (const listener of [...listeners]) listener('online');
        await Promise.all(settled);
      },
      async close() {
        await offline.dispose();
        client.stop();
      },
    };
  },
};

/** What a disk does to values, in memory that is not the heap's. */
function offHeap(): Storage {
  const cells = new Map<string, Buffer>();
  const read = (cell: Buffer | undefined): unknown => (cell ? JSON.parse(cell.toString()) : null);
  const put = (key: string, value: unknown): void => void cells.set(key, Buffer.from(JSON.stringify(value)));
  return {
    get: async (key) => read(cells.get(key)),
    put: async (key, value) => put(key, value),
    remove: async (key) => void cells.delete(key),
    async entries(prefix) {
      const keys = [...cells.keys()].filter((key) => key.startsWith(prefix)).sort();
      return keys.map((key) => [key, read(cells.get(key))] as const);
    },
    async putMany(pairs) {
      for (const [key, value] of pairs) put(key, value);
    },
  };
}
