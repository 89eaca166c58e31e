import { randomUUID } from 'node:crypto';
import { clampClock, tick } from '../schema/hybrid-clock.ts';
import type { FieldOutcome, MutationEntry, OfflineRequest } from '../schema/protocol.ts';
import type { OfflineLeases, OfflineRead, OfflineScope, OfflineSync, OfflineUser, OfflineWrite, WriteResult } from './context.ts';
import { OfflineServerError, unauthenticated } from './errors.ts';
import { syncEvent } from './event.ts';
import { createFence, createLeases, type LeaseDeps } from './lease/lease.ts';
import type { Edit } from './mutation/edit.ts';
import { shareScope, type WriteAt } from './mutation/generated-write.ts';
import { createMergePolicy } from './mutation/merge-policy.ts';
import { writableTypes } from './mutation/precondition.ts';
import { createOfflineWrite, VersionedWrite } from './mutation/versioned-write.ts';
import type { Sight } from './mutation/visible.ts';
import { notify } from './notify.ts';
import type { May, Settings } from './plugin-options.ts';
import { createRead } from './read.ts';
import { isPromise } from './steps.ts';
import type { ReadTransaction, WriteTransaction } from './store/store.ts';
import { tablesOf } from './store/tables.ts';

import { createAudience } from './sync/audience.ts';
import { checkTypes, delta } from './sync/delta.ts';
import { createHints, listenToAll } from './sync/live.ts';

/** Makes `context.offline` for each operation and each mutation root field. */
export interface Scopes {
  /** For queries, subscriptions and strangers: reads committed data, writes nothing. */
  reading(user: OfflineUser | null, sight: Sight): OfflineScope;
  /** For one mutation root field: reads and writes in its transaction. */
  writing(user: OfflineUser, transaction: WriteTransaction, from: Sender): OfflineScope;
  /** For the generated root fields of a whole document. */
  sharing(user: OfflineUser, transaction: WriteTransaction, request: OfflineRequest, sight: Sight): SharedScope;
}

export interface SharedScope {
  readonly scope: OfflineScope;
  /** What the generated writes call: each is known by its response key. */
  readonly writeAt: WriteAt;
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
  readonly sight: Sight;
}

