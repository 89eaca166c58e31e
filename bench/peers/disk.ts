import type { Clock } from '../../client/ports.ts';

/** One page's handle on the disk of its browser: text by key. The disk outlives the page. */
export interface Disk {
  get(key: string): Promise<string | null>;
  /** Durable when it resolves. */
  set(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
  /** In ascending order, as IndexedDB lists them. */
  keys(): Promise<readonly string[]>;
  /** From now on it does nothing and answers nothing, as for a dead process. */
  crash(): void;
}

/** About what IndexedDB takes. */
const LATENCY_MS = 2;

export function createDisk(platter: Map<string, string>, clock: Clock): Disk {
  let isDead = false;
  const after = <T>(run: () => T): Promise<T> =>
    new Promise((resolve) => {
      clock.after(LATENCY_MS, () => {
        if (!isDead) resolve(run());
      });
    });
  return {
    get: (key) => after(() => platter.get(key) ?? null),
    set: (key, value) => after(() => void platter.set(key, value)),
    remove: (key) => after(() => void platter.delete(key)),
    keys: () => after(() => [...platter.keys()].sort()),
    crash() {
      isDead = true;
    },
  };
}
