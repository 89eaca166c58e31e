import type { EventFault } from './fault.ts';

/**
 * A copy of the device's disk is made, and some time later it is set up from that copy: what was sent since waits once more. Not where
 * records become one: the copy has them apart again, under keys that were never sent.
 */
export const diskRolledBack: EventFault = {
  name: 'disk-rolled-back',
  says: 'had its disk copied, to be put back to that soon',
  at: 'event',
  weight: 2,
  since: 2,
  applies: ({ device }) => !device.isCompacting,
  run({ world, device, random }) {
    const copy = structuredClone(device.platter);
    const to = world.history.events.length;
    world.until(random.integer(120_000), () => {
      for (const tab of [...device.tabs]) tab.crash();
      for (const part of ['outbox', 'cache'] as const) {
        device.platter[part].clear();
        for (const [key, value] of copy[part]) device.platter[part].set(key, value);
      }
      world.history.note({ kind: 'rolledBack', device: device.name, to });
    });
  },
};
