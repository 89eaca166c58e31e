import { ApolloClient, ApolloLink, HttpLink } from '@apollo/client';
import { createOffline, type Offline, OfflineCache } from 'farside';
import { manifest } from '../generated/offline.ts';
import type { User } from './session/session.ts';

export interface Running {
  readonly client: ApolloClient;
  readonly offline: Offline;
  /** What is on this device is on screen, and sending has begun. */
  readonly ready: Promise<void>;
}

export function startClient(user: User): Running {
  const cache = new OfflineCache();
  const offline = createOffline({ cache, manifest, owner: user.id });
  const client = new ApolloClient({
    cache,
    // The header lets the server refuse what one person wrote and another one's session would send.
    link: ApolloLink.from([offline.link, new HttpLink({ uri: '/graphql', headers: { 'x-farside-user': user.id } })]),
  });
  const ready = offline.attach(client).then(() => offline.sync.start({ intervalMs: 30_000, live: true }));
  return { client, offline, ready };
}
