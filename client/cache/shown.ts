import type { ApolloCache } from '@apollo/client';

/** What a pending write shows. Runs again whenever the data under it changes, so it must be pure: same cache, same effect. */
export type PendingUpdate = (cache: ApolloCache) => void;

/** A pending update that threw while being applied. */
export interface PendingFailure {
  readonly id: string;
  readonly error: unknown;
}

/** An update shown over the data: ours, or an optimistic response of Apollo's own. */
export interface Shown {
  readonly id: string;
  readonly position: number;
  /** Breaks ties of `position`. */
  readonly arrival: number;
  readonly update: PendingUpdate;
  /** Made by `recordOptimisticTransaction`: belongs to Apollo, has a name space of its own, and dies with a reset. */
  readonly native: boolean;
}

/** Puts one in its place. */
export function insertShown(list: readonly Shown[], shown: Shown): readonly Shown[] {
  const index = list.findLastIndex((other) => compare(other, shown) <= 0) + 1;
  return [...list.slice(0, index), shown, ...list.slice(index)];
}

/** The same list when there is nothing to take out. */
export function withoutShown(list: readonly Shown[], id: string, native: boolean): readonly Shown[] {
  const left = list.filter((shown) => shown.id !== id || shown.native !== native);
  return left.length === list.length ? list : left;
}

function compare(a: Shown, b: Shown): number {
  return a.position === b.position ? a.arrival - b.arrival : a.position - b.position;
}
