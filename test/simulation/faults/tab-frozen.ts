import type { EventFault } from './fault.ts';

/** The platform stops a tab in the background, having told it or not, and lets it run again after a while. */
export const tabFrozen: EventFault = {
  name: 'tab-frozen',
  says: 'froze a tab',
  at: 'event',
  weight: 2,
  run({ world, device, random }) {
    const ready = device.tabs.filter((tab) => tab.isReady);
    if (ready.length === 0) return;
    const tab = random.pick(ready);
    tab.freeze(random.chance(0.6));
    world.until(5_000 + random.integer(300_000), () => tab.thaw());
  },
};
