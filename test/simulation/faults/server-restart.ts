import type { EventFault } from './fault.ts';

export const serverRestart: EventFault = {
  name: 'server-restart',
  says: 'was without the server for a while',
  at: 'event',
  weight: 2,
  run({ world, random }) {
    world.server.kill();
    world.restartServer(random.integer(30_000));
  },
};
