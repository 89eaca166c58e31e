import { type Areas, ownerAreas } from '../adapters/area.ts';
import { systemRandom } from '../adapters/browser.ts';
import { createCheck, OWNER } from '../checks.ts';
import { createOutbox } from '../outbox/outbox.ts';
import type { EncryptionKey, Storage } from '../ports.ts';

export interface PendingCountOptions {
  /** Whose outbox: the same as in `createOffline`. */
  readonly owner: string | null;
  /** The same as in `createOffline`. Default: localforage. */
  readonly storage?: Storage | Areas;
  /** The same as in `createOffline`. */
  readonly encryption?: EncryptionKey;
}

/**
 * How many mutations of `owner` wait to be sent, read from storage alone: for a badge on the app's icon, or a notice from a
 * service worker, with no tab open. Conflicts and dead letters wait for a person, not for the network, and do not count. It reads
 * and never writes, needs no Apollo Client, and is where sending from a service worker begins.
 * @throws OfflineError `INVALID_OPTION`, or the storage's own code (`STORAGE_UNAVAILABLE`).
 */
export async function pendingCount({ owner, storage, encryption }: PendingCountOptions): Promise<number> {
  createCheck('pendingCount: option ').one('owner', owner, OWNER);
  const outbox = createOutbox(
    // What cannot be read, or belongs to another owner, is nothing that this release could send: it does not count.
    { storage: ownerAreas(storage, owner, { encryption }).outbox, random: systemRandom(), onEvent: () => undefined },
    { owner, limits: { maxRecords: 0, maxRecordLength: 0 } },
  );
  await outbox.load();
  return outbox.counts.pending;
}
