import { expect, test } from 'vitest';
import { localforageStorage } from '../../../client/adapters/localforage.ts';

test('no IndexedDB on this platform: STORAGE_UNAVAILABLE, not a silent step down to something else', async () => {
  expect(typeof indexedDB).toBe('undefined');
  const storage = localforageStorage();
  await expect(storage.put('a', 1)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  await expect(storage.entries('')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
});
