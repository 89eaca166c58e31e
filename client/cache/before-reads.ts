import type { Cache, InMemoryCache } from '@apollo/client';

/**
 * Runs `all` before every read, and then `optimistic` before one of optimistic data; while `isLazy()`, a diff is made when somebody looks
 * at it. On the instance and not by `override`, because the overloads of these methods mention Apollo's internal types.
 */
export function beforeReads(
  cache: InMemoryCache,
  { all, optimistic, isLazy }: { readonly all: () => void; readonly optimistic: () => void; readonly isLazy: () => boolean },
): void {
  for (const name of ['read', 'diff', 'modify'] as const) {
    const original = cache[name] as (options: { readonly optimistic?: boolean }) => unknown;
    Object.defineProperty(cache, name, {
      configurable: true,
      writable: true,
      value(this: InMemoryCache, options: { readonly optimistic?: boolean }) {
        const now = (): unknown => {
          all();
          if (options.optimistic) optimistic();
          return original.call(this, options);
        };
        return name === 'diff' && isLazy() ? lazily(now as () => Cache.DiffResult<unknown>) : now();
      },
    });
  }
}

function lazily(make: () => Cache.DiffResult<unknown>): Cache.DiffResult<unknown> {
  let made: Cache.DiffResult<unknown> | undefined;
  const diffed = (): Cache.DiffResult<unknown> => {
    made ??= make();
    return made;
  };
  const diff = {};
  for (const field of ['result', 'complete', 'missing', 'fromOptimisticTransaction'] as const) {
    Object.defineProperty(diff, field, {
      enumerable: true,
      configurable: true,
      get: () => diffed()[field],
      set: (value: unknown) => void Object.defineProperty(diff, field, { value, enumerable: true, writable: true, configurable: true }),
    });
  }
  return diff as Cache.DiffResult<unknown>;
}
