import type { StoreObject } from '@apollo/client';
import { OfflineError } from '../errors.ts';
import type { Clock, Storage } from '../ports.ts';
import { watchedFields } from './apollo-store.ts';
import { createBreath } from './breath.ts';
import { firstScreen } from './first-screen.ts';
import type { OfflineCache } from './offline-cache.ts';
import type { Restored } from './restore.ts';
import {
  AHEAD_PREFIX,
  CACHE_CODEC,
  type Chunk,
  chunkKey,
  entryKey,
  HEAD_KEY,
  type Head,
  JOURNAL_PREFIX,
  type JournalEntry,
  SNAPSHOT_PREFIX,
  TRANSIENT,
} from './stored-cache.ts';
import type { StoredTimes, Usage } from './usage.ts';

/** What one write carries besides the entities themselves. */
export interface Changes {
  readonly ids: ReadonlySet<string>;
  readonly checkpoint: unknown;
  /** All ids that `gc()` keeps. */
  readonly retained: ReadonlySet<string>;
}

/** Puts changes on disk: one journal entry each, and a new generation when the journal has outgrown its snapshot. */
export interface CacheWriter {
  /** Begins after what lies on disk. */
  adopt(disk: Restored): void;
  /** Durable when it resolves. After a rejection the same changes must come again. */
  write(changes: Changes): Promise<void>;
  clear(): Promise<void>;
  retainedOnDisk(): ReadonlySet<string>;
}

export interface WriterOptions {
  /** Entities per chunk of a snapshot. Default 1000: small enough to write between two frames, large enough to be few. */
  readonly chunkSize?: number;
  /** A new snapshot is due when the journal holds this share of its entities. Default 0.5. */
  readonly maxJournalShare?: number;
  /** … and at least this many. Default 500. */
  readonly minJournalEntities?: number;
}

/** Chunks that go to the disk together: each is copied before the page goes on. */
const CHUNKS_AT_ONCE = 2;

/** Each entry is a key to read at the next start. */
const MAX_ENTRIES = 200;

