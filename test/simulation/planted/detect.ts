import { makePlan } from '../plan.ts';
import { simulate } from '../simulation.ts';
import type { PlantedBug } from '../world/world.ts';

/** How a search for a planted bug ended. */
export interface Detection {
  readonly caught: boolean;
  /** Seeds until it showed; all that were tried when it did not. */
  readonly seeds: number;
}

/** Runs one seed after another, each with what brings the bug out at its worst, until the bug shows, as a violation of one of the promises that it breaks. */
export async function detect(bug: PlantedBug, firstSeed: number, maxSeeds: number): Promise<Detection> {
  for (let tried = 1; tried <= maxSeeds; tried++) {
    const { violations } = await simulate(makePlan(firstSeed + tried - 1, { worst: bug.broughtOutBy ?? [] }), bug);
    if (violations.some(({ invariant }) => bug.breaks.includes(invariant))) return { caught: true, seeds: tried };
  }
  return { caught: false, seeds: maxSeeds };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
