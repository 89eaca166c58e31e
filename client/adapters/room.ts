import { OfflineError } from '../errors.ts';
import type { Storage } from '../ports.ts';
import { createWriteGroup } from './write-group.ts';

/**
 * A storage that others make room for: a write that finds the disk full is tried once more after `makeRoom`. Writes that fail
 * together wait for one making of room.
 *
 * Whatever the storage below does side by side, a put is not there before those that were asked for earlier have ended: whoever reads
 * the outbox of another tab takes what is missing among its records for settled.
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

  const putMany = storage.putMany?.bind(storage);
  const puts = createWriteGroup({
    ready: () => Promise.resolve(),
    begin: () => null,
    async together(writes) {
      if (!putMany || writes.length === 1) return false;
      await write(() => putMany(writes.map(({ key, value }) => [key, value])));
      return true;
    },
    alone: ({ key, value }) => write(() => storage.put(key, value)),
  });

  return {
    get: (key) => storage.get(key),
    entries: (prefix) => storage.entries(prefix),
    put: (key, value) => puts.write({ key, value }),
    async remove(key) {
      await puts.settled();
      await storage.remove(key);
    },
    ...(putMany && { putMany: (pairs) => puts.inTurn(() => write(() => putMany(pairs))) }),
  };
}
