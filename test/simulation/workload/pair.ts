import { intent } from '../world/intent.ts';
import type { Action } from './action.ts';

/** A mutation of the application's own, over two entities. */
export const pair: Action = {
  name: 'pair',
  weight: 2,
  run({ world, random, visible, make }) {
    const [a, ...others] = visible('Todo').filter(({ _version }) => _version !== 0);
    if (a === undefined || others.length === 0) return;
    make(intent('pair', 'Todo', String(a.id), a, { other: String(random.pick(others).id), set: { twin: world.tickets.text() } }));
  },
};
