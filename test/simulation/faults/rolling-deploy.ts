import type { EventFault } from './fault.ts';

/** For a while every other request meets a server of another release, which does not speak this version of the protocol. */
export const rollingDeploy: EventFault = {
  name: 'rolling-deploy',
  says: 'was there when servers of another protocol version took over, one by one',
  at: 'event',
  weight: 2,
  since: 2,
  applies: ({ world }) => !world.server.isRolling,
  run({ world, random }) {
    world.server.isRolling = true;
    world.until(10_000 + random.integer(110_000), () => {
      world.server.isRolling = false;
    });
  },
};
