import { intent } from '../world/intent.ts';
import type { Action } from './action.ts';

/** Past the outbox, by somebody who wants to know now: after what waits in its lane, or not at all. */
export const live: Action = {
  name: 'live',
  weight: 2,
  since: 2,
  run({ world, random, visible, make }) {
    const rows = visible('Todo').filter(({ _version }) => Number(_version) > 0);
    if (rows.length === 0) return;
    const seen = random.pick(rows);
    const wanted = { set: { title: world.tickets.text() }, stale: true, live: true };
    make(intent('update', 'Todo', String(seen.id), seen, wanted), { queue: false });
  },
};
