import type { Outbox } from '../outbox/outbox.ts';

/** Removes acknowledged records, once the cache on disk holds what they were kept for. */
export interface Sweep {
  /** Its result is in the cache: a flush from now on makes that durable. */
  applied(id: string): void;
  /** One flush serves all that wait. */
  run(): void;
}

export function createSweep(deps: {
  readonly outbox: Pick<Outbox, 'get' | 'remove'>;
  readonly flush: () => Promise<void>;
  readonly onThrow: (cause: unknown) => void;
}): Sweep {
  const { outbox, flush, onThrow } = deps;
  const applied = new Set<string>();
  let isRunning = false;

  const sweep = async (): Promise<void> => {
    for (;;) {
      for (const id of applied) if (outbox.get(id)?.state !== 'acknowledged') applied.delete(id);
      if (applied.size === 0) return;
      const done = [...applied];
      await flush();
      // Together, for storages that make one write of what comes in one turn.
      await Promise.all(done.map((id) => outbox.remove(id)));
    }
  };

  return {
    applied: (id) => void applied.add(id),
    run() {
      if (isRunning) return;
      isRunning = true;
      sweep()
        .catch(onThrow)
        .finally(() => {
          isRunning = false;
        });
    },
  };
}
