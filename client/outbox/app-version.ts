/** Versions that have an order: whole numbers with dots between them, such as `7` or `2.10.1`. */
export function isAppVersion(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,9}(\.\d{1,9})*$/.test(value);
}

/** Whether `a` is older than `b`; of none (a record of before versions were given) everything is newer. */
export function isBefore(a: string | null, b: string | null): boolean {
  const [left, right] = [numbers(a), numbers(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return a === null && b !== null;
}

function numbers(version: string | null): readonly number[] {
  return version === null ? [-1] : version.split('.').map(Number);
}
