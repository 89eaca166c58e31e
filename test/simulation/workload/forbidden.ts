import { FORBIDDEN } from '../world/app.ts';
import { intent } from '../world/intent.ts';
import type { Action } from './action.ts';

/** What the server refuses for good; and something that stands on it. */
export const forbidden: Action = {
  name: 'forbidden',
  weight: 1,
  run({ world, device, random, visible, make, edit }) {
    const { tickets } = world;
    if (random.chance(0.5) && visible('Todo').length > 0) return edit('Todo', () => ({ set: { title: null }, forbidden: true }));
    const set = { title: `${FORBIDDEN} ${tickets.text()}`, done: false };
    make(
      intent('create', 'Todo', tickets.entity('Todo', device.isCompacting), null, {
        set,
        add: { votes: 0 },
        join: { tags: [] },
        forbidden: true,
      }),
    );
  },
};
