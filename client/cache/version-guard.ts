import type { StoreObject } from '@apollo/client';
import { isOlder } from '../../schema/version.ts';
import type { Tombstones } from './tombstones.ts';

/**
 * Older never replaces newer, whichever way it arrives (I6), and what was deleted stays deleted (I8): a stale proxy answer,
 * a slow query or an old page of a delta pull meets this at the store itself. Objects without `_version` pass, because
 * nothing can be known about them, and so do versions that are concurrent: neither is the older one.
 */
export interface VersionGuard {
  refuses(id: string, existing: StoreObject | undefined, incoming: StoreObject): boolean;
  /** Off while `run` runs, tombstones forgotten for what it writes. */
  suspended<T>(run: () => T): T;
}

export function createVersionGuard(tombstones: Pick<Tombstones, 'versionOf' | 'delete'>): VersionGuard {
  let suspensions = 0;
  return {
    refuses(id, existing, incoming) {
      const version = incoming._version;
      if (typeof version !== 'number' && typeof version !== 'string') return false;
      const buried = tombstones.versionOf(id);
      // The version of a tombstone is that of the deleted state itself: an answer may bring just that, by way of a reference.
      if (suspensions === 0 && buried != null && isOlder(version, buried)) return true;
      tombstones.delete(id);
      if (suspensions > 0) return false;
      return isOlder(version, existing?._version);
    },
    suspended(run) {
      suspensions++;
      try {
        return run();
      } finally {
        suspensions--;
      }
    },
  };
}
