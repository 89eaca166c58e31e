import type { Version } from '../../schema/version.ts';
import { OfflineServerError } from '../errors.ts';
import type {
  Changes,
  ChangesQuery,
  ListQuery,
  Position,
  ResultKey,
  Row,
  RowLock,
  StoredLease,
  StoredResult,
  StoredRow,
  StoreStatistics,
} from './store.ts';
import type { Table } from './tables.ts';

/** Leases are few, and apart from all else: each engine keeps them in a file of its own. */
export interface LeaseEngine {
  findLease(which: Pick<StoredLease, 'typename' | 'id'> | Pick<StoredLease, 'token'>): StoredLease | null;
  grantLease(lease: Omit<StoredLease, 'token'>, atLeast: number): StoredLease;
  extendLease(token: number, expiresAt: number): void;
  endLease(token: number): void;
  countLeases(user: string, after: number): number;
  collectLeases(before: number): number;
}

/**
 * What SQLite and memory have in common: everything that a transaction does, on one connection, synchronously.
 * What each method means stands at the {@link ReadTransaction} and {@link WriteTransaction} that are made of them.
 */
export interface Engine extends LeaseEngine {
  get(typename: string, id: string, lock?: RowLock): StoredRow | null;
  list(typename: string, query: ListQuery): readonly Row[];
  count(typename: string, filter: ListQuery['filter']): number;
  changes(query: ChangesQuery): Changes;
  head(): Position;
  statistics(): StoreStatistics;
  versionFloor(typename: string): Version | null;
  put(typename: string, stored: StoredRow, past?: Row): void;
  pasts(entities: readonly Pick<Row, '__typename' | 'id'>[], after: Position): readonly Row[];
  /** What is put from here on is seen together, and apart from what was put before. */
  beginUnit(): void;
  findResult(key: ResultKey): StoredResult | null;
  hasResults(user: string, clientId: string, first: number, last: number): boolean;
  saveResult(key: ResultKey, result: StoredResult): void;
  saveResults(results: readonly (readonly [ResultKey, StoredResult])[]): void;
  acknowledge(user: string, clientId: string, through: number): number;
  countResults(user: string, clientId: string): number;
  retire(user: string, clientId: string): void;
  collectTombstones(before: string): number;
  /**
   * Opens a new stretch of history after a position. A cursor names the stretch it was given out in, so a store that was restored
   * from a backup, or lost its last commits in a power cut, sees that it never gave out what comes from the life it has lost.
   */
  beginEpoch(name: string, after: string): void;
}

export function unknownType(typename: string, tables: ReadonlyMap<string, Table>): OfflineServerError {
  return new OfflineServerError(
    'UNKNOWN_TYPE',
    `expected a versioned type (${[...tables.keys()].join(', ') || 'the schema has none'}), got ${JSON.stringify(typename)}`,
  );
}
