import type { Cancel } from './ports.ts';

/** A value that changes. `get()` returns the same reference until it does, so that it fits `useSyncExternalStore` and its like. */
export interface Observed<T> {
  get(): T;
  subscribe(listener: () => void): Cancel;
}

/** An observed value computed from others: recomputed when `refresh` is called, announced when `same` says it differs. */
export interface Derived<T> extends Observed<T> {
  refresh(): void;
}

export function createDerived<T>(compute: () => T, same: (a: T, b: T) => boolean): Derived<T> {
  const listeners = new Set<() => void>();
  let value = compute();
  return {
    get: () => value,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    refresh() {
      const next = compute();
      if (same(value, next)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
  };
}

/** Same members with the same values, compared by `Object.is`. */
export function shallowEqual<T extends object>(a: T, b: T): boolean {
  const keys = Object.keys(a) as (keyof T)[];
  return keys.length === Object.keys(b).length && keys.every((key) => Object.is(a[key], b[key]));
}

/** Same length and the same items, compared by `same`. */
export function sameItems<T>(same: (a: T, b: T) => boolean): (a: readonly T[], b: readonly T[]) => boolean {
  return (a, b) => a.length === b.length && a.every((item, index) => same(item, b[index] as T));
}
