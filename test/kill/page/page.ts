import { ApolloClient, ApolloLink, gql, HttpLink } from '@apollo/client';
import { createOffline, OfflineCache } from 'farside';
import type { OfflineManifest } from 'farside/schema';

/** What the killer drives from outside. */
export interface KillPage {
  /** Votes once and leaves a token that nobody else leaves. Resolves when the edit is durable. */
  vote(token: string): Promise<void>;
  pending(): number;
  /** What is on screen, after pulling what others did. */
  tokens(): Promise<readonly string[]>;
}

const TALLY = gql`
  query Tally {
    tally(id: "tally") {
      id
      votes
      tokens
      _version
    }
  }
`;
const VOTE = gql`
  mutation Vote($input: UpdateTallyInput!) {
    updateTally(input: $input) {
      ... on UpdateTallyPayload {
        tally {
          id
        }
      }
    }
  }
`;

interface Tally {
  readonly votes: number;
  readonly tokens: readonly string[];
}

const user = new URLSearchParams(location.search).get('user') ?? 'nobody';
const manifest = (await (await fetch('/manifest.json')).json()) as OfflineManifest;
const cache = new OfflineCache();
const offline = createOffline({ cache, manifest, owner: user, retry: { baseMs: 100, maxMs: 1_000 } });
const client = new ApolloClient({
  cache,
  link: ApolloLink.from([offline.link, new HttpLink({ uri: '/graphql', headers: { 'x-user': user } })]),
});
await offline.attach(client);
// The first visit needs the network; every later one finds the tally on disk.
for (;;) {
  const { data } = await client.query<{ tally: Tally }>({ query: TALLY, errorPolicy: 'all' });
  if (data?.tally) break;
  await new Promise((resolve) => setTimeout(resolve, 100));
}
const onScreen = (): Tally => (cache.readQuery<{ tally: Tally }>({ query: TALLY }, true) as { tally: Tally }).tally;

const page: KillPage = {
  async vote(token) {
    const { votes, tokens } = onScreen();
    await offline.mutate({ mutation: VOTE, variables: { input: { id: 'tally', votes: votes + 1, tokens: [...tokens, token] } } });
  },
  pending: () => offline.status.get().pending + offline.status.get().conflicts + offline.status.get().deadLetters,
  async tokens() {
    await offline.sync.pull();
    return onScreen().tokens;
  },
};
Object.assign(globalThis, { kill: page });
