export { type CompressedRequestsOptions, useCompressedRequests } from './compressed-requests.ts';
export { type CompressedResponsesOptions, useCompressedResponses } from './compressed-responses.ts';
export {
  type ConflictResult,
  type Connection,
  type GrantedLease,
  type LeaseHeld,
  type LeaseResult,
  type ListArgs,
  type MutationRejected,
  type OfflineContext,
  type OfflineLeases,
  type OfflineRead,
  type OfflineScope,
  type OfflineSync,
  type OfflineUser,
  type OfflineWrite,
  type SyncArgs,
  type SyncHintEvent,
  type SyncPage,
  syncHints,
  syncPage,
  type Tombstone,
  type UpdateOptions,
  type WritePayload,
  type WriteResult,
} from './context.ts';
export { type CsrfPreventionOptions, useCsrfPrevention } from './csrf.ts';
export { OfflineServerError, type OfflineServerErrorCode } from './errors.ts';
export { payloadOrError } from './errors-profile.ts';
export type { MutationEvent, SyncEvent } from './event.ts';
export { type OfflineMetrics, type OfflineMetricsOptions, offlineMetrics } from './metrics.ts';
export { useOffline } from './plugin.ts';
export type {
  Action,
  Authorize,
  AuthorizeRequest,
  LeaseHolder,
  LeaseHolderRequest,
  OfflineLimits,
  UseOfflineOptions,
} from './plugin-options.ts';
export { type RateLimitOptions, useRateLimit } from './rate-limit.ts';
export { createOfflineSchema, type OfflineResolvers, type OfflineSchemaOptions } from './schema.ts';
export type { MappedTable, MappedTables } from './store/mapping.ts';
export { type MemoryStoreOptions, memoryStore } from './store/memory.ts';
export { postgresMigrationSql, postgresStore } from './store/postgres.ts';
export type { PostgresNative } from './store/postgres-native.ts';
export type { PostgresStoreOptions } from './store/postgres-options.ts';
export { sqliteMigrationSql, sqliteStore } from './store/sqlite.ts';
export type { SqliteNative } from './store/sqlite-native.ts';
export type { SqliteStoreOptions } from './store/sqlite-options.ts';
export type {
  Changes,
  ChangesQuery,
  Commit,
  FieldVersions,
  ListQuery,
  Position,
  ReadTransaction,
  ResultKey,
  Row,
  RowLock,
  Store,
  StoredLease,
  StoredResult,
  StoredRow,
  StoreStatistics,
  TypeModel,
  WriteTransaction,
} from './store/store.ts';
export type { OnStoreEvent, StoreEvent } from './store/store-event.ts';
export { collectGarbage, type GarbageOptions } from './sync/garbage.ts';
