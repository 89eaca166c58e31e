import { type ConflictRules, SUPPORTED_STRATEGIES } from '../schema/merge.ts';
import { isAuthority } from '../schema/version-vector.ts';
import type { OfflineUser } from './context.ts';
import { OfflineServerError } from './errors.ts';
import type { MutationEvent, SyncEvent } from './event.ts';
import { checkOptions, expected } from './options.ts';
import { MAX_PAGE } from './page.ts';
import type { Awaitable } from './steps.ts';
import type { Row, Store } from './store/store.ts';

export type Action = 'read' | 'create' | 'update' | 'delete';

/** What `authorize` is asked. */
export interface AuthorizeRequest {
  readonly user: OfflineUser;
  readonly action: Action;
  readonly typename: string;
  /** As it is at the server; for `create`, as it would be. */
  readonly row: Row;
  /** The fields that an update sets, by input name, with the values that were sent. `null` for all else, a lease included. */
  readonly changes: Readonly<Record<string, unknown>> | null;
}

/** `authorize`, asked for one user. */
export type May = (action: Action, row: Row, changes?: Readonly<Record<string, unknown>>) => Awaitable<boolean>;

export type Authorize = (request: AuthorizeRequest) => boolean | Promise<boolean>;

/** What others are told of who holds a lease: a name, or `null`. */
export type LeaseHolder = (request: LeaseHolderRequest) => string | null | Promise<string | null>;

export interface LeaseHolderRequest {
  /** Who asks. */
  readonly user: OfflineUser;
  /** The `id` of who holds the lease. */
  readonly holderId: string;
  /** What it is a lease of; `user` may read it. */
  readonly row: Row;
}

export interface OfflineLimits {
  /** Results of one client that wait for its acknowledgement. More: TOO_MANY_UNACKNOWLEDGED. Default 2000; at least 500, what one request may carry. */
  readonly unacknowledgedResults?: number;
  /** How long the resolvers of one mutation root field may hold the write lock. Longer: rolled back, an internal error. Default 10 000. */
  readonly fieldTimeoutMs?: number;
  /** Most rows of one page of a list or of sync, whatever was asked for. Default and most 1000. */
  readonly pageSize?: number;
  /** About how many bytes of rows one page of sync may hold; what was written together is never split. Default 1 000 000. */
  readonly pageBytes?: number;
  /** How far ahead of the server a device's clock may be; an edit that says more counts from its arrival. Milliseconds, default 300 000. */
  readonly clockToleranceMs?: number;
  /** The longest that a lease lasts without being renewed, whatever was asked for. Milliseconds, default 300 000. */
  readonly leaseMs?: number;
  /** Leases that one user holds at a time, with all clients. More: TOO_MANY_LEASES. Default 100; 0: there are none. */
  readonly leasesPerUser?: number;
}

export interface UseOfflineOptions<Context> {
  /** The store that createOfflineSchema was given. */
  readonly store: Store;
  /**
   * Who is calling: `{ id }`, or `null` for a stranger. A stranger gets UNAUTHENTICATED for whatever touches versioned data;
   * introspection and resolvers that do not touch it still run. A GraphQLError thrown here reaches the client.
   */
  readonly identify: (context: Context) => OfflineUser | null | undefined | Promise<OfflineUser | null | undefined>;
  /**
   * Whether this user may do this with this row. A row that may not be read is absent: from reads, lists, sync and conflicts.
   * A write that is not allowed is rejected as FORBIDDEN. Of a row that changed so that its reader may not read it any more, sync says
   * that it is gone: what it was is kept for that, and shown to this function again, until `collectGarbage` forgets it. So decide by
   * what is in the row: a change elsewhere (a role that was taken away) is not noticed. Asked again at every repeat of a read, so keep it quick; and
   * of one write perhaps more than once (what the database undid runs again, so does what did not go well at once): let it decide, and
   * do nothing else. Default: everyone may.
   */
  readonly authorize?: Authorize;
  /**
   * The name by which this user is told who holds a lease. Everybody is told that there is one, until when, and whether it is their own.
   * Default: no names.
   */
  readonly leaseHolder?: LeaseHolder;
  /**
   * Merge rules over those of the schema: by type, then by input field name or `'*'`. A function gets base, local and remote of the
   * field, and of the whole entity; it answers the value, or MANUAL for a conflict. Pure, and quick: it runs in the transaction.
   */
  readonly conflict?: ConflictRules;
  /**
   * Names this server, or all servers on this database, among those that write independently: in versions of the kinds HYBRID_CLOCK
   * and VERSION_VECTOR. 1 to 32 letters, digits and `_`, a letter first. Default `main`.
   */
  readonly authority?: string;
  readonly limits?: OfflineLimits;
  /**
   * Told once for each mutation root field of each request, when it is settled and before the answer goes out: for an audit log
   * (who, what, outcome) and for figures (`offlineMetrics`). Fields that were never reached are not told. What it throws
   * is thrown again outside of the request. Default: nobody is told.
   */
  readonly onMutation?: (event: MutationEvent) => void;
  /** Told of each page of `sync` before it goes out, as {@link onMutation} is. Default: nobody is told. */
  readonly onSync?: (event: SyncEvent) => void;
  /** Milliseconds since the Unix epoch, for `_lastChangedAt` and `serverTime`. Default `Date.now`. */
  readonly now?: () => number;
}

