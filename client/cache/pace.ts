import type { Cancel, Clock } from '../ports.ts';
import type { OfflineCache } from './offline-cache.ts';

/**
 * Redraws in proportion: what a redraw costs grows with what is pending and watched, and a long outbox settles record by record.
 * While much is pending, results are taken in at once and shown together, so that redrawing takes a fifth of the time at most.
 */
export interface Pace {
  /** Like `OfflineCache.together`, but watchers may hear a little later. */
  together<T>(run: () => T): T;
  /** Shows what waits to be shown, now. */
  catchUp(): void;
  /** A person does something and wants to see it: shows it at the end of this turn, with all else that comes in one breath. */
  soon(): void;
}

/** With fewer pending a redraw takes a few milliseconds, and nobody waits for it. */
const CROWD = 30;
/** The longest that a result waits to be shown, in milliseconds; its edit is on screen all the while. */
const MAX_GAP_MS = 5_000;

export function createPace(deps: { readonly cache: OfflineCache; readonly clock: Clock; readonly pending: () => number }): Pace {
  const { cache, clock, pending } = deps;
  let release: Cancel | null = null;
  let cancelTimer: Cancel = () => undefined;
  let freeAt = 0;

  const draw = (): void => {
    cancelTimer();
    const startedAt = clock.now();
    release?.();
    release = null;
    const tookMs = Math.max(0, clock.now() - startedAt);
    freeAt = clock.now() + Math.min(MAX_GAP_MS, 4 * tookMs);
  };

  const catchUp = (): void => {
    if (release) draw();
  };
  let isSoon = false;

  return {
    together(run) {
      if (!release && pending() > CROWD) {
        release = cache.hold();
        cancelTimer = clock.after(Math.min(MAX_GAP_MS, Math.max(0, freeAt - clock.now())), draw);
      }
      return cache.together(run);
    },
    catchUp,
    soon() {
      if (isSoon) return;
      isSoon = true;
      const show = cache.hold();
      queueMicrotask(() => {
        isSoon = false;
        catchUp();
        show();
      });
    },
  };
}
