export { type PendingCountOptions, pendingCount } from './pending-count.ts';
