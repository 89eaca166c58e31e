import type { EventFault } from './fault.ts';

const DAY_MS = 24 * 3_600_000;

/** The lid is closed, for minutes or for weeks. The others go on for a while; the long nights are everybody's. */
export const asleep: EventFault = {
  name: 'asleep',
  says: 'slept',
  at: 'event',
  weight: 2,
  async run({ world, device, random }) {
    device.sleep();
    if (random.chance(0.6)) return world.until(Math.round(random.next() * 300_000), () => device.wake());
    await world.night(Math.round(1 + random.next() * 40) * DAY_MS);
    // It sleeps on for a while after the others are up again.
    world.until(random.integer(120_000), () => device.wake());
  },
};
