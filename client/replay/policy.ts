import { RequestLimits } from '../../schema/protocol.ts';
import type { BatchLimits } from './document-batch.ts';

/** What every sender goes by unless it is told otherwise: tabs and worker alike. Units stand in `options.ts`. */
export const RETRY_DEFAULTS = { baseMs: 1_000, maxMs: 60_000, maxAttempts: Number.POSITIVE_INFINITY } as const;
export const DRAIN_DEFAULTS = { concurrency: 4, timeoutMs: 30_000 } as const;
export const LIMITS = { maxRecords: 10_000, maxRecordLength: 1_000_000, maxFileBytes: 20_000_000, maxConflictRounds: 5 } as const;
const BATCH = { maxCount: 100, maxBytes: 500_000 } as const;

/** Every number filled in; null: one mutation in each request. `refuse` throws. */
export function batchLimits(
  given: false | Partial<BatchLimits> | undefined,
  refuse: (name: string, expected: string, got: unknown) => never,
): BatchLimits | null {
  if (given === false) return null;
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given)))
    return refuse('batch', 'false, or an object with maxCount and maxBytes', given);
  for (const [name, value] of Object.entries(given ?? {})) {
    if (!(name in BATCH)) refuse(`batch.${name}`, `one of ${Object.keys(BATCH).join(', ')}`, name);
    const most = name === 'maxCount' ? RequestLimits.mutations : Number.MAX_SAFE_INTEGER;
    if (!Number.isInteger(value) || value < 1 || value > most) refuse(`batch.${name}`, `a whole number from 1 to ${most}`, value);
  }
  return { ...BATCH, ...given };
}
