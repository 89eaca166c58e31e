import { isHybridClock } from './hybrid-clock.ts';
import { isCount, isObject } from './shape.ts';

/**
 * The only spelling of every name, code and shape that crosses the wire.
 * PROTOCOL.md beside this file is the normative text; test/schema/protocol.test.ts pins both by hash.
 */

/** Raised when a message changes shape or meaning; each raise adds a line to the history in PROTOCOL.md. */
export const PROTOCOL_VERSION = 1;

/** Key under `extensions`, of requests and of responses. */
export const EXTENSION = 'offline';

/** What a write carries besides its input: one entry per mutation root field, by response key. */
export interface MutationEntry {
  /** Integer ≥ 1, strictly increasing per `clientId`. With it: the idempotency key of this field. */
  readonly id: number;
  /** Values of the written fields as the editor saw them, by input field name. Absent: unknown. */
  readonly base?: Readonly<Record<string, unknown>>;
  /** Hybrid logical clock at the edit: decides fields with LAST_WRITE_WINS. Absent: the time of arrival. */
  readonly clock?: string;
  /** Fencing token of the lease that the write was made under. */
  readonly lease?: number;
}

/** `extensions.offline` of a request. */
export interface OfflineRequest {
  readonly protocol: number;
  /** One per tab session: 1 to 64 characters of `A-Z a-z 0-9 _ -`. */
  readonly clientId: string;
  /** Every mutation id ≤ this one is settled at the client: the server may forget their results. 0: none. */
  readonly ackedThrough: number;
  /** Clients with nothing left to send: all their results may be forgotten. */
  readonly retired?: readonly string[];
  readonly mutations: Readonly<Record<string, MutationEntry>>;
}

/** How one mutation root field ended at the server. `duplicate`: the stored answer of an earlier delivery, byte-equal. */
export type FieldOutcome = 'applied' | 'duplicate' | 'conflict' | 'rejected';

/** `extensions.offline` of a response. */
export interface OfflineResponse {
  readonly protocol: number;
  /** By response key. A field that failed without consuming its id (an internal error) has no entry. */
  readonly mutations: Readonly<Record<string, { readonly outcome: FieldOutcome }>>;
  /** Milliseconds since the Unix epoch. */
  readonly serverTime: number;
  /** Changes when the server's history is not a continuation of what clients have seen (a restored backup). */
  readonly epoch: string;
}

