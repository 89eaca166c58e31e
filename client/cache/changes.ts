import type { Cancel } from '../ports.ts';

/** Which entities changed since somebody last asked. */
export interface Changed {
  note(id: string): void;
  take(): ReadonlySet<string>;
  /** Called once for all changes of one turn. */
  subscribe(listener: () => void): Cancel;
}

export function createChanged(): Changed {
  const listeners = new Set<() => void>();
  let ids = new Set<string>();
  let isAnnounced = false;
  return {
    note(id) {
      ids.add(id);
      if (isAnnounced) return;
      isAnnounced = true;
      queueMicrotask(() => {
        isAnnounced = false;
        for (const listener of [...listeners]) listener();
      });
    },
    take() {
      const taken = ids;
      ids = new Set();
      return taken;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
