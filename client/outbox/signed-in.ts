import type { Storage } from '../ports.ts';

/**
 * Whose records may be sent from this device while no tab says whose they are (I14). Stands beside the owners' data, not in it: one at
 * a time is signed in. A name and nothing secret.
 */
export interface SignedIn {
  /** Null: nobody, or nobody has said. */
  read(): Promise<{ readonly owner: string | null } | null>;
  set(owner: string | null): Promise<void>;
  /** `owner` has signed out. Leaves alone who has signed in since. */
  clear(owner: string | null): Promise<void>;
}

const KEY = 'signed-in';

/** @param storage of the outbox, shared by all owners. */
export function createSignedIn(storage: Storage): SignedIn {
  const read = async (): Promise<{ readonly owner: string | null } | null> => {
    const value = (await storage.get(KEY)) as { readonly owner?: unknown } | null;
    const owner = value?.owner;
    return owner === null || typeof owner === 'string' ? { owner } : null;
  };
  return {
    read,
    set: (owner) => storage.put(KEY, { owner }),
    async clear(owner) {
      if ((await read())?.owner === owner) await storage.remove(KEY);
    },
  };
}
