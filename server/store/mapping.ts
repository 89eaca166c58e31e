import type { expandSchema } from '../../schema/expand.ts';
import type { ManifestType } from '../../schema/manifest.ts';
import { OfflineServerError } from '../errors.ts';
import { expected } from '../options.ts';
import type { TypeModel } from './store.ts';
import type { Column, Table } from './tables.ts';

/** A table that is there already, and holds the entities of a type. Other programs may go on writing it. */
export interface MappedTable {
  /** Its name, without a schema. */
  readonly table: string;
  /** The column that holds the id; unique. Default `id`. */
  readonly key?: string;
  /** Column by input name of the field (`siteId` of a reference `site`). Default: the same name. */
  readonly columns?: Readonly<Record<string, string>>;
}

/** By type name. Types that are not named here get tables of their own. */
export type MappedTables = Readonly<Record<string, MappedTable>>;

/** Type definitions as `createOfflineSchema` takes them. */
export type TypeDefs = Parameters<typeof expandSchema>[0];

/** What a table of the application's is to the store. */
export interface Mapping {
  readonly typename: string;
  readonly name: string;
  readonly key: string;
  readonly fields: readonly MappedField[];
  /** The view that shows its rows as the store's own tables look. */
  readonly view: string;
}

export interface MappedField extends Column {
  /** The column in the application's table. */
  readonly column: string;
  /** The later edit wins: a write by another program takes the time at which it was made. */
  readonly timed: boolean;
  readonly reference: boolean;
}

/**
 * Columns that the store adds. `write` is another number after each write of the store's own: by that the triggers tell them from those of
 * others, which do not touch it.
 */
export const ADDED = {
  version: 'farside_version',
  changedAt: 'farside_changed_at',
  fieldVersions: 'farside_field_versions',
  write: 'farside_write',
} as const;

/** What `write` is in a row that the store itself is about to delete. */
export const LEAVING = 0;

/**
 * Checks the option, as far as that can be done without the schema.
 * @throws OfflineServerError `BAD_OPTION`
 */
export function checkMappedTables(of: string, tables: unknown): MappedTables {
  if (!isObject(tables)) throw expected(of, 'tables', '{ Type: { table: "…" } }', tables);
  for (const [typename, mapped] of Object.entries(tables)) {
    const at = `tables.${typename}`;
    if (!isObject(mapped)) throw expected(of, at, '{ table, key?, columns? }', mapped);
    const { table, key = 'id', columns = {}, ...rest } = mapped;
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined) throw expected(of, at, 'table, key and columns', unknown);
    if (!isName(table)) throw expected(of, `${at}.table`, NAME, table);
    if (!isName(key)) throw expected(of, `${at}.key`, NAME, key);
    if (!isObject(columns)) throw expected(of, `${at}.columns`, 'column names by field', columns);
    for (const [field, column] of Object.entries(columns)) if (!isName(column)) throw expected(of, `${at}.columns.${field}`, NAME, column);
  }
  return tables as MappedTables;
}

/**
 * The mappings of a model.
 * @throws OfflineServerError `BAD_OPTION` for types and fields that the schema does not have, `STORE_INCOMPATIBLE` for kinds of versions
 * that a trigger cannot make.
 */
export function mappingsOf(of: string, types: TypeModel, tables: ReadonlyMap<string, Table>, mapped: MappedTables): readonly Mapping[] {
  return Object.entries(mapped).map(([typename, { table: name, key = 'id', columns = {} }]) => {
    const [table, type] = [tables.get(typename), types[typename]];
    if (table === undefined || type === undefined)
      throw expected(of, `tables.${typename}`, `a @versioned type of the schema (${[...tables.keys()].join(', ')})`, typename);
    if (table.version !== 'COUNTER')
      throw new OfflineServerError(
        'STORE_INCOMPATIBLE',
        `${typename}: expected @versioned(by: COUNTER) for a type on a table of your own, got ${table.version}; other programs can only count`,
      );
    for (const field of Object.keys(columns))
      if (!table.columns.some((column) => column.name === field))
        throw expected(
          of,
          `tables.${typename}.columns`,
          `fields by input name (${table.columns.map((column) => column.name).join(', ')})`,
          field,
        );
    const fields = table.columns.map((column) => ({
      ...column,
      column: columns[column.name] ?? column.name,
      ...fieldOf(type, column.name),
    }));
    return { typename, name, key, fields, view: `farside_view_${typename}` };
  });
}

function fieldOf(type: ManifestType, input: string): Pick<MappedField, 'timed' | 'reference'> {
  const field = Object.values(type.fields).find((each) => each.input === input);
  return { timed: field?.strategy === 'LAST_WRITE_WINS', reference: field?.kind === 'reference' || field?.type === 'ID' };
}

/** A column of a table as the database describes it. */
export interface FoundColumn {
  readonly name: string;
  /** As declared, in lower case. */
  readonly type: string;
  readonly notNull: boolean;
}

/**
 * Whether a table has what its mapping needs. `fits`: what is wrong with the type of a column, or `null`.
 * @throws OfflineServerError `STORE_TABLE_MISSING`, `STORE_COLUMN_MISSING`, `STORE_INCOMPATIBLE`
 */
export function checkMapping(
  { typename, name, key, fields }: Mapping,
  found: readonly FoundColumn[],
  isUnique: boolean,
  fits: (field: MappedField, column: FoundColumn) => string | null,
): void {
  if (found.length === 0)
    throw new OfflineServerError(
      'STORE_TABLE_MISSING',
      `${typename}: expected the table ${name}, got none of that name; check tables.${typename}.table`,
    );
  const columnOf = (column: string, what: string): FoundColumn => {
    const there = found.find((each) => each.name === column);
    if (there !== undefined) return there;
    throw new OfflineServerError(
      'STORE_COLUMN_MISSING',
      `${typename}${what}: expected the column ${name}.${column}, got ${found.map((each) => each.name).join(', ')}; check tables.${typename}`,
    );
  };
  columnOf(key, '');
  if (!isUnique)
    throw new OfflineServerError(
      'STORE_INCOMPATIBLE',
      `${typename}: expected ${name}.${key} to be the primary key or unique by itself; choose another key, or add a unique index`,
    );
  for (const field of fields) {
    const column = columnOf(field.column, `.${field.name}`);
    const problem = fits(field, column) ?? (field.nullable || field.kind === 'json' || column.notNull ? null : 'a column that is not null');
    if (problem !== null)
      throw new OfflineServerError(
        'STORE_INCOMPATIBLE',
        `${typename}.${field.name} (${field.type}${field.nullable ? '' : '!'}): expected ${problem}, got ${name}.${column.name} ${column.type || 'of no type'}${column.notNull ? ' not null' : ''}; change the field, or map another column`,
      );
  }
}

/** The refusal of a database whose tables have not been prepared. */
export function notMigrated(of: string, statements: readonly string[]): OfflineServerError {
  return new OfflineServerError(
    'STORE_NOT_MIGRATED',
    `${of}: expected tables with versions and triggers, got ${statements.length} statements to run first; look at them with ${of.replace('Store', 'MigrationSql')} and run them, or set migrate: true`,
  );
}

/** Statements as a script that is carried out whole or not at all. */
export function script(statements: readonly string[]): string {
  return statements.length === 0 ? '' : `BEGIN;\n\n${statements.map((statement) => `${statement};\n`).join('\n')}\nCOMMIT;\n`;
}

const NAME = 'a name of 1 to 63 characters without quotes';
const isName = (name: unknown): boolean => typeof name === 'string' && /^[^"'\\\0]{1,63}$/.test(name);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
