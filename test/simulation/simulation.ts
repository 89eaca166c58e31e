import type { Struck } from './decisions.ts';
import { FAULTS } from './faults/index.ts';
import { type Event, eventsOf } from './history.ts';
import { readEvidence } from './oracles/evidence.ts';
import { ORACLES } from './oracles/index.ts';
import type { Violation } from './oracles/oracle.ts';
import type { Plan } from './plan.ts';
import { actionContext } from './workload/action.ts';
import { WORKLOAD } from './workload/index.ts';
import type { Device } from './world/device.ts';
import { bringToRest, type Rest } from './world/rest.ts';
import { createSimulatedWorld, type PlantedBug, type SimulatedWorld } from './world/world.ts';

/** What one run came to. */
export interface Verdict {
  readonly plan: Plan;
  readonly violations: readonly Violation[];
  readonly events: readonly Event[];
  readonly struck: readonly Struck[];
  /** The same for every run of the same plan. */
  readonly hash: string;
  readonly mutations: number;
  /** How often each fault struck. */
  readonly faults: Readonly<Record<string, number>>;
  readonly simulatedMs: number;
}

/** A tab that is gone is opened again after so long, at most. */
const REOPEN_MS = 20_000;

/** Lives one world from its beginning to rest, and asks every oracle. */
export async function simulate(plan: Plan, planted: PlantedBug | null = null): Promise<Verdict> {
  const world = await createSimulatedWorld(plan, planted);
  try {
    const counts: Record<string, number> = {};
    for (const [index, { tabs }] of plan.devices.entries()) {
      for (let count = 0; count < tabs; count++) world.devices[index]?.open();
      await world.clock.settle();
    }
    await world.clock.advance(2_000);
    for (const step of plan.steps) {
      await world.clock.advance(step.afterMs);
      await takeStep(world, step, counts);
      await world.clock.settle();
      reopen(world);
    }
    const rest = await bringToRest(world);
    return judge(world, rest, counts);
  } finally {
    await world.close();
  }
}

async function takeStep(world: SimulatedWorld, step: Plan['steps'][number], counts: Record<string, number>): Promise<void> {
  const device = world.devices.find(({ name }) => name === step.device);
  if (!device) return;
  const random = world.random.fork(`step ${step.number}`);
  world.history.note({ kind: 'step', step: step.number, device: device.name, action: step.action });
  const fault = FAULTS.find(({ name }) => name === step.action);
  if (fault?.at === 'event') {
    const context = { world, device, random };
    if (fault.applies?.(context) === false) return;
    counts[fault.name] = (counts[fault.name] ?? 0) + 1;
    await fault.run(context);
  } else await act(world, device, step.action, random);
}

/** Whoever has lost the page opens it again, after a while. */
function reopen(world: SimulatedWorld): void {
  for (const device of world.devices) {
    if (device.tabs.length > 0 || device.isReopening) continue;
    device.isReopening = true;
    world.until(world.random.fork(`${device.name} at ${world.clock.elapsed()}`).integer(REOPEN_MS), () => {
      device.isReopening = false;
      if (device.tabs.length === 0) device.open();
    });
  }
}

async function act(world: SimulatedWorld, device: Device, name: string, random: SimulatedWorld['random']): Promise<void> {
  const action = WORKLOAD.find((each) => each.name === name);
  if (action === undefined)
    throw new Error(`expected a kind of action or a fault that happens by itself, got ${name}; see workload/ and faults/`);
  const ready = device.isAsleep ? [] : device.tabs.filter((tab) => tab.isReady);
  if (ready.length === 0) return;
  await action.run(actionContext(world, device, random.pick(ready), random));
}

function judge(world: SimulatedWorld, rest: Rest, counts: Record<string, number>): Verdict {
  const { history, decisions, plan, clock } = world;
  const evidence = readEvidence(history.events, rest);
  const violations = ORACLES.flatMap((oracle) => oracle.judge(evidence).map((found) => ({ invariant: oracle.invariant, ...found })));
  for (const { fault } of decisions.struck) counts[fault] = (counts[fault] ?? 0) + 1;
  return {
    plan,
    violations,
    events: history.events,
    struck: decisions.struck,
    hash: history.hash(),
    mutations: eventsOf(history.events, 'made').length,
    faults: counts,
    simulatedMs: clock.elapsed(),
  };
}
