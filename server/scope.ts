import { randomUUID } from 'node:crypto';
import { clampClock, tick } from '../schema/hybrid-clock.ts';
import type { MutationEntry } from '../schema/protocol.ts';
import type { OfflineScope, OfflineUser } from './context.ts';
import { OfflineServerError, unauthenticated } from './errors.ts';
import { notify, syncEvent } from './event.ts';
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
  writing(user: OfflineUser, transaction: WriteTransaction, entry: MutationEntry | null): OfflineScope;
}

export function createScopes(
  settings: Pick<Settings<never>, 'store' | 'authorize' | 'conflict' | 'authority' | 'now' | 'limits' | 'onSync'> & {
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

  const scopeOf = (user: OfflineUser, transaction: WriteTransaction | null, entry: MutationEntry | null): OfflineScope => {
    const { tables, typeOf, typenames } = opened();
    const may = mayOf(user);
    const reads = transaction ?? store.reads;
    return {
      user,
      read: createRead({ reads, tables, may: settings.authorizes ? may : null, pageSize: limits.pageSize }),
      get write() {
        if (transaction === null)
          throw new OfflineServerError(
            'NOT_IN_MUTATION',
            'expected context.offline.write in a resolver of Mutation, got it elsewhere; move the write into a mutation field',
          );
        const keepsPasts = settings.authorizes;
        return createVersionedWrite({
          transaction,
          typeOf,
          policy,
          may,
          edit: editOf(entry),
          now,
          authority,
          newId: randomUUID,
          keepsPasts,
        });
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
    reading: (user) => (user === null ? STRANGER : scopeOf(user, null, null)),
    writing: scopeOf,
  };
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
  get sync(): never {
    throw unauthenticated();
  },
};
