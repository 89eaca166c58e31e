import { checkOptions, expected } from '../options.ts';
import type { Store } from '../store/store.ts';

export interface GarbageOptions {
  /**
   * How long a deletion is remembered, in milliseconds. A client that was away longer starts anew (`reset: true`), keeping what it has
   * to send. Thirty days is a good start.
   */
  readonly tombstonesOlderThanMs: number;
  /** Milliseconds since the Unix epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Forgets what clients have had time to learn. Call it now and then, once a day for instance; on PostgreSQL by any of the servers.
 * @returns how many tombstones, and how many leases that had expired, were removed.
 * @throws OfflineServerError `BAD_OPTION`, and what the store says.
 */
export async function collectGarbage(
  store: Pick<Store, 'write'>,
  options: GarbageOptions,
): Promise<{ readonly tombstones: number; readonly leases: number }> {
  checkOptions('collectGarbage', options, ['tombstonesOlderThanMs', 'now']);
  const { tombstonesOlderThanMs, now = Date.now } = options;
  if (!Number.isFinite(tombstonesOlderThanMs) || tombstonesOlderThanMs < 0)
    throw expected('collectGarbage', 'tombstonesOlderThanMs', 'milliseconds ≥ 0', tombstonesOlderThanMs);
  const before = new Date(now() - tombstonesOlderThanMs).toISOString();
  return store.write(async (transaction) => ({
    tombstones: await transaction.collectTombstones(before),
    leases: await transaction.collectLeases(now()),
  }));
}
