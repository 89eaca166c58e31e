import localforage from 'localforage';
import { OfflineError } from '../errors.ts';
import type { Storage } from '../ports.ts';
import { storageError } from './storage-error.ts';
import { type Batch, createWriteGroup, type Write } from './write-group.ts';

export interface LocalforageOptions {
  /** Name of the IndexedDB database; default `farside`. Storages that may be emptied apart should be databases apart. */
  readonly name?: string;
  /** Name of the object store in it; default `values`. */
  readonly storeName?: string;
  /** How long the database may take to open, in milliseconds; default 10 000. Some private modes never answer at all. */
  readonly openTimeoutMs?: number;
}

/**
 * Storage in the browser's IndexedDB, through localforage. A put is one IndexedDB transaction, and its promise resolves on
 * `complete`. There is no silent step down to localStorage: what IndexedDB refuses rejects with `STORAGE_UNAVAILABLE`, or with
 * `STORAGE_FULL`. A failed opening is tried again by the next call.
 *
 * Only opening is bounded. A write that were given up could still take effect, and its author would have been told otherwise.
 */
export function localforageStorage(options: LocalforageOptions = {}): Storage {
  const { name = 'farside', storeName = 'values', openTimeoutMs = 10_000 } = options;
  for (const [option, value] of Object.entries({ name, storeName })) {
    if (typeof value === 'string' && value !== '') continue;
    throw new OfflineError(
      'INVALID_OPTION',
      `localforageStorage: expected ${option} to be a non-empty string, got ${JSON.stringify(value)}`,
    );
  }
  let opening: Promise<LocalForage> | null = null;
  const connection = createConnection(name);

  function open(): Promise<LocalForage> {
    opening ??= bounded(openDatabase(name, storeName), openTimeoutMs).catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  }

  async function run<T>(what: string, operation: (database: LocalForage) => Promise<T>): Promise<T> {
    try {
      return await operation(await open());
    } catch (error) {
      throw storageError(error, `${what} in IndexedDB "${name}"`);
    }
  }

  // A transaction costs half a millisecond, whatever it writes: those of one turn share one.
  const group = createWriteGroup({
    ready: () => run('open', () => Promise.resolve()),
    begin() {
      const database = connection.current();
      return database?.objectStoreNames.contains(storeName) ? beginBatch(connection, database, storeName) : null;
    },
    together: (writes) => writeTogether(connection, storeName, writes),
    alone: (write) =>
      'value' in write
        ? run(`write "${write.key}"`, async (database) => void (await database.setItem(write.key, write.value)))
        : run(`remove "${write.key}"`, (database) => database.removeItem(write.key)),
  });
  const read = async <T>(what: string, operation: (database: LocalForage) => Promise<T>): Promise<T> => {
    await group.settled();
    return run(what, operation);
  };

  return {
    get: (key) => read(`read "${key}"`, (database) => database.getItem(key)),
    put: (key, value) => group.write({ key, value }),
    remove: (key) => group.write({ key }),
    entries: (prefix) => read(`list "${prefix}"`, () => entries(connection, storeName, prefix)),
    putMany: (pairs) =>
      group.inTurn(() =>
        run(`write ${pairs.length} values`, async (database) => {
          const writes = pairs.map(([key, value]) => ({ key, value }));
          if (await writeTogether(connection, storeName, writes)) return;
          for (const { key, value } of writes) await database.setItem(key, value);
        }),
      ),
  };
}

async function openDatabase(name: string, storeName: string): Promise<LocalForage> {
  // Once without localforage: it hides the reason of a failure, and an instance that has failed makes every later one of that
  // database fail until the page is loaded anew.
  (await connect(name)).close();
  const database = localforage.createInstance({ name, storeName, driver: localforage.INDEXEDDB });
  await database.ready();
  return database;
}

/**
 * All of them in one transaction, which localforage does not offer: ten times as fast, and all or nothing. It keeps values bare under
 * their keys, so they are the same as if it had written them. False: the store was deleted meanwhile, and is localforage's to make.
 */
async function writeTogether(connection: Connection, storeName: string, writes: readonly Write[]): Promise<boolean> {
  const database = await connection.open();
  if (!database.objectStoreNames.contains(storeName)) {
    connection.close();
    return false;
  }
  const batch = beginBatch(connection, database, storeName);
  batch.add(writes);
  await batch.commit();
  return true;
}

