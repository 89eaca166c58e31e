import { randomUUID } from 'node:crypto';
import { expandSchema } from '../../schema/expand.ts';
import { OfflineServerError } from '../errors.ts';
import { createStore } from './lifecycle.ts';
import type { TypeDefs } from './mapping.ts';
import { checkSqliteOptions, type SqliteStoreOptions } from './sqlite-options.ts';
import type { Store } from './store.ts';

/**
 * A store in one SQLite file: real tables made from the schema, write-ahead log, one writer at a time.
 * What has been acknowledged survives a killed process always, and a power cut under the default `synchronous: 'full'`.
 * Needs the packages `better-sqlite3` and `kysely`.
 * @throws OfflineServerError `BAD_OPTION`; everything about the file is said by {@link Store.open}.
 */
export function sqliteStore(options: SqliteStoreOptions): Store {
  const settings = checkSqliteOptions(options);
  return createStore({
    name: settings.file,
    async open(types, announce) {
      // Here and not at the top: a server on another database needs none of its packages.
      const { openSqlite } = await import('./sqlite-database.ts');
      return openSqlite({ ...settings, newId: settings.newId ?? randomUUID }, types, announce);
    },
    explain: (error) => explain(error, settings.file),
  });
}

/**
 * What has to be run once before a store with these `tables` can start, as a script of SQL: columns for versions, the rows that are there,
 * triggers. `''`: nothing. Only reads the file. `sqliteStore({ …, migrate: true })` runs the same.
 * @throws OfflineServerError as {@link Store.open} does; SchemaError for type definitions that are wrong.
 */
export async function sqliteMigrationSql(options: SqliteStoreOptions, typeDefs: TypeDefs): Promise<string> {
  const { file, busyTimeoutMs, tables } = checkSqliteOptions(options);
  const { types } = expandSchema(typeDefs);
  try {
    const { readMigrationSql } = await import('./sqlite-database.ts');
    return readMigrationSql({ file, busyTimeoutMs, tables }, types);
  } catch (error) {
    throw explain(error, file);
  }
}

/** SQLite's reasons in the words of someone who has to do something about them. */
function explain(error: unknown, file: string): Error {
  if (OfflineServerError.is(error) || !(error instanceof Error)) return error instanceof Error ? error : new Error(String(error));
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ERR_MODULE_NOT_FOUND')
    return new OfflineServerError(
      'STORE_PACKAGE_MISSING',
      'sqliteStore: expected the packages better-sqlite3 and kysely; run npm install better-sqlite3 kysely',
      { cause: error },
    );
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
