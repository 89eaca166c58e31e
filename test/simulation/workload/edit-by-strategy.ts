import type { Action } from './action.ts';

/** Fields in which the schema says who wins. */
export const editByStrategy: Action = {
  name: 'edit-by-strategy',
  weight: 4,
  run({ world, random, edit }) {
    edit('Todo', () => ({ set: { [random.pick(['color', 'stamp', 'mood'])]: world.tickets.text() } }));
  },
};
