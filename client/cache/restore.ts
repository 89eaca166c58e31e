import type { StoreObject } from '@apollo/client';
import { isOlder } from '../../schema/version.ts';
import type { Storage } from '../ports.ts';
import type { OfflineCache } from './offline-cache.ts';
import {
  type CacheEvent,
  chunkKey,
  decodeChunk,
  decodeEntry,
  decodeHead,
  entryKey,
  HEAD_KEY,
  JOURNAL_PREFIX,
  SNAPSHOT_PREFIX,
  type StoredEntities,
  unlessDamaged,
} from './stored-cache.ts';
import type { StoredTimes } from './usage.ts';

/** Everything sound that lies on disk. */
export interface Restored {
  /** Whether a cache was ever stored, and not dropped since: also one that cannot be used. */
  readonly isStored: boolean;
  readonly entities: StoredEntities;
  /** Of all entities: to ask for so many more than once would be felt. */
  readonly ids: readonly string[];
  readonly retained: ReadonlySet<string>;
  readonly times: StoredTimes;
  /** `null` when there is none, or when some of the data that it stands for is missing. */
  readonly checkpoint: unknown;
  readonly generation: number;
  /** Last journal entry used. With the generation: tells whether somebody has written since. */
  readonly sequence: number;
  /** Every key of snapshots and journals, those of other generations too. */
  readonly keys: ReadonlySet<string>;
}

export const NOTHING: Restored = {
  isStored: false,
  entities: {},
  ids: [],
  retained: new Set(),
  times: {},
  checkpoint: null,
  generation: 0,
  sequence: 0,
  keys: new Set(),
};

/**
 * Reads the stored cache. Whatever is missing, damaged or foreign is reported and left out: a chunk costs its entities and the
 * checkpoint, a journal entry costs itself and what came after it. Rejects only when the storage cannot be read.
 */
export async function readStoredCache(
  storage: Storage,
  schemaHash: string | null,
  onEvent: (event: CacheEvent) => void,
  breathe: () => Promise<void>,
): Promise<Restored> {
  const [stored, chunks, journal] = await Promise.all([
    storage.get(HEAD_KEY).catch(unlessDamaged),
    storage.entries(SNAPSHOT_PREFIX),
    storage.entries(JOURNAL_PREFIX),
  ]);
  const keys = new Set([...chunks, ...journal].map(([key]) => key));
  const isStored = stored !== null && stored !== undefined;
  const nothing: Restored = { ...NOTHING, isStored, generation: lastGeneration(keys), keys };
  if (!isStored) return nothing;
  const head = decodeHead(stored);
  if (!head.ok) {
    onEvent({ code: head.code, key: HEAD_KEY, message: head.message });
    return nothing;
  }
  const { generation } = head.value;
  if (head.value.schemaHash !== schemaHash) {
    onEvent({
      code: 'CACHE_SCHEMA_CHANGED',
      key: HEAD_KEY,
      message: 'the schema is not the one that the stored cache was made with; the cache is fetched again',
    });
    return { ...nothing, generation: Math.max(generation, nothing.generation) };
  }

  const entities: Record<string, StoreObject> = {};
  const times: Record<string, StoredTimes[string]> = {};
  const retained = new Set(head.value.retained);
  const found = new Map([...chunks, ...journal]);
  let isWhole = true;
  for (let index = 0; index < head.value.chunks; index++) {
    const key = chunkKey(generation, index);
    const chunk = decodeChunk(found.get(key), generation);
    await breathe();
    if (chunk.ok) {
      Object.assign(entities, chunk.value.entities);
      Object.assign(times, chunk.value.times);
    } else {
      isWhole = false;
      onEvent({ code: chunk.code, key, message: chunk.message });
    }
  }

  let checkpoint = head.value.checkpoint;
  let sequence = 0;
  while (found.has(entryKey(generation, sequence + 1))) {
    const key = entryKey(generation, sequence + 1);
    const entry = decodeEntry(found.get(key), generation, sequence + 1);
    if (!entry.ok) {
      onEvent({ code: entry.code, key, message: entry.message });
      break;
    }
    await breathe();
    Object.assign(entities, entry.value.entities);
    Object.assign(times, entry.value.times);
    for (const id of entry.value.removed) delete entities[id];
    for (const id of entry.value.retained) retained.add(id);
    for (const id of entry.value.released) retained.delete(id);
    checkpoint = entry.value.checkpoint;
    sequence++;
  }
  const last = lastSequence(journal, generation);
  if (last > sequence && !found.has(entryKey(generation, sequence + 1)))
    onEvent({
      code: 'CACHE_UNREADABLE',
      key: entryKey(generation, sequence + 1),
      message: 'expected a journal entry, got nothing; it and what followed are fetched again',
    });
  const ids = Object.keys(entities);
  await breathe();
  return { isStored, entities, ids, retained, times, checkpoint: isWhole ? checkpoint : null, generation, sequence, keys };
}

