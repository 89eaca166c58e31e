import type { Action } from './action.ts';

/** `0` is a value, and so is nothing; the largest that GraphQL has is one too. */
export const editNumber: Action = {
  name: 'edit-number',
  weight: 3,
  run({ random, edit }) {
    edit('Todo', () => ({ set: { rank: random.pick([0, null, 1, -1, 2 ** 31 - 1, -(2 ** 31)]) } }));
  },
};
