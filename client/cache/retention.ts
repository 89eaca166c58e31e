import type { Version } from '../../schema/version.ts';
import { idKey } from '../outbox/lane-keys.ts';
import type { Cancel, Clock } from '../ports.ts';
import { overlaidIds, watchesOf } from './apollo-store.ts';
import { createBreath } from './breath.ts';
import { isOver, nextExpiry, planEviction, type Resident, type RetentionOptions } from './eviction.ts';
import { createHolders, type Holders } from './holders.ts';
import type { OfflineCache } from './offline-cache.ts';
import { addReached, fieldKey, type Reached, type Read } from './reached.ts';
import { onRead, readKey } from './reads.ts';
import { createSizes } from './sizes.ts';
import { type CacheEvent, HEAD_KEY } from './stored-cache.ts';
import type { Usage } from './usage.ts';

/**
 * Lets cached data go that is too old or too much, the least recently used first. Never what a pending edit touches or an active
 * query shows; and never while there is no network, because it could not be fetched again. What goes leaves memory, and the disk with
 * the next flush. The roots stay, without the lists that held what went.
 */
export interface Retention {
  /** From when all that is stored is in memory, until the signal. */
  run(signal: AbortSignal): void;
}

export interface RetentionDeps {
  readonly cache: OfflineCache;
  readonly clock: Clock;
  readonly usage: Usage;
  /** Whether what goes could be fetched again. */
  readonly online: () => boolean;
  /** Cache ids that pending edits touch, or that something else still has to do with. */
  readonly pending: () => Iterable<string>;
  /** These have left, each with its version: that they are not here says nothing about the server. */
  readonly onEvicted: (evicted: ReadonlyMap<string, Version | undefined>) => void;
  readonly onEvent: (event: CacheEvent) => void;
}

/** From a change or a read until somebody looks whether it is too much: often enough for a disk, and seldom enough for a battery. */
export const SWEEP_MS = 30_000;
/** Entities between two looks at the clock. */
const PART = 500;
/** Reads remembered between two sweeps. */
const MOST_READS = 500;

