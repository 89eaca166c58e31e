import { parseArgs } from 'node:util';
import { SUPPORTED_VERSION_KINDS, type VersionKind } from '../../schema/version.ts';
import { GENERATION } from './faults/fault.ts';
import { FAULTS } from './faults/index.ts';
import type { Plan } from './plan.ts';
import { PLANTED } from './planted/index.ts';
import { DATABASES, type DatabaseKind } from './world/database.ts';

const CONFLICTS = ['union', 'errors'] as const satisfies readonly Plan['conflicts'][];

const USAGE = `npm run simulate -- [--seeds N] [--seed S] [--faults a,b] [--shrink] [--planted | --no-planted] [--workers N]
  [--database D] [--versions KIND] [--conflicts C] [--generation G] [--peers] [--json FILE]
  --seeds    how many seeds to run, 1 to 100000; default 50
  --seed     the first one; default 1
  --faults   only these may happen, or "none"; default all of: ${FAULTS.map(({ name }) => name).join(', ')}
  --shrink   make the first failing seed smaller and tell its story
  --planted  also look for the mistakes made on purpose: ${PLANTED.map(({ name }) => name).join(', ')};
             default with 100 seeds or more and every fault
  --workers  how many processes share the work, 1 to 64; default one for each core
  --database memory, sqlite, or postgres: two server processes on a real one, of DATABASE_URL or started for it, whose transactions run
             side by side, so that a seed need not come out the same again; default: memory or sqlite, by the seed
  --versions ${SUPPORTED_VERSION_KINDS.join(', ')}: of every type; default COUNTER
  --conflicts ${CONFLICTS.join(' or ')}: how the server answers them; default union
  --generation only what could happen when the lists of faults and actions were this old, 1 to ${GENERATION}; default ${GENERATION}
  --peers    Farside beside what people build by hand, under a script of their own; after npm ci --prefix bench
  --json     writes the figures to a file`;

/** From how many seeds on the planted bugs are looked for by themselves. */
const PLANTED_FROM = 100;

export interface CommandLine {
  readonly seeds: number;
  readonly seed: number;
  readonly faults: readonly string[] | null;
  readonly shrink: boolean;
  readonly planted: boolean;
  readonly workers: number | null;
  readonly database: DatabaseKind | null;
  readonly versions: VersionKind | null;
  readonly conflicts: Plan['conflicts'] | null;
  readonly generation: number | null;
  readonly peers: boolean;
  readonly json: string | undefined;
}

/** Ends the process with 2, and says what is accepted, when it does not understand. */
export function readOptions(args: readonly string[]): CommandLine {
  try {
    const { values } = parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        seeds: { type: 'string', default: '50' },
        seed: { type: 'string', default: '1' },
        faults: { type: 'string' },
        shrink: { type: 'boolean', default: false },
        planted: { type: 'boolean' },
        workers: { type: 'string' },
        database: { type: 'string' },
        versions: { type: 'string' },
        conflicts: { type: 'string' },
        generation: { type: 'string' },
        peers: { type: 'boolean', default: false },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(`${USAGE}\n`);
      process.exit(0);
    }
    const seeds = whole('--seeds', values.seeds, 1, 100_000);
    const seed = whole('--seed', values.seed, 0, Number.MAX_SAFE_INTEGER);
    const workers = values.workers === undefined ? null : whole('--workers', values.workers, 1, 64);
    const faults = values.faults === undefined ? null : values.faults === 'none' ? [] : values.faults.split(',');
    const unknown = faults?.find((name) => !FAULTS.some((fault) => fault.name === name));
    if (unknown !== undefined) fail(`--faults: expected some of ${FAULTS.map(({ name }) => name).join(', ')}, got ${unknown}`);
    const database = DATABASES.find((kind) => kind === values.database) ?? null;
    if (values.database !== undefined && database === null)
      fail(`--database: expected one of ${DATABASES.join(', ')}, got ${values.database}`);
    const versions = SUPPORTED_VERSION_KINDS.find((kind) => kind === values.versions) ?? null;
    if (values.versions !== undefined && versions === null)
      fail(`--versions: expected one of ${SUPPORTED_VERSION_KINDS.join(', ')}, got ${values.versions}`);
    const conflicts = CONFLICTS.find((each) => each === values.conflicts) ?? null;
    if (values.conflicts !== undefined && conflicts === null)
      fail(`--conflicts: expected one of ${CONFLICTS.join(', ')}, got ${values.conflicts}`);
    const generation = values.generation === undefined ? null : whole('--generation', values.generation, 1, GENERATION);
    const own = [faults, workers, database, versions, conflicts, generation].some((value) => value !== null);
    if (values.peers && (own || values.shrink || values.planted))
      fail(
        '--peers: expected neither --faults, --shrink, --planted, --workers, --database, --versions, --conflicts nor --generation with it',
      );
    const planted = values.planted ?? (faults === null && database !== 'postgres' && seeds >= PLANTED_FROM);
    const { shrink, peers, json } = values;
    return { seeds, seed, faults, shrink, planted, workers, database, versions, conflicts, generation, peers, json };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function whole(flag: string, given: string, least: number, most: number): number {
  const value = Number(given);
  if (given.trim() === '' || !Number.isInteger(value) || value < least || value > most)
    fail(
      most === Number.MAX_SAFE_INTEGER
        ? `${flag}: expected a whole number from ${least}, got ${given}`
        : `${flag}: expected a whole number from ${least} to ${most}, got ${given}`,
    );
  return value;
}

function fail(message: string): never {
  process.stderr.write(`${message}\n${USAGE}\n`);
  process.exit(2);
}
