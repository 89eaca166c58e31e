/** What every sender goes by unless it is told otherwise: tabs and worker alike. Units stand in `options.ts`. */
export const RETRY_DEFAULTS = { baseMs: 1_000, maxMs: 60_000, maxAttempts: Number.POSITIVE_INFINITY } as const;
export const DRAIN_DEFAULTS = { concurrency: 4, timeoutMs: 30_000 } as const;
export const LIMITS = { maxRecords: 10_000, maxRecordLength: 1_000_000, maxFileBytes: 20_000_000, maxConflictRounds: 5 } as const;