function beginBatch(connection: Connection, database: IDBDatabase, storeName: string): Batch {
  let transaction: IDBTransaction;
  try {
    transaction = database.transaction(storeName, 'readwrite');
  } catch (error) {
    // It was closed under us.
    connection.close();
    return { add: () => undefined, commit: () => Promise.reject(error) };
  }
  const store = transaction.objectStore(storeName);
  let isEnded = false;
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => {
      isEnded = true;
      resolve();
    };
    transaction.onabort = () => {
      isEnded = true;
      reject(transaction.error);
    };
  });
  // Nobody hears of it before `commit`.
  done.catch(() => undefined);
  let failure: { readonly cause: unknown } | null = null;
  const attempt = (run: () => void): void => {
    if (failure) return;
    try {
      run();
    } catch (cause) {
      failure = { cause };
      if (!isEnded) transaction.abort();
    }
  };
  return {
    add: (writes) =>
      attempt(() => {
        for (const write of writes) {
          if ('value' in write) store.put(write.value, write.key);
          else store.delete(write.key);
        }
      }),
    async commit() {
      // Asked for now, it is carried out even when the page is gone the next moment; left to itself it waits to hear of the puts first.
      attempt(() => transaction.commit());
      if (!failure) return done;
      await done.catch(() => undefined);
      throw failure.cause;
    },
  };
}

/** Opened by the first write, and anew after it was closed: opening costs as much as several writes. */
interface Connection {
  open(): Promise<IDBDatabase>;
  /** Null: not open, or not yet. */
  current(): IDBDatabase | null;
  close(): void;
}

function createConnection(name: string): Connection {
  let opened: Promise<IDBDatabase> | null = null;
  let current: IDBDatabase | null = null;
  const connection: Connection = {
    current: () => current,
    open() {
      if (opened) return opened;
      const mine = connect(name).then((database) => {
        const forget = (): void => {
          if (opened === mine) opened = current = null;
          database.close();
        };
        if (opened === mine) current = database;
        // Whoever wants to delete the database, or to add a store to it, must not wait for us.
        database.onversionchange = forget;
        database.onclose = forget;
        return database;
      });
      opened = mine;
      mine.catch(() => {
        if (opened === mine) opened = null;
      });
      return mine;
    },
    close() {
      const closing = opened;
      opened = current = null;
      void closing?.then((database) => database.close()).catch(() => undefined);
    },
  };
  return connection;
}

function connect(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    if (typeof indexedDB === 'undefined') throw new Error('this platform has no IndexedDB');
    const request = indexedDB.open(name);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => resolve(request.result);
  });
}

/** What one request may bring is copied while the page stands still: as many values as came within this time, and twice as many at most. */
const COPY_MS = 3;

/**
 * IndexedDB orders string keys by code unit, as the port wants. In requests that each wait for the one before: a cursor reads ahead, and
 * a hundred large values arrive in a row.
 */
async function entries(connection: Connection, storeName: string, prefix: string): Promise<[string, unknown][]> {
  const store = (await connection.open()).transaction(storeName).objectStore(storeName);
  const keys = (await answer(store.getAllKeys(IDBKeyRange.bound(prefix, `${prefix}\uffff`)))) as string[];
  const found: [string, unknown][] = [];
  for (let count = 1; found.length < keys.length; ) {
    const wanted = keys.slice(found.length, found.length + count);
    const request = store.getAll(IDBKeyRange.bound(wanted[0], wanted.at(-1)));
    let tookMs = 0;
    const values = await answer(request, () => {
      const startedAt = performance.now();
      const { result } = request;
      tookMs = performance.now() - startedAt;
      return result;
    });
    for (const [index, key] of wanted.entries()) found.push([key, values[index]]);
    count = tookMs < COPY_MS ? count * 2 : Math.max(1, Math.floor(count / 2));
  }
  return found;
}

function answer<T>(request: IDBRequest<T>, result = (): T => request.result): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(result());
    request.onerror = () => reject(request.error);
  });
}

function bounded<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new OfflineError(
          'STORAGE_UNAVAILABLE',
          `expected IndexedDB to open within ${timeoutMs} ms, it has not answered; close other tabs, or leave private mode`,
        ),
      );
    }, timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
