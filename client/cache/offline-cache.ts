import { type Cache, InMemoryCache, type InMemoryCacheConfig, type StoreObject, type Transaction } from '@apollo/client';
import type { Version } from '../../schema/version.ts';
import type { Cancel } from '../ports.ts';
import { isBusy, isIsolated, markDirty, shownObject, writeOnTop } from './apollo-store.ts';
import { beforeReads } from './before-reads.ts';
import { type ChangeListener, createChanged, type When } from './changes.ts';
import { createHeldBatch } from './held-batch.ts';
import { openRootStore } from './root-store.ts';
import { createShownList, type PendingFailure, type PendingUpdate, type Shown } from './shown.ts';
import { TRANSIENT } from './stored-cache.ts';
import { createTombstones } from './tombstones.ts';
import { createVersionGuard } from './version-guard.ts';

/** Id of every layer made here: removing it removes them all. */
const LAYER = 'farside:pending';

/**
 * An InMemoryCache that shows pending writes over the data until they are settled, at a cost that does not grow with their
 * square: all lie in one layer, rebuilt and swapped when the data under it changes. So a day-old edit never hides newer
 * fields of the same entity, and while a write is pending or just acknowledged nobody sees the value before it (I10).
 *
 * Every public behaviour of InMemoryCache holds. Three things are added to it: data with a lower `_version` never replaces
 * newer data, optimistic responses lie in the layer of pending writes while there are any, and {@link OfflineCache.together}.
 */
