import type { Action } from './action.ts';

/** A form with several fields. */
export const editSeveral: Action = {
  name: 'edit-several',
  weight: 4,
  run({ world, random, edit }) {
    const { tickets } = world;
    edit('Todo', (seen) => ({
      set: {
        ...(random.chance(0.5) ? { title: tickets.text() } : {}),
        ...(random.chance(0.5) ? { done: seen.done !== true } : {}),
        ...(random.chance(0.5) ? { color: tickets.text() } : {}),
        note: random.pick([null, tickets.text()]),
      },
      ...(random.chance(0.5) ? { add: { votes: 1 } } : {}),
      ...(random.chance(0.5) ? { join: { tags: [tickets.text()] } } : {}),
    }));
  },
};
