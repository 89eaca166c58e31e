import { equal } from '../../schema/equal.ts';
import type { Cancel, Random, Storage } from '../ports.ts';
import { removeAbsorbed, withoutAbsorbed } from './absorbed.ts';
import { createAnnouncement } from './announcement.ts';
import { ATTEMPTS, createAttempts } from './attempts.ts';
import { createIdentities } from './identities.ts';
import { checkLimits, type OutboxLimits } from './limits.ts';
import { type Deploy, inNewForm, type Migrate } from './migration.ts';
import { type Counts, createMirror } from './mirror.ts';
import { createPauseMark } from './pause-mark.ts';
import { createReader, type QuarantinedRecord } from './reader.ts';
import { compareRecords, encodeRecord, type MutationRecord } from './record.ts';
import { createWrites } from './writes.ts';

/** What happened to one record; `before` null: new here, `after` null: gone. */
export interface OutboxChange {
  readonly id: string;
  readonly before: MutationRecord | null;
  readonly after: MutationRecord | null;
}

export type OutboxEvent = Omit<QuarantinedRecord, 'value'>;

/** The durable list of what has not reached the server, and a mirror of it in memory. Sacred: nothing but its owner removes a record. */
export interface Outbox {
  /** This tab session's identity; with a mutation id it is the idempotency key. */
  readonly clientId: string;
  nextMutationId(): number;
  nextSequence(): number;
  /** Makes the mirror equal to storage. What cannot be read stays there untouched and is reported. */
  load(): Promise<void>;
  /** All readable records, in the order made. */
  records(): readonly MutationRecord[];
  readonly size: number;
  /** `storing`: of the pending ones, those that storage may not have yet. */
  readonly counts: Counts & { readonly storing: number };
  /** The records of one entity, in the order made. */
  ofEntity(typename: string | null, id: string | null): readonly MutationRecord[];
  get(id: string): MutationRecord | null;
  /** Whether a create of this temporary id is still to be answered. */
  isAwaited(temporary: string): boolean;
  /** Whether storage has the record as it is here: only then may it be sent, because a crash would bring back something else. */
  isDurable(id: string): boolean;
  /** Whether storage has the record in some form: a crash would bring it back. */
  isStored(id: string): boolean;
  /**
   * Shows the records at once and resolves when they are durable.
   * @throws OfflineError `OUTBOX_FULL`, `RECORD_TOO_LARGE`, or the storage's own code: then nothing is kept.
   */
  add(records: readonly MutationRecord[]): Promise<void>;
  /** Rewrites a record: in memory at once, durably when the promise resolves. When storage fails, memory goes back too. */
  put(record: MutationRecord): Promise<void>;
  /** Like `put`, at the cost of one write where storage can do that. Rejects when one of them failed; the others stand. */
  putAll(records: readonly MutationRecord[]): Promise<void>;
  /** Stores records as they will be once the caller notes them: memory stays as it is. Resolves with those stored; rejects when none is. */
  write(records: readonly MutationRecord[]): Promise<readonly MutationRecord[]>;
  /** Changes a record in memory only: states that a crash may forget. */
  note(record: MutationRecord): void;
  /** Tells storage, in one write, that these are being sent: after a crash in the middle their attempts are known. */
  mark(sending: readonly MutationRecord[]): Promise<void>;
  remove(id: string): Promise<void>;
  /** One record as storage has it now. */
  read(id: string): Promise<MutationRecord | null>;
  /** Stored values that are not sent, and why: damaged, newer than this release, or of another owner. They stay as they are. */
  quarantined(): readonly QuarantinedRecord[];
  /** Of who sends, before that: ends what a crash has left half done, and rewrites what an earlier deploy has stored as it is here. */
  storeMigrated(): Promise<void>;
  /** Takes over in memory what another tab has done in storage. */
  mirror(id: string, record: MutationRecord | null): void;
  /** The `ackedThrough` that may be told with requests of this client: everything below the oldest record that may still be sent under it. */
  ackedThrough(clientId: string): number;
  /** Whether every mutation id of its client before its own is known here. If not, a message was lost: `load()` closes the gap. */
  follows(record: MutationRecord): boolean;
  /** Clients of other tabs, those of earlier sessions included. */
  otherClients(): readonly string[];
  /** The tab of this client is gone. */
  leave(clientId: string): void;
  /** Clients of tabs that are gone, with nothing left to send. A live one may be about to send. */
  retired(): readonly string[];
  /** Forgets retired clients after the server has been told. */
  forget(clientIds: readonly string[]): Promise<void>;
  /** Whether sending was switched off by its owner; outlives the page. */
  isPaused(): Promise<boolean>;
  setPaused(paused: boolean): Promise<void>;
  /** Removes everything this owner has here. */
  clear(): Promise<void>;
  subscribe(listener: (change: OutboxChange) => void): Cancel;
  /** Hears of records when a write of theirs has ended, well or not: what storage has now, other tabs can read. */
  onWritten(listener: (id: string) => void): Cancel;
}

