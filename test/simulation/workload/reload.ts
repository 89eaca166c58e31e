import type { Action } from './action.ts';

/** The page is loaded again, as people do when something seems to be stuck. */
export const reload: Action = {
  name: 'reload',
  weight: 3,
  run({ random, device, tab }) {
    if (random.chance(0.5)) tab.crash();
    else void tab.close();
    device.open();
  },
};
