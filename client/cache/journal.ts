import { OfflineError } from '../errors.ts';
import type { Cancel, Clock, Lifecycle, Storage } from '../ports.ts';
import { createBreath } from './breath.ts';
import { createCacheWriter, difference, type WriterOptions } from './cache-writer.ts';
import { showFirstScreen } from './first-screen.ts';
import { type CacheImport, NO_IMPORT } from './import-on-demand.ts';
import type { OfflineCache } from './offline-cache.ts';
import { once } from './once.ts';
import { mergeIntoCache, NOTHING, type Restored, readStoredCache } from './restore.ts';
import { type CacheEvent, HEAD_KEY, TRANSIENT } from './stored-cache.ts';
import type { Usage } from './usage.ts';
import { whileStarted } from './writer-storage.ts';

/** The cache on disk: what was fetched and acknowledged, never what is only hoped for. */
export interface Journal {
  /**
   * Fills the cache from disk, under what it already holds. Of a large one what was last on screen comes first; `onScreen` is called
   * when that is there, or when all is. Never rejects because of what is stored, or when storage fails.
   */
  restore(options?: {
    readonly onScreen?: () => void;
    /** The rest is not wanted any more. */
    readonly signal?: AbortSignal;
  }): Promise<{ readonly entities: number; readonly checkpoint: unknown }>;
  /** This tab writes the stored cache from now on; takes over what another tab wrote since {@link restore}. */
  start(): Promise<void>;
  /**
   * Resolves when everything in the cache at the time of the call, and the checkpoint, is durable.
   * @throws OfflineError `NOT_DURABLE` when it cannot be written, or this tab does not write.
   */
  flush(): Promise<void>;
  /** Becomes durable in the same put as the data in the cache now: never ahead of it. Any structured-cloneable value. */
  setCheckpoint(value: unknown): void;
  /** The last one set or restored; `null`: none. */
  checkpoint(): unknown;
  /** Removes the stored cache and forgets the checkpoint; the cache in memory stays. */
  clear(): Promise<void>;
  /**
   * Removes the stored cache because what matters more has no room. The cache in memory and its checkpoint stay, and are written again
   * after a while, if there is room for both. Any tab may do it; the one that writes notices.
   */
  makeRoom(): Promise<void>;
  /** Stops writing, at once; what is not flushed is not written. Another tab may write now, or this one again after {@link start}. */
  stop(): void;
}

export interface JournalDeps {
  readonly cache: OfflineCache;
  /** The journal's own: every key in it is the journal's. */
  readonly storage: Storage;
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  /** A cache made with another one is dropped: lists and fields may mean something else. `null`: unknown. */
  readonly schemaHash: string | null;
  /** Puts entities, by cache id, where they belong in every list. Default: lists stay as they were stored. */
  readonly relist?: (keys: readonly string[]) => void;
  /** What another library has stored: taken over where this one has stored nothing yet. Default: nothing. */
  readonly imported?: CacheImport;
  /** Hears of the checkpoint before what it stands for is put into memory. Default: nobody does. */
  readonly onCheckpoint?: (checkpoint: unknown) => void;
  /** Is stored beside the entities. Default: nobody asks. */
  readonly usage?: Usage | undefined;
  readonly onEvent: (event: CacheEvent) => void;
}

export interface JournalOptions extends WriterOptions {
  /** Quiet time after a change until it is written. Milliseconds, default 1000. */
  readonly debounceMs?: number;
  /** The longest that a change waits while others keep coming. Milliseconds, default 5000. */
  readonly maxWaitMs?: number;
  /** First wait before writing again after a failure; doubles up to 64 times. Milliseconds, default 5000. */
  readonly retryMs?: number;
}

