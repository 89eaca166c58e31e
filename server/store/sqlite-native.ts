import type Database from 'better-sqlite3';
import {
  type CompiledQuery,
  type DatabaseConnection,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { createNativeDriver } from './native-driver.ts';

/**
 * `context.offline.write.native` on SQLite: Kysely on the connection of the open transaction, for tables of the application's
 * own. It closes with the mutation field.
 */
export type SqliteNative<Tables = unknown> = Kysely<Tables>;

/** `guard` throws once the transaction is over. */
export function createSqliteNative(database: Database.Database, guard: () => void): SqliteNative {
  const execute = <R>(query: CompiledQuery): QueryResult<R> => {
    guard();
    const statement = database.prepare(query.sql);
    if (statement.reader) return { rows: statement.all(...query.parameters) as R[] };
    const { changes, lastInsertRowid } = statement.run(...query.parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  };
  const connection: DatabaseConnection = {
    executeQuery: async (query) => execute(query),
    async *streamQuery<R>(query: CompiledQuery) {
      yield execute<R>(query);
    },
  };
  return new Kysely<unknown>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => createNativeDriver(connection),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}
