import {
  type CompiledQuery,
  DummyDriver,
  type Expression,
  Kysely,
  type RawBuilder,
  type SqlBool,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import type { Condition, Filter, Order } from '../../schema/list.ts';
import { checkFilter, checkOrder } from './query.ts';
import type { ListQuery } from './store.ts';
import type { ColumnKind, Table } from './tables.ts';

/** Tables are known at run time only; what a row holds is the business of tables.ts. */
interface Schema {
  readonly [table: string]: { readonly [column: string]: unknown };
}

/** Compiles and never runs. */
const builder = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** Live rows that pass, in order, after the given keys. */
export function listSql(table: Table, query: ListQuery): CompiledQuery {
  checkFilter(table, query.filter);
  checkOrder(table, query.order);
  let select = builder
    .selectFrom(table.typename)
    .selectAll()
    .where(sql<SqlBool>`${sql.ref('_deleted')} = 0`)
    .where(filterSql(table, query.filter));
  if (query.after !== null) select = select.where(afterSql(table, query.order, query.after));
  for (const { field, direction } of query.order) select = select.orderBy(sql.ref(field), direction === 'DESC' ? 'desc' : 'asc');
  return select.orderBy(sql.ref('id'), 'asc').limit(query.limit).compile();
}

export function countSql(table: Table, filter: Filter | null): CompiledQuery {
  checkFilter(table, filter);
  const select = builder.selectFrom(table.typename).select(sql<number>`count(*)`.as('count'));
  return select
    .where(sql<SqlBool>`${sql.ref('_deleted')} = 0`)
    .where(filterSql(table, filter))
    .compile();
}

/** Every leaf is true or false and never NULL, so that `not` means what it means in schema/list.ts. */
function filterSql(table: Table, filter: Filter | null | undefined): RawBuilder<SqlBool> {
  if (filter == null) return TRUE;
  const parts = Object.entries(filter).map(([field, condition]) => {
    if (condition == null) return TRUE;
    if (field === 'and') return all((condition as readonly Filter[]).map((part) => filterSql(table, part)));
    if (field === 'or') return any((condition as readonly Filter[]).map((part) => filterSql(table, part)));
    if (field === 'not') return sql<SqlBool>`not ${filterSql(table, condition as Filter)}`;
    const kind = table.kinds.get(field) ?? 'any';
    return all(Object.entries(condition as Condition).map(([operator, operand]) => conditionSql(field, kind, operator, operand)));
  });
  return all(parts);
}

function conditionSql(field: string, kind: ColumnKind, operator: string, operand: unknown): RawBuilder<SqlBool> {
  const column = sql.ref(field);
  switch (operator) {
    case 'eq':
      return operand === null ? sql`(${column} is null)` : sql`(${column} is not null and ${column} = ${bind(kind, operand)})`;
    case 'ne':
      return operand === null ? sql`(${column} is not null)` : sql`(${column} is null or ${column} <> ${bind(kind, operand)})`;
    case 'in': {
      if (operand === null) return TRUE;
      const values = (operand as readonly unknown[]).filter((item) => item !== null);
      const among =
        values.length === 0
          ? FALSE
          : sql<SqlBool>`(${column} is not null and ${column} in (${sql.join(values.map((item) => bind(kind, item)))}))`;
      return values.length < (operand as readonly unknown[]).length ? any([among, sql`(${column} is null)`]) : among;
    }
    case 'contains':
      return containsSql(column, kind, operand);
    default:
      return operand === null
        ? FALSE
        : sql`(${column} is not null and ${column} ${sql.raw(COMPARISONS[operator] ?? '=')} ${bind(kind, operand)})`;
  }
}

const COMPARISONS: Readonly<Record<string, string>> = { lt: '<', lte: '<=', gt: '>', gte: '>=' };

function containsSql(column: Expression<unknown>, kind: ColumnKind, operand: unknown): RawBuilder<SqlBool> {
  if (operand === null) return TRUE;
  if (kind === 'json') {
    const type =
      typeof operand === 'string'
        ? sql`item.type = 'text'`
        : typeof operand === 'boolean'
          ? sql`item.type = ${String(operand)}`
          : sql`item.type in ('integer', 'real')`;
    const same = typeof operand === 'boolean' ? TRUE : sql`item.value = ${operand}`;
    return sql`(${column} is not null and exists (select 1 from json_each(${column}) as item where ${type} and ${same}))`;
  }
  if (kind !== 'text' && kind !== 'any') return FALSE;
  // lower() of SQLite folds ASCII only, as list.ts does. The type is asked because `any` columns may hold numbers.
  return sql`(typeof(${column}) = 'text' and instr(lower(${column}), lower(${String(operand)})) > 0)`;
}

/** Rows that come after the keys in this order: greater in the first key, or equal there and greater in the next, and so on. */
function afterSql(table: Table, order: readonly Order[], keys: readonly unknown[]): RawBuilder<SqlBool> {
  const by = [...order, { field: 'id', direction: 'ASC' as const }];
  return any(
    by.map(({ field, direction }, index) => {
      const column = sql.ref(field);
      const kind = table.kinds.get(field) ?? 'any';
      const key = keys[index] ?? null;
      const equalBefore = by
        .slice(0, index)
        .map((previous, at) => conditionSql(previous.field, table.kinds.get(previous.field) ?? 'any', 'eq', keys[at] ?? null));
      return all([...equalBefore, beyond(column, kind, direction === 'DESC', key)]);
    }),
  );
}

/** Nulls come first, and last when descending. */
function beyond(column: Expression<unknown>, kind: ColumnKind, descending: boolean, key: unknown): RawBuilder<SqlBool> {
  if (!descending) return key === null ? sql`(${column} is not null)` : sql`(${column} > ${bind(kind, key)})`;
  return key === null ? FALSE : sql`(${column} < ${bind(kind, key)} or ${column} is null)`;
}

const TRUE = sql<SqlBool>`(1 = 1)`;
const FALSE = sql<SqlBool>`(1 = 0)`;
function all(parts: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> {
  return parts.length === 0 ? TRUE : sql`(${sql.join(parts, sql` and `)})`;
}
function any(parts: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> {
  return parts.length === 0 ? FALSE : sql`(${sql.join(parts, sql` or `)})`;
}

/** A value in the form in which a column of this kind holds it. */
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

function bind(kind: ColumnKind, value: unknown): RawBuilder<unknown> {
  return sql`${toColumn(kind === 'json' ? 'any' : kind, value)}`;
}