export type Settings<Context> = Required<Omit<UseOfflineOptions<Context>, 'limits'>> & { readonly limits: Required<OfflineLimits> };

/**
 * Every option checked and every default filled in.
 * @throws OfflineServerError `BAD_OPTION`
 */
export function checkPluginOptions<Context>(options: UseOfflineOptions<Context>): Settings<Context> {
  const known = ['store', 'identify', 'authorize', 'leaseHolder', 'conflict', 'authority', 'limits', 'onMutation', 'onSync', 'now'];
  checkOptions('useOffline', options, known);
  const { store, identify, authorize = () => true, conflict = {}, authority = 'main', limits = {}, now = Date.now } = options;
  const { leaseHolder = () => null, onMutation = () => {}, onSync = () => {} } = options;
  if (typeof store !== 'object' || store === null || typeof store.write !== 'function')
    throw expected('useOffline', 'store', 'a store, as sqliteStore({ file }) makes it', store);
  if (typeof identify !== 'function') throw expected('useOffline', 'identify', 'a function that answers { id } or null', identify);
  if (typeof authorize !== 'function') throw expected('useOffline', 'authorize', 'a function', authorize);
  if (typeof leaseHolder !== 'function') throw expected('useOffline', 'leaseHolder', 'a function', leaseHolder);
  if (typeof onMutation !== 'function') throw expected('useOffline', 'onMutation', 'a function', onMutation);
  if (typeof onSync !== 'function') throw expected('useOffline', 'onSync', 'a function', onSync);
  if (typeof now !== 'function') throw expected('useOffline', 'now', 'a function', now);
  checkConflict(conflict);
  if (!isAuthority(authority))
    throw expected('useOffline', 'authority', 'a name of 1 to 32 letters, digits and _, a letter first', authority);
  const knownLimits = ['unacknowledgedResults', 'fieldTimeoutMs', 'pageSize', 'pageBytes', 'clockToleranceMs', 'leaseMs', 'leasesPerUser'];
  checkOptions('useOffline: option limits', limits, knownLimits);
  const { unacknowledgedResults = 2000, fieldTimeoutMs = 10_000, pageSize = MAX_PAGE, pageBytes = 1_000_000 } = limits;
  const { clockToleranceMs = 300_000, leaseMs = 300_000, leasesPerUser = 100 } = limits;
  const within = (name: string, value: number, least: number, most: number) => {
    if (!Number.isInteger(value) || value < least || value > most)
      throw expected('useOffline', `limits.${name}`, `an integer from ${least} to ${most}`, value);
  };
  within('unacknowledgedResults', unacknowledgedResults, 500, 1_000_000);
  within('fieldTimeoutMs', fieldTimeoutMs, 1, 600_000);
  within('pageSize', pageSize, 1, MAX_PAGE);
  within('pageBytes', pageBytes, 1, 100_000_000);
  within('clockToleranceMs', clockToleranceMs, 0, 86_400_000);
  within('leaseMs', leaseMs, 1_000, 86_400_000);
  within('leasesPerUser', leasesPerUser, 0, 1_000_000);
  const filled = { unacknowledgedResults, fieldTimeoutMs, pageSize, pageBytes, clockToleranceMs, leaseMs, leasesPerUser };
  // Versions and fencing tokens are made of whole milliseconds, whatever the clock has.
  const wholeNow = (): number => Math.floor(now());
  return { store, identify, authorize, leaseHolder, conflict, authority, onMutation, onSync, now: wholeNow, limits: filled };
}

function checkConflict(conflict: unknown): void {
  const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject(conflict)) throw expected('useOffline', 'conflict', 'rules by type, then by field', conflict);
  for (const [typename, rules] of Object.entries(conflict)) {
    if (!isObject(rules)) throw expected('useOffline', `conflict.${typename}`, 'rules by field', rules);
    for (const [field, rule] of Object.entries(rules) as [string, unknown][])
      if (typeof rule !== 'function' && !(SUPPORTED_STRATEGIES as readonly unknown[]).includes(rule))
        throw expected('useOffline', `conflict.${typename}.${field}`, `a function, or one of ${SUPPORTED_STRATEGIES.join(', ')}`, rule);
  }
}

/**
 * What `identify` answered, checked: a user without an id would share everything with every other one.
 * @throws OfflineServerError `BAD_OPTION`
 */
export function checkUser(user: OfflineUser | null | undefined): OfflineUser | null {
  if (user === null || user === undefined) return null;
  if (typeof user !== 'object' || typeof user.id !== 'string' || user.id === '')
    throw new OfflineServerError(
      'BAD_OPTION',
      'useOffline: option identify: expected it to answer { id: "…" } or null, got something without an id',
    );
  return user;
}
