import type { Clock, Locks, Random, Storage } from '../ports.ts';
import { webLocks } from './browser.ts';
import { leaseLocks } from './lease-locks.ts';

/**
 * Web Locks; in browsers without, leases in the storage that tabs and workers share. Where there is no browser (Node, React Native)
 * there is one process, and nobody else to take turns with.
 */
export function tabLocks(storage: () => Storage, clock: Clock, random: Random): Locks {
  return webLocks(typeof indexedDB === 'undefined' ? undefined : leaseLocks({ storage: storage(), clock, random }));
}
