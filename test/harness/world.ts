import { ApolloClient, ApolloLink, HttpLink } from '@apollo/client';
import { createYoga } from 'graphql-yoga';
import { memoryStorage } from '../../client/adapters/memory.ts';
import { createOffline, type Offline, OfflineCache, type OfflineEvent, type OfflineOptions } from '../../client/index.ts';
import type { Storage } from '../../client/ports.ts';
import { type BackgroundOptions, type BackgroundReport, drainOutbox, handleBackgroundSync } from '../../client/worker/index.ts';
import { type OfflineManifest, offlineManifest } from '../../schema/index.ts';
import {
  createOfflineSchema,
  memoryStore,
  type OfflineResolvers,
  type Store,
  type UseOfflineOptions,
  useOffline,
} from '../../server/index.ts';
import './on-demand.ts';
import { createSimulatedClock, type SimulatedClock } from './clock.ts';
import { createNetwork, createSimulatedConnectivity, type Network, type SimulatedConnectivity } from './network.ts';
import { createSeededRandom } from './random.ts';
import { createFaultyStorage, type FaultyStorage } from './storage.ts';
import {
  createMemoryChannelHub,
  createMemoryLocks,
  createSimulatedLifecycle,
  type MemoryChannelHub,
  type SimulatedLifecycle,
} from './tabs.ts';

/** A schema with everything in it: a plain field, a flag, a set, a counter, a long text, and a reference. */
const WORLD_TYPES = /* GraphQL */ `
  type List @versioned {
    id: ID!
    name: String!
  }
  type Todo @versioned {
    id: ID!
    title: String!
    done: Boolean!
    note: String
    tags: [String!]! @merge(strategy: SET_UNION)
    votes: Int! @merge(strategy: COUNTER)
    list: List
  }
`;

/** One server, one clock, and as many devices as a test opens. */
export interface World {
  readonly clock: SimulatedClock;
  readonly store: Store;
  readonly manifest: OfflineManifest;
  /** Answers like the server, past every network: for looking at what is true. */
  query<T = Record<string, never>>(document: string, variables?: Record<string, unknown>, user?: string): Promise<T>;
  /** A device of a user: a disk, a network, and tabs that share them. */
  device(user: string): Device;
  close(): Promise<void>;
}

export interface Device {
  readonly user: string;
  readonly network: Network;
  readonly connectivity: SimulatedConnectivity;
  /** What lies on its disk. */
  readonly disks: { readonly outbox: Storage; readonly cache: Storage };
  /** What its tabs say to each other. */
  readonly hub: MemoryChannelHub;
  /** Opens a tab; it is attached when the promise resolves. */
  open(options?: Partial<OfflineOptions>): Promise<Tab>;
  /** Its service worker is woken, as by a `sync` event. */
  wakeWorker(options?: BackgroundOptions): Promise<BackgroundReport>;
  /** The same as by a `periodicsync` event: it also pulls. */
  wakePeriodically(options?: BackgroundOptions): Promise<BackgroundReport>;
  /** Cuts or mends the wire, and tells the platform. */
  setOnline(online: boolean): void;
}

export interface Tab {
  readonly client: ApolloClient;
  readonly offline: Offline;
  readonly cache: OfflineCache;
  readonly events: readonly OfflineEvent[];
  readonly lifecycle: SimulatedLifecycle;
  readonly disks: { readonly outbox: FaultyStorage; readonly cache: FaultyStorage };
  /** Gone without a word, as when the process is killed: nothing is flushed, its locks pass on, its disk stays. */
  crash(): void;
  /** It runs no more, and nobody is told: its locks stay its own until they are stolen. */
  hang(): void;
  close(): Promise<void>;
}

