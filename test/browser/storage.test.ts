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
