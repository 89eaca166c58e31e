import { EVERYTHING } from '../outbox/lane-keys.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { isUnsettled, type MutationRecord } from '../outbox/record.ts';
import type { Cancel } from '../ports.ts';
import { MAX_WAIT_MS } from './backoff.ts';
import { createLaneIndex, type LaneIndex } from './lane-index.ts';

/**
 * Which records may be sent now (I9). A record waits for every earlier unsettled record that touches what it touches:
 * one that writes what it writes or needs, or needs what it writes. Records that share nothing do not wait for each other.
 *
 * A record whose entities are unknown waits for all that can still be sent before it, and all after wait for it. What waits for
 * a person holds back only what is known to depend on it: one dead letter must not stop the rest for days (I15).
 */
export interface Plan {
  /** Ready to be sent, best first: by priority, within one by what people look at, then by age. */
  readonly ready: Iterable<MutationRecord>;
  /** Their time is over, whatever they wait for. */
  readonly expired: readonly MutationRecord[];
  /** Record id → ids of the records that it waits for. */
  readonly waiting: ReadonlyMap<string, ReadonlySet<string>>;
  /** When the next record becomes ready by time alone; null: none will. Milliseconds since the Unix epoch. */
  readonly nextAt: number | null;
  /** When the next one expires; null: none will. Milliseconds since the Unix epoch. */
  readonly expiresAt: number | null;
}

/** `records` in outbox order. Records being sent hold back their lane like any other. */
export function planLanes(records: readonly MutationRecord[], now: number, seen?: ReadonlySet<string>): Plan {
  return planOf(createLaneIndex(records, seen), now);
}

/** The plan of an outbox, kept up to date with what happens in it. */
export interface Lanes {
  /** `seen`: the cache ids that people look at. Asked only when there is something to choose; default: what it was last time. */
  plan(now: number, seen?: () => ReadonlySet<string>): Plan;
  dispose(): void;
}

export function createLanes(outbox: Pick<Outbox, 'records' | 'subscribe'>): Lanes {
  let index: LaneIndex | null = null;
  let looked: ReadonlySet<string> = new Set();
  const stop: Cancel = outbox.subscribe(({ before, after }) => {
    if (index && !index.change(before, after)) index = null;
  });
  return {
    plan(now, seen) {
      index ??= createLaneIndex(outbox.records(), looked);
      const news = seen && index.free.length > 1 ? seen() : looked;
      if (news !== looked) index.prefer(news);
      looked = news;
      return planOf(index, now);
    },
    dispose: stop,
  };
}

function planOf({ free, delayed, expiring, waiting }: LaneIndex, now: number): Plan {
  const later = [...delayed].flatMap((record) => (isDue(record, now) ? [] : [record.nextAttemptAt as number]));
  const deadlines = [...expiring].flatMap(({ expiresAt }) => ((expiresAt as number) > now ? [expiresAt as number] : []));
  const expired = [...expiring].filter((record) => isExpired(record, now) && isDue(record, now));
  return { ready: due(free, now), expired, waiting, nextAt: earliest(later), expiresAt: earliest(deadlines) };
}

function earliest(times: readonly number[]): number | null {
  return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b));
}

/** Nobody looks at more of them than can be sent. */
function* due(free: readonly MutationRecord[], now: number): Generator<MutationRecord> {
  for (const record of free) if (isDue(record, now) && !isExpired(record, now)) yield record;
}

function isDue({ nextAttemptAt }: MutationRecord, now: number): boolean {
  return nextAttemptAt === null || nextAttemptAt <= now || nextAttemptAt > now + MAX_WAIT_MS;
}

function isExpired({ expiresAt }: MutationRecord, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
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
