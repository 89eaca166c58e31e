import { createSeededRandom, type SeededRandom } from '../harness/index.ts';
import type { Fault } from './faults/fault.ts';
import { FAULTS } from './faults/index.ts';
import type { Step } from './plan.ts';
import type { Action } from './workload/action.ts';
import { WORKLOAD } from './workload/index.ts';

export const FIRST = 1;

export const isOfTheFirst = ({ since = FIRST }: Fault | Action): boolean => since === FIRST;

/** What joined the lists after the first generation, up to this one. */
export function laterThings(generation: number, mayHappen: (fault: Fault) => boolean): readonly (Fault | Action)[] {
  return [...FAULTS.filter(mayHappen), ...WORKLOAD].filter((each) => !isOfTheFirst(each) && (each.since ?? 0) <= generation);
}

/** Chance of its own: what joined later leaves the rest of a life as it would be without. */
export const apart = (seed: number, { name }: Fault | Action): SeededRandom => createSeededRandom(seed).fork(`apart ${name}`);

/** What joined later takes the place of single steps, as often as its weight among the others says. */
export function withLater(
  seed: number,
  steps: readonly Step[],
  later: readonly (Fault | Action)[],
  intensity: Readonly<Record<string, number>>,
  total: number,
): readonly Step[] {
  return later.reduce((taken, each) => {
    if ('at' in each && each.at !== 'event') return taken;
    const random = apart(seed, each).fork('steps');
    const factor = 'at' in each ? (intensity[each.name] ?? 0) : random.pick([0, 1, 1, 2]);
    const share = (each.weight * factor) / total;
    return taken.map((step) => (step.number > 3 && random.chance(share) ? { ...step, action: each.name } : step));
  }, steps);
}
