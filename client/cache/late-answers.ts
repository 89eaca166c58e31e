import type { OfflineManifest } from '../../schema/manifest.ts';
import { placeInLists, removeFromLists } from './lists.ts';
import type { OfflineCache } from './offline-cache.ts';

/** One query on its way to the server and back. */
export interface LateAnswer {
  /** Runs what writes the answer into the cache. */
  arrive<T>(write: () => T): T;
  /** It is over, answered or not. */
  end(): void;
}

/**
 * A list is as old as the moment at which the server made it. What changed here while it was under way is put into it again, or
 * taken out: an answer that was overtaken by a pull would otherwise take it off the screen for good, because the cursor is
 * past that change and nothing would bring it again (I5). Entities themselves are guarded by their versions.
 */
export function createLateAnswers(cache: OfflineCache, manifest: OfflineManifest | null): () => LateAnswer {
  const underWay = new Set<Set<string>>();
  cache.onChanged((id) => {
    for (const changed of underWay) changed.add(id);
  }, 'each');

  const replace = (changed: ReadonlySet<string>): void => {
    if (manifest === null) return;
    for (const typename of Object.keys(manifest.types)) {
      const alive: string[] = [];
      const gone: string[] = [];
      for (const key of changed) {
        const entity = cache.rootEntity(key);
        if (entity === undefined && key.startsWith(`${typename}:`)) gone.push(key.slice(typename.length + 1));
        if (entity?.__typename === typename && typeof entity.id === 'string') (entity._deleted === true ? gone : alive).push(entity.id);
      }
      if (alive.length > 0) placeInLists(cache, manifest, typename, alive);
      if (gone.length > 0) removeFromLists(cache, manifest, typename, gone);
    }
  };

  return () => {
    const changed = new Set<string>();
    underWay.add(changed);
    return {
      arrive: (write) =>
        cache.together(() => {
          const meanwhile = new Set(changed);
          const result = write();
          if (meanwhile.size > 0) replace(meanwhile);
          return result;
        }),
      end: () => void underWay.delete(changed),
    };
  };
}
