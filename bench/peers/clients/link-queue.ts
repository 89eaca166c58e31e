import { DOCUMENTS, NOTES, variablesOf } from '../change.ts';
import type { Contestant, Page, PageDeps } from '../contestant.ts';
import type { Disk } from '../disk.ts';
import {
  ApolloClient,
  ApolloLink,
  gql,
  HttpLink,
  InMemoryCache,
  LocalForageWrapper,
  persistCache,
  QueueLink,
  RetryLink,
  SerializingLink,
} from './apollo-client-3.ts';
import { fieldOf, type Note, withChange } from './expected.ts';
import { createTrackedMutations, type TrackedMutation, type TrackedMutations } from './tracked-mutations.ts';

type Link = InstanceType<typeof ApolloLink>;

/** The chain between what is tracked and what sends; the part that the network opens and closes is given. */
type Chain = (gate: InstanceType<typeof QueueLink>) => readonly Link[];

/** As the README of apollo-link-queue puts it together. */
export const linkQueue: Contestant = {
  name: 'linkQueue',
  says: 'RetryLink and apollo-link-queue as in its README, apollo3-cache-persist, mutations tracked in storage',
  browser: () => (deps) => openPage(deps, (gate) => [new RetryLink(), gate]),
};

/** As the recipes do that go further: nothing is given up, and mutations of one note go one after another. */
export const linkQueueSerialized: Contestant = {
  name: 'linkQueueSerialized',
  says: 'the same with apollo-link-serialize by note, and RetryLink without limit inside it',
  browser: () => (deps) =>
    openPage(deps, (gate) => [gate, new SerializingLink(), new RetryLink({ attempts: { max: Number.POSITIVE_INFINITY } })]),
};

async function openPage({ url, fetch, disk, platform, observer }: PageDeps, chain: Chain): Promise<Page> {
  const cache = new InMemoryCache();
  await persistCache({ cache, storage: new LocalForageWrapper(localForageOn(disk)), maxSize: false });
  const tracked = await createTrackedMutations(disk, observer);

  const gate = new QueueLink();
  const watch = (state: 'online' | 'offline'): void => (state === 'online' ? gate.open() : gate.close());
  platform.subscribe(watch);
  watch(platform.isOnline() ? 'online' : 'offline');

  const link = ApolloLink.from([trackerLink(tracked), ...chain(gate), new HttpLink({ uri: url, fetch })]);
  const client = new ApolloClient({ cache, link });
  client.watchQuery({ query: gql(NOTES), fetchPolicy: 'cache-and-network' }).subscribe({ error: () => {} });

  const mutate = (mutation: TrackedMutation): void => {
    const { document, variables, optimisticResponse } = mutation;
    const token = String(variables.token);
    const context = { tracked: mutation, serializationKey: variables.id };
    client.mutate({ mutation: gql(document), variables, context, optimisticResponse }).then(
      () => observer.acknowledged(token),
      () => observer.failed(token),
    );
  };
  for (const mutation of tracked.all()) mutate(mutation);

  return {
    make(change) {
      const expected = { __typename: 'Note', ...withChange(noteIn(client, change.id), change) };
      mutate({ document: DOCUMENTS[change.kind], variables: variablesOf(change), optimisticResponse: { [fieldOf(change)]: expected } });
    },
    waiting: () => tracked.all().map(({ variables }) => String(variables.token)),
    crash: () => client.stop(),
  };
}

/** Keeps a mutation from its call until its answer. */
function trackerLink(tracked: TrackedMutations): Link {
  return new ApolloLink((operation, forward) => {
    const { tracked: mutation } = operation.getContext();
    if (mutation === undefined) return forward(operation);
    const { variables } = operation;
    tracked.add(mutation);
    return forward(operation).map((result) => {
      tracked.remove(String(variables.token));
      return result;
    });
  });
}

function noteIn(client: InstanceType<typeof ApolloClient<unknown>>, id: string): Note | undefined {
  const fragment = gql('fragment NoteFields on Note { id title votes }');
  return client.readFragment<Note>({ id: `Note:${id}`, fragment }, true) ?? undefined;
}

function localForageOn(disk: Disk) {
  return {
    getItem: (key: string) => disk.get(`cache ${key}`),
    async setItem(key: string, value: string) {
      await disk.set(`cache ${key}`, value);
      return value;
    },
    removeItem: (key: string) => disk.remove(`cache ${key}`),
  };
}
