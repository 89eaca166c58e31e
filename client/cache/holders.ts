import { isReference, type StoreObject } from '@apollo/client';
import type { OfflineCache } from './offline-cache.ts';

/** A stored field that would tell less than the truth without an entity that it refers to. */
export interface Holder {
  readonly id: string;
  readonly storeFieldName: string;
}

/** Which fields hold which entities. */
export interface Holders {
  /** Looks at one stored entity, again if it has changed. */
  look(id: string): void;
  of(id: string): readonly Holder[];
}

/**
 * Of `ids`. Apollo leaves references to nothing out of a list without a word, so a list must go with its row; then who asks for it
 * goes to the network, or hears that it is not here. A single reference to nothing makes an answer incomplete by itself. At the root
 * it goes too, or "not here" would be taken for "there is none" when lists are put right.
 */
export function createHolders(cache: Pick<OfflineCache, 'rootEntity'>, ids: ReadonlySet<string>): Holders {
  const seen = new Map<string, StoreObject>();
  const found = new Map<string, Map<string, Holder>>();
  return {
    look(id) {
      const object = cache.rootEntity(id);
      if (object === undefined || seen.get(id) === object) return;
      seen.set(id, object);
      for (const [storeFieldName, value] of Object.entries(object)) {
        if (typeof value !== 'object' || value === null) continue;
        for (const held of heldIn(value, ids, id.startsWith('ROOT_'))) {
          const holders = found.get(held) ?? new Map<string, Holder>();
          found.set(held, holders.set(`${id} ${storeFieldName}`, { id, storeFieldName }));
        }
      }
    },
    of: (id) => [...(found.get(id)?.values() ?? [])],
  };
}

function heldIn(value: unknown, ids: ReadonlySet<string>, isListed: boolean, held: string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return held;
  if (isReference(value)) {
    if (isListed && ids.has(value.__ref)) held.push(value.__ref);
  } else {
    for (const inner of Object.values(value)) heldIn(inner, ids, isListed || Array.isArray(value), held);
  }
  return held;
}
