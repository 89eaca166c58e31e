import { compareClocks, isHybridClock, isNextTick, tick } from './hybrid-clock.ts';
import { compareVectors, increment, isAuthority, join, parseVector, type VersionVector } from './version-vector.ts';

/** Versions: how two states of one entity relate. */
export type VersionKind = 'COUNTER' | 'HYBRID_CLOCK' | 'VERSION_VECTOR';

/** COUNTER: an integer ≥ 1. The other kinds: strings. 0, of every kind: not yet at the server. */
export type Version = number | string;

export type VersionOrder = 'before' | 'after' | 'equal' | 'concurrent';

/** The version kinds that this release can store and compare. */
export const SUPPORTED_VERSION_KINDS: readonly VersionKind[] = ['COUNTER', 'HYBRID_CLOCK', 'VERSION_VECTOR'];

/** Who makes a version, and when. */
export interface VersionMaker {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** The server, or servers on one database, among those that write independently: 1 to 32 letters, digits and `_`, a letter first. */
  readonly authority: string;
}

/**
 * How `a` relates to `b`. Only VERSION_VECTOR can answer `concurrent`.
 * @throws TypeError on a value that is no version of that kind.
 */
export function compareVersions(kind: VersionKind, a: Version, b: Version): VersionOrder {
  for (const version of [a, b]) {
    if (!isVersion(kind, version)) throw new TypeError(`expected a ${kind} version, got ${JSON.stringify(version)}`);
  }
  if (a === b) return 'equal';
  if (a === 0 || b === 0) return a === 0 ? 'before' : 'after';
  switch (kind) {
    case 'COUNTER':
      return a < b ? 'before' : 'after';
    case 'HYBRID_CLOCK':
      return compareClocks(a as string, b as string);
    case 'VERSION_VECTOR':
      return compareVectors(vector(a), vector(b));
  }
}

/**
 * The version after `current`; `null` for an entity that never existed. Continues through deletes: a tombstone's version counts.
 * It comes after `current` whatever the clock says.
 */
export function nextVersion(kind: VersionKind, current: Version | null, maker: VersionMaker): Version {
  if (current !== null && !isVersion(kind, current)) throw new TypeError(`expected a ${kind} version, got ${JSON.stringify(current)}`);
  if (!isAuthority(maker.authority)) throw new TypeError(`expected the name of an authority, got ${JSON.stringify(maker.authority)}`);
  const before = current === 0 ? null : current;
  switch (kind) {
    case 'COUNTER':
      return ((before as number | null) ?? 0) + 1;
    case 'HYBRID_CLOCK':
      return tick(before as string | null, maker.now, maker.authority);
    case 'VERSION_VECTOR':
      return increment(before === null ? new Map() : vector(before), maker.authority);
  }
}

/** The earliest version that comes before neither; `null` stands before every version. */
export function laterVersion(kind: VersionKind, a: Version | null, b: Version): Version {
  if (a === null) return b;
  const order = compareVersions(kind, a, b);
  return order === 'concurrent' ? join(vector(a), vector(b)) : order === 'after' ? a : b;
}

/** Whether an untrusted value has the form of a version of this kind. */
export function isVersion(kind: VersionKind, value: unknown): value is Version {
  return value === 0 || kindOf(value) === kind;
}

/** Whether `a` comes before `b`; the forms of the kinds differ, so nobody has to say of which they are. False where that cannot be said. */
export function isOlder(a: unknown, b: unknown): boolean {
  const kind = a === 0 ? kindOf(b) : kindOf(a);
  return kind !== null && isVersion(kind, a) && isVersion(kind, b) && compareVersions(kind, a, b) === 'before';
}

/** Whether `version` names changes by `authority` that `current` does not have. */
export function isAhead(kind: VersionKind, version: Version, current: Version, authority: string): boolean {
  if (kind !== 'VERSION_VECTOR') return compareVersions(kind, version, current) === 'after';
  return (vector(version).get(authority) ?? 0) > (vector(current).get(authority) ?? 0);
}

/** Whether exactly one change lies between `from` and `to`. */
export function isNextVersion(from: unknown, to: unknown): boolean {
  if (from === 0 || kindOf(from) !== kindOf(to)) return false;
  switch (kindOf(from)) {
    case 'COUNTER':
      return to === (from as number) + 1;
    case 'HYBRID_CLOCK':
      return isNextTick(from as string, to as string);
    case 'VERSION_VECTOR':
      return [...vector(to as string).keys()].some((name) => increment(vector(from as string), name) === to);
    default:
      return false;
  }
}

function kindOf(value: unknown): VersionKind | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? 'COUNTER' : null;
  if (isHybridClock(value)) return 'HYBRID_CLOCK';
  return parseVector(value) === null ? null : 'VERSION_VECTOR';
}

function vector(version: Version): VersionVector {
  return parseVector(version) ?? new Map();
}
