import type { Order } from '../../schema/list.ts';
import { ErrorCode } from '../../schema/protocol.ts';
import { clientError } from '../errors.ts';
import { fitsOrder } from './query.ts';
import type { Row } from './store.ts';
import type { Table } from './tables.ts';

/** `endCursor` of a list: the sort keys of its last row, and the order that they belong to. */
export function pageCursor(order: readonly Order[], row: Row): string {
  return Buffer.from(JSON.stringify([spell(order), ...keysOf(order, row)])).toString('base64url');
}

/** Where a row stands in an order: the values of its keys, then its id. */
export function keysOf(order: readonly Order[], row: Row): readonly unknown[] {
  return [...order.map(({ field }) => row[field]), row.id];
}

/**
 * The keys to continue after.
 * @throws GraphQLError BAD_CURSOR for a cursor that was not given out for this order.
 */
export function parsePageCursor(table: Table, order: readonly Order[], cursor: string): readonly unknown[] {
  const [spelling, ...keys] = read(cursor);
  if (spelling !== spell(order) || !fitsOrder(table, order, keys))
    throw clientError(ErrorCode.BAD_CURSOR, 'after: expected an endCursor that the same orderBy gave; start without it.');
  return keys;
}

function read(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function spell(order: readonly Order[]): string {
  return order.map(({ field, direction }) => `${direction === 'DESC' ? '-' : '+'}${field}`).join();
}
