import type Database from 'better-sqlite3';
import { ADDED, checkMapping, type FoundColumn, LEAVING, type MappedField, type Mapping } from './mapping.ts';

/** Names may have anything in them but quotes. */
const q = (name: string): string => `"${name}"`;
const text = (value: string): string => `'${value}'`;
const NOW = `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`;
/** A hybrid clock of now, in the name of the database. */
const CLOCK = `printf('%012x-00000000-database', cast((julianday('now') - 2440587.5) * 86400000 as integer))`;

/**
 * What has to be run before the store can work on a table: columns for versions, the rows that are there, triggers for the writes of
 * other programs. Empty: nothing. Only reads.
 * @throws OfflineServerError `STORE_TABLE_MISSING`, `STORE_COLUMN_MISSING`, `STORE_INCOMPATIBLE`
 */
export function planSqliteMapping(database: Database.Database, mapping: Mapping): readonly string[] {
  const { name, key } = mapping;
  const found = columnsOf(database, name);
  checkMapping(mapping, found, isUnique(database, name, key), fits);
  const has = new Set(found.map((column) => column.name));
  const added = Object.values(ADDED).filter((column) => !has.has(column));
  const there = new Map(
    database
      .prepare<[], { name: string; sql: string }>(
        `select name, sql from sqlite_master where type in ('view', 'trigger') and name like 'farside\\_%' escape '\\'`,
      )
      .all()
      .map((row) => [row.name, row.sql]),
  );
  const types = new Map(found.map((column) => [column.name, column.type]));
  const objects = [viewSql(mapping, types), ...triggers(mapping)].filter((each) => there.get(each.name) !== each.sql);
  return [
    ...added.map(
      (column) => `ALTER TABLE ${q(name)} ADD COLUMN ${column} ${column === ADDED.version || column === ADDED.write ? 'integer' : 'text'}`,
    ),
    ...(added.length > 0 || hasUnknown(database, name) ? existing(mapping) : []),
    ...objects.flatMap((each) => [...(there.has(each.name) ? [`DROP ${each.kind} ${each.name}`] : []), each.sql]),
  ];
}

function columnsOf(database: Database.Database, name: string): readonly FoundColumn[] {
  return database
    .prepare<[string], { name: string; type: string; notnull: number; pk: number }>(
      'select name, type, "notnull", pk from pragma_table_xinfo(?)',
    )
    .all(name)
    .map((column) => ({ name: column.name, type: column.type.toLowerCase(), notNull: column.notnull === 1 || column.pk > 0 }));
}

function isUnique(database: Database.Database, name: string, key: string): boolean {
  const primary = database.prepare<[string], { name: string }>('select name from pragma_table_xinfo(?) where pk > 0').all(name);
  if (primary.length === 1 && primary[0]?.name === key) return true;
  const indexes = database
    .prepare<[string], { name: string }>('select name from pragma_index_list(?) where "unique" = 1 and partial = 0')
    .all(name);
  return indexes.some((index) => {
    const columns = database.prepare<[string], { name: string | null }>('select name from pragma_index_info(?)').all(index.name);
    return columns.length === 1 && columns[0]?.name === key;
  });
}

/** Rows that were written while there were no triggers. */
function hasUnknown(database: Database.Database, name: string): boolean {
  return database.prepare(`select 1 from ${q(name)} where ${ADDED.write} is null limit 1`).get() !== undefined;
}

/** SQLite's own rules of affinity (https://sqlite.org/datatype3.html#determination_of_column_affinity). */
function affinity(type: string): 'integer' | 'text' | 'blob' | 'real' | 'numeric' {
  if (type.includes('int')) return 'integer';
  if (/char|clob|text/.test(type)) return 'text';
  if (type === '' || type.includes('blob')) return 'blob';
  return /real|floa|doub/.test(type) ? 'real' : 'numeric';
}

const FITTING: Readonly<Record<MappedField['kind'], readonly string[]>> = {
  text: ['text', 'blob'],
  integer: ['integer', 'numeric', 'blob'],
  real: ['real', 'numeric', 'integer', 'blob'],
  boolean: ['integer', 'numeric', 'blob'],
  json: ['text', 'blob', 'numeric'],
  any: ['text', 'blob'],
};

