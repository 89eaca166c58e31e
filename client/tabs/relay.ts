import { OfflineError, type OfflineErrorCode } from '../errors.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { MutationRecord } from '../outbox/record.ts';
import type { SettledOperation, Tickets } from '../outbox/tickets.ts';
import type { Cancel } from '../ports.ts';
import type { TabChannel } from './channel.ts';

/** Keeps the outboxes of the tabs of one browser alike: storage is the truth, messages only say where to look. */
export interface Relay {
  settled(record: MutationRecord, errors: SettledOperation['errors']): void;
  failed(record: MutationRecord, code: OfflineErrorCode, message: string): void;
  dispose(): void;
}

export function createRelay(deps: {
  readonly channel: TabChannel;
  readonly outbox: Outbox;
  readonly tickets: Tickets;
  /** Shows a result that another tab was answered, and ends the optimism for it. */
  readonly acknowledge: (record: MutationRecord, settle: () => void) => void;
  /** Something that may be sent has arrived. */
  readonly wake: () => void;
  readonly onThrow: (error: unknown) => void;
}): Relay {
  const { channel, outbox, tickets, acknowledge, wake, onThrow } = deps;

  const settle = (record: MutationRecord, errors: SettledOperation['errors']): void => {
    acknowledge(record, () => tickets.settle(record, errors));
    outbox.mirror(record.id, null);
  };

  const reload = async (id: string): Promise<void> => {
    let known = outbox.get(id);
    let stored = await outbox.read(id);
    // What changed here meanwhile is newer than what was read.
    while (outbox.get(id) !== known) {
      known = outbox.get(id);
      stored = await outbox.read(id);
    }
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
    if (stored?.state !== 'acknowledged') outbox.mirror(id, stored);
    else if (known) settle(stored, []);
    // A message about an earlier record of that tab is missing, and so is the record.
    if (stored && !outbox.isComplete(stored.clientId)) await outbox.load();
    wake();
  };

  const stops: readonly Cancel[] = [
    outbox.onWritten((id) => channel.post({ kind: 'changed', id })),
    channel.subscribe((message) => {
      switch (message.kind) {
        case 'enqueued':
        case 'changed':
          void reload(message.id).catch(onThrow);
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
    dispose() {
      for (const stop of stops) stop();
    },
  };
}
