import { ConflictCode, ErrorCode } from '../../schema/protocol.ts';
import type { LeaseHeld, LeaseResult, MutationRejected, OfflineLeases, OfflineUser } from '../context.ts';
import { rejected } from '../mutation/conflict.ts';
import type { Fence, Fenced } from '../mutation/fence.ts';
import type { Action, LeaseHolder } from '../plugin-options.ts';
import { type Awaitable, run, type Steps, wait } from '../steps.ts';
import type { Row, StoredLease, WriteTransaction } from '../store/store.ts';

/** A shorter one would be over before its answer is there. */
const MIN_TTL_MS = 1_000;

export interface LeaseDeps {
  readonly transaction: WriteTransaction;
  readonly typenames: ReadonlySet<string>;
  readonly user: OfflineUser;
  /** Of the client that sent this; `null`: it names itself in no way. */
  readonly clientId: string | null;
  readonly may: (action: Action, row: Row) => Awaitable<boolean>;
  readonly holderOf: LeaseHolder;
  /** Milliseconds since the Unix epoch. The only clock by which a lease expires. */
  readonly now: () => number;
  readonly limits: { readonly leaseMs: number; readonly leasesPerUser: number };
}

/**
 * Pessimistic editing, in the transaction of one mutation root field. Every step first takes the entity's row, as every write does: so
 * what a lease says when a write asks is what it says when that write commits (I12).
 */
export function createLeases(deps: LeaseDeps): OfflineLeases {
  const { transaction, typenames, user, clientId, may, now, limits } = deps;

  /** The entity, where this user may know of it. */
  const find = async (typename: string, id: string): Promise<Row | null> => {
    if (!typenames.has(typename)) return null;
    const row = (await transaction.get(typename, id))?.row ?? null;
    return row !== null && !row._deleted && (await may('read', row)) ? row : null;
  };
  const grantedMs = (ttlMs: number): number | MutationRejected =>
    Number.isInteger(ttlMs) && ttlMs >= MIN_TTL_MS
      ? Math.min(ttlMs, limits.leaseMs)
      : rejected(ErrorCode.BAD_USER_INPUT, `ttlMs: expected milliseconds ≥ ${MIN_TTL_MS}, got ${ttlMs}.`, ['ttlMs']);
  const answer = ({ typename, id, token, expiresAt }: StoredLease): LeaseResult => ({
    __typename: 'Lease',
    typename,
    id,
    fencingToken: token,
    expiresAt: new Date(expiresAt).toISOString(),
  });

  return {
    async acquire(typename, id, ttlMs) {
      const granted = grantedMs(ttlMs);
      if (typeof granted !== 'number') return granted;
      if (!typenames.has(typename))
        return rejected(ErrorCode.BAD_USER_INPUT, 'typename: expected the name of a versioned type.', ['typename']);
      const row = await find(typename, id);
      if (row === null) return rejected(ConflictCode.DELETED, `There is no ${typename} ${id}, or it was deleted.`, ['id']);
      if (!(await may('update', row))) return rejected(ErrorCode.FORBIDDEN, `You may not update this ${typename}.`, null);
      const lease = await transaction.findLease({ typename, id });
      const current = lease !== null && lease.expiresAt > now() ? lease : null;
      // A client that asks again has lost the answer, or its memory: it gets a new one, and the one before is worth nothing.
      if (current !== null && !isOf(current, deps)) return held(current, row, deps);
      if (current === null && (await transaction.countLeases(user.id, now())) >= limits.leasesPerUser)
        return rejected(ErrorCode.TOO_MANY_LEASES, `You hold ${limits.leasesPerUser} leases: release one first.`, null);
      // No smaller than the time, so that a restored backup cannot give out again what was given out in the life that it lost.
      return answer(await transaction.grantLease({ typename, id, user: user.id, clientId, expiresAt: now() + granted }, now()));
    },

    async renew(typename, id, fencingToken, ttlMs) {
      const granted = grantedMs(ttlMs);
      if (typeof granted !== 'number') return granted;
      const row = await find(typename, id);
      const lease = row === null ? null : await transaction.findLease({ typename, id });
      if (row !== null && lease !== null && lease.expiresAt > now()) {
        if (lease.token !== fencingToken || lease.user !== user.id) return held(lease, row, deps);
        if (!(await may('update', row))) return rejected(ErrorCode.FORBIDDEN, `You may not update this ${typename}.`, null);
        const expiresAt = now() + granted;
        await transaction.extendLease(lease.token, expiresAt);
        return answer({ ...lease, expiresAt });
      }
      return rejected(ConflictCode.LEASE_EXPIRED, `Your lease of ${typename} ${id} is over: ask for another one.`, null);
    },

    async release(typename, id, fencingToken) {
      if (!typenames.has(typename)) return false;
      await transaction.get(typename, id);
      const lease = await transaction.findLease({ typename, id });
      if (lease === null || lease.token !== fencingToken || lease.user !== user.id) return false;
      await transaction.endLease(lease.token);
      return lease.expiresAt > now();
    },
  };
}