function fits({ kind, reference, type }: MappedField, column: FoundColumn): string | null {
  const is = affinity(column.type);
  if (FITTING[kind].includes(is) || (reference && is === 'integer') || (type === 'DateTime' && is === 'numeric')) return null;
  return `a column of ${reference ? 'text or integers' : kind === 'any' || kind === 'json' ? 'text' : kind}`;
}

const idOf = (row: string, { key }: Mapping): string => `cast(${row}${q(key)} as text)`;

/** The rows that the view shows, as a select that a condition on the key can be put behind: through the view no index is found. */
export function selectOf(database: Database.Database, { view }: Mapping): string {
  const { sql } = database.prepare<[string], { sql: string }>('select sql from sqlite_master where name = ?').get(view) ?? { sql: '' };
  return sql.slice(sql.indexOf(' AS ') + 4);
}

function viewSql(mapping: Mapping, types: ReadonlyMap<string, string>) {
  const fields = mapping.fields.map((field) => {
    const column = q(field.column);
    const isNumber = affinity(types.get(field.column) ?? '') === 'integer';
    const value =
      field.reference && isNumber
        ? `cast(${column} as text)`
        : field.kind === 'json'
          ? `CASE WHEN json_valid(${column}) THEN ${column} ELSE ${field.nullable ? 'NULL' : `'[]'`} END`
          : column;
    return `${value} AS ${q(field.name)}`;
  });
  const own = [
    `${ADDED.version} AS _version`,
    `${ADDED.changedAt} AS _lastChangedAt`,
    '0 AS _deleted',
    `${ADDED.fieldVersions} AS _fieldVersions`,
  ];
  const columns = [`${idOf('', mapping)} AS id`, ...fields, ...own].join(', ');
  return { kind: 'VIEW', name: mapping.view, sql: `CREATE VIEW ${mapping.view} AS SELECT ${columns} FROM ${q(mapping.name)}` };
}

/** The rows that are there already. */
function existing(mapping: Mapping): readonly string[] {
  const floor = floorOf(mapping);
  return [
    `UPDATE ${q(mapping.name)} SET ${ADDED.version} = ${floor} + 1, ${ADDED.changedAt} = ${NOW}, ${ADDED.fieldVersions} = json_object('*', ${floor} + 1), ${ADDED.write} = 1 WHERE ${ADDED.write} IS NULL`,
    `INSERT OR IGNORE INTO farside_change (typename, id) SELECT ${text(mapping.typename)}, ${idOf('', mapping)} FROM ${q(mapping.name)} ORDER BY ${q(mapping.key)}`,
  ];
}

const floorOf = ({ typename }: Mapping): string =>
  `coalesce((SELECT cast(value AS integer) FROM farside_meta WHERE key = ${text(`floor:${typename}`)}), 0)`;

