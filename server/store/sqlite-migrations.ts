import type Database from 'better-sqlite3';
import { OfflineServerError } from '../errors.ts';
import { type MappedTables, type Mapping, mappingsOf, notMigrated, script } from './mapping.ts';
import { planSqliteMapping } from './sqlite-mapping.ts';
import type { SqliteStoreOptions } from './sqlite-options.ts';
import type { TypeModel } from './store.ts';
import { type Column, columnsBefore, keptColumns, notFillable, planTable, type Table, tablesOf, versionColumn } from './tables.ts';

/** `FARS`: says whose file it is. */
const APPLICATION_ID = 0x46415253;

/** The store's own tables, one step per release that changed them. Steps are never edited, only added. */
const MIGRATIONS: readonly string[] = [
  `
  create table farside_meta (key text primary key not null, value text not null) without rowid;
  create table farside_type (typename text primary key not null, columns text not null) without rowid;
  create table farside_epoch (number integer primary key autoincrement, name text not null unique, start integer not null);
  -- One row per entity: a later change of it takes a new position and leaves the old one. AUTOINCREMENT never gives one twice.
  create table farside_change (position integer primary key autoincrement, typename text not null, id text not null, unique (typename, id));
  create table farside_client (user text not null, client text not null, watermark integer not null, primary key (user, client)) without rowid;
  create table farside_result (
    user text not null, client text not null, mutation integer not null,
    fingerprint text not null, outcome text not null, answer text not null,
    primary key (user, client, mutation)
  ) without rowid;
  insert into farside_meta values ('horizon', '0');
  `,
  // What was written together is seen together: the position of the first change of the unit.
  `
  alter table farside_change add column unit integer;
  update farside_change set unit = position;
  `,
  // Rows that were replaced, by the position of the change that did it. `at`: when that was.
  `
  create table farside_past (position integer primary key not null, typename text not null, id text not null, at text not null, row text not null);
  create index farside_past_entity on farside_past (typename, id, position);
  create index farside_past_at on farside_past (at);
  `,
  // The last lease of each entity. Its tokens are counted in farside_meta, which forgets none.
  `
  create table farside_lease (
    typename text not null, id text not null, token integer not null unique,
    user text not null, client text, expires integer not null,
    primary key (typename, id)
  ) without rowid;
  create index farside_lease_user on farside_lease (user);
  create index farside_lease_expires on farside_lease (expires);
  insert into farside_meta values ('fencing', '0');
  `,
  // Of types on tables of the application's own. `row`: the last values, column for column; null: a row that is being replaced.
  `
  create table farside_tombstone (
    typename text not null, id text not null, version integer not null,
    changed_at text not null, field_versions text, row text,
    primary key (typename, id)
  ) without rowid;
  `,
];

/**
 * Makes or checks every table, in one transaction: a start that fails leaves the file as it was.
 * @throws OfflineServerError `STORE_FOREIGN`, `STORE_NEWER`, `STORE_INCOMPATIBLE`
 */
export function migrate(
  database: Database.Database,
  types: TypeModel,
  { newId, tables: mapped, migrate: allowed }: Pick<Required<SqliteStoreOptions>, 'newId' | 'tables' | 'migrate'>,
): SqliteModel {
  const model = modelOf(types, mapped);
  const { tables, mappings } = model;
  database
    .transaction(() => {
      checkOwner(database, mappings.size > 0);
      const statements = [...mappings.values()].flatMap((mapping) => planSqliteMapping(database, mapping));
      if (statements.length > 0 && !allowed) throw notMigrated('sqliteStore', statements);
      migrateOwn(database, newId);
      for (const statement of statements) database.exec(statement);
      for (const table of tables.values()) if (!mappings.has(table.typename)) migrateTable(database, table);
    })
    .immediate();
  return model;
}

export interface SqliteModel {
  readonly tables: ReadonlyMap<string, Table>;
  readonly mappings: ReadonlyMap<string, Mapping>;
}

function modelOf(types: TypeModel, mapped: MappedTables): SqliteModel {
  const tables = new Map(tablesOf(types));
  const mappings = new Map(mappingsOf('sqliteStore', types, tables, mapped).map((mapping) => [mapping.typename, mapping]));
  for (const { typename, view } of mappings.values()) tables.set(typename, { ...(tables.get(typename) as Table), relation: view });
  return { tables, mappings };
}

/** Everything that has to be run before a store on mapped tables can start, as text. Only reads. */
export function sqliteMigrationSql(database: Database.Database, types: TypeModel, mapped: MappedTables): string {
  checkOwner(database, true);
  const statements = [...modelOf(types, mapped).mappings.values()].flatMap((mapping) => planSqliteMapping(database, mapping));
  if (statements.length === 0) return '';
  const format = formatOf(database);
  const own = MIGRATIONS.slice(format).map((step) => step.trim().replace(/;$/, ''));
  return script([...own, ...(own.length === 0 ? [] : noteFormat(database)), ...statements]);
}

