import { Plugin, YogaInitialContext, createSchema } from "graphql-yoga";
import { DocumentNode, GraphQLResolveInfo, GraphQLSchema } from "graphql";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { Pool } from "pg";
import { Kysely } from "kysely";
//#region server/compressed-requests.d.ts
interface CompressedRequestsOptions {
  /** Most bytes of an inflated body. More: 413, as soon as they have come out. Default 5 000 000. */
  readonly maxBytes?: number;
}
/**
 * Reads gzipped requests, and says so to clients by `Accept-Encoding` (RFC 7694). A body of a few kilobytes can hold gigabytes of
 * zeros, so inflating stops at the limit and never holds more than that.
 *
 * Answers are none of its business: what compresses those must leave event streams alone, or live hints arrive when the stream ends.
 *
 * @throws OfflineServerError `BAD_OPTION`
 */
declare function useCompressedRequests(options?: CompressedRequestsOptions): Plugin;
//#endregion
//#region server/compressed-responses.d.ts
interface CompressedResponsesOptions {
  /** Answers of fewer bytes go as they are. Default 1024. */
  readonly minBytes?: number;
}
/**
 * Compresses answers with Brotli or gzip, whichever the client prefers, and says so to caches (`Vary`). Only whole JSON answers:
 * an event stream or a multipart answer would be held back until it ends, and live hints with it.
 * Put it last among the plugins that change responses.
 *
 * @throws OfflineServerError `BAD_OPTION`
 */
declare function useCompressedResponses(options?: CompressedResponsesOptions): Plugin;
//#endregion
//#region schema/list.d.ts
/** Conditions by input field name (`siteId`, not `site`); all must hold. `and` / `or` / `not` nest. */
interface Filter {
  readonly and?: readonly Filter[] | null;
  readonly or?: readonly Filter[] | null;
  readonly not?: Filter | null;
  readonly [field: string]: unknown;
}
type OrderDirection = 'ASC' | 'DESC';
interface Order {
  readonly field: string;
  readonly direction?: OrderDirection | null;
}
//#endregion
//#region schema/protocol.d.ts
/** How one mutation root field ended at the server. `duplicate`: the stored answer of an earlier delivery, byte-equal. */
type FieldOutcome = 'applied' | 'duplicate' | 'conflict' | 'rejected';
declare const ConflictCode: {
  readonly VERSION_MISMATCH: "VERSION_MISMATCH";
  readonly DELETED: "DELETED";
  readonly ALREADY_EXISTS: "ALREADY_EXISTS";
  readonly LEASE_HELD: "LEASE_HELD";
  readonly LEASE_EXPIRED: "LEASE_EXPIRED";
  readonly STALE_FENCING_TOKEN: "STALE_FENCING_TOKEN";
};
type ConflictCode = (typeof ConflictCode)[keyof typeof ConflictCode];
/** Names of what is generated for a type. */
type GeneratedNames = ReturnType<typeof generatedNames>;
/** Names of the generated SDL, from a type name. `Todo` → `createTodo`, `todo`, `todos`, `TodoFilter`, … */
declare function generatedNames(typename: string, list?: string): {
  readonly entity: string;
  readonly list: string;
  readonly create: `create${string}`;
  readonly update: `update${string}`;
  readonly delete: `delete${string}`;
  readonly conflict: `${string}Conflict`;
  readonly connection: `${string}Connection`;
  readonly filter: `${string}Filter`;
  readonly order: `${string}Order`;
};
//#endregion
//#region schema/version.d.ts
/** Versions: how two states of one entity relate. */
type VersionKind = 'COUNTER' | 'HYBRID_CLOCK' | 'VERSION_VECTOR';
/** COUNTER: an integer ≥ 1. The other kinds: strings. 0, of every kind: not yet at the server. */
type Version = number | string;
//#endregion
//#region schema/merge.d.ts
/**
 * The three-way merge, per field and deep, used by both halves: the server merges what has a strategy, the client merges
 * the conflicts that come back, and both must agree.
 */
type MergeStrategy = 'REPORT' | 'CLIENT_WINS' | 'SERVER_WINS' | 'LAST_WRITE_WINS' | 'SET_UNION' | 'COUNTER' | 'TEXT';
interface MergeContext {
  readonly typename: string;
  readonly field: string;
  /** The three states of the whole entity, as far as they are known, by input name; `local` holds what the editor set. */
  readonly entity: EntityTriple;
}
type Values = Readonly<Record<string, unknown>>;
interface EntityTriple {
  readonly base: Values;
  readonly local: Values;
  readonly remote: Values;
}
/** A merge rule: the merged value, or {@link MANUAL}. Must be pure: both halves and every retry run it again. */
type MergeFunction = (base: unknown, local: unknown, remote: unknown, context: MergeContext) => unknown;
/** The application's own rules: by type, then by input field name; `'*'` stands for every other field of the type. */
type ConflictRules = Readonly<Record<string, Readonly<Record<string, MergeStrategy | MergeFunction>>>>;
//#endregion
//#region schema/manifest.d.ts
interface ManifestType {
  readonly version: VersionKind;
  /** Stored fields by *output* name, without those of `Versioned`. Fields with hand-written resolvers are not stored and not here. */
  readonly fields: Readonly<Record<string, ManifestField>>;
}
interface ManifestField {
  /** `value`: scalar, enum, or list of them. `reference`: one entity of another versioned type, written by its id. */
  readonly kind: 'value' | 'reference';
  /** Name in inputs, filters, `base` and conflictingFields: the field's own, or `siteId` for a reference `site`. */
  readonly input: string;
  /** Named type: `String`, `Severity`, `Site` … */
  readonly type: string;
  readonly list: boolean;
  readonly nullable: boolean;
  readonly strategy: MergeStrategy;
}
//#endregion
//#region server/steps.d.ts
/** What an engine that answers at once gives at once. `await` takes both; code that is not to wait for nothing looks first. */
type Awaitable<T> = T | Promise<T>;
//#endregion
//#region server/store/store.d.ts
/** The versioned types of a schema, by name. Columns are named by `field.input`. */
type TypeModel = Readonly<Record<string, ManifestType>>;
/** One entity as resolvers see it: JSON values by *input* name (`siteId`, not `site`), and the fields of `Versioned`. Frozen. */
interface Row {
  readonly __typename: string;
  readonly id: string;
  readonly _version: Version;
  /** ISO 8601, UTC, milliseconds; by the server's clock. For display: nothing is ordered by it. */
  readonly _lastChangedAt: string;
  readonly _deleted: boolean;
  readonly [field: string]: unknown;
}
/**
 * At which version each field last changed, by input name. `*` holds for every field without an entry of its own. Under `@title`, and
 * `@*`: the hybrid clock of the edit that did, for fields where the later edit wins.
 */
