import type { EventFault } from './fault.ts';

export const tabCrashed: EventFault = {
  name: 'tab-crashed',
  says: 'lost a tab without a word',
  at: 'event',
  weight: 4,
  run({ device, random }) {
    if (device.tabs.length > 0) random.pick(device.tabs).crash();
  },
};
