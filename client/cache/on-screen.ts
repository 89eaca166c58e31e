import type { InMemoryCache } from '@apollo/client';
import { cacheId } from '../outbox/lane-keys.ts';
import { watchesOf } from './apollo-store.ts';

/** The entities that queries and fragments show now, as records name them: what has a `__typename` and an `id` in a watched result. */
export function createOnScreen(cache: InMemoryCache): () => ReadonlySet<string> {
  /** Results are never changed, and most stay as they are from one look to the next. */
  const known = new WeakMap<object, readonly string[]>();
  let results: readonly object[] = [];
  let shown: ReadonlySet<string> = new Set();

  const resultOf = (watch: ReturnType<typeof watchesOf>[number]): readonly object[] => {
    try {
      // What was drawn last; until something was, what would be.
      const { result } = watch.lastDiff ?? cache.diff<unknown>(watch);
      return typeof result === 'object' && result !== null ? [result] : [];
    } catch {
      // A read function that throws says so where its result is asked for.
      return [];
    }
  };
  const entitiesIn = (result: object): readonly string[] => {
    const found = known.get(result) ?? collect(result, []);
    known.set(result, found);
    return found;
  };

  return () => {
    const now = watchesOf(cache).flatMap(resultOf);
    if (now.length === results.length && now.every((result, index) => result === results[index])) return shown;
    results = now;
    shown = new Set(now.flatMap(entitiesIn));
    return shown;
  };
}

function collect(value: unknown, found: string[]): string[] {
  if (typeof value !== 'object' || value === null) return found;
  const { __typename, id } = value as { readonly __typename?: unknown; readonly id?: unknown };
  if (typeof __typename === 'string' && (typeof id === 'string' || typeof id === 'number')) found.push(cacheId(__typename, String(id)));
  for (const inner of Object.values(value)) collect(inner, found);
  return found;
}
