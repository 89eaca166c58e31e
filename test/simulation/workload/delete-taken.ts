import { intent } from '../world/intent.ts';
import type { Action } from './action.ts';

/** Makes room for `create-taken`: what was deleted comes to be again, and again. */
export const deleteTaken: Action = {
  name: 'delete-taken',
  weight: 2,
  run({ random, visible, make }) {
    const rows = visible('Todo').filter(({ id }) => String(id).startsWith('taken'));
    if (rows.length === 0) return;
    const seen = random.pick(rows);
    make(intent('delete', 'Todo', String(seen.id), seen));
  },
};
