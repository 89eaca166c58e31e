import { equal } from '../../schema/equal.ts';
import { OfflineError, type OfflineErrorCode } from '../errors.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { isPending, type MutationRecord } from '../outbox/record.ts';
import type { SettledOperation, Tickets } from '../outbox/tickets.ts';
import type { Cancel, Clock } from '../ports.ts';
import type { TabChannel } from './channel.ts';

/**
 * How long a tab that does not send waits for news of its records before it looks itself. Messages are hardly ever lost, so this is
 * for the one that was, and longer than an attempt takes.
 */
const RECHECK_MS = 30_000;
const MOST_RECHECKED = 20;

/** Keeps the outboxes of the tabs of one browser alike: storage is the truth, messages only say where to look. */
export interface Relay {
  settled(record: MutationRecord, errors: SettledOperation['errors']): void;
  failed(record: MutationRecord, code: OfflineErrorCode, message: string): void;
  /** Looks in storage at what this tab waits for: it may have missed any number of messages. */
  recheck(): void;
  /**
   * Of the tab that sends: looks in storage now and then while it knows of nothing to do. A tab may have stored a mutation and been
   * closed, and the one message about it was lost.
   */
  lead(signal: AbortSignal): void;
  /** Whether this tab waits for what another one has to do. */
  waits(): boolean;
  dispose(): void;
}

