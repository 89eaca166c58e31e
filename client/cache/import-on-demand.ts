import type { OnDemand, Storage } from '../ports.ts';
import type { Restored } from './restore.ts';
import type { CacheEvent } from './stored-cache.ts';

/** Where apollo3-cache-persist keeps a cache: what its `CachePersistor` was given. */
export interface PersistedCache {
  /** The same wrapper: `new LocalStorageWrapper(localStorage)`, `new LocalForageWrapper(localforage)` … */
  readonly storage: { getItem(key: string): unknown; removeItem(key: string): unknown };
  /** Default `apollo-cache-persist`, as there. */
  readonly key?: string;
}

/** A cache that another library has stored, taken over once. */
export interface CacheImport {
  /** What it holds, as far as it is sound; `null`: nothing, or it was taken over before. Never rejects. */
  read(): Promise<Pick<Restored, 'entities' | 'retained'> | null>;
  /** It is stored here now, or shall not be: takes it away, so that it is never read again and nobody's data stays behind. Never rejects. */
  finish(): Promise<void>;
}

export interface ImportDeps {
  /** The journal's: the mark stays when the stored cache is dropped. */
  readonly storage: Storage;
  readonly onEvent: (event: CacheEvent) => void;
}

/** Without an import. */
export const NO_IMPORT: CacheImport = { read: async () => null, finish: async () => undefined };

export type ImportCode = OnDemand<{ createCacheImport(deps: ImportDeps, from: PersistedCache): CacheImport }>;

/** The import, for whoever has something to import. */
export function importOnDemand(code: ImportCode, deps: ImportDeps, from: PersistedCache | undefined): CacheImport {
  if (!from) return NO_IMPORT;
  let made: Promise<CacheImport> | null = null;
  const make = (): Promise<CacheImport> => {
    made ??= code.load().then(
      ({ createCacheImport }) => createCacheImport(deps, from),
      (error: unknown) => {
        deps.onEvent({ code: 'CACHE_NOT_IMPORTED', message: String(error), key: from.key ?? 'apollo-cache-persist' });
        return NO_IMPORT;
      },
    );
    return made;
  };
  return { read: async () => (await make()).read(), finish: async () => (await make()).finish() };
}
