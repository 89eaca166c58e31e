import { intent } from '../world/intent.ts';
import type { Action } from './action.ts';

/** No use later: the application has said what to do instead when it could not be sent in time. */
export const urgent: Action = {
  name: 'urgent',
  weight: 1,
  since: 2,
  run({ world, random, visible, make }) {
    const [seen] = visible('Todo');
    if (seen === undefined) return;
    const wanted = { set: { color: world.tickets.text() }, urgent: true };
    make(intent('update', 'Todo', String(seen.id), seen, wanted), { plain: false, expiresAfterMs: 500 + random.integer(20_000) });
  },
};
