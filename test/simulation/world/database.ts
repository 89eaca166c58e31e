import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { memoryStore, postgresStore, type Store, sqliteStore } from '../../../server/index.ts';
import type { SeededRandom } from '../../harness/index.ts';

/** What stays when the server process dies. */
export interface Database {
  /** The stores of the next server processes: side by side, where the database serves several. */
  open(): Promise<readonly Store[]>;
  /** Work at the door of a commit, for as long as this takes in real time: others that began later commit before it. */
  late?(): Promise<void>;
  /** Takes a copy; false where there is no such thing. */
  backUp?(): boolean;
  /** The next `open` finds what was copied. */
  restore?(): Promise<void>;
  close(): Promise<void>;
}

export const DATABASES = ['memory', 'sqlite', 'postgres'] as const;
export type DatabaseKind = (typeof DATABASES)[number];

export function createDatabase(kind: DatabaseKind, random: SeededRandom): Database {
  if (kind === 'postgres') return postgresDatabase(random);
  return kind === 'memory' ? memoryDatabase(random) : sqliteDatabase(random);
}

/** One store for all processes: what was in flight is undone by its own transaction. */
function memoryDatabase(random: SeededRandom): Database {
  const store = memoryStore({ newId: () => random.id() });
  return { open: async () => [store], close: () => store.close() };
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
      return [store];
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

/** Where the simulation finds a PostgreSQL server, as a URL. */
export const POSTGRES_URL = 'SIMULATION_POSTGRES_URL';
const PROCESSES = 2;
const LATE_SHARE = 0.2;
const LATEST_MS = 20;

/**
 * A schema of its own on a real server, and two processes on it. Their transactions really run side by side: what a seed does may come
 * out differently when it is done again.
 */
function postgresDatabase(random: SeededRandom): Database {
  const url = process.env[POSTGRES_URL] ?? '';
  const schema = `farside_simulation_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const opened: Store[] = [];
  return {
    async open() {
      const stores = Array.from({ length: PROCESSES }, () =>
        postgresStore({ connectionString: url, schema, connections: 4, newId: () => random.id() }),
      );
      opened.push(...stores);
      return stores;
    },
    late: () => (random.chance(LATE_SHARE) ? pause(random.integer(LATEST_MS)) : Promise.resolve()),
    async close() {
      for (const store of opened) await store.close().catch(() => undefined);
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query(`drop schema if exists ${schema} cascade`);
      await client.end();
    },
  };
}
