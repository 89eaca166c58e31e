export { type BackgroundSyncEvent, handleBackgroundSync } from './background-sync.ts';
export { type BackgroundReport, drainOutbox } from './drain-outbox.ts';
export type { BackgroundOptions } from './options.ts';
export { type PendingCountOptions, pendingCount } from './pending-count.ts';
export { type PullAheadReport, pullAhead } from './pull-ahead.ts';
export { type BackgroundSync, type BackgroundSyncOptions, registerBackgroundSync } from './register.ts';
