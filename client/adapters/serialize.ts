/**
 * Values as text, for storages that keep nothing else: JSON, with Blobs, Files, ArrayBuffers and typed arrays inside it.
 *
 *   { "$farside": "File", "type": "image/jpeg", "name": "crack.jpg", "lastModified": 17…, "data": "…base64…" }
 *
 * An object that itself has a member of that name is written as its entries, so that nothing can pass for what it is not.
 */
const TAG = '$farside';

type Bytes = Uint8Array<ArrayBuffer>;

/** @returns `undefined` for what JSON has no text for: a function, a symbol, `undefined`. */
export async function serialize(value: unknown): Promise<string | undefined> {
  const contents = new Map<Blob, string>();
  const text = stringify(value, contents);
  if (contents.size === 0) return text;
  // The bytes of a Blob can only be waited for, and JSON.stringify does not wait.
  for (const blob of contents.keys()) contents.set(blob, toBase64(new Uint8Array(await blob.arrayBuffer())));
  return stringify(value, contents);
}

/** @throws SyntaxError when the text is not JSON. */
export function deserialize(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => (isTagged(value) ? revive(value) : value));
}

export function toBase64(bytes: Bytes): string {
  let text = '';
  // In parts: an argument list has its limits.
  for (let start = 0; start < bytes.length; start += 0x8000) text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return btoa(text);
}

export function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function stringify(value: unknown, contents: Map<Blob, string>): string | undefined {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, converted: unknown) {
    // As it was before `toJSON`: Node's buffers have one.
    const original = this[key];
    if (isBlob(original)) {
      const data = contents.get(original) ?? '';
      contents.set(original, data);
      const { type } = original;
      if (!isFile(original)) return { [TAG]: 'Blob', type, data };
      return { [TAG]: 'File', type, name: original.name, lastModified: original.lastModified, data };
    }
    if (original instanceof ArrayBuffer) return { [TAG]: 'ArrayBuffer', data: toBase64(new Uint8Array(original)) };
    if (ArrayBuffer.isView(original)) {
      const { buffer, byteOffset, byteLength } = original;
      const kind = Object.hasOwn(VIEWS, original.constructor.name) ? original.constructor.name : 'Uint8Array';
      return { [TAG]: kind, data: toBase64(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)) };
    }
    return isTagged(converted) ? { [TAG]: 'Object', entries: Object.entries(converted) } : converted;
  });
}

const VIEWS: Readonly<Record<string, new (buffer: ArrayBuffer) => ArrayBufferView>> = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
};

/** Whatever a later release writes under another name stays as it is. */
function revive(tagged: Readonly<Record<string, unknown>>): unknown {
  const { [TAG]: kind, type, name, lastModified, data, entries } = tagged;
  if (kind === 'Object' && Array.isArray(entries)) return Object.fromEntries(entries);
  if (typeof kind !== 'string' || typeof data !== 'string') return tagged;
  const bytes = fromBase64(data);
  if (kind === 'Blob') return new Blob([bytes], { type: String(type) });
  if (kind === 'File') return new File([bytes], String(name), { type: String(type), lastModified: Number(lastModified) });
  if (kind === 'ArrayBuffer') return bytes.buffer;
  const View = Object.hasOwn(VIEWS, kind) ? VIEWS[kind] : undefined;
  return View ? new View(bytes.buffer) : tagged;
}

function isTagged(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, TAG);
}

/** Old platforms have neither. */
function isBlob(value: unknown): value is Blob {
  return typeof Blob !== 'undefined' && value instanceof Blob;
}

function isFile(blob: Blob): blob is File {
  return typeof File !== 'undefined' && blob instanceof File;
}
