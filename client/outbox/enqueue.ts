import { type CompactionRules, compacted } from './compaction.ts';
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
  /** Absent: every mutation goes out as it was made. `isSending`: whether this tab sends, and so knows what was never sent. */
  readonly compaction?: (CompactionRules & { readonly isSending: () => boolean }) | undefined;
  /** The records are durable: other tabs may read them, and the drain may send them. */
  readonly onDurable: (records: readonly MutationRecord[]) => void;
}): Enqueue {
  const { isLoaded, loaded, outbox, tickets, draft, compaction, onDurable } = deps;

  /** The waiting record and this one as one; null: it stands for itself. */
  const compact = (next: MutationRecord): { readonly before: MutationRecord; readonly merged: MutationRecord } | null => {
    const before = compaction?.isSending() ? outbox.ofEntity(next.typename, next.entityId).at(-1) : undefined;
    // Two writes of one key under way at once could end in either order.
    if (!compaction || !before || !outbox.isDurable(before.id)) return null;
    const merged = compacted(before, next, outbox.records(), compaction);
    return merged && { before, merged };
  };

  /** One put: before it storage has the first write, after it both. */
  const merge = async (record: MutationRecord, before: MutationRecord, merged: MutationRecord, holder: TicketHolder): Promise<void> => {
    tickets.join(record, merged.id, holder);
    try {
      await outbox.put(merged);
    } catch (cause) {
      tickets.close([record]);
      // Perhaps it was written all the same, and its maker is told that it was not.
      if (outbox.get(before.id) === before) await outbox.put(before).catch(() => undefined);
      throw cause;
    }
    // The tab that sends now may have sent the first one: only its version can tell then, and a sum must not count from there.
    if (!compaction?.isSending() && outbox.get(merged.id) === merged && merged.base) await outbox.put({ ...merged, base: null });
  };

  return async (call, holder) => {
    // At once where it can be: what the editor saw is what the cache shows now, before anything else of this turn is shown.
    if (!isLoaded()) await loaded();
    const records = draftRecords(call, draft);
    // Every root field is switched off: that is done already.
    if (records.length === 0) holder.settled({ data: {}, errors: [] });
    const [record] = records;
    const found = record && records.length === 1 ? compact(record) : null;
    if (record && found) {
      await merge(record, found.before, found.merged, holder);
      onDurable([found.merged]);
      return [{ ...record, id: found.merged.id }];
    }
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
