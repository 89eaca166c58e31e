import { intent } from '../world/intent.ts';
import type { Action } from './action.ts';

/** Ids that several people choose: two create the same one, or one that was deleted comes to be again. */
const TAKEN = ['taken-1', 'taken-2'];

export const createTaken: Action = {
  name: 'create-taken',
  weight: 2,
  run({ world, random, tab, make }) {
    const id = random.pick(TAKEN);
    if (tab.screen.entities.has(`Todo:${id}`)) return;
    make(intent('create', 'Todo', id, null, { set: { title: world.tickets.text(), done: false }, add: { votes: 1 }, join: { tags: [] } }));
  },
};
