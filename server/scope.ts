import { randomUUID } from 'node:crypto';
import { clampClock, tick } from '../schema/hybrid-clock.ts';
import type { MutationEntry } from '../schema/protocol.ts';
import type { OfflineScope, OfflineUser } from './context.ts';
import { OfflineServerError, unauthenticated } from './errors.ts';
import { notify, syncEvent } from './event.ts';
import { createFence, createLeases, type LeaseDeps } from './lease/lease.ts';
import type { Edit } from './mutation/edit.ts';
import { createMergePolicy } from './mutation/merge-policy.ts';
import { writableTypes } from './mutation/precondition.ts';
import { createVersionedWrite } from './mutation/versioned-write.ts';
import type { Action, Settings } from './plugin-options.ts';
import { createRead } from './read.ts';
import type { Row, WriteTransaction } from './store/store.ts';
import { tablesOf } from './store/tables.ts';
import { checkTypes, delta } from './sync/delta.ts';
import { createHints } from './sync/live.ts';

/** Makes `context.offline` for each operation and each mutation root field. */
export interface Scopes {
  /** For queries, subscriptions and strangers: reads committed data, writes nothing. */
  reading(user: OfflineUser | null): OfflineScope;
  /** For one mutation root field: reads and writes in its transaction. */
  writing(user: OfflineUser, transaction: WriteTransaction, from: Sender): OfflineScope;
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
    clock: entry?.clock === undefined ? tick(null, now(), authority) : clampClock(entry.clock, now(), limits.clockToleranceMs),
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

  const scopeOf = (user: OfflineUser, transaction: WriteTransaction | null, { clientId, entry }: Sender): OfflineScope => {
    const { tables, typeOf, typenames } = opened();
    const may = mayOf(user);
    const reads = transaction ?? store.reads;
    const leasing = (within: WriteTransaction): LeaseDeps => {
      const holderOf = settings.leaseHolder;
      return { transaction: within, typenames, user, clientId, may, holderOf, now, limits };
    };
    return {
      user,
      read: createRead({ reads, tables, may: settings.authorizes ? may : null, pageSize: limits.pageSize }),
      get write() {
        const within = writable(transaction, 'write');
        const keepsPasts = settings.authorizes;
        return createVersionedWrite({
          transaction: within,
          typeOf,
          policy,
          may,
          edit: editOf(entry),
          now,
          authority,
          newId: randomUUID,
          keepsPasts,
          fence: createFence(leasing(within), entry?.lease ?? null),
        });
      },
      get lease() {
        return createLeases(leasing(writable(transaction, 'lease')));
      },
      sync: {
        async page(args) {
          const { pageSize, pageBytes } = limits;
          const page = await delta({ reads, typenames, pageSize, pageBytes, mayRead: (row) => may('read', row) }, args);
          notify(onSync, syncEvent(user, page, args.since == null, now()));
          return page;
        },
        hints: ({ types }) => createHints(store, checkTypes(typenames, types)),
      },
    };
  };

  return {
    reading: (user) => (user === null ? STRANGER : scopeOf(user, null, NOBODY)),
    writing: scopeOf,
  };
}

const NOBODY: Sender = { clientId: null, entry: null };

function writable(transaction: WriteTransaction | null, what: 'write' | 'lease'): WriteTransaction {
  if (transaction !== null) return transaction;
  throw new OfflineServerError(
    'NOT_IN_MUTATION',
    `expected context.offline.${what} in a resolver of Mutation, got it elsewhere; move it into a mutation field`,
  );
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
