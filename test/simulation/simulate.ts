/** Many seeds, and what they came to. `npm run simulate -- --help`. */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { simulatePeers } from '../../bench/peers/simulate-peers.ts';
import { startPostgres } from '../harness/postgres.ts';
import { readOptions } from './command-line.ts';
import { createCrew } from './crew.ts';
import { FAULTS } from './faults/index.ts';
import { sumUp } from './figures.ts';
import { makePlan } from './plan.ts';
import { median } from './planted/detect.ts';
import { PLANTED } from './planted/index.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulation.ts';
import { tellStory } from './story.ts';
import { POSTGRES_URL } from './world/database.ts';

/** Each planted bug is looked for from several first seeds, so that the figure is not one seed's luck. */
const SEARCHES = 3;
const MOST_SEEDS = 200;

const options = readOptions(process.argv.slice(2));
if (options.peers) process.exit(await simulatePeers({ firstSeed: options.seed, seeds: options.seeds, json: options.json }));
const startedAt = performance.now();
const postgres = options.database === 'postgres' && !process.env.DATABASE_URL ? await startPostgres() : null;
// The processes of the crew have it from here.
if (options.database === 'postgres') process.env[POSTGRES_URL] = postgres?.url ?? process.env.DATABASE_URL;
const crew = createCrew(Math.min(options.workers ?? availableParallelism(), options.seeds));

const { faults, database, versions, conflicts, generation } = options;
const choices = { faults, database, versions, conflicts, generation };
const tasks = Array.from({ length: options.seeds }, (_, index) => ({
  kind: 'seed' as const,
  seed: options.seed + index,
  ...choices,
}));
/** What of the command line decided about the lives, besides their seeds. */
const also = Object.entries(choices)
  .flatMap(([name, value]) => (value === null ? [] : [` --${name} ${value}`]))
  .join('');
const all = await crew.seeds(tasks, ({ seed, violations }) => {
  if (violations.length === 0) return;
  process.stderr.write(`seed ${seed}: ${violations[0]?.invariant} ${violations[0]?.says}\n`);
  process.stderr.write(`  again: npm run simulate -- --seed ${seed} --seeds 1 --shrink${also}\n`);
});
const failing = all.flatMap(({ seed, violations }) => (violations.length > 0 ? [seed] : []));
const planted = options.planted ? await searchPlanted() : {};
crew.close();
if (options.shrink && failing[0] !== undefined)
  process.stderr.write(`${tellStory(await shrink(await simulate(makePlan(failing[0], choices))))}\n`);

const report = {
  ...sumUp(
    all,
    FAULTS.map(({ name }) => name),
  ),
  failing,
  planted,
  seconds: Math.round((performance.now() - startedAt) / 1000),
};
const text = JSON.stringify(report, null, 2);
process.stdout.write(`${text}\n`);
if (options.json !== undefined) await writeFile(options.json, `${text}\n`);
await postgres?.stop();
process.exit(failing.length === 0 && Object.values(planted).every(({ caught }) => caught) ? 0 : 1);

async function searchPlanted(): Promise<Record<string, { readonly caught: boolean; readonly medianSeeds: number }>> {
  const searches = PLANTED.flatMap(({ name }) =>
    Array.from({ length: SEARCHES }, (_, index) => ({
      kind: 'planted' as const,
      bug: name,
      firstSeed: 1 + index * MOST_SEEDS,
      maxSeeds: MOST_SEEDS,
    })),
  );
  const found = await crew.detections(searches);
  return Object.fromEntries(
    PLANTED.map(({ name }, at) => {
      const own = found.slice(at * SEARCHES, (at + 1) * SEARCHES);
      return [name, { caught: own.every(({ caught }) => caught), medianSeeds: median(own.map(({ seeds }) => seeds)) }];
    }),
  );
}
