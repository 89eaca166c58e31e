import type { HeldLease } from '../errors.ts';
import { isCacheId } from './description.ts';
import { type Failure, isMergeable, type MutationKind, type MutationRecord, type RecordState, writtenFields } from './record.ts';

/** A record as people and components see it: frozen, without what only replay needs. */
export interface OutboxRecord {
  readonly id: string;
  readonly state: RecordState;
  /** Whether this device's storage has it, so that a crash would not take it away. False for the milliseconds that writing takes. */
  readonly stored: boolean;
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly kind: MutationKind;
  /** Of generated mutations. */
  readonly typename: string | null;
  /** Cache ids that it writes, such as `Todo:1`. */
  readonly entities: readonly string[];
  /** Sends so far. */
  readonly attempts: number;
  /** Milliseconds since the Unix epoch. */
  readonly enqueuedAt: number;
  /** When it is tried again, in milliseconds since the Unix epoch; null: as soon as its turn comes. */
  readonly nextAttemptAt: number | null;
  /** Ids of the records that it waits for. */
  readonly waitingFor: readonly string[];
  /** Why the last attempt failed, or why it is a dead letter. */
  readonly failure: Failure | null;
}

/** What an entity waits for: the most pressing state of the records that write it. `storing`: queued, and still being written to this device. */
export type PendingState = (typeof PRESSING)[number];
const PRESSING = ['conflict', 'dead', 'sending', 'queued', 'storing'] as const;

/** By cache id, of everything that waits; made once for each list, so that a row of a long table costs a look-up. */
export function createPendingStates(): (records: readonly OutboxRecord[], entity: string) => PendingState | null {
  const indexes = new WeakMap<readonly OutboxRecord[], ReadonlyMap<string, PendingState>>();
  const index = (records: readonly OutboxRecord[]): ReadonlyMap<string, PendingState> => {
    const states = new Map<string, PendingState>();
    for (const pressing of [...PRESSING].reverse())
      for (const { state, stored, entities } of records)
        if ((stored ? state : 'storing') === pressing) for (const entity of entities) states.set(entity, pressing);
    return states;
  };
  return (records, entity) => {
    let states = indexes.get(records);
    if (!states) {
      states = index(records);
      indexes.set(records, states);
    }
    return states.get(entity) ?? null;
  };
}

/** A parked conflict with its three sides, by input field names. */
export interface ConflictRecord {
  /** The mutation record's id. */
  readonly id: string;
  readonly operationName: string;
  readonly kind: MutationKind;
  readonly typename: string;
  readonly entityId: string;
  /** `VERSION_MISMATCH`, `DELETED`, `ALREADY_EXISTS`, `LEASE_HELD` … */
  readonly code: string;
  readonly message: string;
  /** As the editor saw it; fields whose base is unknown are absent. */
  readonly base: Readonly<Record<string, unknown>>;
  /** As the editor left it: the fields that the mutation sets. Of a mutation of which only its variables are known: these. */
  readonly local: Readonly<Record<string, unknown>>;
  /** The whole entity at the server; null when it is gone. */
  readonly remote: Readonly<Record<string, unknown>> | null;
  readonly conflictingFields: readonly string[];
  /** Of `LEASE_HELD`: the lease that stood in the way. */
  readonly lease?: HeldLease;
}

/** The other keys are those of records, of operations and of orderings. */
const isEntity = (key: string): boolean => isCacheId(key) && !/^(record|after|key):/.test(key);

const NOTHING: ReadonlySet<string> = new Set();

/** Views of records that keep their identity while nothing in them changed. */
export function createViews(
  isStored: (id: string) => boolean,
): (record: MutationRecord, waitingFor: ReadonlySet<string> | undefined) => OutboxRecord {
  const views = new WeakMap<MutationRecord, OutboxRecord>();
  return (record, blockers = NOTHING) => {
    const known = views.get(record);
    const stored = isStored(record.id);
    if (known && known.stored === stored && known.waitingFor.length === blockers.size && known.waitingFor.every((id) => blockers.has(id)))
      return known;
    const view: OutboxRecord = Object.freeze({
      id: record.id,
      state: record.state,
      stored,
      operationName: record.operationName,
      variables: record.variables,
      kind: record.kind,
      typename: record.typename,
      entities: record.writes.filter(isEntity),
      attempts: record.attempts,
      enqueuedAt: record.enqueuedAt,
      nextAttemptAt: record.nextAttemptAt,
      waitingFor: [...blockers],
      failure: record.failure,
    });
    views.set(record, view);
    return view;
  };
}

export function conflictOf(record: MutationRecord): ConflictRecord | null {
  if (record.state !== 'conflict' || !record.conflict || record.typename === null || record.entityId === null) return null;
  const { code, message, remote, conflictingFields, lease } = record.conflict;
  return Object.freeze({
    id: record.id,
    operationName: record.operationName,
    kind: record.kind,
    typename: record.typename,
    entityId: record.entityId,
    code,
    message,
    base: record.base ?? {},
    local: isMergeable(record) ? writtenFields(record) : record.variables,
    remote,
    conflictingFields,
    ...(lease ? { lease } : {}),
  });
}
