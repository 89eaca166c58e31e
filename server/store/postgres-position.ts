import type { Position } from './store.ts';

/**
 * A place in the order of commits: by transaction, then by number within it. Numbers are taken early and transactions commit late, so a
 * reader goes no further than the oldest transaction that still runs (see postgres-changes.ts).
 */
export interface Place {
  /** A 64-bit transaction id, in decimal. */
  readonly xid: string;
  readonly number: number;
}

export const START: Place = { xid: '0', number: 0 };

export const spell = (place: Place): string => `${place.number}.${place.xid}`;

/** `null` for what was never spelled by {@link spell}. */
export function parsePlace(text: Position['position']): Place | null {
  const [, number, xid] = /^(\d{1,15})\.(\d{1,19})$/.exec(text) ?? [];
  return number === undefined || xid === undefined ? null : { number: Number(number), xid };
}

export function isBefore(a: Place, b: Place): boolean {
  const [left, right] = [BigInt(a.xid), BigInt(b.xid)];
  return left === right ? a.number < b.number : left < right;
}

export const later = (a: Place, b: Place): Place => (isBefore(a, b) ? b : a);
