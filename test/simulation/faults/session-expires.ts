import type { EventFault } from './fault.ts';

/** The server forgets who is signed in; somebody signs in again some time. */
export const sessionExpires: EventFault = {
  name: 'session-expires',
  says: 'had its session expire',
  at: 'event',
  weight: 2,
  run({ world, device, random }) {
    world.server.expire(device.session);
    world.until(random.integer(120_000), () => {
      device.signInAgain();
      for (const tab of device.tabs) if (tab.isReady) tab.offline.outbox.resume();
    });
  },
};
