import type { Cache, InMemoryCache } from '@apollo/client';

type WatchUpdated = NonNullable<Cache.BatchOptions<InMemoryCache>['onWatchUpdated']>;

/** `cache.batch` with `onWatchUpdated` while watchers are held. */
export interface HeldBatch {
  run<T>(options: Cache.BatchOptions<InMemoryCache, T>): T;
  /** Watches are being asked for: what they would see is made only for those who look. */
  isLazy(): boolean;
}

/**
 * Apollo asks who is affected and needs the answer now; the watchers themselves are told at the end. It asks after every result of
 * `client.mutate`, and mostly does not look at what they would see, so of a thousand answers none is drawn for that. Who waits to
 * be told counts as affected too, because the results of the outbox are in the cache before Apollo hears of them.
 */
export function createHeldBatch(deps: {
  readonly cache: InMemoryCache;
  /** Without the update of optimistic data that usually comes before. */
  readonly broadcast: (options: { readonly onWatchUpdated: WatchUpdated }) => void;
  readonly markDirty: (watch: object) => void;
}): HeldBatch {
  const { cache, broadcast, markDirty } = deps;
  let lazy = false;

  /** @param visit whether the watch still waits */
  const visitDirty = (visit: (...details: Parameters<WatchUpdated>) => boolean): void => {
    const waiting: object[] = [];
    lazy = true;
    try {
      broadcast({
        onWatchUpdated(watch, diff, lastDiff) {
          if (visit(watch, diff, lastDiff)) waiting.push(watch);
          // Only who has looked learns of the next change.
          else void diff.complete;
          return false;
        },
      });
    } finally {
      lazy = false;
      for (const watch of waiting) markDirty(watch);
    }
  };

  return {
    run({ onWatchUpdated, ...options }) {
      const before = new Set<object>();
      visitDirty((watch) => Boolean(before.add(watch)));
      const result = cache.batch(options);
      visitDirty((watch, diff, lastDiff) => onWatchUpdated?.call(cache, watch, diff, lastDiff) !== false || before.has(watch));
      return result;
    },
    isLazy: () => lazy,
  };
}
