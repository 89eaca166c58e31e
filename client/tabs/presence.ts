import type { Outbox } from '../outbox/outbox.ts';
import type { Locks } from '../ports.ts';

/**
 * Which tab sessions are over: only of those may the server be told that nothing more will come. Every tab holds a lock of its own
 * for as long as it lives, and whoever gets that lock knows that it is gone, by closing or by a crash, without a timer.
 */
export interface Presence {
  /** Waits for the end of every other session that is known or becomes known, until the signal aborts. */
  watch(signal: AbortSignal): void;
  dispose(): void;
}

export function createPresence(
  deps: {
    readonly locks: Locks;
    readonly outbox: Pick<Outbox, 'clientId' | 'otherClients' | 'load' | 'leave' | 'subscribe'>;
    readonly onThrow: (error: unknown) => void;
  },
  scope: string,
): Presence {
  const { locks, outbox, onThrow } = deps;
  const leaving = new AbortController();
  const lockOf = (clientId: string): string => `${scope}:tab:${clientId}`;
  const living = new Promise<void>((resolve) => leaving.signal.addEventListener('abort', () => resolve(), { once: true }));
  locks.hold(lockOf(outbox.clientId), () => living, leaving.signal).catch(onThrow);

  /** The last thing that it stored may be unknown here: the message about it was lost with it. */
  const bury = async (clientId: string): Promise<void> => {
    await outbox.load();
    outbox.leave(clientId);
  };

  return {
    watch(signal) {
      const watched = new Set([outbox.clientId]);
      const watch = (clientId: string): void => {
        if (watched.has(clientId)) return;
        watched.add(clientId);
        locks.hold(lockOf(clientId), () => bury(clientId), signal).catch(onThrow);
      };
      for (const clientId of outbox.otherClients()) watch(clientId);
      const stop = outbox.subscribe(({ after }) => after && watch(after.clientId));
      signal.addEventListener('abort', stop, { once: true });
    },
    dispose: () => leaving.abort(),
  };
}
