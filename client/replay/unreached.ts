import type { Outbox } from '../outbox/outbox.ts';

/** The network is back: it was at fault, not the records, so what waited for it need not wait longer. */
export function retryUnreached(outbox: Pick<Outbox, 'records' | 'note'>): void {
  for (const record of outbox.records())
    if (record.state === 'queued' && (record.failure?.code === 'UNREACHABLE' || record.failure?.code === 'UNREADABLE_ANSWER'))
      outbox.note({ ...record, nextAttemptAt: null });
}
