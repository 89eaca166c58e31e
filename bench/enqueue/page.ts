import { createOffline, localforageStorage, OfflineCache } from 'farside';
import type { OfflineManifest } from 'farside/schema';
import localforage from 'localforage';
import { ApolloClient, gql } from '../../test/harness/apollo-client.ts';

/** Put in by the bench when it builds the page. */
declare const MANIFEST: OfflineManifest;

/** What the bench asks of the page. Times in milliseconds. */
export interface EnqueuePage {
  /** `count` mutations one after another: each from its call to being durable. */
  farside(count: number): Promise<readonly number[]>;
  /** `count` strict puts of a record as large, one after another, with IndexedDB alone. */
  raw(count: number): Promise<readonly number[]>;
  /** `count` mutations at once: from the first call until all are durable. */
  farsideBurst(count: number): Promise<number>;
  /** The same records with localforage, awaited one by one. */
  localforageBurst(count: number): Promise<number>;
}

const CREATE = gql`mutation CreateNote($input: CreateNoteInput!) { createNote(input: $input) { ... on CreateNotePayload { note { id } } } }`;
let made = 0;
const inputOf = () => ({ id: `note-${++made}`, title: 'A note like any other', votes: 0 });

async function openFarside() {
  const cache = new OfflineCache();
  const name = `farside-${++made}`;
  const offline = createOffline({
    cache,
    manifest: MANIFEST,
    owner: name,
    storage: { outbox: localforageStorage({ name: `${name}-outbox` }), cache: localforageStorage({ name: `${name}-cache` }) },
    limits: { maxRecords: 100_000 },
    connectivity: { current: () => 'offline', subscribe: () => () => undefined, probe: async () => false },
  });
  await offline.attach(new ApolloClient({ cache, link: offline.link }));
  const enqueue = () => offline.mutate({ mutation: CREATE, variables: { input: inputOf() } });
  await enqueue();
  return enqueue;
}

/** As large as what Farside keeps of one of these mutations. */
const record = () => ({ id: `record-${++made}`, text: 'x'.repeat(1_000), input: inputOf(), writes: ['Note:1'], reads: [] });

async function openRaw(): Promise<() => Promise<void>> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(`raw-${++made}`, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore('values');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return () =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction('values', 'readwrite', { durability: 'strict' });
      const value = record();
      transaction.objectStore('values').put(value, value.id);
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
}

async function timed(count: number, run: () => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const startedAt = performance.now();
    await run();
    times.push(performance.now() - startedAt);
  }
  return times;
}

const page: EnqueuePage = {
  farside: async (count) => timed(count, await openFarside()),
  raw: async (count) => timed(count, await openRaw()),
  async farsideBurst(count) {
    const enqueue = await openFarside();
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: count }, enqueue));
    return performance.now() - startedAt;
  },
  async localforageBurst(count) {
    const store = localforage.createInstance({ name: `localforage-${++made}`, driver: localforage.INDEXEDDB });
    await store.setItem('first', record());
    const startedAt = performance.now();
    for (let index = 0; index < count; index++) {
      const value = record();
      await store.setItem(value.id, value);
    }
    return performance.now() - startedAt;
  },
};

Object.assign(globalThis, { enqueueBench: page });
