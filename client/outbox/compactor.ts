import { answerTo } from './absorbed.ts';
import { type CompactionRules, compacted, isUntouched, unsentResult } from './compaction.ts';
import type { Outbox } from './outbox.ts';
import type { MutationRecord } from './record.ts';
import type { TicketHolder, Tickets } from './tickets.ts';

/**
 * Makes one of records that were never sent. Only the tab that sends can know that, and only of those that came while it did: its own
 * as they are made, in one put, and all others, those of other tabs among them, as soon as they are durable.
 */
export interface Compactor {
  /** Takes a new mutation into one that waits; resolves, when that is durable, with the id that both have now. Null: it stands for itself. */
  take(next: MutationRecord, holder: TicketHolder): Promise<string> | null;
}

/** How many ids of absorbed records are kept for tabs that have missed the news; those of the last step always are. */
const REMEMBERED = 20;

/** What the tab that sends can say. */
export interface Sender {
  /** Until when this tab sends; null: it does not. */
  readonly leading: () => AbortSignal | null;
  /** Something may be sent, or need not be any more. */
  readonly wake: () => void;
  readonly screen: {
    together<T>(run: () => T): T;
    /** Shows a result in place of what was pending. */
    acknowledge(record: MutationRecord): void;
    isKnown(typename: string, id: string): boolean;
  };
  /** News for the tab whose caller waits. */
  readonly settled: (record: MutationRecord) => void;
  readonly onThrow: (error: unknown) => void;
}

