import { equal } from '../../schema/equal.ts';
import { OfflineError } from '../errors.ts';
import type { Cancel, Random, Storage } from '../ports.ts';
import { createIdentities } from './identities.ts';
import { sizeOf } from './plain.ts';
import { compareRecords, decodeRecord, encodeRecord, isPending, type MutationRecord } from './record.ts';

/** What happened to one record; `before` null: new here, `after` null: gone. */
export interface OutboxChange {
  readonly id: string;
  readonly before: MutationRecord | null;
  readonly after: MutationRecord | null;
}

export interface OutboxEvent {
  readonly code: 'RECORD_UNREADABLE' | 'RECORD_NEWER' | 'WRONG_OWNER';
  readonly message: string;
  readonly key: string;
}

export interface OutboxLimits {
  /** Records that may wait at once. Default 10 000. */
  readonly maxRecords: number;
  /** Size of one record, in UTF-16 units of its JSON. Default 1 000 000. */
  readonly maxRecordLength: number;
  /** Size of the files and buffers in one record, in bytes. Default: no limit. */
  readonly maxFileBytes?: number;
}

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
  get(id: string): MutationRecord | null;
  /** Whether storage has the record as it is here: only then may it be sent, because a crash would bring back something else. */
  isDurable(id: string): boolean;
  /**
   * Shows the records at once and resolves when they are durable.
   * @throws OfflineError `OUTBOX_FULL`, `RECORD_TOO_LARGE`, or the storage's own code: then nothing is kept.
   */
  add(records: readonly MutationRecord[]): Promise<void>;
  /** Rewrites a record: in memory at once, durably when the promise resolves. When storage fails, memory goes back too. */
  put(record: MutationRecord): Promise<void>;
  /** Changes a record in memory only: states that a crash may forget. */
  note(record: MutationRecord): void;
  remove(id: string): Promise<void>;
  /** One record as storage has it now. */
  read(id: string): Promise<MutationRecord | null>;
  /** Takes over in memory what another tab has done in storage. */
  mirror(id: string, record: MutationRecord | null): void;
  /** The `ackedThrough` that may be told with requests of this client: everything below the oldest record that may still be sent under it. */
  ackedThrough(clientId: string): number;
  /** Whether every mutation id up to the highest one seen of this client is known here. If not, a message was lost: `load()` closes the gap. */
  isComplete(clientId: string): boolean;
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
  /** Hears of records once storage has them (or no longer has them): then other tabs can read the same. */
  onWritten(listener: (id: string) => void): Cancel;
}

const RECORD = 'record/';
const CLIENT = 'client/';
const PAUSED = 'paused';

