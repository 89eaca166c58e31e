import { type Awaitable, isPromise } from '../steps.ts';
import type { Engine } from './engine.ts';
import { Handle, type HandleOptions, type Work } from './handle.ts';
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
  /** Where the control's `commit` does not wait for the disk. */
  readonly flush?: (() => Promise<void>) | undefined;
}

/** The write transactions of a synchronous engine: one after another, grouped into commits, each handle closed at its end. */
export function createTransactions(engine: Engine, control: Control, options: TransactionsOptions): WriteQueue<WriteTransaction> {
  let depth = 0;
  let epochBegun = false;
  let before = '';
  let typenames = new Set<string>();
  let changes = 0;

  const work: Work = {
    ...engine,
    put(typename, stored, past) {
      typenames.add(typename);
      changes += 1;
      engine.put(typename, stored, past);
    },
  };

  const part = <T>(run: (handle: WriteTransaction) => Awaitable<T>, outer: Handle | null): Awaitable<T> => {
    const level = depth;
    const handle = new Handle(handles, outer);
    // The write itself, and its outermost parts.
    if (level <= 1) engine.beginUnit();
    control.mark(level);
    depth += 1;
    /** When the part around this one has ended, its marks are gone, and nothing may be touched. */
    const end = (): void => {
      handle.close();
      outer?.check();
      depth = level;
      if (level <= 1) engine.beginUnit();
    };
    const keep = (value: T): T => {
      end();
      control.keep(level);
      return value;
    };
    const undo = (error: unknown): never => {
      end();
      if (control.standing()) control.undo(level);
      throw error;
    };
    let value: Awaitable<T>;
    try {
      value = run(handle);
    } catch (error) {
      return undo(error);
    }
    return isPromise(value) ? value.then(keep, undo) : keep(value);
  };
  const handles: HandleOptions = { work, part, beginUnit: engine.beginUnit, native: control.native };

  return createWriteQueue<WriteTransaction>(
    {
      begin() {
        control.begin();
        typenames = new Set();
        changes = 0;
        depth = 0;
        before = engine.head().position;
      },
      commit() {
        let position = engine.head();
        const changed = position.position !== before;
        // Each life of a store names its own stretch of history, from its first change on: see Engine.beginEpoch.
        if (changed && !epochBegun) {
          engine.beginEpoch(options.newId(), before);
          position = engine.head();
        }
        control.commit();
        epochBegun ||= changed;
        const commit = { position, typenames };
        return () => {
          if (changed) options.announce(commit);
        };
      },
      flush: options.flush,
      rollback: control.rollback,
      changes: () => changes,
      standing: control.standing,
      part: (run) => part(run, null),
    },
    options,
  );
}