export function createJournal(deps: JournalDeps, options: JournalOptions = {}): Journal {
  const { cache, storage, clock, lifecycle, schemaHash, relist = () => {}, imported = NO_IMPORT, onEvent } = deps;
  const { debounceMs = 1000, maxWaitMs = 5000, retryMs = 5000 } = options;
  const writer = createCacheWriter({ ...deps, storage: whileStarted(storage, () => started) }, options);

  let checkpoint: unknown = null;
  let restored: Pick<Restored, 'generation' | 'sequence'> | null = null;
  let clears = 0;
  let started = false;
  let takenOver = false;
  /** Entities that are newer here than on disk. */
  let dirty = new Set<string>();
  let checkpointIsDirty = false;

  let debounce: Cancel | null = null;
  let maxWait: Cancel | null = null;
  let retry: Cancel | null = null;
  let failures = 0;
  let tail: Promise<void> = Promise.resolve();
  let queued: Promise<void> | null = null;
  const stops: Cancel[] = [];

  /** Reads the disk and puts it under memory. What was in memory before is not on disk; what came from there need not go back. */
  async function absorb(isNews: (disk: Restored) => boolean, signal?: AbortSignal, onScreen?: () => void): Promise<Restored> {
    const before = clears;
    // False: somebody has signed out meanwhile.
    const isWanted = (): boolean => clears === before && signal?.aborted !== true;
    const takeWritten = (): ReadonlySet<string> => {
      const written = cache.takeChanged();
      for (const id of written) dirty.add(id);
      return written;
    };
    const shown = await showFirstScreen(deps, { isWanted, takeWritten }, onScreen);
    const breathe = createBreath(clock);
    const stored = await readStoredCache(storage, schemaHash, onEvent, breathe);
    const foreign = stored.isStored ? null : await imported.read();
    const disk = foreign ? { ...stored, ...foreign, ids: Object.keys(foreign.entities) } : stored;
    if (!isWanted()) return NOTHING;
    writer.adopt(disk);
    if (!isNews(disk)) return disk;
    // Not on our disk yet: a snapshot of all is due, once anything is.
    if (foreign) checkpointIsDirty = true;
    deps.onCheckpoint?.(disk.checkpoint);
    const ahead = await mergeIntoCache(cache, disk, { breathe, isWanted, takeWritten, shown });
    if (!isWanted()) return NOTHING;
    cache.together(() => {
      if (ahead.length > 0) relist(ahead);
      onScreen?.();
    });
    return disk;
  }

  async function takeOver(): Promise<void> {
    await absorb((disk) => {
      if (restored && disk.generation === restored.generation && disk.sequence === restored.sequence) return false;
      // Memory and disk come together: only our own, older checkpoint is borne out by both.
      checkpointIsDirty = true;
      return true;
    });
    takenOver = true;
  }

  /** Everything that one write carries, taken in one go before anything is awaited. */
  function take() {
    for (const id of cache.takeChanged()) dirty.add(id);
    for (const id of TRANSIENT) dirty.delete(id);
    const retained = new Set(cache.retainedIds());
    const onDisk = writer.retainedOnDisk();
    const isDirty = dirty.size > 0 || checkpointIsDirty || retained.size !== onDisk.size || difference(retained, onDisk).length > 0;
    const changes = { ids: dirty, checkpoint, retained };
    dirty = new Set();
    checkpointIsDirty = false;
    return isDirty ? changes : null;
  }

  async function write(): Promise<void> {
    if (!started) throw new OfflineError('NOT_DURABLE', 'expected this tab to write the stored cache, it does not; call start() first');
    if (!takenOver) await takeOver();
    disarm();
    const changes = take();
    if (changes === null) return imported.finish();
    try {
      await writer.write(changes);
    } catch (error) {
      for (const id of changes.ids) dirty.add(id);
      checkpointIsDirty = true;
      // Room for one of the two only: what is in memory is the newer.
      if (OfflineError.is(error, 'STORAGE_FULL')) await imported.finish();
      throw error;
    }
    await imported.finish();
  }

  /** One at a time: what touches the disk waits for what touched it before. */
  function inTurn(run: () => Promise<void>): Promise<void> {
    const done = tail.then(run);
    tail = done.catch(() => {});
    return done;
  }

  /** Whoever asks while a write is under way is served by the next. */
  function flush(): Promise<void> {
    queued ??= inTurn(() => {
      queued = null;
      return write().then(succeed, fail);
    });
    return queued;
  }

  function succeed(): void {
    failures = 0;
    retry?.();
    retry = null;
  }

  function fail(error: unknown): never {
    if (!started) throw error;
    const message = `the cache could not be stored: ${reason(error)}; the app goes on in memory and tries again`;
    onEvent({ code: 'CACHE_NOT_STORED', key: HEAD_KEY, message });
    postpone();
    throw new OfflineError('NOT_DURABLE', message, { cause: error });
  }

  function postpone(): void {
    disarm();
    retry?.();
    retry = clock.after(retryMs * 2 ** Math.min(failures++, 6), () => {
      retry = null;
      background();
    });
  }

  function background(): void {
    flush().catch(() => {});
  }

  function arm(): void {
    // After a failure the retry decides: a full disk is not asked again at every keystroke.
    if (!started || retry !== null) return;
    debounce?.();
    debounce = clock.after(debounceMs, background);
    maxWait ??= clock.after(maxWaitMs, background);
  }

  function disarm(): void {
    for (const cancel of [debounce, maxWait]) cancel?.();
    debounce = maxWait = null;
  }

  return {
    async restore({ onScreen = () => {}, signal } = {}) {
      const show = once(onScreen);
      try {
        const disk = await absorb(() => true, signal, show);
        // What it holds lies in the cache by now, and grows old here.
        restored = { generation: disk.generation, sequence: disk.sequence };
        checkpoint = disk.checkpoint;
        return { entities: disk.ids.length, checkpoint };
      } catch (error) {
        onEvent(notRead(error, 'the app starts without it'));
        return { entities: 0, checkpoint: null };
      } finally {
        show();
      }
    },
    async start() {
      if (started) return;
      started = true;
      stops.push(cache.onChanged(arm));
      stops.push(lifecycle.subscribe((event) => event === 'hide' && background()));
      await inTurn(takeOver).catch((error: unknown) => onEvent(notRead(error, 'nothing is written before it can be')));
      arm();
    },
    flush,
    setCheckpoint(value) {
      checkpoint = value;
      checkpointIsDirty = true;
      arm();
    },
    checkpoint: () => checkpoint,
    makeRoom: () =>
      inTurn(async () => {
        await writer.clear();
        await imported.finish();
        checkpointIsDirty = true;
        const message = 'the disk is full: the stored cache has made room for the outbox; the app goes on in memory';
        onEvent({ code: 'CACHE_DROPPED', key: HEAD_KEY, message });
        if (started) postpone();
      }),
    clear() {
      clears++;
      return inTurn(async () => {
        await writer.clear();
        await imported.finish();
        checkpoint = null;
      });
    },
    stop() {
      started = takenOver = false;
      disarm();
      retry?.();
      retry = null;
      for (const stop of stops.splice(0)) stop();
    },
  };
}

const notRead = (error: unknown, then: string): CacheEvent => ({
  code: 'CACHE_NOT_READ',
  key: HEAD_KEY,
  message: `the stored cache could not be read: ${reason(error)}; ${then}`,
});

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
