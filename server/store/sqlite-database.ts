import Database from 'better-sqlite3';
import { notify } from '../notify.ts';
import { readsOf } from './handle.ts';
import type { OpenedStore } from './lifecycle.ts';
import { createSqliteEngine } from './sqlite-engine.ts';
import { openWriteAheadLog } from './sqlite-log.ts';
import { checkOwner, migrate, sqliteMigrationSql } from './sqlite-migrations.ts';
import { createSqliteNative } from './sqlite-native.ts';
import type { SqliteStoreOptions } from './sqlite-options.ts';
import { createSqliteWatch } from './sqlite-watch.ts';
import type { Commit, TypeModel } from './store.ts';
import { reasonOf } from './store-event.ts';
import { type Control, createTransactions } from './transactions.ts';

/** Writes that share one commit at most: enough to hide the disk, few enough to answer soon. */
const GROUP_SIZE = 64;
/** How long the write-ahead log grows: about 32 MB. */
const CHECKPOINT_PAGES = 8_000;

/** One connection that writes and one that reads. What goes wrong is thrown as SQLite says it. */
export function openSqlite(
  { file, synchronous, busyTimeoutMs, watchIntervalMs, onEvent, ...settings }: Required<SqliteStoreOptions>,
  types: TypeModel,
  announce: (commit: Commit) => void,
): OpenedStore {
  const writer = new Database(file, { timeout: busyTimeoutMs });
  try {
    checkOwner(writer, Object.keys(settings.tables).length > 0);
    writer.pragma('journal_mode = WAL');
    writer.pragma('synchronous = FULL');
    writer.pragma('foreign_keys = ON');
    // A checkpoint waits for the disk twice. A page that was written many times since the last one is copied once.
    writer.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    const model = migrate(writer, types, settings);
    // From here on nobody stands still while the disk is waited for: see openWriteAheadLog.
    writer.pragma('synchronous = NORMAL');
    const failed = (error: unknown): void => {
      const message = 'the disk failed to keep what was committed: writes are refused until the process starts again';
      notify(onEvent, { code: 'DISK_FAILED', message, reason: reasonOf(error) });
    };
    const log = synchronous === 'full' ? openWriteAheadLog(file, failed) : null;
    const reader = new Database(file, { timeout: busyTimeoutMs });
    reader.pragma('query_only = ON');
    const queue = createTransactions(createSqliteEngine(writer, model), controlOf(writer), {
      newId: settings.newId,
      groupSize: GROUP_SIZE,
      turn: () => new Promise((resolve) => setImmediate(resolve)),
      announce,
      flush: log?.flush,
    });
    const readEngine = createSqliteEngine(reader, model);
    const { watch } = createSqliteWatch({ writer, reader }, { intervalMs: watchIntervalMs, head: readEngine.head, announce });
    return {
      watch,
      epoch: writer.prepare<[], { value: string }>(`select value from farside_meta where key = 'epoch'`).get()?.value ?? '',
      reads: readsOf(readEngine),
      write: queue.write,
      async close() {
        await queue.idle();
        watch(false);
        await log?.close();
        reader.close();
        writer.pragma('wal_checkpoint(TRUNCATE)');
        writer.close();
      },
    };
  } catch (error) {
    writer.close();
    throw error;
  }
}

/** Reads what is there, and what has to be run. */
export function readMigrationSql(
  { file, busyTimeoutMs, tables }: Pick<Required<SqliteStoreOptions>, 'file' | 'busyTimeoutMs' | 'tables'>,
  types: TypeModel,
): string {
  const database = new Database(file, { timeout: busyTimeoutMs, readonly: true, fileMustExist: true });
  try {
    return sqliteMigrationSql(database, types, tables);
  } finally {
    database.close();
  }
}

/** Transactions on the writing connection. */
function controlOf(database: Database.Database): Control {
  const [begin, commit, rollback] = [database.prepare('begin immediate'), database.prepare('commit'), database.prepare('rollback')];
  const marks: { readonly set: Database.Statement; readonly undo: Database.Statement; readonly keep: Database.Statement }[] = [];
  const mark = (level: number) => {
    marks[level] ??= {
      set: database.prepare(`savepoint s${level}`),
      undo: database.prepare(`rollback to s${level}`),
      keep: database.prepare(`release s${level}`),
    };
    return marks[level];
  };
  return {
    begin: () => void begin.run(),
    commit: () => void commit.run(),
    rollback: () => {
      if (database.inTransaction) rollback.run();
    },
    standing: () => database.inTransaction,
    mark: (level) => void mark(level).set.run(),
    undo: (level) => {
      mark(level).undo.run();
      mark(level).keep.run();
    },
    keep: (level) => void mark(level).keep.run(),
    native: (guard) => createSqliteNative(database, guard),
  };
}
