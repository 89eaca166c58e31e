import { memoryStorage } from '../../../client/adapters/memory.ts';
import { OfflineError } from '../../../client/errors.ts';
import type { Storage } from '../../../client/ports.ts';

/** One write on its way to a disk. */
export interface DiskWrite {
  readonly disk: 'outbox' | 'cache';
  readonly kind: 'put' | 'remove';
  readonly key: string;
  /** Whether the key is there already. */
  readonly known: boolean;
}

/** What becomes of a write that does not go well. */
export type WriteFate = 'crash before' | 'crash after' | 'fail' | 'full' | 'lost' | 'torn';

/** One tab's handle on a disk: the disk outlives it. */
export interface Disk extends Storage {
  /** From now on it does nothing and answers nothing, as in a dead process. */
  crash(): void;
}

export function createDisk(
  disk: DiskWrite['disk'],
  cells: Map<string, unknown>,
  deps: {
    readonly fateOf: (write: DiskWrite) => WriteFate | null;
    readonly crash: () => void;
    /** A private window: there is no storage at all. */
    readonly isShut?: boolean;
    /** Hears of what is about to lie there. */
    readonly stored?: (value: unknown) => void;
  },
): Disk {
  const inner = memoryStorage(cells);
  let isDead = false;

  /** What a dead process gets to see. */
  const never = <T>(): Promise<T> => new Promise<T>(() => {});

  async function read<T>(run: () => Promise<T>): Promise<T> {
    if (isDead) return never();
    if (deps.isShut) throw shut();
    const value = await run();
    return isDead ? never() : value;
  }

  async function write(kind: DiskWrite['kind'], key: string, value: unknown): Promise<void> {
    // Nothing lies on a disk before whoever wrote it goes on.
    await Promise.resolve();
    if (isDead) return never();
    if (deps.isShut) throw shut();
    const fate = deps.fateOf({ disk, kind, key, known: cells.has(key) });
    if (fate === 'crash before') deps.crash();
    if (isDead) return never();
    if (fate === 'fail') throw new OfflineError('STORAGE_UNAVAILABLE', 'expected the disk to write, it failed');
    if (fate === 'full' && kind === 'put') throw new OfflineError('STORAGE_FULL', 'expected room on the disk, it is full');
    if (kind === 'put') deps.stored?.(value);
    if (fate !== 'lost') await (kind === 'put' ? inner.put(key, fate === 'torn' ? torn(value) : value) : inner.remove(key));
    if (fate === 'crash after') deps.crash();
    if (isDead) return never();
  }

  return {
    get: (key) => read(() => inner.get(key)),
    entries: (prefix) => read(() => inner.entries(prefix)),
    put: (key, value) => write('put', key, value),
    remove: (key) => write('remove', key, undefined),
    async putMany(pairs) {
      for (const [key, value] of pairs) await write('put', key, value);
    },
    crash() {
      isDead = true;
    },
  };
}

function shut(): OfflineError {
  return new OfflineError('STORAGE_UNAVAILABLE', 'expected storage, a private window has none');
}

/** Half of it arrived. */
function torn(value: unknown): unknown {
  const { entities } = value as { readonly entities?: Readonly<Record<string, unknown>> };
  if (entities === undefined) return 'half of what was wri';
  const kept = Object.entries(entities);
  return {
    ...(value as object),
    entities: Object.fromEntries(kept.slice(0, Math.floor(kept.length / 2))),
    ...(kept.length === 0 ? { codec: 0 } : {}),
  };
}
