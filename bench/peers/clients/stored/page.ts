import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister';
import { QueryClient } from '@tanstack/query-core';
import { persistQueryClientRestore, persistQueryClientSave } from '@tanstack/query-persist-client-core';
import { Client, type Exchange, gql, type OperationResult } from '@urql/core';
import { offlineExchange } from '@urql/exchange-graphcache';
import { makeDefaultStorage } from '@urql/exchange-graphcache/default-storage';
import localforage from 'localforage';
import { filter, map, pipe } from 'wonka';
import { bytesOf, costOf } from '../../../stored/cost.ts';
import type { StoredPage } from '../../../stored/page.ts';

/** A library that stores what it has fetched, each as its documentation sets it up. */
interface Stored {
  fill(entities: number): Promise<void>;
  /** One entity changes; resolves when that is on disk. */
  change(count: number): Promise<void>;
  /** The first page, from what is stored. */
  restore(): Promise<void>;
}

/** Resolves when the next write that it is told of has ended. */
function createWrites() {
  let told = (): void => undefined;
  let next = new Promise<void>((resolve) => {
    told = resolve;
  });
  return {
    next: () => next,
    ended(): void {
      told();
      next = new Promise<void>((resolve) => {
        told = resolve;
      });
    },
  };
}

const AUTHOR = (index: number) => ({ __typename: 'Author', id: `${index}`, _version: 1, name: `author ${index}`, about: 'x'.repeat(280) });
const NOTE = (index: number) => ({ __typename: 'Note', id: `${index}`, _version: 1, title: `note ${index}`, body: 'x'.repeat(220) });
const authorOf = (index: number): number => index - (index % 10) + 9;
const notesOf = (entities: number): readonly number[] =>
  Array.from({ length: entities }, (_, index) => index).filter((index) => index % 10 !== 9);

const NOTES = gql`query Notes($first: Int!) { notes(first: $first) { __typename nodes { __typename id _version title body author { __typename id _version name about } } } }`;
const RENAME = gql`mutation Rename($title: String!) { renameNote(id: "1", title: $title) { __typename id title } }`;

/** `offlineExchange` with its default storage. */
function urql(name: string): Stored {
  const writes = createWrites();
  let hydrated = (): void => undefined;
  // What comes before that is not stored.
  const ready = new Promise<void>((resolve) => {
    hydrated = resolve;
  });
  const storage = makeDefaultStorage({ idbName: name, maxAge: 7, onCacheHydrated: () => hydrated() });
  const server: Exchange = () => (operations) =>
    pipe(
      operations,
      filter(({ kind }) => kind !== 'teardown'),
      map((operation): OperationResult => {
        const { first = 0, title } = operation.variables as { readonly first?: number; readonly title?: string };
        const nodes = notesOf(Math.ceil((first * 10) / 9)).map((index) => ({ ...NOTE(index), author: AUTHOR(authorOf(index)) }));
        const data =
          operation.kind === 'mutation'
            ? { renameNote: { __typename: 'Note', id: '1', title } }
            : { notes: { __typename: 'NoteConnection', nodes } };
        return { operation, data, error: undefined, extensions: undefined, stale: false, hasNext: false } as unknown as OperationResult;
      }),
    );
  const client = new Client({
    url: 'http://nowhere/',
    preferGetMethod: false,
    exchanges: [
      offlineExchange({
        keys: { NoteConnection: () => null },
        storage: {
          ...storage,
          async writeData(delta) {
            await storage.writeData(delta);
            writes.ended();
          },
        },
      }),
      server,
    ],
  });
  const whole = async (first: number): Promise<void> => {
    const written = writes.next();
    await client.query(NOTES, { first }).toPromise();
    await written;
  };
  return {
    async fill(entities) {
      await ready;
      await whole(Math.floor((entities * 9) / 10));
      await whole(50);
    },
    async change(count) {
      const written = writes.next();
      await client.mutation(RENAME, { title: `change ${count}` }).toPromise();
      await written;
    },
    async restore() {
      await ready;
      const { data } = await client.query(NOTES, { first: 50 }, { requestPolicy: 'cache-only' }).toPromise();
      if (!data) throw new Error('expected the first page, got nothing');
    },
  };
}

/** The persister for asynchronous storages, over localforage. It has no entities: fifty notes a query, and each author once. */
function tanstackQuery(name: string): Stored {
  const writes = createWrites();
  const database = localforage.createInstance({ name, driver: localforage.INDEXEDDB });
  const persister = createAsyncStoragePersister({
    storage: {
      getItem: (key) => database.getItem<string>(key),
      async setItem(key, value) {
        await database.setItem(key, value);
        writes.ended();
      },
      removeItem: (key) => database.removeItem(key),
    },
    throttleTime: 0,
  });
  const queryClient = new QueryClient({ defaultOptions: { queries: { gcTime: Number.POSITIVE_INFINITY } } });
  const store = async (): Promise<void> => {
    const written = writes.next();
    await persistQueryClientSave({ queryClient, persister });
    await written;
  };
  return {
    async fill(entities) {
      const notes = notesOf(entities);
      for (let at = 0; at < notes.length; at += 50)
        queryClient.setQueryData(
          ['notes', at],
          notes.slice(at, at + 50).map((index) => ({ ...NOTE(index), authorId: `${authorOf(index)}` })),
        );
      for (let index = 9; index < entities; index += 10) queryClient.setQueryData(['author', `${index}`], AUTHOR(index));
      await store();
    },
    async change(count) {
      queryClient.setQueryData<readonly { readonly id: string }[]>(['notes', 0], (notes = []) =>
        notes.map((note) => (note.id === '1' ? { ...note, title: `change ${count}` } : note)),
      );
      await store();
    },
    async restore() {
      await persistQueryClientRestore({ queryClient, persister, maxAge: Number.POSITIVE_INFINITY });
      if (!queryClient.getQueryData(['notes', 0])) throw new Error('expected the first page, got nothing');
    },
  };
}

const CONTESTANTS: Readonly<Record<string, (name: string) => Stored>> = { urql, 'tanstack-query': tanstackQuery };

function make(contestant: string, entities: number): Stored {
  const create = CONTESTANTS[contestant];
  if (!create) throw new Error(`expected one of ${Object.keys(CONTESTANTS).join(', ')}, got "${contestant}"`);
  return create(`${contestant}-${entities}`);
}

let current: Stored | null = null;
let changes = 0;
const change = (): Promise<void> => {
  if (!current) throw new Error('expected open() before');
  return current.change(++changes);
};

const page: Omit<StoredPage, 'hold'> = {
  async open(contestant, entities) {
    current = make(contestant, entities);
    await current.fill(entities);
  },
  change: () => costOf(change),
  bytes: () => bytesOf(change),
  restore: (contestant, entities) => costOf(() => make(contestant, entities).restore()),
};

Object.assign(globalThis, { storedBench: page });
