import { OfflineError } from '../errors.ts';
import type { Locks, Storage } from '../ports.ts';
import { webLocks } from './browser.ts';
import { deserialize, serialize } from './serialize.ts';
import { storageError } from './storage-error.ts';

/** A storage wrapper of apollo3-cache-persist, or anything like it (localStorage, AsyncStorage, MMKV …): strings by key. */
export interface PersistWrapper {
  getItem(key: string): Promise<string | null | undefined> | string | null | undefined;
  setItem(key: string, value: string): unknown;
  removeItem(key: string): unknown;
}

export interface PersistStorageOptions {
  /** Begins every key that is used in the wrapped storage; default `farside`. Two storages over one wrapper need two names. */
  readonly name?: string;
  /** Mutual exclusion of everyone who writes to the same storage; default Web Locks, or within the process where there are none. */
  readonly locks?: Locks;
}

/**
 * Storage over a key-value wrapper that cannot list its keys. Values are stored as JSON, files in them as base64.
 *
 * The keys are kept in index entries of their own. A key enters the index *before* its value is written and leaves *after* it is
 * removed, so that a crash in between leaves a name without a value, which listing skips, and never a value that no one finds.
 * A write holds a lock over its index entry, because two tabs that rewrite one list would drop each other's keys.
 *
 * A stored text that is not JSON (damaged, or another program's) is handed on as it is: the reader decides what to do with it.
 */
export function fromCachePersist(wrapper: PersistWrapper, options: PersistStorageOptions = {}): Storage {
  for (const method of ['getItem', 'setItem', 'removeItem'] as const) {
    if (typeof wrapper?.[method] === 'function') continue;
    throw new OfflineError('INVALID_OPTION', `fromCachePersist: expected a wrapper with ${method}(), got ${typeof wrapper?.[method]}`);
  }
  const { name = 'farside', locks = webLocks() } = options;
  const valueKey = (key: string): string => `${name}/value/${key}`;
  const indexKey = (bucket: number): string => `${name}/index/${bucket}`;

  async function attempt<T>(what: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw storageError(error, what);
    }
  }

  async function readIndex(bucket: number): Promise<readonly string[]> {
    const keys = parse(await wrapper.getItem(indexKey(bucket)));
    return Array.isArray(keys) ? keys.filter((key): key is string => typeof key === 'string') : [];
  }

  async function exclusively(bucket: number, run: () => Promise<void>): Promise<void> {
    await locks.hold(indexKey(bucket), run, new AbortController().signal);
  }

  return {
    get: (key) => attempt(`read "${key}"`, async () => parse(await wrapper.getItem(valueKey(key)))),
    put: (key, value) =>
      attempt(`write "${key}"`, async () => {
        const text = await serialize(value);
        if (text === undefined) throw new OfflineError('INVALID_OPERATION', `expected a JSON value for "${key}", got ${typeof value}`);
        const bucket = bucketOf(key);
        await exclusively(bucket, async () => {
          const keys = await readIndex(bucket);
          if (!keys.includes(key)) await wrapper.setItem(indexKey(bucket), JSON.stringify([...keys, key]));
          await wrapper.setItem(valueKey(key), text);
        });
      }),
    remove: (key) =>
      attempt(`remove "${key}"`, async () => {
        const bucket = bucketOf(key);
        await exclusively(bucket, async () => {
          await wrapper.removeItem(valueKey(key));
          const keys = await readIndex(bucket);
          if (keys.includes(key)) await wrapper.setItem(indexKey(bucket), JSON.stringify(keys.filter((other) => other !== key)));
        });
      }),
    entries: (prefix) =>
      attempt(`list "${prefix}"`, async () => {
        const buckets = await Promise.all(Array.from({ length: BUCKETS }, (_, bucket) => readIndex(bucket)));
        const keys = [...new Set(buckets.flat())].filter((key) => key.startsWith(prefix)).sort();
        const pairs = await Promise.all(keys.map(async (key) => [key, parse(await wrapper.getItem(valueKey(key)))] as const));
        return pairs.filter(([, value]) => value !== null);
      }),
  };
}

/** The index is rewritten with every new key: in parts, so that ten thousand keys do not cost half a megabyte each time. */
const BUCKETS = 32;

/** FNV-1a. On disk: changing it loses keys. */
function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193) >>> 0;
  return hash % BUCKETS;
}

function parse(text: string | null | undefined): unknown {
  if (text === null || text === undefined) return null;
  try {
    return deserialize(text);
  } catch {
    return text;
  }
}
