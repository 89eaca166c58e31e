import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { notInstalled } from '../report.ts';
import { openBrowser } from './browser.ts';

/** What the goals speak of. */
export const PEER = 'apollo3-cache-persist';

const OTHERS = ['urql', 'tanstack-query'];
const PACKAGES = ['@urql/core', '@urql/exchange-graphcache', '@tanstack/query-core', '@tanstack/query-async-storage-persister'];

/** Browsers with the pages of those that are measured. */
export interface Contestants {
  /** In what, for the report. */
  readonly version: string;
  readonly peers: readonly string[];
  page(contestant: string): Promise<Page>;
  close(): Promise<void>;
}

export async function openContestants(options: { readonly alone: boolean; readonly say: (text: string) => void }): Promise<Contestants> {
  const missing = options.alone ? [] : notInstalled(PACKAGES);
  if (missing.length > 0) options.say(`  without ${OTHERS.join(' and ')}: ${missing.join(', ')} not installed; run: npm ci --prefix bench`);
  const others = options.alone || missing.length > 0 ? [] : OTHERS;
  const own = await openBrowser(import.meta.dirname);
  const theirs = others.length > 0 ? await openBrowser(fileURLToPath(new URL('../peers/clients/stored/', import.meta.url))) : null;
  return {
    version: own.version,
    peers: options.alone ? [] : [PEER, ...others],
    page: (contestant) => (theirs !== null && others.includes(contestant) ? theirs : own).page(),
    async close() {
      await own.close();
      await theirs?.close();
    },
  };
}
