import { type CompiledQuery, type Expression, type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Condition, Filter, Order } from '../../schema/list.ts';
import { checkFilter, checkOrder } from './query.ts';
import type { ListQuery } from './store.ts';
import type { ColumnKind, Table } from './tables.ts';

/** Tables are known at run time only; what a row holds is the business of tables.ts. */
export interface Schema {
  readonly [table: string]: { readonly [column: string]: unknown };
}

/** Wherein the databases differ. */
export interface SqlDialect {
  /** Compiles and never runs. */
  readonly builder: Kysely<Schema>;
  /** A value in the form in which a column of this kind holds it. */
  toColumn(kind: ColumnKind, value: unknown): unknown;
  /** What SQL knows of columns that hold a list: whether it has the item. The column is not null. */
  listHas(column: Expression<unknown>, item: unknown): RawBuilder<SqlBool>;
  /** Whether a text, or an `any` that holds a text, has `part` in it, A–Z matching a–z. False for null. */
  textHas(column: Expression<unknown>, part: string): RawBuilder<SqlBool>;
}

/** Live rows that pass, in order, after the given keys. */
export function listSql(dialect: SqlDialect, table: Table, query: ListQuery): CompiledQuery {
  checkFilter(table, query.filter);
  checkOrder(table, query.order);
  const { filterSql, afterSql } = conditionsOf(dialect, table);
  let select = dialect.builder.selectFrom(table.relation).selectAll().where(live(dialect)).where(filterSql(query.filter));
  if (query.after !== null) select = select.where(afterSql(query.order, query.after));
  for (const { field, direction } of query.order)
    select = select.orderBy(sql.ref(field), (by) => (direction === 'DESC' ? by.desc().nullsLast() : by.asc().nullsFirst()));
  return select.orderBy(sql.ref('id'), 'asc').limit(query.limit).compile();
}

export function countSql(dialect: SqlDialect, table: Table, filter: Filter | null): CompiledQuery {
  checkFilter(table, filter);
  const select = dialect.builder.selectFrom(table.relation).select(sql<number>`count(*)`.as('count'));
  return select.where(live(dialect)).where(conditionsOf(dialect, table).filterSql(filter)).compile();
}

const live = ({ toColumn }: SqlDialect): RawBuilder<SqlBool> => sql`${sql.ref('_deleted')} = ${toColumn('boolean', false)}`;

function conditionsOf({ toColumn, listHas, textHas }: SqlDialect, table: Table) {
  /** Every leaf is true or false and never NULL, so that `not` means what it means in schema/list.ts. */
  const filterSql = (filter: Filter | null | undefined): RawBuilder<SqlBool> => {
    if (filter == null) return TRUE;
    const parts = Object.entries(filter).map(([field, condition]) => {
      if (condition == null) return TRUE;
      if (field === 'and') return all((condition as readonly Filter[]).map(filterSql));
      if (field === 'or') return any((condition as readonly Filter[]).map(filterSql));
      if (field === 'not') return sql<SqlBool>`not ${filterSql(condition as Filter)}`;
      return all(Object.entries(condition as Condition).map(([operator, operand]) => conditionSql(field, operator, operand)));
    });
    return all(parts);
  };

  const conditionSql = (field: string, operator: string, operand: unknown): RawBuilder<SqlBool> => {
    const column = sql.ref(field);
    const kind = table.kinds.get(field) ?? 'any';
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
        if (operand === null) return TRUE;
        if (kind === 'json') return sql`(${column} is not null and ${listHas(column, operand)})`;
        return kind === 'text' || kind === 'any' ? textHas(column, String(operand)) : FALSE;
      default:
        return operand === null
          ? FALSE
          : sql`(${column} is not null and ${column} ${sql.raw(COMPARISONS[operator] ?? '=')} ${bind(kind, operand)})`;
    }
  };

  /** Rows that come after the keys in this order: greater in the first key, or equal there and greater in the next, and so on. */
  const afterSql = (order: readonly Order[], keys: readonly unknown[]): RawBuilder<SqlBool> => {
    const by = [...order, { field: 'id', direction: 'ASC' as const }];
    return any(
      by.map(({ field, direction }, index) => {
        const equalBefore = by.slice(0, index).map((previous, at) => conditionSql(previous.field, 'eq', keys[at] ?? null));
        return all([...equalBefore, beyond(field, direction === 'DESC', keys[index] ?? null)]);
      }),
    );
  };

  /** Nulls come first, and last when descending. */
  const beyond = (field: string, descending: boolean, key: unknown): RawBuilder<SqlBool> => {
    const column = sql.ref(field);
    const kind = table.kinds.get(field) ?? 'any';
    if (!descending) return key === null ? sql`(${column} is not null)` : sql`(${column} > ${bind(kind, key)})`;
    return key === null ? FALSE : sql`(${column} < ${bind(kind, key)} or ${column} is null)`;
  };

  const bind = (kind: ColumnKind, value: unknown): RawBuilder<unknown> => sql`${toColumn(kind === 'json' ? 'any' : kind, value)}`;

  return { filterSql, afterSql };
}

const COMPARISONS: Readonly<Record<string, string>> = { lt: '<', lte: '<=', gt: '>', gte: '>=' };

const TRUE = sql<SqlBool>`(1 = 1)`;
const FALSE = sql<SqlBool>`(1 = 0)`;
function all(parts: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> {
  return parts.length === 0 ? TRUE : sql`(${sql.join(parts, sql` and `)})`;
}
function any(parts: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> {
  return parts.length === 0 ? FALSE : sql`(${sql.join(parts, sql` or `)})`;
}
