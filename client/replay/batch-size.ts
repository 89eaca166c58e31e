import type { MutationRecord } from '../outbox/record.ts';
import type { Answer } from './outcome.ts';

/** How many records a document may hold, as the server's answers have taught. */
export interface BatchSize {
  /** The most records of a document that this one is in. */
  of(record: MutationRecord): number;
  /** The server would not have a document: that of one record is refused for what it says, a larger one perhaps for its size. */
  refused(records: readonly MutationRecord[]): void;
  /** The whole request failed for now. Perhaps the network or the server; if it goes on, perhaps one of them. */
  failed(records: readonly MutationRecord[], answer: Answer): void;
  /** Each got an answer of its own. */
  answered(records: readonly MutationRecord[]): void;
}

/** After so many full documents a server that refused larger ones is asked again. */
const GROW_AFTER = 8;
/** From this attempt on, a failure may be the fault of what was sent. */
const SUSPICIOUS_ATTEMPT = 3;

/**
 * Documents that fail are halved until the culprit stands alone, and only those: what was not in one with it goes on as before.
 * A server that takes small documents only is remembered for all records, until one is found that is refused alone.
 */
export function createBatchSize(maxCount: number): BatchSize {
  let ceiling = maxCount;
  let full = 0;
  /** Of records that were in a document that failed. */
  const caps = new Map<string, number>();
  const halve = (records: readonly MutationRecord[]): void => {
    const half = Math.max(1, Math.floor(records.length / 2));
    for (const { id } of records) caps.set(id, half);
  };

  return {
    of: ({ id }) => Math.min(ceiling, caps.get(id) ?? maxCount),
    refused(records) {
      full = 0;
      if (records.length === 1) ceiling = maxCount;
      else {
        halve(records);
        ceiling = Math.min(ceiling, Math.floor(records.length / 2));
      }
    },
    failed(records, answer) {
      // Who is asked for less does not send more requests.
      const isBusy = answer.kind === 'status' && (answer.status === 429 || answer.status === 503);
      if (!isBusy && records.some(({ attempts }) => attempts >= SUSPICIOUS_ATTEMPT)) halve(records);
    },
    answered(records) {
      for (const { id } of records) caps.delete(id);
      if (records.length < ceiling || ++full < GROW_AFTER) return;
      full = 0;
      ceiling = Math.min(maxCount, ceiling * 2);
    },
  };
}
