import { expect, test } from 'vitest';
import { encryptedStorage } from '../../client/adapters/encrypted-storage.ts';
import { localforageStorage } from '../../client/adapters/localforage.ts';
import { fromCachePersist } from '../../client/adapters/persist-storage.ts';
import { storageContract } from '../contracts/storage.ts';

let databases = 0;
const unique = (): string => `contract-${Date.now()}-${databases++}`;

storageContract('localforage on the browser’s IndexedDB', () => {
  const name = unique();
  return { open: () => localforageStorage({ name }) };
});

storageContract('fromCachePersist on the browser’s localStorage, under Web Locks', () => {
  localStorage.clear();
  const name = unique();
  return { open: () => fromCachePersist(localStorage, { name }) };
});

storageContract('encrypted on the browser’s IndexedDB', () => {
  const name = unique();
  return { open: () => encryptedStorage(localforageStorage({ name }), new Uint8Array(32)) };
});

test('a full disk rejects with STORAGE_FULL, and what was there stays', async () => {
  localStorage.clear();
  const storage = fromCachePersist(localStorage, { name: unique() });
  await storage.put('kept', 'old');
  await expect(storage.put('kept', 'x'.repeat(6_000_000))).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  expect(await storage.get('kept')).toBe('old');
  localStorage.clear();
});

test('a burst is there as a whole, in the order made; what cannot be stored keeps out nothing else', async () => {
  const storage = localforageStorage({ name: unique() });
  await storage.put('first', 0);
  const burst = (value: unknown, bad?: number) =>
    Promise.allSettled(Array.from({ length: 500 }, (_, at) => storage.put(`k${at}`, at === bad ? () => undefined : [value, at])));
  const ended = await Promise.all([burst('a'), burst('b', 200), storage.remove('first')]);
  const refused = ended[1].flatMap((each, at) => (each.status === 'rejected' ? [[at, (each.reason as { code: string }).code]] : []));
  expect([ended[0].every(({ status }) => status === 'fulfilled'), refused]).toEqual([true, [[200, 'INVALID_OPERATION']]]);
  const stored = new Map(await storage.entries(''));
  expect([stored.size, stored.get('k199'), stored.get('k200'), stored.get('k499')]).toEqual([500, ['b', 199], ['a', 200], ['b', 499]]);
  await burst('c');
  expect((await storage.entries('')).map(([, value]) => (value as unknown[])[0])).toEqual(Array.from({ length: 500 }, () => 'c'));
});

test('what one window has written, another reads', async () => {
  const name = unique();
  await localforageStorage({ name }).put('record/1', { title: 'Bridge 7' });
  const frame = document.body.appendChild(document.createElement('iframe'));
  const read = await new Promise((resolve, reject) => {
    const request = (frame.contentWindow as Window).indexedDB.open(name);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const get = request.result.transaction('values').objectStore('values').get('record/1');
      get.onsuccess = () => resolve(get.result);
    };
  });
  frame.remove();
  expect(read).toEqual({ title: 'Bridge 7' });
});
