import type { EncryptionKey, Locks, Storage } from '../ports.ts';
import { putManyOver } from '../put-many.ts';
import { encryptedStorage } from './encrypted-storage.ts';
import { localforageStorage } from './localforage.ts';

/** The two places where one owner's data stands. The cache may be dropped at any time; the outbox is sacred. */
export interface Areas {
  readonly outbox: Storage;
  readonly cache: Storage;
}

export interface AreaOptions {
  readonly encryption?: EncryptionKey | undefined;
  readonly locks?: Locks | undefined;
}

/** One storage for both areas, one each, or localforage; every key is the owner's. */
export function ownerAreas(storage: Storage | Areas | undefined, owner: string | null, { encryption, locks }: AreaOptions = {}): Areas {
  const mine = owner === null ? 'anonymous/' : `user:${encodeURIComponent(owner)}/`;
  const areas = storage ?? { outbox: sharedStorage(undefined), cache: localforageStorage({ name: 'farside-cache' }) };
  const both =
    'outbox' in areas
      ? { outbox: prefixed(areas.outbox, mine), cache: prefixed(areas.cache, mine) }
      : { outbox: prefixed(areas, `${mine}outbox/`), cache: prefixed(areas, `${mine}cache/`) };
  if (encryption === undefined) return both;
  const encrypted = (area: keyof Areas): Storage =>
    encryptedStorage(both[area], encryption, { name: `${mine}${area}`, ...(locks ? { locks } : {}) });
  return { outbox: encrypted('outbox'), cache: encrypted('cache') };
}

/** The storage of every owner's outbox as it is: for the few keys that are nobody's. */
export function sharedStorage(storage: Storage | Areas | undefined): Storage {
  if (storage === undefined) return localforageStorage({ name: 'farside-outbox' });
  return 'outbox' in storage ? storage.outbox : storage;
}

function prefixed(storage: Storage, prefix: string): Storage {
  return {
    get: (key) => storage.get(prefix + key),
    put: (key, value) => storage.put(prefix + key, value),
    remove: (key) => storage.remove(prefix + key),
    entries: async (start) => (await storage.entries(prefix + start)).map(([key, value]) => [key.slice(prefix.length), value] as const),
    ...putManyOver(storage, (pairs, putMany) => putMany(pairs.map(([key, value]) => [prefix + key, value] as const))),
  };
}