export function createCacheWriter(
  deps: {
    readonly cache: OfflineCache;
    readonly storage: Storage;
    readonly clock: Clock;
    readonly schemaHash: string | null;
    readonly usage?: Usage | undefined;
  },
  { chunkSize = 1000, maxJournalShare = 0.5, minJournalEntities = 500 }: WriterOptions,
): CacheWriter {
  const { cache, storage, clock, schemaHash, usage } = deps;
  const keys = new Set<string>();
  let retainedOnDisk: ReadonlySet<string> = new Set();
  let generation = 0;
  let sequence = 0;
  let snapshotSize = 0;
  let journalSize = 0;
  /** A tab that begins to write begins with a snapshot of its own, so that a tab that lost the lead and does not know it writes where nobody reads. */
  let isSnapshotDue = true;

  const timesOf = (ids: readonly string[]): { readonly times?: StoredTimes } => (usage ? { times: usage.pick(ids) } : {});

  async function append({ ids, checkpoint, retained }: Changes): Promise<void> {
    const { entities, removed } = readEntities(cache, ids);
    const size = Object.keys(entities).length;
    const entry: JournalEntry = {
      codec: CACHE_CODEC,
      generation,
      sequence: sequence + 1,
      entities,
      size,
      removed,
      retained: difference(retained, retainedOnDisk),
      released: difference(retainedOnDisk, retained),
      checkpoint,
      ...timesOf([...ids, ...(usage?.takeTouched() ?? [])]),
    };
    const key = entryKey(generation, entry.sequence);
    keys.add(key);
    await storage.put(key, entry);
    sequence = entry.sequence;
    journalSize += size + removed.length;
    isSnapshotDue = sequence >= MAX_ENTRIES || journalSize > Math.max(minJournalEntities, snapshotSize * maxJournalShare);
  }

  async function writeSnapshot({ checkpoint, retained }: Changes): Promise<void> {
    // A number of its own for every attempt: a head whose put failed may still have arrived.
    const next = ++generation;
    const { entities } = readEntities(cache, cache.rootIds());
    const count = Object.keys(entities).length;
    // The roots at the end and whole, also where a part of them is in front.
    const screen = count > chunkSize ? firstScreen(entities, { limit: chunkSize, wanted: watchedFields(cache) }) : {};
    const { ROOT_QUERY: shownRoot, ...shown } = screen;
    const beginsWithScreen = shownRoot !== undefined;
    const rest = Object.entries(entities).filter(([id]) => !Object.hasOwn(shown, id));
    const parts: [string, StoreObject][][] = beginsWithScreen ? [Object.entries(screen)] : [];
    for (let start = 0; start < rest.length; start += chunkSize) parts.push(rest.slice(start, start + chunkSize));
    const pairs = parts.map((part, index): [string, Chunk] => {
      const times = timesOf(part.map(([id]) => id));
      const chunk = { codec: CACHE_CODEC, generation: next, entities: Object.fromEntries(part), size: part.length, ...times } as const;
      return [chunkKey(next, index), chunk];
    });
    for (const [key] of pairs) keys.add(key);
    const breathe = createBreath(clock);
    try {
      for (let start = 0; start < pairs.length; start += CHUNKS_AT_ONCE) {
        await putAll(storage, pairs.slice(start, start + CHUNKS_AT_ONCE));
        await breathe();
      }
    } catch (error) {
      // Half a snapshot only takes room from what is worth more.
      if (OfflineError.is(error, 'STORAGE_FULL')) for (const [key] of pairs) await remove(key);
      throw error;
    }
    const head: Head = {
      codec: CACHE_CODEC,
      generation: next,
      schemaHash,
      chunks: pairs.length,
      entities: count,
      beginsWithScreen,
      retained: [...retained],
      checkpoint,
    };
    await storage.put(HEAD_KEY, head);
    isSnapshotDue = false;
    sequence = 0;
    journalSize = 0;
    snapshotSize = count;
    const current = new Set(pairs.map(([key]) => key));
    for (const key of [...keys].filter((other) => !current.has(other))) await remove(key);
  }

  /** Rubbish that cannot be removed now goes with the next generation. */
  async function remove(key: string): Promise<void> {
    await storage.remove(key).then(
      () => keys.delete(key),
      () => {},
    );
  }

  return {
    adopt(disk) {
      for (const key of disk.keys) keys.add(key);
      generation = Math.max(generation, disk.generation);
      retainedOnDisk = disk.retained;
      isSnapshotDue = true;
      usage?.adopt(disk.times);
    },
    async write(changes) {
      // Another tab, or the browser, has made room: what is appended to nothing is nothing.
      const isGone = !isSnapshotDue && (await storage.get(HEAD_KEY)) === null;
      await (isSnapshotDue || isGone ? writeSnapshot(changes) : append(changes));
      retainedOnDisk = changes.retained;
    },
    async clear() {
      const stored = await Promise.all([SNAPSHOT_PREFIX, JOURNAL_PREFIX, AHEAD_PREFIX].map((prefix) => storage.entries(prefix)));
      // The head first: without it the rest is rubbish, not half a cache.
      await storage.remove(HEAD_KEY);
      for (const [key] of stored.flat()) await storage.remove(key);
      keys.clear();
      retainedOnDisk = new Set();
      isSnapshotDue = true;
    },
    retainedOnDisk: () => retainedOnDisk,
  };
}

async function putAll(storage: Storage, pairs: readonly (readonly [string, Chunk])[]): Promise<void> {
  if (storage.putMany) return storage.putMany(pairs);
  for (const [key, chunk] of pairs) await storage.put(key, chunk);
}

/** By reference: the cache never changes a stored object in place. Parsed scalars are written as the wire spells them. */
function readEntities(cache: OfflineCache, ids: Iterable<string>) {
  const serialized = cache.configuresScalars() ? cache.extract() : null;
  const entities: Record<string, StoreObject> = {};
  const removed: string[] = [];
  for (const id of ids) {
    if (TRANSIENT.includes(id)) continue;
    const object = serialized ? serialized[id] : cache.rootEntity(id);
    if (object) entities[id] = object;
    else removed.push(id);
  }
  return { entities, removed };
}

export function difference(a: ReadonlySet<string>, b: ReadonlySet<string>): readonly string[] {
  return [...a].filter((id) => !b.has(id));
}
