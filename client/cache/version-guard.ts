import type { StoreObject } from '@apollo/client';
import { isOlder, type Version } from '../../schema/version.ts';

/**
 * Older never replaces newer, whichever way it arrives (I6), and what was deleted stays deleted (I8): a stale proxy answer,
 * a slow query or an old page of a delta pull meets this at the store itself. Objects without `_version` pass, because
 * nothing can be known about them, and so do versions that are concurrent: neither is the older one.
 */
export interface VersionGuard {
  refuses(id: string, existing: StoreObject | undefined, incoming: StoreObject): boolean;
  bury(id: string, version: Version | null): void;
  /** Off while `run` runs, tombstones forgotten for what it writes. */
  suspended<T>(run: () => T): T;
}

/** Tombstones are remembered for the session, the latest this many. */
const MAX_TOMBSTONES = 10_000;

export function createVersionGuard(): VersionGuard {
  const tombstones = new Map<string, Version>();
  let suspensions = 0;
  return {
    refuses(id, existing, incoming) {
      const version = incoming._version;
      if (typeof version !== 'number' && typeof version !== 'string') return false;
      const buried = tombstones.get(id);
      // The version of a tombstone is that of the deleted state itself: an answer may bring just that, by way of a reference.
      if (suspensions === 0 && buried !== undefined && isOlder(version, buried)) return true;
      tombstones.delete(id);
      if (suspensions > 0) return false;
      return isOlder(version, existing?._version);
    },
    bury(id, version) {
      tombstones.delete(id);
      if (version === null) return;
      tombstones.set(id, version);
      if (tombstones.size > MAX_TOMBSTONES) tombstones.delete(tombstones.keys().next().value as string);
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
