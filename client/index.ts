export {
  type ConflictRules,
  type EntityTriple,
  MANUAL,
  type MergeContext,
  type MergeFunction,
  type MergeStrategy,
} from '../schema/merge.ts';
export { type CompressedFetchOptions, compressedFetch } from './adapters/compressed-fetch.ts';
export { deriveEncryptionKey, type EncryptedStorageOptions, encryptedStorage } from './adapters/encrypted-storage.ts';
export { localforageStorage } from './adapters/localforage.ts';
export { memoryStorage } from './adapters/memory.ts';
export { fromCachePersist } from './adapters/persist-storage.ts';
export type { RetentionOptions } from './cache/eviction.ts';
export { OfflineCache } from './cache/offline-cache.ts';
export type { Resolution } from './conflict/resolve.ts';
export { clientWins, counter, lastWriteWins, serverWins, setUnion } from './conflict/strategies.ts';
export { text } from './conflict/text.ts';
export { type HeldLease, OfflineError, type OfflineErrorCode } from './errors.ts';
export type { ExpiredMutation, Fallback } from './fallback.ts';
export type { Lease, LeaseOptions } from './lease/leases.ts';
export { CacheFallbackLink } from './links/cache-fallback-link.ts';
export { ConflictLink } from './links/conflict-link.ts';
export { type OfflineContext, OutboxLink } from './links/outbox-link.ts';
export { RetryLink, type RetryLinkOptions } from './links/retry-link.ts';
export { type Observed, observe } from './observed.ts';
export { createOffline } from './offline.ts';
export type { MutationDefaults, OfflineOptions } from './options.ts';
export type { CallOptions } from './outbox/call-options.ts';
export type { MutationDescription } from './outbox/description.ts';
export type { FlushReport } from './outbox/flush-report.ts';
export type { MigratedMutation, Migration, StoredMutation } from './outbox/migration.ts';
export type { QuarantinedRecord } from './outbox/reader.ts';
export type { MutationKind, Priority, RecordState } from './outbox/record.ts';
export type { ConflictRecord, OutboxRecord, PendingState } from './outbox/view.ts';
export type { Cancel, Channel, Clock, Connectivity, EncryptionKey, Lifecycle, Locks, Persistence, Random, Storage } from './ports.ts';
export type { OfflineEvent, OfflineStatus } from './status.ts';
export type { Offline } from './surface.ts';
export type { MutateOptions, Ticket } from './ticket.ts';
