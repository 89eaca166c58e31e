import type { EventFault } from './fault.ts';

export const tabClosed: EventFault = {
  name: 'tab-closed',
  says: 'closed a tab',
  at: 'event',
  weight: 3,
  run({ device, random }) {
    const ready = device.tabs.filter((tab) => tab.isReady);
    // Whether it comes to its end is seen later: its disk may fail meanwhile.
    if (ready.length > 0) void random.pick(ready).close();
  },
};
