import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import { OfflineServerError } from '../errors.ts';
import { checkOwner, migrate } from './migrations.ts';
import { createSqliteEngine } from './sqlite-engine.ts';
import { createSqliteNative } from './sqlite-native.ts';
import { checkSqliteOptions, type SqliteStoreOptions } from './sqlite-options.ts';
import type { Commit, ReadTransaction, Store, TypeModel, WriteTransaction } from './store.ts';
import { checkSameModel } from './tables.ts';
import { type Control, createTransactions, readsOf } from './transactions.ts';
import type { WriteQueue } from './write-queue.ts';

/** Writes that share one commit at most: enough to hide the disk, few enough to answer soon. */
const GROUP_SIZE = 64;

interface Opened {
  readonly types: TypeModel;
  readonly epoch: string;
  readonly reader: Database.Database;
  readonly writer: Database.Database;
  readonly reads: ReadTransaction;
  readonly queue: WriteQueue<WriteTransaction>;
}

/**
 * A store in one SQLite file: real tables made from the schema, write-ahead log, one writer at a time.
 * What has been acknowledged survives a killed process always, and a power cut under the default `synchronous: 'full'`.
 * @throws OfflineServerError `BAD_OPTION`; everything about the file is said by {@link Store.open}.
 */
export function sqliteStore(options: SqliteStoreOptions): Store {
  const settings = checkSqliteOptions(options);
  const newId = settings.newId ?? randomUUID;
  const listeners = new Set<(commit: Commit) => void>();
  let state: { readonly opened: Opened } | { readonly failure: Error } = {
    failure: new OfflineServerError(
      'STORE_NOT_OPEN',
      'expected an open store, got one without types; hand it to createOfflineSchema({ store }) first',
    ),
  };
  let opening: Promise<void> | null = null;

  const opened = (): Opened => {
    if ('failure' in state) throw state.failure;
    return state.opened;
  };

  const open = async (types: TypeModel): Promise<void> => {
    const writer = connect(settings.file, settings.busyTimeoutMs);
    try {
      checkOwner(writer);
      writer.pragma('journal_mode = WAL');
      writer.pragma(`synchronous = ${settings.synchronous}`);
      writer.pragma('foreign_keys = ON');
      const tables = migrate(writer, types, newId);
      const reader = connect(settings.file, settings.busyTimeoutMs);
      reader.pragma('query_only = ON');
      const epoch = writer.prepare<[], { value: string }>(`select value from farside_meta where key = 'epoch'`).get()?.value ?? '';
      const reads = readsOf(createSqliteEngine(reader, tables), () => undefined);
      const queue = createTransactions(createSqliteEngine(writer, tables), controlOf(writer), {
        newId,
        groupSize: GROUP_SIZE,
        turn: () => new Promise((resolve) => setImmediate(resolve)),
        announce: (commit) => {
          // In a task of its own: a listener that throws is not the writer's failure.
          for (const listener of listeners) queueMicrotask(() => listener(commit));
        },
      });
      state = { opened: { types, epoch, reader, writer, reads, queue } };
    } catch (error) {
      writer.close();
      throw error;
    }
  };

  return {
    async open(types) {
      if ('opened' in state) checkSameModel(state.opened.types, types);
      opening ??= open(types).catch((error: unknown) => {
        const failure = explain(error, settings.file);
        state = { failure };
        throw failure;
      });
      await opening;
    },
    async ready() {
      await opening;
      opened();
    },
    get types() {
      return opened().types;
    },
    get epoch() {
      return opened().epoch;
    },
    get reads() {
      return opened().reads;
    },
    write: async (run) => opened().queue.write(run),
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      if ('failure' in state) return;
      const { queue, reader, writer } = state.opened;
      state = { failure: new OfflineServerError('STORE_CLOSED', `${settings.file}: expected an open store, got one that was closed`) };
      await queue.idle();
      reader.close();
      writer.pragma('wal_checkpoint(TRUNCATE)');
      writer.close();
    },
  };
}

function connect(file: string, busyTimeoutMs: number): Database.Database {
  try {
    return new Database(file, { timeout: busyTimeoutMs });
  } catch (error) {
    throw explain(error, file);
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

/** SQLite's reasons in the words of someone who has to do something about them. */
function explain(error: unknown, file: string): Error {
  if (OfflineServerError.is(error) || !(error instanceof Error)) return error instanceof Error ? error : new Error(String(error));
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT'))
    return new OfflineServerError(
      'STORE_CORRUPT',
      `${file}: expected a SQLite database, got a damaged file or something else; restore it from a backup, or choose another file`,
      { cause: error },
    );
  if (code.startsWith('SQLITE_BUSY'))
    return new OfflineServerError(
      'STORE_UNWRITABLE',
      `${file}: expected to become its writer, but another process holds it; stop that process`,
      { cause: error },
    );
  return new OfflineServerError(
    'STORE_UNWRITABLE',
    `${file}: expected a file that can be made and written, got "${error.message}"; check the directory, its permissions and the disk`,
    {
      cause: error,
    },
  );
}
