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

/** All that is shown, in the order in which it applies. */
export interface ShownList {
  readonly size: number;
  /** Whether one is ours: those follow the data under them, while Apollo makes its own again only when another goes. */
  readonly hasPending: boolean;
  /** The one that applies last. */
  readonly last: Shown | undefined;
  /** Not changed by what happens later. */
  all(): readonly Shown[];
  get(id: string, native: boolean): Shown | undefined;
  add(shown: Shown): void;
  /** Whether there was one. */
  remove(id: string, native: boolean): boolean;
  /** This one, and none of the same name. */
  drop(shown: Shown): void;
}

export function createShownList(): ShownList {
  const known = new Map<string, readonly Shown[]>();
  let sorted: readonly Shown[] | null = [];
  let last: Shown | undefined;
  let size = 0;
  let natives = 0;
  const keyOf = (id: string, native: boolean): string => `${native} ${id}`;

  const all = (): readonly Shown[] => {
    if (sorted) return sorted;
    sorted = [...known.values()].flat().sort(compare);
    last = sorted.at(-1);
    return sorted;
  };

  return {
    get size() {
      return size;
    },
    get hasPending() {
      return size > natives;
    },
    get last() {
      return last ?? all().at(-1);
    },
    all,
    get: (id, native) => known.get(keyOf(id, native))?.[0],
    add(shown) {
      const key = keyOf(shown.id, shown.native);
      // Apollo may use one id for several.
      known.set(key, known.get(key)?.concat(shown) ?? [shown]);
      if (size === 0 || (last && compare(last, shown) <= 0)) last = shown;
      size += 1;
      if (shown.native) natives += 1;
      sorted = null;
    },
    remove(id, native) {
      const gone = known.get(keyOf(id, native));
      if (!gone) return false;
      known.delete(keyOf(id, native));
      size -= gone.length;
      if (native) natives -= gone.length;
      if (last && gone.includes(last)) last = undefined;
      sorted = null;
      return true;
    },
    drop(shown) {
      const key = keyOf(shown.id, shown.native);
      const others = (known.get(key) ?? []).filter((other) => other !== shown);
      if (others.length > 0) known.set(key, others);
      else known.delete(key);
      size -= 1;
      if (shown.native) natives -= 1;
      if (last === shown) last = undefined;
      sorted = null;
    },
  };
}

function compare(a: Shown, b: Shown): number {
  return a.position === b.position ? a.arrival - b.arrival : a.position - b.position;
}
