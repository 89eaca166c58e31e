import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, type BenchOptions, machine, median, type Report, round } from './report.ts';
import { type Contestant, type Memory, withContestants } from './server/load.ts';
import { NOTES, noteId } from './server/notes.ts';
import { type LiveClient, openLiveClient } from './soak/live-client.ts';

const CLIENTS = 500;
const ROUNDS = 18;
const ROUND_MS = 5_000;
/** Each is heard by every client, so this many times as many pulls. */
const WRITES_PER_ROUND = 10;
/** Code gets warm, and statements and plans are kept, before anything can be called flat. */
const WARM_ROUNDS = 3;
const MOST_GROWTH = 1.1;
const DEADLINE_MS = 60_000;

/** Many clients that are open for a while, each hearing of what all the others do: whether the server keeps anything of it. */
export const soak: Bench = {
  name: 'soak',
  says: '500 live clients on one server: every change heard by every client, how late, and whether memory stays flat',
  missing: () => [],
  run: (options) =>
    withContestants(async (start) => {
      const server = await start('farside', 'normal');
      const clients: LiveClient[] = [];
      try {
        return await live(options, server, clients);
      } finally {
        for (const client of clients) client.close();
      }
    }),
};

async function live(
  { count = CLIENTS, rounds = ROUNDS, say }: BenchOptions,
  server: Pick<Contestant, 'url' | 'memory'>,
  clients: LiveClient[],
): Promise<Report> {
  const made = new Map<string, number>();
  const lags: number[] = [];
  const onNews = (id: string, version: number): void => {
    const at = made.get(`${id} ${version}`);
    if (at !== undefined) lags.push(performance.now() - at);
  };
  for (let at = 0; at < count; at++)
    clients.push(await openLiveClient(server.url, { clientId: `client-${at}`, noteId: noteId(at % NOTES), onNews }));
  say(`  ${count} clients are open`);

  const samples: Memory[] = [];
  let writes = 0;
  /** Each has a note of its own, as far as there are any: nobody's write meets another's. */
  const writers = Math.min(count, NOTES);
  for (let turn = 0; turn < rounds; turn++) {
    const ends = performance.now() + ROUND_MS;
    for (let each = 0; each < WRITES_PER_ROUND; each++) {
      const writer = writes++ % writers;
      // Noted before the write: others may hear of it before its own answer is here.
      const next = (clients[writer]?.known.get(noteId(writer)) ?? 1) + 1;
      made.set(`${noteId(writer)} ${next}`, performance.now());
      await clients[writer]?.write();
      await pause(Math.max(0, (ends - performance.now()) / (WRITES_PER_ROUND - each)));
    }
    const sample = await server.memory();
    samples.push(sample);
    say(`  ${turn + 1} of ${rounds}: heap ${round(sample.heapMb)} MB, resident ${round(sample.residentMb)} MB`);
  }
  const behind = await untilAllKnow(clients);

  const sorted = [...lags].sort((a, b) => a - b);
  const at = (share: number): number => round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN);
  const warm = samples.length > WARM_ROUNDS ? samples.slice(WARM_ROUNDS) : samples;
  const third = Math.max(1, Math.floor(warm.length / 3));
  const heap = (part: readonly Memory[]): number => median(part.map(({ heapMb }) => heapMb));
  const growth = heap(warm.slice(-third)) / heap(warm.slice(0, third));
  const isFull = count >= CLIENTS && rounds >= ROUNDS;
  const record = { peers: {}, ratio: null, goal: null, holds: null };
  return {
    name: 'soak',
    machine: machine(),
    rows: [
      {
        metric: `clients that missed a change, of ${count}`,
        unit: 'clients',
        ours: behind,
        peers: {},
        ratio: null,
        goal: '0',
        holds: behind === 0,
      },
      {
        metric: `heap after a collection, last third beside the first, over ${(rounds * ROUND_MS) / 1000} s`,
        unit: '×',
        ours: round(growth),
        peers: {},
        ratio: null,
        goal: `≤ ${MOST_GROWTH} ×`,
        holds: isFull ? growth <= MOST_GROWTH : null,
      },
      { metric: 'heap at the end', unit: 'MB', ours: round(samples.at(-1)?.heapMb ?? Number.NaN), ...record },
      { metric: 'resident at the end', unit: 'MB', ours: round(samples.at(-1)?.residentMb ?? Number.NaN), ...record },
      { metric: `changes made, each heard ${count} times`, unit: 'changes', ours: writes, ...record },
      { metric: 'pulls', unit: 'pulls', ours: clients.reduce((sum, { pulls }) => sum + pulls, 0), ...record },
      { metric: 'from the call to what another client has of it, half of them', unit: 'ms', ours: at(0.5), ...record },
      { metric: 'the same, 99 of 100', unit: 'ms', ours: at(0.99), ...record },
    ],
  };
}

/** How many do not know the newest version of everything, once there was time to hear of it. */
async function untilAllKnow(clients: readonly LiveClient[]): Promise<number> {
  const newest = new Map<string, number>();
  for (const { known } of clients) for (const [id, version] of known) newest.set(id, Math.max(newest.get(id) ?? 0, version));
  const behind = (): number => clients.filter(({ known }) => [...newest].some(([id, version]) => known.get(id) !== version)).length;
  const until = performance.now() + DEADLINE_MS;
  while (behind() > 0 && performance.now() < until) await pause(100);
  return behind();
}
