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
