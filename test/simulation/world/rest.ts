import { print } from 'graphql';
import type { Shown } from '../history.ts';
import { LISTS, TODOS } from './app.ts';
import type { Device } from './device.ts';
import { decideAll } from './person.ts';
import { readRows, rowsOf } from './screen.ts';
import type { Tab } from './tab.ts';
import type { SimulatedWorld } from './world.ts';

/** How the world is when every fault has ended, everybody has decided what was theirs to decide, and nothing moves any more. */
export interface Rest {
  readonly tabs: readonly TabAtRest[];
  /** What the server shows each user who asks afresh. */
  readonly fresh: ReadonlyMap<string, ReadonlyMap<string, Shown>>;
  /** Answers that the server keeps, by `user clientId`. */
  readonly kept: ReadonlyMap<string, number>;
}

export interface TabAtRest {
  readonly tab: string;
  readonly user: string;
  /** Its cache without anything pending; `null`: it cannot answer. */
  readonly rows: ReadonlyMap<string, Shown> | null;
}

/** Longer than any backoff, any `Retry-After` and any time-out, several times. */
const PATIENCE_MS = 15 * 60_000;
const ROUNDS = 8;

export async function bringToRest(world: SimulatedWorld): Promise<Rest> {
  const { clock, history, server, devices } = world;
  await healWorld(world);
  history.note({ kind: 'phase', phase: 'healed' });
  for (const device of devices) {
    const users = [
      ...new Set(
        history.events.flatMap((event) => (event.kind === 'opened' && event.tab.startsWith(`${device.name}.`) ? [event.user] : [])),
      ),
    ];
    // Who signed out may have left something behind; whoever is signed in now comes last.
    for (const user of [...users.filter((each) => each !== device.user), device.user]) {
      await signInAs(world, device, user);
      await settleDevice(world, device);
      for (const tab of device.tabs) history.note({ kind: 'listed', tab: tab.name, outbox: tab.outbox() });
    }
  }
  // What one has just sent is news to the others, and may be a conflict.
  for (const device of devices) await settleDevice(world, device);
  history.note({ kind: 'phase', phase: 'quiet' });

  const pulls = devices.flatMap(({ tabs }) =>
    tabs.map((tab) =>
      tab.offline.sync
        .pull()
        .catch((error: unknown) => history.note({ kind: 'note', text: `${tab.name} could not pull: ${String(error)}` })),
    ),
  );
  await patiently(world, Promise.all(pulls));
  await clock.advance(10_000);
  for (const device of devices) for (const tab of device.tabs) history.note({ kind: 'listed', tab: tab.name, outbox: tab.outbox() });
  history.note({ kind: 'phase', phase: 'settled' });

  const users = new Set(devices.map(({ user }) => user));
  const fresh = new Map<string, ReadonlyMap<string, Shown>>();
  for (const user of users) fresh.set(user, await freshRows(world, user));
  const clients = new Set(
    history.events.flatMap((event) =>
      event.kind === 'arrived' && event.delivery.identity && event.delivery.user
        ? [`${event.delivery.user} ${event.delivery.identity.clientId}`]
        : [],
    ),
  );
  const kept = new Map<string, number>();
  for (const client of clients) {
    const [user = '', clientId = ''] = client.split(' ');
    kept.set(client, await server.kept(user, clientId));
  }
  const tabs = devices.flatMap(({ tabs: open }) => open.map((tab) => ({ tab: tab.name, user: tab.user, rows: rootRows(tab) })));
  return { tabs, fresh, kept };
}

async function healWorld(world: SimulatedWorld): Promise<void> {
  world.heal();
  await world.server.start();
  for (const device of world.devices) {
    device.isDeaf = false;
    device.wake();
    device.signInAgain();
    device.setOnline(true);
  }
  await world.clock.advance(REOPENING_MS);
  for (const device of world.devices) {
    if (device.tabs.length === 0) device.open();
  }
  await world.clock.advance(1_000);
}

/** What was closing has closed, what was signing out has signed out. */
const REOPENING_MS = 30_000;

async function signInAs(world: SimulatedWorld, device: Device, user: string): Promise<void> {
  if (device.user === user) return;
  for (const tab of [...device.tabs]) await patiently(world, tab.signOut('keep'));
  for (const tab of [...device.tabs]) tab.crash();
  device.user = user;
  device.signInAgain();
  device.open();
  await world.clock.advance(1_000);
}

/** Until nothing of this device's can move without a person, who then decides; over again, until nothing is left. */
async function settleDevice(world: SimulatedWorld, device: Device): Promise<void> {
  // Who chose to work offline chooses otherwise.
  for (const tab of device.tabs) tab.offline.outbox.resume();
  for (let round = 0; round < ROUNDS; round++) {
    await quiet(world, device);
    if (!(await decideAll(world, device, round))) return;
  }
}

async function quiet(world: SimulatedWorld, device: Device): Promise<void> {
  const until = world.clock.elapsed() + PATIENCE_MS;
  while (device.tabs.some((tab) => !isQuiet(tab)) && world.clock.elapsed() < until) await world.clock.advance(5_000);
}

/** Its page has loaded, and every record is with a person, or waits for one that is. */
function isQuiet(tab: Tab): boolean {
  if (!tab.isReady || rootRows(tab) === null) return false;
  const held = new Set<string>();
  for (const { record, state, waitingFor } of tab.outbox()) {
    if (state !== 'conflict' && state !== 'dead' && !waitingFor.some((other) => held.has(other))) return false;
    held.add(record);
  }
  return true;
}

/** Carries on while time passes: what is awaited may need it. */
async function patiently(world: SimulatedWorld, work: Promise<unknown>): Promise<void> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  for (let waited = 0; !isDone && waited < 300; waited++) await world.clock.advance(1_000);
  if (isDone) await done;
}

async function freshRows({ server }: SimulatedWorld, user: string): Promise<ReadonlyMap<string, Shown>> {
  const todos = await server.query(print(TODOS), {}, user);
  const lists = await server.query(print(LISTS), {}, user);
  return new Map([...rowsOf(todos, 'todos'), ...rowsOf(lists, 'lists')]);
}

function rootRows(tab: Tab): ReadonlyMap<string, Shown> | null {
  const [todos, lists] = [readRows(tab.cache, TODOS, 'todos', false), readRows(tab.cache, LISTS, 'lists', false)];
  return todos && lists && new Map([...todos, ...lists]);
}
