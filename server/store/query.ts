import { type Condition, FILTER_OPERATORS, type Filter, MAX_FILTER_DEPTH, type Order } from '../../schema/list.ts';
import { badInput } from '../errors.ts';
import type { ColumnKind, Table } from './tables.ts';

/** More would make the database work for a single request longer than anyone has asked for honestly. */
const QueryLimits = { conditions: 100, inValues: 1000, orderKeys: 8 } as const;

const OPERATORS: ReadonlySet<string> = new Set(FILTER_OPERATORS);

/**
 * Refuses what an engine cannot carry out exactly as schema/list.ts says, the same way for every engine.
 * @throws GraphQLError BAD_USER_INPUT
 */
export function checkFilter(table: Table, filter: Filter | null): void {
  let conditions = 0;
  const visit = (part: Filter | null | undefined, depth: number): void => {
    if (part == null) return;
    if (depth > MAX_FILTER_DEPTH) throw badInput(`filter: expected and / or / not at most ${MAX_FILTER_DEPTH} deep`);
    for (const [field, condition] of Object.entries(part)) {
      conditions += 1;
      if (conditions > QueryLimits.conditions) throw badInput(`filter: expected at most ${QueryLimits.conditions} conditions`);
      if (condition == null) continue;
      if (field === 'not') visit(condition as Filter, depth + 1);
      else if (field === 'and' || field === 'or') for (const inner of condition as readonly Filter[]) visit(inner, depth + 1);
      else checkCondition(field, kindOf(table, field, 'filter'), condition as Condition);
    }
  };
  visit(filter, 0);
}

/** Fields that a filter asks about. Only of one that was checked: a forged one may be deep. */
export function fieldsIn(filter: Filter | null | undefined): readonly string[] {
  return Object.entries(filter ?? {}).flatMap(([field, condition]) => {
    if (condition == null) return [];
    if (field === 'not') return fieldsIn(condition as Filter);
    return field === 'and' || field === 'or' ? (condition as readonly Filter[]).flatMap(fieldsIn) : [field];
  });
}

/** @throws GraphQLError BAD_USER_INPUT */
export function checkOrder(table: Table, order: readonly Order[]): void {
  if (order.length > QueryLimits.orderKeys) throw badInput(`orderBy: expected at most ${QueryLimits.orderKeys} keys, got ${order.length}`);
  for (const { field } of order) if (kindOf(table, field, 'orderBy') === 'json') throw badInput(`orderBy.${field}: lists have no order`);
}

/** Whether values taken from a cursor are of the kinds that this order compares. */
export function fitsOrder(table: Table, order: readonly Order[], values: readonly unknown[]): boolean {
  const kinds = [...order.map(({ field }) => table.kinds.get(field)), 'text' as const];
  return (
    values.length === kinds.length &&
    values.every((value, index) => value === null || (kinds[index] !== undefined && fits(kinds[index], value)))
  );
}

function checkCondition(field: string, kind: ColumnKind, condition: Condition): void {
  for (const [operator, operand] of Object.entries(condition)) {
    const at = `filter.${field}.${operator}`;
    if (!OPERATORS.has(operator)) throw badInput(`${at}: expected one of ${FILTER_OPERATORS.join(', ')}`);
    if (operand === undefined) throw badInput(`${at}: expected a value, got nothing`);
    if (operator === 'in') {
      if (operand === null) continue;
      if (!Array.isArray(operand) || operand.length > QueryLimits.inValues)
        throw badInput(`${at}: expected at most ${QueryLimits.inValues} values`);
      for (const item of operand) checkOperand(at, kind, item);
    } else if (operator === 'contains') {
      if (operand !== null && typeof operand !== 'string' && typeof operand !== 'number' && typeof operand !== 'boolean')
        throw badInput(`${at}: expected one value`);
    } else checkOperand(at, kind, operand);
  }
}

function checkOperand(at: string, kind: ColumnKind, operand: unknown): void {
  if (operand !== null && !fits(kind, operand))
    throw badInput(
      `${at}: ${kind === 'json' ? 'lists are filtered by contains, or compared with null' : `expected a value of the field's type (${kind}), got ${typeof operand}`}`,
    );
}

function fits(kind: ColumnKind, value: unknown): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'integer':
    case 'real':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'any':
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    case 'json':
      return false;
  }
}

function kindOf(table: Table, field: string, at: string): ColumnKind {
  const kind = table.kinds.get(field);
  if (kind === undefined) throw badInput(`${at}: ${table.typename} has no stored field ${JSON.stringify(field).slice(0, 80)}`);
  return kind;
}
