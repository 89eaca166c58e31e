import type { Cancel, Channel, Locks, Storage } from '../ports.ts';
import { storageError } from './storage-error.ts';

/**
 * Storage that lives as long as the process: for tests, for servers, and where losing everything on reload is acceptable.
 * Values are copied on the way in and out, as a disk would. Two storages over the same `cells` see the same data.
 */
export function memoryStorage(cells: Map<string, unknown> = new Map()): Storage {
  return {
    async get(key) {
      return clone(cells.get(key) ?? null);
    },
    async put(key, value) {
      cells.set(key, copy(key, value));
    },
    async remove(key) {
      cells.delete(key);
    },
    async entries(prefix) {
      const keys = [...cells.keys()].filter((key) => key.startsWith(prefix)).sort();
      return keys.map((key) => [key, clone(cells.get(key))] as const);
    },
    async putMany(pairs) {
      const copies = pairs.map(([key, value]) => [key, copy(key, value)] as const);
      for (const [key, value] of copies) cells.set(key, value);
    },
  };
}

function copy(key: string, value: unknown): unknown {
  try {
    return clone(value);
  } catch (error) {
    throw storageError(error, `write "${key}"`);
  }
}

/** `structuredClone`, but for what cannot change: Node 20 makes a nameless Blob of a File. */
function clone(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clone);
  if (typeof value !== 'object' || value === null) return structuredClone(value);
  if (value instanceof Blob) return value;
  return isPlainObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clone(item)])) : structuredClone(value);
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Locks within one process: enough where the platform has a single tab (React Native, Node) or no Web Locks. */
export function memoryLocks(): Locks {
  const tails = new Map<string, Promise<void>>();
  return {
    // Within one process nobody is frozen who could be stolen from: a theft waits its turn.
    async hold(name, run, abandon) {
      if (abandon.aborted) return;
      const before = tails.get(name) ?? Promise.resolve();
      let leave = (): void => {};
      const turn = new Promise<void>((resolve) => {
        leave = resolve;
      });
      const tail = before.then(() => turn);
      tails.set(name, tail);
      try {
        await settledOrAborted(before, abandon);
        if (!abandon.aborted) await run(abandon);
      } finally {
        leave();
        if (tails.get(name) === tail) tails.delete(name);
      }
    },
  };
}

/** A channel with nobody else on it: a process that has a single tab. */
export function silentChannel(): Channel {
  const nothing: Cancel = () => {};
  return { post: () => {}, subscribe: () => nothing, close: () => {} };
}

function settledOrAborted(turn: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      // The signal may live as long as the process: what is not removed piles up on it.
      signal.removeEventListener('abort', go);
      resolve();
    };
    signal.addEventListener('abort', go);
    void turn.then(go);
  });
}