export function createScopes(
  settings: Pick<Settings<never>, 'store' | 'authorize' | 'leaseHolder' | 'conflict' | 'authority' | 'now' | 'limits' | 'onSync'> & {
    readonly authorizes: boolean;
  },
): Scopes {
  const { store, authorize, authority, now, limits, onSync } = settings;
  const policy = createMergePolicy(settings.conflict);
  const audience = createAudience(store);
  const editOf = (entry: MutationEntry | null): Edit => ({
    base: entry?.base ?? {},
    clock: () => (entry?.clock === undefined ? tick(null, now(), authority) : clampClock(entry.clock, now(), limits.clockToleranceMs)),
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
  const mayOf =
    (user: OfflineUser): May =>
    (action, row, changes) => {
      if (!settings.authorizes) return true;
      const answer = authorize(Object.freeze({ user, action, typename: row.__typename, row, changes: changes ?? null }));
      return typeof answer === 'boolean' ? answer : Promise.resolve(answer).then((allowed) => allowed === true);
    };

  const leasing = (user: OfflineUser, transaction: WriteTransaction, clientId: string | null): LeaseDeps => {
    const holderOf = settings.leaseHolder;
    return { transaction, typenames: opened().typenames, user, clientId, may: mayOf(user), holderOf, now, limits };
  };
  /** `entryOf`: what the request says of the mutation root field at hand. */
  const writeOf = (
    user: OfflineUser,
    transaction: WriteTransaction,
    clientId: string | null,
    entryOf: () => MutationEntry | null,
    sight: Sight,
  ): VersionedWrite => {
    const leases = leasing(user, transaction, clientId);
    return new VersionedWrite({
      transaction,
      typeOf: opened().typeOf,
      policy,
      may: leases.may,
      edit: () => editOf(entryOf()),
      now,
      authority,
      newId: randomUUID,
      keepsPasts: settings.authorizes,
      fence: createFence(leases, () => entryOf()?.lease ?? null),
      tell: (row, fields) => sight.tell(row, fields),
    });
  };

  const readers: Readers = {
    read: (user, reads, sight) =>
      createRead({ reads, tables: opened().tables, may: settings.authorizes ? mayOf(user) : null, sight, pageSize: limits.pageSize }),
    sync(user, reads) {
      const { typenames } = opened();
      const may = mayOf(user);
      return {
        async page(args) {
          const { pageSize, pageBytes } = limits;
          const page = await delta({ reads, typenames, pageSize, pageBytes, mayRead: (row) => may('read', row) }, args);
          notify(onSync, syncEvent(user, page, args.since == null, now()));
          return page;
        },
        hints({ types }) {
          const known = checkTypes(typenames, types);
          if (!settings.authorizes) return createHints(listenToAll(store, known));
          return createHints((tell) => audience.join({ types: known, mayRead: (row) => may('read', row), tell }));
        },
      };
    },
  };
  const scopeOf = (user: OfflineUser, reads: ReadTransaction, writers: Writers, sight: Sight): OfflineScope =>
    new Scope(user, reads, readers, writers, sight);

  return {
    reading: (user, sight) => (user === null ? STRANGER : scopeOf(user, store.reads, NO_WRITERS, sight)),
    writing: (user, transaction, from) =>
      scopeOf(
        user,
        transaction,
        {
          write: () =>
            createOfflineWrite(
              writeOf(user, transaction, from.clientId, () => from.entry, from.sight),
              transaction,
            ),
          lease: () => createLeases(leasing(user, transaction, from.clientId)),
        },
        from.sight,
      ),
    sharing(user, transaction, { clientId, mutations }, sight) {
      const outcomes = new Map<string, Exclude<FieldOutcome, 'duplicate'>>();
      let isFit = true;
      const unfit = (): never => {
        isFit = false;
        throw new Error('a resolver below a root field wants to write');
      };
      const scope = scopeOf(user, transaction, { write: unfit, lease: unfit }, sight);
      // Root fields run one after another, so one writer serves all of them.
      let entry: MutationEntry | null = null;
      const write = writeOf(user, transaction, clientId, () => entry, sight);
      const writeAt: WriteAt = (responseKey, writeBy) => {
        entry = mutations[responseKey] ?? null;
        // What one root field writes is seen together, and apart from its neighbours.
        transaction.beginUnit();
        const note = (result: WriteResult): WriteResult => {
          outcomes.set(responseKey, outcomeOf(result));
          return result;
        };
        const result = writeBy(write);
        return isPromise(result) ? result.then(note) : note(result);
      };
      shareScope(scope, writeAt);
      return { scope, writeAt, outcomes, isFit: () => isFit };
    },
  };
}

/** Makes what a scope hands out, when it is asked for: most operations ask for one thing, or for none. */
interface Readers {
  read(user: OfflineUser, reads: ReadTransaction, sight: Sight): OfflineRead;
  sync(user: OfflineUser, reads: ReadTransaction): OfflineSync;
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
const NO_WRITERS: Writers = { write: notInMutation('write'), lease: notInMutation('lease') };

/** A class, because every request makes two or three. */
class Scope implements OfflineScope {
  readonly user: OfflineUser;
  private readonly reads: ReadTransaction;
  private readonly readers: Readers;
  private readonly writers: Writers;
  private readonly sight: Sight;
  private reading: OfflineRead | null = null;

  constructor(user: OfflineUser, reads: ReadTransaction, readers: Readers, writers: Writers, sight: Sight) {
    this.user = user;
    this.reads = reads;
    this.readers = readers;
    this.writers = writers;
    this.sight = sight;
  }
  get read(): OfflineRead {
    this.reading ??= this.readers.read(this.user, this.reads, this.sight);
    return this.reading;
  }
  get write(): OfflineWrite {
    return this.writers.write();
  }
  get lease(): OfflineLeases {
    return this.writers.lease();
  }
  get sync(): OfflineSync {
    return this.readers.sync(this.user, this.reads);
  }
}

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
