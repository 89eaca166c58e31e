import type { Journal } from './cache/journal.ts';
import type { AssignedIds } from './outbox/assigned-ids.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { Clock, Locks } from './ports.ts';

/** How long signing out waits for the other tabs to let go. */
const PATIENCE_MS = 5_000;

/** Empties this owner's storage when no tab is left that would write to it again. */
export function createErase(
  deps: {
    readonly journal: Pick<Journal, 'clear'>;
    readonly outbox: Pick<Outbox, 'clear'>;
    readonly assigned: Pick<AssignedIds, 'clear'>;
    readonly locks: Locks;
    readonly clock: Clock;
  },
  scope: string,
): (withOutbox: boolean) => Promise<void> {
  const { journal, outbox, assigned, locks, clock } = deps;
  return async (withOutbox) => {
    let cleared = false;
    const clear = async (): Promise<void> => {
      await journal.clear();
      if (withOutbox) await outbox.clear().then(assigned.clear);
      cleared = true;
    };
    const patience = new AbortController();
    const giveUp = clock.after(PATIENCE_MS, () => patience.abort());
    await locks.hold(scope, clear, patience.signal);
    giveUp();
    // A frozen tab does not let go; it finds its storage empty when it wakes.
    if (!cleared) await clear();
  };
}
