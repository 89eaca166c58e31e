/**
 * What can go wrong in ways a program may want to tell apart. Stable: new codes may come, none changes its meaning.
 *
 * - `NOT_IN_CACHE`: a query needs the network, there is none, and the cache has no complete answer.
 * - `STORAGE_FULL`: the browser refused the write for lack of room. The write is *not* durable.
 * - `STORAGE_UNAVAILABLE`: storage cannot be opened or no longer answers (private mode, blocked, damaged). Nothing is durable.
 * - `NOT_DURABLE`: the operation was not stored, so it would not survive a reload; the cause says why.
 * - `OUTBOX_FULL`: the outbox has reached the limit set in `limits`.
 * - `RECORD_TOO_LARGE`: one mutation is larger than `limits` allow; it was not stored.
 * - `WRONG_KEY`: what is stored was encrypted with another key; nothing is read, written or removed.
 * - `WRONG_OWNER`: records or a session of another user.
 * - `MUTATION_REJECTED`: the server said no for good; the record is kept among the dead letters.
 * - `CONFLICT_PARKED`: a person has to choose between the two versions; the record is kept among the conflicts.
 * - `DISCARDED`: a person, or signing out, took the record out of the outbox before it was applied.
 * - `EXPIRED`: the record outlived its own `expiresAfterMs` unsent.
 * - `UNKNOWN_RECORD`: no record with that id, or not in the state that the call needs.
 * - `UNKNOWN_FORMAT`: something on disk was written by another version or is damaged.
 * - `INVALID_OPTION`: an option has the wrong form.
 * - `INVALID_OPERATION`: the operation cannot be carried out that way (a subscription in the outbox, a mutation without a name …).
 * - `OFFLINE`: the call needs the network and was told not to wait for it.
 * - `TIMED_OUT`: a query, or a mutation past the outbox, got no answer in time. Queued mutations are sent again instead.
 * - `LEASE_HELD`: another client holds the lease; `lease` says until when, and who, as far as the server tells.
 * - `LEASE_REFUSED`: the server gives no lease of this entity, to this user, or now; the message says why.
 * - `LEASE_LOST`: a lease ended before it was released.
 * - `CODE_NOT_LOADED`: a part of the library that is loaded when it is first needed could not be fetched; nothing was done.
 * - `DISPOSED`: used after `dispose()` or `signOut()`.
 */
export type OfflineErrorCode =
  | 'NOT_IN_CACHE'
  | 'STORAGE_FULL'
  | 'STORAGE_UNAVAILABLE'
  | 'NOT_DURABLE'
  | 'OUTBOX_FULL'
  | 'RECORD_TOO_LARGE'
  | 'WRONG_KEY'
  | 'WRONG_OWNER'
  | 'MUTATION_REJECTED'
  | 'CONFLICT_PARKED'
  | 'DISCARDED'
  | 'EXPIRED'
  | 'UNKNOWN_RECORD'
  | 'UNKNOWN_FORMAT'
  | 'INVALID_OPTION'
  | 'INVALID_OPERATION'
  | 'OFFLINE'
  | 'TIMED_OUT'
  | 'LEASE_HELD'
  | 'LEASE_REFUSED'
  | 'LEASE_LOST'
  | 'CODE_NOT_LOADED'
  | 'DISPOSED';

/** A lease that stands in the way. */
export interface HeldLease {
  /** As the application's server names them; null: it does not say. */
  readonly holder: string | null;
  /** The same user holds it, in another tab or on another device. */
  readonly isYours: boolean;
  /** When it ends if it is not renewed: ISO 8601, by the server's clock. */
  readonly expiresAt: string;
}

export interface OfflineErrorOptions {
  readonly cause?: unknown;
  /** The mutation record that this is about. */
  readonly recordId?: string;
  readonly lease?: HeldLease;
}

/** Registered globally, so that an error from one copy of this module (the page's) is known to another (the worker's). */
const BRAND = Symbol.for('farside.OfflineError');

/**
 * Every error that this library throws on purpose. Branch on `code`, never on the message: the message is for people and says
 * what was expected, what came, and what to do.
 */
export class OfflineError extends Error {
  readonly code: OfflineErrorCode;
  /** The mutation record that this is about, if it is about one. */
  readonly recordId: string | undefined;
  /** Of `LEASE_HELD`. */
  readonly lease: HeldLease | undefined;

  constructor(code: OfflineErrorCode, message: string, options: OfflineErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'OfflineError';
    this.code = code;
    this.recordId = options.recordId;
    this.lease = options.lease;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Whether a value is an OfflineError, of `code` if one is given; also across bundles and realms, where `instanceof` fails. */
  static is(value: unknown, code?: OfflineErrorCode): value is OfflineError {
    const branded = typeof value === 'object' && value !== null && BRAND in value;
    return branded && (code === undefined || (value as { readonly code?: unknown }).code === code);
  }
}
