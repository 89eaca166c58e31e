import type { ManifestMutation } from '../../schema/manifest.ts';
import { ErrorCode, EXTENSION, type OfflineResponse } from '../../schema/protocol.ts';
import { isObject } from '../../schema/shape.ts';
import type { HeldLease } from '../errors.ts';
import { retryAfterMs } from './backoff.ts';

/** What came back for one request, before anyone has judged it. The links and the worker each make these from their own transport. */
export type Answer =
  | {
      readonly kind: 'result';
      readonly data: Readonly<Record<string, unknown>> | null;
      readonly errors: readonly AnswerError[];
      readonly extensions: Readonly<Record<string, unknown>>;
    }
  /** An HTTP status without a GraphQL body. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter: string | null }
  /** A success status with something that is not GraphQL: a captive portal's page, a truncated body. */
  | { readonly kind: 'unreadable'; readonly message: string }
  /** No answer: no network, connection lost, time-out. The server may have applied it all the same. */
  | { readonly kind: 'unreachable'; readonly message: string };

export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** What the server says of a conflict, as it came. */
export interface ServerConflict {
  readonly code: string;
  readonly message: string;
  readonly currentVersion: number | string | null;
  readonly conflictingFields: readonly string[];
  /** The entity by output field names; null when it is gone. */
  readonly server: Readonly<Record<string, unknown>> | null;
  /** The lease that stands in the way. */
  readonly lease?: HeldLease;
}

/** How an attempt ended. Expected failures are values. */
export type Outcome =
  | { readonly kind: 'applied' | 'duplicate'; readonly value: unknown; readonly errors: readonly AnswerError[] }
  | { readonly kind: 'conflict'; readonly conflict: ServerConflict }
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string; readonly details?: unknown }
  | { readonly kind: 'unauthenticated'; readonly message: string }
  /** The idempotency key belongs to another write: this store was cloned. The record needs a new one. */
  | { readonly kind: 'keyReused'; readonly message: string }
  /** Applied long ago, and the answer is gone. */
  | { readonly kind: 'forgotten' }
  | {
      readonly kind: 'retryable';
      readonly code: string;
      readonly message: string;
      readonly retryAfterMs: number | null;
      readonly reached: boolean;
    };

const RETRYABLE_STATUS = new Set([408, 425, 429]);
const RETRYABLE_CODES: ReadonlySet<string> = new Set([
  ErrorCode.INTERNAL_SERVER_ERROR,
  ErrorCode.TOO_MANY_UNACKNOWLEDGED,
  // A rolling deploy: the next server may speak it.
  ErrorCode.UNSUPPORTED_PROTOCOL,
  'SERVICE_UNAVAILABLE',
  'RATE_LIMITED',
  'TIMEOUT',
]);

/** Judges an answer by status, code and shape, never by message text. `mutation`: what the manifest knows of the field, if anything. */
export function classify(
  answer: Answer,
  target: { readonly responseKey: string; readonly mutation: ManifestMutation | null },
  now: number,
): Outcome {
  switch (answer.kind) {
    case 'unreachable':
      return { kind: 'retryable', code: 'UNREACHABLE', message: answer.message, retryAfterMs: null, reached: false };
    case 'unreadable':
      return { kind: 'retryable', code: 'UNREADABLE_ANSWER', message: answer.message, retryAfterMs: null, reached: false };
    case 'status':
      return classifyStatus(answer.status, answer.retryAfter, now);
    case 'result':
      return classifyResult(answer, target.responseKey, target.mutation);
  }
}

function classifyStatus(status: number, retryAfter: string | null, now: number): Outcome {
  if (status === 401) return { kind: 'unauthenticated', message: 'HTTP 401' };
  // Below 400 nobody has refused anything: it is the redirect of something in between.
  if (status < 400 || status >= 500 || RETRYABLE_STATUS.has(status))
    return {
      kind: 'retryable',
      code: `HTTP_${status}`,
      message: `HTTP ${status}`,
      retryAfterMs: retryAfterMs(retryAfter, now),
      reached: isEndpointStatus(status),
    };
  return { kind: 'rejected', code: `HTTP_${status}`, message: `HTTP ${status}` };
}

/** Whether the endpoint itself gave this status: 502 to 504 come from something in front of a server that is not there, 511 from a captive portal. */
export function isEndpointStatus(status: number): boolean {
  return status >= 400 && (status < 502 || status > 504) && status !== 511;
}

