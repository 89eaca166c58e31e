import { compareRecords, isPending, type MutationRecord } from './record.ts';

/** How many records wait for an answer, by what they wait for. */
export interface Counts {
  readonly pending: number;
  readonly sending: number;
  readonly conflicts: number;
  readonly deadLetters: number;
}

/** The records in memory. Asking costs the same however many there are. */
export interface Mirror {
  readonly size: number;
  readonly counts: Counts;
  get(id: string): MutationRecord | null;
  set(id: string, record: MutationRecord | null): void;
  /** All, in the order made. The same list until something changes. */
  sorted(): readonly MutationRecord[];
  /** Whether a create of this temporary id is still to be answered. */
  isAwaited(temporary: string): boolean;
  /** Those of one entity, in the order made. */
  ofEntity(typename: string | null, id: string | null): readonly MutationRecord[];
  ids(): Iterable<string>;
}

export function createMirror(): Mirror {
  const records = new Map<string, MutationRecord>();
  const entities = new Map<string, Map<string, MutationRecord>>();
  /** Temporary id → how many creates of it. */
  const awaited = new Map<string, number>();
  const counts = { pending: 0, sending: 0, conflicts: 0, deadLetters: 0 };
  let sorted: readonly MutationRecord[] | null = null;

  const count = (record: MutationRecord | undefined, by: 1 | -1): void => {
    if (!record) return;
    if (isPending(record)) counts.pending += by;
    if (record.state === 'sending') counts.sending += by;
    if (record.state === 'conflict') counts.conflicts += by;
    if (record.state === 'dead') counts.deadLetters += by;
    const { temporaryId, entityId } = record;
    if (temporaryId && entityId !== null && isPending(record)) awaited.set(entityId, (awaited.get(entityId) ?? 0) + by);
  };

  return {
    get size() {
      return records.size;
    },
    counts,
    get: (id) => records.get(id) ?? null,
    set(id, record) {
      const before = records.get(id);
      count(before, -1);
      count(record ?? undefined, 1);
      if (record) records.set(id, record);
      else records.delete(id);
      sorted = null;
      if (before) {
        const same = entities.get(keyOf(before));
        same?.delete(id);
        if (same?.size === 0) entities.delete(keyOf(before));
      }
      if (record) entities.set(keyOf(record), (entities.get(keyOf(record)) ?? new Map<string, MutationRecord>()).set(id, record));
    },
    sorted: () => (sorted ??= [...records.values()].sort(compareRecords)),
    ofEntity: (typename, id) => [...(entities.get(keyOf({ typename, entityId: id })) ?? new Map()).values()].sort(compareRecords),
    isAwaited: (temporary) => (awaited.get(temporary) ?? 0) > 0,
    ids: () => records.keys(),
  };
}

function keyOf({ typename, entityId }: Pick<MutationRecord, 'typename' | 'entityId'>): string {
  return `${typename}:${entityId}`;
}
