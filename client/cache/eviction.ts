/**
 * How long cached data is kept, and how much of it. What goes leaves memory and disk, within a minute or so, and is fetched again when a
 * query needs it; an event `CACHE_EVICTED` says how much it was. Never what a pending mutation touches or an active query shows; and
 * nothing goes while there is no network. A stored list goes with any of its rows, because it would tell less than the truth.
 */
export interface RetentionOptions {
  /**
   * How long an entity stays after it last came from the server, or was written by the application: milliseconds, by type name; `'*'`
   * stands for every other type. Default: without limit.
   */
  readonly timeToLiveMs?: Readonly<Record<string, number>>;
  /** Above this the least recently used go: those that were longest not fetched, read or shown. Default: without limit. */
  readonly maxEntities?: number;
  /** The same by what entities take on disk, where each character of their JSON counts as one. Default: without limit. */
  readonly maxBytes?: number;
}

/** One stored entity, as far as it matters for how long it stays. */
export interface Resident {
  readonly id: string;
  readonly typename: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly cameAt: number;
  readonly usedAt: number;
  readonly bytes: number;
  /** Must stay: it counts, and does not go. */
  readonly isKept: boolean;
}

export interface Eviction {
  /** Past their time to live. */
  readonly expired: readonly string[];
  /** Too many: the least recently used first. */
  readonly excess: readonly string[];
}

/** Which of them go now. */
export function planEviction(residents: readonly Resident[], options: RetentionOptions, now: number): Eviction {
  const isExpired = (resident: Resident): boolean => !resident.isKept && expiryOf(resident, options) <= now;
  const expired = residents.filter(isExpired);
  const rest = residents.filter((resident) => !isExpired(resident));
  const excess: string[] = [];
  const total = totalOf(rest);
  if (exceeds(total, options)) {
    const oldestFirst = rest.filter((resident) => !resident.isKept).sort((a, b) => a.usedAt - b.usedAt);
    for (const { id, bytes } of oldestFirst) {
      if (!exceeds(total, options)) break;
      excess.push(id);
      total.count--;
      total.bytes -= bytes;
    }
  }
  return { expired: expired.map(({ id }) => id), excess };
}

/** Whether they are too many. */
export function isOver(residents: readonly Resident[], options: RetentionOptions): boolean {
  return exceeds(totalOf(residents), options);
}

/** When the next of them expires, in milliseconds since the Unix epoch. */
export function nextExpiry(residents: readonly Resident[], options: RetentionOptions): number {
  return residents.reduce((soonest, resident) => Math.min(soonest, expiryOf(resident, options)), Number.POSITIVE_INFINITY);
}

interface Total {
  count: number;
  bytes: number;
}

function totalOf(residents: readonly Resident[]): Total {
  return { count: residents.length, bytes: residents.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function exceeds(
  { count, bytes }: Total,
  { maxEntities = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY }: RetentionOptions,
): boolean {
  return count > maxEntities || bytes > maxBytes;
}

function expiryOf({ cameAt, typename = '' }: Resident, { timeToLiveMs = {} }: RetentionOptions): number {
  const own = Object.hasOwn(timeToLiveMs, typename) ? timeToLiveMs[typename] : timeToLiveMs['*'];
  return cameAt + (own ?? Number.POSITIVE_INFINITY);
}
