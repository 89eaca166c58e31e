import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { offlineManifest } from '../schema/index.ts';
import { createOfflineSchema, memoryStore } from '../server/index.ts';
import { findChromium } from '../test/harness/chromium.ts';
import type { EnqueuePage } from './enqueue/page.ts';
import { TYPES } from './replay/schema.ts';
import { type Bench, machine, median, round } from './report.ts';

declare const enqueueBench: EnqueuePage;

const HTML = { '.html': 'text/html', '.js': 'text/javascript' } as const;

/** Mutations made durable, in Chromium's IndexedDB. */
export const enqueue: Bench = {
  name: 'enqueue',
  says: 'makes mutations durable in Chromium: one at a time beside a raw strict put, 1000 at once beside localforage one by one',
  missing: () => [],
  async run({ count = 1_000, rounds = 3, say }) {
    const folder = await mkdtemp(join(tmpdir(), 'farside-bench-'));
    const root = join(import.meta.dirname, 'enqueue');
    const manifest = JSON.stringify(offlineManifest(createOfflineSchema({ typeDefs: TYPES, store: memoryStore() })));
    await build({
      root,
      logLevel: 'error',
      configFile: false,
      resolve: { tsconfigPaths: true },
      define: { MANIFEST: manifest },
      build: { outDir: folder, emptyOutDir: true, target: 'es2022' },
    });
    const server = createServer(async (request, response) => {
      const name = request.url === '/' ? '/index.html' : (request.url ?? '');
      const body = await readFile(join(folder, name)).catch(() => null);
      response.writeHead(body ? 200 : 404, { 'content-type': HTML[extname(name) as keyof typeof HTML] ?? 'text/plain' }).end(body ?? '');
    }).listen(0);
    const browser = await chromium.launch({ ...(await findChromium()), headless: true });
    try {
      const page = await browser.newPage();
      await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
      await page.waitForFunction(() => 'enqueueBench' in globalThis);
      const times = { farside: [] as number[], raw: [] as number[], burst: [] as number[], localforage: [] as number[] };
      const singles = Math.min(count, 200);
      for (let turn = 0; turn < rounds; turn++) {
        times.farside.push(...(await page.evaluate((many) => enqueueBench.farside(many), singles)));
        times.raw.push(...(await page.evaluate((many) => enqueueBench.raw(many), singles)));
        times.burst.push(await page.evaluate((many) => enqueueBench.farsideBurst(many), count));
        times.localforage.push(await page.evaluate((many) => enqueueBench.localforageBurst(many), count));
        say(
          `  ${count} at once: farside ${round(times.burst.at(-1) ?? 0)} ms, localforage one by one ${round(times.localforage.at(-1) ?? 0)} ms`,
        );
      }
      const [single, raw, burst, one] = [times.farside, times.raw, times.burst, times.localforage].map((all) => round(median(all)));
      const isFull = count >= 1_000;
      const [share, gain] = [round((raw as number) / (single as number)), round((one as number) / (burst as number))];
      return {
        name: 'enqueue',
        machine: `${machine()}, Chromium ${browser.version()}`,
        rows: [
          {
            metric: 'one mutation, from its call to being durable, p50',
            unit: 'ms',
            ours: single as number,
            peers: { strictPut: raw as number },
            ratio: share,
            goal: '≤ 1.5 × a strict put',
            holds: isFull ? (single as number) <= 1.5 * (raw as number) : null,
          },
          {
            metric: `${count} mutations at once, until all are durable`,
            unit: 'ms',
            ours: burst as number,
            peers: { localforage: one as number },
            ratio: gain,
            goal: '≥ 5 × localforage one by one',
            holds: isFull ? gain >= 5 : null,
          },
        ],
      };
    } finally {
      await browser.close();
      server.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};
