/**
 * A value as JSON will carry it: what has a `toJSON` (a Date) as that says, members without a value left out. A copy, so that
 * the caller may go on with the original. Objects of other classes (a File) stay themselves; a link that sends them knows how.
 */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  if ('toJSON' in value && typeof value.toJSON === 'function') return plain(value.toJSON());
  return isPlainObject(value) ? plainVariables(value) : value;
}

export function plainVariables(variables: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(variables).flatMap(([key, value]) => (value === undefined ? [] : [[key, plain(value)]])));
}

function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
