import type { Action } from './action.ts';

/** Somebody edits, closes every tab, and the browser wakes the worker: with nobody there, or just as somebody is back. */
export const allClosed: Action = {
  name: 'all-closed',
  weight: 2,
  async run({ world, random, device, edit }) {
    edit('Todo', () => ({ set: { title: world.tickets.text() } }));
    await world.clock.advance(random.integer(300));
    for (const tab of [...device.tabs]) void (random.chance(0.5) ? tab.crash() : tab.close());
    await world.clock.advance(random.integer(2_000));
    void device.wakeWorker();
    await world.clock.advance(random.integer(3_000));
  },
};
