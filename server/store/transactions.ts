import { OfflineServerError } from '../errors.ts';
import type { Engine } from './engine.ts';
import type { Commit, ReadTransaction, WriteTransaction } from './store.ts';
import { createWriteQueue, type WriteQueue } from './write-queue.ts';

/** Transactions and savepoints of a synchronous engine. */
export interface Control {
  begin(): void;
  commit(): void;
  /** Harmless when nothing is open. */
  rollback(): void;
  /** Whether the transaction still stands. */
  standing(): boolean;
  mark(level: number): void;
  /** Undoes everything since the mark, and removes it. */
  undo(level: number): void;
  keep(level: number): void;
  /** The engine's own handle for resolvers; `guard` throws once the transaction is over. */
  native(guard: () => void): unknown;
}

export interface TransactionsOptions {
  readonly newId: () => string;
  readonly groupSize: number;
  readonly turn: () => Promise<void>;
  readonly announce: (commit: Commit) => void;
}

export function readsOf(engine: Engine, guard: () => void): ReadTransaction {
  const guarded = guardedBy(guard);
  return {
    get: guarded(engine.get),
    list: guarded(engine.list),
    count: guarded(engine.count),
    changes: guarded(engine.changes),
    head: guarded(engine.head),
    versionFloor: guarded(engine.versionFloor),
  };
}

/** The write transactions of a synchronous engine: one after another, grouped into commits, each handle closed at its end. */
export function createTransactions(engine: Engine, control: Control, options: TransactionsOptions): WriteQueue<WriteTransaction> {
  let depth = 0;
  let epochBegun = false;
  let before = '';
  let typenames = new Set<string>();

  /** `outer` throws when the part around this one has ended: then its marks are gone, and nothing may be touched. */
  const part = async <T>(run: (handle: WriteTransaction) => Promise<T>, outer: () => void): Promise<T> => {
    const level = depth;
    const { transaction, close } = openHandle(outer);
    control.mark(level);
    depth += 1;
    const [result] = await Promise.allSettled([(async () => run(transaction))()]);
    close();
    outer();
    depth = level;
    if (result.status === 'fulfilled') {
      control.keep(level);
      return result.value;
    }
    if (control.standing()) control.undo(level);
    throw result.reason;
  };

  const openHandle = (outer: () => void) => {
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
    let native: unknown;
    const transaction: WriteTransaction = {
      ...readsOf(engine, guard),
      put: guarded((typename, stored) => {
        typenames.add(typename);
        engine.put(typename, stored);
      }),
      savepoint: async (run) => {
        guard();
        return part(run, guard);
      },
      findResult: guarded(engine.findResult),
      saveResult: guarded(engine.saveResult),
      acknowledge: guarded(engine.acknowledge),
      countResults: guarded(engine.countResults),
      retire: guarded(engine.retire),
      collectTombstones: guarded(engine.collectTombstones),
      get native() {
        native ??= control.native(guard);
        return native;
      },
    };
    const close = (): void => {
      open = false;
    };
    return { transaction, close };
  };

  return createWriteQueue<WriteTransaction>(
    {
      begin() {
        control.begin();
        typenames = new Set();
        depth = 0;
        before = engine.head().position;
      },
      commit() {
        const changed = engine.head().position !== before;
        // Each life of a store names its own stretch of history, from its first change on: see Engine.beginEpoch.
        if (changed && !epochBegun) engine.beginEpoch(options.newId(), before);
        const position = engine.head();
        control.commit();
        epochBegun ||= changed;
        if (changed) options.announce({ position, typenames });
      },
      rollback: control.rollback,
      standing: control.standing,
      part: (run) => part(run, () => undefined),
    },
    options,
  );
}

function guardedBy(guard: () => void) {
  return <A extends readonly unknown[], R>(run: (...args: A) => R) =>
    async (...args: A): Promise<R> => {
      guard();
      return run(...args);
    };
}
