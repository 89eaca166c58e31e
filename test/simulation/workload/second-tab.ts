import type { Action } from './action.ts';

export const secondTab: Action = {
  name: 'second-tab',
  weight: 1,
  run({ device }) {
    if (device.tabs.length < 3) device.open();
  },
};
