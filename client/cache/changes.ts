import type { Cancel } from '../ports.ts';

/** Which entities changed since somebody last asked. */
export interface Changed {
  note(id: string): void;
  take(): ReadonlySet<string>;
  /** Called once for all changes of one turn, with the first of them; or for each, within the change. */
  subscribe(listener: (id: string) => void, each?: 'turn' | 'each'): Cancel;
}

export function createChanged(): Changed {
  const listeners = { turn: new Set<(id: string) => void>(), each: new Set<(id: string) => void>() };
  let ids = new Set<string>();
  let isAnnounced = false;
  return {
    note(id) {
      ids.add(id);
      for (const listener of listeners.each) listener(id);
      if (isAnnounced) return;
      isAnnounced = true;
      queueMicrotask(() => {
        isAnnounced = false;
        for (const listener of [...listeners.turn]) listener(id);
      });
    },
    take() {
      const taken = ids;
      ids = new Set();
      return taken;
    },
    subscribe(listener, each = 'turn') {
      listeners[each].add(listener);
      return () => void listeners[each].delete(listener);
    },
  };
}
