import type { ColumnKind } from './tables.ts';

/**
 * PostgreSQL's text cannot hold U+0000, and GraphQL's strings can. U+0000 to U+0003 are written as U+0001 and two digits of U+0002 and
 * U+0003: code points keep their order, and what is part of a text stays part of it, because no digit begins a character.
 */
export function toText(text: string): string {
  return SPECIAL.test(text) ? text.replace(EVERY_SPECIAL, (character) => ESCAPES[character.charCodeAt(0)] ?? character) : text;
}

export function fromText(text: string): string {
  return text.includes('\u0001')
    ? text.replace(EVERY_ESCAPE, (_, digits: string) => String.fromCharCode(ESCAPES.indexOf(`\u0001${digits}`)))
    : text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const SPECIAL = /[\u0000-\u0003]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const EVERY_SPECIAL = /[\u0000-\u0003]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const EVERY_ESCAPE = /\u0001([\u0002\u0003]{2})/g;
const ESCAPES: readonly string[] = ['\u0001\u0002\u0002', '\u0001\u0002\u0003', '\u0001\u0003\u0002', '\u0001\u0003\u0003'];

/** In a column of kind `any`, marks what is no text. No text begins so, as it is written. */
const NUMBER = '\u0001n';
const OTHER = '\u0001z';
/** For SQL: how a value of kind `any` that is no text begins. */
export const NO_TEXT: readonly string[] = [NUMBER, OTHER];

export function toColumn(kind: ColumnKind, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (kind) {
    case 'text':
      return toText(String(value));
    case 'json':
      return JSON.stringify(mapTexts(value, toText));
    case 'any':
      if (typeof value === 'string') return toText(value);
      return typeof value === 'number' ? NUMBER + sortable(value) : OTHER + JSON.stringify(value);
    default:
      return value;
  }
}

export function fromColumn(kind: ColumnKind, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (kind) {
    case 'text':
      return fromText(value as string);
    case 'json':
      return mapTexts(typeof value === 'string' ? JSON.parse(value) : value, fromText);
    case 'any': {
      const text = value as string;
      if (text.startsWith(NUMBER)) return fromSortable(text.slice(NUMBER.length));
      return text.startsWith(OTHER) ? JSON.parse(text.slice(OTHER.length)) : fromText(text);
    }
    default:
      return value;
  }
}

/** Every text in a JSON value, keys included. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), mapTexts(item, change)]));
}

/** Sixteen digits that come in the order of the numbers. */
function sortable(value: number): string {
  const bits = new DataView(new ArrayBuffer(8));
  // Zero has two spellings and is one number.
  bits.setFloat64(0, value === 0 ? 0 : value);
  const raw = bits.getBigUint64(0);
  const negative = raw >> 63n === 1n;
  return BigInt.asUintN(64, negative ? ~raw : raw | (1n << 63n))
    .toString(16)
    .padStart(16, '0');
}

function fromSortable(digits: string): number {
  const bits = new DataView(new ArrayBuffer(8));
  const ordered = BigInt(`0x${digits}`);
  bits.setBigUint64(0, BigInt.asUintN(64, ordered >> 63n === 1n ? ordered & ~(1n << 63n) : ~ordered));
  return bits.getFloat64(0);
}
