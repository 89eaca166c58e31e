import type { Shown } from '../history.ts';
import { intent } from '../world/intent.ts';
import type { Action } from './action.ts';

export const deleteTodo: Action = {
  name: 'delete-todo',
  weight: 3,
  run({ random, visible, make }) {
    const rows = visible('Todo');
    if (rows.length < 2) return;
    const seen = rows[random.integer(rows.length)] as Shown;
    make(intent('delete', 'Todo', String(seen.id), seen));
  },
};
