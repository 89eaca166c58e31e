import type { OfflineManifest } from '../../schema/manifest.ts';
import { isOlder } from '../../schema/version.ts';
import { entityKey, writeEntity } from '../cache/entity.ts';
import { placeInLists, removeFromLists } from '../cache/lists.ts';
import type { OfflineCache } from '../cache/offline-cache.ts';
import type { Change, SyncPage, Tombstone } from './page.ts';

export interface ApplyOptions {
  /** Also what is older than what is here. Default `false`. */
  readonly force?: boolean;
}

/** Writes entities and puts them where they belong in every stored list. Older versions are ignored by the cache itself. */
export function applyChanges(cache: OfflineCache, manifest: OfflineManifest, changes: readonly Change[], options: ApplyOptions = {}): void {
  const known = changes.filter(({ __typename }) => manifest.types[__typename] !== undefined);
  applyTombstones(
    cache,
    manifest,
    known
      .filter((change) => change._deleted === true)
      .map((change) => ({ typename: change.__typename, id: change.id, _version: change._version, reason: 'DELETED' })),
    options,
  );
  const alive = known.filter((change) => change._deleted !== true);
  for (const change of alive) writeEntity(cache, manifest, change.__typename, change);
  for (const [typename, ids] of byType(alive.map(({ __typename, id }) => ({ typename: __typename, id }))))
    placeInLists(cache, manifest, typename, ids);
}

/**
 * Takes entities off every list. What was deleted stays stored, marked, because others may still refer to it, as they do at the
 * server; what this user may no longer see goes away.
 */
export function applyTombstones(
  cache: OfflineCache,
  manifest: OfflineManifest,
  tombstones: readonly Tombstone[],
  { force = false }: ApplyOptions = {},
): void {
  const isOutdated = ({ typename, id, _version }: Tombstone): boolean => {
    if (force) return false;
    const here = cache.rootEntity(entityKey(cache, typename, id))?._version;
    return isOlder(_version, here);
  };
  const current = tombstones.filter((tombstone) => manifest.types[tombstone.typename] !== undefined && !isOutdated(tombstone));
  for (const { typename, id, _version, reason } of current) {
    const key = entityKey(cache, typename, id);
    if (reason === 'DELETED' && cache.rootEntity(key)) {
      writeEntity(cache, manifest, typename, { id, _version, _deleted: true });
      // Nothing but a reference keeps it from `gc()` now.
      while (cache.release(key) > 0);
    } else {
      cache.bury(key, _version, reason === 'OUT_OF_SCOPE');
    }
  }
  for (const [typename, ids] of byType(current)) removeFromLists(cache, manifest, typename, ids);
}

/** A part of a page. */
type Part = Pick<SyncPage, 'changes' | 'tombstones'>;

/** Mark and sweep: what a full pull does not bring is gone. */
export interface Sweep {
  /**
   * What the server is right about, and the rest. Its history may be shorter than ours (a restored backup), so its versions win
   * even when they are lower, but not over what has changed here since the pull began.
   */
  split(page: Part): readonly [resynced: Part, guarded: Part];
  mark(page: Part): void;
  /** Removes what was there when the sweep began, has not come, and has not changed since by another way. */
  finish(manifest: OfflineManifest): void;
}

/** @param touched cache ids that have changed by another way since the first page was asked for; grows meanwhile. */
export function createSweep(cache: OfflineCache, types: readonly string[], touched: ReadonlySet<string>): Sweep {
  const before = versionedIds(cache, types);
  const seen = new Set<string>();
  const ofChange = ({ __typename, id }: Change): string => entityKey(cache, __typename, id);
  const ofTombstone = ({ typename, id }: Tombstone): string => entityKey(cache, typename, id);
  return {
    split({ changes, tombstones }) {
      const part = (isTouched: boolean): Part => ({
        changes: changes.filter((change) => touched.has(ofChange(change)) === isTouched),
        tombstones: tombstones.filter((tombstone) => touched.has(ofTombstone(tombstone)) === isTouched),
      });
      return [part(false), part(true)];
    },
    mark({ changes, tombstones }) {
      for (const key of [...changes.map(ofChange), ...tombstones.map(ofTombstone)]) seen.add(key);
    },
    finish(manifest) {
      const gone: { typename: string; id: string }[] = [];
      for (const key of before) {
        const entity = cache.rootEntity(key);
        if (seen.has(key) || touched.has(key) || entity === undefined) continue;
        gone.push({ typename: entity.__typename as string, id: String(entity.id) });
        cache.bury(key, null);
      }
      for (const [typename, ids] of byType(gone)) removeFromLists(cache, manifest, typename, ids);
    },
  };
}

/** Cache ids of stored entities of these types. */
export function versionedIds(cache: OfflineCache, types: readonly string[]): readonly string[] {
  return cache.rootIds().filter((key) => types.includes(cache.rootEntity(key)?.__typename as string));
}

function byType(entities: readonly { readonly typename: string; readonly id: string }[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { typename, id } of entities) {
    const group = groups.get(typename);
    if (group) group.push(id);
    else groups.set(typename, [id]);
  }
  return groups;
}
