import { wrapStore } from '../world/commit-log.ts';
import type { PlantedBug } from '../world/world.ts';

/** Whoever was away for longer than the tombstones were kept goes on showing what was deleted. */
export const tombstonesWithoutReset: PlantedBug = {
  name: 'tombstones-without-reset',
  says: 'old tombstones are collected, and who comes with an older cursor is not told to start anew',
  breaks: ['I5', 'I8', 'I7'],
  broughtOutBy: ['tombstones-collected'],
  store: (store) =>
    wrapStore(store, {
      get reads() {
        const { reads } = store;
        return Object.create(reads, {
          changes: {
            value: async (query: Parameters<typeof reads.changes>[0]) => ({ ...(await reads.changes(query)), reset: false }),
          },
        }) as typeof reads;
      },
    }),
};
