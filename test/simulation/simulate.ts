/** Many seeds, and what they came to. `npm run simulate -- --help`. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { simulatePeers } from '../../bench/peers/simulate-peers.ts';
import { FAULTS } from './faults/index.ts';
import { makePlan } from './plan.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulation.ts';
import { tellStory } from './story.ts';

const USAGE = `npm run simulate -- [--seeds N] [--seed S] [--faults a,b] [--shrink] [--peers] [--json FILE]
  --seeds   how many seeds to run, 1 to 100000; default 50
  --seed    the first one; default 1
  --faults  only these may happen; default all of: ${FAULTS.map(({ name }) => name).join(', ')}
  --shrink  make the first failing seed smaller and tell its story
  --peers   Farside beside what people build by hand, under a script of their own; after npm ci --prefix bench
  --json    writes the figures to a file`;

const options = readOptions();
if (options.peers) process.exit(await simulatePeers({ firstSeed: options.seed, seeds: options.seeds, json: options.json }));
const startedAt = performance.now();
const faults: Record<string, number> = Object.fromEntries(FAULTS.map(({ name }) => [name, 0]));
const figures = { lost: 0, duplicated: 0, skipped: 0, resurrected: 0, diverged: 0, flickers: 0, other: 0 };
const failing: number[] = [];
let mutations = 0;
let simulatedMs = 0;

for (let seed = options.seed; seed < options.seed + options.seeds; seed += 1) {
  const verdict = await simulate(makePlan(seed, options.faults));
  mutations += verdict.mutations;
  simulatedMs += verdict.simulatedMs;
  for (const [fault, count] of Object.entries(verdict.faults)) faults[fault] = (faults[fault] ?? 0) + count;
  for (const { figure } of verdict.violations) figures[figure] += 1;
  if (verdict.violations.length === 0) continue;
  failing.push(seed);
  process.stderr.write(`seed ${seed}: ${verdict.violations[0]?.invariant} ${verdict.violations[0]?.says}\n`);
  process.stderr.write(`  again: npm run simulate -- --seed ${seed} --seeds 1 --shrink\n`);
  if (options.shrink && failing.length === 1) process.stderr.write(`${tellStory(await shrink(verdict))}\n`);
}

const seconds = Math.round((performance.now() - startedAt) / 1000);
const report = {
  seeds: options.seeds,
  mutations,
  faults,
  ...figures,
  failing,
  simulatedHours: Math.round(simulatedMs / 36_000) / 100,
  seconds,
};
const text = JSON.stringify(report, null, 2);
process.stdout.write(`${text}\n`);
if (options.json !== undefined) await writeFile(options.json, `${text}\n`);
process.exit(failing.length === 0 ? 0 : 1);

function readOptions() {
  const fail = (message: string): never => {
    process.stderr.write(`${message}\n${USAGE}\n`);
    process.exit(2);
  };
  try {
    const { values } = parseArgs({
      options: {
        seeds: { type: 'string', default: '50' },
        seed: { type: 'string', default: '1' },
        faults: { type: 'string' },
        shrink: { type: 'boolean', default: false },
        peers: { type: 'boolean', default: false },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(`${USAGE}\n`);
      process.exit(0);
    }
    const [seeds, seed] = [Number(values.seeds), Number(values.seed)];
    if (!Number.isInteger(seeds) || seeds < 1 || seeds > 100_000)
      fail(`--seeds: expected a whole number from 1 to 100000, got ${values.seeds}`);
    if (!Number.isInteger(seed) || seed < 0) fail(`--seed: expected a whole number from 0, got ${values.seed}`);
    const only = values.faults === undefined ? null : values.faults.split(',');
    const unknown = only?.find((name) => !FAULTS.some((fault) => fault.name === name));
    if (unknown !== undefined) fail(`--faults: expected some of ${FAULTS.map(({ name }) => name).join(', ')}, got ${unknown}`);
    if (values.peers && (values.faults !== undefined || values.shrink)) fail('--peers: expected neither --faults nor --shrink with it');
    return { seeds, seed, faults: only, shrink: values.shrink, peers: values.peers, json: values.json };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}
