import type { Filter, Order } from '../schema/list.ts';
import type { ConflictCode } from '../schema/protocol.ts';
import type { Version } from '../schema/version.ts';
import { OfflineServerError } from './errors.ts';
import type { Row } from './store/store.ts';

/** Who is calling, as `identify` answered. Outbox, results and leases belong to `id`. */
export interface OfflineUser {
  readonly id: string;
  readonly [claim: string]: unknown;
}

/** What resolvers find in their context. */
export interface OfflineContext {
  readonly offline: OfflineScope;
}

/** `context.offline`: one per operation; in a mutation, one per root field. */
export interface OfflineScope {
  /** `null`: a stranger, for whom `read`, `write` and `sync` throw UNAUTHENTICATED. */
  readonly user: OfflineUser | null;
  readonly read: OfflineRead;
  /** Throws NOT_IN_MUTATION outside a mutation root field. */
  readonly write: OfflineWrite;
  /** What `acquireLease`, `renewLease` and `releaseLease` call. Throws NOT_IN_MUTATION outside a mutation root field. */
  readonly lease: OfflineLeases;
  /** What `syncPage` and `syncHints` call. */
  readonly sync: OfflineSync;
}

/** Reading as this user may. Inside a mutation root field: within its transaction. */
export interface OfflineRead {
  /**
   * `null` when it is not there, is deleted, or may not be read. `deleted: true`: tombstones too, so that what refers to a deleted
   * entity (`inspection.site`) can still be shown, non-null fields and all, with `_deleted: true`.
   */
  get(typename: string, id: string, options?: { readonly deleted?: boolean }): Promise<Row | null>;
  list(typename: string, args: ListArgs): Promise<Connection>;
}

/** Arguments of a generated list field, as GraphQL hands them over. */
export interface ListArgs {
  readonly filter?: Filter | null;
  readonly orderBy?: readonly Order[] | null;
  /** Default 100, at most 1000; `limits.pageSize` may give less. */
  readonly first?: number | null;
  /** An `endCursor`, under the same order. */
  readonly after?: string | null;
}

export interface Connection {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  /** A function, so that nobody counts when nobody asks: GraphQL's default resolver calls it. */
  readonly totalCount: () => Promise<number>;
}

/** Versioned writes in the transaction of the mutation root field. What it returns can be returned by the resolver as it is. */
export interface OfflineWrite {
  /** `input`: `id` (optional: made here when absent) and every field by input name. */
  create(typename: string, input: Readonly<Record<string, unknown>>): Promise<WriteResult>;
  /** `input`: `id`, `_version` and the fields to set. Absent: unchanged. `null`: set to null. */
  update(typename: string, input: Readonly<Record<string, unknown>>, options?: UpdateOptions): Promise<WriteResult>;
  /** `input`: `id` and `_version`. The payload holds the tombstone (`_deleted: true`). */
  delete(typename: string, input: Readonly<Record<string, unknown>>): Promise<WriteResult>;
  /** For mutations of your own: `null` when the entity is at this very version and no lease stands in the way, else the conflict to return. */
  expectVersion(typename: string, id: string, version: Version): Promise<ConflictResult | MutationRejected | null>;
  /** Builds a conflict to return, for mutations of your own. */
  conflict(typename: string, conflict: Omit<ConflictResult, '__typename'>): ConflictResult;
  /** Builds a final refusal to return, for mutations of your own. */
  reject(code: string, message: string, field?: readonly string[]): MutationRejected;
  /**
   * The engine's own handle on the transaction (SqliteNative for SQLite, `null` in memory). Versions and the change log are not
   * kept for what you write into entity tables with it, except in tables that types are mapped to (the option `tables` of a store).
   */
  readonly native: unknown;
}

export interface UpdateOptions {
  /** Values as the editor saw them, by input name. Default: what the request carries for this field. */
  readonly base?: Readonly<Record<string, unknown>>;
}

/** `{ __typename: 'UpdateTodoPayload', todo: row, mergedFields }`: the entity stands under generatedNames(typename).entity. */
export interface WritePayload {
  readonly __typename: string;
  /** Fields in which both sides had changed and a strategy decided. `*`: and others, which the caller may not see. */
  readonly mergedFields: readonly string[];
  readonly [entity: string]: unknown;
}

