import { LISTS, TODOS } from '../world/app.ts';
import type { Device } from '../world/device.ts';
import { readRows } from '../world/screen.ts';
import type { SimulatedWorld } from '../world/world.ts';
import { type Action, actionContext } from './action.ts';

/** The app lies closed for a while, others work, the worker is woken now and then; and it is opened again, mostly without a network. */
export const pulledAhead: Action = {
  name: 'pulled-ahead',
  weight: 3,
  since: 3,
  async run({ world, random, device }) {
    for (const tab of [...device.tabs]) void (random.chance(0.3) ? tab.crash() : tab.close());
    await world.clock.advance(random.integer(500));
    for (let left = 1 + random.integer(2); left > 0; left--) {
      othersEdit(world, random, device);
      await world.clock.advance(random.integer(5_000));
      const waking = device.wakeWorker('periodicsync');
      // Somebody is back while it is at it, or nobody is for long.
      if (random.chance(0.2)) return;
      await world.clock.advance(20_000);
      const pulled = await Promise.race([waking, Promise.resolve(null)]);
      if (left === 1 && pulled?.report?.pulled?.ended === 'pulled')
        await openOffline(world, random, device, pulled.worker, pulled.report.pulled.pages);
    }
  },
};

function othersEdit(world: SimulatedWorld, random: SimulatedWorld['random'], device: Device): void {
  for (const other of world.devices) {
    const tab = other.tabs.find(({ isReady }) => isReady);
    if (other === device || other.isAsleep || !tab) continue;
    const { edit } = actionContext(world, other, tab, random.fork(other.name));
    edit('Todo', () => ({ set: { title: world.tickets.text() } }));
  }
}

async function openOffline(
  world: SimulatedWorld,
  random: SimulatedWorld['random'],
  device: Device,
  worker: string,
  pages: number,
): Promise<void> {
  if (device.tabs.length > 0 || device.isAsleep) return;
  device.setOnline(false);
  const tab = device.open();
  await world.clock.advance(3_000);
  if (tab.isReady && !device.isPrivate) {
    const lists = [
      ['Todo', readRows(tab.cache, TODOS, 'todos', true)],
      ['List', readRows(tab.cache, LISTS, 'lists', true)],
    ] as const;
    world.history.note({
      kind: 'ahead',
      worker,
      tab: tab.name,
      pages,
      types: lists.flatMap(([typename, rows]) => (rows ? [typename] : [])),
      versions: Object.fromEntries(lists.flatMap(([, rows]) => [...(rows ?? [])].map(([entity, { _version }]) => [entity, _version]))),
    });
  }
  world.until(random.integer(10_000), () => device.setOnline(true));
}
