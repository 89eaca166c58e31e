import { randomUUID } from 'node:crypto';
import { clampClock, tick } from '../schema/hybrid-clock.ts';
import type { FieldOutcome, MutationEntry, OfflineRequest } from '../schema/protocol.ts';
import type { OfflineLeases, OfflineScope, OfflineUser, OfflineWrite, SyncArgs, WriteResult } from './context.ts';
import { OfflineServerError, unauthenticated } from './errors.ts';
import { notify, syncEvent } from './event.ts';
import { createFence, createLeases, type LeaseDeps } from './lease/lease.ts';
import type { Edit } from './mutation/edit.ts';
import { shareScope } from './mutation/generated-write.ts';
import { createMergePolicy } from './mutation/merge-policy.ts';
import { writableTypes } from './mutation/precondition.ts';
import { createVersionedWrite } from './mutation/versioned-write.ts';
import type { Action, Settings } from './plugin-options.ts';
import { createRead } from './read.ts';
import type { ReadTransaction, Row, WriteTransaction } from './store/store.ts';
import { tablesOf } from './store/tables.ts';
import { checkTypes, delta } from './sync/delta.ts';
import { createHints } from './sync/live.ts';

/** Makes `context.offline` for each operation and each mutation root field. */
export interface Scopes {
  /** For queries, subscriptions and strangers: reads committed data, writes nothing. */
  reading(user: OfflineUser | null): OfflineScope;
  /** For one mutation root field: reads and writes in its transaction. */
  writing(user: OfflineUser, transaction: WriteTransaction, from: Sender): OfflineScope;
  /** For the generated root fields of a whole document. */
  sharing(user: OfflineUser, transaction: WriteTransaction, request: OfflineRequest): SharedScope;
}

export interface SharedScope {
  readonly scope: OfflineScope;
  /** By response key, how the writes ended that were made. */
  readonly outcomes: ReadonlyMap<string, Exclude<FieldOutcome, 'duplicate'>>;
  /** `false`: somebody else than the generated writes wanted to write. */
  isFit(): boolean;
}

/** What the request says of one mutation root field. */
export interface Sender {
  /** `null`: a client that names itself in no way. */
  readonly clientId: string | null;
  readonly entry: MutationEntry | null;
}

export function createScopes(
  settings: Pick<Settings<never>, 'store' | 'authorize' | 'leaseHolder' | 'conflict' | 'authority' | 'now' | 'limits' | 'onSync'> & {
    readonly authorizes: boolean;
  },
): Scopes {
  const { store, authorize, authority, now, limits, onSync } = settings;
  const policy = createMergePolicy(settings.conflict);
  const editOf = (entry: MutationEntry | null): Edit => ({
    base: entry?.base ?? {},
    get clock() {
      return entry?.clock === undefined ? tick(null, now(), authority) : clampClock(entry.clock, now(), limits.clockToleranceMs);
    },
  });
  let model: ReturnType<typeof readModel> | null = null;
  const readModel = () => ({
    tables: tablesOf(store.types),
    typeOf: writableTypes(store.types),
    typenames: new Set(Object.keys(store.types)),
  });
  const opened = () => {
    model ??= readModel();
    return model;
  };
  const mayOf = (user: OfflineUser) => async (action: Action, row: Row) =>
    !settings.authorizes || (await authorize(Object.freeze({ user, action, typename: row.__typename, row }))) === true;

  const leasing = (user: OfflineUser, transaction: WriteTransaction, clientId: string | null): LeaseDeps => {
    const holderOf = settings.leaseHolder;
    return { transaction, typenames: opened().typenames, user, clientId, may: mayOf(user), holderOf, now, limits };
  };
  const writeOf = (user: OfflineUser, transaction: WriteTransaction, { clientId, entry }: Sender): OfflineWrite => {
    const leases = leasing(user, transaction, clientId);
    return createVersionedWrite({
      transaction,
      typeOf: opened().typeOf,
      policy,
      may: leases.may,
      edit: editOf(entry),
      now,
      authority,
      newId: randomUUID,
      keepsPasts: settings.authorizes,
      fence: createFence(leases, entry?.lease ?? null),
    });
  };

  /** `write` and `lease` say how one gets at them, or why one does not: most operations never ask. */
  const scopeOf = (user: OfflineUser, reads: ReadTransaction, { write, lease }: Writers): OfflineScope => ({
    user,
    get read() {
      const { tables } = opened();
      return createRead({ reads, tables, may: settings.authorizes ? mayOf(user) : null, pageSize: limits.pageSize });
    },
    get write() {
      return write();
    },
    get lease() {
      return lease();
    },
    get sync() {
      const { typenames } = opened();
      const may = mayOf(user);
      return {
        async page(args: SyncArgs) {
          const { pageSize, pageBytes } = limits;
          const page = await delta({ reads, typenames, pageSize, pageBytes, mayRead: (row) => may('read', row) }, args);
          notify(onSync, syncEvent(user, page, args.since == null, now()));
          return page;
        },
        hints: ({ types }: Pick<SyncArgs, 'types'>) => createHints(store, checkTypes(typenames, types)),
      };
    },
  });

  return {
    reading: (user) => (user === null ? STRANGER : scopeOf(user, store.reads, READERS)),
    writing: (user, transaction, from) =>
      scopeOf(user, transaction, {
        write: () => writeOf(user, transaction, from),
        lease: () => createLeases(leasing(user, transaction, from.clientId)),
      }),
    sharing(user, transaction, { clientId, mutations }) {
      const outcomes = new Map<string, Exclude<FieldOutcome, 'duplicate'>>();
      let isFit = true;
      const unfit = (): never => {
        isFit = false;
        throw new Error('a resolver below a root field wants to write');
      };
      const scope = scopeOf(user, transaction, { write: unfit, lease: unfit });
      shareScope(scope, async (responseKey, run) => {
        // What one root field writes is seen together, and apart from its neighbours.
        transaction.beginUnit();
        const result = await run(writeOf(user, transaction, { clientId, entry: mutations[responseKey] ?? null }));
        outcomes.set(responseKey, outcomeOf(result));
        return result;
      });
      return { scope, outcomes, isFit: () => isFit };
    },
  };
}

interface Writers {
  write(): OfflineWrite;
  lease(): OfflineLeases;
}

const notInMutation = (what: 'write' | 'lease') => (): never => {
  throw new OfflineServerError(
    'NOT_IN_MUTATION',
    `expected context.offline.${what} in a resolver of Mutation, got it elsewhere; move it into a mutation field`,
  );
};
const READERS: Writers = { write: notInMutation('write'), lease: notInMutation('lease') };

function outcomeOf(result: WriteResult): Exclude<FieldOutcome, 'duplicate'> {
  if ('mergedFields' in result) return 'applied';
  return 'conflictingFields' in result ? 'conflict' : 'rejected';
}

/** Whatever a stranger touches asks them to sign in; what touches nothing runs. */
const STRANGER: OfflineScope = {
  user: null,
  get read(): never {
    throw unauthenticated();
  },
  get write(): never {
    throw unauthenticated();
  },
  get lease(): never {
    throw unauthenticated();
  },
  get sync(): never {
    throw unauthenticated();
  },
};
