import type { Action } from './action.ts';

/** Adds a line to a text that others write in too, and sometimes takes one away. */
export const editText: Action = {
  name: 'edit-text',
  weight: 4,
  run({ world, random, edit }) {
    edit('Todo', (seen) => {
      const lines = String(seen.memo ?? '').match(/[^\n]*\n/g) ?? [];
      const left = lines.length > 0 && random.chance(0.2) ? lines.filter((line) => line !== random.pick(lines)) : lines;
      const place = random.integer(left.length + 1);
      return { set: { memo: [...left.slice(0, place), `${world.tickets.text()}\n`, ...left.slice(place)].join('') } };
    });
  },
};
