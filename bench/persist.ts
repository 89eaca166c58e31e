import { type Bench, machine, median, type Row, round } from './report.ts';
import { openContestants, PEER } from './stored/contestants.ts';
import type { StoredPage } from './stored/page.ts';

declare const storedBench: StoredPage;

/** How often ours must be as good, at the sizes of the goals. */
const GOALS: Readonly<Record<number, number>> = { 10000: 20, 100000: 150 };

/** One entity of many changed: what storing that costs the page, in Chromium's IndexedDB. */
export const persist: Bench = {
  name: 'persist',
  says: 'stores the cache after one of 10 000 and of 100 000 entities has changed, in Chromium; beside apollo3-cache-persist, and urql and TanStack Query where they are installed',
  missing: () => [],
  async run({ count, rounds = 9, alone, say }) {
    const browser = await openContestants({ alone, say });
    const rows: Row[] = [];
    try {
      for (const entities of count === undefined ? [10_000, 100_000] : [count]) {
        const measure = async (contestant: string) => {
          const page = await browser.page(contestant);
          await page.evaluate(([name, many]) => storedBench.open(name, many), [contestant, entities] as const);
          await page.evaluate(() => storedBench.change());
          const blocks: number[] = [];
          for (let turn = 0; turn < rounds; turn++) blocks.push((await page.evaluate(() => storedBench.change())).blockMs);
          const bytes = await page.evaluate(() => storedBench.bytes());
          await page.close();
          const block = round(median(blocks));
          say(`  ${entities} entities, ${contestant}: ${block} ms, ${bytes} bytes`);
          return { block, bytes };
        };
        const ours = await measure('farside');
        const others = new Map<string, Awaited<ReturnType<typeof measure>>>();
        for (const name of browser.peers) others.set(name, await measure(name));
        const peers = (what: 'block' | 'bytes') => Object.fromEntries([...others].map(([name, figures]) => [name, figures[what]]));
        const peer = others.get(PEER) ?? null;
        const times = GOALS[entities];
        const ratio = peer && round(peer.block / ours.block);
        rows.push({
          metric: `${entities} entities, one changed: the page stands still`,
          unit: 'ms',
          ours: ours.block,
          peers: peers('block'),
          ratio,
          goal: times === undefined ? '≤ 2 ms' : `≤ 2 ms, ≥ ${times} × ${PEER}`,
          holds: times === undefined ? null : ours.block <= 2 && (ratio === null || ratio >= times),
        });
        rows.push({
          metric: `${entities} entities, one changed: handed to IndexedDB`,
          unit: 'bytes',
          ours: ours.bytes,
          peers: peers('bytes'),
          ratio: peer && round(peer.bytes / ours.bytes),
          goal: 'in proportion to the change: ≤ 2000 bytes',
          holds: ours.bytes <= 2_000,
        });
      }
    } finally {
      await browser.close();
    }
    return { name: 'persist', machine: `${machine()}, Chromium ${browser.version}`, rows };
  },
};
