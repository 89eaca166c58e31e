import type { Pool } from 'pg';
import { checkOptions, expected } from '../options.ts';
import { checkMappedTables, type MappedTables } from './mapping.ts';
import type { OnStoreEvent } from './store-event.ts';

export interface PostgresStoreOptions {
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

/** @throws OfflineServerError `BAD_OPTION`. The message never holds the connection string: it has a password in it. */
export function checkPostgresOptions(options: PostgresStoreOptions) {
  const of = 'postgresStore';
  checkOptions(of, options, [
    'connectionString',
    'pool',
    'schema',
    'connections',
    'retryForMs',
    'watchIntervalMs',
    'tables',
    'migrate',
    'onEvent',
    'newId',
  ]);
  const { connectionString, pool, schema = 'public', connections = 10, retryForMs = 10_000, watchIntervalMs = 1000 } = options;
  const { tables = {}, migrate = false, onEvent = () => {}, newId } = options;
  checkMappedTables(of, tables);
  if (typeof migrate !== 'boolean') throw expected(of, 'migrate', 'true or false', migrate);
  if ((connectionString === undefined) === (pool === undefined))
    throw expected(of, 'connectionString', 'a connection string or a pool, one of the two', pool === undefined ? undefined : 'both');
  if (connectionString !== undefined && !/^postgres(ql)?:\/\/./.test(connectionString))
    throw expected(of, 'connectionString', 'postgres://user:password@host:port/database', 'something else');
  if (pool !== undefined && typeof (pool as Partial<Pool>).connect !== 'function')
    throw expected(of, 'pool', 'a Pool of the package pg', pool);
  if (typeof schema !== 'string' || !/^[a-z_][a-z0-9_]{0,39}$/.test(schema))
    throw expected(of, 'schema', 'a name of 1 to 40 characters of a-z 0-9 _', schema);
  if (!Number.isInteger(connections) || connections < 4 || connections > 1000)
    throw expected(of, 'connections', 'an integer from 4 to 1000', connections);
  if (!Number.isInteger(retryForMs) || retryForMs < 0 || retryForMs > 600_000)
    throw expected(of, 'retryForMs', 'milliseconds from 0 to 600000', retryForMs);
  if (!Number.isInteger(watchIntervalMs) || watchIntervalMs < 0) throw expected(of, 'watchIntervalMs', 'milliseconds ≥ 0', watchIntervalMs);
  if (typeof onEvent !== 'function') throw expected(of, 'onEvent', 'a function', onEvent);
  if (newId !== undefined && typeof newId !== 'function') throw expected(of, 'newId', 'a function', newId);
  return { connectionString, pool, schema, connections, retryForMs, watchIntervalMs, tables, migrate, onEvent, newId } as const;
}
