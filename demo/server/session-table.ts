import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import pg from 'pg';

/** Where sessions are kept: only a hash of each token, so that a copy of the data signs nobody in. */
export interface SessionTable {
  add(tokenHash: Buffer, userId: string, expiresAt: number): Promise<void>;
  find(tokenHash: Buffer, now: number): Promise<string | null>;
  remove(tokenHash: Buffer): Promise<void>;
  /** Removes what has expired. */
  sweep(now: number): Promise<void>;
  close(): Promise<void>;
}

/** In a file of its own. */
export function sqliteSessionTable(file: string): SessionTable {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.exec(
    'CREATE TABLE IF NOT EXISTS session (token_hash BLOB PRIMARY KEY, user_id TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID',
  );
  const insert = database.prepare('INSERT INTO session (token_hash, user_id, expires_at) VALUES (?, ?, ?)');
  const find = database.prepare<[Buffer, number], { user_id: string }>(
    'SELECT user_id FROM session WHERE token_hash = ? AND expires_at > ?',
  );
  const remove = database.prepare('DELETE FROM session WHERE token_hash = ?');
  const sweep = database.prepare('DELETE FROM session WHERE expires_at <= ?');
  return {
    add: async (...values) => void insert.run(...values),
    find: async (...values) => find.get(...values)?.user_id ?? null,
    remove: async (tokenHash) => void remove.run(tokenHash),
    sweep: async (now) => void sweep.run(now),
    close: async () => void database.close(),
  };
}

/** Beside the store's tables, so that every server process knows every session. Made when the first request asks. */
export function postgresSessionTable(connectionString: string): SessionTable {
  const pool = new pg.Pool({ connectionString, max: 4 });
  // A connection that dies in the pool is no failure: the next request makes another.
  pool.on('error', () => undefined);
  let made: Promise<void> | null = null;
  const once = async <R extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<R[]> => {
    made ??= makeTable(pool).catch((error: unknown) => {
      made = null;
      throw error;
    });
    await made;
    return (await pool.query<R>(text, values)).rows;
  };
  /** While the database restarts, whoever asks waits, as for the store. */
  const query: typeof once = async (text, values) => {
    for (const deadline = Date.now() + 10_000; ; ) {
      try {
        return await once(text, values);
      } catch (error) {
        const code = error instanceof pg.DatabaseError ? (error.code ?? '') : '57P00';
        if (!code.startsWith('57P') || Date.now() > deadline) throw error;
        await wait(100);
      }
    }
  };
  return {
    add: async (...values) => void (await query('INSERT INTO farside_demo_session VALUES ($1, $2, $3)', values)),
    async find(...values) {
      const rows = await query<{ user_id: string }>(
        'SELECT user_id FROM farside_demo_session WHERE token_hash = $1 AND expires_at > $2',
        values,
      );
      return rows[0]?.user_id ?? null;
    },
    remove: async (tokenHash) => void (await query('DELETE FROM farside_demo_session WHERE token_hash = $1', [tokenHash])),
    sweep: async (now) => void (await query('DELETE FROM farside_demo_session WHERE expires_at <= $1', [now])),
    close: () => pool.end(),
  };
}

/** Two processes that start at once: one makes the table, the other waits for it. */
async function makeTable(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`
      BEGIN;
      SELECT pg_advisory_xact_lock(hashtext('farside_demo_session'));
      CREATE TABLE IF NOT EXISTS farside_demo_session (token_hash bytea PRIMARY KEY, user_id text NOT NULL, expires_at bigint NOT NULL);
      COMMIT`);
  } finally {
    client.release();
  }
}
