import type { Action } from './action.ts';

/** The field over which people clash. */
export const editTitle: Action = {
  name: 'edit-title',
  weight: 6,
  run({ world, edit }) {
    edit('Todo', () => ({ set: { title: world.tickets.text() } }));
  },
};
