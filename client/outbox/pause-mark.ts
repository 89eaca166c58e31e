import { OfflineError } from '../errors.ts';
import type { Storage } from '../ports.ts';

/** Whether sending was switched off by the owner of this outbox; outlives the page. */
export interface PauseMark {
  read(): Promise<boolean>;
  write(paused: boolean): Promise<void>;
}

const KEY = 'paused';

export function createPauseMark(storage: Storage): PauseMark {
  return {
    async read() {
      try {
        return (await storage.get(KEY)) === true;
      } catch (error) {
        // Of a damaged value nothing is known; whoever paused can do so again.
        if (OfflineError.is(error, 'UNKNOWN_FORMAT')) return false;
        throw error;
      }
    },
    write: (paused) => (paused ? storage.put(KEY, true) : storage.remove(KEY)),
  };
}
