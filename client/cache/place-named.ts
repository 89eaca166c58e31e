import type { ApolloCache } from '@apollo/client';
import type { OfflineManifest } from '../../schema/manifest.ts';
import { readEntity } from './entity.ts';
import { placeInLists, removeFromLists } from './lists.ts';

/**
 * Puts what the result of a hand-written mutation names where it belongs in the generated lists, as a generated mutation does. Only
 * entities of which the cache has every field: a list would be waiting for the rest.
 */
export function placeNamed(cache: ApolloCache, manifest: OfflineManifest | null, data: unknown): void {
  if (!manifest) return;
  for (const { typename, id } of namedIn(manifest, data)) {
    const entity = readEntity(cache, manifest, typename, id, { optimistic: true });
    if (entity?._deleted === true) removeFromLists(cache, manifest, typename, id);
    else if (Object.values(manifest.types[typename]?.fields ?? {}).every(({ input }) => entity?.[input] !== undefined))
      placeInLists(cache, manifest, typename, id);
  }
}

interface Named {
  readonly typename: string;
  readonly id: string;
}

function namedIn(manifest: OfflineManifest, value: unknown): readonly Named[] {
  if (Array.isArray(value)) return value.flatMap((item) => namedIn(manifest, item));
  if (typeof value !== 'object' || value === null) return [];
  const { __typename: typename, id } = value as { readonly __typename?: unknown; readonly id?: unknown };
  const own = typeof typename === 'string' && typeof id === 'string' && manifest.types[typename] !== undefined ? [{ typename, id }] : [];
  return [...own, ...Object.values(value).flatMap((member) => namedIn(manifest, member))];
}
