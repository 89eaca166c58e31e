import { OfflineServerError } from '../errors.ts';
import { type MappedTables, mappingsOf, notMigrated, script } from './mapping.ts';
import type { Connection } from './postgres-connection.ts';
import { type PostgresMapping, planPostgresMapping } from './postgres-mapping.ts';
import { type OwnTables, quote } from './postgres-tables.ts';
import type { TypeModel } from './store.ts';
import { type Column, columnsBefore, keptColumns, notFillable, planTable, type Table, tablesOf, versionColumn } from './tables.ts';

/** `xid8` and `pg_snapshot` came with 13; 14 is the oldest that is still maintained. */
const OLDEST = 140000;

/** Any number that is always the same: two servers that start at once wait for each other. */
const LOCK = 0x46415253;

/** The store's own tables, one step per release that changed them. Steps are never edited, only added. */
const MIGRATIONS: readonly ((own: OwnTables) => string)[] = [
  (own) => `
  create table ${own.type} (typename text primary key, columns text not null);
  create table ${own.epoch} (number bigint generated always as identity primary key, name text not null unique, xid xid8 not null, start bigint not null, incarnation text not null);
  create sequence ${own.number};
  create table ${own.change} (
    typename text collate "C" not null, id text collate "C" not null,
    xid xid8 not null, number bigint not null, unit bigint not null,
    primary key (typename, id)
  );
  create index on ${own.change} (xid, number);
  create table ${own.client} ("user" text collate "C" not null, client text collate "C" not null, watermark bigint not null, primary key ("user", client));
  create table ${own.result} (
    "user" text collate "C" not null, client text collate "C" not null, mutation bigint not null,
    fingerprint text not null, outcome text not null, answer text not null,
    primary key ("user", client, mutation)
  );
  insert into ${own.meta} values ('horizon', '0.0');
  `,
  // Rows that were replaced, by the place of the change that did it. `at`: when that was. JSON as text, which keeps every character.
  (own) => `
  create table ${own.past} (
    typename text collate "C" not null, id text collate "C" not null,
    xid xid8 not null, number bigint not null, at text collate "C" not null, row text not null,
    primary key (typename, id, xid, number)
  );
  create index on ${own.past} (at);
  `,
  // The last lease of each entity. Its tokens are counted in the table of names and values, which forgets none.
  (own) => `
  create table ${own.lease} (
    typename text collate "C" not null, id text collate "C" not null, token bigint not null unique,
    "user" text collate "C" not null, client text collate "C", expires bigint not null,
    primary key (typename, id)
  );
  create index on ${own.lease} ("user");
  create index on ${own.lease} (expires);
  insert into ${own.meta} values ('fencing', '0');
  `,
  // Of types on tables of the application's own. `row`: the last values, field for field.
  (own) => `
  create table ${own.tombstone} (
    typename text collate "C" not null, id text collate "C" not null, version bigint not null,
    changed_at text collate "C" not null, field_versions text not null, row text not null,
    primary key (typename, id)
  );
  `,
];

/**
 * Makes or checks every table, in one transaction, one server at a time: a start that fails leaves the database as it was.
 * @throws OfflineServerError `STORE_TOO_OLD`, `STORE_FOREIGN`, `STORE_NEWER`, `STORE_INCOMPATIBLE`
 */
export async function migrate(
  connection: Connection,
  {
    schema,
    own,
    types,
    newId,
    mapped,
    allowed,
  }: { schema: string; own: OwnTables; types: TypeModel; newId: () => string; mapped: MappedTables; allowed: boolean },
): Promise<PostgresTables> {
  const tables = new Map(tablesOf(types));
  const mappings = new Map<string, PostgresMapping>();
  await checkServer(connection);
  await connection.run('begin');
  try {
    await connection.rows('select pg_advisory_xact_lock($1)', [LOCK]);
    const [known] = await connection.rows<{ there: boolean }>('select to_regnamespace($1) is not null as there', [quote(schema)]);
    // Whoever may not create schemas may still use one that is there.
    if (known?.there !== true) await connection.run(`create schema ${quote(schema)}`);
    const plan = await planMappings(connection, own, types, mapped);
    if (plan.statements.length > 0 && !allowed) throw notMigrated('postgresStore', plan.statements);
    await migrateOwn(connection, own, newId);
    for (const statement of plan.statements) await connection.run(statement);
    for (const mapping of plan.mappings) {
      mappings.set(mapping.typename, mapping);
      tables.set(mapping.typename, { ...(tables.get(mapping.typename) as Table), relation: mapping.view });
    }
    for (const table of tables.values()) if (!mappings.has(table.typename)) await migrateTable(connection, own, table);
    await connection.run('commit');
  } catch (error) {
    if (!connection.lost) await connection.run('rollback');
    throw error;
  }
  return { tables, mappings };
}

export interface PostgresTables {
  readonly tables: ReadonlyMap<string, Table>;
  readonly mappings: ReadonlyMap<string, PostgresMapping>;
}

async function planMappings(connection: Connection, own: OwnTables, types: TypeModel, mapped: MappedTables) {
  const mappings: PostgresMapping[] = [];
  const statements: string[] = [];
  for (const mapping of mappingsOf('postgresStore', types, tablesOf(types), mapped)) {
    const plan = await planPostgresMapping(connection, own, mapping);
    mappings.push(plan.mapping);
    statements.push(...plan.statements);
  }
  return { mappings, statements };
}

