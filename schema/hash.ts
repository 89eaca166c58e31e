import { isObject } from './shape.ts';
/**
 * FNV-1a, 64 bit, of the UTF-16 code units, as 16 hex digits. Tells two texts apart by accident, not by malice: for noticing
 * that something changed, never for identity or security.
 */
export function hash(text: string): string {
  let result = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index += 1) {
    result = BigInt.asUintN(64, (result ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n);
  }
  return result.toString(16).padStart(16, '0');
}

/** JSON with sorted keys: equal data, equal text. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
