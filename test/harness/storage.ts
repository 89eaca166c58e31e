import { memoryStorage } from '../../client/adapters/memory.ts';
import { OfflineError } from '../../client/errors.ts';
import type { Storage } from '../../client/ports.ts';

/** One write that reached the storage. */
export interface StorageStep {
  /** 1-based, over `put` and `remove`; each pair of a `putMany` is a step of its own. */
  readonly step: number;
  readonly kind: 'put' | 'remove';
  readonly key: string;
}

/** What shall go wrong. Change it at any time. */
export interface StorageFaults {
  /** Every read rejects with this. */
  failReads: Error | null;
  /** Every write rejects with this. */
  failWrites: Error | null;
  /** Writes of these keys are acknowledged and then gone. */
  loseWrite: ((key: string) => boolean) | null;
  /** Room for all values together, as bytes of JSON; a put beyond it rejects with STORAGE_FULL. */
  quotaBytes: number | null;
}

/** A disk that fails on command. The disk outlives the process: {@link FaultyStorage.reload} is the next start over it. */
export interface FaultyStorage extends Storage {
  readonly faults: StorageFaults;
  /** Writes so far, also those that failed. */
  readonly log: readonly StorageStep[];
  /** Reads so far. */
  readonly reads: number;
  /** The write with this number rejects. */
  failAt(step: number, error?: Error): void;
  /**
   * The process dies at the write with this number: `before` it takes effect, or `after` it did and before anybody learns.
   * From then on this instance does nothing and answers nothing, as a dead process does.
   */
  crashAt(step: number, when: 'before' | 'after'): void;
  /** The process dies now. */
  crash(): void;
  /** Resolves when the process has died. */
  readonly crashed: Promise<void>;
  readonly isCrashed: boolean;
  /** The next start: kills this instance and opens the same disk, with no faults planned and the count at zero. */
  reload(): FaultyStorage;
}

/** @param inner the disk; by default one in memory. */
export function createFaultyStorage(inner: Storage = memoryStorage(), sizes: Map<string, number> = new Map()): FaultyStorage {
  const faults: StorageFaults = { failReads: null, failWrites: null, loseWrite: null, quotaBytes: null };
  const log: StorageStep[] = [];
  const failing = new Map<number, Error>();
  let crashing: { readonly step: number; readonly when: 'before' | 'after' } | null = null;
  let reads = 0;
  let isCrashed = false;
  let announceCrash = (): void => {};
  const crashed = new Promise<void>((resolve) => {
    announceCrash = resolve;
  });

  function crash(): void {
    isCrashed = true;
    announceCrash();
  }

  /** What a dead process gets to see. */
  const never = <T>(): Promise<T> => new Promise<T>(() => {});

  async function read<T>(run: () => Promise<T>): Promise<T> {
    if (isCrashed) return never();
    reads++;
    if (faults.failReads !== null) throw faults.failReads;
    const value = await run();
    return isCrashed ? never() : value;
  }

  async function write(kind: StorageStep['kind'], key: string, size: number, run: () => Promise<void>): Promise<void> {
    if (isCrashed) return never();
    const step = log.length + 1;
    log.push({ step, kind, key });
    const dies = crashing?.step === step ? crashing.when : null;
    if (dies === 'before') {
      crash();
      return never();
    }
    const failure = failing.get(step) ?? faults.failWrites;
    if (failure !== null) throw failure;
    if (kind === 'put' && faults.quotaBytes !== null) {
      let used = size;
      for (const [other, bytes] of sizes) if (other !== key) used += bytes;
      if (used > faults.quotaBytes) {
        throw new OfflineError('STORAGE_FULL', `expected room for ${size} bytes, the quota of ${faults.quotaBytes} is used up; free some`);
      }
    }
    if (faults.loseWrite?.(key) !== true) {
      await run();
      if (kind === 'put') sizes.set(key, size);
      else sizes.delete(key);
    }
    if (dies === 'after') crash();
    if (isCrashed) return never();
  }

  const put = (key: string, value: unknown): Promise<void> => write('put', key, sizeOf(value), () => inner.put(key, value));

  return {
    faults,
    log,
    get reads() {
      return reads;
    },
    crashed,
    get isCrashed() {
      return isCrashed;
    },
    get: (key) => read(() => inner.get(key)),
    entries: (prefix) => read(() => inner.entries(prefix)),
    put,
    remove: (key) => write('remove', key, 0, () => inner.remove(key)),
    async putMany(pairs) {
      for (const [key, value] of pairs) await put(key, value);
    },
    failAt(step, error = new OfflineError('STORAGE_UNAVAILABLE', `expected write ${step} to succeed, the disk failed it as planned`)) {
      failing.set(step, error);
    },
    crashAt(step, when) {
      crashing = { step, when };
    },
    crash,
    reload() {
      crash();
      return createFaultyStorage(inner, sizes);
    },
  };
}

function sizeOf(value: unknown): number {
  return (JSON.stringify(value) ?? '').length;
}