type FieldVersions = Readonly<Record<string, Version>>;
/** A row as it is kept. Tombstones are rows with `_deleted: true`; they keep their last values until they are collected. */
interface StoredRow {
  readonly row: Row;
  readonly fieldVersions: FieldVersions;
}
/** A page of a list, by keyset: rows that pass `filter`, in `order`, after a position. */
interface ListQuery {
  readonly filter: Filter | null;
  readonly order: readonly Order[];
  /** Values of the order's fields, then the id, of the row to continue after. `null`: from the start. */
  readonly after: readonly unknown[] | null;
  readonly limit: number;
}
/**
 * A place in the store's history. `epoch` names a stretch of history that only this database has; with it a store notices
 * a cursor that was given out by commits which it has lost (a restored backup). `position` is the store's own spelling.
 */
interface Position {
  readonly epoch: string;
  readonly position: string;
  /**
   * The newest position when this reader began from the beginning, while it has not got there yet: tombstones that were collected up to
   * there are of entities that it was never told of.
   */
  readonly begun?: string;
}
interface ChangesQuery {
  /** `null`: from the beginning. */
  readonly after: Position | null;
  /** `null`: every type. */
  readonly types: readonly string[] | null;
  /** Most rows, and most bytes of their JSON (default: any number). A page goes on to the end of the unit that it ends in. */
  readonly limit: number;
  readonly maxBytes?: number;
}
/** What changed after a position, in the order of commits: each entity once, with its row as of this snapshot. */
interface Changes {
  readonly rows: readonly Row[];
  /** Where to continue. With `hasMore: false`, the newest position of the snapshot. */
  readonly next: Position;
  readonly hasMore: boolean;
  /** The position asked for cannot be continued; these are the first rows from the beginning. */
  readonly reset: boolean;
}
/**
 * Reading, answered at once where the engine can. Every call sees one snapshot: of committed data on `store.reads`, of the transaction's own on a {@link WriteTransaction}.
 * Filter and order mean exactly what schema/list.ts says. A filter or order that it cannot carry out throws BAD_USER_INPUT.
 */
interface ReadTransaction {
  /** Tombstones included; `null` when there never was such an entity, or its tombstone was collected. */
  get(typename: string, id: string): Awaitable<StoredRow | null>;
  /** Live rows only. */
  list(typename: string, query: ListQuery): Awaitable<readonly Row[]>;
  /** Live rows only. */
  count(typename: string, filter: Filter | null): Awaitable<number>;
  /** Tombstones included. */
  changes(query: ChangesQuery): Awaitable<Changes>;
  /**
   * What these entities were at or after a position and are no more, as far as `put` was told, in no order. So it can be said whether a
   * reader who stands there may have seen what it may not see now.
   */
  pasts(entities: readonly Pick<Row, '__typename' | 'id'>[], after: Position): Awaitable<readonly Row[]>;
  /** The newest position. */
  head(): Awaitable<Position>;
  /** The highest version among the tombstones of this type that were collected; `null`: none was. */
  versionFloor(typename: string): Awaitable<Version | null>;
  /** How much is kept that is no live entity. Counted each time it is asked. */
  statistics(): Awaitable<StoreStatistics>;
}
interface StoreStatistics {
  /** Answers that wait to be acknowledged. */
  readonly results: number;
  /** Deleted entities that `collectTombstones` has not removed. */
  readonly tombstones: number;
}
/** Names one delivery of one mutation: what a client calls it, within the user whom the client belongs to. */
interface ResultKey {
  readonly user: string;
  readonly clientId: string;
  readonly mutationId: number;
}
/** The answer of a mutation field, kept until the client has acknowledged it. */
interface StoredResult {
  readonly fingerprint: string;
  readonly outcome: Exclude<FieldOutcome, 'duplicate'>;
  /** The answer as text, returned as it was written, byte for byte. */
  readonly answer: string;
}
/** The right of one client to be the only one who writes an entity, while it lasts. Who may have it, and what time it is, is the caller's business. */
interface StoredLease {
  readonly typename: string;
  readonly id: string;
  /** The fencing token: names this lease among all that the store has given, and is larger than every one before it. */
  readonly token: number;
  readonly user: string;
  /** `null`: a client that names itself in no way. */
  readonly clientId: string | null;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}
/**
 * What a reader in a write transaction wants of others until it ends: `update` (default): nobody else writes this row, for what is read
 * is about to be changed, or decides what is; `share`: it may be read by others who want the same; `none`: whatever they do.
 */
