/**
 * The meaning of filter and order of generated lists, once: the server's SQL is tested against it, the in-memory store and
 * the client's cached lists run it.
 */

/** One field's condition. All operators given must hold. `contains`: substring, case-insensitive, or membership for lists. */
export interface Condition {
  readonly eq?: unknown;
  readonly ne?: unknown;
  readonly in?: readonly unknown[] | null;
  readonly lt?: unknown;
  readonly lte?: unknown;
  readonly gt?: unknown;
  readonly gte?: unknown;
  readonly contains?: unknown;
}

/** Conditions by input field name (`siteId`, not `site`); all must hold. `and` / `or` / `not` nest. */
export interface Filter {
  readonly and?: readonly Filter[] | null;
  readonly or?: readonly Filter[] | null;
  readonly not?: Filter | null;
  readonly [field: string]: unknown;
}

export type OrderDirection = 'ASC' | 'DESC';
export interface Order {
  readonly field: string;
  readonly direction?: OrderDirection | null;
}

export const FILTER_OPERATORS = ['eq', 'ne', 'in', 'lt', 'lte', 'gt', 'gte', 'contains'] as const;

/** How deep `and` / `or` / `not` may nest; deeper is bad input. */
export const MAX_FILTER_DEPTH = 5;

/** Reads one field of a row, by input field name; `undefined` when the reader does not know it. */
export type ReadField = (field: string) => unknown;

/**
 * Whether a row passes. `null` when a needed field is unknown, so that a cache can say "I cannot know".
 * As in SQL with explicit nulls: `eq: null` finds nulls, `ne: x` finds nulls too, comparisons never match null.
 */
export function matches(filter: Filter | null | undefined, read: ReadField): boolean | null {
  if (filter == null) return true;
  return every(Object.entries(filter), ([field, condition]) => {
    if (condition == null) return true;
    if (field === 'and') return every(condition as readonly Filter[], (part) => matches(part, read));
    if (field === 'or') return some(condition as readonly Filter[], (part) => matches(part, read));
    if (field === 'not') return negate(matches(condition as Filter, read));
    const value = read(field);
    if (value === undefined) return null;
    return Object.entries(condition as Condition).every(([operator, operand]) => holds(operator, value, operand));
  });
}

/** Orders rows: by each key in turn, nulls first, ties by id, so that the order is total. Strings compare by code point. */
export function compareRows(order: readonly Order[] | null | undefined, a: ReadField, b: ReadField): number {
  for (const { field, direction } of order ?? []) {
    const result = compareValues(a(field) ?? null, b(field) ?? null);
    if (result !== 0) return direction === 'DESC' ? -result : result;
  }
  return compareValues(a('id'), b('id'));
}

function holds(operator: string, value: unknown, operand: unknown): boolean {
  switch (operator) {
    case 'eq':
      return value === operand;
    case 'ne':
      return value !== operand;
    case 'in':
      return operand == null || (operand as readonly unknown[]).includes(value);
    case 'lt':
      return comparable(value, operand) && compareValues(value, operand) < 0;
    case 'lte':
      return comparable(value, operand) && compareValues(value, operand) <= 0;
    case 'gt':
      return comparable(value, operand) && compareValues(value, operand) > 0;
    case 'gte':
      return comparable(value, operand) && compareValues(value, operand) >= 0;
    case 'contains':
      if (operand == null) return true;
      if (Array.isArray(value)) return value.includes(operand);
      return typeof value === 'string' && fold(value).includes(fold(String(operand)));
    default:
      return false;
  }
}

const comparable = (value: unknown, operand: unknown): boolean => value !== null && operand !== null && operand !== undefined;

/** ASCII only, as SQLite's LIKE and as both halves can do alike. */
const fold = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return (a as number | string) < (b as number | string) ? -1 : 1;
}

/** By code point, as databases compare UTF-8. JavaScript's `<` puts U+1F600 before U+FF01, because it sees surrogates. */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left === right) continue;
    const surrogates = Number(isSurrogate(left)) - Number(isSurrogate(right));
    return surrogates !== 0 ? surrogates : left < right ? -1 : 1;
  }
  return a.length - b.length < 0 ? -1 : 1;
}
const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

type Ternary = boolean | null;
function every<T>(items: readonly T[], test: (item: T) => Ternary): Ternary {
  let result: Ternary = true;
  for (const item of items) {
    const holdsHere = test(item);
    if (holdsHere === false) return false;
    if (holdsHere === null) result = null;
  }
  return result;
}
function some<T>(items: readonly T[], test: (item: T) => Ternary): Ternary {
  return negate(every(items, (item) => negate(test(item))));
}
function negate(value: Ternary): Ternary {
  return value === null ? null : !value;
}
