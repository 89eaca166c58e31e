import type { Row } from './store.ts';
import type { ColumnKind, Table } from './tables.ts';

/** Makes rows of a table's columns. */
export function createRowReader(
  table: Table,
  fromColumn: (kind: ColumnKind, value: unknown) => unknown,
): (values: Readonly<Record<string, unknown>>) => Row {
  return (values) => {
    const row: Record<string, unknown> = { __typename: table.typename, id: fromColumn('text', values.id) };
    for (const { name, kind } of table.columns) row[name] = fromColumn(kind, values[name]);
    row._version = values._version;
    row._lastChangedAt = values._lastChangedAt;
    row._deleted = fromColumn('boolean', values._deleted);
    return Object.freeze(row) as Row;
  };
}

/** The same of values in order: `id`, the table's own columns, `_version`, `_lastChangedAt`, `_deleted`. */
export function createTupleReader(
  { typename, columns }: Table,
  fromColumn: (kind: ColumnKind, value: unknown) => unknown,
): (values: readonly unknown[]) => Row {
  const own = columns.length;
  return (values) => {
    const row: Record<string, unknown> = { __typename: typename, id: fromColumn('text', values[0]) };
    let at = 1;
    for (const { name, kind } of columns) row[name] = fromColumn(kind, values[at++]);
    row._version = values[own + 1];
    row._lastChangedAt = values[own + 2];
    row._deleted = fromColumn('boolean', values[own + 3]);
    return Object.freeze(row) as Row;
  };
}
