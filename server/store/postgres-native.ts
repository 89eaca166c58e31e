import {
  type CompiledQuery,
  type DatabaseConnection,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import { createNativeDriver } from './native-driver.ts';
import type { Connection } from './postgres-connection.ts';

/**
 * `context.offline.write.native` on PostgreSQL: Kysely on the connection of the open transaction, for tables of the application's own.
 * It closes with the mutation field.
 */
export type PostgresNative<Tables = unknown> = Kysely<Tables>;

/** `guard` throws once the transaction is over. */
export function createPostgresNative(connection: Connection, guard: () => void): PostgresNative {
  const execute = async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
    guard();
    const { rows, rowCount } = await connection.query(query.sql, query.parameters);
    return rowCount === null ? { rows } : { rows, numAffectedRows: BigInt(rowCount) };
  };
  const inTransaction: DatabaseConnection = {
    executeQuery: execute,
    async *streamQuery<R>(query: CompiledQuery) {
      yield await execute<R>(query);
    },
  };
  return new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => createNativeDriver(inTransaction),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}
