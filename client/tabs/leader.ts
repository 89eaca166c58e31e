import type { Locks } from '../ports.ts';

/** The one tab that drains and journals for all. */
export interface Leader {
  isLeader(): boolean;
  /**
   * Runs while this tab leads: at once if it does, and again whenever it comes to lead. The signal aborts when it no longer does;
   * the next tab may then already be leading, which is harmless, because the server applies each mutation id once.
   */
  onLead(run: (signal: AbortSignal) => Promise<void>): void;
  /** Steps down, or leaves the line; resolves when everything that ran here has ended and the next tab can lead. */
  dispose(): Promise<void>;
}

/**
 * Stands in line for the lock `name` and leads while it holds it. The line is the platform's: when a tab closes or crashes, the
 * next one leads, and nobody has to notice by a timer. A tab leads until it goes: what it runs may end earlier.
 */
export function createLeader(deps: { readonly locks: Locks; readonly onThrow: (error: unknown) => void }, name: string): Leader {
  const { locks, onThrow } = deps;
  const leaving = new AbortController();
  const runs: ((signal: AbortSignal) => Promise<void>)[] = [];
  const running = new Set<Promise<void>>();
  let leading: AbortSignal | null = null;

  function start(run: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): void {
    const ended = (async () => run(signal))()
      .catch(onThrow)
      .finally(() => running.delete(ended));
    running.add(ended);
  }

  async function lead(signal: AbortSignal): Promise<void> {
    leading = signal;
    for (const run of runs) start(run, signal);
    await aborted(signal);
    leading = null;
    await Promise.all(running);
  }

  async function queue(): Promise<void> {
    // Again after the lock was lost to somebody who took it by force.
    while (!leaving.signal.aborted) await locks.hold(name, lead, leaving.signal);
  }

  const queued = queue().catch(onThrow);

  return {
    isLeader: () => leading !== null && !leading.aborted,
    onLead(run) {
      runs.push(run);
      if (leading !== null && !leading.aborted) start(run, leading);
    },
    async dispose() {
      leaving.abort();
      await queued;
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
