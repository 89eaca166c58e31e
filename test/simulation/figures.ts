import type { Figure } from './oracles/oracle.ts';
import type { Verdict } from './simulation.ts';

/** What one seed came to, small enough to send from one process to another. */
export interface SeedFigures {
  readonly seed: number;
  readonly mutations: number;
  readonly simulatedMs: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly violations: readonly { readonly invariant: string; readonly figure: Figure; readonly says: string }[];
}

export function figuresOf({ plan, mutations, simulatedMs, faults, violations }: Verdict): SeedFigures {
  const told = violations.map(({ invariant, figure, says }) => ({ invariant, figure, says }));
  return { seed: plan.seed, mutations, simulatedMs, faults, violations: told };
}

/** What many seeds came to, as it is printed. */
export interface Report extends Readonly<Record<Figure, number>> {
  readonly seeds: number;
  readonly mutations: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly simulatedHours: number;
}

export function sumUp(all: readonly SeedFigures[], faultNames: readonly string[]): Report {
  const faults: Record<string, number> = Object.fromEntries(faultNames.map((name) => [name, 0]));
  const figures: Record<Figure, number> = { lost: 0, duplicated: 0, skipped: 0, resurrected: 0, diverged: 0, flickers: 0, other: 0 };
  let [mutations, simulatedMs] = [0, 0];
  for (const one of all) {
    mutations += one.mutations;
    simulatedMs += one.simulatedMs;
    for (const [fault, count] of Object.entries(one.faults)) faults[fault] = (faults[fault] ?? 0) + count;
    for (const { figure } of one.violations) figures[figure] += 1;
  }
  return { seeds: all.length, mutations, faults, ...figures, simulatedHours: Math.round(simulatedMs / 36_000) / 100 };
}
