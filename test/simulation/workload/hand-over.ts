import type { Action } from './action.ts';

/** Somebody edits in a second tab, and closes the first one, which sends for both, at once. */
export const handOver: Action = {
  name: 'hand-over',
  weight: 1,
  run({ world, device, random, tab, edit }) {
    const [leader] = device.tabs;
    edit('Todo', () => ({ set: { title: world.tickets.text() } }));
    if (leader === undefined || leader === tab || !leader.isReady) return void (device.tabs.length < 3 && device.open());
    world.until(random.integer(400), () => void (random.chance(0.5) ? leader.crash() : leader.close()));
  },
};
