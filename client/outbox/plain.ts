/**
 * A value as JSON will carry it: what has a `toJSON` (a Date) as that says, members without a value left out. A copy, so that
 * the caller may go on with the original. Objects of other classes stay themselves, files among them: storage keeps their bytes, and
 * the link that sends them (one for multipart requests) knows how.
 */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item) ?? null);
  // Node's buffers have a `toJSON`, and are bytes all the same.
  if (typeof value !== 'object' || value === null || isBinary(value)) return value;
  if ('toJSON' in value && typeof value.toJSON === 'function') return plain(value.toJSON());
  return isPlainObject(value) ? plainVariables(value) : value;
}

export function plainVariables(variables: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(variables).flatMap(([key, value]) => (value === undefined ? [] : [[key, plain(value)]])));
}

/** How large a value is: UTF-16 units of its JSON, and bytes of the files and buffers inside it. */
export function sizeOf(value: unknown): { readonly length: number; readonly bytes: number } {
  // Looking for files first is cheaper than asking at each member.
  if (!holdsBinary(value)) return { length: JSON.stringify(value)?.length ?? 0, bytes: 0 };
  let bytes = 0;
  const text = JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, converted: unknown) {
    const original = this[key];
    if (!isBinary(original)) return converted;
    bytes += 'size' in original ? original.size : original.byteLength;
    return null;
  });
  return { length: text?.length ?? 0, bytes };
}

function holdsBinary(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (isBinary(value) || Object.values(value).some(holdsBinary));
}

/** What JSON has no word for, and a mutation may well carry. */
function isBinary(value: unknown): value is Blob | ArrayBuffer | ArrayBufferView {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value) || (typeof Blob !== 'undefined' && value instanceof Blob);
}

function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