export function createCompactor(
  deps: Sender & { readonly outbox: Outbox; readonly tickets: Tickets },
  of: Omit<CompactionRules, 'isKnown'>,
): Compactor {
  const { outbox, tickets, leading, settled, wake, onThrow } = deps;
  const { together, acknowledge, isKnown } = deps.screen;
  const rules: CompactionRules = { ...of, isKnown };
  const { manifest } = rules;
  /** Records that nobody can have sent: they came while this tab was the one that sends. */
  const fresh = new Set<string>();
  let since: AbortSignal | null = null;
  let tail: Promise<void> = Promise.resolve();

  const lead = (): AbortSignal | null => {
    const now = leading();
    if (now !== since) fresh.clear();
    since = now;
    return now;
  };
  // Two writes of one key under way at once could end in either order.
  const isVouched = ({ id }: MutationRecord): boolean => lead() !== null && fresh.has(id) && outbox.isDurable(id);

  /** The tab that sends now may have sent the first one: only its version can tell then, and a sum must not count from there. */
  const forgetBase = async (merged: MutationRecord, signal: AbortSignal | null): Promise<void> => {
    if (lead() !== signal && outbox.get(merged.id) === merged && merged.base) await outbox.put({ ...merged, base: null });
  };

  /** One put: before it storage has the first write, after it both. */
  const extend = async (before: MutationRecord, merged: MutationRecord): Promise<void> => {
    const signal = lead();
    try {
      await outbox.put(merged);
    } catch (cause) {
      // Perhaps it was written all the same, and its maker is told that it was not.
      if (outbox.get(before.id) === before) await outbox.put(before).catch(() => undefined);
      throw cause;
    }
    await forgetBase(merged, signal);
  };

  /** One removal: before it storage has the create, after it nothing. Whether nobody has sent it meanwhile. */
  const cancel = async (create: MutationRecord, others: readonly MutationRecord[]): Promise<boolean> => {
    const signal = lead();
    const removed = outbox.remove(create.id);
    together(() => {
      for (const { id } of [create, ...others]) outbox.mirror(id, null);
    });
    try {
      await removed;
    } catch (cause) {
      together(() => {
        for (const each of [create, ...others]) outbox.mirror(each.id, each);
      });
      await outbox.put(create).catch(() => undefined);
      throw cause;
    }
    return lead() === signal;
  };

  const tell = (create: MutationRecord): MutationRecord => {
    const gone: MutationRecord = { ...create, state: 'acknowledged', result: unsentResult(create, manifest) };
    together(() => {
      acknowledge(gone);
      tickets.settle(gone);
    });
    settled(gone);
    return gone;
  };

  const foldAll = async ({ typename, entityId }: MutationRecord): Promise<void> => {
    for (let found: (() => Promise<boolean>) | null = () => Promise.resolve(true); found && (await found()); )
      found = findFold(outbox.ofEntity(typename, entityId));
  };

  /** The next step that makes fewer of an entity's records; it resolves with whether there may be another one. */
  const findFold = (all: readonly MutationRecord[]): (() => Promise<boolean>) | null => {
    for (const [at, first] of all.entries()) {
      if (!isVouched(first)) continue;
      let merged = first;
      const gone: MutationRecord[] = [];
      for (const next of all.slice(at + 1)) {
        const others = gone.length === 0 ? outbox.records() : outbox.records().filter((record) => !gone.includes(record));
        const became = isVouched(next) ? compacted(merged, next, others, rules) : null;
        if (became === 'nothing' && gone.length === 0) return () => cancelBoth(first, next);
        if (became === null || became === 'nothing') break;
        merged = became;
        gone.push(next);
      }
      if (gone.length > 0) return () => absorb(first, merged, gone);
    }
    return null;
  };

  /** First the one that stands for all, then the end of the others: after a crash in between they are not read (absorbed.ts). */
  const absorb = async (first: MutationRecord, merged: MutationRecord, gone: readonly MutationRecord[]): Promise<boolean> => {
    const signal = lead();
    const record = { ...merged, absorbed: [...(first.absorbed ?? []).slice(-REMEMBERED), ...gone.map(({ id }) => id)] };
    await outbox.write([record]);
    if ([first, ...gone].some((each) => outbox.get(each.id) !== each)) {
      // Somebody has changed one of them meanwhile: that is what counts.
      const now = outbox.get(first.id);
      if (now) await outbox.put(now);
      return false;
    }
    const removed = together(() => {
      outbox.note(record);
      const all = gone.map(({ id }) => outbox.remove(id));
      for (const { id } of gone) outbox.mirror(id, null);
      return Promise.all(all);
    });
    try {
      await removed;
    } catch (cause) {
      // Once the one has been sent and is gone, nothing would tell that those are done.
      await outbox.putAll([first, ...gone]);
      throw cause;
    }
    await forgetBase(record, signal);
    return true;
  };

  /** The create first: a delete of nothing does no harm. */
  const cancelBoth = async (create: MutationRecord, last: MutationRecord): Promise<boolean> => {
    if (!(await cancel(create, [last]))) {
      outbox.mirror(last.id, last);
      return false;
    }
    tickets.move(last.id, create.id);
    const gone = tell(create);
    settled({ ...last, state: 'acknowledged', result: answerTo(last, gone, manifest) });
    await outbox.remove(last.id);
    return true;
  };

  const foldSoon = (id: string): void => {
    const record = outbox.get(id);
    if (!record || !fresh.has(id) || !lead() || outbox.ofEntity(record.typename, record.entityId).length < 2) return;
    tail = tail
      .then(() => foldAll(record))
      .catch(onThrow)
      .finally(wake);
  };
  outbox.subscribe(({ id, before, after }) => {
    // Once it was sent, whatever came of that and whoever decided on it since, it stands for itself.
    if (!after || !isUntouched(after)) fresh.delete(id);
    else if (!before && lead()) {
      fresh.add(id);
      if (outbox.isDurable(id)) foldSoon(id);
    }
  });
  outbox.onWritten(foldSoon);

  return {
    take(next, holder) {
      const before = outbox.ofEntity(next.typename, next.entityId).at(-1);
      const became = before && isVouched(before) ? compacted(before, next, outbox.records(), rules) : null;
      if (!before || became === null) return null;
      tickets.join(next, before.id, holder);
      const taken = async (): Promise<string> => {
        if (became !== 'nothing') await extend(before, became);
        else if (await cancel(before, [])) tell(before);
        else {
          // Another tab sends now, and may have sent the create: then it has to be deleted there.
          tickets.close([next]);
          tickets.open([next], holder);
          await outbox.add([next]);
          return next.id;
        }
        return before.id;
      };
      return taken()
        .catch((cause: unknown) => {
          tickets.close([next]);
          throw cause;
        })
        .finally(wake);
    },
  };
}
