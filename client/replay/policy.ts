import { RequestLimits } from '../../schema/protocol.ts';
import { isObject } from '../../schema/shape.ts';
import { type Check, whole } from '../checks.ts';
import type { BatchLimits } from './document-batch.ts';

/** What every sender goes by unless it is told otherwise: tabs and worker alike. Units stand in `options.ts`. */
export const RETRY_DEFAULTS = { baseMs: 1_000, maxMs: 60_000, maxAttempts: Number.POSITIVE_INFINITY } as const;
export const DRAIN_DEFAULTS = { concurrency: 4, timeoutMs: 30_000 } as const;
export const LIMITS = { maxRecords: 10_000, maxRecordLength: 1_000_000, maxFileBytes: 20_000_000, maxConflictRounds: 5 } as const;
const BATCH = { maxCount: 100, maxBytes: 500_000 } as const;

/** Every number filled in; null: one mutation in each request. */
export function batchLimits(given: false | Partial<BatchLimits> | undefined, check: Check): BatchLimits | null {
  if (given === false) return null;
  if (given !== undefined) check.one('batch', given, ['false, or an object with maxCount and maxBytes', isObject]);
  check.members('batch', given, { maxCount: whole(1, RequestLimits.mutations), maxBytes: whole(1) });
  return { ...BATCH, ...given };
}