export class OfflineCache extends InMemoryCache {
  /** What {@link bury} has taken away. */
  readonly tombstones = createTombstones();
  readonly #guard = createVersionGuard(this.tombstones);
  readonly #changed = createChanged();
  #root = this.#open();
  readonly #shown = createShownList();
  #arrivals = 0;
  /** What the topmost layer of ours is made of: Apollo makes it again when one below it goes. */
  #applied: Shown[] = [];
  /** The layer no longer shows what it should: rebuilt before anybody looks. */
  #stale = false;
  #swapping = 0;
  #held = 0;
  readonly #heldBatch = createHeldBatch({
    cache: this,
    broadcast: (options) => super.broadcastWatches(options),
    markDirty: (watch) => markDirty(this, watch),
  });
  readonly #failureListeners = new Set<(failure: PendingFailure) => void>();

  constructor(config: InMemoryCacheConfig = {}) {
    super(config);
    beforeReads(this, { all: () => this.#root.renew(), optimistic: () => this.#refresh(), isLazy: () => this.#heldBatch.isLazy() });
  }

  /**
   * Shows `update` over the data until {@link hidePending}; the same id replaces. Updates apply in ascending `position`, those of
   * one position in order of arrival. One that throws shows what it had done by then, and is reported by {@link onPendingFailure}.
   */
  showPending(id: string, position: number, update: PendingUpdate): void {
    const before = this.#shown.get(id, false);
    if (before) this.#remove(id, false);
    const arrival = before?.position === position ? before.arrival : this.#arrivals++;
    this.#add({ id, position, arrival, update, native: false });
    this.broadcastWatches({ optimistic: LAYER });
  }

  /** Stops showing an update. In one {@link together} with the write of its result nobody sees the moment between. */
  hidePending(id: string): void {
    if (this.#remove(id, false)) this.broadcastWatches();
  }

  /** Ids of all updates shown, in the order in which they apply. */
  pendingIds(): readonly string[] {
    return this.#shown.all().flatMap(({ id, native }) => (native ? [] : [id]));
  }

  /** Runs many changes; watchers hear once, after all of them, also when `run` throws. Nestable. */
  together<T>(run: () => T): T {
    const release = this.hold();
    try {
      return run();
    } finally {
      release();
    }
  }

  /** Watchers hear nothing until the returned function is called. Nestable. Reads are up to date all the while. */
  hold(): Cancel {
    let isHolding = true;
    this.#held++;
    return () => {
      if (!isHolding) return;
      isHolding = false;
      if (--this.#held > 0) return;
      this.broadcastWatches();
    };
  }

  /** Ids whose root (non-optimistic) value changed or went away since the last call. */
  takeChanged(): ReadonlySet<string> {
    this.#adopt();
    this.#root.poll();
    return this.#changed.take();
  }

  /** Tells that {@link takeChanged} has something, once for all changes of one turn; or, inside the write, of `each` id with what was stored before, or of each `written` one, changed or not: only take note there. */
  onChanged(listener: ChangeListener, when: When = 'turn'): Cancel {
    return this.#changed.subscribe(listener, when);
  }

  /** Tells of pending updates that threw while being applied. */
  onPendingFailure(listener: (failure: PendingFailure) => void): Cancel {
    this.#failureListeners.add(listener);
    return () => void this.#failureListeners.delete(listener);
  }

  /** The stored object of an entity without anything pending. Do not change it. */
  rootEntity(id: string): StoreObject | undefined {
    this.#adopt();
    return this.#root.get(id);
  }

  /** The same with all that is pending. */
  shownEntity(id: string): StoreObject | undefined {
    this.#refresh();
    return shownObject(this, id);
  }

  /** Ids of everything stored, `ROOT_QUERY` among them. */
  rootIds(): readonly string[] {
    this.#adopt();
    return this.#root.ids();
  }

  /** Ids that `gc()` keeps because they were written or retained by name. */
  retainedIds(): readonly string[] {
    this.#adopt();
    return this.#root.retained();
  }

  /** Merges raw stored objects, as from a disk. Older versions are ignored as everywhere. */
  mergeStored(objects: Readonly<Record<string, StoreObject>>, { broadcast = true }: { readonly broadcast?: boolean } = {}): void {
    this.#adopt();
    this.#root.merge(objects);
    this.#stale ||= this.#shown.size > 0;
    if (broadcast) this.broadcastWatches();
  }

  /** Evicts what the server says is gone, or `isHidden` from this user. What is older than `version` does not bring it back (I8). */
  bury(id: string, version: Version | null, isHidden = true): void {
    this.tombstones.set(id, version, isHidden);
    this.evict({ id });
  }

  /** Runs with the version guard off: for a full resync, where the server is right also when its history is shorter than ours. */
  overriding<T>(run: () => T): T {
    return this.#guard.suspended(run);
  }

  override recordOptimisticTransaction(transaction: Transaction, optimisticId: string): void {
    // With nothing of ours on screen all is as Apollo has it.
    if (!this.#shown.hasPending) return super.recordOptimisticTransaction(transaction, optimisticId);
    const thrown: unknown[] = [];
    const update: PendingUpdate = (cache) => {
      try {
        transaction(cache as InMemoryCache);
      } catch (error) {
        thrown.push(error);
        throw error;
      }
    };
    const shown: Shown = { id: optimisticId, position: this.#shown.last?.position ?? 0, arrival: this.#arrivals++, update, native: true };
    this.#add(shown);
    if (thrown.length === 0) return this.broadcastWatches({ optimistic: optimisticId });
    // As if it had never been: the layer is made again when somebody looks.
    this.#shown.drop(shown);
    this.#stale = true;
    throw thrown[0];
  }

  override removeOptimistic(optimisticId: string): void {
    if (this.#remove(optimisticId, true)) this.broadcastWatches();
    else super.removeOptimistic(optimisticId);
  }

  override batch<T>(options: Cache.BatchOptions<InMemoryCache, T>): T {
    if (options.onWatchUpdated && this.#held > 0 && !isBusy(this)) return this.#heldBatch.run(options);
    const { removeOptimistic, update, ...rest } = options;
    if (removeOptimistic === undefined || !this.#shown.get(removeOptimistic, true)) return super.batch(options);
    return super.batch({
      ...rest,
      update: (cache) => {
        const result = update(cache);
        this.#remove(removeOptimistic, true);
        return result;
      },
    });
  }

  override restore(data: Parameters<InMemoryCache['restore']>[0]): this {
    super.restore(data);
    this.#adopt();
    return this;
  }

  override reset(options?: Cache.ResetOptions): Promise<void> {
    const done = super.reset(options);
    this.#adopt();
    return done;
  }

  override extract(optimistic = false): ReturnType<InMemoryCache['extract']> {
    if (optimistic) this.#refresh();
    return super.extract(optimistic);
  }

  protected override broadcastWatches(options?: Pick<Cache.BatchOptions<InMemoryCache>, 'optimistic' | 'onWatchUpdated'>): void {
    if (this.#swapping > 0 || isBusy(this)) return;
    this.#adopt();
    if (this.#held > 0) return;
    this.#root.renew();
    this.#refresh();
    super.broadcastWatches(options);
  }

  #add(shown: Shown): void {
    this.#shown.add(shown);
    if (this.#shown.last !== shown || this.#stale || isBusy(this)) {
      this.#stale = true;
      return;
    }
    // Into the layer that is there: every read asks each layer for each row, so a few more of them cost more than all that is pending.
    if (writeOnTop(this, LAYER, () => this.#apply([shown]))) this.#applied.push(shown);
    else this.#lay([shown]);
  }

  #lay(updates: Shown[]): void {
    this.#applied = updates;
    this.#swap(() => super.batch({ optimistic: LAYER, update: () => this.#apply(updates) }));
  }

  #remove(id: string, native: boolean): boolean {
    if (!this.#shown.remove(id, native)) return false;
    this.#stale = true;
    return true;
  }

  /** Brings the layer up to date, so that nobody reads what no longer holds. */
  #refresh(): void {
    if (!this.#stale || this.#swapping > 0) return;
    const busy = isBusy(this);
    if (busy && isIsolated(this)) return;
    this.#stale = false;
    this.#swap(() => super.removeOptimistic(LAYER));
    if (this.#shown.size > 0) this.#lay([...this.#shown.all()]);
    // The open transaction puts the layers back as they were when it began.
    if (busy) this.#stale = true;
  }

  #apply(updates: readonly Shown[]): void {
    this.#swap(() => {
      for (const { id, update } of updates) {
        try {
          update(this);
        } catch (error) {
          for (const listener of [...this.#failureListeners]) listener({ id, error });
        }
      }
    });
  }

  #swap(run: () => void): void {
    this.#swapping++;
    try {
      run();
    } finally {
      this.#swapping--;
    }
  }

  #open() {
    return openRootStore(this, {
      changed: (id, before) => this.#noteChange(id, before),
      refuses: (id, existing, incoming) => this.#guard.refuses(id, existing, incoming),
      written: (id) => this.#changed.written(id),
    });
  }

  /** After a reset or restore: all that was there went away, all that is there is new, and what is pending is still pending. */
  #adopt(): void {
    if (this.#root.isCurrent()) return;
    const before = this.#root.ids();
    this.#root = this.#open();
    for (const { id, native } of this.#shown.all()) if (native) this.#shown.remove(id, true);
    this.#stale = this.#shown.size > 0;
    for (const id of new Set([...before, ...this.#root.ids()])) this.#noteChange(id, this.#root.get(id));
  }

  #noteChange(id: string, before: StoreObject | undefined): void {
    this.#changed.note(id, before);
    // Results pass through the other roots on their way; no edit is made from them.
    if (this.#shown.hasPending && !TRANSIENT.includes(id)) this.#stale = true;
  }
}
