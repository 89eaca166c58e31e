import { createHash, randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';

const LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;
const COOKIE = 'farside_session';

/** Signed-in browsers, in a file of their own, so that they survive a restart of the server. */
export interface Sessions {
  /** Starts a session and gives the `Set-Cookie` value that carries it. */
  open(userId: string, now: number): string;
  /** The user whose session a `Cookie` header carries, or `null`. */
  userOf(cookieHeader: string | undefined, now: number): string | null;
  /** Ends the session that a `Cookie` header carries, and gives the `Set-Cookie` value that clears it. */
  end(cookieHeader: string | undefined): string;
  close(): void;
}

export function createSessions(file: string): Sessions {
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
    open(userId, now) {
      sweep.run(now);
      const token = randomBytes(32).toString('base64url');
      insert.run(hash(token), userId, now + LIFETIME_MS);
      return cookie(token, LIFETIME_MS / 1000);
    },
    userOf(header, now) {
      const token = readToken(header);
      return token === null ? null : (find.get(hash(token), now)?.user_id ?? null);
    },
    end(header) {
      const token = readToken(header);
      if (token !== null) remove.run(hash(token));
      return cookie('', 0);
    },
    close: () => database.close(),
  };
}

/** Only the hash is stored: a copy of the file signs nobody in. */
const hash = (token: string): Buffer => createHash('sha256').update(token).digest();

/** No `Secure`, since the demo speaks plain HTTP on localhost. */
const cookie = (token: string, maxAgeSeconds: number): string =>
  `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}`;

function readToken(header: string | undefined): string | null {
  for (const pair of header?.split(';') ?? []) {
    const [name, value] = pair.trim().split('=');
    if (name === COOKIE && value !== undefined && /^[\w-]{43}$/.test(value)) return value;
  }
  return null;
}