type RowLock = 'update' | 'share' | 'none';
/** Reading and writing in one transaction. Using it after its `run` has settled throws `TRANSACTION_CLOSED`. */
interface WriteTransaction extends ReadTransaction {
  /** As it is now, and, under its lock, as it stays until this transaction ends: others who want the row wait. */
  get(typename: string, id: string, lock?: RowLock): Awaitable<StoredRow | null>;
  /** Whether {@link WriteTransaction.expect} gains anything. */
  readonly expects: boolean;
  /**
   * These are about to be taken by `get`, for `update`: where the database is far away, they are brought together. Says nothing of whether
   * they are there.
   */
  expect(entities: readonly Pick<Row, '__typename' | 'id'>[]): Awaitable<void>;
  /**
   * Writes a whole row, inserted or replaced, and notes the change. The version is the caller's business. `past`: the row that it
   * replaces, where `pasts` is to know it.
   */
  put(typename: string, stored: StoredRow, past?: Row): Awaitable<void>;
  /**
   * Runs a part that is undone alone when it throws; the error goes on to the caller. The part works on the handle it is given,
   * which is closed when it ends: work that outlives it cannot touch what comes after. Nests. One at a time. What an outermost part
   * writes is one unit, as is what a transaction writes outside of parts: no page of `changes` holds half of it (I11).
   */
  savepoint<T>(run: (part: WriteTransaction) => Awaitable<T>): Promise<T>;
  /** What is put from here on is a unit of its own, inside of an outermost part as outside. */
  beginUnit(): void;
  findResult(key: ResultKey): Awaitable<StoredResult | null>;
  /** Whether any result of the client is kept under a mutation id from `first` to `last`. */
  hasResults(user: string, clientId: string, first: number, last: number): Awaitable<boolean>;
  saveResult(key: ResultKey, result: StoredResult): Awaitable<void>;
  /** The same of many at once: where the database is far away, in one journey. */
  saveResults(results: readonly (readonly [ResultKey, StoredResult])[]): Awaitable<void>;
  /**
   * Raises the client's watermark to `through` (never lowers it), forgets the results up to it and answers the watermark:
   * ids at or below it never run again.
   */
  acknowledge(user: string, clientId: string, through: number): Awaitable<number>;
  /** How many results of the client wait for an acknowledgement. */
  countResults(user: string, clientId: string): Awaitable<number>;
  /** Forgets every result and every lease of a client that has nothing left to send; its watermark becomes its highest stored id. */
  retire(user: string, clientId: string): Awaitable<void>;
  /**
   * Removes tombstones last changed before `before` (ISO 8601), and pasts that were replaced before it; moves the horizon and raises the
   * version floors. Answers how many tombstones.
   */
  collectTombstones(before: string): Awaitable<number>;
  /**
   * The last lease of an entity, expired or not; or the one that a token names. `null`: there was none, or it was ended or collected.
   * That of an entity stays as it is as long as this transaction holds its row (`get`): leases are given, extended and ended under that lock.
   */
  findLease(which: Pick<StoredLease, 'typename' | 'id'> | Pick<StoredLease, 'token'>): Awaitable<StoredLease | null>;
  /** Puts a lease in the place of the entity's last one. Its token is at least `atLeast`, and above every one that this store ever gave. */
  grantLease(lease: Omit<StoredLease, 'token'>, atLeast: number): Awaitable<StoredLease>;
  extendLease(token: number, expiresAt: number): Awaitable<void>;
  endLease(token: number): Awaitable<void>;
  /** How many leases of a user expire after `after`. */
  countLeases(user: string, after: number): Awaitable<number>;
  /** Forgets the leases that expired before `before`; answers how many. */
  collectLeases(before: number): Awaitable<number>;
  /** The engine's own handle on this transaction, for SQL of the application's own; `null` where there is none. */
  readonly native: unknown;
}
/** Told after a commit that changed entities, never before it is durable. */
interface Commit {
  readonly position: Position;
  readonly typenames: ReadonlySet<string>;
}
/**
 * Where entities, tombstones, the change log and the results of mutations live, in one transactional place.
 * The contract is test/contracts/store.ts: every engine passes it.
 */
