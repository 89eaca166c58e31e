import { describe, expect, it } from 'vitest';
import { makePlan } from './plan.ts';
import { detect } from './planted/detect.ts';
import { PLANTED } from './planted/index.ts';
import seeds from './seeds.json' with { type: 'json' };
import { simulate } from './simulation.ts';

/** The first seeds, bounded; `npm run simulate` runs as many as anybody wants. */
const BOUNDED = Array.from({ length: 20 }, (_, index) => index + 1);

/** Where the search for a mistake begins that takes long to show itself from the first seed on. */
const FIRST: Readonly<Record<string, number>> = { 'removed-before-journal': 101 };

describe('a world that breaks everything', () => {
  it.each(BOUNDED)('keeps its promises: seed %i', { timeout: 120_000 }, async (seed) => {
    const { violations } = await simulate(makePlan(seed));
    expect(violations.map(({ invariant, says }) => `${invariant}: ${says}`)).toEqual([]);
  });

  it.each(BOUNDED.slice(0, 5))(
    'keeps its promises where nothing breaks, and people do the more: seed %i',
    { timeout: 120_000 },
    async (seed) => {
      const { violations } = await simulate(makePlan(seed, { faults: [] }));
      expect(violations.map(({ invariant, says }) => `${invariant}: ${says}`)).toEqual([]);
    },
  );

  it.each(BOUNDED.slice(0, 5))('keeps its promises where conflicts are errors: seed %i', { timeout: 120_000 }, async (seed) => {
    const { violations } = await simulate(makePlan(seed, { conflicts: 'errors' }));
    expect(violations.map(({ invariant, says }) => `${invariant}: ${says}`)).toEqual([]);
  });

  it.each(seeds)(
    'keeps its promises where it once did not: seed $seed, $showed',
    { timeout: 120_000 },
    async ({ seed, generation, faults = null }) => {
      const { violations } = await simulate(makePlan(seed, { generation, faults }));
      expect(violations.map(({ invariant, says }) => `${invariant}: ${says}`)).toEqual([]);
    },
  );

  it.each(PLANTED)('finds the mistake made on purpose: $name', { timeout: 600_000 }, async (bug) => {
    expect(await detect(bug, FIRST[bug.name] ?? 1, 200)).toMatchObject({ caught: true });
  });

  it.each(['memory', 'sqlite'] as const)('lives the same life twice from one seed, on %s', { timeout: 120_000 }, async (database) => {
    const [first, second] = [await simulate(makePlan(395, { database })), await simulate(makePlan(395, { database }))];
    expect(second.hash).toBe(first.hash);
  });
});
