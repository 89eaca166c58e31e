import 'fake-indexeddb/auto';
import { AsyncStorageWrapper, LocalStorageWrapper } from 'apollo3-cache-persist';
import { expect, test } from 'vitest';
import { encryptedStorage } from '../../../client/adapters/encrypted-storage.ts';
import { localforageStorage } from '../../../client/adapters/localforage.ts';
import { memoryStorage } from '../../../client/adapters/memory.ts';
import { fromCachePersist, type PersistWrapper } from '../../../client/adapters/persist-storage.ts';
import { storageContract } from '../../contracts/storage.ts';
import { createFaultyStorage } from '../../harness/index.ts';

storageContract('memory', () => {
  const cells = new Map<string, unknown>();
  return { open: () => memoryStorage(cells) };
});

let databases = 0;
storageContract(
  'localforage',
  () => {
    const name = `contract-${databases++}`;
    return { open: () => localforageStorage({ name }) };
  },
  { keepsFileNames: false },
);

storageContract(
  'localforage, one store of several in a database',
  () => {
    const storeName = `store-${databases++}`;
    return { open: () => localforageStorage({ name: 'shared', storeName }) };
  },
  { keepsFileNames: false },
);

storageContract('fromCachePersist over a synchronous wrapper (localStorage, MMKV)', () => {
  const items = new Map<string, string>([['apollo-cache-persist', 'not ours']]);
  return { open: () => fromCachePersist(syncWrapper(items)) };
});

storageContract('fromCachePersist over an asynchronous wrapper (AsyncStorage)', () => {
  const items = new Map<string, string>([['apollo-cache-persist', 'not ours']]);
  return { open: () => fromCachePersist(asyncWrapper(items)) };
});

storageContract("fromCachePersist over apollo3-cache-persist's own LocalStorageWrapper", () => {
  const items = new Map<string, string>();
  return { open: () => fromCachePersist(new LocalStorageWrapper(syncWrapper(items) as never) as PersistWrapper) };
});

storageContract("fromCachePersist over apollo3-cache-persist's own AsyncStorageWrapper", () => {
  const items = new Map<string, string>();
  return { open: () => fromCachePersist(new AsyncStorageWrapper(asyncWrapper(items) as never) as PersistWrapper) };
});

const KEY = Uint8Array.from({ length: 32 }, (_, at) => at);

storageContract('encrypted, in memory', () => {
  const cells = new Map<string, unknown>();
  return { open: () => encryptedStorage(memoryStorage(cells), KEY) };
});

storageContract('encrypted, on IndexedDB', () => {
  const name = `contract-${databases++}`;
  return { open: () => encryptedStorage(localforageStorage({ name }), KEY) };
});

storageContract('encrypted, over a wrapper that keeps strings', () => {
  const items = new Map<string, string>();
  return { open: () => encryptedStorage(fromCachePersist(asyncWrapper(items)), KEY.slice(16)) };
});

storageContract('the harness’s faulty storage without faults', () => {
  const disk = memoryStorage();
  return { open: () => createFaultyStorage(disk) };
});

test('fromCachePersist: a crash between any two steps loses no value that a put has acknowledged, and hides none', async () => {
  for (let steps = 0; steps <= 10; steps++) {
    const items = new Map<string, string>();
    let left = steps;
    const acknowledged = new Map<string, unknown>();
    const storage = fromCachePersist({
      getItem: (key) => items.get(key),
      setItem: (key, value) => (left-- > 0 ? items.set(key, value) : crashed()),
      removeItem: (key) => (left-- > 0 ? items.delete(key) : crashed()),
    });
    try {
      for (const key of ['a', 'b', 'c']) {
        await storage.put(key, key);
        acknowledged.set(key, key);
      }
      await storage.put('a', 'again');
      acknowledged.set('a', 'again');
      acknowledged.delete('b');
      await storage.remove('b');
      acknowledged.delete('c');
      await storage.remove('c');
    } catch {
      // The process died here.
    }
    const found = new Map(await fromCachePersist(syncWrapper(items)).entries(''));
    for (const [key, value] of acknowledged) expect([steps, key, found.get(key)]).toEqual([steps, key, value]);
    const values = [...items.keys()].filter((key) => key.startsWith('farside/value/'));
    expect([steps, found.size]).toEqual([steps, values.length]);
  }
});

test('fromCachePersist: two storages of different names share a wrapper', async () => {
  const items = new Map<string, string>();
  const [a, b] = [fromCachePersist(syncWrapper(items), { name: 'a' }), fromCachePersist(syncWrapper(items), { name: 'b' })];
  await a.put('key', 1);
  await b.put('key', 2);
  expect([await a.entries(''), await b.entries('')]).toEqual([[['key', 1]], [['key', 2]]]);
});

test('fromCachePersist: a damaged value is handed on as text and hides no other', async () => {
  const items = new Map<string, string>();
  const storage = fromCachePersist(syncWrapper(items));
  await storage.put('a', { fine: true });
  await storage.put('b', { fine: true });
  items.set('farside/value/a', '{"fine":tr');
  expect(await storage.entries('')).toEqual([
    ['a', '{"fine":tr'],
    ['b', { fine: true }],
  ]);
});

test('fromCachePersist: errors of the wrapper carry the codes of every storage', async () => {
  const full = fromCachePersist({
    ...syncWrapper(new Map()),
    setItem: () => {
      throw new DOMException('over quota', 'QuotaExceededError');
    },
  });
  await expect(full.put('a', 1)).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  const gone = fromCachePersist({ ...syncWrapper(new Map()), getItem: () => Promise.reject(new Error('disk')) });
  await expect(gone.get('a')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE', cause: { message: 'disk' } });
  expect(() => fromCachePersist({ getItem: () => null } as unknown as PersistWrapper)).toThrow('setItem');
});

test('localforage: options of the wrong form are refused at construction', () => {
  expect(() => localforageStorage({ name: '' })).toThrow('expected name to be a non-empty string, got ""');
  expect(() => localforageStorage({ storeName: 7 as unknown as string })).toThrow('storeName');
});

function syncWrapper(items: Map<string, string>): PersistWrapper {
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

function asyncWrapper(items: Map<string, string>): PersistWrapper {
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    async getItem(key) {
      await turn();
      return items.get(key) ?? null;
    },
    async setItem(key, value) {
      await turn();
      items.set(key, value);
    },
    async removeItem(key) {
      await turn();
      items.delete(key);
    },
  };
}

function crashed(): never {
  throw new Error('crashed');
}