export interface Merging {
  readonly breathe: () => Promise<void>;
  /** False: the rest is not wanted any more. */
  readonly isWanted: () => boolean;
  /** Takes what the application has changed since the last call. What is done between two calls in one turn is nobody's news. */
  readonly takeWritten: () => ReadonlySet<string>;
  /** Objects in memory, by id, that an earlier look at the same disk has put there: what the disk says by now stands over them. */
  readonly shown: ReadonlyMap<string, StoreObject>;
}

/** Entities between two looks at the clock. */
const PART = 100;

/**
 * Puts a stored cache under whatever the application has fetched meanwhile: the newer version stays, and so does memory where
 * nothing tells. In parts, so that the page answers all the while; watchers hear at the end, or when the application itself changes
 * something. Returns what is newer here than on the disk, or gone: lists that came from there do not know of it.
 */
export async function mergeIntoCache(
  cache: OfflineCache,
  { entities, ids, retained }: Pick<Restored, 'entities' | 'ids' | 'retained'>,
  { breathe, isWanted, takeWritten, shown }: Merging,
): Promise<readonly string[]> {
  takeWritten();
  const isOurs = (id: string): boolean => shown.has(id) && shown.get(id) === cache.rootEntity(id);
  const here = new Set(cache.rootIds());
  const gone = new Set([...shown.keys()].filter((id) => !here.has(id)));
  // Roots last: whoever reads in between finds no list yet, and never a list of which half is missing.
  const roots = ids.filter(isRoot);
  for (let start = 0; start < ids.length + PART; start += PART) {
    await breathe();
    if (!isWanted()) return [];
    for (const id of takeWritten()) {
      here.add(id);
      if (cache.rootEntity(id) === undefined) gone.add(id);
      else gone.delete(id);
    }
    const part: Record<string, StoreObject> = {};
    for (const id of start < ids.length ? ids.slice(start, start + PART) : roots) {
      if (gone.has(id) || (start < ids.length && isRoot(id))) continue;
      part[id] = merged(entities[id] as StoreObject, isOurs(id) ? undefined : cache.rootEntity(id));
    }
    cache.mergeStored(part, { broadcast: false });
    cache.takeChanged();
  }
  for (const id of shown.keys()) if (!Object.hasOwn(entities, id) && isOurs(id)) cache.evict({ id, broadcast: false });
  cache.takeChanged();
  const known = new Set(cache.retainedIds());
  for (const id of retained) if (!known.has(id)) cache.retain(id);
  const ahead = [...here].filter((id) => isAhead(cache.rootEntity(id)?._version, entities[id]?._version));
  return [...ahead, ...gone];
}

function merged(stored: StoreObject, here: StoreObject | undefined): StoreObject {
  if (here === undefined) return stored;
  return isOlder(here._version, stored._version) ? stored : { ...stored, ...here };
}

const isRoot = (id: string): boolean => id.startsWith('ROOT_');

const isAhead = (here: unknown, stored: unknown): boolean => isVersion(here) && (!isVersion(stored) || isOlder(stored, here));

const isVersion = (value: unknown): boolean => typeof value === 'number' || typeof value === 'string';

/** `s/0000000007/…` → 7: a generation that was begun and never became the head keeps its number for itself. */
function lastGeneration(keys: ReadonlySet<string>): number {
  return Math.max(0, ...[...keys].map((key) => Number(key.split('/')[1]) || 0));
}

function lastSequence(journal: readonly (readonly [string, unknown])[], generation: number): number {
  const prefix = entryKey(generation, 0).slice(0, entryKey(generation, 0).lastIndexOf('/') + 1);
  return Math.max(0, ...journal.filter(([key]) => key.startsWith(prefix)).map(([key]) => Number(key.slice(prefix.length)) || 0));
}
