import type { Action } from './action.ts';

export const renameList: Action = {
  name: 'rename-list',
  weight: 2,
  run({ world, edit }) {
    edit('List', () => ({ set: { name: world.tickets.text() } }));
  },
};
