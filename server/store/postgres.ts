import { randomUUID } from 'node:crypto';
import { expandSchema } from '../../schema/expand.ts';
import { createStore } from './lifecycle.ts';
import type { TypeDefs } from './mapping.ts';
import { explainPostgres } from './postgres-errors.ts';
import { checkPostgresOptions, type PostgresStoreOptions } from './postgres-options.ts';
import type { Store } from './store.ts';

/**
 * A store on PostgreSQL 14 or newer, which any number of server processes share: real tables made from the schema, row locks, and a
 * change log in the order of commits. What has been acknowledged is as safe as the server's `synchronous_commit` makes it.
 * A transaction that the database undid (a deadlock, a lost connection) is run again, so resolvers work on their transaction alone.
 * A transaction of any application on the same server that writes for minutes holds back what `sync` and live hints show meanwhile.
 * Needs the packages `pg` and `kysely`.
 * @throws OfflineServerError `BAD_OPTION`; everything about the server is said by {@link Store.open}: also `STORE_UNREACHABLE`,
 * `STORE_DENIED`, `STORE_TOO_OLD`, `STORE_PACKAGE_MISSING`.
 */
export function postgresStore(options: PostgresStoreOptions): Store {
  const settings = checkPostgresOptions(options);
  const name = nameOf(settings.connectionString);
  const explain = (error: unknown): Error => explainPostgres(error, name);
  return createStore({
    name,
    async open(types, announce) {
      // Here and not at the top: a server on another database needs none of its packages.
      const { openPostgres } = await import('./postgres-database.ts');
      return openPostgres({ ...settings, newId: settings.newId ?? randomUUID }, types, { announce, explain });
    },
    explain,
  });
}

/**
 * What has to be run once before a store with these `tables` can start, as a script of SQL: columns for versions, the rows that are there,
 * triggers. `''`: nothing. Only reads. `postgresStore({ …, migrate: true })` runs the same.
 * @throws OfflineServerError as {@link Store.open} does; SchemaError for type definitions that are wrong.
 */
export async function postgresMigrationSql(options: PostgresStoreOptions, typeDefs: TypeDefs): Promise<string> {
  const settings = checkPostgresOptions(options);
  const { types } = expandSchema(typeDefs);
  try {
    const { readMigrationSql } = await import('./postgres-database.ts');
    return await readMigrationSql(settings, types);
  } catch (error) {
    throw explainPostgres(error, nameOf(settings.connectionString));
  }
}

/** Where it is, without the password. */
function nameOf(connectionString: string | undefined): string {
  if (connectionString === undefined) return 'PostgreSQL';
  try {
    const { host, pathname } = new URL(connectionString);
    return `PostgreSQL at ${host || 'localhost'}${pathname}`;
  } catch {
    return 'PostgreSQL';
  }
}
