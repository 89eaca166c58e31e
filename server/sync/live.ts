import type { SyncHintEvent } from '../context.ts';
import type { Position, Store } from '../store/store.ts';
import { syncCursor } from './cursor.ts';

/**
 * Says that there is something after a cursor, as commits happen. The first hint comes at once, so that nothing falls between a pull
 * and the subscription; a slow reader gets the newest hint only, so that nothing piles up.
 * `types`: only commits that touch one of them; `null`: all.
 */
export function createHints(
  store: Pick<Store, 'onCommit' | 'reads'>,
  types: readonly string[] | null,
): AsyncIterableIterator<SyncHintEvent> {
  let newest: Position | 'head' | null = 'head';
  let ended = false;
  let wake: () => void = () => undefined;
  const unsubscribe = store.onCommit(({ position, typenames }) => {
    if (types !== null && !types.some((typename) => typenames.has(typename))) return;
    newest = position;
    wake();
  });

  const end = async (): Promise<IteratorResult<SyncHintEvent>> => {
    ended = true;
    unsubscribe();
    wake();
    return { done: true, value: undefined };
  };

  return {
    async next() {
      while (!ended && newest === null) await new Promise<void>((resolve) => (wake = resolve));
      if (ended || newest === null) return { done: true, value: undefined };
      const told = newest;
      newest = null;
      return { done: false, value: { syncHint: { cursor: syncCursor(told === 'head' ? await store.reads.head() : told) } } };
    },
    return: end,
    throw: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
