import { TODOS } from '../world/app.ts';
import { intent } from '../world/intent.ts';
import { readRows } from '../world/screen.ts';
import type { Action } from './action.ts';

const AGAIN_MS = 700;

/**
 * A form that is the only one open: whoever finds it taken waits for it. It is saved twice, sometimes in a lift: then its lease is over
 * when that arrives, and somebody else's form is open. Not drawn with the others: the plan says in which worlds people do this.
 */
export const lease: Action = {
  name: 'lease',
  weight: 0,
  run({ world, device, tab, random, visible, make }) {
    const id = visible('Todo').find(({ _version }) => Number(_version) > 0)?.id;
    if (id === undefined) return;
    const ttlMs = 1_000 + random.integer(4_000);
    const saveAfterMs = random.integer(2 * ttlMs);
    const byTitle = random.chance(0.5);
    const inLift = random.chance(0.3);
    let isOver = false;
    let release = (): void => undefined;
    world.until(2_000 + random.integer(15_000), () => {
      isOver = true;
      release();
    });
    const save = (): void => {
      // The answer that this waited for may have been another form's as well, which has been saved in this very turn.
      const seen = readRows(tab.cache, TODOS, 'todos', true)?.get(`Todo:${id}`) ?? visible('Todo').find((each) => each.id === id);
      if (!tab.isReady || seen === undefined) return;
      make(intent('update', 'Todo', String(id), seen, byTitle ? { set: { title: world.tickets.text() } } : { add: { votes: 1 } }));
    };
    const ask = (): void => {
      if (isOver || !tab.isReady) return;
      tab.offline.lease('Todo', String(id), { ttlMs }).then(
        (held) => {
          release = () => void held.release();
          if (isOver) return release();
          if (inLift && !device.isAsleep) {
            device.setOnline(false);
            world.until(2 * ttlMs, () => device.setOnline(true));
          }
          save();
          world.clock.after(saveAfterMs, () => void (isOver || save()));
        },
        () => void world.clock.after(AGAIN_MS, () => (device.isAsleep ? device.defer(ask) : ask())),
      );
    };
    ask();
  },
};