export function createRelay(deps: {
  readonly channel: TabChannel;
  readonly outbox: Outbox;
  readonly tickets: Tickets;
  readonly clock: Clock;
  readonly isLeader: () => boolean;
  /** Shows a result that another tab was answered, and ends the optimism for it. */
  readonly acknowledge: (record: MutationRecord, settle: () => void) => void;
  /** What happens in one go is seen in one go. */
  readonly together: <T>(run: () => T) => T;
  /** Something that may be sent has arrived. */
  readonly wake: () => void;
  readonly onThrow: (error: unknown) => void;
}): Relay {
  const { channel, outbox, tickets, clock, isLeader, acknowledge, together, wake, onThrow } = deps;
  let cancelRecheck: Cancel | null = null;
  let isArming = false;
  let isDisposed = false;

  const earlier = ({ typename, entityId, id }: MutationRecord): readonly MutationRecord[] => {
    const all = typename === null ? [] : outbox.ofEntity(typename, entityId);
    return all.slice(
      0,
      all.findIndex((record) => record.id === id),
    );
  };

  const settle = (record: MutationRecord, errors: SettledOperation['errors']): void => {
    // What it waited for is done too, and the message about that was lost: on top of this result it would show what was before.
    const missed = earlier(record).filter(isPending);
    together(() => {
      for (const { id } of missed) outbox.mirror(id, null);
      acknowledge(record, () => tickets.settle(record, errors));
      outbox.mirror(record.id, null);
    });
    for (const { id } of missed) void reload(id).catch(onThrow);
  };

  const reload = async (id: string): Promise<void> => {
    let known = outbox.get(id);
    let stored = await outbox.read(id);
    // A message about an earlier record of that tab is missing, and so is the record: it has to be here first, or it is overtaken.
    if (stored && !outbox.follows(stored)) {
      await outbox.load();
      known = outbox.get(id);
      stored = await outbox.read(id);
    }
    // What changed here meanwhile is newer than what was read.
    while (outbox.get(id) !== known) {
      known = outbox.get(id);
      stored = await outbox.read(id);
    }
    // It may have become part of an earlier one, and the message about that one is lost: first that one, or it is on no screen for a moment.
    if (stored === null && known) for (const { id: before } of earlier(known)) await reload(before);
    // What is being written here is about to be the truth.
    if (!outbox.isDurable(id)) return;
    // What is being sent is stored as queued: the news is our own.
    if (
      stored &&
      known?.state === 'sending' &&
      stored.state === 'queued' &&
      stored.mutationId === known.mutationId &&
      stored.clientId === known.clientId
    )
      return;
    together(() => {
      // What has become part of it is no longer there beside it.
      for (const gone of stored?.absorbed ?? []) {
        tickets.move(gone, id);
        outbox.mirror(gone, null);
      }
      if (stored?.state === 'acknowledged') return void (known && settle(stored, []));
      // What is as it was stays the same: whoever is at work on it would take another one for a change.
      if (!equal(outbox.get(id), stored)) outbox.mirror(id, stored);
    });
    wake();
  };

  /** What this tab waits for while another one sends; the oldest are enough, for their loss is noticed with them. */
  const waiting = (): readonly string[] => {
    // Who leads now may have missed what became of a record while another tab did.
    if (isLeader()) return tickets.waiting().filter((id) => outbox.get(id) === null);
    const pending = outbox.records().flatMap((record) => (isPending(record) ? [record.id] : []));
    return [...new Set([...pending, ...tickets.waiting()])].slice(0, MOST_RECHECKED);
  };

  const arm = (): void => {
    if (isDisposed || cancelRecheck !== null || waiting().length === 0) return;
    cancelRecheck = clock.after(RECHECK_MS, () => {
      cancelRecheck = null;
      void recheck().catch(onThrow).finally(arm);
    });
  };

  /** Once for all that happens in one turn: looking at what waits costs as much as there is of it. */
  const armSoon = (): void => {
    if (isArming || cancelRecheck !== null) return;
    isArming = true;
    queueMicrotask(() => {
      isArming = false;
      arm();
    });
  };

  /** Any message may have been lost (ports.ts): that a record is there, or what became of it. */
  const recheck = async (): Promise<void> => {
    for (const id of waiting()) {
      await reload(id);
      if (outbox.get(id)) channel.post({ kind: 'changed', id });
      else if (outbox.isDurable(id))
        tickets.fail(
          id,
          new OfflineError('UNKNOWN_RECORD', 'another tab has dealt with it, and its answer did not arrive here; look at the data', {
            recordId: id,
          }),
        );
    }
  };

  /** The first at once, and what else is written in one go in one message: a thousand of them would cost as much as the writing. */
  let others: Set<string> | null = null;
  const tell = (changed: string): void => {
    if (others) return void others.add(changed);
    channel.post({ kind: 'changed', id: changed });
    const rest = new Set<string>();
    others = rest;
    queueMicrotask(() => {
      others = null;
      const [id, ...also] = rest;
      if (id !== undefined) channel.post({ kind: 'changed', id, also });
    });
  };

  const stops: readonly Cancel[] = [
    outbox.onWritten(tell),
    outbox.subscribe(armSoon),
    outbox.subscribe(({ id, after }) => {
      for (const gone of after?.absorbed ?? []) tickets.move(gone, id);
    }),
    () => cancelRecheck?.(),
    channel.subscribe((message) => {
      switch (message.kind) {
        case 'enqueued':
          void reload(message.id).catch(onThrow);
          return;
        case 'changed':
          for (const id of [message.id, ...(message.also ?? [])]) void reload(id).catch(onThrow);
          return;
        case 'settled': {
          // Faster than storage, and with the errors that came beside the data. Whichever comes first settles.
          const record = outbox.get(message.id);
          if (record) settle({ ...record, state: 'acknowledged', result: message.result }, message.errors as SettledOperation['errors']);
          return;
        }
        case 'failed':
          tickets.fail(message.id, new OfflineError(message.code as OfflineErrorCode, message.message, { recordId: message.id }));
          return;
        default:
          return;
      }
    }),
  ];

  return {
    settled: (record, errors) => channel.post({ kind: 'settled', id: record.id, result: record.result, errors }),
    failed: (record, code, message) => channel.post({ kind: 'failed', id: record.id, code, message }),
    recheck: () => void recheck().catch(onThrow),
    lead(signal) {
      let cancel: Cancel = () => undefined;
      const look = (): void => {
        cancel = clock.after(RECHECK_MS, () => {
          const known = outbox.size > 0 ? Promise.resolve() : outbox.load().then(wake);
          void known.catch(onThrow).finally(() => signal.aborted || look());
        });
      };
      look();
      signal.addEventListener('abort', () => cancel(), { once: true });
    },
    waits: () => !isLeader() && waiting().length > 0,
    dispose() {
      isDisposed = true;
      for (const stop of stops) stop();
    },
  };
}
