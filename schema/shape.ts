/** What can be asked of a value that came from outside: from storage, from another tab, from the wire, or out of an option. */
export type Is = (value: unknown) => boolean;

export const isText: Is = (value) => typeof value === 'string';
export const isName: Is = (value) => isText(value) && value !== '';
export const isTexts: Is = (value) => Array.isArray(value) && value.every(isText);
export const isFlag: Is = (value) => typeof value === 'boolean';
export const isFunction: Is = (value) => typeof value === 'function';
/** Neither NaN nor without limit. */
export const isNumber: Is = Number.isFinite;
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
export const isAnything: Is = () => true;

/** With members by name: no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Marked, so that a bundler leaves out the tables of an app that does not use them.
/* @__NO_SIDE_EFFECTS__ */
export function isOneOf<T>(...values: readonly T[]): Is {
  return (value) => (values as readonly unknown[]).includes(value);
}
/* @__NO_SIDE_EFFECTS__ */
export function orNull(is: Is): Is {
  return (value) => value === null || is(value);
}
/* @__NO_SIDE_EFFECTS__ */
export function orAbsent(is: Is): Is {
  return (value) => value === undefined || is(value);
}

/** The first member that is not what the shape says; undefined: all are. What the shape does not name may be anything. */
export function misfit(value: Readonly<Record<string, unknown>>, shape: Readonly<Record<string, Is | undefined>>): string | undefined {
  return Object.keys(shape).find((key) => !shape[key]?.(value[key]));
}
