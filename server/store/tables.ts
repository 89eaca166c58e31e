import { isDeepStrictEqual } from 'node:util';
import type { ManifestField, ManifestType } from '../../schema/manifest.ts';
import type { VersionKind } from '../../schema/version.ts';
import { OfflineServerError } from '../errors.ts';
import type { TypeModel } from './store.ts';

/**
 * How a column holds its values. `json`: lists, as JSON text. `any`: enums and scalars of the application's own: strings and
 * numbers as they are, everything else as JSON.
 */
export type ColumnKind = 'text' | 'integer' | 'real' | 'boolean' | 'json' | 'any';

export interface Column {
  /** `field.input` */
  readonly name: string;
  readonly kind: ColumnKind;
  readonly type: string;
  readonly nullable: boolean;
}

/** One versioned type as a table: its own columns, without `id` and those of {@link SYSTEM_COLUMNS}. */
export interface Table {
  readonly typename: string;
  /** The table or view that lists and counts read. */
  readonly relation: string;
  readonly columns: readonly Column[];
  readonly kinds: ReadonlyMap<string, ColumnKind>;
  readonly version: VersionKind;
}

/** What every table has besides its own columns; the kinds are those that filters and orders see. */
const SYSTEM_COLUMNS = { id: 'text', _version: 'integer', _lastChangedAt: 'text', _deleted: 'boolean' } as const satisfies Record<
  string,
  ColumnKind
>;
const RESERVED = new Set([...Object.keys(SYSTEM_COLUMNS), '_fieldVersions'].map((name) => name.toLowerCase()));

const KINDS: Readonly<Record<string, ColumnKind>> = { String: 'text', ID: 'text', Int: 'integer', Float: 'real', Boolean: 'boolean' };

/**
 * The tables of a model, by type name.
 * @throws OfflineServerError `STORE_INCOMPATIBLE` when two names differ only in case: databases see one.
 */
export function tablesOf(types: TypeModel): ReadonlyMap<string, Table> {
  const tables = new Map<string, Table>();
  const names = new Map<string, string>();
  for (const [typename, type] of Object.entries(types)) {
    claim(names, typename, 'type');
    tables.set(typename, tableOf(typename, type));
  }
  return tables;
}

function tableOf(typename: string, type: ManifestType): Table {
  const names = new Map<string, string>();
  const columns = Object.values(type.fields).map((field) => {
    if (RESERVED.has(field.input.toLowerCase()))
      throw new OfflineServerError(
        'STORE_INCOMPATIBLE',
        `${typename}.${field.input}: expected a name of your own, got one that every versioned type has; rename the field`,
      );
    claim(names, field.input, `field of ${typename}`);
    return columnOf(field);
  });
  return {
    typename,
    relation: typename,
    columns,
    kinds: new Map<string, ColumnKind>([
      ...Object.entries(SYSTEM_COLUMNS),
      ['_version', versionColumn(type.version)],
      ...columns.map(({ name, kind }) => [name, kind] as const),
    ]),
    version: type.version,
  };
}

/** The kind of the column `_version`. */
export function versionColumn(version: VersionKind): 'integer' | 'text' {
  return version === 'COUNTER' ? 'integer' : 'text';
}

function columnOf(field: ManifestField): Column {
  const kind = field.list ? 'json' : field.kind === 'reference' ? 'text' : (KINDS[field.type] ?? 'any');
  return { name: field.input, kind, type: field.type, nullable: field.nullable };
}

function claim(names: Map<string, string>, name: string, what: string): void {
  const other = names.get(name.toLowerCase());
  if (other !== undefined || name.toLowerCase().startsWith('sqlite_') || name.toLowerCase().startsWith('farside_'))
    throw new OfflineServerError(
      'STORE_INCOMPATIBLE',
      `${what} ${name}: expected a name that a database can tell from ${other ?? 'its own'}; rename it`,
    );
  names.set(name.toLowerCase(), name);
}

/** @throws OfflineServerError `BAD_OPTION` when one store is handed to two schemas. */
export function checkSameModel(before: TypeModel, now: TypeModel): void {
  if (!isDeepStrictEqual(before, now))
    throw new OfflineServerError(
      'BAD_OPTION',
      'store: expected one schema for one store, got a second schema with other types; make a store for each',
    );
}

/** How a table of one release of the application becomes that of the next. */
export interface TablePlan {
  /** Columns to add. */
  readonly add: readonly Column[];
  /** Columns that may not hold nulls in rows written before: lists get `[]`, anything else is for a person to decide. */
  readonly fill: readonly Column[];
}

/**
 * Compares what a table was with what the schema asks for. Columns that the schema no longer has stay, unread.
 * @throws OfflineServerError `STORE_INCOMPATIBLE` when a column would have to change its kind.
 */
export function planTable(table: Table, before: readonly Column[]): TablePlan {
  const version = before.find(({ name }) => name === '_version')?.type ?? 'COUNTER';
  if (version !== table.version)
    throw new OfflineServerError(
      'STORE_INCOMPATIBLE',
      `${table.typename}: the database holds versions of the kind ${version}, the schema asks for ${table.version}; keep @versioned(by: ${version}), or give the type a new name`,
    );
  const known = new Map(before.map((column) => [column.name, column]));
  for (const column of table.columns) {
    const was = known.get(column.name);
    if (was !== undefined && was.kind !== column.kind)
      throw new OfflineServerError(
        'STORE_INCOMPATIBLE',
        `${table.typename}.${column.name}: the database holds it as ${was.kind}, the schema (${column.type}) asks for ${column.kind}; give the changed field a new name, or convert the data first`,
      );
  }
  return {
    add: table.columns.filter(({ name }) => !known.has(name)),
    fill: table.columns.filter(({ name, nullable }) => !nullable && (known.get(name)?.nullable ?? true)),
  };
}

/** The columns as they were noted; of a table that is new, as they are. */
export function columnsBefore(table: Table, noted: string | undefined): readonly Column[] {
  return JSON.parse(noted ?? keptColumns(table, [])) as readonly Column[];
}

/** What is noted of a table's columns, as text: those that the schema has, and those that it no longer has. */
export function keptColumns(table: Table, before: readonly Column[]): string {
  // Rows written from now on have no value there, so if the field comes back it must not claim that they do.
  const kept = before.filter(({ name }) => !table.kinds.has(name)).map((column) => ({ ...column, nullable: true }));
  const version =
    table.version === 'COUNTER' ? [] : [{ name: '_version', kind: versionColumn(table.version), type: table.version, nullable: false }];
  return JSON.stringify([...table.columns, ...kept, ...version].map(({ name, kind, type, nullable }) => ({ name, kind, type, nullable })));
}

/** The refusal of a column that may not be null but would be in rows that exist. */
export function notFillable(typename: string, column: Column): OfflineServerError {
  return new OfflineServerError(
    'STORE_INCOMPATIBLE',
    `${typename}.${column.name}: the schema says it is never null, but rows written before have no value; make the field nullable, or give those rows a value first`,
  );
}
