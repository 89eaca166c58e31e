import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { findChromium } from '../../test/harness/chromium.ts';

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

export interface BenchBrowser {
  readonly version: string;
  /** A page that has just been loaded, over the same storage as those before. */
  page(): Promise<Page>;
  close(): Promise<void>;
}

/** Chromium, with the page in this folder, built as for production. */
export async function openBrowser(root: string): Promise<BenchBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'farside-bench-'));
  await build({
    root,
    logLevel: 'error',
    configFile: false,
    resolve: { tsconfigPaths: true },
    build: { outDir: folder, emptyOutDir: true, target: 'es2022' },
  });
  const server = createServer(async (request, response) => {
    const name = request.url === '/' ? '/index.html' : (request.url ?? '');
    const body = await readFile(join(folder, name)).catch(() => null);
    response.writeHead(body ? 200 : 404, { 'content-type': TYPES[extname(name)] ?? 'text/plain' }).end(body ?? '');
  }).listen(0);
  const browser = await chromium.launch({ ...(await findChromium()), headless: true });
  const context = await browser.newContext();
  return {
    version: browser.version(),
    async page() {
      const page = await context.newPage();
      await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
      await page.waitForFunction(() => 'storedBench' in globalThis);
      return page;
    },
    async close() {
      await browser.close();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
