import { isReference, type StoreObject } from '@apollo/client';
import type { Storage } from '../ports.ts';
import type { OfflineCache } from './offline-cache.ts';
import { type Merging, mergeIntoCache } from './restore.ts';
import { chunkKey, decodeChunk, decodeEntry, decodeHead, HEAD_KEY, journalPrefix, type StoredEntities } from './stored-cache.ts';

/** Root fields that do not fit are passed over so many times; then the rest is not looked at. */
const MOST_PASSED_OVER = 20;

/**
 * As many whole answers as fit into `limit` entities: fields of the root query, each with everything that it reaches. Those in
 * `wanted` first, then as they are stored. A field of which something is not there is left out.
 */
export function firstScreen(
  entities: StoredEntities,
  { limit = Number.POSITIVE_INFINITY, wanted = new Set() }: { readonly limit?: number; readonly wanted?: ReadonlySet<string> } = {},
): Record<string, StoreObject> {
  const { ROOT_QUERY: root } = entities;
  if (!root) return {};
  const { __typename = 'Query', ...stored } = root;
  const names = Object.keys(stored);
  const ordered = [...names.filter((name) => wanted.has(name)), ...names.filter((name) => !wanted.has(name))];
  const found: Record<string, StoreObject> = {};
  let size = 1;
  const fields: Record<string, unknown> = {};
  for (let at = 0, passedOver = 0; at < ordered.length && passedOver < MOST_PASSED_OVER; at++) {
    const name = ordered[at] as string;
    const reached = closureOf(stored[name], entities, found, limit - size);
    if (reached === null) passedOver++;
    else {
      fields[name] = stored[name];
      for (const id of reached) found[id] = entities[id] as StoreObject;
      size += reached.size;
    }
  }
  if (Object.keys(fields).length === 0) return {};
  return { ...found, ROOT_QUERY: { __typename, ...fields } };
}

/** Ids that a value reaches and that are not `known` yet; `null`: more than `limit`, or one is not there. */
function closureOf(value: unknown, entities: StoredEntities, known: StoredEntities, limit: number): ReadonlySet<string> | null {
  const reached = new Set<string>();
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (!isReference(next)) {
      for (const inner of Object.values(next)) if (typeof inner === 'object') open.push(inner);
      continue;
    }
    const id = next.__ref;
    if (Object.hasOwn(known, id) || reached.has(id)) continue;
    const entity = entities[id];
    if (!entity || reached.size >= limit) return null;
    reached.add(id);
    open.push(entity);
  }
  return reached;
}

/**
 * What lies at the beginning of a stored snapshot, brought up to date by its journal: whole answers, a few entities of perhaps very
 * many. `null`: there is no such beginning, or something is wrong; whoever reads all of it will say what.
 */
async function readFirstScreen(storage: Storage, schemaHash: string | null): Promise<StoredEntities | null> {
  const head = decodeHead(await storage.get(HEAD_KEY));
  if (!head.ok || head.value.beginsWithScreen !== true || head.value.schemaHash !== schemaHash) return null;
  const { generation } = head.value;
  const [stored, journal] = await Promise.all([storage.get(chunkKey(generation, 0)), storage.entries(journalPrefix(generation))]);
  const chunk = decodeChunk(stored, generation);
  if (!chunk.ok) return null;
  const entities: Record<string, StoreObject> = { ...chunk.value.entities };
  for (const [at, [, value]] of journal.entries()) {
    const entry = decodeEntry(value, generation, at + 1);
    if (!entry.ok) break;
    Object.assign(entities, entry.value.entities);
    for (const id of entry.value.removed) delete entities[id];
  }
  return firstScreen(entities);
}

/**
 * Shows it, together with what `onScreen` does; what it has put into the cache, by id. Nothing, and `onScreen` is not called, where there
 * is none, or nobody waits for it.
 */
export async function showFirstScreen(
  deps: { readonly cache: OfflineCache; readonly storage: Storage; readonly schemaHash: string | null },
  { isWanted, takeWritten }: Pick<Merging, 'isWanted' | 'takeWritten'>,
  onScreen: (() => void) | undefined,
): Promise<ReadonlyMap<string, StoreObject>> {
  const { cache, storage, schemaHash } = deps;
  const shown = new Map<string, StoreObject>();
  if (!onScreen) return shown;
  const entities = await readFirstScreen(storage, schemaHash).catch(() => null);
  if (!entities || !isWanted()) return shown;
  const nothing = new Map<string, StoreObject>();
  await mergeIntoCache(
    cache,
    { entities, ids: Object.keys(entities), retained: new Set() },
    { breathe: async () => {}, isWanted, takeWritten, shown: nothing },
  );
  for (const id of Object.keys(entities)) {
    const object = cache.rootEntity(id);
    if (object) shown.set(id, object);
  }
  cache.together(() => {
    if (shown.size > 0) onScreen();
  });
  return shown;
}
