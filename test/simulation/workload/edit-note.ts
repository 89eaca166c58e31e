import type { Action } from './action.ts';

/** Text that may be empty, or nothing, or beyond ASCII. */
export const editNote: Action = {
  name: 'edit-note',
  weight: 4,
  run({ world, random, edit }) {
    edit('Todo', () => ({ set: { note: random.pick(['', null, `naïve ☃ 𝒳\u0000 ${world.tickets.text()}`, world.tickets.text()]) } }));
  },
};