const RECORD = 'record/';
const CLIENT = 'client/';

export function createOutbox(
  deps: {
    readonly storage: Storage;
    readonly random: Random;
    /** Default: records are taken as they are. */
    readonly migrate?: Migrate;
    readonly onEvent: (event: OutboxEvent) => void;
  },
  options: { readonly owner: string | null; readonly limits: OutboxLimits; readonly deploy?: Deploy },
): Outbox {
  const { storage, random, migrate = (record) => record, onEvent } = deps;
  const { owner, deploy = { appVersion: null, schemaHash: null } } = options;
  const clientId = random.id();
  const mirror = createMirror();
  const identities = createIdentities(clientId);
  const pauseMark = createPauseMark(storage);
  const attempts = createAttempts(storage);
  const announced = createAnnouncement(storage, CLIENT + clientId);
  const underWay = createWrites();
  const reader = createReader({ migrate, counted: attempts.counted, onEvent }, { owner, deploy });
  const listeners = new Set<(change: OutboxChange) => void>();
  /** Ids that changed since a `load()` under way has begun: what it read of them is out of date. */
  const loads = new Set<Set<string>>();
  let lastMutationId = 0;
  let lastSequence = 0;

  const set = (id: string, after: MutationRecord | null): void => {
    const before = mirror.get(id);
    mirror.set(id, after);
    if (after) {
      lastSequence = Math.max(lastSequence, after.sequence);
      identities.seen(after);
    }
    for (const touched of loads) touched.add(id);
    for (const listener of [...listeners]) listener({ id, before, after });
  };

  const writes = async (ids: readonly string[], write: () => Promise<void>): Promise<void> => {
    await underWay.run(ids, mirror.get, write);
    ids.forEach(attempts.stored);
  };

  /** Records that a request may still be made of, now or after a crash. */
  const held = (): readonly MutationRecord[] => [...mirror.sorted(), ...underWay.overwritten()];

  /** Puts records where a restart finds them: which are there now, and what kept the others out. */
  const store = async (all: readonly MutationRecord[]) => {
    const pairs = all.map((record) => [RECORD + record.id, encodeRecord(record)] as const);
    try {
      // Without waiting where there is nothing to wait for: storage then writes while the next of a burst are made.
      if (!announced.isDone() && all.some((record) => record.clientId === clientId)) await announced.put();
    } catch (reason) {
      return { stored: [], reason };
    }
    const together =
      pairs.length > 1 &&
      storage.putMany?.(pairs).then(
        () => true,
        () => false,
      );
    // Perhaps one of them is too large: it must not keep out the others.
    const results = together && (await together) ? [] : await Promise.allSettled(pairs.map(([key, value]) => storage.put(key, value)));
    const stored = all.filter((_, index) => results[index]?.status !== 'rejected');
    return { stored, reason: results.find((result) => result.status === 'rejected')?.reason as unknown };
  };

  const putAll = async (all: readonly MutationRecord[]): Promise<void> => {
    const before = new Map(all.map(({ id }) => [id, mirror.get(id)]));
    await writes([...before.keys()], async () => {
      for (const record of all) set(record.id, record);
      const { stored, reason } = await store(all);
      if (stored.length === all.length) return;
      // What is sent, shown and counted stays what a restart would find.
      const there = new Set(stored);
      for (const record of all) if (!there.has(record) && mirror.get(record.id) === record) set(record.id, before.get(record.id) ?? null);
      throw reason;
    });
  };

  const outbox: Outbox = {
    clientId,
    nextMutationId: () => ++lastMutationId,
    nextSequence: () => ++lastSequence,
    async load() {
      const touched = new Set<string>();
      loads.add(touched);
      try {
        await attempts.load();
        const known = await storage.entries(CLIENT);
        const before = [...mirror.ids()].filter((id) => !underWay.isUnderWay(id));
        const stored = await storage.entries(RECORD);
        for (const [key] of known) identities.add(key.slice(CLIENT.length));
        const unread: unknown[] = [];
        const loaded = stored.flatMap(([key, value]) => {
          const record = reader.read(key, value);
          if (!record) unread.push(value);
          return record ?? [];
        });
        reader.keep(new Set(stored.map(([key]) => key)));
        const current = (id: string): boolean => !touched.has(id) && !underWay.isUnderWay(id);
        // What is being absorbed just now is not yet part of the other: that one's write may turn out to be out of date.
        const standing = withoutAbsorbed(loaded.map((record) => (current(record.id) ? record : (mirror.get(record.id) ?? record))));
        for (const record of standing.toSorted(compareRecords))
          if (current(record.id) && !equal(mirror.get(record.id), record)) set(record.id, record);
        const there = new Set(standing.map(({ id }) => id));
        for (const id of before) if (!there.has(id) && current(id) && mirror.get(id)) set(id, null);
        identities.loaded(loaded, unread);
      } finally {
        loads.delete(touched);
      }
    },
    records: mirror.sorted,
    get size() {
      return mirror.size;
    },
    get counts() {
      return { ...mirror.counts, storing: underWay.unstored };
    },
    ofEntity: mirror.ofEntity,
    get: mirror.get,
    isAwaited: mirror.isAwaited,
    isDurable: (id) => !underWay.isUnderWay(id),
    isStored: (id) => !underWay.isNew(id),
    async add(added) {
      checkLimits(added, mirror.size, options.limits);
      const ids = added.map(({ id }) => id);
      await writes(ids, async () => {
        for (const record of added) set(record.id, record);
        try {
          const { stored, reason } = await store(added);
          if (stored.length < added.length) throw reason;
        } catch (cause) {
          for (const id of ids) set(id, null);
          for (const id of ids) await storage.remove(RECORD + id).catch(() => undefined);
          throw cause;
        }
      });
    },
    put: (record) => putAll([record]),
    putAll,
    async write(all) {
      let stored: readonly MutationRecord[] = [];
      const ids = all.map(({ id }) => id);
      await writes(ids, async () => {
        const result = await store(all);
        stored = result.stored;
        if (stored.length === 0 && all.length > 0) throw result.reason;
      });
      return stored;
    },
    note: (record) => set(record.id, record),
    mark: attempts.mark,
    async remove(id) {
      await writes([id], async () => {
        await storage.remove(RECORD + id);
        if (mirror.get(id)) set(id, null);
      });
    },
    async read(id) {
      await attempts.load();
      const value = await storage.get(RECORD + id);
      return value === null ? null : reader.read(RECORD + id, value);
    },
    quarantined: reader.quarantined,
    async storeMigrated() {
      await removeAbsorbed(outbox);
      for (const id of reader.takeMigrated()) {
        const record = mirror.get(id);
        if (record) await outbox.put(inNewForm(record, outbox));
      }
    },
    mirror(id, record) {
      if (record || mirror.get(id)) set(id, record);
    },
    ackedThrough: (client) => identities.ackedThrough(client, held()),
    follows: identities.follows,
    otherClients: identities.others,
    leave: identities.leave,
    retired: () => identities.retired(held()),
    async forget(clientIds) {
      for (const client of clientIds) {
        await storage.remove(CLIENT + client);
        identities.forget(client);
      }
    },
    isPaused: pauseMark.read,
    setPaused: pauseMark.write,
    async clear() {
      await Promise.all([pauseMark.write(false), storage.remove(ATTEMPTS)]);
      for (const prefix of [RECORD, CLIENT]) for (const [key] of await storage.entries(prefix)) await storage.remove(key);
      reader.keep(new Set());
      announced.forget();
      for (const id of [...mirror.ids()]) set(id, null);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onWritten: underWay.onEnded,
  };
  return outbox;
}
