import type { Cancel, Clock } from '../ports.ts';
import type { OfflineCache } from './offline-cache.ts';

/**
 * Redraws in proportion: what a redraw costs grows with what is pending and watched, and a long outbox settles record by record.
 * While much is pending, results are taken in at once and shown together, so that redrawing takes a third of the time at most.
 */
export interface Pace {
  /** Like `OfflineCache.together`, but watchers may hear a little later. */
  together<T>(run: () => T): T;
  /** Shows what waits to be shown, now: a person does something and wants to see it. */
  catchUp(): void;
}

/** With fewer pending a redraw takes a few milliseconds, and nobody waits for it. */
const CROWD = 30;
/** The longest that a result waits to be shown, in milliseconds. */
const MAX_GAP_MS = 500;

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
    freeAt = clock.now() + Math.min(MAX_GAP_MS, 2 * tookMs);
  };

  return {
    together(run) {
      if (!release && pending() > CROWD) {
        release = cache.hold();
        cancelTimer = clock.after(Math.min(MAX_GAP_MS, Math.max(0, freeAt - clock.now())), draw);
      }
      return cache.together(run);
    },
    catchUp() {
      if (release) draw();
    },
  };
}
