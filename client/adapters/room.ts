import { OfflineError } from '../errors.ts';
import type { Storage } from '../ports.ts';
import { putManyOver } from '../put-many.ts';

/**
 * A storage that others make room for: a write that finds the disk full is tried once more after `makeRoom`. Writes that fail
 * together wait for one making of room.
 */
export function withRoom(storage: Storage, makeRoom: () => Promise<void>): Storage {
  let making: Promise<void> | null = null;

  const write = async (run: () => Promise<void>): Promise<void> => {
    try {
      await run();
    } catch (full) {
      if (!OfflineError.is(full, 'STORAGE_FULL')) throw full;
      making ??= makeRoom().finally(() => {
        making = null;
      });
      await making.catch(() => undefined);
      await run();
    }
  };

  return {
    get: (key) => storage.get(key),
    entries: (prefix) => storage.entries(prefix),
    remove: (key) => storage.remove(key),
    put: (key, value) => write(() => storage.put(key, value)),
    ...putManyOver(storage, (pairs, putMany) => write(() => putMany(pairs))),
  };
}
