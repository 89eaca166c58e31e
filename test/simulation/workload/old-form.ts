import type { Shown } from '../history.ts';
import { intent } from '../world/intent.ts';
import type { Action } from './action.ts';

/** A form that was opened a while ago: it is saved with what stood there then, and says which version that was. */
export const oldForm: Action = {
  name: 'old-form',
  weight: 2,
  run({ world, random, visible, make, tab }) {
    const rows = visible('Todo').filter(({ _version }) => _version !== 0);
    if (rows.length === 0) return;
    const seen: Shown = random.pick(rows);
    const set = random.chance(0.5) ? { title: world.tickets.text() } : { note: world.tickets.text(), done: seen.done !== true };
    world.clock.after(random.integer(30_000), () => {
      if (tab.isReady) make(intent('update', 'Todo', String(seen.id), seen, { set, stale: true }));
    });
  },
};
