import { createHash } from 'node:crypto';
import type { FieldNode } from 'graphql';
import { valueFromASTUntyped } from 'graphql';
import type { ResultKey } from '../store/store.ts';

/** The header of the IETF draft (draft-ietf-httpapi-idempotency-key-header): for clients that are not ours. */
export const IDEMPOTENCY_HEADER = 'idempotency-key';

const DAY_MS = 86_400_000;
/** Bits of the key's hash in a mutation id; above them stands the day. */
const HASH_SPAN = 2 ** 38;
/** So many lines per user are kept and locked, whatever the number of keys. */
const LINES = 64;

/** Who a key stands for in the store. Its answer is kept through the next day. */
export interface KeyIdentity {
  readonly key: string;
  /** Where its answer is, if it came before: today, or yesterday. */
  readonly places: readonly [ResultKey, ResultKey];
  /** Mutation ids of its line up to here are of days gone by. */
  readonly settledThrough: number;
}

/** A key in the form in which it is compared, or `null` for what is none: 1 to 255 visible characters, quoted or not. */
export function parseIdempotencyKey(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const bare = /^"(.*)"$/.exec(value.trim())?.[1] ?? value.trim();
  return /^[\x21-\x7e]{1,255}$/.test(bare) ? bare : null;
}

/** `key` of `@idempotent` on a root field; `undefined` where it is not there. */
export function keyOfDirective(node: FieldNode, variables: Readonly<Record<string, unknown>>): unknown {
  const directive = node.directives?.find(({ name }) => name.value === 'idempotent');
  if (directive === undefined) return undefined;
  const argument = directive.arguments?.find(({ name }) => name.value === 'key');
  return argument === undefined ? null : (valueFromASTUntyped(argument.value, { ...variables }) ?? null);
}

/**
 * Places for answers under keys, in the store's terms: a few clients per user, whose names no client of ours can have, with ids that
 * rise from day to day. So what is old is acknowledged by what is new, and nobody's answers pile up.
 */
export function identityOfKey(user: string, key: string, now: number): KeyIdentity {
  const hash = createHash('sha256').update(key).digest();
  const clientId = `:key:${(hash[0] ?? 0) % LINES}`;
  const rest = Number(hash.readBigUInt64BE(1) % BigInt(HASH_SPAN));
  const day = Math.floor(now / DAY_MS);
  const place = (of: number): ResultKey => ({ user, clientId, mutationId: of * HASH_SPAN + rest });
  return { key, places: [place(day), place(day - 1)], settledThrough: (day - 1) * HASH_SPAN - 1 };
}
