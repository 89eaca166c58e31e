import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createLine } from './replay/network.ts';
import { type BenchServer, runServer } from './replay/run-server.ts';
import type { Contestant } from './replay/sender.ts';
import { type Bench, type BenchOptions, machine, median, notInstalled, type Report, type Row, round } from './report.ts';

interface Measured {
  readonly ms: number;
  /** Neighbours in the server's log that were made in the other order. */
  readonly inversions: number;
  readonly applied: number;
}

/** A long outbox sent: from the moment that the network is back to the last answer. */
export const replay: Bench = {
  name: 'replay',
  says: 'sends 1000 queued mutations over a line of 50 ms to Yoga and SQLite; also 0 ms, 10 000, and memory',
  missing: () => notInstalled(['@apollo/client', 'apollo-link-queue', '@tanstack/db', '@tanstack/offline-transactions']),
  async run(options) {
    const server = await runServer();
    try {
      return await compareSenders(server, options);
    } finally {
      await server.close();
    }
  },
};

async function compareSenders(server: BenchServer, { count = 1_000, rounds = 3, alone, say }: BenchOptions): Promise<Report> {
  const isFull = count >= 1_000;
  const { farside } = await import('./replay/farside.ts');
  // By a name that the compiler does not follow: the peers are there only once they are installed.
  const clients = new URL('peers/clients/senders.ts', import.meta.url).href;
  const peers = alone ? [] : ((await import(clients)) as { readonly SENDERS: readonly Contestant[] }).SENDERS;
  const all = [farside, ...peers];
  const rows: Row[] = [];

  const compare = async (roundTripMs: number, times: number): Promise<ReadonlyMap<string, readonly Measured[]>> => {
    const measured = new Map<string, Measured[]>(all.map(({ name }) => [name, []]));
    for (let turn = 0; turn < times; turn++) {
      for (const contestant of all) {
        const one = await measure(server, contestant, count, roundTripMs);
        measured.get(contestant.name)?.push(one);
        say(`  ${roundTripMs} ms, ${contestant.name}: ${round(one.ms)} ms, ${one.applied} applied, ${one.inversions} out of order`);
      }
    }
    return measured;
  };
  const of = (measured: ReadonlyMap<string, readonly Measured[]>, what: keyof Measured) => {
    const value = (name: string): number => round(median((measured.get(name) ?? []).map((one) => one[what])));
    return { ours: value('farside'), peers: Object.fromEntries(peers.map(({ name }) => [name, value(name)])) };
  };
  const against = (peer: number | undefined, ours: number): number | null => (peer === undefined ? null : round(peer / ours));

  // Everyone's code and the server's are warm: nobody measures how long a process takes to find its feet.
  for (const contestant of [farside, farside, ...all]) await measure(server, contestant, Math.min(count, 500), 0);
  for (const roundTripMs of [50, 0]) {
    const measured = await compare(roundTripMs, rounds);
    const time = of(measured, 'ms');
    const ratio = against(time.peers.tanstack, time.ours);
    const isGoal = roundTripMs === 50;
    rows.push({
      metric: `${count} mutations, round trip ${roundTripMs} ms`,
      unit: 'ms',
      ...time,
      ratio,
      goal: isGoal ? '≤ 1000 ms, ≥ 50 × tanstack' : null,
      holds: isGoal && isFull ? time.ours <= count && (ratio === null || ratio >= 50) : null,
    });
    for (const [what, metric, goal, right] of [
      ['applied', 'mutations applied', `${count}`, count],
      ['inversions', 'out of order', '0', 0],
    ] as const) {
      const figures = of(measured, what);
      if (isGoal) rows.push({ metric, unit: '', ...figures, ratio: null, goal, holds: figures.ours === right });
    }
  }
  const many = await measure(server, farside, 10 * count, 50);
  say(`  50 ms, farside: ${10 * count} in ${round(many.ms)} ms`);
  rows.push({
    metric: `${10 * count} mutations, round trip 50 ms`,
    unit: 'ms',
    ours: round(many.ms),
    peers: {},
    ratio: null,
    goal: null,
    holds: null,
  });
  const megabytes = round((await heapOf(10 * count)) / 1e6);
  rows.push({
    metric: `${10 * count} waiting, over an empty client`,
    unit: 'MB',
    ours: megabytes,
    peers: {},
    ratio: null,
    goal: '≤ 60 MB',
    holds: isFull ? megabytes <= 60 : null,
  });
  return { name: 'replay', machine: machine(), rows };
}

let runs = 0;

/** One server for all, so that it is as warm for one as for the other. */
async function measure(server: BenchServer, contestant: Contestant, count: number, roundTripMs: number): Promise<Measured> {
  const run = `run-${++runs}-`;
  const ids = Array.from({ length: count }, (_, index) => `${run}${String(index).padStart(6, '0')}`);
  const sender = await contestant.open({ url: server.url, fetch: createLine(roundTripMs) });
  await sender.queue(ids);
  const startedAt = performance.now();
  await sender.send();
  const ms = performance.now() - startedAt;
  await sender.close();
  const applied = (await server.notes()).filter((id) => id.startsWith(run));
  const inversions = applied.filter((id, index) => index > 0 && id < (applied[index - 1] as string)).length;
  return { ms, inversions, applied: applied.length };
}

async function heapOf(count: number): Promise<number> {
  const child = fork(new URL('replay/memory.ts', import.meta.url).pathname, [String(count)], {
    execArgv: ['--import', 'tsx', '--expose-gc'],
  });
  const [bytes] = (await once(child, 'message')) as [number];
  child.kill();
  return bytes;
}
