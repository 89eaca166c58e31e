import type { Filter, Order } from '../../schema/list.ts';
import type { ManifestType } from '../../schema/manifest.ts';
import type { FieldOutcome } from '../../schema/protocol.ts';
import type { Version } from '../../schema/version.ts';
import type { Awaitable } from '../steps.ts';

/** The versioned types of a schema, by name. Columns are named by `field.input`. */
export type TypeModel = Readonly<Record<string, ManifestType>>;

/** One entity as resolvers see it: JSON values by *input* name (`siteId`, not `site`), and the fields of `Versioned`. Frozen. */
export interface Row {
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
export type FieldVersions = Readonly<Record<string, Version>>;

/** A row as it is kept. Tombstones are rows with `_deleted: true`; they keep their last values until they are collected. */
export interface StoredRow {
  readonly row: Row;
  readonly fieldVersions: FieldVersions;
}

/** A page of a list, by keyset: rows that pass `filter`, in `order`, after a position. */
export interface ListQuery {
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
export interface Position {
  readonly epoch: string;
  readonly position: string;
  /**
   * The newest position when this reader began from the beginning, while it has not got there yet: tombstones that were collected up to
   * there are of entities that it was never told of.
   */
  readonly begun?: string;
}

export interface ChangesQuery {
  /** `null`: from the beginning. */
  readonly after: Position | null;
  /** `null`: every type. */
  readonly types: readonly string[] | null;
  /** Most rows, and most bytes of their JSON (default: any number). A page goes on to the end of the unit that it ends in. */
  readonly limit: number;
  readonly maxBytes?: number;
}

/** What changed after a position, in the order of commits: each entity once, with its row as of this snapshot. */
export interface Changes {
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
export interface ReadTransaction {
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

export interface StoreStatistics {
  /** Answers that wait to be acknowledged. */
  readonly results: number;
  /** Deleted entities that `collectTombstones` has not removed. */
  readonly tombstones: number;
}

/** Names one delivery of one mutation: what a client calls it, within the user whom the client belongs to. */
export interface ResultKey {
  readonly user: string;
  readonly clientId: string;
  readonly mutationId: number;
}

/** The answer of a mutation field, kept until the client has acknowledged it. */
export interface StoredResult {
  readonly fingerprint: string;
  readonly outcome: Exclude<FieldOutcome, 'duplicate'>;
  /** The answer as text, returned as it was written, byte for byte. */
  readonly answer: string;
}

/** The right of one client to be the only one who writes an entity, while it lasts. Who may have it, and what time it is, is the caller's business. */
export interface StoredLease {
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
export type RowLock = 'update' | 'share' | 'none';

/** Reading and writing in one transaction. Using it after its `run` has settled throws `TRANSACTION_CLOSED`. */
export interface WriteTransaction extends ReadTransaction {
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
export interface Commit {
  readonly position: Position;
  readonly typenames: ReadonlySet<string>;
}

/**
 * Where entities, tombstones, the change log and the results of mutations live, in one transactional place.
 * The contract is test/contracts/store.ts: every engine passes it.
 */
export interface Store {
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
