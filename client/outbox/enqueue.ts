import { createCreatedIds } from './created-ids.ts';
import type { DraftContext, MutationCall } from './draft.ts';
import { draftRecords } from './draft.ts';
import type { Outbox } from './outbox.ts';
import type { MutationRecord } from './record.ts';
import type { TicketHolder, Tickets } from './tickets.ts';

/**
 * Takes a mutation in: its records are on screen when the call returns, and durable when the promise resolves. When they cannot be
 * made durable nothing stays on screen, nothing is sent, and the promise rejects with the storage's error.
 */
export type Enqueue = (call: MutationCall, holder: TicketHolder) => Promise<readonly MutationRecord[]>;

export function createEnqueue(deps: {
  readonly isLoaded: () => boolean;
  /** Resolves once the stored records have been read: a mutation made now comes after them. */
  readonly loaded: () => Promise<void>;
  readonly outbox: Outbox;
  readonly tickets: Tickets;
  readonly draft: Omit<DraftContext, 'clientId' | 'nextMutationId' | 'nextSequence' | 'records' | 'created'>;
  /** The records are durable: other tabs may read them, and the drain may send them. */
  readonly onDurable: (records: readonly MutationRecord[]) => void;
}): Enqueue {
  const { isLoaded, loaded, outbox, tickets, onDurable } = deps;
  const { clientId, nextMutationId, nextSequence, records: waiting } = outbox;
  const draft = { ...deps.draft, clientId, nextMutationId, nextSequence, records: waiting, created: createCreatedIds(outbox) };
  return async (call, holder) => {
    // At once where it can be: what the editor saw is what the cache shows now, before anything else of this turn is shown.
    if (!isLoaded()) await loaded();
    const records = draftRecords(call, draft);
    // Every root field is switched off: that is done already.
    if (records.length === 0) holder.settled({ data: {}, errors: [] });
    tickets.open(records, holder);
    try {
      await outbox.add(records);
    } catch (cause) {
      tickets.close(records);
      throw cause;
    }
    onDurable(records);
    return records;
  };
}
