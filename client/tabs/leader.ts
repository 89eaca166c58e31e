import type { Cancel, Lifecycle, Locks } from '../ports.ts';

/** The one tab that drains and journals for all. */
export interface Leader {
  isLeader(): boolean;
  /**
   * Runs while this tab leads: at once if it does, and again whenever it comes to lead. The signal aborts when it no longer does;
   * the next tab may then already be leading, which is harmless, because the server applies each mutation id once.
   */
  onLead(run: (signal: AbortSignal) => Promise<void>): void;
  /** Leads at once, past the line: whoever leads does not answer. */
  claim(): void;
  /** Steps down, or leaves the line; resolves when everything that ran here has ended and the next tab can lead. */
  dispose(): Promise<void>;
}

/**
 * Stands in line for the lock `name` and leads while it holds it. The line is the platform's: when a tab closes or crashes, the
 * next one leads, and nobody has to notice by a timer. A tab leads until it goes, is frozen, or is robbed of the lead: what it runs
 * may end earlier.
 */
export function createLeader(
  deps: { readonly locks: Locks; readonly lifecycle: Lifecycle; readonly onThrow: (error: unknown) => void },
  name: string,
): Leader {
  const { locks, lifecycle, onThrow } = deps;
  const runs: ((signal: AbortSignal) => Promise<void>)[] = [];
  const running = new Set<Promise<void>>();
  let place = new AbortController();
  let leading: AbortSignal | null = null;
  let isLeaving = false;
  let isFrozen = false;
  let steal = false;
  let thaw = (): void => undefined;

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
    // What a frozen tab has under way ends when it is thawed: the lock must be free before.
    if (!isFrozen) await Promise.all(running);
  }

  async function queue(): Promise<void> {
    while (!isLeaving) {
      if (isFrozen)
        await new Promise<void>((resolve) => {
          thaw = resolve;
        });
      place = new AbortController();
      const options = { steal };
      steal = false;
      // Again after the lock was lost to somebody who took it by force.
      if (!isLeaving && !isFrozen) await locks.hold(name, lead, place.signal, options);
    }
  }

  const stop = lifecycle.subscribe((event) => {
    if (event === 'freeze') {
      isFrozen = true;
      place.abort();
    }
    if (event === 'resume') {
      isFrozen = false;
      thaw();
    }
  });
  const queued = queue().catch(onThrow);

  return {
    isLeader: () => leading !== null && !leading.aborted,
    onLead(run) {
      runs.push(run);
      if (leading !== null && !leading.aborted) start(run, leading);
    },
    claim() {
      if (leading !== null || isFrozen) return;
      steal = true;
      place.abort();
    },
    async dispose() {
      isLeaving = true;
      stop();
      thaw();
      place.abort();
      await queued;
    },
  };
}

/**
 * For what one tab is enough for, and all would do: it runs in the tab that is first in the line `name`, in the next when that one is
 * gone or frozen, until the function that is returned is called.
 */
export function createTurns(
  deps: Parameters<typeof createLeader>[0],
  name: string,
): (run: (signal: AbortSignal) => Promise<void>) => Cancel {
  return (run) => {
    const line = createLeader(deps, name);
    line.onLead(run);
    return () => void line.dispose();
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
