/** Farside beside its peers, in figures. `npm run bench` lists what there is. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { delta } from './delta.ts';
import { enqueue } from './enqueue.ts';
import { overlay } from './overlay.ts';
import { persist } from './persist.ts';
import { replay } from './replay.ts';
import { type Bench, formatReport } from './report.ts';
import { restore } from './restore.ts';
import { server } from './server.ts';
import { soak } from './soak.ts';

export const BENCHES: readonly Bench[] = [replay, enqueue, overlay, persist, restore, server, delta, soak];

/** The code to exit with. 0: measured; 1: measured, and a goal is missed; 2: nothing was, because of what was asked for. */
export async function bench(args: readonly string[], write: (text: string) => void): Promise<0 | 1 | 2> {
  const refuse = (message: string): 2 => {
    write(`${message}\n${usage()}\n`);
    return 2;
  };
  let parsed: ReturnType<typeof read>;
  try {
    parsed = read(args);
  } catch (error) {
    return refuse((error as Error).message);
  }
  const { values, positionals } = parsed;
  const [name, ...more] = positionals;
  if (name === undefined || values.help) {
    write(`${usage()}\n`);
    return 0;
  }
  const chosen = BENCHES.find((each) => each.name === name);
  if (!chosen || more.length > 0)
    return refuse(`expected one of ${BENCHES.map((each) => each.name).join(', ')}, got "${positionals.join(' ')}"`);
  const count = numberOf(values.count);
  const rounds = numberOf(values.rounds);
  if (count === null || rounds === null) return refuse('expected --count and --rounds to be whole numbers from 1 to 1000000');
  const missing = values.alone ? [] : chosen.missing();
  if (missing.length > 0) return refuse(`${missing.join(', ')} not installed; run: npm ci --prefix bench, or measure Farside --alone`);
  const report = await chosen.run({ count, rounds, alone: values.alone ?? false, say: (text) => write(`${text}\n`) });
  write(`${formatReport(report)}\n`);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
  return report.rows.every(({ holds }) => holds !== false) ? 0 : 1;
}

function usage(): string {
  const lines = BENCHES.map(({ name, says }) => `  ${name.padEnd(10)}${says}`);
  return `npm run bench NAME [-- --json FILE] [--count N] [--rounds N] [--alone]
${lines.join('\n')}
  --json     writes the figures to a file
  --count    how much of it, for a quick look
  --rounds   how often everyone is measured, in turn; the median counts
  --alone    without the peers, which need npm ci --prefix bench`;
}

function read(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      count: { type: 'string' },
      rounds: { type: 'string' },
      alone: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
}

/** `undefined`: as the bench has it; `null`: none. */
function numberOf(text: string | undefined): number | undefined | null {
  if (text === undefined) return undefined;
  const value = Number(text);
  return Number.isInteger(value) && value >= 1 && value <= 1_000_000 ? value : null;
}

if (import.meta.filename === process.argv[1]) process.exit(await bench(process.argv.slice(2), (text) => void process.stdout.write(text)));
