import type { Violation } from './oracles/oracle.ts';
import type { Plan } from './plan.ts';
import { simulate, type Verdict } from './simulation.ts';
import type { PlantedBug } from './world/world.ts';

export interface ShrinkOptions {
  readonly planted?: PlantedBug | null;
  /** Runs to spend. Default 200. */
  readonly maxRuns?: number;
}

/**
 * Makes a failing run smaller while it still breaks the same promise: fewer steps, fewer faults, fewer devices. By delta
 * debugging: halves are tried first, single ones last.
 */
export async function shrink(failing: Verdict, options: ShrinkOptions = {}): Promise<Verdict> {
  const { planted = null, maxRuns = 200 } = options;
  const broken = new Set(failing.violations.map(({ invariant }) => invariant));
  let best = failing;
  let runs = 0;

  const attempt = async (plan: Plan): Promise<boolean> => {
    if (runs >= maxRuns) return false;
    runs += 1;
    const verdict = await simulate(plan, planted).catch(() => null);
    if (verdict === null || !verdict.violations.some(({ invariant }: Violation) => broken.has(invariant))) return false;
    best = { ...verdict, plan };
    return true;
  };

  // From here on the faults are those that struck, one by one.
  const pinned: Plan = { ...failing.plan, only: failing.struck };
  if (!(await attempt(pinned))) return failing;
  for (let before = -1; before !== sizeOf(best.plan) && runs < maxRuns; ) {
    before = sizeOf(best.plan);
    await reduce(
      () => best.plan.devices,
      (devices) =>
        attempt({ ...best.plan, devices, steps: best.plan.steps.filter(({ device }) => devices.some(({ name }) => name === device)) }),
      1,
    );
    await reduce(
      () => best.plan.steps,
      (steps) => attempt({ ...best.plan, steps: withTimes(best.plan.steps, steps) }),
    );
    await reduce(
      () => best.plan.only ?? [],
      (only) => attempt({ ...best.plan, only }),
    );
    const single = best.plan.devices.map((device) => ({ ...device, tabs: 1 }));
    if (best.plan.devices.some(({ tabs }) => tabs > 1)) await attempt({ ...best.plan, devices: single });
  }
  // What was planned and never struck is of no interest.
  const struck = new Set(best.struck.map(({ fault, site }) => `${fault} ${site}`));
  await attempt({ ...best.plan, only: (best.plan.only ?? []).filter(({ fault, site }) => struck.has(`${fault} ${site}`)) });
  return best;
}

/** The steps that are left keep their distance from the beginning. */
function withTimes(all: Plan['steps'], kept: Plan['steps']): Plan['steps'] {
  let carried = 0;
  const left = new Set(kept);
  return all.flatMap((step) => {
    carried += step.afterMs;
    if (!left.has(step)) return [];
    const timed = { ...step, afterMs: carried };
    carried = 0;
    return [timed];
  });
}

async function reduce<T>(current: () => readonly T[], attempt: (items: readonly T[]) => Promise<boolean>, least = 0): Promise<void> {
  for (let size = Math.ceil(current().length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < current().length; ) {
      const items = current();
      const without = [...items.slice(0, at), ...items.slice(at + size)];
      if (without.length < least || without.length === items.length || !(await attempt(without))) at += size;
    }
  }
}

const sizeOf = ({ steps, only, devices }: Plan): number => steps.length + (only?.length ?? 0) + devices.length;
