import type { StoreObject } from '@apollo/client';
import { isObject } from '../../schema/shape.ts';
import type { CacheImport, ImportDeps, PersistedCache } from './import-on-demand.ts';
import type { Restored } from './restore.ts';

/** `taken`: read, and perhaps still there. `done`: never to be looked at again. */
const MARK_KEY = 'import';

export function createCacheImport(deps: ImportDeps, from: PersistedCache): CacheImport {
  const { storage: source, key = 'apollo-cache-persist' } = from;
  const { storage, onEvent } = deps;
  /** What was found; of a value that is not ours to take away `null`. */
  let found: Promise<Pick<Restored, 'entities' | 'retained'> | null> | null = null;
  let isFinished = false;

  const tell = (message: string): void => onEvent({ code: 'CACHE_NOT_IMPORTED', key, message });

  async function load(): Promise<Pick<Restored, 'entities' | 'retained'> | null> {
    const stored = await source.getItem(key);
    if (stored === null || stored === undefined) return null;
    const extracted = typeof stored === 'string' ? parse(stored) : stored;
    if (!isExtracted(extracted)) {
      tell('expected a cache that apollo3-cache-persist has stored for Apollo Client 3 or later, got something else; it is left alone');
      return null;
    }
    const { __META: meta, ...rest } = extracted;
    const entities: Record<string, StoreObject> = {};
    const unsound: string[] = [];
    for (const [id, entity] of Object.entries(rest)) {
      if (isObject(entity)) entities[id] = entity as StoreObject;
      else unsound.push(id);
    }
    if (unsound.length > 0)
      tell(`expected an object for each entity, got ${unsound.length} that are none, "${unsound[0]}" first; they are fetched again`);
    const retained = isObject(meta) && Array.isArray(meta.extraRootIds) ? meta.extraRootIds : [];
    return { entities, retained: new Set(retained.filter((id): id is string => typeof id === 'string')) };
  }

  /** Perhaps the next start has more luck. */
  const failed = (what: string, error: unknown): null => {
    isFinished = true;
    tell(`the cache that apollo3-cache-persist has stored could not be ${what}: ${String(error)}; the app goes on without it`);
    return null;
  };
  const look = () => {
    found ??= load().catch((error: unknown) => failed('read', error));
    return found;
  };

  async function takeAway(): Promise<void> {
    const mark = await storage.get(MARK_KEY);
    if (mark !== 'done') {
      const isOurs = mark === 'taken' || (await look()) !== null;
      // Before it is taken away: a crash in between must not bring it back over what is fetched later.
      if (isOurs && mark !== 'taken') await storage.put(MARK_KEY, 'taken');
      if (isOurs) await source.removeItem(key);
      await storage.put(MARK_KEY, 'done');
    }
    isFinished = true;
    found = null;
  }

  return {
    async read() {
      if (isFinished || found !== null) return null;
      const mark = await storage.get(MARK_KEY).catch(() => null);
      return mark === null ? look() : null;
    },
    async finish() {
      if (isFinished) return;
      await takeAway().catch((error: unknown) => failed('taken away', error));
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** As `cache.extract()` gives it. Apollo Client 2 named no type at its roots, and its references are others. */
function isExtracted(value: unknown): value is Record<string, unknown> {
  if (!isObject(value) || Object.keys(value).length === 0) return false;
  const root = value.ROOT_QUERY;
  return root === undefined ? Object.values(value).some(isObject) : isObject(root) && typeof root.__typename === 'string';
}
