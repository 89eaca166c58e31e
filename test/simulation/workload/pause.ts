import type { Action } from './action.ts';

/** Offline by choice, for a while. */
export const pause: Action = {
  name: 'pause',
  weight: 1,
  run({ world, random, device, tab }) {
    tab.offline.outbox.pause();
    world.until(random.integer(60_000), () => {
      for (const open of device.tabs) if (open.isReady) open.offline.outbox.resume();
    });
  },
};
