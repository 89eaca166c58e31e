import type { OfflineManifest } from '../../schema/manifest.ts';
import { placeInLists, removeFromLists } from './lists.ts';
import type { OfflineCache } from './offline-cache.ts';

/**
 * Puts entities, by cache id, where they belong by now in every stored list; those that are gone are taken out. What is known only by the
 * id under which another entity refers to it stays where it is: nobody has said that this reader may see it.
 */
export function relist(cache: OfflineCache, manifest: OfflineManifest, keys: Iterable<string>): void {
  const known = [...keys];
  for (const typename of Object.keys(manifest.types)) {
    const alive: string[] = [];
    const gone: string[] = [];
    for (const key of known) {
      const entity = cache.rootEntity(key);
      if (entity === undefined && key.startsWith(`${typename}:`)) gone.push(key.slice(typename.length + 1));
      if (entity?.__typename !== typename || typeof entity.id !== 'string') continue;
      if (entity._deleted === true) gone.push(entity.id);
      else if (entity._version !== undefined) alive.push(entity.id);
    }
    if (alive.length > 0) placeInLists(cache, manifest, typename, alive);
    if (gone.length > 0) removeFromLists(cache, manifest, typename, gone);
  }
}