/** Whatever is written without a new number in the column `write` was written by another program. */
function triggers(mapping: Mapping) {
  const { typename, name, key, fields } = mapping;
  const table = q(name);
  const trigger = (what: string, when: string, body: readonly string[]) => {
    const own = `farside_${typename}_${what}`;
    return { kind: 'TRIGGER', name: own, sql: `CREATE TRIGGER ${own} ${when}\nBEGIN\n${body.map((line) => `  ${line};\n`).join('')}END` };
  };
  const changed = (id: string): string => `INSERT OR REPLACE INTO farside_change (typename, id) VALUES (${text(typename)}, ${id})`;
  const values = (row: string): string => `json_object(${fields.map((field) => `${text(field.name)}, ${kept(row, field)}`).join(', ')})`;
  const kept = (row: string, field: MappedField): string => {
    const column = `${row}${q(field.column)}`;
    if (field.reference) return `cast(${column} AS text)`;
    if (field.kind === 'json') return `CASE WHEN json_valid(${column}) THEN ${column} END`;
    return field.kind === 'any' ? `CASE typeof(${column}) WHEN 'blob' THEN NULL ELSE ${column} END` : column;
  };
  const buried = (id: string): string => `typename = ${text(typename)} AND id = ${id}`;
  const tombstone = `INSERT OR REPLACE INTO farside_tombstone (typename, id, version, changed_at, field_versions, row) VALUES (${text(typename)}, ${idOf('old.', mapping)}, coalesce(old.${ADDED.version}, 0) + 1, ${NOW}, json_object('*', coalesce(old.${ADDED.version}, 0) + 1), ${values('old.')})`;
  const remember = `INSERT INTO farside_past VALUES (last_insert_rowid(), ${text(typename)}, ${idOf('old.', mapping)}, ${NOW}, json_object('_columns', json(${values('old.')}), '_version', old.${ADDED.version}, '_lastChangedAt', old.${ADDED.changedAt}))`;
  const anyTimed = fields.some(({ timed }) => timed);
  /** A row that is new under its id: its version goes on where an earlier one of that id ended. */
  const begins = [
    `UPDATE ${table} SET ${ADDED.version} = 1 + coalesce((SELECT version FROM farside_tombstone WHERE ${buried(idOf('new.', mapping))}), ${floorOf(mapping)}), ${ADDED.changedAt} = ${NOW}, ${ADDED.write} = coalesce(${ADDED.write}, 0) + 1 WHERE ${q(key)} = new.${q(key)}`,
    `UPDATE ${table} SET ${ADDED.fieldVersions} = json_object('*', ${ADDED.version}${anyTimed ? `, '@*', ${CLOCK}` : ''}) WHERE ${q(key)} = new.${q(key)}`,
    `DELETE FROM farside_tombstone WHERE ${buried(idOf('new.', mapping))}`,
    changed(idOf('new.', mapping)),
  ];
  const differs = (field: MappedField): string => `new.${q(field.column)} IS NOT old.${q(field.column)}`;
  const versions = fields.flatMap((field) => [
    `${text(field.name)}, CASE WHEN ${differs(field)} THEN coalesce(old.${ADDED.version}, 0) + 1 ELSE json_extract(old.${ADDED.fieldVersions}, '$."${field.name}"') END`,
    ...(field.timed
      ? [
          `${text(`@${field.name}`)}, CASE WHEN ${differs(field)} THEN ${CLOCK} ELSE json_extract(old.${ADDED.fieldVersions}, '$."@${field.name}"') END`,
        ]
      : []),
  ]);
  const anyDiffers = fields.length === 0 ? '0' : `(${fields.map(differs).join(' OR ')})`;
  return [
    // INSERT OR REPLACE deletes without a word to delete triggers: the version has to outlive that too.
    trigger(
      'replaced',
      `BEFORE INSERT ON ${table} WHEN new.${ADDED.write} IS NULL AND EXISTS (SELECT 1 FROM ${table} WHERE ${q(key)} = new.${q(key)})`,
      [
        `INSERT OR REPLACE INTO farside_tombstone (typename, id, version, changed_at, field_versions) SELECT ${text(typename)}, ${idOf('', mapping)}, ${ADDED.version}, ${NOW}, ${ADDED.fieldVersions} FROM ${table} WHERE ${q(key)} = new.${q(key)}`,
      ],
    ),
    trigger('inserted', `AFTER INSERT ON ${table} WHEN new.${ADDED.write} IS NULL`, begins),
    trigger(
      'updated',
      `AFTER UPDATE ON ${table} WHEN new.${ADDED.write} IS old.${ADDED.write} AND new.${q(key)} IS old.${q(key)} AND ${anyDiffers}`,
      [
        `UPDATE ${table} SET ${ADDED.version} = coalesce(old.${ADDED.version}, 0) + 1, ${ADDED.changedAt} = ${NOW}, ${ADDED.write} = coalesce(old.${ADDED.write}, 0) + 1, ${ADDED.fieldVersions} = json_patch(coalesce(old.${ADDED.fieldVersions}, '{}'), json_object(${versions.join(', ')})) WHERE ${q(key)} = new.${q(key)}`,
        changed(idOf('new.', mapping)),
        remember,
      ],
    ),
    trigger('renamed', `AFTER UPDATE ON ${table} WHEN new.${q(key)} IS NOT old.${q(key)}`, [
      tombstone,
      changed(idOf('old.', mapping)),
      ...begins,
    ]),
    trigger('deleted', `AFTER DELETE ON ${table} WHEN old.${ADDED.write} IS NOT ${LEAVING}`, [tombstone, changed(idOf('old.', mapping))]),
  ];
}
