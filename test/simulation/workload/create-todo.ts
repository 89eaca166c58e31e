import { intent } from '../world/intent.ts';
import type { Action } from './action.ts';

export const createTodo: Action = {
  name: 'create-todo',
  weight: 6,
  run({ world, device, random, visible, make }) {
    const lists = visible('List');
    const list = lists.length > 0 && random.chance(0.5) ? { listId: random.pick(lists).id } : {};
    const set = { title: world.tickets.text(), done: random.chance(0.3), ...list };
    make(
      intent('create', 'Todo', world.tickets.entity('Todo', device.isCompacting), null, {
        set,
        add: { votes: random.integer(3) },
        join: { tags: [] },
      }),
    );
  },
};
