import type { PlantedBug } from '../world/world.ts';

/** How long a slow disk takes: the window in which a crash shows the mistake. */
const SLOW_MS = 10_000;

const isAcknowledged = (value: unknown): boolean => (value as { readonly state?: string } | null)?.state === 'acknowledged';

/** After a crash neither the outbox nor the cache on disk knows of the write that was just acknowledged. */
export const removedBeforeJournal: PlantedBug = {
  name: 'removed-before-journal',
  says: 'an acknowledged record is removed before the cache on disk holds its result',
  breaks: ['I10', 'I2'],
  broughtOutBy: ['tab-crashed', 'crash-after-write', 'crash-before-write'],
  ports: (ports) => ({
    ...ports,
    outbox: {
      ...ports.outbox,
      put: (key, value) => (isAcknowledged(value) ? ports.outbox.remove(key) : ports.outbox.put(key, value)),
      async putMany(pairs) {
        for (const [key, value] of pairs) await this.put(key, value);
      },
    },
    cache: {
      ...ports.cache,
      async put(key, value) {
        await new Promise<void>((resolve) => void ports.clock.after(SLOW_MS, resolve));
        return ports.cache.put(key, value);
      },
      async putMany(pairs) {
        await new Promise<void>((resolve) => void ports.clock.after(SLOW_MS, resolve));
        for (const [key, value] of pairs) await ports.cache.put(key, value);
      },
    },
  }),
};
