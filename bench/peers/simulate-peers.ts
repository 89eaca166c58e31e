/**
 * What people build by hand, under the same script as Farside: the same people, the same changes at the same moments, the same
 * faults at the same rates, the same server. Each as its documentation puts it together. See `clients/` for how.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Contestant } from './contestant.ts';
import { farside } from './farside.ts';
import type { PeerFigures } from './judge.ts';
import { type PeerRun, runScript } from './run.ts';
import { makeScript } from './script.ts';

interface PeerComparison {
  readonly seeds: number;
  readonly peers: Readonly<Record<string, PeerReport>>;
  readonly seconds: number;
}

interface PeerReport extends PeerFigures {
  readonly says: string;
  readonly faults: Readonly<Record<string, number>>;
  readonly simulatedHours: number;
}

const INSTALLED = new URL('../node_modules/', import.meta.url);
const NEEDED = [
  '@apollo/client',
  'apollo-link-queue',
  'apollo-link-serialize',
  'apollo3-cache-persist',
  '@tanstack/db',
  '@tanstack/offline-transactions',
];

/** Runs Farside and its installed peers through `seeds` scripts, the first of which is `firstSeed`. */
async function comparePeers(options: {
  readonly firstSeed?: number;
  readonly seeds: number;
  readonly onSeed?: (done: number) => void;
}): Promise<PeerComparison> {
  const { firstSeed = 1, seeds, onSeed = () => {} } = options;
  const startedAt = performance.now();
  // By a name that the compiler does not follow: the peers are there only once they are installed.
  const clients = new URL('clients/index.ts', import.meta.url).href;
  const { PEERS } = (await import(clients)) as { readonly PEERS: readonly Contestant[] };

  const contestants = [farside, ...PEERS];
  const runs = new Map<Contestant, PeerRun[]>(contestants.map((contestant) => [contestant, []]));
  await quietly(async () => {
    for (let done = 0; done < seeds; done++) {
      const script = makeScript(firstSeed + done);
      for (const contestant of contestants) runs.get(contestant)?.push(await runScript(contestant, script));
      onSeed(done + 1);
    }
  });
  const peers = Object.fromEntries([...runs].map(([{ name, says }, all]) => [name, { says, ...total(all) }]));
  return { seeds, peers, seconds: Math.round((performance.now() - startedAt) / 1000) };
}

/**
 * What `npm run simulate -- --peers` does: prints the table, writes the figures, and answers with the code to exit with. 0: Farside
 * kept its promises, whatever the others did; 1: it did not; 2: the peers are not installed.
 */
export async function simulatePeers(options: {
  readonly firstSeed?: number;
  readonly seeds: number;
  readonly json?: string | undefined;
}): Promise<0 | 1 | 2> {
  const { json, seeds, ...rest } = options;
  const missing = missingPeers();
  if (missing.length > 0) {
    process.stderr.write(`--peers: ${missing.join(', ')} not installed; run: npm ci --prefix bench\n`);
    return 2;
  }
  const onSeed = (done: number): void => void process.stderr.write(`peers: seed ${done} of ${seeds}\n`);
  const comparison = await comparePeers({ ...rest, seeds, onSeed });
  process.stdout.write(`${tellComparison(comparison)}\n`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(comparison, null, 2)}\n`);
  const { lost, repeated, reordered, refused, stuck } = comparison.peers[farside.name] as PeerReport;
  return lost + repeated + reordered + refused + stuck === 0 ? 0 : 1;
}

/** The comparison as a table for people. */
function tellComparison({ seeds, peers, seconds }: PeerComparison): string {
  const columns = ['mutations', 'accepted', 'lost', 'repeated', 'reordered', 'refused', 'stuck'] as const;
  const rows = Object.entries(peers).map(([name, report]) => [name, ...columns.map((column) => String(report[column]))]);
  const table = [['', ...columns], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '),
  );
  const legend = Object.entries(peers).map(([name, { says }]) => `${name}: ${says}`);
  return [...lines, '', ...legend, `${seeds} seeds, ${seconds} s`].join('\n');
}

function missingPeers(): readonly string[] {
  return NEEDED.filter((name) => !existsSync(new URL(`${name}/package.json`, INSTALLED)));
}

function total(runs: readonly PeerRun[]): PeerFigures & Pick<PeerReport, 'faults' | 'simulatedHours'> {
  const sum = (of: (run: PeerRun) => number): number => runs.reduce((all, run) => all + of(run), 0);
  const faults: Record<string, number> = {};
  for (const run of runs) for (const [fault, times] of Object.entries(run.faults)) faults[fault] = (faults[fault] ?? 0) + times;
  return {
    mutations: sum(({ figures }) => figures.mutations),
    accepted: sum(({ figures }) => figures.accepted),
    lost: sum(({ figures }) => figures.lost),
    repeated: sum(({ figures }) => figures.repeated),
    reordered: sum(({ figures }) => figures.reordered),
    refused: sum(({ figures }) => figures.refused),
    stuck: sum(({ figures }) => figures.stuck),
    faults,
    simulatedHours: Math.round(sum(({ simulatedMs }) => simulatedMs) / 360_000) / 10,
  };
}

/** Some of them talk to the console, and leave promises that nobody waits for; none of that is a result. */
async function quietly(run: () => Promise<void>): Promise<void> {
  const real = globalThis.console;
  globalThis.console = new Proxy(real, { get: () => () => {} });
  const ignore = (): void => {};
  process.on('unhandledRejection', ignore);
  try {
    await run();
  } finally {
    globalThis.console = real;
    process.off('unhandledRejection', ignore);
  }
}