export function createRetention(deps: RetentionDeps, options: RetentionOptions): Retention {
  const { cache, clock, usage, online, pending, onEvicted, onEvent } = deps;
  const bytesOf = createSizes();
  let reads = new Map<string, { readonly read: Read; readonly at: number }>();
  let isLooking = false;
  let timer: Cancel | null = null;

  const arm = (signal: AbortSignal, delayMs = SWEEP_MS): void => {
    if (signal.aborted || timer !== null || !Number.isFinite(delayMs)) return;
    timer = clock.after(delayMs, async () => {
      // Whoever is in the way of it, such as a listener that throws: it comes round again.
      const next = await sweep(signal).catch(() => SWEEP_MS);
      timer = null;
      arm(signal, next);
    });
  };

  const noteRead = (read: Read): void => {
    if (!isLooking && reads.size < MOST_READS) reads.set(readKey(read), { read, at: clock.now() });
  };

  const reach = (seen: Iterable<Read>): Reached => {
    const reached: Reached = { ids: new Set(), fields: new Set() };
    isLooking = true;
    try {
      for (const read of seen) addReached(cache, read, reached);
    } finally {
      isLooking = false;
    }
    return reached;
  };

  /** What people see is used now, and what they have seen since the last time was used then. */
  const noteUse = (): void => {
    for (const { read, at } of reads.values()) usage.used(reach([read]).ids, at);
    usage.used(reach(watchesOf(cache)).ids, clock.now());
    reads = new Map();
  };

  const kept = (): { isKept(id: string): boolean; readonly fields: ReadonlySet<string> } => {
    const { ids, fields } = reach(watchesOf(cache));
    for (const id of [...pending(), ...overlaidIds(cache)]) ids.add(id);
    // A mutation that nothing is known of names an entity by its id alone.
    return { isKept: (id) => ids.has(id) || ids.has(idKey(id.slice(id.indexOf(':') + 1))), fields };
  };

  const survey = async (breathe: () => Promise<void>): Promise<readonly Resident[]> => {
    const { isKept } = kept();
    const residents: Resident[] = [];
    for (const [index, id] of cache.rootIds().entries()) {
      if (index % PART === 0) await breathe();
      const object = cache.rootEntity(id);
      if (object === undefined || id.startsWith('ROOT_')) continue;
      const [cameAt, usedAt] = usage.timesOf(id);
      const bytes = options.maxBytes === undefined ? 0 : bytesOf(id, object);
      residents.push({ id, typename: object.__typename, cameAt, usedAt, bytes, isKept: isKept(id) });
    }
    return residents;
  };

  /** In one go: nothing is mounted or edited between the look and the eviction. */
  const evict = (residents: readonly Resident[], holders: Holders, changed: ReadonlySet<string>): number => {
    const { isKept, fields } = kept();
    for (const id of changed) holders.look(id);
    const going = residents.filter(({ id, cameAt }) => {
      if (isKept(id) || cache.rootEntity(id) === undefined || usage.timesOf(id)[0] !== cameAt) return false;
      return holders.of(id).every((holder) => !fields.has(fieldKey(holder.id, holder.storeFieldName)));
    });
    const evicted = new Map(going.map(({ id }) => [id, cache.rootEntity(id)?._version as Version | undefined]));
    cache.together(() => {
      for (const { id } of going) {
        for (const holder of holders.of(id)) cache.evict({ id: holder.id, fieldName: holder.storeFieldName, broadcast: false });
        while (cache.release(id) > 0);
        cache.evict({ id, broadcast: false });
        usage.forget(id);
      }
    });
    if (evicted.size > 0) onEvicted(evicted);
    return evicted.size;
  };

  /** Resolves with how long nothing can happen by itself, in milliseconds. */
  const sweep = async (signal: AbortSignal): Promise<number> => {
    noteUse();
    if (!online()) return SWEEP_MS;
    const breathe = createBreath(clock);
    const changed = new Set<string>();
    const stopNoting = cache.onChanged((id) => void changed.add(id), 'each');
    try {
      const residents = await survey(breathe);
      const { expired, excess } = planEviction(residents, options, clock.now());
      const doomed = new Set([...expired, ...excess]);
      let gone = 0;
      if (doomed.size > 0) {
        const holders = createHolders(cache, doomed);
        for (const [index, id] of cache.rootIds().entries()) {
          if (index % PART === 0) await breathe();
          holders.look(id);
        }
        const leaving = residents.filter(({ id }) => doomed.has(id));
        for (let start = 0; start < leaving.length && !signal.aborted; start += PART) {
          await breathe();
          if (!signal.aborted) gone += evict(leaving.slice(start, start + PART), holders, changed);
        }
      }
      if (gone > 0) onEvent(told(gone, expired.length, residents.length - gone));
      const staying = residents.filter(({ id }) => !doomed.has(id));
      // What stands in the way may be gone by the next time; nobody tells when a screen is left.
      const isUnfinished = doomed.size > 0 || changed.size > 0 || reads.size > 0 || isOver(staying, options);
      return isUnfinished ? SWEEP_MS : Math.max(SWEEP_MS, nextExpiry(staying, options) - clock.now());
    } finally {
      stopNoting();
    }
  };

  return {
    run(signal) {
      if (signal.aborted) return;
      const stops: readonly Cancel[] = [
        cache.onChanged((id) => usage.came(id), 'written'),
        cache.onChanged(() => arm(signal)),
        onRead(cache, (read) => {
          noteRead(read);
          if (!isLooking) arm(signal);
        }),
        () => timer?.(),
      ];
      signal.addEventListener('abort', () => stops.forEach((stop) => void stop()), { once: true });
      arm(signal);
    },
  };
}

const told = (gone: number, expired: number, left: number): CacheEvent => ({
  code: 'CACHE_EVICTED',
  key: HEAD_KEY,
  message: `${gone} entities left the cache, of which ${Math.min(gone, expired)} were past their time to live; ${left} are left; what needs them is fetched again`,
});
