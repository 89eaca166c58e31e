import { FORBIDDEN } from './app.ts';
import type { Device } from './device.ts';
import type { Tab } from './tab.ts';
import type { SimulatedWorld } from './world.ts';

/** After so many rounds people give up, so that every run comes to its end. */
const STUBBORN_ROUNDS = 4;

/** The person at a device decides everything that is theirs to decide. Returns whether there was anything. */
export async function decideAll(world: SimulatedWorld, device: Device, round: number): Promise<boolean> {
  let isAny = false;
  for (const tab of device.tabs) {
    if (!tab.isReady) continue;
    for (;;) {
      const next = tab.outbox().find(({ state }) => state === 'conflict' || state === 'dead');
      if (next === undefined) break;
      isAny = true;
      await decide(world, tab, next.record, round);
      await world.clock.settle();
      const still = tab.outbox().find(({ record }) => record === next.record);
      // It could not be decided now: the next round tries again.
      if (still && (still.state === 'conflict' || still.state === 'dead')) break;
    }
  }
  return isAny;
}

/** One decision about one record, by chance. */
export async function decide(world: SimulatedWorld, tab: Tab, record: string, round = 0): Promise<void> {
  const listed = tab.outbox().find((each) => each.record === record);
  if (listed?.state === 'conflict') return decideConflict(world, tab, record, round);
  if (listed?.state === 'dead') return decideDeadLetter(world, tab, record, round);
}

async function decideConflict(world: SimulatedWorld, tab: Tab, record: string, round: number): Promise<void> {
  const { history, tickets } = world;
  const random = world.random.fork(`conflict ${tickets.ofRecord(record) ?? record} ${round}`);
  const conflict = tab.offline.conflicts.records().find(({ id }) => id === record);
  if (!conflict) return;
  const ticket = ticketOf(world, tab, record);
  const isText = typeof conflict.local.title === 'string';
  const how =
    round >= STUBBORN_ROUNDS ? 'remote' : random.pick(isText ? (['local', 'remote', 'value'] as const) : (['local', 'remote'] as const));
  const set = how === 'value' ? { title: tickets.text() } : undefined;
  try {
    const done = tab.offline.conflicts.resolve(record, set ? { value: set } : { take: how === 'remote' ? 'remote' : 'local' });
    history.note({ kind: 'decided', ticket, record, device: tab.device.name, how, ...(set ? { set } : {}) });
    await done;
  } catch (error) {
    // Nothing is left to restore it from: what remains is to let it go.
    history.note({ kind: 'note', text: `${tab.name} could not take ${how}: ${String(error)}` });
    if (how === 'remote') return;
    history.note({ kind: 'decided', ticket, record, device: tab.device.name, how: 'remote' });
    await tab.offline.conflicts
      .resolve(record, { take: 'remote' })
      .catch((again: unknown) => history.note({ kind: 'note', text: String(again) }));
  }
}

async function decideDeadLetter(world: SimulatedWorld, tab: Tab, record: string, round: number): Promise<void> {
  const { history, tickets } = world;
  const random = world.random.fork(`dead letter ${tickets.ofRecord(record) ?? record} ${round}`);
  const dead = tab.offline.outbox.records().find(({ id }) => id === record);
  if (!dead) return;
  const ticket = ticketOf(world, tab, record);
  const input = dead.variables.input as Readonly<Record<string, unknown>> | undefined;
  const isForbidden = String(input?.title ?? '').startsWith(FORBIDDEN);
  const how =
    round >= STUBBORN_ROUNDS ? 'discard' : random.pick(isForbidden ? (['edit', 'discard'] as const) : (['retry', 'discard'] as const));
  const set = how === 'edit' ? { title: tickets.text() } : undefined;
  try {
    if (how === 'discard') {
      noteDiscarded(world, tab, record);
      await tab.offline.outbox.discard(record);
      return;
    }
    history.note({ kind: 'decided', ticket, record, device: tab.device.name, how, ...(set ? { set } : {}) });
    await (set ? tab.offline.outbox.edit(record, { input: { ...input, ...set } }) : tab.offline.outbox.retry(record));
  } catch (error) {
    history.note({ kind: 'note', text: `${tab.name} could not ${how}: ${String(error)}` });
  }
}

/** What goes with a record: whatever has become one with it, and all that needs it. */
export function noteDiscarded(world: SimulatedWorld, tab: Tab, record: string): void {
  for (const id of [record, ...tab.offline.outbox.dependents(record).map((dependent) => dependent.id)])
    for (const ticket of new Set([ticketOf(world, tab, id), ...world.merges.ticketsIn(id)]))
      world.history.note({ kind: 'decided', ticket, record: id, device: tab.device.name, how: 'discard' });
}

function ticketOf(world: SimulatedWorld, tab: Tab, record: string): string {
  const known = world.tickets.ofRecord(record) ?? tab.outbox().find((each) => each.record === record)?.ticket;
  return known ?? `record ${record}`;
}
