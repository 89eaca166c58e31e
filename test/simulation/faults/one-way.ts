import type { EventFault } from './fault.ts';

/** Requests arrive; no answer comes back. */
export const oneWay: EventFault = {
  name: 'one-way',
  says: 'could be heard, and heard nothing',
  at: 'event',
  weight: 2,
  run({ world, device, random }) {
    device.isDeaf = true;
    world.until(Math.round(1_000 + random.next() * 60_000), () => {
      device.isDeaf = false;
    });
  },
};
