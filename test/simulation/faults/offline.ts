import type { EventFault } from './fault.ts';

/** The wire is cut for a while. The platform may not notice, and may be wrong about when it is back. */
export const offline: EventFault = {
  name: 'offline',
  says: 'was offline',
  at: 'event',
  weight: 5,
  run({ world, device, random }) {
    device.setOnline(false, random.chance(0.7));
    const told = random.chance(0.7);
    world.until(Math.round(500 + random.next() ** 3 * 600_000), () => device.setOnline(true, told));
  },
};
