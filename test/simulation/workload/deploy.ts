import type { Action } from './action.ts';

/** A new version of the app is out: the page that is loaded next runs it, beside tabs of the one before, and rewrites what waits. */
export const deploy: Action = {
  name: 'deploy',
  weight: 1,
  run({ random, device, tab }) {
    // Now and then it is taken back.
    device.appVersion += device.appVersion > 1 && random.chance(0.2) ? -1 : 1;
    if (random.chance(0.5)) tab.crash();
    else void tab.close();
    device.open();
  },
};
