import type { Cancel } from './ports.ts';

/** A value that changes. `get()` returns the same reference until it does, so that it fits `useSyncExternalStore` and its like. */
export interface Observed<T> {
  get(): T;
  subscribe(listener: () => void): Cancel;
}

/**
 * Calls `run` with the value now, and again whenever it is another one, until the returned function is called: what the stores,
 * refs and signals of most frameworks are made from. `source` is any part of {@link Offline} that can be subscribed to.
 */
export function observe<T>(source: { subscribe(listener: () => void): Cancel }, get: () => T, run: (value: T) => void): Cancel {
  let value = get();
  run(value);
  return source.subscribe(() => {
    const next = get();
    if (Object.is(next, value)) return;
    value = next;
    run(value);
  });
}

/** Tells whoever listens at the time. */
export function createEmitter<T>(): { emit(event: T): void; subscribe(listener: (event: T) => void): Cancel } {
  const listeners = new Set<(event: T) => void>();
  return {
    emit(event) {
      for (const listener of [...listeners]) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** An observed value computed from others. */
export interface Derived<T> extends Observed<T> {
  /** Something that it is computed from may have changed. Many calls in one turn cost one computation and one announcement. */
  refresh(): void;
}

/** `get()` is up to date at once; listeners hear a microtask later, and only when `same` says that the value differs. */
export function createDerived<T>(compute: () => T, same: (a: T, b: T) => boolean): Derived<T> {
  const listeners = new Set<() => void>();
  let value = compute();
  let announced = value;
  let isDirty = false;
  let isScheduled = false;

  const get = (): T => {
    if (isDirty) {
      isDirty = false;
      const next = compute();
      if (!same(value, next)) value = next;
    }
    return value;
  };
  const announce = (): void => {
    isScheduled = false;
    if (get() === announced) return;
    announced = value;
    for (const listener of [...listeners]) listener();
  };

  return {
    get,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    refresh() {
      isDirty = true;
      if (isScheduled) return;
      isScheduled = true;
      queueMicrotask(announce);
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
