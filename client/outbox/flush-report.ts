import type { Outbox } from './outbox.ts';

/** What one attempt to send everything came to. */
export interface FlushReport {
  /** Records that got a final answer. */
  readonly sent: number;
  readonly applied: number;
  readonly conflicts: number;
  readonly rejected: number;
  /** Records that still wait, for the network, for time, or for each other. */
  readonly remaining: number;
}

/** Counts final answers from now on, until the report is asked for. */
export function watchFlush(outbox: Pick<Outbox, 'counts' | 'subscribe'>): () => FlushReport {
  const counts = { applied: 0, conflicts: 0, rejected: 0 };
  const stop = outbox.subscribe(({ before, after }) => {
    if (before?.state !== 'sending' || !after) return;
    if (after.state === 'acknowledged') counts.applied += 1;
    if (after.state === 'conflict') counts.conflicts += 1;
    if (after.state === 'dead') counts.rejected += 1;
  });
  return () => {
    stop();
    const { applied, conflicts, rejected } = counts;
    return { sent: applied + conflicts + rejected, ...counts, remaining: outbox.counts.pending };
  };
}
