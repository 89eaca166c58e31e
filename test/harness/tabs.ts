import type { Channel, Lifecycle, LifecycleEvent, Locks } from '../../client/ports.ts';

/** The lock manager of one simulated browser. Used directly it is one tab; `tab()` gives more, each of which can crash. */
export interface MemoryLocks extends Locks {
  tab(): TabLocks;
  /** Whether anybody holds the lock. */
  isHeld(name: string): boolean;
  /** How many wait in line. */
  waiting(name: string): number;
}

export interface TabLocks extends Locks {
  /** The tab is gone: what it holds is free, what it waits for it no longer wants, and its signals abort. */
  crash(): void;
  /** Somebody steals every lock that the tab holds: its signals abort, the next in line goes on. */
  lose(): void;
}

interface Claim {
  readonly start: () => void;
  /** Somebody has taken the lock by force. */
  readonly lose: () => void;
}

export function createMemoryLocks(): MemoryLocks {
  /** Per name the holder first, then those in line. */
  const queues = new Map<string, Claim[]>();

  function leave(name: string, claim: Claim): void {
    const queue = queues.get(name) ?? [];
    const at = queue.indexOf(claim);
    if (at < 0) return;
    queue.splice(at, 1);
    if (queue.length === 0) queues.delete(name);
    else if (at === 0) queue[0]?.start();
  }

  function tab(): TabLocks {
    const held = new Map<Claim, { readonly name: string; readonly controller: AbortController }>();
    const lines = new Map<Claim, string>();
    let isCrashed = false;

    function lose(): void {
      for (const [claim, { name, controller }] of held) {
        held.delete(claim);
        controller.abort(new Error('the lock was lost'));
        leave(name, claim);
      }
    }

    return {
      async hold(name, run, abandon, { steal = false } = {}) {
        if (isCrashed) return new Promise<void>(() => {});
        if (abandon.aborted) return;
        const controller = new AbortController();
        let stop = (): void => {};
        const granted = new Promise<boolean>((resolve) => {
          const claim: Claim = {
            start() {
              lines.delete(claim);
              held.set(claim, { name, controller });
              resolve(true);
            },
            lose() {
              held.delete(claim);
              controller.abort(new Error('the lock was stolen'));
            },
          };
          stop = () => {
            controller.abort(abandon.reason);
            if (!lines.delete(claim)) return;
            leave(name, claim);
            resolve(false);
          };
          abandon.addEventListener('abort', stop);
          lines.set(claim, name);
          const queue = queues.get(name) ?? [];
          const [robbed] = queue;
          queues.set(name, steal ? [claim, ...queue.slice(1)] : [...queue, claim]);
          if (steal || queue.length === 0) claim.start();
          if (steal) robbed?.lose();
        });
        if (!(await granted)) return;
        try {
          await run(controller.signal);
        } finally {
          abandon.removeEventListener('abort', stop);
          for (const [claim, mine] of held) {
            if (mine.controller !== controller) continue;
            held.delete(claim);
            leave(name, claim);
          }
        }
      },
      crash() {
        isCrashed = true;
        for (const [claim, name] of lines) leave(name, claim);
        lines.clear();
        lose();
      },
      lose,
    };
  }

  return {
    ...tab(),
    tab,
    isHeld: (name) => (queues.get(name)?.length ?? 0) > 0,
    waiting: (name) => Math.max(0, (queues.get(name)?.length ?? 0) - 1),
  };
}

/** The BroadcastChannel of one simulated browser: every tab opens its own end. */
export interface MemoryChannelHub {
  open(): Channel;
  /** While true, messages are lost, as the port allows. */
  lossy: boolean;
  /** Everything that was posted, also what was lost. */
  readonly log: readonly unknown[];
}

export function createMemoryChannelHub(): MemoryChannelHub {
  const ends = new Map<Channel, Set<(message: unknown) => void>>();
  const log: unknown[] = [];
  const hub: MemoryChannelHub = {
    lossy: false,
    log,
    open() {
      const listeners = new Set<(message: unknown) => void>();
      const end: Channel = {
        post(message) {
          if (!ends.has(end)) return;
          const copy: unknown = structuredClone(message);
          log.push(copy);
          if (hub.lossy) return;
          for (const [other, theirs] of ends) {
            if (other === end) continue;
            queueMicrotask(() => {
              for (const listener of [...theirs]) listener(structuredClone(copy));
            });
          }
        },
        subscribe(listener) {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
        close() {
          ends.delete(end);
          listeners.clear();
        },
      };
      ends.set(end, listeners);
      return end;
    },
  };
  return hub;
}

/** A page that hides and shows on command. */
export interface SimulatedLifecycle extends Lifecycle {
  emit(event: LifecycleEvent): void;
}

export function createSimulatedLifecycle(): SimulatedLifecycle {
  const listeners = new Set<(event: LifecycleEvent) => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    emit(event) {
      for (const listener of [...listeners]) listener(event);
    },
  };
}
