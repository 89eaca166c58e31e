import type { EventFault } from './fault.ts';

/** The server's clock is set back or forward a little: nothing may be ordered by it. */
export const serverClockJump: EventFault = {
  name: 'server-clock-jump',
  says: 'met a server with another idea of the time',
  at: 'event',
  weight: 1,
  run({ world, random }) {
    world.server.skewMs += random.pick([-600_000, -5_000, 5_000, 600_000]);
  },
};
