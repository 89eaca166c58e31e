/**
 * Versions: how two states of one entity relate. COUNTER is implemented; HYBRID_CLOCK and VERSION_VECTOR have their place
 * in every signature here, so that adding them changes this file and no caller.
 */
export type VersionKind = 'COUNTER' | 'HYBRID_CLOCK' | 'VERSION_VECTOR';

/** COUNTER: an integer ≥ 0 (0: not yet at the server). The other kinds: strings. */
export type Version = number | string;

export type VersionOrder = 'before' | 'after' | 'equal' | 'concurrent';

/** The version kinds that this release can store and compare. */
export const SUPPORTED_VERSION_KINDS: readonly VersionKind[] = ['COUNTER'];

/**
 * How `a` relates to `b`. Only VERSION_VECTOR can answer `concurrent`.
 * @throws TypeError on a value that is no version of that kind.
 */
export function compareVersions(kind: VersionKind, a: Version, b: Version): VersionOrder {
  switch (kind) {
    case 'COUNTER': {
      const left = counter(a);
      const right = counter(b);
      return left < right ? 'before' : left > right ? 'after' : 'equal';
    }
    default:
      throw new TypeError(`version kind ${kind} is not supported by this release; use COUNTER`);
  }
}

/** The version after `current`; `null` for an entity that never existed. Continues through deletes: a tombstone's version counts. */
export function nextVersion(kind: VersionKind, current: Version | null): Version {
  switch (kind) {
    case 'COUNTER':
      return current === null ? 1 : counter(current) + 1;
    default:
      throw new TypeError(`version kind ${kind} is not supported by this release; use COUNTER`);
  }
}

/** The one of the two that comes after the other; `null` stands before every version. */
export function laterVersion(kind: VersionKind, a: Version | null, b: Version): Version {
  return a !== null && compareVersions(kind, a, b) === 'after' ? a : b;
}

/** Whether an untrusted value has the form of a version of this kind. */
export function isVersion(kind: VersionKind, value: unknown): value is Version {
  return kind === 'COUNTER' ? Number.isSafeInteger(value) && (value as number) >= 0 : typeof value === 'string';
}

function counter(version: Version): number {
  if (!isVersion('COUNTER', version)) throw new TypeError(`expected a COUNTER version (an integer ≥ 0), got ${JSON.stringify(version)}`);
  return version as number;
}
