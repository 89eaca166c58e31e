import type { EventFault } from './fault.ts';

/** The server forgets what was deleted long ago; whoever was away longer than that has to start anew. */
export const tombstonesCollected: EventFault = {
  name: 'tombstones-collected',
  says: 'was there when old tombstones were collected',
  at: 'event',
  weight: 2,
  async run({ world, random }) {
    if (world.server.isUp) await world.server.collect(random.pick([0, 60_000, 24 * 3_600_000]));
  },
};
