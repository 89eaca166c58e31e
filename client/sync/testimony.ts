import { entityKey } from '../cache/entity.ts';
import type { OfflineCache } from '../cache/offline-cache.ts';
import type { SyncPage } from './page.ts';

/** What the pages of one pull say of what is here, by cache id. */
export interface Testimony {
  /** A page that was just applied. */
  hear(page: SyncPage): void;
  /** Whether some page told of the entity as it is here by now. */
  upholds(key: string): boolean;
  /** Entities that the pages know only in an older state than is here. */
  older(): readonly string[];
}

export function createTestimony(cache: OfflineCache): Testimony {
  /** With the version that was told. */
  const upheld = new Map<string, unknown>();
  const outdated = new Set<string>();
  const note = (key: string, isAsHere: boolean): void =>
    void (isAsHere ? upheld.set(key, cache.rootEntity(key)?._version) : outdated.add(key));
  return {
    hear({ changes, tombstones }) {
      for (const { __typename, id, _version } of changes) {
        const key = entityKey(cache, __typename, id);
        const entity = cache.rootEntity(key);
        note(key, entity === undefined || entity._version === _version);
      }
      for (const { typename, id } of tombstones) {
        const key = entityKey(cache, typename, id);
        const entity = cache.rootEntity(key);
        note(key, entity === undefined || entity._deleted === true);
      }
    },
    upholds: (key) => upheld.has(key) && upheld.get(key) === cache.rootEntity(key)?._version,
    older: () => [...outdated].filter((key) => !upheld.has(key)),
  };
}
