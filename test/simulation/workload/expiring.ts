import { intent } from '../world/intent.ts';
import type { Action } from './action.ts';

/** Worth something only for a while. */
export const expiring: Action = {
  name: 'expiring',
  weight: 1,
  run({ random, visible, make }) {
    const [seen] = visible('Todo');
    if (seen)
      make(intent('update', 'Todo', String(seen.id), seen, { add: { votes: 1 } }), {
        plain: false,
        expiresAfterMs: 500 + random.integer(20_000),
      });
  },
};
