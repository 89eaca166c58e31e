import { OfflineError } from '../errors.ts';
import type { Storage } from '../ports.ts';
import { putManyOver } from '../put-many.ts';

/** What was under way when this tab stopped to write, perhaps days ago, does not go on over what another one has written since. */
export function whileStarted(storage: Storage, isStarted: () => boolean): Storage {
  const guarded = async (write: () => Promise<void>): Promise<void> => {
    if (!isStarted()) throw new OfflineError('NOT_DURABLE', 'expected this tab to write the stored cache, another one does now');
    return write();
  };
  return {
    get: (key) => storage.get(key),
    entries: (prefix) => storage.entries(prefix),
    remove: (key) => storage.remove(key),
    put: (key, value) => guarded(() => storage.put(key, value)),
    ...putManyOver(storage, (pairs, putMany) => guarded(() => putMany(pairs))),
  };
}
