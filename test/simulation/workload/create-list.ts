import { intent } from '../world/intent.ts';
import type { Action } from './action.ts';

/** A list, and at once things on it, which need it to be there first. */
export const createList: Action = {
  name: 'create-list',
  weight: 3,
  run({ world, device, random, make }) {
    const { tickets } = world;
    const id = tickets.entity('List', device.isCompacting);
    make(intent('create', 'List', id, null, { set: { name: tickets.text() }, join: { audience: [] } }));
    for (let count = random.integer(3); count > 0; count--) {
      const set = { title: tickets.text(), done: false, listId: id };
      make(intent('create', 'Todo', tickets.entity('Todo', device.isCompacting), null, { set, add: { votes: 0 }, join: { tags: [] } }));
    }
  },
};
