import { expect, test, vi } from 'vitest';
import { createOffline, OfflineCache } from '../../client/index.ts';
import type { OfflineManifest } from '../../schema/manifest.ts';
import { ApolloClient, ApolloLink, gql, HttpLink, Observable } from '../harness/apollo-client.ts';

const manifest: OfflineManifest = {
  protocol: 1,
  schemaHash: 'sites',
  types: {
    Site: {
      version: 'COUNTER',
      fields: { name: { kind: 'value', input: 'name', type: 'String', list: false, nullable: false, strategy: 'REPORT' } },
    },
  },
  mutations: {},
  queries: { site: { kind: 'entity', typename: 'Site' } },
};
const SITE = gql('query Site { site(id: "s") { id name } }');

test('over a real BroadcastChannel: what one tab has pulled the other shows, and asks the server for nothing', async () => {
  let version = 1;
  /** Requests that were answered with news. */
  const brought: string[] = [];
  const fetchAs = (tab: string) => async (_: unknown, init?: RequestInit) => {
    const { variables } = JSON.parse(String(init?.body)) as { readonly variables: { readonly since: string | null } };
    const isNew = variables.since !== String(version);
    if (isNew) brought.push(`${tab} since ${variables.since}`);
    const site = { __typename: 'Site', id: 's', _version: version, _lastChangedAt: '2026-01-01', _deleted: false, name: `name ${version}` };
    const sync = { changes: isNew ? [site] : [], tombstones: [], cursor: String(version), hasMore: false, reset: false };
    return new Response(JSON.stringify({ data: { sync } }), { headers: { 'content-type': 'application/json' } });
  };
  const owner = `ada ${Date.now()}`;
  const open = async (name: string) => {
    const cache = new OfflineCache();
    const connectivity = { current: () => 'online' as const, subscribe: () => () => {}, probe: async () => true };
    const offline = createOffline({ cache, manifest, owner, connectivity });
    const client = new ApolloClient({
      cache,
      link: ApolloLink.from([offline.link, new HttpLink({ uri: '/graphql', fetch: fetchAs(name) as typeof fetch })]),
    });
    await offline.attach(client);
    offline.sync.start({ intervalMs: 0 });
    await offline.sync.pull();
    const shown: string[] = [];
    client
      .watchQuery<{ site: { name: string } }>({ query: SITE })
      .subscribe(({ data }) => void (data?.site?.name && shown.push(data.site.name)));
    return { offline, shown };
  };
  const one = await open('one');
  const two = await open('two');
  await vi.waitFor(() => expect(two.shown).toEqual(['name 1']), 10_000);
  brought.length = 0;

  version = 2;
  await one.offline.sync.pull();
  await vi.waitFor(() => expect(two.shown).toEqual(['name 1', 'name 2']), 10_000);
  version = 3;
  await two.offline.sync.pull();
  await vi.waitFor(() => expect(one.shown.at(-1)).toBe('name 3'), 10_000);
  expect(brought).toEqual(['one since 1', 'two since 2']);
  await Promise.all([one.offline.dispose(), two.offline.dispose()]);
});

test('over real Web Locks: one tab listens to the server for all, and the next when it is gone', async () => {
  let version = 1;
  /** Who has a subscription at the server, and how to tell it of news. */
  const listeners = new Map<string, () => void>();
  const pulled: string[] = [];
  const owner = `grace ${Date.now()}`;
  const serverFor = (tab: string) =>
    new ApolloLink(
      ({ operationName, variables }) =>
        new Observable((observer) => {
          if (operationName === 'SyncHint') {
            const tell = () => observer.next({ data: { syncHint: { __typename: 'SyncHint', cursor: String(version) } } });
            listeners.set(tab, tell);
            tell();
            return () => void listeners.delete(tab);
          }
          const isNew = variables.since !== String(version);
          if (isNew) pulled.push(`${tab} ${version}`);
          const site = {
            __typename: 'Site',
            id: 's',
            _version: version,
            _lastChangedAt: '2026-01-01',
            _deleted: false,
            name: `name ${version}`,
          };
          observer.next({
            data: { sync: { changes: isNew ? [site] : [], tombstones: [], cursor: String(version), hasMore: false, reset: false } },
          });
          observer.complete();
          return undefined;
        }),
    );
  const open = async (name: string) => {
    const cache = new OfflineCache();
    const connectivity = { current: () => 'online' as const, subscribe: () => () => {}, probe: async () => true };
    const offline = createOffline({ cache, manifest, owner, connectivity });
    await offline.attach(new ApolloClient({ cache, link: ApolloLink.from([offline.link, serverFor(name)]) }));
    offline.sync.start({ intervalMs: 0, live: true });
    return { offline, shown: () => cache.rootEntity('Site:s')?.name };
  };
  const change = (to: number) => {
    version = to;
    pulled.length = 0;
    for (const tell of listeners.values()) tell();
  };
  const one = await open('one');
  await vi.waitFor(() => expect([...listeners.keys()]).toEqual(['one']), 10_000);
  const two = await open('two');
  await vi.waitFor(() => expect(two.shown()).toBe('name 1'), 10_000);

  change(2);
  await vi.waitFor(() => expect([one.shown(), two.shown()]).toEqual(['name 2', 'name 2']), 10_000);
  expect([...listeners.keys()]).toEqual(['one']);
  expect(pulled).toEqual(['one 2']);

  await one.offline.dispose();
  await vi.waitFor(() => expect([...listeners.keys()]).toEqual(['two']), 10_000);
  change(3);
  await vi.waitFor(() => expect(two.shown()).toBe('name 3'), 10_000);
  expect(pulled).toEqual(['two 3']);
  await two.offline.dispose();
});
