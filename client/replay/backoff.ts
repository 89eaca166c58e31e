import type { Random } from '../ports.ts';

export interface BackoffOptions {
  /** The most that the first retry waits, in milliseconds. */
  readonly baseMs: number;
  /** The most that any retry waits, in milliseconds. */
  readonly maxMs: number;
}

export interface RetryOptions extends BackoffOptions {
  /** Attempts, the first included, until a record that the server keeps failing becomes a dead letter. Default Infinity. */
  readonly maxAttempts: number;
}

/**
 * The longest that anything waits for its next attempt, whatever a server asks for: an hour. A time further away than this was
 * set by a clock that has been put back since, and does not count.
 */
export const MAX_WAIT_MS = 3_600_000;

/**
 * How long to wait after the given attempt (1-based: 1 is the first that failed), in milliseconds.
 * Full jitter: uniform over [0, min(maxMs, baseMs · 2^(attempt − 1))], so that a fleet that lost one server does not return as one.
 * Source: Exponential Backoff And Jitter, AWS Architecture Blog, 2015.
 */
export function backoff(attempt: number, { baseMs, maxMs }: BackoffOptions, random: Pick<Random, 'next'>): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.max(0, attempt - 1));
  return Math.round(random.next() * ceiling);
}

/**
 * What a `Retry-After` header asks for, in milliseconds from `nowMs`; `null` without a readable one. Both forms of RFC 9110
 * §10.2.3: seconds, or an HTTP date. A date in the past means "now".
 */
export function retryAfterMs(header: string | null | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Only a date that names a weekday or a month is one: bare Date.parse would take "-1" or "1.5" for a year.
  if (!/^[A-Za-z]{3,9},? /.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
