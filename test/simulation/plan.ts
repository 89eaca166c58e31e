import type { VersionKind } from '../../schema/version.ts';
import { createSeededRandom } from '../harness/index.ts';
import type { Struck } from './decisions.ts';
import { type Fault, GENERATION } from './faults/fault.ts';
import { FAULTS } from './faults/index.ts';
import { apart, FIRST, isOfTheFirst, laterThings, withLater } from './later.ts';
import { WORKLOAD } from './workload/index.ts';
import type { DatabaseKind } from './world/database.ts';

/** All that a run depends on. A seed gives one; a failing one is made smaller and kept as it is. */
export interface Plan {
  readonly seed: number;
  readonly database: DatabaseKind;
  readonly versions: VersionKind;
  /** How the server answers a conflict: in a union's type, or as an error. */
  readonly conflicts: 'union' | 'errors';
  readonly pullEveryMs: number;
  /** Of a page of changes, at most; one change always fits. */
  readonly pageBytes: number;
  readonly devices: readonly { readonly name: string; readonly user: string; readonly tabs: number }[];
  /** By fault: a factor for its rate; absent or 0: it does not happen. */
  readonly intensity: Readonly<Record<string, number>>;
  readonly steps: readonly Step[];
  /** The faults that strike, and no others; absent: chance decides. */
  readonly only?: readonly Struck[];
}

export interface Step {
  /** Keeps its number when others are taken out: what it draws hangs on it. */
  readonly number: number;
  /** Simulated time since the step before. */
  readonly afterMs: number;
  readonly device: string;
  /** Name of a kind of action, or of a fault that happens by itself. */
  readonly action: string;
}

/** Of the rate of a fault: not everything happens in every life. */
const FACTORS = [0, 0, 1, 1, 3] as const;
const WORST = Math.max(...FACTORS);
const USERS = ['ada', 'grace', 'alan'] as const;

/** What a plan leaves to its seed no more. */
export interface PlanChoices {
  /** The faults that may happen; null: all. */
  readonly faults?: readonly string[] | null;
  /** Of these, those that happen as often as they ever do, where chance would often leave them out. */
  readonly worst?: readonly string[];
  /** Null: memory or SQLite, as chance will have it. */
  readonly database?: DatabaseKind | null;
  /** Null: COUNTER. */
  readonly versions?: VersionKind | null;
  /** Null: in a union's type. */
  readonly conflicts?: Plan['conflicts'] | null;
  /** Only what was there in this generation of the lists; null: all. */
  readonly generation?: number | null;
}

export function makePlan(seed: number, choices: PlanChoices = {}): Plan {
  const { faults = null, worst = [], database = null, versions = null, conflicts = null, generation = null } = choices;
  const mayHappen = ({ name }: Fault): boolean => faults === null || faults.includes(name);
  const random = createSeededRandom(seed).fork('plan');
  const devices = Array.from({ length: 2 + random.integer(3) }, (_, index) => {
    const user = index < 2 ? (USERS[index] as string) : random.pick(USERS);
    return { name: `${user}-${index + 1}`, user, tabs: random.chance(0.35) ? 2 : 1 };
  });
  // Not everything in every run: what one fault hides, its absence shows.
  const weather = random.pick([0.4, 1, 1, 2]);
  const intensity: Record<string, number> = {};
  const factorOf = ({ name }: { readonly name: string }, drawn: number): number => (worst.includes(name) ? WORST : drawn);
  for (const fault of FAULTS.filter(isOfTheFirst)) {
    const drawn = random.pick(FACTORS);
    if (mayHappen(fault)) intensity[fault.name] = factorOf(fault, drawn) * weather;
  }
  const kinds = [
    ...WORKLOAD.filter((action) => isOfTheFirst(action) && action.weight > 0).map(({ name, weight }) => ({
      name,
      weight: weight * random.pick([0, 1, 1, 2]),
    })),
    ...FAULTS.filter(isOfTheFirst).flatMap((fault) =>
      fault.at === 'event' ? [{ name: fault.name, weight: fault.weight * (intensity[fault.name] ?? 0) }] : [],
    ),
  ];
  const total = kinds.reduce((sum, { weight }) => sum + weight, 0);
  const choose = (): string => {
    let left = random.next() * total;
    for (const { name, weight } of kinds) {
      left -= weight;
      if (left < 0) return name;
    }
    return 'create-todo';
  };
  const paceMs = random.pick([200, 1_000, 5_000]);
  const steps = Array.from({ length: 15 + random.integer(35) }, (_, index) => ({
    number: index + 1,
    // Now and then two in one breath.
    afterMs: random.chance(0.2) ? 0 : Math.round(-Math.log(1 - random.next()) * paceMs),
    device: random.pick(devices).name,
    // Something to work on first.
    action: index < 3 ? 'create-todo' : choose(),
  }));
  const drawn = random.chance(0.2) ? 'sqlite' : 'memory';
  const later = laterThings(generation ?? GENERATION, mayHappen);
  for (const each of later) if ('at' in each) intensity[each.name] = factorOf(each, apart(seed, each).pick(FACTORS)) * weather;
  return {
    seed,
    database: database ?? drawn,
    versions: versions ?? 'COUNTER',
    conflicts: conflicts ?? 'union',
    pullEveryMs: random.pick([5_000, 30_000, 60_000]),
    pageBytes: generation === FIRST ? 1_000_000 : createSeededRandom(seed).fork('pages').pick([1, 500, 2_000, 1_000_000]),
    devices,
    intensity,
    steps: withLater(seed, withLeases(seed, steps), later, intensity, total),
  };
}

/** In every fourth world people lock what they edit. Drawn apart, so that the others are what they would be without. */
function withLeases(seed: number, steps: Plan['steps']): Plan['steps'] {
  if (seed % 4 !== 1) return steps;
  const random = createSeededRandom(seed).fork('leases');
  return steps.map((step) => (step.number > 3 && random.chance(0.25) ? { ...step, action: 'lease' } : step));
}
