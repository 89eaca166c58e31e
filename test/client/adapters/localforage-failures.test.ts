import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import { localforageStorage } from '../../../client/adapters/localforage.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test('a database that refuses to open (private mode) rejects, and the next call tries again', async () => {
  const storage = localforageStorage({ name: 'private' });
  const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('A mutation operation was attempted on a database that did not allow mutations.', 'InvalidStateError');
  });
  await expect(storage.get('a')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE', cause: { name: 'InvalidStateError' } });
  open.mockRestore();
  await storage.put('a', 1);
  expect(await storage.get('a')).toBe(1);
});

test('a database that never answers rejects after the bound instead of hanging', async () => {
  const storage = localforageStorage({ name: 'blocked', openTimeoutMs: 1_000 });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(indexedDB, 'open').mockImplementation(() => ({}) as IDBOpenDBRequest);
  const refused = expect(storage.put('a', 1)).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
    message: expect.stringContaining('1000 ms'),
  });
  await vi.advanceTimersByTimeAsync(1_000);
  await refused;
});

test('a full disk rejects with STORAGE_FULL and keeps the old value', async () => {
  const storage = localforageStorage({ name: 'full' });
  await storage.put('a', 'old');
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
  });
  await expect(storage.put('a', 'new')).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  await expect(storage.putMany?.([['b', 1]])).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  put.mockRestore();
  expect(await storage.get('a')).toBe('old');
});

test('a database that another tab deletes is opened anew', async () => {
  const storage = localforageStorage({ name: 'deleted' });
  await storage.put('a', 1);
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase('deleted');
    request.onsuccess = resolve;
    request.onerror = reject;
  });
  expect(await storage.get('a')).toBe(null);
  await storage.put('a', 2);
  expect(await storage.get('a')).toBe(2);
});

test('putMany: all or nothing, and in a store that has vanished it makes a new one', async () => {
  const storage = localforageStorage({ name: 'together' });
  await storage.put('a', 'old');
  await expect(
    storage.putMany?.([
      ['a', 'new'],
      ['b', () => {}],
    ]),
  ).rejects.toMatchObject({ code: 'INVALID_OPERATION' });
  expect(await storage.entries('')).toEqual([['a', 'old']]);
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase('together');
    request.onsuccess = resolve;
    request.onerror = reject;
  });
  await storage.putMany?.([
    ['a', 1],
    ['b', 2],
  ]);
  expect(await storage.entries('')).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
});
