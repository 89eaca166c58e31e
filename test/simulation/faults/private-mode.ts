import type { EventFault } from './fault.ts';

/** Somebody goes on in a private window of a browser that gives those no storage, and comes back some time. */
export const privateMode: EventFault = {
  name: 'private-mode',
  says: 'went on in a private window, without storage',
  at: 'event',
  weight: 1,
  since: 2,
  applies: ({ device }) => !device.isPrivate,
  run({ world, device, random }) {
    for (const tab of [...device.tabs]) tab.crash();
    device.isPrivate = true;
    device.open();
    world.until(30_000 + random.integer(90_000), () => {
      device.isPrivate = false;
      for (const tab of [...device.tabs]) tab.crash();
    });
  },
};
