import { EVERYTHING } from '../outbox/draft.ts';
import { isPending, isUnsettled, type MutationRecord } from '../outbox/record.ts';
import { MAX_WAIT_MS } from './backoff.ts';

/**
 * Which records may be sent now (I9). A record waits for every earlier unsettled record that touches what it touches:
 * one that writes what it writes or needs, or needs what it writes. Records that share nothing do not wait for each other.
 *
 * A record whose entities are unknown waits for all that can still be sent before it, and all after wait for it. What waits for
 * a person holds back only what is known to depend on it: one dead letter must not stop the rest for days (I15).
 */
export interface Plan {
  /** Ready to be sent, best first. */
  readonly ready: readonly MutationRecord[];
  /** Record id → ids of the records that it waits for. */
  readonly waiting: ReadonlyMap<string, readonly string[]>;
  /** When the next record becomes ready by time alone; null: none will. Milliseconds since the Unix epoch. */
  readonly nextAt: number | null;
}

const RANK = { high: 0, normal: 1, low: 2 } as const;

/** `records` in outbox order. Records being sent hold back their lane like any other. */
export function planLanes(records: readonly MutationRecord[], now: number): Plan {
  const ready: MutationRecord[] = [];
  const waiting = new Map<string, readonly string[]>();
  /** Cache id or key → its latest unsettled writer, and who needs it since. Earlier ones are waited for through these. */
  const writers = new Map<string, string[]>();
  const readers = new Map<string, string[]>();
  let everyone: string[] = [];
  /** Waits for a person, or for what does. */
  const stuck = new Set<string>();
  let nextAt: number | null = null;

  for (const record of records) {
    if (!isUnsettled(record)) continue;
    const blockers = new Set<string>();
    const block = (ids: readonly string[] | undefined): void => {
      for (const id of ids ?? []) blockers.add(id);
    };
    const touchesEverything = record.writes.includes(EVERYTHING);
    if (touchesEverything) block(everyone);
    block(writers.get(EVERYTHING));
    for (const key of record.writes) {
      if (key === EVERYTHING) continue;
      block(writers.get(key));
      block(readers.get(key));
    }
    for (const key of record.reads) block(writers.get(key));

    if (blockers.size > 0) waiting.set(record.id, [...blockers]);
    else if (record.state === 'queued') {
      if (record.nextAttemptAt === null || record.nextAttemptAt <= now || record.nextAttemptAt > now + MAX_WAIT_MS) ready.push(record);
      else nextAt = Math.min(nextAt ?? record.nextAttemptAt, record.nextAttemptAt);
    }

    if (!isPending(record) || [...blockers].some((id) => stuck.has(id))) stuck.add(record.id);
    else if (touchesEverything) {
      everyone = [record.id];
      writers.set(EVERYTHING, [record.id]);
    } else everyone.push(record.id);
    for (const key of holds(record)) {
      writers.set(key, [record.id]);
      readers.delete(key);
    }
    if (record.state !== 'dead') for (const key of record.reads) push(readers, key, record.id);
  }
  // A stable sort: within one priority the oldest goes first.
  ready.sort((a, b) => RANK[a.priority] - RANK[b.priority]);
  return { ready, waiting, nextAt };
}

/**
 * What a record holds back while it is unsettled. A refused edit changes nothing, so that later ones need not wait for somebody
 * to look at it; a refused create leaves them without an entity, and an ordering key or the record itself was asked for.
 */
function holds(record: MutationRecord): readonly string[] {
  const keys = record.writes.filter((key) => key !== EVERYTHING);
  return record.state === 'dead' && record.kind !== 'create'
    ? keys.filter((key) => key.startsWith('key:') || key.startsWith('record:'))
    : keys;
}

/** Records that would lose their ground if `id` went away: those that need, or change, what it creates; transitively. */
export function dependentsOf(records: readonly MutationRecord[], id: string): readonly MutationRecord[] {
  const at = records.findIndex((record) => record.id === id);
  const gone = records[at];
  if (!gone) return [];
  const lost = new Set(lostWith(gone));
  // What came before it stood without it: the delete before a create of the same id goes out all the same.
  return records.slice(at + 1).filter((record) => {
    if (!isUnsettled(record)) return false;
    if (![...record.reads, ...record.writes].some((key) => lost.has(key))) return false;
    for (const key of lostWith(record)) lost.add(key);
    return true;
  });
}

/** Without its create an entity never exists; every other record leaves the entity behind when it goes. */
function lostWith(record: MutationRecord): readonly string[] {
  return record.writes.filter((key) => /^(record|after):/.test(key) || (record.kind === 'create' && key !== EVERYTHING));
}

function push(index: Map<string, string[]>, key: string, id: string): void {
  const list = index.get(key);
  if (list) list.push(id);
  else index.set(key, [id]);
}
