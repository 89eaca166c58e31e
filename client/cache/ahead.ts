import type { Storage } from '../ports.ts';
import { AHEAD_PREFIX, aheadKey, CACHE_CODEC, type CacheEvent, decodePage, type StoredPage } from './stored-cache.ts';

/** What the server answered to one sync query while no tab was there to take it in. */
export type PageAhead = Omit<StoredPage, 'codec' | 'schemaHash'>;

export interface PagesAhead {
  /** Of everything that lies there, sound or not. */
  readonly keys: readonly string[];
  /** Those that can be used, in the order in which they were pulled. */
  readonly pages: readonly (PageAhead & { readonly key: string })[];
}

/**
 * Pages of changes that were pulled with no tab open. They lie beside the stored cache and go with it. Each says which cursor it goes on
 * from: one that the stored cache has moved away from is of no use to anybody.
 */
export interface Ahead {
  read(): Promise<PagesAhead>;
  /** One put, so it is there or it is not. @param key of the page whose place it takes; default: after all that were read. */
  put(page: PageAhead, key?: string): Promise<string>;
  remove(keys: readonly string[]): Promise<void>;
}

export function createAhead(deps: {
  /** The cache's own. */
  readonly storage: Storage;
  /** Pages of another one are left out: their fields may mean something else. */
  readonly schemaHash: string | null;
  readonly onEvent: (event: CacheEvent) => void;
}): Ahead {
  const { storage, schemaHash, onEvent } = deps;
  let last = 0;
  return {
    async read() {
      const stored = await storage.entries(AHEAD_PREFIX);
      const pages = stored.flatMap(([key, value]) => {
        last = Math.max(last, Number(key.slice(AHEAD_PREFIX.length)) || 0);
        const page = decodePage(value);
        if (!page.ok) onEvent({ code: page.code, key, message: page.message });
        return page.ok && page.value.schemaHash === schemaHash ? [{ ...page.value, key }] : [];
      });
      return { keys: stored.map(([key]) => key), pages };
    },
    async put({ since, cursor, size, text, at }, key = aheadKey(++last)) {
      await storage.put(key, { codec: CACHE_CODEC, schemaHash, since, cursor, size, text, at } satisfies StoredPage);
      return key;
    },
    async remove(keys) {
      for (const key of keys) await storage.remove(key);
    },
  };
}

/** Cursors are the server's own affair: any JSON value. */
export const isSameCursor = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Those that lead on from `cursor`, each from where the one before ends. */
export function chainFrom<P extends Pick<PageAhead, 'since' | 'cursor'>>(cursor: unknown, pages: readonly P[]): readonly P[] {
  const chain: P[] = [];
  for (const page of pages) if (isSameCursor(page.since, chain.at(-1)?.cursor ?? cursor)) chain.push(page);
  return chain;
}
