import type Database from 'better-sqlite3';
import type { Version } from '../../schema/version.ts';
import { badInput } from '../errors.ts';
import { ADDED, LEAVING, type Mapping } from './mapping.ts';
import { createRowReader } from './row.ts';
import { fromColumn, toColumn } from './sqlite-dialect.ts';
import { selectOf } from './sqlite-mapping.ts';
import type { FieldVersions, Row, StoredRow } from './store.ts';
import type { Table } from './tables.ts';

type Values = Record<string, unknown>;

/** What {@link Engine} does with the rows of a type, on a table that other programs write too. Tombstones stand beside it. */
export function mappedStatements(database: Database.Database, table: Table, mapping: Mapping) {
  const { typename, fields } = mapping;
  const [name, key] = [`"${mapping.name}"`, `"${mapping.key}"`];
  const decode = createRowReader(table, fromColumn);
  const select = database.prepare<[string], Values>(`${selectOf(database, mapping)} where ${key} = ?`);
  const grave = database.prepare<[string, string], Grave>(
    'select * from farside_tombstone where typename = ? and id = ? and row is not null',
  );
  const set = [
    ...fields.map(({ column }) => `"${column}" = ?`),
    `${ADDED.version} = ?`,
    `${ADDED.changedAt} = ?`,
    `${ADDED.fieldVersions} = ?`,
  ];
  const update = database.prepare(
    `update ${name} set ${set.join(', ')}, ${ADDED.write} = coalesce(${ADDED.write}, 0) + 1 where ${key} = ?`,
  );
  const columns = [...fields.map(({ column }) => `"${column}"`), ADDED.version, ADDED.changedAt, ADDED.fieldVersions, key];
  const insert = database.prepare(
    `insert into ${name} (${columns.join(', ')}, ${ADDED.write}) values (${columns.map(() => '?').join(', ')}, 1)`,
  );
  const leave = database.prepare<[string]>(`update ${name} set ${ADDED.write} = ${LEAVING} where ${key} = ?`);
  const remove = database.prepare<[string]>(`delete from ${name} where ${key} = ?`);
  const bury = database.prepare<[string, string, Version, string, string, string]>(
    'insert or replace into farside_tombstone values (?, ?, ?, ?, ?, ?)',
  );
  const dig = database.prepare<[string, string]>('delete from farside_tombstone where typename = ? and id = ?');
  const stored = (values: Values): StoredRow => ({
    row: decode(values),
    fieldVersions: JSON.parse(values._fieldVersions as string) as FieldVersions,
  });

  return {
    table,
    decode,
    /** What a trigger noted of a row: its columns, as the table has them. */
    past(noted: Row, id: string): Row {
      const { _columns, ...rest } = noted as Row & { readonly _columns?: Values };
      if (_columns === undefined) return noted;
      return decode({ ...rest, ..._columns, id, _deleted: 0 });
    },
    get(id: string): StoredRow | null {
      const live = select.get(id);
      // `05` is 5 to a column of integers, and another id.
      if (live !== undefined) return live.id === id ? stored(live) : null;
      const found = grave.get(typename, id);
      if (found === undefined) return null;
      const { version: _version, changed_at: _lastChangedAt, field_versions: _fieldVersions } = found;
      return stored({ id, ...(JSON.parse(found.row) as Values), _version, _lastChangedAt, _deleted: 1, _fieldVersions });
    },
    put({ row, fieldVersions }: StoredRow): void {
      const versions = JSON.stringify(fieldVersions);
      const own = Object.fromEntries(fields.map(({ name: field, kind }) => [field, toColumn(kind, row[field])]));
      if (row._deleted) {
        leave.run(row.id);
        within(typename, () => remove.run(row.id));
        bury.run(typename, row.id, row._version, row._lastChangedAt, versions, JSON.stringify(own));
        return;
      }
      const values = [...Object.values(own), row._version, row._lastChangedAt, versions, row.id];
      within(typename, () => {
        if (update.run(...values).changes > 0) return;
        insert.run(...values);
        dig.run(typename, row.id);
        // A column of numbers that took text as it came, or made another number of it.
        if (select.get(row.id)?.id !== row.id)
          throw badInput(`${typename}: expected an id that its table can hold, got ${JSON.stringify(row.id)}.`);
      });
    },
    tombstones: database.prepare<[string], { id: string; _version: Version }>(
      `select id, version as _version from farside_tombstone where typename = '${typename}' and changed_at < ? and row is not null`,
    ),
    countTombstones: database.prepare<[], { count: number }>(
      `select count(*) as count from farside_tombstone where typename = '${typename}' and row is not null`,
    ),
    remove: database.prepare<[string]>(`delete from farside_tombstone where typename = '${typename}' and id = ?`),
  };
}

interface Grave {
  readonly version: Version;
  readonly changed_at: string;
  readonly field_versions: string;
  readonly row: string;
}

/** What the table's own rules refuse, nobody can write, however often it is tried. */
function within(typename: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code.startsWith('SQLITE_CONSTRAINT') || code === 'SQLITE_MISMATCH')
      throw badInput(`${typename}: the rules of its table refuse this (${code.replace(/^SQLITE_/, '')}).`);
    throw error;
  }
}
