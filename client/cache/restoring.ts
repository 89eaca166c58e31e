import type { Journal } from './journal.ts';

/** The stored cache on its way into memory. What was last on screen is there first; of a large cache the rest takes a while. */
export interface Restoring {
  /** Resolves when what was on screen is there. `show` is part of that: no watcher hears of the one without the other. */
  start(show: () => void): Promise<void>;
  /** A promise while the rest is on its way, else null. */
  rest(): Promise<void> | null;
  /** At once, or when all is there. */
  after(run: () => void): void;
  /** Nothing more is wanted. */
  end(): void;
}

export function createRestoring(journal: Pick<Journal, 'restore'>): Restoring {
  const ended = new AbortController();
  let rest: Promise<void> | null = null;
  return {
    start: (show) =>
      new Promise<void>((resolve) => {
        const onScreen = (): void => {
          show();
          resolve();
        };
        const end = new Promise((resolve) => ended.signal.addEventListener('abort', resolve, { once: true }));
        rest = Promise.race([journal.restore({ onScreen, signal: ended.signal }), end]).then(() => {
          rest = null;
        });
      }),
    rest: () => rest,
    after: (run) => void (rest ? rest.then(run) : run()),
    end: () => ended.abort(),
  };
}