/** Everything that has to be run before a store on mapped tables can start, as text. Only reads. */
export async function postgresMigrationText(
  connection: Connection,
  own: OwnTables,
  types: TypeModel,
  mapped: MappedTables,
): Promise<string> {
  const { statements } = await planMappings(connection, own, types, mapped);
  if (statements.length === 0) return '';
  const [meta] = await connection.rows<{ there: boolean }>('select to_regclass($1) is not null as there', [own.meta]);
  const stored = meta?.there ? await connection.rows<{ value: string }>(`select value from ${own.meta} where key = 'format'`) : [];
  const format = Number(stored[0]?.value ?? 0);
  const steps = MIGRATIONS.slice(format).map((step) => step(own).trim().replace(/;$/, ''));
  const noted = `insert into ${own.meta} values ('format', '${MIGRATIONS.length}') on conflict (key) do update set value = excluded.value`;
  return script([...(meta?.there ? [] : [metaSql(own)]), ...steps, ...(steps.length === 0 ? [] : [noted]), ...statements]);
}

const metaSql = (own: OwnTables): string => `create table if not exists ${own.meta} (key text primary key, value text not null)`;

async function checkServer(connection: Connection): Promise<void> {
  const [server] = await connection.rows<{ version: number; shown: string; encoding: string }>(
    `select current_setting('server_version_num')::int as version, current_setting('server_version') as shown, current_setting('server_encoding') as encoding`,
  );
  if (server === undefined || server.version < OLDEST)
    throw new OfflineServerError('STORE_TOO_OLD', `expected PostgreSQL 14 or newer, got ${server?.shown}; upgrade the server`);
  if (server.encoding !== 'UTF8')
    throw new OfflineServerError(
      'STORE_INCOMPATIBLE',
      `expected a database with the encoding UTF8, got ${server.encoding}; make one with: create database … encoding 'UTF8' template template0`,
    );
}

async function migrateOwn(connection: Connection, own: OwnTables, newId: () => string): Promise<void> {
  await connection.run(metaSql(own));
  const meta = await connection.rows<{ value: string }>(`select value from ${own.meta} where key = 'format'`);
  const format = Number(meta[0]?.value ?? 0);
  if (format > MIGRATIONS.length)
    throw new OfflineServerError(
      'STORE_NEWER',
      `expected a database of format ${MIGRATIONS.length} or older, got format ${format}; start the newer release, or choose another schema`,
    );
  for (const step of MIGRATIONS.slice(format)) await connection.run(step(own));
  const put = `insert into ${own.meta} values ($1, $2) on conflict (key)`;
  if (format < MIGRATIONS.length)
    await connection.rows(`${put} do update set value = excluded.value`, ['format', String(MIGRATIONS.length)]);
  await connection.rows(`${put} do nothing`, ['epoch', newId()]);
}

async function migrateTable(connection: Connection, own: OwnTables, table: Table): Promise<void> {
  const name = own.of(table.typename);
  const [stored] = await connection.rows<{ columns: string }>(`select columns from ${own.type} where typename = $1`, [table.typename]);
  if (stored === undefined) {
    const [taken] = await connection.rows<{ there: boolean }>('select to_regclass($1) is not null as there', [name]);
    if (taken?.there === true)
      throw new OfflineServerError(
        'STORE_FOREIGN',
        `expected to make the table ${name}, but another application has one of that name; choose another schema`,
      );
    const columns = table.columns.map((column) => `${declare(column)}, `).join('');
    await connection.run(`
      create table ${name} (
        id text collate "C" primary key, ${columns}"_version" ${DECLARED[versionColumn(table.version)]} not null, "_lastChangedAt" text collate "C" not null,
        "_deleted" boolean not null, "_fieldVersions" text not null
      );
      create index on ${name} ("_lastChangedAt") where "_deleted"`);
  }
  const before = columnsBefore(table, stored?.columns);
  const plan = planTable(table, before);
  for (const column of plan.add) await connection.run(`alter table ${name} add column ${declare(column)}`);
  for (const column of plan.fill) {
    const empty = `${name} where ${quote(column.name)} is null`;
    if (column.kind === 'json') await connection.run(`update ${name} set ${quote(column.name)} = '[]' where ${quote(column.name)} is null`);
    else if ((await connection.rows(`select 1 from ${empty} limit 1`)).length > 0) throw notFillable(table.typename, column);
  }
  const columns = keptColumns(table, before);
  if (columns !== stored?.columns)
    await connection.rows(`insert into ${own.type} values ($1, $2) on conflict (typename) do update set columns = excluded.columns`, [
      table.typename,
      columns,
    ]);
}

const DECLARED: Readonly<Record<Column['kind'], string>> = {
  text: 'text collate "C"',
  integer: 'bigint',
  real: 'double precision',
  boolean: 'boolean',
  json: 'jsonb',
  any: 'text collate "C"',
};

/** Never `not null`: a field that a later schema drops must not stand in the way of new rows. */
const declare = (column: Column): string => `${quote(column.name)} ${DECLARED[column.kind]}`;
