/**
 * Version vectors as text: how many changes each write authority has made, `amsterdam:3,oslo:12`, by name. One vector comes before
 * another when none of its counts is higher; when each has a higher one, the two were made side by side.
 */
export type VersionVector = ReadonlyMap<string, number>;

/** Authorities are servers, of which there are few; clients are none. */
const MAX_AUTHORITIES = 16;

const NAME = /^[A-Za-z]\w{0,31}$/;
const ENTRY = /^([A-Za-z]\w{0,31}):([1-9]\d{0,15})$/;

/** Whether a write authority may be called so. */
export function isAuthority(name: unknown): name is string {
  return typeof name === 'string' && NAME.test(name);
}

/** `null`: no version vector. There is one spelling of each, so that equal text is an equal vector. */
export function parseVector(value: unknown): VersionVector | null {
  if (typeof value !== 'string' || value.length > MAX_AUTHORITIES * 50) return null;
  const entries = value.split(',').map((part) => ENTRY.exec(part));
  const vector = new Map<string, number>();
  let before = '';
  for (const entry of entries) {
    const [, name = '', count] = entry ?? [];
    if (name <= before || !Number.isSafeInteger(Number(count))) return null;
    vector.set(name, Number(count));
    before = name;
  }
  return vector.size <= MAX_AUTHORITIES ? vector : null;
}

export function compareVectors(a: VersionVector, b: VersionVector): 'before' | 'after' | 'equal' | 'concurrent' {
  const isHigher = (one: VersionVector, other: VersionVector) => [...one].some(([name, count]) => count > (other.get(name) ?? 0));
  const [first, second] = [isHigher(a, b), isHigher(b, a)];
  if (first && second) return 'concurrent';
  return first ? 'after' : second ? 'before' : 'equal';
}

/** The vector after one more change by `authority`. */
export function increment(vector: VersionVector, authority: string): string {
  return print(new Map([...vector, [authority, (vector.get(authority) ?? 0) + 1]]));
}

/** The earliest vector that comes before neither. */
export function join(a: VersionVector, b: VersionVector): string {
  return print(new Map([...a, ...[...b].map(([name, count]) => [name, Math.max(count, a.get(name) ?? 0)] as const)]));
}

function print(vector: VersionVector): string {
  if (vector.size > MAX_AUTHORITIES)
    throw new RangeError(
      `expected at most ${MAX_AUTHORITIES} write authorities for one entity, got ${vector.size}; give servers that share a database one name`,
    );
  return [...vector]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name}:${count}`)
    .join();
}
