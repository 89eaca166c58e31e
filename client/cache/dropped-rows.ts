import { isReference, type StoreObject } from '@apollo/client';
import type { OfflineManifest } from '../../schema/manifest.ts';
import { parseListField } from './list-field.ts';
import type { OfflineCache } from './offline-cache.ts';

/**
 * Entities, by cache id, that are here and that lists which have changed since `before` do not hold: what such a list held
 * before, or, where it is new, every entity of its type. Not what is known by its id alone, because another entity refers to it. Some never belonged there; who asks must find out.
 */
export function droppedRows(cache: OfflineCache, manifest: OfflineManifest, before: StoreObject | undefined): readonly string[] {
  const after = cache.rootEntity('ROOT_QUERY');
  if (after === undefined || after === before) return [];
  const dropped = new Set<string>();
  for (const [storeFieldName, list] of Object.entries(after)) {
    if (before?.[storeFieldName] === list) continue;
    const typename = listedType(manifest, storeFieldName);
    const rows = rowsOf(list);
    if (typename === null || rows === null) continue;
    const held = rowsOf(before?.[storeFieldName]) ?? cache.rootIds();
    for (const key of held) if (!rows.has(key) && isAlive(cache.rootEntity(key), typename)) dropped.add(key);
  }
  return [...dropped];
}

function listedType(manifest: OfflineManifest, storeFieldName: string): string | null {
  for (const [field, query] of Object.entries(manifest.queries)) {
    if (query.kind === 'list' && storeFieldName.startsWith(field) && parseListField(storeFieldName, field) !== null) return query.typename;
  }
  return null;
}

function rowsOf(list: unknown): ReadonlySet<string> | null {
  const nodes = (list as { readonly nodes?: unknown } | null | undefined)?.nodes;
  return Array.isArray(nodes) ? new Set(nodes.flatMap((node) => (isReference(node) ? [node.__ref] : []))) : null;
}

function isAlive(entity: StoreObject | undefined, typename: string): boolean {
  return entity?.__typename === typename && entity._version !== undefined && entity._deleted !== true;
}
