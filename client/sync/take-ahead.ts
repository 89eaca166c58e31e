import { type Ahead, isSameCursor, type PagesAhead } from '../cache/ahead.ts';
import { createBreath } from '../cache/breath.ts';
import type { Journal } from '../cache/journal.ts';
import { OfflineError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { Delta } from './delta.ts';

/** Takes in what was pulled with no tab open: before anything else is pulled, and also without a network. */
export interface TakeAhead {
  /**
   * Looks for it, at once: before the stored cache is read, because the tab that writes removes it after the cache that contains it is
   * stored. What is returned takes it in, once all that is stored is in memory; never rejects.
   */
  read(): () => Promise<void>;
  /** Of the tab that writes: takes it in, and removes it when the cache that contains it is stored. Never rejects. */
  settle(): Promise<void>;
  /** Resolves when nothing is being taken in. */
  idle(): Promise<unknown>;
}

export function createTakeAhead(deps: {
  readonly ahead: Ahead;
  readonly journal: Pick<Journal, 'flush'>;
  readonly clock: Clock;
  /** The cursor that the cache stands at. */
  readonly cursor: () => unknown;
  readonly delta: () => Promise<Pick<Delta, 'apply'>>;
  readonly isOver: () => boolean;
  readonly onTaken: () => void;
  readonly onEvent: (event: { readonly code: string; readonly message: string }) => void;
}): TakeAhead {
  const { ahead, journal, clock, cursor, delta, isOver, onTaken, onEvent } = deps;
  let tail: Promise<unknown> = Promise.resolve();

  /** False: it may yet be of use. */
  async function take({ pages }: PagesAhead): Promise<boolean> {
    const breathe = createBreath(clock);
    try {
      for (const page of pages) {
        if (!isSameCursor(page.since, cursor())) continue;
        const { apply } = await delta();
        await breathe();
        if (isOver()) return false;
        if (await apply(page)) onTaken();
      }
      return true;
    } catch (error) {
      if (isOver()) return false;
      onEvent({
        code: 'SYNC_FAILED',
        message: `what was pulled with no tab open: ${error instanceof Error ? error.message : String(error)}`,
      });
      return !OfflineError.is(error, 'CODE_NOT_LOADED');
    }
  }

  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const done = tail.then(run);
    tail = done;
    return done;
  }

  return {
    read() {
      // What cannot be read now is pulled again.
      const reading = ahead.read().catch(() => null);
      return () =>
        inTurn(async () => {
          const held = await reading;
          if (held) await take(held);
        });
    },
    settle: () =>
      inTurn(async () => {
        try {
          const held = await ahead.read();
          if (held.keys.length === 0 || !(await take(held))) return;
          await journal.flush();
          await ahead.remove(held.keys);
        } catch {
          // The disk fails, or another tab writes by now: it stays for whoever starts next.
        }
      }),
    idle: () => tail,
  };
}