/** Stable `errors[].extensions.code` values. Clients branch on these, never on message text. */
export const ErrorCode = {
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  FORBIDDEN: 'FORBIDDEN',
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  /** A reference names an entity that is not there, was deleted, or may not be read. */
  REFERENCE_NOT_FOUND: 'REFERENCE_NOT_FOUND',
  INTERNAL_SERVER_ERROR: 'INTERNAL_SERVER_ERROR',
  /** The errors profile: a conflict in `extensions.conflict` for schemas without result unions. */
  CONFLICT: 'CONFLICT',
  /** The extension is not of the form of {@link OfflineRequest}. */
  BAD_OFFLINE_EXTENSION: 'BAD_OFFLINE_EXTENSION',
  /** The server does not speak this PROTOCOL_VERSION. */
  UNSUPPORTED_PROTOCOL: 'UNSUPPORTED_PROTOCOL',
  /** The same (clientId, mutation id) came earlier with another field or arguments: a cloned store. */
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  /** The id is at or below the acknowledged watermark: its result is forgotten, and it will not run again. */
  ALREADY_ACKNOWLEDGED: 'ALREADY_ACKNOWLEDGED',
  /** Too many results wait for `ackedThrough`. Retryable once the client acknowledges. */
  TOO_MANY_UNACKNOWLEDGED: 'TOO_MANY_UNACKNOWLEDGED',
  /** The user holds as many leases as the server gives one user. */
  TOO_MANY_LEASES: 'TOO_MANY_LEASES',
  /** The cursor is not one of ours. (An outdated one is answered with `reset: true` instead.) */
  BAD_CURSOR: 'BAD_CURSOR',
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

export const ConflictCode = {
  VERSION_MISMATCH: 'VERSION_MISMATCH',
  DELETED: 'DELETED',
  ALREADY_EXISTS: 'ALREADY_EXISTS',
  LEASE_HELD: 'LEASE_HELD',
  LEASE_EXPIRED: 'LEASE_EXPIRED',
  STALE_FENCING_TOKEN: 'STALE_FENCING_TOKEN',
} as const;
export type ConflictCode = (typeof ConflictCode)[keyof typeof ConflictCode];

export type TombstoneReason = 'DELETED' | 'OUT_OF_SCOPE';

/** Fields that every versioned type has besides its own. */
export const VERSIONED_FIELDS = ['id', '_version', '_lastChangedAt', '_deleted'] as const;

/** In `conflictingFields` and `mergedFields`: and others, which this caller may not see. */
export const HIDDEN_FIELDS = '*';

/** What a client may send in one request; more is BAD_OFFLINE_EXTENSION. */
export const RequestLimits = {
  mutations: 500,
  retired: 100,
  clientIdLength: 64,
} as const;

/** Names of what is generated for a type. */
export type GeneratedNames = ReturnType<typeof generatedNames>;

/** Names of the generated SDL, from a type name. `Todo` → `createTodo`, `todo`, `todos`, `TodoFilter`, … */
export function generatedNames(typename: string, list?: string) {
  const entity = typename.charAt(0).toLowerCase() + typename.slice(1);
  return {
    entity,
    list: list ?? plural(entity),
    create: `create${typename}`,
    update: `update${typename}`,
    delete: `delete${typename}`,
    conflict: `${typename}Conflict`,
    connection: `${typename}Connection`,
    filter: `${typename}Filter`,
    order: `${typename}Order`,
  } as const;
}

/** The three regular English plurals; an irregular noun gets its list by `@versioned(list: "people")`. */
function plural(noun: string): string {
  if (/(s|x|z|ch|sh)$/.test(noun)) return `${noun}es`;
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return `${noun}s`;
}

/** Why {@link parseOfflineRequest} refused. */
export interface ParseFailure {
  readonly code: 'BAD_OFFLINE_EXTENSION' | 'UNSUPPORTED_PROTOCOL';
  readonly message: string;
}

/**
 * Reads `extensions.offline` of a request from an untrusted source.
 * Returns the typed value, or the failure that the client is told. Unknown members are ignored: a newer client may add some.
 */
export function parseOfflineRequest(
  value: unknown,
): { readonly ok: true; readonly request: OfflineRequest } | { readonly ok: false; readonly failure: ParseFailure } {
  const bad = (message: string, code: ParseFailure['code'] = 'BAD_OFFLINE_EXTENSION') =>
    ({ ok: false, failure: { code, message: `extensions.${EXTENSION}: ${message}` } }) as const;

  if (!isObject(value)) return bad(`expected an object, got ${kindOf(value)}`);
  if (value.protocol !== PROTOCOL_VERSION)
    return bad(`this server speaks protocol ${PROTOCOL_VERSION}, got ${show(value.protocol)}`, 'UNSUPPORTED_PROTOCOL');
  if (!isClientId(value.clientId)) return bad(`clientId: expected 1 to 64 characters of A-Z a-z 0-9 _ -, got ${show(value.clientId)}`);
  if (!isCount(value.ackedThrough)) return bad(`ackedThrough: expected an integer ≥ 0, got ${show(value.ackedThrough)}`);
  if (value.retired !== undefined) {
    if (!Array.isArray(value.retired) || value.retired.length > RequestLimits.retired || !value.retired.every(isClientId))
      return bad(`retired: expected at most ${RequestLimits.retired} client ids`);
  }
  if (!isObject(value.mutations)) return bad(`mutations: expected an object, got ${kindOf(value.mutations)}`);
  const entries = Object.entries(value.mutations);
  if (entries.length > RequestLimits.mutations) return bad(`mutations: expected at most ${RequestLimits.mutations}, got ${entries.length}`);
  const seen = new Set<number>();
  for (const [key, entry] of entries) {
    const at = `mutations.${/^\w{1,80}$/.test(key) ? key : show(key)}`;
    if (!isObject(entry)) return bad(`${at}: expected an object, got ${kindOf(entry)}`);
    if (!isCount(entry.id) || entry.id === 0) return bad(`${at}.id: expected an integer ≥ 1, got ${show(entry.id)}`);
    if (seen.has(entry.id)) return bad(`${at}.id: ${entry.id} stands twice in one request`);
    seen.add(entry.id);
    if (entry.base !== undefined && !isObject(entry.base)) return bad(`${at}.base: expected an object, got ${kindOf(entry.base)}`);
    if (entry.clock !== undefined && !isHybridClock(entry.clock))
      return bad(`${at}.clock: expected a hybrid clock, got ${show(entry.clock)}`);
    if (entry.lease !== undefined && !isCount(entry.lease)) return bad(`${at}.lease: expected an integer ≥ 0, got ${show(entry.lease)}`);
  }
  return { ok: true, request: value as unknown as OfflineRequest };
}
function isClientId(value: unknown): value is string {
  return typeof value === 'string' && value.length <= RequestLimits.clientIdLength && /^[\w-]+$/.test(value);
}
function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
}
/** Short and quoted, so that a hostile value cannot flood a log or forge a line of it. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : kindOf(value);
}
