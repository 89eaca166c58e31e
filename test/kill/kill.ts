/**
 * Real processes, really killed: the server, a tab, the whole browser, the database, in turn and at random moments, while two people edit.
 * A token is left by every edit; what a tab was told is durable must be at the server, once. `npm run kill -- --help`.
 */

import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createScene, DATABASES, type DatabaseKind, VICTIMS, type Victim } from './scene.ts';

const USAGE = `npm run kill -- [--rounds N] [--seed N] [--victims ${VICTIMS.join(',')}] [--database ${DATABASES.join('|')}] [--json FILE]
  --rounds   kills, 1 to 1000; default 20
  --seed     decides victims and moments as far as real processes let anybody decide; default 1
  --victims  who may be killed; default all (the database only where it is a process of its own)
  --database sqlite: one server; postgres: two servers on one database; default sqlite
  --json     writes the figures to a file`;

const options = readOptions();
const report = await run(options);
const text = JSON.stringify(report, null, 2);
process.stdout.write(`${text}\n`);
if (options.json !== undefined) await writeFile(options.json, `${text}\n`);
process.exit(report.lost + report.repeated + report.unseen === 0 ? 0 : 1);

interface Report {
  readonly rounds: number;
  readonly edits: number;
  readonly kills: Readonly<Record<Victim, number>>;
  /** Edits that were told to be durable and are not at the server. */
  readonly lost: number;
  /** Votes beyond the tokens: edits that took effect more than once. */
  readonly repeated: number;
  /** Tokens at the server that a healed tab does not show. */
  readonly unseen: number;
  readonly seconds: number;
}

async function run({ rounds, seed, victims, database }: ReturnType<typeof readOptions>): Promise<Report> {
  const startedAt = performance.now();
  const scene = await createScene(seed, database);
  const kills: Record<Victim, number> = { server: 0, tab: 0, browser: 0, database: 0 };
  const totals = { edits: 0, lost: 0, repeated: 0, unseen: 0 };
  try {
    for (let round = 0; round < rounds; round += 1) {
      const victim = victims[round % victims.length] as Victim;
      await scene.round(victim);
      kills[victim] += 1;
      process.stderr.write(`round ${round + 1} of ${rounds}: killed the ${victim}, ${scene.edits()} edits so far\n`);
    }
    Object.assign(totals, await scene.verdict());
  } finally {
    await scene.close();
  }
  return {
    rounds,
    edits: scene.edits(),
    kills,
    lost: totals.lost,
    repeated: totals.repeated,
    unseen: totals.unseen,
    seconds: Math.round((performance.now() - startedAt) / 1000),
  };
}

function readOptions(): {
  rounds: number;
  seed: number;
  victims: readonly Victim[];
  database: DatabaseKind;
  json: string | undefined;
} {
  const fail = (message: string): never => {
    process.stderr.write(`${message}\n${USAGE}\n`);
    process.exit(2);
  };
  try {
    const { values } = parseArgs({
      options: {
        rounds: { type: 'string', default: '20' },
        seed: { type: 'string', default: '1' },
        victims: { type: 'string' },
        database: { type: 'string', default: 'sqlite' },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(`${USAGE}\n`);
      process.exit(0);
    }
    const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
    if (!Number.isInteger(rounds) || rounds < 1 || rounds > 1000)
      fail(`--rounds: expected a whole number from 1 to 1000, got ${values.rounds}`);
    if (!Number.isInteger(seed) || seed < 0) fail(`--seed: expected a whole number from 0, got ${values.seed}`);
    const database =
      DATABASES.find((name) => name === values.database) ?? fail(`--database: expected ${DATABASES.join(' or ')}, got ${values.database}`);
    const possible = VICTIMS.filter((victim) => victim !== 'database' || database === 'postgres');
    const victims = (values.victims?.split(',') ?? possible) as Victim[];
    const unknown = victims.find((victim) => !possible.includes(victim));
    if (unknown !== undefined) fail(`--victims: expected some of ${possible.join(', ')}, got ${unknown}`);
    return { rounds, seed, victims, database, json: values.json };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}
