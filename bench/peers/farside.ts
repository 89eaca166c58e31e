import { createOffline, OfflineCache } from '../../client/index.ts';
import type { Storage } from '../../client/ports.ts';
import { ApolloClient, ApolloLink, gql, HttpLink } from '../../test/harness/apollo-client.ts';
import { createMemoryChannelHub, createMemoryLocks, createSimulatedLifecycle } from '../../test/harness/index.ts';
import { DOCUMENTS, NOTES, variablesOf } from './change.ts';
import type { Contestant, Page, PageDeps } from './contestant.ts';
import type { Disk } from './disk.ts';
import { manifest } from './server.ts';

export const farside: Contestant = {
  name: 'farside',
  says: 'Farside, mutations of one note in order by an ordering key',
  browser() {
    const locks = createMemoryLocks();
    const hub = createMemoryChannelHub();
    return async ({ user, url, fetch, disk, clock, random, platform, observer }: PageDeps): Promise<Page> => {
      const cache = new OfflineCache();
      const [tabLocks, channel] = [locks.tab(), hub.open()];
      const offline = createOffline({
        cache,
        manifest,
        owner: user,
        storage: { outbox: storageOn(disk, 'outbox '), cache: storageOn(disk, 'cache ') },
        connectivity: { current: () => (platform.isOnline() ? 'online' : 'offline'), subscribe: platform.subscribe, probe: platform.probe },
        ports: { clock, random, locks: tabLocks, channel, lifecycle: createSimulatedLifecycle() },
      });
      const client = new ApolloClient({ cache, link: ApolloLink.from([offline.link, new HttpLink({ uri: url, fetch })]) });
      await offline.attach(client);
      client.watchQuery({ query: gql(NOTES), fetchPolicy: 'cache-and-network' }).subscribe({ error: () => {} });

      return {
        make(change) {
          const { token } = change;
          const call = {
            mutation: gql(DOCUMENTS[change.kind]),
            variables: variablesOf(change),
            context: { offline: { orderingKey: change.id } },
          };
          offline.mutate(call).then(
            (ticket) => {
              observer.stored(token);
              ticket.settled.then(
                () => observer.acknowledged(token),
                () => observer.failed(token),
              );
            },
            () => observer.failed(token),
          );
        },
        waiting: () =>
          offline.outbox.records().flatMap(({ state, variables }) => (state === 'acknowledged' ? [] : [String(variables.token)])),
        crash() {
          tabLocks.crash();
          channel.close();
          client.stop();
        },
      };
    };
  },
};

function storageOn(disk: Disk, prefix: string): Storage {
  const parse = (text: string | null): unknown => (text === null ? null : JSON.parse(text));
  return {
    get: async (key) => parse(await disk.get(prefix + key)),
    put: (key, value) => disk.set(prefix + key, JSON.stringify(value)),
    remove: (key) => disk.remove(prefix + key),
    async entries(start) {
      const keys = (await disk.keys()).filter((key) => key.startsWith(prefix + start));
      const values = await Promise.all(keys.map((key) => disk.get(key)));
      return keys.map((key, index) => [key.slice(prefix.length), parse(values[index] ?? null)] as const);
    },
  };
}
