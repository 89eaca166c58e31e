import { OfflineError } from '../errors.ts';
import type { Storage } from '../ports.ts';

/** What was under way when this tab stopped to write, perhaps days ago, does not go on over what another one has written since. */
export function whileStarted(storage: Storage, isStarted: () => boolean): Storage {
  const guarded = async (write: () => Promise<void>): Promise<void> => {
    if (!isStarted()) throw new OfflineError('NOT_DURABLE', 'expected this tab to write the stored cache, another one does now');
    return write();
  };
  const putMany = storage.putMany?.bind(storage);
  return {
    get: (key) => storage.get(key),
    entries: (prefix) => storage.entries(prefix),
    remove: (key) => storage.remove(key),
    put: (key, value) => guarded(() => storage.put(key, value)),
    ...(putMany ? { putMany: (pairs: Parameters<typeof putMany>[0]) => guarded(() => putMany(pairs)) } : {}),
  };
}
