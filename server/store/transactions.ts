import type { Engine } from './engine.ts';
import { openHandle, type Work } from './handle.ts';
import type { Commit, WriteTransaction } from './store.ts';
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

/** The write transactions of a synchronous engine: one after another, grouped into commits, each handle closed at its end. */
export function createTransactions(engine: Engine, control: Control, options: TransactionsOptions): WriteQueue<WriteTransaction> {
  let depth = 0;
  let epochBegun = false;
  let before = '';
  let typenames = new Set<string>();

  const work: Work = {
    ...engine,
    put(typename, stored, past) {
      typenames.add(typename);
      engine.put(typename, stored, past);
    },
  };

  /** `outer` throws when the part around this one has ended: then its marks are gone, and nothing may be touched. */
  const part = async <T>(run: (handle: WriteTransaction) => Promise<T>, outer: () => void): Promise<T> => {
    const level = depth;
    const { transaction, close } = openHandle({ work, part, native: control.native, outer });
    // The write itself, and its outermost parts.
    if (level <= 1) engine.beginUnit();
    control.mark(level);
    depth += 1;
    const [result] = await Promise.allSettled([(async () => run(transaction))()]);
    close();
    outer();
    depth = level;
    if (level <= 1) engine.beginUnit();
    if (result.status === 'fulfilled') {
      control.keep(level);
      return result.value;
    }
    if (control.standing()) control.undo(level);
    throw result.reason;
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
