import { PROTOCOL_VERSION } from '../schema/protocol.ts';
import { type Is, isFunction, isName, isNumber, isObject, isOneOf, orNull } from '../schema/shape.ts';
import { OfflineError } from './errors.ts';

/** What an option has to be: in words, and as a test. */
export type Expected = readonly [expected: string, is: Is];
/** The options that there are. Null: not judged here. */
export type Members = Readonly<Record<string, Expected | null>>;

/** Checks options where they come in; `whose` begins every refusal. */
export interface Check {
  /** @throws OfflineError `INVALID_OPTION`, naming the option, what was expected, and what came. */
  refuse(name: string, expected: string, got: unknown): never;
  /** Also where there is none. */
  one(name: string, value: unknown, expected: Expected): void;
  /** Each of these that is there; `prefix` is put before their names. */
  each(value: object, members: Members, prefix?: string): void;
  /** Each that is there, and no others. Nothing at all is left to its defaults. */
  members(name: string, value: unknown, members: Members): void;
}

/* @__NO_SIDE_EFFECTS__ */
export function createCheck(whose: string): Check {
  const check: Check = {
    refuse(name, expected, got) {
      throw new OfflineError('INVALID_OPTION', `${whose}${name}: expected ${expected}, got ${shown(got).slice(0, 80)}`);
    },
    one(name, value, [expected, is]) {
      if (!is(value)) check.refuse(name, expected, value);
    },
    each(value, members, prefix = '') {
      for (const [key, expected] of Object.entries(members)) {
        const given = (value as Readonly<Record<string, unknown>>)[key];
        if (expected && given !== undefined) check.one(prefix + key, given, expected);
      }
    },
    members(name, value, members) {
      if (value === undefined) return;
      if (!isObject(value)) return check.refuse(name, 'an object', value);
      const prefix = name === '' ? '' : `${name}.`;
      for (const key of Object.keys(value))
        if (!Object.hasOwn(members, key)) check.refuse(prefix + key, `one of ${Object.keys(members).join(', ')}`, key);
      check.each(value, members, prefix);
    },
  };
  return check;
}

/** Whose data it is. */
export const OWNER: Expected = ["a user's id, or null for anonymous", orNull(isName)];
export const FUNCTION: Expected = ['a function', isFunction];
export const URL_TEXT: Expected = ['a URL', isName];
// Marked, so that a bundler leaves out the tables of an app that does not use them.
/* @__NO_SIDE_EFFECTS__ */
export function methods(...names: readonly string[]): Expected {
  return [`an object with ${names.join(', ')}`, (value) => isObject(value) && names.every((name) => isFunction(value[name]))];
}
/* @__NO_SIDE_EFFECTS__ */
export function milliseconds(least: number): Expected {
  return [`a number of milliseconds ≥ ${least}`, (value) => isNumber(value) && (value as number) >= least];
}
/* @__NO_SIDE_EFFECTS__ */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): Expected {
  return [
    most < Number.MAX_SAFE_INTEGER ? `a whole number from ${least} to ${most}` : `a whole number ≥ ${least}`,
    (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  ];
}
/** Infinity: without limit. */
/* @__NO_SIDE_EFFECTS__ */
export function atMost(least: number): Expected {
  const [expected, is] = whole(least);
  return [expected, (value) => is(value) || value === Number.POSITIVE_INFINITY];
}
/* @__NO_SIDE_EFFECTS__ */
export function oneOf(values: readonly string[]): Expected {
  return [`one of ${values.join(', ')}`, isOneOf(...values)];
}

export function checkManifest(check: Check, manifest: unknown): void {
  if (manifest === undefined) return;
  const expected = `a manifest of protocol ${PROTOCOL_VERSION}, written by the codegen plugin of this release`;
  check.one('manifest', isObject(manifest) ? manifest.protocol : manifest, [expected, isOneOf(PROTOCOL_VERSION)]);
}

/** A constructor's name says more than the JSON of a cache, and tells less of somebody's data. */
function shown(got: unknown): string {
  if (typeof got === 'function' || typeof got === 'bigint') return `a ${typeof got}`;
  if (typeof got === 'object' && got !== null) return got.constructor?.name ?? 'object';
  return JSON.stringify(got) ?? String(got);
}
