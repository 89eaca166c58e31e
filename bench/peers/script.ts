import { createSeededRandom, type SeededRandom } from '../../test/harness/index.ts';
import type { Change } from './change.ts';

/** Everything that people and the world do in one run: the same for every contestant. */
export interface Script {
  readonly seed: number;
  /** Notes that are there from the beginning, for everybody. */
  readonly shared: readonly string[];
  readonly devices: readonly { readonly name: string; readonly latencyMs: number }[];
  /** By fault of a request: a factor for its rate. */
  readonly intensity: (fault: string) => number;
  readonly steps: readonly Step[];
}

export interface Step {
  /** Simulated time since the step before. */
  readonly afterMs: number;
  readonly device: number;
  readonly act: Act;
}

export type Act =
  | { readonly kind: 'change'; readonly change: Change }
  /** The wire is cut for a while. The platform may notice neither the one nor the other. */
  | { readonly kind: 'offline'; readonly forMs: number; readonly isToldGone: boolean; readonly isToldBack: boolean }
  /** A bad line: away and back, several times. */
  | { readonly kind: 'flapping'; readonly spansMs: readonly number[] }
  /** Requests arrive; no answer comes back. */
  | { readonly kind: 'one-way'; readonly forMs: number }
  /** The page is gone without a word, and opened again later. */
  | { readonly kind: 'crash'; readonly closedMs: number };

const SHARED = ['shared-1', 'shared-2'];
const NAMES = ['ada', 'grace', 'alan'];

export function makeScript(seed: number): Script {
  const random = createSeededRandom(seed).fork('peers');
  const devices = NAMES.slice(0, 2 + random.integer(2)).map((name) => ({ name, latencyMs: 20 + random.integer(180) }));
  const weather = random.pick([0.4, 1, 1, 2]);
  const factors = new Map<string, number>();
  const intensity = (fault: string): number => {
    const known = factors.get(fault) ?? createSeededRandom(seed).fork(`weather ${fault}`).pick([0, 1, 1, 3]) * weather;
    factors.set(fault, known);
    return known;
  };
  const paceMs = random.pick([200, 1_000, 5_000]);
  const own = devices.map((): string[] => []);
  let tokens = 0;

  const change = (device: number, index: number): Change => {
    const token = `t${++tokens}`;
    const mine = own[device] as string[];
    if (index < 3 || random.chance(0.15)) {
      const id = `note-${token}`;
      mine.push(id);
      return { token, kind: 'add', id, title: `${token} adds` };
    }
    // Most people work on the same few things.
    const notes = [...SHARED, ...mine];
    const id = random.chance(0.4) ? (notes.at(-1) as string) : random.pick(notes);
    return random.chance(0.4)
      ? { token, kind: 'vote', id, by: 1 + random.integer(3) }
      : { token, kind: 'edit', id, title: `${token} edits` };
  };

  const steps = Array.from({ length: 40 + random.integer(30) }, (_, index): Step => {
    const device = random.integer(devices.length);
    const kind = index < 3 ? 'change' : random.pick(DECK);
    // Crashes come while something is under way as often as not; and nobody is faster than five milliseconds.
    const isHasty = kind === 'crash' ? random.chance(0.5) : random.chance(0.2);
    const afterMs = 5 + (isHasty ? random.integer(300) : Math.round(-Math.log(1 - random.next()) * paceMs));
    return { afterMs, device, act: kind === 'change' ? { kind, change: change(device, index) } : trouble(kind, random) };
  });
  return { seed, shared: SHARED, devices, intensity, steps };
}

type Trouble = Exclude<Act['kind'], 'change'>;

/** How often each comes, next to the others. */
const WEIGHTS: Readonly<Record<Act['kind'], number>> = { change: 30, offline: 4, flapping: 2, 'one-way': 1, crash: 4 };
const DECK = Object.entries(WEIGHTS).flatMap(([kind, weight]) => Array.from({ length: weight }, () => kind as Act['kind']));

function trouble(kind: Trouble, random: SeededRandom): Act {
  switch (kind) {
    case 'offline':
      return {
        kind,
        forMs: Math.round(500 + random.next() ** 3 * 600_000),
        isToldGone: random.chance(0.7),
        isToldBack: random.chance(0.7),
      };
    case 'flapping':
      return { kind, spansMs: Array.from({ length: 4 + 2 * random.integer(4) }, () => 50 + random.integer(2_000)) };
    case 'one-way':
      return { kind, forMs: Math.round(1_000 + random.next() * 60_000) };
    case 'crash':
      return { kind, closedMs: random.integer(20_000) };
  }
}
