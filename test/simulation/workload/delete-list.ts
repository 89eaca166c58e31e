import { intent } from '../world/intent.ts';
import type { Action } from './action.ts';

/** What refers to it goes on referring to it. */
export const deleteList: Action = {
  name: 'delete-list',
  weight: 1,
  run({ random, visible, make }) {
    const rows = visible('List');
    if (rows.length === 0) return;
    const seen = random.pick(rows);
    make(intent('delete', 'List', String(seen.id), seen));
  },
};