export async function createWorld(
  options: {
    readonly seed?: number;
    readonly store?: Store;
    readonly typeDefs?: string;
    readonly resolvers?: OfflineResolvers<object>;
    readonly conflicts?: 'union' | 'errors';
    readonly server?: Pick<UseOfflineOptions<never>, 'authorize' | 'leaseHolder' | 'limits' | 'now'>;
  } = {},
): Promise<World> {
  const clock = createSimulatedClock();
  const store = options.store ?? memoryStore();
  const schema = createOfflineSchema({
    typeDefs: options.typeDefs ?? WORLD_TYPES,
    store,
    ...(options.conflicts ? { conflicts: options.conflicts } : {}),
    ...(options.resolvers ? { resolvers: options.resolvers } : {}),
  });
  const manifest = offlineManifest(schema);
  const identify = (context: { request?: Request }) => {
    const id = context.request?.headers.get('x-user');
    return id ? { id } : null;
  };
  const yoga = createYoga({
    schema,
    plugins: [useOffline({ store, identify, now: () => clock.now(), ...options.server })],
    logging: false,
    maskedErrors: true,
  });
  let seeds = options.seed ?? 1;
  const tabs = new Set<Tab>();

  return {
    clock,
    store,
    manifest,
    async query(document, variables = {}, user = 'observer') {
      const response = await yoga.fetch('http://server/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-user': user },
        body: JSON.stringify({ query: document, variables }),
      });
      const body = await response.json();
      if (body.errors) throw new Error(JSON.stringify(body.errors));
      return body.data;
    },
    device(user) {
      const network = createNetwork((request) => yoga.fetch(request), { clock });
      const connectivity = createSimulatedConnectivity({ reachable: () => !network.offline });
      const locks = createMemoryLocks();
      const hub = createMemoryChannelHub();
      // One disk, and for every tab a handle that can die alone.
      const platter = { outbox: memoryStorage(), cache: memoryStorage() };
      const inWorker = (extra: BackgroundOptions = {}): BackgroundOptions => ({
        endpoint: 'http://server/graphql',
        headers: ({ owner }) => ({ 'x-user': owner ?? '' }),
        manifest,
        storage: platter,
        fetch: network.fetch,
        ports: { clock, random: createSeededRandom(seeds++), locks: locks.tab(), channel: hub.open() },
        ...extra,
      });
      return {
        user,
        network,
        connectivity,
        hub,
        disks: platter,
        setOnline(online) {
          network.offline = !online;
          connectivity.set(online ? 'online' : 'offline');
        },
        wakeWorker: (extra) => drainOutbox(inWorker(extra)),
        wakePeriodically(extra) {
          const event = { tag: 'farside-outbox', type: 'periodicsync', waitUntil: (work: Promise<unknown>) => void work.catch(() => {}) };
          return handleBackgroundSync(event, inWorker(extra)) as Promise<BackgroundReport>;
        },
        async open(extra = {}) {
          const disks = { outbox: createFaultyStorage(platter.outbox), cache: createFaultyStorage(platter.cache) };
          const cache = (extra.cache as OfflineCache | undefined) ?? new OfflineCache();
          const tabLocks = locks.tab();
          const channel = hub.open();
          const lifecycle = createSimulatedLifecycle();
          const events: OfflineEvent[] = [];
          const offline = createOffline({
            cache,
            manifest,
            owner: user,
            storage: disks,
            connectivity,
            ports: { clock, random: createSeededRandom(seeds++), locks: tabLocks, channel, lifecycle },
            ...extra,
          });
          offline.events.subscribe((event) => events.push(event));
          const client = new ApolloClient({
            cache,
            link: ApolloLink.from([
              offline.link,
              new HttpLink({ uri: 'http://server/graphql', fetch: network.fetch, headers: { 'x-user': user } }),
            ]),
          });
          await offline.attach(client);
          const tab: Tab = {
            client,
            offline,
            cache,
            events,
            lifecycle,
            disks,
            crash() {
              disks.outbox.crash();
              disks.cache.crash();
              channel.close();
              tabLocks.crash();
              client.stop();
              tabs.delete(tab);
            },
            hang() {
              disks.outbox.crash();
              disks.cache.crash();
              channel.close();
              client.stop();
              tabs.delete(tab);
            },
            async close() {
              tabs.delete(tab);
              await offline.dispose();
              client.stop();
            },
          };
          tabs.add(tab);
          return tab;
        },
      };
    },
    async close() {
      for (const tab of [...tabs]) await tab.close();
      await store.close();
    },
  };
}
