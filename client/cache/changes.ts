import type { StoreObject } from '@apollo/client';
import type { Cancel } from '../ports.ts';

/** Is told of the entity, and of what was stored before. */
export type ChangeListener = (id: string, before: StoreObject | undefined) => void;

/** Once for all changes of one turn, with the first of them; for each, within the change; or for each write, whether it changes something or not. */
export type When = 'turn' | 'each' | 'written';

/** Which entities changed since somebody last asked. */
export interface Changed {
  /** @param before what was stored; `undefined`: nothing */
  note(id: string, before: StoreObject | undefined): void;
  take(): ReadonlySet<string>;
  written(id: string): void;
  subscribe(listener: ChangeListener, when?: When): Cancel;
}

export function createChanged(): Changed {
  const listeners = { turn: new Set<ChangeListener>(), each: new Set<ChangeListener>(), written: new Set<ChangeListener>() };
  let ids = new Set<string>();
  let isAnnounced = false;
  return {
    note(id, before) {
      ids.add(id);
      for (const listener of listeners.each) listener(id, before);
      if (isAnnounced) return;
      isAnnounced = true;
      queueMicrotask(() => {
        isAnnounced = false;
        for (const listener of [...listeners.turn]) listener(id, before);
      });
    },
    take() {
      const taken = ids;
      ids = new Set();
      return taken;
    },
    written(id) {
      for (const listener of listeners.written) listener(id, undefined);
    },
    subscribe(listener, when = 'turn') {
      listeners[when].add(listener);
      return () => void listeners[when].delete(listener);
    },
  };
}
