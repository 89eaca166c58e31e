import type { Cancel, Persistence } from '../ports.ts';
import type { Outbox } from './outbox.ts';

/** Whether what is stored is safe from the browser's own tidying up. */
export interface Keeping {
  /** Null: not asked yet, or the platform did not say. */
  promised(): boolean | null;
}

/** Asks once, as soon as there is something to lose: people understand the question then, and browsers that decide themselves do too. */
export function createKeeping(deps: {
  readonly outbox: Pick<Outbox, 'subscribe'>;
  readonly persistence: Persistence;
  readonly refresh: () => void;
}): Keeping {
  let promised: boolean | null = null;
  const stop: Cancel = deps.outbox.subscribe(({ after }) => {
    if (!after) return;
    stop();
    deps.persistence.request().then(
      (answer) => {
        promised = answer;
        deps.refresh();
      },
      () => undefined,
    );
  });
  return { promised: () => promised };
}