/** What stands at the door of every write. `tokenOf`: the fencing token that came with the mutation root field at hand. */
export function createFence(deps: LeaseDeps, tokenOf: () => number | null): Fence {
  return (row) => run(fence(deps, tokenOf(), row));
}

function* fence(deps: LeaseDeps, token: number | null, row: Row): Steps<Fenced | null> {
  const { transaction, user, now } = deps;
  const live = (lease: StoredLease | null): StoredLease | null => (lease !== null && lease.expiresAt > now() ? lease : null);
  const { __typename: typename, id } = row;
  const last = yield* wait(transaction.findLease({ typename, id }));
  const current = live(last);
  if (token !== null && current?.token === token && current.user === user.id) return null;
  // A mutation of the application's own may write more than what its token is of: there it stands for none.
  const named = token === null || last?.token === token ? null : live(yield* wait(transaction.findLease({ token })));
  if (token === null || named?.user === user.id) {
    if (current === null || isOf(current, deps)) return null;
    return yield* refuse(deps, ConflictCode.LEASE_HELD, null, current, row);
  }
  // Somebody else's token, guessed or overheard.
  if (current?.token === token) return yield* refuse(deps, ConflictCode.LEASE_HELD, null, current, row);
  if (last !== null && last.token > token) {
    const message = `${typename} ${id} was leased again after the lease that this was written under.`;
    return yield* refuse(deps, ConflictCode.STALE_FENCING_TOKEN, message, current, row);
  }
  const message = `The lease of ${typename} ${id} that this was written under is over.`;
  return yield* refuse(deps, ConflictCode.LEASE_EXPIRED, message, current, row);
}

/** `message`, or who holds the lease. */
function* refuse(deps: LeaseDeps, code: ConflictCode, message: string | null, lease: StoredLease | null, row: Row): Steps<Fenced> {
  const holding = lease === null ? null : yield* wait(held(lease, row, deps));
  return { code, message: message ?? holding?.message ?? '', lease: holding };
}

/** Whether the lease is the sender's own, by the name of its client: so a write from before the lease is not held up by it. */
function isOf({ user, clientId }: StoredLease, caller: Pick<LeaseDeps, 'user' | 'clientId'>): boolean {
  return user === caller.user.id && clientId !== null && clientId === caller.clientId;
}

/** As far as the caller may know. */
async function held(lease: StoredLease, row: Row, { user, holderOf }: LeaseDeps): Promise<LeaseHeld> {
  const isYours = lease.user === user.id;
  const holder = await holderOf(Object.freeze({ user, holderId: lease.user, row }));
  const expiresAt = new Date(lease.expiresAt).toISOString();
  const who = isYours ? 'you, elsewhere,' : (holder ?? 'somebody else');
  return {
    __typename: 'LeaseHeld',
    message: `${row.__typename} ${row.id} is leased to ${who} until ${expiresAt}.`,
    holder,
    isYours,
    expiresAt,
  };
}