/**
 * Only reads, so that a file of another application is left as it was.
 * @throws OfflineServerError `STORE_FOREIGN`, `STORE_NEWER`
 */
export function checkOwner(database: Database.Database, isShared: boolean): void {
  const applicationId = applicationIdOf(database);
  const version = formatOf(database);
  const others = database.prepare<[], { name: string }>('select name from sqlite_master limit 1').get();
  if (!isShared && applicationId !== APPLICATION_ID && (applicationId !== 0 || others !== undefined))
    throw new OfflineServerError(
      'STORE_FOREIGN',
      `${database.name}: expected a new file or one written by farside, got a database of another application${others === undefined ? '' : ` (it has ${others.name})`}; choose another file`,
    );
  if (version > MIGRATIONS.length)
    throw new OfflineServerError(
      'STORE_NEWER',
      `${database.name}: expected a database of format ${MIGRATIONS.length} or older, got format ${version}; start the newer release, or choose another file`,
    );
}

function migrateOwn(database: Database.Database, newId: () => string): void {
  const version = formatOf(database);
  for (const step of MIGRATIONS.slice(version)) database.exec(step);
  if (database.prepare(`select 1 from farside_meta where key = 'epoch'`).get() === undefined) {
    database.prepare(`insert into farside_meta values ('epoch', ?)`).run(newId());
    database.prepare('insert into farside_epoch (name, start) values (?, 0)').run(newId());
  }
  if (version < MIGRATIONS.length) for (const statement of noteFormat(database)) database.exec(statement);
}

const applicationIdOf = (database: Database.Database): number => Number(database.pragma('application_id', { simple: true }));

/** A file of its own carries the format in its head; one that is shared with other programs leaves the head to them. */
function formatOf(database: Database.Database): number {
  if (applicationIdOf(database) === APPLICATION_ID) return Number(database.pragma('user_version', { simple: true }));
  if (database.prepare(`select 1 from sqlite_master where name = 'farside_meta'`).get() === undefined) return 0;
  return Number(database.prepare<[], { value: string }>(`select value from farside_meta where key = 'format'`).get()?.value ?? 0);
}

/** A new file is ours until somebody else writes into it. */
function noteFormat(database: Database.Database): readonly string[] {
  const isOurs =
    applicationIdOf(database) === APPLICATION_ID ||
    database
      .prepare(`select 1 from sqlite_master where name not like 'farside#_%' escape '#' and name not like 'sqlite#_%' escape '#'`)
      .get() === undefined;
  return isOurs
    ? [`pragma application_id = ${APPLICATION_ID}`, `pragma user_version = ${MIGRATIONS.length}`]
    : [`insert or replace into farside_meta values ('format', '${MIGRATIONS.length}')`];
}

function migrateTable(database: Database.Database, table: Table): void {
  const stored = database.prepare<[string], { columns: string }>('select columns from farside_type where typename = ?').get(table.typename);
  const name = quote(table.typename);
  if (stored === undefined) {
    const own = table.columns.map((column) => `${declare(column)}, `).join('');
    database.exec(
      `create table ${name} (id text primary key not null, ${own}_version ${versionColumn(table.version)} not null, _lastChangedAt text not null, _deleted integer not null, _fieldVersions text not null)`,
    );
  }
  const before = columnsBefore(table, stored?.columns);
  const plan = planTable(table, before);
  for (const column of plan.add) database.exec(`alter table ${name} add column ${declare(column)}`);
  for (const column of plan.fill) {
    if (column.kind === 'json') database.exec(`update ${name} set ${quote(column.name)} = '[]' where ${quote(column.name)} is null`);
    else if (database.prepare(`select 1 from ${name} where ${quote(column.name)} is null limit 1`).get() !== undefined)
      throw notFillable(table.typename, column);
  }
  const columns = keptColumns(table, before);
  if (columns !== stored?.columns) database.prepare('insert or replace into farside_type values (?, ?)').run(table.typename, columns);
}

const DECLARED: Readonly<Record<Column['kind'], string>> = {
  text: 'text',
  integer: 'integer',
  real: 'real',
  boolean: 'integer',
  json: 'text',
  any: 'blob',
};

/** Never `not null`: a field that a later schema drops must not stand in the way of new rows. */
function declare(column: Column): string {
  return `${quote(column.name)} ${DECLARED[column.kind]}`;
}

/** GraphQL names have no quotes in them; this is against SQL's reserved words. */
export function quote(name: string): string {
  return `"${name}"`;
}
