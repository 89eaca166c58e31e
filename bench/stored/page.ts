import { CachePersistor, LocalForageWrapper } from 'apollo3-cache-persist';
import { localforageStorage, OfflineCache } from 'farside';
import localforage from 'localforage';
import { pageLifecycle, systemClock } from '../../client/adapters/browser.ts';
import { createJournal } from '../../client/cache/journal.ts';
import { gql, InMemoryCache } from '../../test/harness/apollo-client.ts';
import { bytesOf, type Cost, costOf } from './cost.ts';

export interface StoredPage {
  /** Fills a cache with so many entities and stores it whole, under a name; from now on {@link change} changes it. */
  open(contestant: string, entities: number): Promise<void>;
  /** One entity changes, and that is on disk. */
  change(): Promise<Cost>;
  /** Bytes that a change hands to IndexedDB. */
  bytes(): Promise<number>;
  /** A new cache, filled from what {@link open} stored, and its first page read. */
  restore(contestant: string, entities: number): Promise<Cost>;
  /** Holds so many entities in memory, in a cache of that kind. */
  hold(kind: 'OfflineCache' | 'InMemoryCache', entities: number): void;
}

interface Stored {
  readonly cache: InMemoryCache;
  store(): Promise<void>;
  restore(onScreen: () => void): Promise<void>;
}

const PAGE = gql('query Page { notes(first: 50) { nodes { id title body author { id name } } } }');
const clock = systemClock();
const raise = ({ code, message }: { readonly code: string; readonly message: string }): never => {
  throw new Error(`${code}: ${message}`);
};

const CONTESTANTS: Readonly<Record<string, (name: string) => Promise<Stored>>> = {
  async farside(name) {
    const cache = new OfflineCache();
    const storage = localforageStorage({ name });
    const journal = createJournal({ cache, storage, clock, lifecycle: pageLifecycle(), schemaHash: 'bench', onEvent: raise });
    return {
      cache,
      async store() {
        await journal.start();
        await journal.flush();
      },
      restore: async (onScreen) => void (await journal.restore({ onScreen })),
    };
  },
  async 'apollo3-cache-persist'(name) {
    const cache = new InMemoryCache();
    const storage = new LocalForageWrapper(localforage.createInstance({ name, driver: localforage.INDEXEDDB }));
    // Its types speak of Apollo Client 3.
    const persistor = new CachePersistor({ cache: cache as never, storage, maxSize: false, trigger: false });
    return { cache, store: () => persistor.persist(), restore: () => persistor.restore() };
  },
};

function extract(entities: number) {
  const all: Record<string, object> = {};
  const nodes: object[] = [];
  for (let index = 0; index < entities; index++) {
    const isAuthor = index % 10 === 9;
    const id = `${isAuthor ? 'Author' : 'Note'}:${index}`;
    all[id] = isAuthor
      ? { __typename: 'Author', id: `${index}`, _version: 1, name: `author ${index}`, about: 'x'.repeat(280) }
      : {
          __typename: 'Note',
          id: `${index}`,
          _version: 1,
          title: `note ${index}`,
          body: 'x'.repeat(220),
          author: { __ref: `Author:${index - (index % 10) + 9}` },
        };
    if (!isAuthor && nodes.length < 50) nodes.push({ __ref: id });
  }
  all.ROOT_QUERY = { __typename: 'Query', 'notes({"first":50})': { __typename: 'NoteConnection', nodes } };
  return all;
}

let current: Stored | null = null;
let changes = 0;
const opened = (): Stored => {
  if (!current) throw new Error('expected open() before');
  return current;
};
const changeOne = (): void => void opened().cache.modify({ id: 'Note:1', fields: { title: () => `change ${++changes}` } });

async function make(contestant: string, entities: number): Promise<Stored> {
  const create = CONTESTANTS[contestant];
  if (!create) throw new Error(`expected one of ${Object.keys(CONTESTANTS).join(', ')}, got "${contestant}"`);
  return create(`${contestant}-${entities}`);
}

const page: StoredPage = {
  async open(contestant, entities) {
    current = await make(contestant, entities);
    current.cache.restore(extract(entities) as Parameters<InMemoryCache['restore']>[0]);
    await current.store();
  },
  change: () =>
    costOf(() => {
      changeOne();
      return opened().store();
    }),
  bytes: () =>
    bytesOf(() => {
      changeOne();
      return opened().store();
    }),
  async restore(contestant, entities) {
    const stored = await make(contestant, entities);
    let startedAt = 0;
    let screenMs: number | undefined;
    const look = (): void => {
      if (!stored.cache.readQuery({ query: PAGE })) throw new Error('expected the first page, got nothing');
      screenMs ??= performance.now() - startedAt;
    };
    const cost = await costOf(async () => {
      startedAt = performance.now();
      await stored.restore(look);
      look();
    });
    return { ...cost, ...(screenMs === undefined ? {} : { screenMs }) };
  },
  hold(kind, entities) {
    held = kind === 'OfflineCache' ? new OfflineCache() : new InMemoryCache();
    held.restore(extract(entities) as Parameters<InMemoryCache['restore']>[0]);
    held.readQuery({ query: PAGE });
  },
};
/** Kept, so that its memory can be counted. */
let held: InMemoryCache | null = null;

Object.assign(globalThis, { storedBench: page });
