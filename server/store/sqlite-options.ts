import { checkOptions, expected } from '../options.ts';
import { checkMappedTables, type MappedTables } from './mapping.ts';
import type { OnStoreEvent } from './store-event.ts';

export interface SqliteStoreOptions {
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

/** @throws OfflineServerError `BAD_OPTION` */
export function checkSqliteOptions(options: SqliteStoreOptions) {
  checkOptions('sqliteStore', options, [
    'file',
    'synchronous',
    'busyTimeoutMs',
    'watchIntervalMs',
    'tables',
    'migrate',
    'onEvent',
    'newId',
  ]);
  const { file, synchronous = 'full', busyTimeoutMs = 5000, watchIntervalMs = 1000, tables = {}, migrate = false, newId } = options;
  const { onEvent = () => {} } = options;
  checkMappedTables('sqliteStore', tables);
  if (typeof migrate !== 'boolean') throw expected('sqliteStore', 'migrate', 'true or false', migrate);
  if (typeof file !== 'string' || file === '') throw expected('sqliteStore', 'file', 'a path', file);
  if (file === ':memory:' || file.startsWith('file:'))
    throw expected('sqliteStore', 'file', 'a path on disk (for tests there is memoryStore())', file);
  if (synchronous !== 'full' && synchronous !== 'normal') throw expected('sqliteStore', 'synchronous', `'full' or 'normal'`, synchronous);
  if (!Number.isInteger(busyTimeoutMs) || busyTimeoutMs < 0)
    throw expected('sqliteStore', 'busyTimeoutMs', 'milliseconds ≥ 0', busyTimeoutMs);
  if (!Number.isInteger(watchIntervalMs) || watchIntervalMs < 0)
    throw expected('sqliteStore', 'watchIntervalMs', 'milliseconds ≥ 0', watchIntervalMs);
  if (typeof onEvent !== 'function') throw expected('sqliteStore', 'onEvent', 'a function', onEvent);
  if (newId !== undefined && typeof newId !== 'function') throw expected('sqliteStore', 'newId', 'a function', newId);
  return { file, synchronous, busyTimeoutMs, watchIntervalMs, tables, migrate, onEvent, newId } as const;
}
