import { OfflineServerError } from '../errors.ts';
import type { Engine } from './engine.ts';
import type { ReadTransaction, WriteTransaction } from './store.ts';

/** An engine's methods, answered at once or later. */
export type Work = {
  readonly [Name in Exclude<keyof Engine, 'beginEpoch' | 'beginUnit'>]: (
    ...args: Parameters<Engine[Name]>
  ) => ReturnType<Engine[Name]> | Promise<ReturnType<Engine[Name]>>;
};

export interface HandleOptions {
  readonly work: Work;
  /** Runs a part in a savepoint. `guard` throws once the handle that asked for it is closed. */
  part<T>(run: (handle: WriteTransaction) => Promise<T>, guard: () => void): Promise<T>;
  /** The engine's own handle for resolvers. */
  native(guard: () => void): unknown;
  /** Throws when the part around this one has ended. */
  outer(): void;
}

export function readsOf(work: Omit<Work, Exclude<keyof Work, keyof ReadTransaction>>, guard: () => void): ReadTransaction {
  const guarded = guardedBy(guard);
  return {
    get: guarded((typename, id) => work.get(typename, id)),
    list: guarded(work.list),
    count: guarded(work.count),
    changes: guarded(work.changes),
    pasts: guarded(work.pasts),
    head: guarded(work.head),
    statistics: guarded(work.statistics),
    versionFloor: guarded(work.versionFloor),
  };
}

/** What a part of a transaction works on, until it is closed: work that outlives its part cannot touch what comes after. */
export function openHandle({ work, part, native, outer }: HandleOptions): {
  readonly transaction: WriteTransaction;
  readonly close: () => void;
} {
  let open = true;
  const guard = (): void => {
    outer();
    if (!open)
      throw new OfflineServerError(
        'TRANSACTION_CLOSED',
        'expected work inside the mutation field, got work after its end; await everything before the resolver returns',
      );
  };
  const guarded = guardedBy(guard);
  let handedOut: unknown;
  const transaction: WriteTransaction = {
    ...readsOf(work, guard),
    get: guarded((typename, id, lock = 'update') => work.get(typename, id, lock)),
    put: guarded(work.put),
    savepoint: async (run) => {
      guard();
      return part(run, guard);
    },
    findResult: guarded(work.findResult),
    saveResult: guarded(work.saveResult),
    acknowledge: guarded(work.acknowledge),
    countResults: guarded(work.countResults),
    retire: guarded(work.retire),
    collectTombstones: guarded(work.collectTombstones),
    findLease: guarded(work.findLease),
    grantLease: guarded(work.grantLease),
    extendLease: guarded(work.extendLease),
    endLease: guarded(work.endLease),
    countLeases: guarded(work.countLeases),
    collectLeases: guarded(work.collectLeases),
    get native() {
      handedOut ??= native(guard);
      return handedOut;
    },
  };
  const close = (): void => {
    open = false;
  };
  return { transaction, close };
}

function guardedBy(guard: () => void) {
  return <A extends readonly unknown[], R>(run: (...args: A) => R | Promise<R>) =>
    async (...args: A): Promise<R> => {
      guard();
      return run(...args);
    };
}