export function createOutbox(
  deps: { readonly storage: Storage; readonly random: Random; readonly onEvent: (event: OutboxEvent) => void },
  options: { readonly owner: string | null; readonly limits: OutboxLimits },
): Outbox {
  const { storage, random, onEvent } = deps;
  const clientId = random.id();
  const records = new Map<string, MutationRecord>();
  const identities = createIdentities(clientId);
  const listeners = new Set<(change: OutboxChange) => void>();
  const writeListeners = new Set<(id: string) => void>();
  /** Writes under way, and what storage has until they end. A crash brings that back, so the server must not forget its answer yet. */
  const writing = new Map<string, { readonly stored: MutationRecord | null; count: number }>();
  /** Ids that changed since a `load()` under way has begun: what it read of them is out of date. */
  const loads = new Set<Set<string>>();
  let sorted: readonly MutationRecord[] | null = null;
  let lastMutationId = 0;
  let lastSequence = 0;
  let announced: Promise<void> | null = null;

  const set = (id: string, after: MutationRecord | null): void => {
    const before = records.get(id) ?? null;
    if (after) {
      records.set(id, after);
      lastSequence = Math.max(lastSequence, after.sequence);
      identities.seen(after);
    } else records.delete(id);
    sorted = null;
    for (const touched of loads) touched.add(id);
    for (const listener of [...listeners]) listener({ id, before, after });
  };

  /** Runs a write; until it ends, storage may have what it had before. */
  const writes = async (ids: readonly string[], run: () => Promise<void>): Promise<void> => {
    for (const id of ids) {
      const under = writing.get(id);
      if (under) under.count += 1;
      else writing.set(id, { stored: records.get(id) ?? null, count: 1 });
    }
    try {
      await run();
    } finally {
      for (const id of ids) {
        const under = writing.get(id);
        if (under && --under.count === 0) writing.delete(id);
      }
    }
    for (const id of ids) for (const listener of [...writeListeners]) listener(id);
  };

  const decode = (key: string, value: unknown): MutationRecord | null => {
    const decoded = decodeRecord(value);
    if (!decoded.ok) onEvent({ code: decoded.code, message: decoded.message, key });
    else if (decoded.record.owner !== options.owner)
      onEvent({ code: 'WRONG_OWNER', message: 'a record of another owner; it is not sent', key });
    else return decoded.record;
    return null;
  };

  /** A client is known to storage before its first record is, so that it can be retired even when all its records are gone. */
  const announce = (): Promise<void> => {
    announced ??= storage.put(CLIENT + clientId, { codec: 1 }).catch((error: unknown) => {
      announced = null;
      throw error;
    });
    return announced;
  };

  /** Records that a request may still be made of, now or after a crash. */
  const held = (): readonly MutationRecord[] => [...records.values(), ...[...writing.values()].flatMap(({ stored }) => stored ?? [])];

  return {
    clientId,
    nextMutationId: () => ++lastMutationId,
    nextSequence: () => ++lastSequence,
    async load() {
      const touched = new Set<string>();
      loads.add(touched);
      try {
        const known = await storage.entries(CLIENT);
        const before = [...records.keys()].filter((id) => !writing.has(id));
        const stored = await storage.entries(RECORD);
        for (const [key] of known) identities.add(key.slice(CLIENT.length));
        const unread: unknown[] = [];
        const loaded = stored.flatMap(([key, value]) => {
          const record = decode(key, value);
          if (!record) unread.push(value);
          return record ?? [];
        });
        const current = (id: string): boolean => !touched.has(id) && !writing.has(id);
        for (const record of loaded.sort(compareRecords))
          if (current(record.id) && !equal(records.get(record.id), record)) set(record.id, record);
        const there = new Set(loaded.map(({ id }) => id));
        for (const id of before) if (!there.has(id) && current(id) && records.has(id)) set(id, null);
        identities.loaded(loaded, unread);
      } finally {
        loads.delete(touched);
      }
    },
    records: () => (sorted ??= [...records.values()].sort(compareRecords)),
    get: (id) => records.get(id) ?? null,
    isDurable: (id) => !writing.has(id),
    async add(added) {
      if (records.size + added.length > options.limits.maxRecords)
        throw new OfflineError(
          'OUTBOX_FULL',
          `expected at most ${options.limits.maxRecords} waiting mutations, got one more; send or discard some, or raise limits.maxRecords`,
        );
      for (const record of added) checkSize(record, options.limits);
      const ids = added.map(({ id }) => id);
      await writes(ids, async () => {
        for (const record of added) set(record.id, record);
        try {
          await announce();
          if (storage.putMany && added.length > 1)
            await storage.putMany(added.map((record) => [RECORD + record.id, encodeRecord(record)] as const));
          else for (const record of added) await storage.put(RECORD + record.id, encodeRecord(record));
        } catch (cause) {
          for (const id of ids) set(id, null);
          for (const id of ids) await storage.remove(RECORD + id).catch(() => undefined);
          throw cause;
        }
      });
    },
    async put(record) {
      const before = records.get(record.id) ?? null;
      await writes([record.id], async () => {
        set(record.id, record);
        try {
          if (record.clientId === clientId) await announce();
          await storage.put(RECORD + record.id, encodeRecord(record));
        } catch (cause) {
          // What is sent, shown and counted stays what a restart would find.
          if (records.get(record.id) === record) set(record.id, before);
          throw cause;
        }
      });
    },
    note: (record) => set(record.id, record),
    async remove(id) {
      await writes([id], async () => {
        await storage.remove(RECORD + id);
        if (records.has(id)) set(id, null);
      });
    },
    async read(id) {
      const value = await storage.get(RECORD + id);
      return value === null ? null : decode(RECORD + id, value);
    },
    mirror(id, record) {
      if (record || records.has(id)) set(id, record);
    },
    ackedThrough: (client) => identities.ackedThrough(client, held()),
    isComplete: (client) => identities.isComplete(client, held()),
    otherClients: identities.others,
    leave: identities.leave,
    retired: () => identities.retired(held()),
    async forget(clientIds) {
      for (const client of clientIds) {
        await storage.remove(CLIENT + client);
        identities.forget(client);
      }
    },
    // Of a damaged value nothing is known; whoever paused can do so again.
    isPaused: async () => (await readable(storage.get(PAUSED))) === true,
    setPaused: (paused) => (paused ? storage.put(PAUSED, true) : storage.remove(PAUSED)),
    async clear() {
      await storage.remove(PAUSED);
      for (const prefix of [RECORD, CLIENT]) for (const [key] of await storage.entries(prefix)) await storage.remove(key);
      announced = null;
      for (const id of [...records.keys()]) set(id, null);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onWritten(listener) {
      writeListeners.add(listener);
      return () => void writeListeners.delete(listener);
    },
  };
}

async function readable(value: Promise<unknown>): Promise<unknown> {
  return value.catch((error: unknown) => {
    if (OfflineError.is(error, 'UNKNOWN_FORMAT')) return null;
    throw error;
  });
}

/** How many records wait for an answer, by what they wait for. */
export function countRecords(records: readonly MutationRecord[]): {
  pending: number;
  sending: number;
  conflicts: number;
  deadLetters: number;
} {
  const counts = { pending: 0, sending: 0, conflicts: 0, deadLetters: 0 };
  for (const record of records) {
    if (isPending(record)) counts.pending += 1;
    if (record.state === 'sending') counts.sending += 1;
    if (record.state === 'conflict') counts.conflicts += 1;
    if (record.state === 'dead') counts.deadLetters += 1;
  }
  return counts;
}

function checkSize(record: MutationRecord, { maxRecordLength, maxFileBytes = Number.POSITIVE_INFINITY }: OutboxLimits): void {
  const { length, bytes } = sizeOf(record);
  const refuse = (limit: string, got: string): never => {
    throw new OfflineError(
      'RECORD_TOO_LARGE',
      `expected a mutation of at most ${limit}, got ${got} (${record.operationName}); send less at once`,
      { recordId: record.id },
    );
  };
  if (length > maxRecordLength) refuse(`${maxRecordLength} characters (limits.maxRecordLength)`, `${length}`);
  if (bytes > maxFileBytes) refuse(`${maxFileBytes} bytes in files (limits.maxFileBytes)`, `${bytes}`);
}
