import { equal } from '../../schema/equal.ts';
import { EVERYTHING, idKey } from '../outbox/lane-keys.ts';
import { compareRecords, isPending, isUnsettled, type MutationRecord } from '../outbox/record.ts';

/**
 * Who waits for whom. It grows at its end and shrinks where nothing waits before, at a cost that does not depend on how much else
 * is in it: that is what happens while an outbox fills and drains. Whatever else happens to records is for a new index.
 */
export interface LaneIndex {
  /** Queued, and waiting for no other record; best first. */
  readonly free: readonly MutationRecord[];
  /** Record id → ids of the records that it waits for. */
  readonly waiting: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of the free ones, those that may have to wait for a moment. */
  readonly delayed: ReadonlySet<MutationRecord>;
  /** Queued with a deadline. */
  readonly expiring: ReadonlySet<MutationRecord>;
  /** These cache ids are what people look at from now on. At the cost of sorting what is free. */
  prefer(seen: ReadonlySet<string>): void;
  /** Takes in what happened to one record. False: it cannot, and knows nothing any more. */
  change(before: MutationRecord | null, after: MutationRecord | null): boolean;
}

/** `records` in outbox order; `looked`: the cache ids that people look at. */
export function createLaneIndex(records: readonly MutationRecord[], looked: ReadonlySet<string> = new Set()): LaneIndex {
  const known = new Map<string, MutationRecord>();
  let last: MutationRecord | null = null;
  const free: MutationRecord[] = [];
  let seen = looked;
  /** Of the free ones, those that people look at. */
  let preferred = new WeakSet<MutationRecord>();
  const delayed = new Set<MutationRecord>();
  const expiring = new Set<MutationRecord>();
  const waiting = new Map<string, Set<string>>();
  /** Record id → what waits for it. */
  const blocked = new Map<string, string[]>();
  /** Cache id or key → its latest unsettled writer, and who needs it since. Earlier ones are waited for through these. */
  const writers = new Map<string, string>();
  const readers = new Map<string, Set<string>>();
  /** Bare id → type → what writers has for that entity: whoever takes an id may mean any of them. */
  const namesakes = new Map<string, Map<string, string>>();
  let everyone = new Set<string>();
  /** Waits for a person, or for what does. */
  const stuck = new Set<string>();

  const isSeen = (record: MutationRecord): boolean => seen.size > 0 && record.writes.some((key) => seen.has(key));
  /** Priority, then what people look at, then age. */
  const compare = (a: MutationRecord, b: MutationRecord): number =>
    RANK[a.priority] - RANK[b.priority] || Number(preferred.has(b)) - Number(preferred.has(a)) || compareRecords(a, b);
  /** Where a record stands, or would stand, among the free ones. */
  const placeOf = (record: MutationRecord): number => {
    let from = 0;
    let to = free.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (compare(free[middle] as MutationRecord, record) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  };

  const enlist = (record: MutationRecord): void => {
    if (record.state !== 'queued') return;
    if (record.expiresAt !== null) expiring.add(record);
    if (waiting.has(record.id)) return;
    if (isSeen(record)) preferred.add(record);
    free.splice(placeOf(record), 0, record);
    if (record.nextAttemptAt !== null) delayed.add(record);
  };
  const strike = (record: MutationRecord): void => {
    expiring.delete(record);
    delayed.delete(record);
    const at = placeOf(record);
    if (free[at] === record) free.splice(at, 1);
  };

  const append = (record: MutationRecord): void => {
    last = record;
    if (!isUnsettled(record)) return;
    const { id } = record;
    const blockers = new Set<string>();
    const block = (other: string | undefined): void => {
      if (other !== undefined) blockers.add(other);
    };
    const touchesEverything = record.writes.includes(EVERYTHING);
    if (touchesEverything) everyone.forEach(block);
    block(writers.get(EVERYTHING));
    for (const key of record.writes) {
      if (key === EVERYTHING) continue;
      block(writers.get(key));
      readers.get(key)?.forEach(block);
    }
    const bare = bareOf(record);
    if (bare !== null) readers.get(bare)?.forEach(block);
    for (const key of record.reads) {
      block(writers.get(key));
      namesakes.get(key)?.forEach(block);
    }

    known.set(id, record);
    if (blockers.size > 0) waiting.set(id, blockers);
    for (const blocker of blockers) push(blocked, blocker, id);
    enlist(record);

    if (!isPending(record) || [...blockers].some((blocker) => stuck.has(blocker))) stuck.add(id);
    else if (touchesEverything) {
      everyone = new Set([id]);
      writers.set(EVERYTHING, id);
    } else everyone.add(id);
    for (const key of holds(record)) {
      writers.set(key, id);
      readers.delete(key);
    }
    if (bare !== null && (record.state !== 'dead' || record.kind === 'create'))
      namesakes.set(bare, (namesakes.get(bare) ?? new Map<string, string>()).set(record.typename as string, id));
    if (record.state !== 'dead') for (const key of record.reads) readers.set(key, (readers.get(key) ?? new Set()).add(id));
  };

  /** It waits for nothing, so nobody before it holds what it held: all that it leaves is free. */
  const release = (record: MutationRecord): void => {
    const { id } = record;
    strike(record);
    known.delete(id);
    everyone.delete(id);
    for (const key of record.writes) if (writers.get(key) === id) writers.delete(key);
    const bare = bareOf(record);
    const same = bare === null ? undefined : namesakes.get(bare);
    if (same?.get(record.typename as string) === id && same.delete(record.typename as string) && same.size === 0)
      namesakes.delete(bare as string);
    for (const key of record.reads) {
      const others = readers.get(key);
      if (others?.delete(id) && others.size === 0) readers.delete(key);
    }
    for (const next of blocked.get(id) ?? []) {
      const blockers = waiting.get(next);
      if (!blockers?.delete(id) || blockers.size > 0) continue;
      waiting.delete(next);
      const freed = known.get(next);
      if (freed) enlist(freed);
    }
    blocked.delete(id);
  };

  for (const record of records) append(record);
  return {
    free,
    waiting,
    delayed,
    expiring,
    prefer(now) {
      seen = now;
      preferred = new WeakSet();
      for (const record of free) if (isSeen(record)) preferred.add(record);
      free.sort(compare);
    },
    change(before, after) {
      const now = before && known.get(before.id);
      if (!now) {
        if (!after || !isUnsettled(after)) return true;
        if (last && compareRecords(last, after) >= 0) return false;
        append(after);
        return true;
      }
      if (!isPending(now)) return after?.state === now.state && after.kind === now.kind && sameLane(now, after);
      if (!after || after.state === 'acknowledged') {
        if (waiting.has(now.id)) return false;
        release(now);
        return true;
      }
      if (!isPending(after) || !sameLane(now, after)) return false;
      strike(now);
      known.set(after.id, after);
      enlist(after);
      return true;
    },
  };
}

const RANK = { high: 0, normal: 1, low: 2 } as const;

function sameLane(a: MutationRecord, b: MutationRecord): boolean {
  return a.sequence === b.sequence && a.priority === b.priority && equal(a.writes, b.writes) && equal(a.reads, b.reads);
}

/** By what those name it who know no type. */
function bareOf({ typename, entityId }: MutationRecord): string | null {
  return typename === null || entityId === null ? null : idKey(entityId);
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

function push(index: Map<string, string[]>, key: string, id: string): void {
  const list = index.get(key);
  if (list) list.push(id);
  else index.set(key, [id]);
}
