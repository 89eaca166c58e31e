import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from 'kysely';
import type { SqlDialect } from './sql.ts';
import type { ColumnKind } from './tables.ts';

export const sqliteDialect: SqlDialect = {
  builder: new Kysely({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }),
  toColumn,
  listHas(column, item) {
    const type =
      typeof item === 'string'
        ? sql`item.type = 'text'`
        : typeof item === 'boolean'
          ? sql`item.type = ${String(item)}`
          : sql`item.type in ('integer', 'real')`;
    const same = typeof item === 'boolean' ? sql`(1 = 1)` : sql`item.value = ${item}`;
    return sql`exists (select 1 from json_each(${column}) as item where ${type} and ${same})`;
  },
  // lower() of SQLite folds ASCII only, as list.ts does. The type is asked because `any` columns may hold numbers.
  textHas: (column, part) => sql`(typeof(${column}) = 'text' and instr(lower(${column}), lower(${part})) > 0)`,
};

export function toColumn(kind: ColumnKind, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (kind === 'boolean') return value === true ? 1 : 0;
  if (kind === 'json') return JSON.stringify(value);
  if (kind === 'any' && typeof value !== 'string' && typeof value !== 'number') return Buffer.from(JSON.stringify(value));
  return value;
}

export function fromColumn(kind: ColumnKind, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (kind === 'boolean') return value === 1;
  if (kind === 'json') return JSON.parse(value as string);
  if (kind === 'any' && Buffer.isBuffer(value)) return JSON.parse(value.toString());
  return value;
}
