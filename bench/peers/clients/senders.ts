import { createCollection } from '@tanstack/db';
import { startOfflineExecutor } from '@tanstack/offline-transactions';
import { type Contestant, CREATE_ALL, inputOf, type SenderDeps } from '../../replay/sender.ts';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache, QueueLink } from './apollo-client-3.ts';

interface Note {
  readonly id: string;
  readonly title: string;
  readonly votes: number;
}

const tanstack: Contestant = {
  name: 'tanstack',
  async open({ url, fetch }: SenderDeps) {
    let isOnline = false;
    const listeners = new Set<() => void>();
    const cells = new Map<string, string>();
    const notes = createCollection<Note, string>({
      id: 'notes',
      getKey: ({ id }) => id,
      startSync: true,
      sync: { sync: ({ markReady }) => markReady() },
    });
    const executor = startOfflineExecutor({
      collections: { notes },
      mutationFns: {
        async save({ transaction }) {
          const { id } = transaction.metadata as { readonly id: string };
          const body = JSON.stringify({ operationName: 'CreateNote', query: CREATE_ALL, variables: { input: inputOf(id) } });
          const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
          const { errors } = (await response.json()) as { readonly errors?: unknown };
          if (errors) throw new Error('refused');
        },
      },
      storage: {
        get: async (key) => cells.get(key) ?? null,
        set: async (key, value) => void cells.set(key, value),
        delete: async (key) => void cells.delete(key),
        keys: async () => [...cells.keys()],
        clear: async () => cells.clear(),
      },
      onlineDetector: {
        subscribe(listener) {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
        notifyOnline: () => listeners.forEach((listener) => void listener()),
        isOnline: () => isOnline,
        dispose: () => {},
      },
      leaderElection: {
        requestLeadership: async () => true,
        releaseLeadership: () => {},
        isLeader: () => true,
        onLeadershipChange: () => () => {},
      },
    });
    await executor.waitForInit();
    let commits: readonly Promise<unknown>[] = [];
    return {
      async queue(ids) {
        commits = ids.map((id) => {
          const transaction = executor.createOfflineTransaction({ mutationFnName: 'save', autoCommit: false, metadata: { id } });
          transaction.mutate(() => void notes.insert(inputOf(id)));
          return transaction.commit();
        });
        while (cells.size < ids.length) await new Promise((resolve) => void setTimeout(resolve, 10));
      },
      async send() {
        isOnline = true;
        for (const listener of listeners) listener();
        await Promise.all(commits);
      },
      close: () => executor.dispose(),
    };
  },
};

const mutation = gql(CREATE_ALL);

const linkQueue: Contestant = {
  name: 'linkQueue',
  async open({ url, fetch }: SenderDeps) {
    const gate = new QueueLink();
    gate.close();
    const client = new ApolloClient({ cache: new InMemoryCache(), link: ApolloLink.from([gate, new HttpLink({ uri: url, fetch })]) });
    let answers: readonly Promise<unknown>[] = [];
    return {
      async queue(ids) {
        answers = ids.map((id) => client.mutate({ mutation, variables: { input: inputOf(id) } }));
      },
      async send() {
        gate.open();
        await Promise.all(answers);
      },
      close: () => client.stop(),
    };
  },
};

/** As the offline clients did it that replay a list of their own. */
const apolloAwaited: Contestant = {
  name: 'apolloAwaited',
  async open({ url, fetch }: SenderDeps) {
    const client = new ApolloClient({ cache: new InMemoryCache(), link: new HttpLink({ uri: url, fetch }) });
    let waiting: readonly string[] = [];
    return {
      async queue(ids) {
        waiting = ids;
      },
      async send() {
        for (const id of waiting) await client.mutate({ mutation, variables: { input: inputOf(id) } });
      },
      close: () => client.stop(),
    };
  },
};

export const SENDERS: readonly Contestant[] = [tanstack, linkQueue, apolloAwaited];
