import { type ChangeMessageOrDeleteKeyMessage, createCollection } from '@tanstack/db';
import {
  NonRetriableError,
  type OfflineConfig,
  type OnlineDetector,
  type StorageAdapter,
  startOfflineExecutor,
} from '@tanstack/offline-transactions';
import { type Change, DOCUMENTS, NOTES, operationOf, variablesOf } from '../change.ts';
import type { Contestant, Page, PageDeps, Platform } from '../contestant.ts';
import type { Disk } from '../disk.ts';
import { fieldOf, type Note, withChange } from './expected.ts';

export const tanstack: Contestant = {
  name: 'tanstack',
  says: '@tanstack/offline-transactions, a plain mutation',
  browser: () => openPage,
};

/** Its documentation asks for such a server. */
export const tanstackKeyed: Contestant = {
  name: 'tanstackKeyed',
  says: 'the same, with a server that carries out each Idempotency-Key once',
  hasKeyedServer: true,
  browser: () => openPage,
};

async function openPage({ url, fetch, disk, platform, observer }: PageDeps): Promise<Page> {
  const waiting = new Set<string>();
  let receive = (_rows: readonly Note[]): void => {};

  const notes = createCollection<Note, string>({
    id: 'notes',
    getKey: ({ id }) => id,
    startSync: true,
    sync: {
      sync({ begin, write, commit, markReady, collection }) {
        receive = (rows) => {
          begin();
          for (const value of rows) {
            const message: ChangeMessageOrDeleteKeyMessage<Note, string> = {
              type: collection._state.syncedData.has(value.id) ? 'update' : 'insert',
              value,
            };
            write(message);
          }
          commit();
        };
        markReady();
      },
    },
  });

  async function ask<T>(operationName: string, query: string, variables: object, key: Record<string, string> = {}): Promise<T> {
    const headers = { 'content-type': 'application/json', ...key };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ operationName, query, variables }) });
    if (!response.ok) throw new Error('The server could not answer');
    const { data, errors } = await response.json();
    if (!errors) return data;
    if (errors[0].extensions?.code === 'BAD_USER_INPUT') throw new NonRetriableError('The server rejected this');
    throw new Error('The server failed');
  }

  const save: OfflineConfig['mutationFns'][string] = async ({ transaction, idempotencyKey }) => {
    const change = changeIn(transaction.metadata);
    const data = await ask<Record<string, Note>>(operationOf(change), DOCUMENTS[change.kind], variablesOf(change), {
      'idempotency-key': idempotencyKey,
    });
    waiting.delete(change.token);
    const note = data[fieldOf(change)];
    if (note) receive([note]);
  };

  const executor = startOfflineExecutor({
    collections: { notes },
    mutationFns: { save },
    storage: storageOn(disk, observer.stored),
    onlineDetector: detectorOn(platform),
    // One tab in each browser, so that it always leads.
    leaderElection: {
      requestLeadership: async () => true,
      releaseLeadership: () => {},
      isLeader: () => true,
      onLeadershipChange: () => () => {},
    },
  });
  await executor.waitForInit();
  for (const { metadata } of await executor.peekOutbox()) waiting.add(changeIn(metadata).token);
  ask<{ readonly notes: { readonly nodes: readonly Note[] } }>('Notes', NOTES, {}).then(
    (data) => receive(data.notes.nodes),
    () => {},
  );

  return {
    make(change) {
      const { token } = change;
      waiting.add(token);
      const transaction = executor.createOfflineTransaction({ mutationFnName: 'save', autoCommit: false, metadata: { change } });
      transaction.mutate(() => {
        const seen = notes.get(change.id);
        if (seen) notes.update(change.id, (draft) => void Object.assign(draft, withChange(seen, change)));
        else notes.insert(withChange(undefined, change));
      });
      transaction.commit().then(
        () => observer.acknowledged(token),
        () => {
          waiting.delete(token);
          observer.failed(token);
        },
      );
    },
    waiting: () => [...waiting],
    crash: () => {},
  };
}

/** What a transaction carries along, also over a reload. */
function changeIn(metadata: Record<string, unknown> | undefined): Change {
  return metadata?.change as Change;
}

function storageOn(disk: Disk, stored: (token: string) => void): StorageAdapter {
  return {
    get: (key) => disk.get(key),
    async set(key, value) {
      await disk.set(key, value);
      stored(changeIn(JSON.parse(value).metadata).token);
    },
    delete: (key) => disk.remove(key),
    keys: async () => [...(await disk.keys())],
    async clear() {
      for (const key of await disk.keys()) await disk.remove(key);
    },
  };
}

/** As its WebOnlineDetector does it with `navigator.onLine` and the event `online`. */
function detectorOn(platform: Platform): OnlineDetector {
  const listeners = new Set<() => void>();
  const notifyOnline = (): void => {
    for (const listener of listeners) listener();
  };
  const stop = platform.subscribe((state) => void (state === 'online' && notifyOnline()));
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    notifyOnline,
    isOnline: platform.isOnline,
    dispose: stop,
  };
}
