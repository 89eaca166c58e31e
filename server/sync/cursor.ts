import { ErrorCode } from '../../schema/protocol.ts';
import { clientError } from '../errors.ts';
import type { Position } from '../store/store.ts';

/** Opaque to clients. Equal positions have equal cursors, so a client can see that a hint tells it nothing new. */
export function syncCursor({ epoch, position, begun }: Position): string {
  return Buffer.from(JSON.stringify([epoch, position, ...(begun === undefined ? [] : [begun])])).toString('base64url');
}

/**
 * Only the form is checked: whether the position can be continued is for the store to say (and `reset` to tell).
 * @throws GraphQLError BAD_CURSOR
 */
export function parseSyncCursor(cursor: string): Position {
  const bad = clientError(ErrorCode.BAD_CURSOR, 'since: expected a cursor of this server; start anew without it.');
  if (cursor.length > 500) throw bad;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw bad;
  }
  if (!Array.isArray(value) || value.length < 2 || value.length > 3 || !value.every((part) => typeof part === 'string')) throw bad;
  const [epoch = '', position = '', begun] = value as readonly string[];
  return { epoch, position, ...(begun === undefined ? {} : { begun }) };
}
