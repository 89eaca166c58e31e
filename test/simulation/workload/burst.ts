import type { Action } from './action.ts';

/** Many edits of one thing in one breath, as a slider or a stepper makes them. */
export const burst: Action = {
  name: 'burst',
  weight: 2,
  async run({ random, edit, world }) {
    for (let count = 3 + random.integer(5); count > 0; count--) {
      // Each from what the one before shows.
      await world.clock.settle();
      edit('Todo', () => (count % 2 === 0 ? { add: { votes: 1 } } : { set: { title: world.tickets.text() } }));
    }
  },
};