function classifyResult(answer: Extract<Answer, { kind: 'result' }>, key: string, mutation: ManifestMutation | null): Outcome {
  const value = answer.data?.[key] ?? null;
  const own = answer.errors.filter((error) => error.path === undefined || error.path.length === 0 || error.path[0] === key);
  // Without a value some error must be about this field, whatever its path says: a server may leave aliases out of paths.
  const errors = own.length === 0 && value === null ? answer.errors : own;
  const response = answer.extensions[EXTENSION] as Partial<OfflineResponse> | undefined;
  const stated = response?.mutations?.[key]?.outcome ?? null;

  // A server that states outcomes rolls a field back when any part of it fails; another one may have applied what it returns.
  const failed = errors.length > 0 && (value === null || (response !== undefined && stated === null));
  if (failed) return classifyErrors(errors);
  // A nullable field may be null; a field that is not there was never answered.
  if (value === null && (answer.data === null || !Object.hasOwn(answer.data, key)))
    return {
      kind: 'retryable',
      code: 'UNREADABLE_ANSWER',
      message: 'an answer without this field and without errors',
      retryAfterMs: null,
      reached: true,
    };

  // What the server states holds also where the document did not ask for `__typename`, or the manifest does not know the field.
  const typename = typenameOf(value);
  const payload = isObject(value) ? value : {};
  if (stated === 'rejected' || typename === 'MutationRejected') {
    const { code, rejectedCode, message } = payload;
    return {
      kind: 'rejected',
      code: text(rejectedCode ?? code, 'REJECTED'),
      message: text(message, 'rejected by the server'),
      details: value,
    };
  }
  // A repeat does not say how the first delivery ended; for a field that the manifest does not know only the type's name does.
  const conflictType = mutation ? typename === mutation.conflict : stated === 'duplicate' && typename?.endsWith('Conflict');
  if (stated === 'conflict' || conflictType) return { kind: 'conflict', conflict: readConflict(payload) };
  return { kind: stated === 'duplicate' ? 'duplicate' : 'applied', value, errors };
}

function classifyErrors(errors: readonly AnswerError[]): Outcome {
  const coded = (code: string) => errors.find((error) => error.extensions?.code === code);
  const message = errors[0]?.message ?? 'unknown error';
  const unauthenticated = coded(ErrorCode.UNAUTHENTICATED);
  if (unauthenticated) return { kind: 'unauthenticated', message: unauthenticated.message };
  const reused = coded(ErrorCode.IDEMPOTENCY_KEY_REUSED);
  if (reused) return { kind: 'keyReused', message: reused.message };
  if (coded(ErrorCode.ALREADY_ACKNOWLEDGED)) return { kind: 'forgotten' };
  const conflict = coded(ErrorCode.CONFLICT)?.extensions?.conflict;
  if (isObject(conflict)) return { kind: 'conflict', conflict: readConflict(conflict) };
  const codes = errors.map((error) => text(error.extensions?.code, 'REJECTED'));
  const retryable = codes.find((code) => RETRYABLE_CODES.has(code));
  if (retryable !== undefined) return { kind: 'retryable', code: retryable, message, retryAfterMs: retryHint(errors), reached: true };
  return { kind: 'rejected', code: codes[0] ?? 'REJECTED', message, details: errors };
}

function readConflict(value: Readonly<Record<string, unknown>>): ServerConflict {
  const { code, conflictCode, message, currentVersion, conflictingFields, server } = value;
  const lease = readHeldLease(value.lease);
  return {
    code: text(conflictCode ?? code, 'VERSION_MISMATCH'),
    message: text(message, 'changed by somebody else'),
    currentVersion: typeof currentVersion === 'number' || typeof currentVersion === 'string' ? currentVersion : null,
    conflictingFields: Array.isArray(conflictingFields) ? conflictingFields.filter((field) => typeof field === 'string') : [],
    server: isObject(server) ? server : null,
    ...(lease ? { lease } : {}),
  };
}

/** What is said of a lease that somebody else holds. */
export function readHeldLease(value: unknown): HeldLease | null {
  if (!isObject(value) || typeof value.expiresAt !== 'string') return null;
  return { holder: typeof value.holder === 'string' ? value.holder : null, isYours: value.isYours === true, expiresAt: value.expiresAt };
}

/** `extensions.retryAfterMs`, for servers that answer every GraphQL request with 200. */
function retryHint(errors: readonly AnswerError[]): number | null {
  const hint = errors.map((error) => error.extensions?.retryAfterMs).find((value) => typeof value === 'number' && value >= 0);
  return typeof hint === 'number' ? hint : null;
}

function typenameOf(value: unknown): string | null {
  return isObject(value) && typeof value.__typename === 'string' ? value.__typename : null;
}
function text(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}
