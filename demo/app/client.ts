import { ApolloClient, ApolloLink, HttpLink } from '@apollo/client';
import { createOffline, type Offline, OfflineCache } from 'farside';
import { registerBackgroundSync } from 'farside/worker';
import { OperationTypeNode } from 'graphql';
import { manifest } from '../generated/offline.ts';
import { liveLink } from './live-link.ts';
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
  // The header lets the server refuse what one person wrote and another one's session would send.
  const headers = { 'x-farside-user': user.id };
  const network = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    liveLink('/graphql', headers),
    new HttpLink({ uri: '/graphql', headers }),
  );
  const client = new ApolloClient({ cache, link: ApolloLink.from([offline.link, network]) });
  const ready = offline.attach(client).then(() => {
    offline.sync.start({ intervalMs: 30_000, live: true });
    void registerBackgroundSync(offline);
  });
  return { client, offline, ready };
}
