import { createHash, randomBytes } from 'node:crypto';
import type { SessionTable } from './session-table.ts';

const LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;
const COOKIE = 'farside_session';

/** Signed-in browsers. They survive a restart of the server. */
export interface Sessions {
  /** Starts a session and gives the `Set-Cookie` value that carries it. */
  open(userId: string, now: number): Promise<string>;
  /** The user whose session a `Cookie` header carries, or `null`. */
  userOf(cookieHeader: string | undefined, now: number): Promise<string | null>;
  /** Ends the session that a `Cookie` header carries, and gives the `Set-Cookie` value that clears it. */
  end(cookieHeader: string | undefined): Promise<string>;
  close(): Promise<void>;
}

export function createSessions(table: SessionTable): Sessions {
  return {
    async open(userId, now) {
      await table.sweep(now);
      const token = randomBytes(32).toString('base64url');
      await table.add(hash(token), userId, now + LIFETIME_MS);
      return cookie(token, LIFETIME_MS / 1000);
    },
    async userOf(header, now) {
      const token = readToken(header);
      return token === null ? null : table.find(hash(token), now);
    },
    async end(header) {
      const token = readToken(header);
      if (token !== null) await table.remove(hash(token));
      return cookie('', 0);
    },
    close: table.close,
  };
}

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
