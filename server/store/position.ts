import type { Position } from './store.ts';

/** A place in the history of a store that counts its changes; null: not one of its places. */
export function placeOf(position: string): number | null {
  return /^\d{1,15}$/.test(position) ? Number(position) : null;
}

export const isPlaceBefore = (a: string, b: string): boolean => Number(a) < Number(b);

/** Where a reader continues whose page ended at `position`, and is not the last. `after`: where it continued; null: it has begun anew. */
export function nextPosition(
  after: Position | null,
  head: Position,
  position: string,
  isBefore: (position: string, other: string) => boolean,
): Position {
  const begun = after === null ? head.position : after.begun;
  return { epoch: head.epoch, position, ...(begun !== undefined && isBefore(position, begun) ? { begun } : {}) };
}
