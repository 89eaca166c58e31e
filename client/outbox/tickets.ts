import type { OfflineError } from '../errors.ts';
import type { MutationRecord } from './record.ts';

/** What an operation's records came to, by response key, when all of them are acknowledged. */
export interface SettledOperation {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly { readonly message: string; readonly path?: readonly (string | number)[] | undefined }[];
}

export interface TicketHolder {
  /** Called synchronously, while the cache holds back its broadcast, so that result and optimism change hands unseen. */
  settled(operation: SettledOperation): void;
  /** The operation needs a person, or is gone. Its other records go on. */
  failed(error: OfflineError): void;
}

/** Who waits for which operation in this tab. Lives in memory: after a reload nobody waits any more, and the records go on. */
export interface Tickets {
  open(records: readonly MutationRecord[], holder: TicketHolder): void;
  /** Opens one for a record that has become part of another: it settles as that one does. */
  join(record: MutationRecord, into: string, holder: TicketHolder): void;
  /** Whoever waits for the one record waits for the other from now on: it has become part of it. */
  move(recordId: string, into: string): void;
  settle(record: MutationRecord, errors?: SettledOperation['errors']): void;
  fail(recordId: string, error: OfflineError): void;
  /** Takes tickets back unanswered: their records never became durable, and the caller says so itself. */
  close(records: readonly MutationRecord[]): void;
  failAll(error: OfflineError): void;
  /** Ids of the records that somebody in this tab waits for. */
  waiting(): readonly string[];
}

interface Open {
  readonly holder: TicketHolder;
  readonly missing: Set<string>;
  readonly data: Record<string, unknown>;
  errors: SettledOperation['errors'];
}

/** Somebody's own record, whatever has become of it. */
interface Waiting {
  readonly open: Open;
  readonly record: MutationRecord;
}

/** @param answerTo what the callers of a record are told when another one, of which it is part, is acknowledged. */
export function createTickets(
  answerTo: (record: MutationRecord, settled: MutationRecord) => unknown = (_record, { result }) => result,
): Tickets {
  const byRecord = new Map<string, readonly Waiting[]>();

  const drop = (isDropped: (waiting: Waiting) => boolean): void => {
    for (const [id, all] of byRecord) {
      const left = all.filter((waiting) => !isDropped(waiting));
      if (left.length === 0) byRecord.delete(id);
      else if (left.length < all.length) byRecord.set(id, left);
    }
  };
  const add = (id: string, waiting: Waiting): void => void byRecord.set(id, byRecord.get(id)?.concat(waiting) ?? [waiting]);
  const opened = (records: readonly MutationRecord[], holder: TicketHolder): Open => {
    // In the order of the document, whichever is answered first.
    const data = Object.fromEntries(records.map((record) => [record.responseKey, null]));
    return { holder, missing: new Set(records.map(({ id }) => id)), data, errors: [] };
  };

  return {
    open(records, holder) {
      const open = opened(records, holder);
      for (const record of records) add(record.id, { open, record });
    },
    join: (record, into, holder) => add(into, { open: opened([record], holder), record }),
    move(recordId, into) {
      const all = byRecord.get(recordId) ?? [];
      byRecord.delete(recordId);
      for (const waiting of all) add(into, waiting);
    },
    settle(settled, errors = []) {
      const all = byRecord.get(settled.id) ?? [];
      byRecord.delete(settled.id);
      for (const { open, record } of all) {
        open.missing.delete(record.id);
        open.data[record.responseKey] = answerTo(record, settled);
        open.errors = [...open.errors, ...errors];
        if (open.missing.size === 0) open.holder.settled({ data: open.data, errors: open.errors });
      }
    },
    fail(recordId, error) {
      for (const { open } of byRecord.get(recordId) ?? []) {
        drop((other) => other.open === open);
        open.holder.failed(error);
      }
    },
    close(records) {
      const ids = new Set(records.map(({ id }) => id));
      drop(({ record }) => ids.has(record.id));
    },
    waiting: () => [...byRecord.keys()],
    failAll(error) {
      const all = new Set([...byRecord.values()].flatMap((waiting) => waiting.map(({ open }) => open)));
      byRecord.clear();
      for (const open of all) open.holder.failed(error);
    },
  };
}
