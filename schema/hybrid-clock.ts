/**
 * Hybrid logical clocks as text: `<milliseconds, 12 hex digits>-<count, 8 hex digits>-<who>`. Of fixed width, so the order of the
 * text is the order of the clocks: by time, then by count, then by who. Two different writers never have the same one, and the
 * order is total.
 */
const FORM = /^([0-9a-f]{12})-([0-9a-f]{8})-([\w-]{1,64})$/;
const COUNTS = 2 ** 32;

interface Reading {
  readonly millis: number;
  readonly count: number;
  readonly who: string;
}

/** Whether an untrusted value is a hybrid clock. */
export function isHybridClock(value: unknown): value is string {
  return typeof value === 'string' && FORM.test(value);
}

/**
 * The clock of the next event: after `last` whatever the time says, and not before `now` (milliseconds since the Unix epoch).
 * The count rises by one with each event, so that it also tells whether one clock follows directly on another.
 */
export function tick(last: string | null, now: number, who: string): string {
  const { millis, count } = last === null ? { millis: 0, count: 0 } : read(last);
  const next = (count + 1) % COUNTS;
  return write({ millis: Math.max(Math.floor(now), next === 0 ? millis + 1 : millis), count: next, who });
}

export function compareClocks(a: string, b: string): 'before' | 'after' | 'equal' {
  return a < b ? 'before' : a > b ? 'after' : 'equal';
}

/** Whether `to` is what {@link tick} makes of `from`, at whatever time. */
export function isNextTick(from: string, to: string): boolean {
  return read(to).count === (read(from).count + 1) % COUNTS;
}

/**
 * A clock from elsewhere, held against one's own: ahead by more than `toleranceMs` becomes the time of its arrival, so that a
 * device from 2099 does not win for ever. One from the past is left alone: an edit made offline is as old as it says.
 */
export function clampClock(clock: string, now: number, toleranceMs: number): string {
  const reading = read(clock);
  return reading.millis > now + toleranceMs ? write({ ...reading, millis: Math.floor(now) }) : clock;
}

function read(clock: string): Reading {
  const [, millis, count, who] = FORM.exec(clock) ?? [];
  if (millis === undefined || count === undefined || who === undefined)
    throw new TypeError(`expected a hybrid clock, got ${JSON.stringify(clock)}`);
  return { millis: Number.parseInt(millis, 16), count: Number.parseInt(count, 16), who };
}

function write({ millis, count, who }: Reading): string {
  return `${millis.toString(16).padStart(12, '0')}-${count.toString(16).padStart(8, '0')}-${who}`;
}
