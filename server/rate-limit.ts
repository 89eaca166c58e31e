import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import { checkOptions, expected } from './options.ts';

export interface RateLimitOptions {
  /** Requests per minute and client, in the long run. */
  readonly perMinute: number;
  /** How many may come at once after a pause. Default: what comes in ten seconds, at least 1. */
  readonly burst?: number;
  /**
   * Whom a request is counted for: a session, a user, an address. Take nothing that the caller may choose freely. `null`: nobody, it
   * is not counted.
   */
  readonly client: (request: Request, context: YogaInitialContext) => string | null | Promise<string | null>;
  /** Milliseconds since any fixed moment. Default `Date.now`. */
  readonly now?: () => number;
}

/** Clients that are remembered at once. Who was forgotten starts with a full bucket. */
const MOST_CLIENTS = 100_000;

/**
 * Answers 429 with `Retry-After` to clients that ask too often, before anything is parsed or run. Offline clients wait as long as it
 * says and send again; nothing is lost. Counts in this process alone.
 * @throws OfflineServerError `BAD_OPTION`
 */
export function useRateLimit(options: RateLimitOptions): Plugin {
  checkOptions('useRateLimit', options, ['perMinute', 'burst', 'client', 'now']);
  const { perMinute, burst = Math.max(1, Math.ceil(perMinute / 6)), client, now = Date.now } = options;
  if (!Number.isFinite(perMinute) || perMinute <= 0) throw expected('useRateLimit', 'perMinute', 'a number > 0', perMinute);
  if (!Number.isInteger(burst) || burst < 1) throw expected('useRateLimit', 'burst', 'an integer ≥ 1', burst);
  if (typeof client !== 'function') throw expected('useRateLimit', 'client', 'a function', client);
  if (typeof now !== 'function') throw expected('useRateLimit', 'now', 'a function', now);
  const msEach = 60_000 / perMinute;
  /** When each client's bucket is full again. */
  const fullAt = new Map<string, number>();

  return {
    async onRequest({ request, serverContext, endResponse, fetchAPI }) {
      const name = await client(request, serverContext as unknown as YogaInitialContext);
      if (name === null) return;
      const at = now();
      const next = Math.max(at, fullAt.get(name) ?? at) + msEach;
      const waitMs = next - at - burst * msEach;
      if (waitMs > 0) {
        const body = { errors: [{ message: 'Too many requests: wait, and send this again.', extensions: { code: 'RATE_LIMITED' } }] };
        endResponse(fetchAPI.Response.json(body, { status: 429, headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) } }));
        return;
      }
      // Put anew, so that those who were seen last stand last.
      fullAt.delete(name);
      fullAt.set(name, next);
      const [oldest] = fullAt.keys();
      if (fullAt.size > MOST_CLIENTS && oldest !== undefined) fullAt.delete(oldest);
    },
  };
}
