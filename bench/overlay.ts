import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { OverlayFigures } from './overlay/process.ts';
import { type Bench, type BenchOptions, machine, median, type Report, type Row, round } from './report.ts';

/** Edits on screen that the server has not answered, over a watched list of 1000 rows: processor time. */
export const overlay: Bench = {
  name: 'overlay',
  says: "shows and settles 100 and 1000 pending edits over a watched list; beside Apollo Client's own layers",
  missing: () => [],
  run: compareOverlays,
};

/** One layer of Apollo's costs as much as all before it: more than this many would take an hour. */
const MOST_LAYERS = 100;

async function compareOverlays({ count = 1_000, rounds = 3, alone, say }: BenchOptions): Promise<Report> {
  const rows: Row[] = [];
  for (const pending of [...new Set([Math.min(100, count), count])]) {
    const hasPeer = !alone && pending <= MOST_LAYERS;
    const ours: OverlayFigures[] = [];
    const peers: OverlayFigures[] = [];
    for (let turn = 0; turn < rounds; turn++) {
      ours.push(await measure('farside', pending));
      // It takes seconds, and nothing hangs on its last digit.
      if (hasPeer && turn === 0) peers.push(await measure('apollo', pending));
      say(`  ${pending} pending: ${JSON.stringify(ours.at(-1))}${turn === 0 && hasPeer ? `, apollo ${JSON.stringify(peers.at(-1))}` : ''}`);
    }
    const row = (what: keyof OverlayFigures, metric: string, unit: string, limit: number | null): void => {
      const own = round(median(ours.map((figures) => figures[what])));
      const peer = hasPeer ? round(median(peers.map((figures) => figures[what]))) : null;
      const isFull = pending === 100 || pending === 1_000;
      rows.push({
        metric: `${pending} pending: ${metric}`,
        unit,
        ours: own,
        peers: peer === null ? {} : { apollo: peer },
        ratio: peer === null || unit !== 'ms' ? null : round(peer / own),
        goal: limit === null ? null : `≤ ${limit} ms`,
        holds: limit === null || !isFull ? null : own <= limit,
      });
    };
    const limit = pending <= 100 ? 60 : 500;
    row('rehydrate', 'shown after a start', 'ms', limit);
    row('add', 'one more', 'ms', 16);
    row('longestAdd', 'one more, the longest of nine', 'ms', null);
    row('drain', 'settled, 100 at a time', 'ms', limit);
    row('redraws', 'redraws in all', '', null);
  }
  return { name: 'overlay', machine: machine(), rows };
}

/** A process each, as an app in production has it. */
async function measure(name: string, count: number): Promise<OverlayFigures> {
  const child = fork(new URL('overlay/process.ts', import.meta.url).pathname, [name, String(count)], {
    execArgv: ['--conditions=production', '--import', 'tsx'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const [figures] = (await Promise.race([once(child, 'message'), once(child, 'exit').then(failed)])) as [OverlayFigures];
  return figures;
}

function failed([code]: unknown[]): never {
  throw new Error(`expected the figures of a process, got its end with code ${String(code)}; its message is above`);
}
