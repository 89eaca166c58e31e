import type { Shown } from '../history.ts';
import type { Action } from './action.ts';

/** Adds and removes members of a set. */
export const label: Action = {
  name: 'label',
  weight: 5,
  run({ world, random, edit }) {
    edit('Todo', (seen: Shown) => {
      const tags = seen.tags as readonly string[];
      const leave = tags.length > 0 && random.chance(0.4) ? [random.pick(tags)] : [];
      const join = leave.length === 0 || random.chance(0.3) ? [world.tickets.text()] : [];
      return { join: { tags: join }, leave: { tags: leave } };
    });
  },
};
