import type { Random } from '../../client/ports.ts';

/** Chance that a seed decides: the same seed gives the same numbers and ids. */
export interface SeededRandom extends Random {
  readonly seed: number;
  /** An integer in [0, below). */
  integer(below: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of the items. */
  pick<T>(items: readonly T[]): T;
  /** An independent stream: what one part draws does not change what another gets. */
  fork(label: string): SeededRandom;
}

export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  let ids = 0;

  /** mulberry32: 32 bits of state, full period; plenty for tests. */
  function next32(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  const random: SeededRandom = {
    seed,
    next: () => next32() / 2 ** 32,
    id() {
      // A millisecond per id: version 7 promises rough order of creation, and tests read better with a total one.
      const time = (FIRST_ID_MS + ids++).toString(16).padStart(12, '0');
      const hex = (digits: number): string => next32().toString(16).padStart(8, '0').slice(0, digits);
      const variant = (8 + (next32() & 3)).toString(16);
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${variant}${hex(3)}-${hex(8)}${hex(4)}`;
    },
    integer: (below) => Math.floor(random.next() * below),
    chance: (probability) => random.next() < probability,
    pick(items) {
      if (items.length === 0) throw new RangeError('expected at least one item to pick from, got none');
      return items[random.integer(items.length)] as (typeof items)[number];
    },
    fork: (label) => createSeededRandom(hash(label, seed)),
  };
  return random;
}

const FIRST_ID_MS = Date.UTC(2026, 0, 1);

/** FNV-1a. */
function hash(text: string, seed: number): number {
  let value = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return value;
}
