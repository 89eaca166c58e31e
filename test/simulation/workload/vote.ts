import type { Action } from './action.ts';

/** Counts, so that a write that is lost or repeated shows. */
export const vote: Action = {
  name: 'vote',
  weight: 5,
  run({ random, edit }) {
    edit('Todo', () => ({ add: { votes: 1 + random.integer(3) } }));
  },
};
