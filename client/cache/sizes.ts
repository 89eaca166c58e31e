import type { StoreObject } from '@apollo/client';

/** Bytes that an entity takes on disk, about: one for each character of its JSON. Stored objects are never changed in place. */
export function createSizes(): (id: string, object: StoreObject) => number {
  const known = new WeakMap<StoreObject, number>();
  return (id, object) => {
    const bytes = known.get(object) ?? id.length + JSON.stringify(object).length;
    known.set(object, bytes);
    return bytes;
  };
}