export interface ConflictResult {
  readonly __typename: string;
  readonly code: ConflictCode;
  readonly message: string;
  readonly expectedVersion: Version | null;
  readonly currentVersion: Version | null;
  /** By input name. `*`: and others, which the caller may not see; those are not named. */
  readonly conflictingFields: readonly string[];
  /** `null` when the entity is gone, or may not be read. */
  readonly server: Row | null;
  /** Who holds the lease that stands in the way. */
  readonly lease?: LeaseHeld | null;
}

export interface MutationRejected {
  readonly __typename: 'MutationRejected';
  readonly code: string;
  readonly message: string;
  readonly field: readonly string[] | null;
}

export type WriteResult = WritePayload | ConflictResult | MutationRejected;

/** Pessimistic editing: while a lease lasts, only its holder writes the entity. Asks `authorize` for `update`. */
export interface OfflineLeases {
  /** `ttlMs`: how long, at most `limits.leaseMs`. A client that asks again for what it holds gets a new lease for the old one. */
  acquire(typename: string, id: string, ttlMs: number): Promise<LeaseResult>;
  /** From now on, for so long. One that has expired is over: `LEASE_EXPIRED`. */
  renew(typename: string, id: string, fencingToken: number, ttlMs: number): Promise<LeaseResult>;
  /** Whether there was anything to release. */
  release(typename: string, id: string, fencingToken: number): Promise<boolean>;
}

/** As in the SDL. */
export interface GrantedLease {
  readonly __typename: 'Lease';
  readonly typename: string;
  readonly id: string;
  readonly fencingToken: number;
  /** ISO 8601, by the server's clock. */
  readonly expiresAt: string;
}

export interface LeaseHeld {
  readonly __typename: 'LeaseHeld';
  readonly message: string;
  readonly holder: string | null;
  readonly isYours: boolean;
  /** ISO 8601, by the server's clock. */
  readonly expiresAt: string;
}

export type LeaseResult = GrantedLease | LeaseHeld | MutationRejected;

export interface OfflineSync {
  page(args: SyncArgs): Promise<SyncPage>;
  hints(args: { readonly types?: readonly string[] | null }): AsyncIterableIterator<SyncHintEvent>;
}

export interface SyncArgs {
  readonly since?: string | null;
  readonly types?: readonly string[] | null;
  /** Default 500, at most 1000; `limits.pageSize` may give less. */
  readonly limit?: number | null;
}

/** As in the SDL. `changes` carry `__typename`, so the interface resolves by itself. */
export interface SyncPage {
  readonly changes: readonly Row[];
  readonly tombstones: readonly Tombstone[];
  readonly cursor: string;
  readonly hasMore: boolean;
  readonly reset: boolean;
}

export interface Tombstone {
  readonly typename: string;
  readonly id: string;
  readonly _version: Version;
  readonly reason: 'DELETED' | 'OUT_OF_SCOPE';
}

/** One event of the subscription `syncHint`, in the form that the default resolver reads. */
export interface SyncHintEvent {
  readonly syncHint: { readonly cursor: string };
}

/**
 * `context.offline`, or an error that says how it gets there.
 * @throws OfflineServerError `NOT_INSTALLED`
 */
export function offlineScope(context: unknown): OfflineScope {
  const scope = (context as Partial<OfflineContext> | null | undefined)?.offline;
  if (scope === undefined)
    throw new OfflineServerError(
      'NOT_INSTALLED',
      'expected context.offline, got nothing; add useOffline({ … }) to the plugins of the server',
    );
  return scope;
}

/** Resolver of `Query.sync`. */
export function syncPage(context: unknown, args: SyncArgs): Promise<SyncPage> {
  return offlineScope(context).sync.page(args);
}

/** `subscribe` of `Subscription.syncHint`. */
export function syncHints(context: unknown, args: { readonly types?: readonly string[] | null }): AsyncIterableIterator<SyncHintEvent> {
  return offlineScope(context).sync.hints(args);
}
