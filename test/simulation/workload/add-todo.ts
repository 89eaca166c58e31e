import { intent } from '../world/intent.ts';
import type { Action } from './action.ts';

/** A thing to do whose id the server makes: until it has, the thing goes by another one, and so does whatever is done to it. */
export const addTodo: Action = {
  name: 'add-todo',
  weight: 3,
  since: 2,
  run({ world, random, tab, make }) {
    const id = world.tickets.temporary();
    const parts = { set: { title: world.tickets.text(), done: false }, add: { votes: 0 }, join: { tags: [] }, numbered: true };
    make(intent('create', 'Todo', id, null, parts));
    if (random.chance(0.4)) return;
    // And something about it at once.
    world.clock.after(random.integer(100), () => {
      const seen = tab.screen.entities.get(`Todo:${id}`);
      if (tab.isReady && seen !== undefined) make(intent('update', 'Todo', id, seen, { set: { note: world.tickets.text() } }));
    });
  },
};
