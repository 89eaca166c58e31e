import type { ConnectionState } from './connection/connection-state.ts';
import { createDerived, type Observed, sameItems, shallowEqual } from './observed.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { MutationRecord } from './outbox/record.ts';
import { type ConflictRecord, conflictOf, createPendingStates, createViews, type OutboxRecord, type PendingState } from './outbox/view.ts';
import type { Cancel, Clock } from './ports.ts';
import type { Breaker } from './replay/breaker.ts';
import type { Lanes } from './replay/lanes.ts';
import type { SyncControl } from './sync/sync.ts';

/** The state of the whole, in one frozen object. */
export interface OfflineStatus {
  /** `paused`: nothing is sent, for the reason in `pausedBecause`. */
  readonly connection: 'online' | 'offline' | 'paused';
  /** `user`: by `outbox.pause()`. `unauthenticated`: the server wants a sign-in; then `outbox.resume()`. */
  readonly pausedBecause: 'user' | 'unauthenticated' | null;
  /** Records on their way: queued and being sent. */
  readonly pending: number;
  /** Of those, the ones being sent. */
  readonly sending: number;
  /**
   * Of those, the ones still being written to this device, for some milliseconds: until then a crash would take them away. An app that
   * counts what waits counts the others; one that would rather ask before its page is left asks while this is not 0.
   */
  readonly storing: number;
  /** Conflicts that wait for a person. */
  readonly conflicts: number;
  readonly deadLetters: number;
  /** When this device last got changes from the server. Milliseconds since the Unix epoch; null: never. */
  readonly lastSyncedAt: number | null;
  /** Entities that a pull of several pages has brought into this tab so far: after a long time away, or at the very first start. Null: none is under way. */
  readonly syncing: number | null;
  /**
   * Whether the endpoint is spared: it answered several mutations in a row with failures of its own. `open`: nothing is sent until
   * `nextAttemptAt`; `halfOpen`: one mutation finds out.
   */
  readonly circuit: 'closed' | 'open' | 'halfOpen';
  /** When the next retry is due; null: none is. */
  readonly nextAttemptAt: number | null;
  /** `memory`: storage cannot be used, and nothing survives a reload. */
  readonly storage: 'durable' | 'memory';
  /**
   * Whether the browser has promised not to throw stored data away by itself (`navigator.storage.persist()`); asked for when the first
   * mutation is stored. Null: not asked yet.
   */
  readonly persistent: boolean | null;
  /** Whether this tab sends for all tabs. */
  readonly leader: boolean;
}

/** Something worth logging. Never holds variables, tokens or other people's data. */
export interface OfflineEvent {
  readonly code: string;
  readonly message: string;
  /** The record or storage key that it is about. */
  readonly key?: string;
}

/** The outbox as people see it, and the state of the whole; everything keeps its identity while nothing in it changes. */
export interface Views {
  readonly records: Observed<readonly OutboxRecord[]>;
  readonly conflicts: Observed<readonly ConflictRecord[]>;
  readonly status: Observed<OfflineStatus>;
  /** Something may have changed. */
  refresh(): void;
  /** One record as people see it. */
  view(record: MutationRecord): OutboxRecord;
  /** The records, and by entity the most pressing state of what writes it. */
  readonly waiting: {
    records(): readonly OutboxRecord[];
    stateOf(entity: string): PendingState | null;
    subscribe(listener: () => void): Cancel;
  };
}

export function createStatus(deps: {
  readonly outbox: Pick<Outbox, 'records' | 'counts' | 'isStored'>;
  readonly lanes: Pick<Lanes, 'plan'>;
  readonly clock: Clock;
  readonly breaker: Pick<Breaker, 'state' | 'probeAt'>;
  readonly connection: () => ConnectionState;
  readonly sync: Pick<SyncControl, 'lastSyncedAt' | 'syncing'>;
  readonly durable: () => boolean;
  readonly persistent: () => boolean | null;
  readonly leader: () => boolean;
}): Views {
  const { outbox, lanes, clock, breaker, connection, sync, durable, persistent, leader } = deps;
  const view = createViews(outbox.isStored);
  const pendingState = createPendingStates();
  const records = createDerived<readonly OutboxRecord[]>(() => {
    const all = outbox.records();
    const { waiting } = lanes.plan(clock.now());
    return all.filter(({ state }) => state !== 'acknowledged').map((record) => view(record, waiting.get(record.id)));
  }, sameItems(Object.is));
  const conflicts = createDerived<readonly ConflictRecord[]>(
    () => outbox.records().flatMap((record) => conflictOf(record) ?? []),
    sameItems((a, b) => a.id === b.id && a.message === b.message && a.remote === b.remote && shallowEqual(a.local, b.local)),
  );
  const status = createDerived<OfflineStatus>(() => {
    const { connection: state, reason } = connection();
    return Object.freeze({
      connection: state,
      pausedBecause: state !== 'paused' ? null : reason === 'unauthenticated' ? 'unauthenticated' : 'user',
      ...outbox.counts,
      lastSyncedAt: sync.lastSyncedAt(),
      syncing: sync.syncing(),
      circuit: breaker.state(),
      nextAttemptAt: breaker.probeAt() ?? lanes.plan(clock.now()).nextAt,
      storage: durable() ? 'durable' : 'memory',
      persistent: persistent(),
      leader: leader(),
    });
  }, shallowEqual);
  return {
    records,
    conflicts,
    status,
    refresh() {
      records.refresh();
      conflicts.refresh();
      status.refresh();
    },
    view: (record) => view(record, undefined),
    waiting: { records: records.get, subscribe: records.subscribe, stateOf: (entity) => pendingState(records.get(), entity) },
  };
}
