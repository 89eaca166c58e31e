import type { OfflineManifest } from '../../schema/manifest.ts';
import { droppedRows } from './dropped-rows.ts';
import type { OfflineCache } from './offline-cache.ts';
import { relist } from './relist.ts';

/** One query on its way to the server and back. */
export interface LateAnswer {
  /** Runs what writes the answer into the cache. */
  arrive<T>(write: () => T): T;
  /** It is over, answered or not. */
  end(): void;
}

export interface LateAnswers {
  /** A query sets out. */
  begin(): LateAnswer;
  /** Entities, by cache id, that have changed while a query was under way which still is: its answer may have to take them in. */
  changed(): readonly string[];
}

/**
 * A list is as old as the moment at which the server made it. What changed here while it was under way is put into it again, or
 * taken out: an answer that was overtaken by a pull would otherwise take it off the screen for good, because the cursor is
 * past that change and nothing would bring it again (I5). Entities themselves are guarded by their versions.
 */
export function createLateAnswers(
  cache: OfflineCache,
  manifest: OfflineManifest | null,
  restoring: { after(run: () => void): void },
  sync: () => {
    /** Told of entities that are here, and that an answer left out of a list. It may be older than its question: a cache on the way. */
    leftOut(keys: readonly string[]): void;
    /** Runs what writes the answer of a query. */
    reading<T>(run: () => T): T;
  },
): LateAnswers {
  const underWay = new Set<Set<string>>();
  cache.onChanged((id) => {
    for (const changed of underWay) changed.add(id);
  }, 'each');

  const begin = (): LateAnswer => {
    const changed = new Set<string>();
    underWay.add(changed);
    return {
      arrive: (write) =>
        cache.together(() => {
          const meanwhile = [...changed];
          const before = cache.rootEntity('ROOT_QUERY');
          const result = sync().reading(write);
          if (!manifest) return result;
          if (meanwhile.length > 0) relist(cache, manifest, meanwhile);
          const dropped = droppedRows(cache, manifest, before);
          restoring.after(() => sync().leftOut(dropped));
          return result;
        }),
      end: () => void underWay.delete(changed),
    };
  };
  return { begin, changed: () => [...underWay].flatMap((changed) => [...changed]) };
}
