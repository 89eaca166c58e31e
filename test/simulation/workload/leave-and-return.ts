import type { Action } from './action.ts';

/** The page is hidden, and shown again: what is unwritten is written. */
export const leaveAndReturn: Action = {
  name: 'leave-and-return',
  weight: 2,
  run({ world, random, tab }) {
    tab.lifecycle.emit('hide');
    world.until(random.integer(5_000), () => tab.isReady && tab.lifecycle.emit('show'));
  },
};
