import type { OnDemand } from '../ports.ts';
import type { CompactionRules } from './compaction.ts';
import type * as CompactorModule from './compactor.ts';
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
  readonly draft: DraftContext;
  /** By which mutations become one before they are sent; null: every one goes out as it was made, as do those made before the code is there. */
  readonly compaction: (Omit<CompactionRules, 'isKnown'> & { readonly code: OnDemand<typeof CompactorModule> }) | null;
  /** Woken when records are durable: other tabs may read them, and the drain may send them. */
  readonly sender: CompactorModule.Sender;
}): Enqueue {
  const { isLoaded, loaded, outbox, tickets, draft, compaction, sender } = deps;
  let compactor: CompactorModule.Compactor | null = null;
  if (compaction) {
    const { code, ...rules } = compaction;
    const begin = ({ createCompactor }: typeof CompactorModule): void => {
      compactor = createCompactor({ ...sender, outbox, tickets }, rules);
    };
    if (code.loaded) begin(code.loaded);
    else code.load().then(begin).catch(sender.onThrow);
  }

  return async (call, holder) => {
    // At once where it can be: what the editor saw is what the cache shows now, before anything else of this turn is shown.
    if (!isLoaded()) await loaded();
    const records = draftRecords(call, draft);
    // Every root field is switched off: that is done already.
    if (records.length === 0) holder.settled({ data: {}, errors: [] });
    const [record] = records;
    const taken = record && records.length === 1 ? compactor?.take(record, holder) : null;
    if (record && taken) return [{ ...record, id: await taken }];
    tickets.open(records, holder);
    try {
      await outbox.add(records);
    } catch (cause) {
      tickets.close(records);
      throw cause;
    }
    sender.wake();
    return records;
  };
}
