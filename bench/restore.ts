import { type Bench, machine, median, type Row, round } from './report.ts';
import { openContestants, PEER } from './stored/contestants.ts';
import type { Cost } from './stored/cost.ts';
import type { StoredPage } from './stored/page.ts';

declare const storedBench: StoredPage;

/** A cold start: from nothing to the first page read, with all that is stored in memory. */
export const restore: Bench = {
  name: 'restore',
  says: 'fills the cache from what 100 000 stored entities left in Chromium; beside apollo3-cache-persist, and urql and TanStack Query where they are installed',
  missing: () => [],
  async run({ count: entities = 100_000, rounds = 3, alone, say }) {
    const browser = await openContestants({ alone, say });
    const rows: Row[] = [];
    try {
      const contestants = ['farside', ...browser.peers];
      const costs = new Map<string, Cost[]>(contestants.map((name) => [name, []]));
      for (const contestant of contestants) {
        const page = await browser.page(contestant);
        await page.evaluate(([name, many]) => storedBench.open(name, many), [contestant, entities] as const);
        await page.close();
      }
      for (let turn = 0; turn < rounds; turn++) {
        for (const contestant of contestants) {
          const page = await browser.page(contestant);
          const cost = await page.evaluate(([name, many]) => storedBench.restore(name, many), [contestant, entities] as const);
          costs.get(contestant)?.push(cost);
          say(
            `  ${contestant}: ${round(cost.ms)} ms, of which ${round(cost.blockMs)} without a break; first page ${round(cost.screenMs ?? cost.ms)} ms`,
          );
          await page.close();
        }
      }
      const of = (name: string, what: keyof Cost): number => round(median((costs.get(name) ?? []).map((cost) => cost[what] ?? cost.ms)));
      const isFull = entities >= 100_000;
      const memory = async (kind: 'OfflineCache' | 'InMemoryCache'): Promise<number> => {
        const page = await browser.page(kind);
        const session = await page.context().newCDPSession(page);
        const used = async (): Promise<number> => {
          await session.send('HeapProfiler.collectGarbage');
          return (await session.send('Runtime.getHeapUsage')).usedSize;
        };
        const before = await used();
        await page.evaluate(([of, many]) => storedBench.hold(of, many), [kind, entities] as const);
        const after = await used();
        await page.close();
        return round((after - before) / 1e6);
      };
      for (const [what, metric, goal, holds] of [
        ['screenMs', 'until the first page is there', '≤ 100 ms', (ours: number) => ours <= 100],
        ['ms', 'until all is there', `≤ 1.15 × ${PEER}`, (ours: number, peer: number) => ours <= 1.15 * peer],
        ['blockMs', 'the page stands still', '≤ 50 ms', (ours: number) => ours <= 50],
      ] as const) {
        const [ours, peer] = [of('farside', what), of(PEER, what)];
        rows.push({
          metric: `${entities} entities: ${metric}`,
          unit: 'ms',
          ours,
          peers: Object.fromEntries(browser.peers.map((name) => [name, of(name, what)])),
          ratio: alone ? null : round(peer / ours),
          goal,
          holds: isFull && !(alone && what === 'ms') ? holds(ours, peer) : null,
        });
      }
      const [ours, plain] = [await memory('OfflineCache'), await memory('InMemoryCache')];
      rows.push({
        metric: `${entities} entities: memory that holds them`,
        unit: 'MB',
        ours,
        peers: { InMemoryCache: plain },
        ratio: round(plain / ours),
        goal: '≤ 1.1 × InMemoryCache',
        holds: isFull ? ours <= 1.1 * plain : null,
      });
    } finally {
      await browser.close();
    }
    return { name: 'restore', machine: `${machine()}, Chromium ${browser.version}`, rows };
  },
};
