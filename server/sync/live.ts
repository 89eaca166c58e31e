import type { SyncHintEvent } from '../context.ts';
import type { Awaitable } from '../steps.ts';
import type { Position, Store } from '../store/store.ts';
import { syncCursor } from './cursor.ts';

/** Begins to tell of news, from a place on. */
export type Listen = (tell: (position: Position) => void) => { readonly head: Awaitable<Position>; leave(): void };

/** Tells of every commit that touches one of the types; `null`: of all. */
export function listenToAll(store: Pick<Store, 'onCommit' | 'reads'>, types: readonly string[] | null): Listen {
  return (tell) => {
    const leave = store.onCommit(({ position, typenames }) => {
      if (types === null || types.some((typename) => typenames.has(typename))) tell(position);
    });
    return { head: store.reads.head(), leave };
  };
}

/**
 * Says that there is something after a cursor, as commits happen. The first hint comes at once, so that nothing falls between a pull
 * and the subscription; a slow reader gets the newest hint only, so that nothing piles up.
 */
export function createHints(listen: Listen): AsyncIterableIterator<SyncHintEvent> {
  let newest: Awaitable<Position> | null = null;
  let ended = false;
  let wake: () => void = () => undefined;
  const { head, leave } = listen((position) => {
    newest = position;
    wake();
  });
  // What was told meanwhile is newer.
  newest ??= head;
  if (head instanceof Promise) head.catch(() => undefined);

  const end = async (): Promise<IteratorResult<SyncHintEvent>> => {
    ended = true;
    leave();
    wake();
    return { done: true, value: undefined };
  };

  return {
    async next() {
      while (!ended && newest === null) await new Promise<void>((resolve) => (wake = resolve));
      if (ended || newest === null) return { done: true, value: undefined };
      const told = newest;
      newest = null;
      return { done: false, value: { syncHint: { cursor: syncCursor(await told) } } };
    },
    return: end,
    throw: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
