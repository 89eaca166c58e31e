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

export function createTickets(): Tickets {
  const byRecord = new Map<string, Open>();

  const forget = (open: Open): void => {
    for (const [id, other] of byRecord) if (other === open) byRecord.delete(id);
  };

  return {
    open(records, holder) {
      // In the order of the document, whichever is answered first.
      const data = Object.fromEntries(records.map((record) => [record.responseKey, null]));
      const open: Open = { holder, missing: new Set(records.map(({ id }) => id)), data, errors: [] };
      for (const { id } of records) byRecord.set(id, open);
    },
    settle(record, errors = []) {
      const open = byRecord.get(record.id);
      if (!open) return;
      byRecord.delete(record.id);
      open.missing.delete(record.id);
      open.data[record.responseKey] = record.result;
      open.errors = [...open.errors, ...errors];
      if (open.missing.size === 0) open.holder.settled({ data: open.data, errors: open.errors });
    },
    fail(recordId, error) {
      const open = byRecord.get(recordId);
      if (!open) return;
      forget(open);
      open.holder.failed(error);
    },
    close(records) {
      for (const { id } of records) byRecord.delete(id);
    },
    waiting: () => [...byRecord.keys()],
    failAll(error) {
      const all = new Set(byRecord.values());
      byRecord.clear();
      for (const open of all) open.holder.failed(error);
    },
  };
}
