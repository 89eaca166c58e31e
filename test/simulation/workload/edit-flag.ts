import type { Action } from './action.ts';

/** `false` is a value. */
export const editFlag: Action = {
  name: 'edit-flag',
  weight: 4,
  run({ edit }) {
    edit('Todo', (seen) => ({ set: { done: seen.done !== true } }));
  },
};
