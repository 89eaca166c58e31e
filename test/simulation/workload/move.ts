import type { Action } from './action.ts';

/** Changes a reference from one type to another; to nothing, now and then. */
export const move: Action = {
  name: 'move',
  weight: 3,
  run({ random, visible, edit }) {
    const lists = visible('List');
    edit('Todo', () => ({ set: { listId: lists.length === 0 || random.chance(0.3) ? null : random.pick(lists).id } }));
  },
};