interface Store {
  /**
   * Opens the database and makes or checks its tables. Called once by createOfflineSchema; calling it again with an equal
   * model is harmless. A failure is also what every later call rejects with.
   * @throws OfflineServerError `STORE_UNWRITABLE`, `STORE_FOREIGN`, `STORE_NEWER`, `STORE_CORRUPT`, `STORE_INCOMPATIBLE`.
   */
  open(types: TypeModel): Promise<void>;
  /** Settles as {@link Store.open} did: await it before listening, so that a bad database stops the start. */
  ready(): Promise<void>;
  /** As given to `open`. */
  readonly types: TypeModel;
  /** Names this database; another name once it was replaced by what may be an older state of it, as far as the engine can tell. */
  readonly epoch: string;
  readonly reads: ReadTransaction;
  /**
   * Runs `run` in a write transaction and resolves with its value once that is durable. When it throws, nothing of it stays.
   * Writers that meet in a row (as `get` locks it) or in a client (as `acknowledge` does) run one after another; others may run
   * side by side, where the engine can. What `list` and `count` saw may have changed by the commit: decide on what `get` gave.
   * `run` may be called again after a deadlock or a lost connection, when nothing of the first call stayed: it has to work on its
   * transaction alone.
   */
  write<T>(run: (transaction: WriteTransaction) => Awaitable<T>): Promise<T>;
  /** Returns the undoing. */
  onCommit(listener: (commit: Commit) => void): () => void;
  /** Finishes what has begun, then lets go of the database. Later calls throw `STORE_CLOSED`. */
  close(): Promise<void>;
}
//#endregion
//#region server/context.d.ts
/** Who is calling, as `identify` answered. Outbox, results and leases belong to `id`. */
interface OfflineUser {
  readonly id: string;
  readonly [claim: string]: unknown;
}
/** What resolvers find in their context. */
interface OfflineContext {
  readonly offline: OfflineScope;
}
/** `context.offline`: one per operation; in a mutation, one per root field. */
interface OfflineScope {
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
interface OfflineRead {
  /**
   * `null` when it is not there, is deleted, or may not be read. `deleted: true`: tombstones too, so that what refers to a deleted
   * entity (`inspection.site`) can still be shown, non-null fields and all, with `_deleted: true`.
   */
  get(typename: string, id: string, options?: {
    readonly deleted?: boolean;
  }): Promise<Row | null>;
  list(typename: string, args: ListArgs): Promise<Connection>;
}
/** Arguments of a generated list field, as GraphQL hands them over. */
interface ListArgs {
  readonly filter?: Filter | null;
  readonly orderBy?: readonly Order[] | null;
  /** Default 100, at most 1000; `limits.pageSize` may give less. */
  readonly first?: number | null;
  /** An `endCursor`, under the same order. */
  readonly after?: string | null;
}
interface Connection {
  readonly nodes: readonly Row[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly endCursor: string | null;
  };
  /** A function, so that nobody counts when nobody asks: GraphQL's default resolver calls it. */
  readonly totalCount: () => Promise<number>;
}
/** Versioned writes in the transaction of the mutation root field. What it returns can be returned by the resolver as it is. */
interface OfflineWrite {
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
interface UpdateOptions {
  /** Values as the editor saw them, by input name. Default: what the request carries for this field. */
  readonly base?: Readonly<Record<string, unknown>>;
}
/** `{ __typename: 'UpdateTodoPayload', todo: row, mergedFields }`: the entity stands under generatedNames(typename).entity. */
interface WritePayload {
  readonly __typename: string;
  /** Fields in which both sides had changed and a strategy decided. `*`: and others, which the caller may not see. */
  readonly mergedFields: readonly string[];
  readonly [entity: string]: unknown;
}
interface ConflictResult {
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
interface MutationRejected {
  readonly __typename: 'MutationRejected';
  readonly code: string;
  readonly message: string;
  readonly field: readonly string[] | null;
}
type WriteResult = WritePayload | ConflictResult | MutationRejected;
/** Pessimistic editing: while a lease lasts, only its holder writes the entity. Asks `authorize` for `update`. */
interface OfflineLeases {
  /** `ttlMs`: how long, at most `limits.leaseMs`. A client that asks again for what it holds gets a new lease for the old one. */
  acquire(typename: string, id: string, ttlMs: number): Promise<LeaseResult>;
  /** From now on, for so long. One that has expired is over: `LEASE_EXPIRED`. */
  renew(typename: string, id: string, fencingToken: number, ttlMs: number): Promise<LeaseResult>;
  /** Whether there was anything to release. */
  release(typename: string, id: string, fencingToken: number): Promise<boolean>;
}
/** As in the SDL. */
interface GrantedLease {
  readonly __typename: 'Lease';
  readonly typename: string;
  readonly id: string;
  readonly fencingToken: number;
  /** ISO 8601, by the server's clock. */
  readonly expiresAt: string;
}
interface LeaseHeld {
  readonly __typename: 'LeaseHeld';
  readonly message: string;
  readonly holder: string | null;
  readonly isYours: boolean;
  /** ISO 8601, by the server's clock. */
  readonly expiresAt: string;
}
type LeaseResult = GrantedLease | LeaseHeld | MutationRejected;
interface OfflineSync {
  page(args: SyncArgs): Promise<SyncPage>;
  hints(args: {
    readonly types?: readonly string[] | null;
  }): AsyncIterableIterator<SyncHintEvent>;
}
interface SyncArgs {
  readonly since?: string | null;
  readonly types?: readonly string[] | null;
  /** Default 500, at most 1000; `limits.pageSize` may give less. */
  readonly limit?: number | null;
}
/** As in the SDL. `changes` carry `__typename`, so the interface resolves by itself. */
interface SyncPage {
  readonly changes: readonly Row[];
  readonly tombstones: readonly Tombstone[];
  readonly cursor: string;
  readonly hasMore: boolean;
  readonly reset: boolean;
}
interface Tombstone {
  readonly typename: string;
  readonly id: string;
  readonly _version: Version;
  readonly reason: 'DELETED' | 'OUT_OF_SCOPE';
}
/** One event of the subscription `syncHint`, in the form that the default resolver reads. */
interface SyncHintEvent {
  readonly syncHint: {
    readonly cursor: string;
  };
}
/** Resolver of `Query.sync`. */
declare function syncPage(context: unknown, args: SyncArgs): Promise<SyncPage>;
/** `subscribe` of `Subscription.syncHint`. */
declare function syncHints(context: unknown, args: {
  readonly types?: readonly string[] | null;
}): AsyncIterableIterator<SyncHintEvent>;
//#endregion
//#region server/csrf.d.ts
interface CsrfPreventionOptions {
  /** Any of these headers proves that the sender is no form. Default `apollo-require-preflight` and `x-graphql-yoga-csrf`. */
  readonly headers?: readonly string[];
}
/**
 * For servers that know their callers by a cookie: refuses what a page of another site could make a browser send with that cookie
 * unasked. A JSON body or one of the headers needs a preflight, which the server's CORS settings decide on; everything else gets 403,
 * GET requests and uploads without the header included. Pages for people (`Accept: text/html`) pass, for they change nothing.
 * @throws OfflineServerError `BAD_OPTION`
 */
declare function useCsrfPrevention(options?: CsrfPreventionOptions): Plugin;
//#endregion
//#region server/errors.d.ts
/** Why the server half could not be set up or used. */
type OfflineServerErrorCode = /** An option is not what it should be: the message names it, what was expected and what came. */'BAD_OPTION' /** `useOffline` is not among the plugins, or two stores are mixed up. */ | 'NOT_INSTALLED' /** The database file cannot be opened or written. */ | 'STORE_UNWRITABLE' /** The database file belongs to another application. */ | 'STORE_FOREIGN' /** The database file was written by a newer release. */ | 'STORE_NEWER' /** The database file is damaged, or no database. */ | 'STORE_CORRUPT' /** The types of the schema do not fit the tables, and no safe change makes them fit. */ | 'STORE_INCOMPATIBLE' /** A table that a type is mapped to is not there. */ | 'STORE_TABLE_MISSING' /** A column that a field is mapped to is not there. */ | 'STORE_COLUMN_MISSING' /** Tables that types are mapped to have not been prepared, and the store was not told to do it. */ | 'STORE_NOT_MIGRATED' /** A package that the store is built on is not installed: the message says which. */ | 'STORE_PACKAGE_MISSING' /** The database server cannot be reached, or was not reached again in time after the connection was lost. */ | 'STORE_UNREACHABLE' /** The database server refuses the user, the password, or what the store needs to do. */ | 'STORE_DENIED' /** The database server is older than what the store needs. */ | 'STORE_TOO_OLD' /** The connection was lost during a commit and nothing tells how it ended. A repeat under the same id does. */ | 'STORE_COMMIT_UNKNOWN' | 'STORE_NOT_OPEN' | 'STORE_CLOSED' /** A transaction was used after its mutation field had ended. */ | 'TRANSACTION_CLOSED' /** `context.offline.write` or `.lease` was used outside a mutation root field. */ | 'NOT_IN_MUTATION' /** A resolver held the write lock for longer than `limits.fieldTimeoutMs`. */ | 'FIELD_TIMEOUT' /** A resolver named a type that is not versioned. */ | 'UNKNOWN_TYPE' /** A resolver wrote a field that is not stored. */ | 'UNKNOWN_FIELD';
/** Misuse, or a damaged store. What a client did wrong is a GraphQLError instead. */
declare class OfflineServerError extends Error {
  readonly code: OfflineServerErrorCode;
  constructor(code: OfflineServerErrorCode, message: string, options?: ErrorOptions);
  static is(error: unknown): error is OfflineServerError;
}
//#endregion
//#region server/errors-profile.d.ts
/**
 * For schemas without result unions: gives back what was written, and throws what was not as the error that clients take for a conflict
 * (`extensions: { code: 'CONFLICT', conflict }`) or a refusal (its own code).
 *
 * ```ts
 * updateTodo: async (_root, { input }, context, info) => payloadOrError(await context.offline.write.update('Todo', input), context, info)
 * ```
 *
 * `null`, as `expectVersion` answers, is given back as it is. What a conflict shows of the entity goes through the resolvers of its
 * fields: one that fails for this caller is left out.
 * @throws GraphQLError
 */
declare function payloadOrError<Result extends WriteResult | null>(result: Result, context: OfflineContext, info: GraphQLResolveInfo): Promise<Exclude<Result, ConflictResult | MutationRejected>>;
//#endregion
//#region server/event.d.ts
/** How one mutation root field of one request ended, told when that is settled: what an audit log and figures are made of. */
interface MutationEvent {
  /** `null`: a stranger. */
  readonly user: OfflineUser | null;
  /** Of the device; `null` where the client named none. */
  readonly clientId: string | null;
  /** What the device calls this write; `null` where it gave it no id. */
  readonly mutationId: number | null;
  /** `updateTodo` */
  readonly field: string;
  /** The versioned type whose conflicts the field answers with; `null`: none. */
  readonly typename: string | null;
  /** `unauthenticated`: nobody is signed in, nothing ran. `failed`: nothing stayed, and the same may come again. */
  readonly outcome: FieldOutcome | 'unauthenticated' | 'failed';
  /** Codes of its errors, those of the machine as `INTERNAL_SERVER_ERROR`. */
  readonly codes: readonly string[];
  /** From the request's turn to the answer, in milliseconds: fields of one document share it. */
  readonly durationMs: number;
}
/** A page of `sync`, as it is handed out. */
interface SyncEvent {
  readonly user: OfflineUser;
  readonly changes: number;
  readonly tombstones: number;
  readonly reset: boolean;
  /**
   * How long ago the oldest change of the page was made, in milliseconds by the server's clock: how far behind its reader was.
   * `null`: the page holds none, or the reader begins anew.
   */
  readonly lagMs: number | null;
}
//#endregion
//#region server/metrics.d.ts
interface OfflineMetricsOptions {
  /** The package `prom-client`, as `import * as prometheus from 'prom-client'` gives it. */
  readonly prometheus: {
    readonly Counter: typeof Counter;
    readonly Gauge: typeof Gauge;
    readonly Histogram: typeof Histogram;
  };
  /** What `GET /metrics` answers with. */
  readonly registry: Registry;
  /** Asked for what it keeps, whenever the figures are read. */
  readonly store: Pick<Store, 'reads'>;
}
/** Hand both to `useOffline`. */
interface OfflineMetrics {
  readonly onMutation: (event: MutationEvent) => void;
  readonly onSync: (event: SyncEvent) => void;
}
/**
 * What an operator wants to see, for Prometheus. Labels are names of the schema and outcomes: nobody who calls can add to them.
 *
 * | metric | labels |
 * | --- | --- |
 * | `farside_mutations_total` | `outcome`: applied, duplicate, conflict, rejected, unauthenticated, failed |
 * | `farside_conflicts_total` | `type` |
 * | `farside_mutation_duration_seconds` | |
 * | `farside_sync_lag_seconds`: the age of the oldest change of a page, for who did not begin anew | |
 * | `farside_sync_resets_total`: pages that begin anew, first ones left out | |
 * | `farside_dedupe_rows`, `farside_tombstones`: what is kept now | |
 *
 * @throws OfflineServerError `BAD_OPTION`
 */
declare function offlineMetrics(options: OfflineMetricsOptions): OfflineMetrics;
//#endregion
//#region server/plugin-options.d.ts
type Action = 'read' | 'create' | 'update' | 'delete';
/** What `authorize` is asked. */
interface AuthorizeRequest {
  readonly user: OfflineUser;
  readonly action: Action;
  readonly typename: string;
  /** As it is at the server; for `create`, as it would be. */
  readonly row: Row;
  /** The fields that an update sets, by input name, with the values that were sent. `null` for all else, a lease included. */
  readonly changes: Readonly<Record<string, unknown>> | null;
}
type Authorize = (request: AuthorizeRequest) => boolean | Promise<boolean>;
/** What others are told of who holds a lease: a name, or `null`. */
type LeaseHolder = (request: LeaseHolderRequest) => string | null | Promise<string | null>;
interface LeaseHolderRequest {
  /** Who asks. */
  readonly user: OfflineUser;
  /** The `id` of who holds the lease. */
  readonly holderId: string;
  /** What it is a lease of; `user` may read it. */
  readonly row: Row;
}
interface OfflineLimits {
  /** Results of one client that wait for its acknowledgement. More: TOO_MANY_UNACKNOWLEDGED. Default 2000; at least 500, what one request may carry. */
  readonly unacknowledgedResults?: number;
  /** How long the resolvers of one mutation root field may hold the write lock. Longer: rolled back, an internal error. Default 10 000. */
  readonly fieldTimeoutMs?: number;
  /** Most rows of one page of a list or of sync, whatever was asked for. Default and most 1000. */
  readonly pageSize?: number;
  /** About how many bytes of rows one page of sync may hold; what was written together is never split. Default 1 000 000. */
  readonly pageBytes?: number;
  /** How far ahead of the server a device's clock may be; an edit that says more counts from its arrival. Milliseconds, default 300 000. */
  readonly clockToleranceMs?: number;
  /** The longest that a lease lasts without being renewed, whatever was asked for. Milliseconds, default 300 000. */
  readonly leaseMs?: number;
  /** Leases that one user holds at a time, with all clients. More: TOO_MANY_LEASES. Default 100; 0: there are none. */
  readonly leasesPerUser?: number;
}
interface UseOfflineOptions<Context> {
  /** The store that createOfflineSchema was given. */
  readonly store: Store;
  /**
   * Who is calling: `{ id }`, or `null` for a stranger. A stranger gets UNAUTHENTICATED for whatever touches versioned data;
   * introspection and resolvers that do not touch it still run. A GraphQLError thrown here reaches the client.
   */
  readonly identify: (context: Context) => OfflineUser | null | undefined | Promise<OfflineUser | null | undefined>;
  /**
   * Whether this user may do this with this row. A row that may not be read is absent: from reads, lists, sync and conflicts.
   * A write that is not allowed is rejected as FORBIDDEN. Of a row that changed so that its reader may not read it any more, sync says
   * that it is gone: what it was is kept for that, and shown to this function again, until `collectGarbage` forgets it. So decide by
   * what is in the row: a change elsewhere (a role that was taken away) is not noticed. Asked again at every repeat of a read, so keep it quick; and
   * of one write perhaps more than once (what the database undid runs again, so does what did not go well at once): let it decide, and
   * do nothing else. Default: everyone may.
   */
  readonly authorize?: Authorize;
  /**
   * The name by which this user is told who holds a lease. Everybody is told that there is one, until when, and whether it is their own.
   * Default: no names.
   */
  readonly leaseHolder?: LeaseHolder;
  /**
   * Merge rules over those of the schema: by type, then by input field name or `'*'`. A function gets base, local and remote of the
   * field, and of the whole entity; it answers the value, or MANUAL for a conflict. Pure, and quick: it runs in the transaction.
   */
  readonly conflict?: ConflictRules;
  /**
   * Names this server, or all servers on this database, among those that write independently: in versions of the kinds HYBRID_CLOCK
   * and VERSION_VECTOR. 1 to 32 letters, digits and `_`, a letter first. Default `main`.
   */
  readonly authority?: string;
  readonly limits?: OfflineLimits;
  /**
   * Told once for each mutation root field of each request, when it is settled and before the answer goes out: for an audit log
   * (who, what, outcome) and for figures (`offlineMetrics`). Fields that were never reached are not told. What it throws
   * is thrown again outside of the request. Default: nobody is told.
   */
  readonly onMutation?: (event: MutationEvent) => void;
  /** Told of each page of `sync` before it goes out, as {@link onMutation} is. Default: nobody is told. */
  readonly onSync?: (event: SyncEvent) => void;
  /** Milliseconds since the Unix epoch, for `_lastChangedAt` and `serverTime`. Default `Date.now`. */
  readonly now?: () => number;
}
//#endregion
//#region server/plugin.d.ts
/**
 * Makes a GraphQL server answer offline clients: every mutation root field runs in a transaction and at most once, conflicts are
 * found per field, and resolvers get `context.offline`. Only Envelop's hooks are used, so it runs in any Envelop server.
 *
 * ```ts
 * const store = sqliteStore({ file: 'app.db' });
 * createYoga({ schema: createOfflineSchema({ typeDefs, store }), plugins: [useOffline({ store, identify: ({ request }) => session(request) })] });
 * ```
 *
 * @throws OfflineServerError `BAD_OPTION` that names the option, what was expected and what came.
 */
declare function useOffline<Context = YogaInitialContext>(options: UseOfflineOptions<Context>): Plugin<OfflineContext>;
//#endregion
//#region server/rate-limit.d.ts
interface RateLimitOptions {
  /** Requests per minute and client, in the long run. */
  readonly perMinute: number;
  /** How many may come at once after a pause. Default: what comes in ten seconds, at least 1. */
  readonly burst?: number;
  /**
   * Whom a request is counted for: a session, a user, an address. Take nothing that the caller may choose freely. `null`: nobody, it
   * is not counted.
   */
  readonly client: (request: Request, context: YogaInitialContext) => string | null | Promise<string | null>;
  /** Milliseconds since any fixed moment. Default `Date.now`. */
  readonly now?: () => number;
}
/**
 * Answers 429 with `Retry-After` to clients that ask too often, before anything is parsed or run. Offline clients wait as long as it
 * says and send again; nothing is lost. Counts in this process alone.
 * @throws OfflineServerError `BAD_OPTION`
 */
declare function useRateLimit(options: RateLimitOptions): Plugin;
//#endregion
//#region schema/generated-sdl.d.ts
/** How a write that did not take place is answered: as another member of a result union, or as an error (the errors profile). */
type ConflictProfile = 'union' | 'errors';
//#endregion
//#region server/schema.d.ts
/** Resolvers of the application, in the shape that graphql-tools takes: one map, or several of which later ones win. */
type OfflineResolvers<TContext> = NonNullable<Parameters<typeof createSchema<TContext & OfflineContext>>[0]['resolvers']>;
interface OfflineSchemaOptions<TContext> {
  /** SDL with `@versioned` types, and whatever else the application has: `extend type Query`, mutations of its own, other types. */
  readonly typeDefs: string | DocumentNode | readonly (string | DocumentNode)[];
  /**
   * Resolvers for what is not generated: computed fields, root fields of the application. One for a generated field replaces it;
   * `context.offline` gives it the same reads and writes.
   */
  readonly resolvers?: OfflineResolvers<TContext>;
  /** Opened with the types of the schema. Whether that went well is what `store.ready()` answers. */
  readonly store: Store;
  /**
   * How a write that did not take place is answered. `'union'`: by the members `TodoConflict` and `MutationRejected` of a result union.
   * `'errors'`, for schemas that cannot have unions: by a GraphQL error of code `CONFLICT`, or of the refusal's own. Default `'union'`.
   */
  readonly conflicts?: ConflictProfile;
}
/**
 * Annotated SDL in, executable schema out: for every `@versioned` type the queries, mutations, inputs and results that
 * schema/PROTOCOL.md lays down, with resolvers that read and write `store` through `context.offline`. Needs `useOffline` on the server.
 * @throws SchemaError (`code: 'BAD_SCHEMA'`) that names type, field and fix of everything that is wrong.
 */
declare function createOfflineSchema<TContext = object>({
  typeDefs,
  resolvers,
  store,
  conflicts
}: OfflineSchemaOptions<TContext>): GraphQLSchema;
//#endregion
//#region schema/ast.d.ts
/** A schema in any of its forms: SDL text, parsed SDL, several of them, or executable (built from SDL, so that its directives are there). */
type SchemaSource = string | DocumentNode | GraphQLSchema | readonly (string | DocumentNode)[];
//#endregion
//#region schema/problem.d.ts
/** One thing that a schema does against the conventions of PROTOCOL.md. */
interface Problem {
  readonly type: string;
  /** `null` when it is about the type as a whole. */
  readonly field: string | null;
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
}
//#endregion
//#region schema/types.d.ts
interface VersionedTypes {
  /** What the store keeps and the client knows, by type name. */
  readonly types: Readonly<Record<string, ManifestType>>;
  /** Names of what is generated for each type. */
  readonly names: Readonly<Record<string, GeneratedNames>>;
  /** Output fields that only a hand-written resolver can answer, by type name. */
  readonly computed: Readonly<Record<string, readonly string[]>>;
  /** When not empty, the rest is not to be used. */
  readonly problems: readonly Problem[];
}
//#endregion
//#region schema/expand.d.ts
interface ExpandedSchema extends VersionedTypes {
  /** The whole schema as SDL: the shared types, the application's own, and what is generated for each `@versioned` type. */
  readonly document: DocumentNode;
}
/**
 * Annotated SDL → the schema that clients see. The same code stands behind createOfflineSchema and code generation, so that
 * generated types and the running server cannot differ.
 *
 * `source` must not be an executable schema: that one is expanded already. `conflicts: 'errors'`: a schema without unions, whose
 * conflicts and refusals are GraphQL errors; default `'union'`.
 * @throws SchemaError with every problem found.
 */
declare function expandSchema(source: Exclude<SchemaSource, GraphQLSchema>, {
  conflicts
}?: {
  readonly conflicts?: ConflictProfile;
}): ExpandedSchema;
//#endregion
//#region server/store/mapping.d.ts
/** A table that is there already, and holds the entities of a type. Other programs may go on writing it. */
interface MappedTable {
  /** Its name, without a schema. */
  readonly table: string;
  /** The column that holds the id; unique. Default `id`. */
  readonly key?: string;
  /** Column by input name of the field (`siteId` of a reference `site`). Default: the same name. */
  readonly columns?: Readonly<Record<string, string>>;
}
/** By type name. Types that are not named here get tables of their own. */
type MappedTables = Readonly<Record<string, MappedTable>>;
/** Type definitions as `createOfflineSchema` takes them. */
type TypeDefs = Parameters<typeof expandSchema>[0];
//#endregion
//#region server/store/memory.d.ts
interface MemoryStoreOptions {
  /** Names of the database and of the stretches of its history. Default `crypto.randomUUID`. */
  readonly newId?: () => string;
}
/**
 * A store for tests: the whole contract, transactions and savepoints included, and nothing on disk. It takes no turn of the event
 * loop, so that a simulated world stays in step.
 * @throws OfflineServerError `BAD_OPTION`
 */
declare function memoryStore(options?: MemoryStoreOptions): Store;
//#endregion
//#region server/store/store-event.d.ts
/**
 * What a store meets by itself, told when it has happened: for logs and alarms. `message` is for people. Holds neither rows, nor statements, nor
 * where the database is.
 */
type StoreEvent = {
  readonly message: string;
} & ({
  /** PostgreSQL: the connection that is always open is gone. Requests wait for `retryForMs`, live hints until it is back. */readonly code: 'CONNECTION_LOST';
} | {
  readonly code: 'CONNECTION_RESTORED'; /** Since it was lost. */
  readonly afterMs: number;
} | {
  /** PostgreSQL: what was undone for no fault of its own is run again. Now and then that is nothing; often, writers are in each other's way. */readonly code: 'RETRIED';
  readonly what: 'read' | 'transaction'; /** The try that failed, from 1. */
  readonly round: number; /** SQLSTATE, or the system's name of the failure: `40P01`, `ECONNRESET`; `STORE_CONNECTION_LOST`. */
  readonly reason: string;
} | {
  /** PostgreSQL: the server is another one, or has been further before: every client begins anew. A backup was restored, or a standby promoted. */readonly code: 'EPOCH_CHANGED';
  readonly epoch: string;
} | {
  /** SQLite, `synchronous: 'full'`: nobody knows what the disk has kept. Writes are refused until the process starts again. */readonly code: 'DISK_FAILED'; /** The system's name of the failure: `EIO`, `ENOSPC`. */
  readonly reason: string;
});
type OnStoreEvent = (event: StoreEvent) => void;
//#endregion
//#region server/store/postgres-options.d.ts
interface PostgresStoreOptions {
  /** `postgres://user:password@host:5432/database?sslmode=…`. This or `pool`. */
  readonly connectionString?: string;
  /** A pool of the package `pg`, which stays yours to end. At least 4 connections. This or `connectionString`. */
  readonly pool?: Pool;
  /** The schema that holds the tables; made if it is not there. Several stores may live in one database. Default `public`. */
  readonly schema?: string;
  /** Most connections of a store that has a `connectionString`, one of them for live hints. Default 10, at least 4. */
  readonly connections?: number;
  /**
   * How long a request keeps trying while the server restarts or fails over, and while others hold what it wants. Then
   * STORE_UNREACHABLE, which clients retry. Default 10 000.
   */
  readonly retryForMs?: number;
  /**
   * How often writes of other programs to the tables of `tables` are looked for, in milliseconds, while somebody listens for live hints:
   * that costs those programs nothing. Default 1000; 0: never, and their writes are found by the next pull.
   */
  readonly watchIntervalMs?: number;
  /** Types whose entities live in tables of the same `schema` that are there already, which other programs may go on writing. Default: none. */
  readonly tables?: MappedTables;
  /**
   * Prepares these tables at the start: columns for versions, triggers for the writes of other programs. Default `false`: a store on tables
   * that are not prepared refuses with `STORE_NOT_MIGRATED`; `postgresMigrationSql` gives what to run.
   */
  readonly migrate?: boolean;
  /** Told of lost connections, of what is run again and of a history that begins anew. Default: nobody is. */
  readonly onEvent?: OnStoreEvent;
  /** Unguessable names for the stretches of history. Default `crypto.randomUUID`. */
  readonly newId?: () => string;
}
//#endregion
//#region server/store/postgres.d.ts
/**
 * A store on PostgreSQL 14 or newer, which any number of server processes share: real tables made from the schema, row locks, and a
 * change log in the order of commits. What has been acknowledged is as safe as the server's `synchronous_commit` makes it.
 * A transaction that the database undid (a deadlock, a lost connection) is run again, so resolvers work on their transaction alone.
 * A transaction of any application on the same server that writes for minutes holds back what `sync` and live hints show meanwhile.
 * Needs the packages `pg` and `kysely`.
 * @throws OfflineServerError `BAD_OPTION`; everything about the server is said by {@link Store.open}: also `STORE_UNREACHABLE`,
 * `STORE_DENIED`, `STORE_TOO_OLD`, `STORE_PACKAGE_MISSING`.
 */
declare function postgresStore(options: PostgresStoreOptions): Store;
/**
 * What has to be run once before a store with these `tables` can start, as a script of SQL: columns for versions, the rows that are there,
 * triggers. `''`: nothing. Only reads. `postgresStore({ …, migrate: true })` runs the same.
 * @throws OfflineServerError as {@link Store.open} does; SchemaError for type definitions that are wrong.
 */
declare function postgresMigrationSql(options: PostgresStoreOptions, typeDefs: TypeDefs): Promise<string>;
//#endregion
//#region server/store/postgres-native.d.ts
/**
 * `context.offline.write.native` on PostgreSQL: Kysely on the connection of the open transaction, for tables of the application's own.
 * It closes with the mutation field.
 */
type PostgresNative<Tables = unknown> = Kysely<Tables>;
//#endregion
//#region server/store/sqlite-options.d.ts
interface SqliteStoreOptions {
  /** Path of the database file. It is made when it does not exist; its directory has to exist. */
  readonly file: string;
  /**
   * `full` (default): a commit waits for the disk, so that nothing acknowledged is lost in a power cut. `normal`: faster, safe
   * against a killed process, but a power cut may undo the last commits.
   */
  readonly synchronous?: 'full' | 'normal';
  /** How long to wait for another process that is writing. Default 5000. */
  readonly busyTimeoutMs?: number;
  /**
   * How often to look whether another program or process has written into the file, so that live hints tell of it; only while somebody
   * listens. Milliseconds, default 1000; 0: never.
   */
  readonly watchIntervalMs?: number;
  /** Types whose entities live in tables that are there already, which other programs may go on writing. Default: none. */
  readonly tables?: MappedTables;
  /**
   * Prepares these tables at the start: columns for versions, triggers for the writes of other programs. Default `false`: a store on tables
   * that are not prepared refuses with `STORE_NOT_MIGRATED`; `sqliteMigrationSql` gives what to run.
   */
  readonly migrate?: boolean;
  /** Told when the disk fails. Default: nobody is. */
  readonly onEvent?: OnStoreEvent;
  /** Unguessable names for the stretches of history. Default `crypto.randomUUID`. */
  readonly newId?: () => string;
}
//#endregion
//#region server/store/sqlite.d.ts
/**
 * A store in one SQLite file: real tables made from the schema, write-ahead log, one writer at a time.
 * What has been acknowledged survives a killed process always, and a power cut under the default `synchronous: 'full'`.
 * Needs the packages `better-sqlite3` and `kysely`.
 * @throws OfflineServerError `BAD_OPTION`; everything about the file is said by {@link Store.open}.
 */
declare function sqliteStore(options: SqliteStoreOptions): Store;
/**
 * What has to be run once before a store with these `tables` can start, as a script of SQL: columns for versions, the rows that are there,
 * triggers. `''`: nothing. Only reads the file. `sqliteStore({ …, migrate: true })` runs the same.
 * @throws OfflineServerError as {@link Store.open} does; SchemaError for type definitions that are wrong.
 */
declare function sqliteMigrationSql(options: SqliteStoreOptions, typeDefs: TypeDefs): Promise<string>;
//#endregion
//#region server/store/sqlite-native.d.ts
/**
 * `context.offline.write.native` on SQLite: Kysely on the connection of the open transaction, for tables of the application's
 * own. It closes with the mutation field.
 */
type SqliteNative<Tables = unknown> = Kysely<Tables>;
//#endregion
//#region server/sync/garbage.d.ts
interface GarbageOptions {
  /**
   * How long a deletion is remembered, in milliseconds. A client that was away longer starts anew (`reset: true`), keeping what it has
   * to send. Thirty days is a good start.
   */
  readonly tombstonesOlderThanMs: number;
  /** Milliseconds since the Unix epoch. Default `Date.now`. */
  readonly now?: () => number;
}
/**
 * Forgets what clients have had time to learn. Call it now and then, once a day for instance; on PostgreSQL by any of the servers.
 * @returns how many tombstones, and how many leases that had expired, were removed.
 * @throws OfflineServerError `BAD_OPTION`, and what the store says.
 */
declare function collectGarbage(store: Pick<Store, 'write'>, options: GarbageOptions): Promise<{
  readonly tombstones: number;
  readonly leases: number;
}>;
//#endregion
export { type Action, type Authorize, type AuthorizeRequest, type Changes, type ChangesQuery, type Commit, type CompressedRequestsOptions, type CompressedResponsesOptions, type ConflictResult, type Connection, type CsrfPreventionOptions, type FieldVersions, type GarbageOptions, type GrantedLease, type LeaseHeld, type LeaseHolder, type LeaseHolderRequest, type LeaseResult, type ListArgs, type ListQuery, type MappedTable, type MappedTables, type MemoryStoreOptions, type MutationEvent, type MutationRejected, type OfflineContext, type OfflineLeases, type OfflineLimits, type OfflineMetrics, type OfflineMetricsOptions, type OfflineRead, type OfflineResolvers, type OfflineSchemaOptions, type OfflineScope, OfflineServerError, type OfflineServerErrorCode, type OfflineSync, type OfflineUser, type OfflineWrite, type OnStoreEvent, type Position, type PostgresNative, type PostgresStoreOptions, type RateLimitOptions, type ReadTransaction, type ResultKey, type Row, type RowLock, type SqliteNative, type SqliteStoreOptions, type Store, type StoreEvent, type StoreStatistics, type StoredLease, type StoredResult, type StoredRow, type SyncArgs, type SyncEvent, type SyncHintEvent, type SyncPage, type Tombstone, type TypeModel, type UpdateOptions, type UseOfflineOptions, type WritePayload, type WriteResult, type WriteTransaction, collectGarbage, createOfflineSchema, memoryStore, offlineMetrics, payloadOrError, postgresMigrationSql, postgresStore, sqliteMigrationSql, sqliteStore, syncHints, syncPage, useCompressedRequests, useCompressedResponses, useCsrfPrevention, useOffline, useRateLimit };