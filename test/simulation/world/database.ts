import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore, type Store, sqliteStore } from '../../../server/index.ts';
import type { SeededRandom } from '../../harness/index.ts';

/** What stays when the server process dies. */
export interface Database {
  /** The store of the next process. */
  open(): Promise<Store>;
  /** Takes a copy; false where there is no such thing. */
  backUp?(): boolean;
  /** The next `open` finds what was copied. */
  restore?(): Promise<void>;
  close(): Promise<void>;
}

export type DatabaseKind = 'memory' | 'sqlite';

export function createDatabase(kind: DatabaseKind, random: SeededRandom): Database {
  return kind === 'memory' ? memoryDatabase(random) : sqliteDatabase(random);
}

/** One store for all processes: what was in flight is undone by its own transaction. */
function memoryDatabase(random: SeededRandom): Database {
  const store = memoryStore({ newId: () => random.id() });
  return { open: async () => store, close: () => store.close() };
}

function sqliteDatabase(random: SeededRandom): Database {
  const directory = mkdtempSync(join(tmpdir(), 'farside-simulation-'));
  const opened: Store[] = [];
  let generation = 0;
  let backup: string | null = null;
  const file = (): string => join(directory, `${generation}.sqlite`);
  const copy = (from: string, to: string): void => {
    for (const part of ['', '-wal']) if (existsSync(from + part)) copyFileSync(from + part, to + part);
  };
  return {
    /** On a copy of the files as the dead process left them, because a process in this process cannot let go of them. */
    async open() {
      if (opened.length > 0) {
        const before = file();
        generation += 1;
        copy(before, file());
      }
      const store = sqliteStore({ file: file(), synchronous: 'normal', newId: () => random.id() });
      opened.push(store);
      return store;
    },
    backUp() {
      backup = join(directory, `backup-${generation}-${opened.length}.sqlite`);
      copy(file(), backup);
      return true;
    },
    async restore() {
      if (backup === null) return;
      generation += 1;
      copy(backup, file());
    },
    async close() {
      for (const store of opened) await store.close().catch(() => undefined);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
