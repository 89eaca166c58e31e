import { describe, expect, it } from 'vitest';
import { atMost, createCheck, type Expected, methods, milliseconds, whole } from '../../client/checks.ts';
import { OfflineError } from '../../client/errors.ts';

const check = createCheck('here: ');

function refusal(run: () => void): string | null {
  try {
    run();
    return null;
  } catch (error) {
    if (OfflineError.is(error, 'INVALID_OPTION')) return error.message;
    throw error;
  }
}

describe('a check of options', () => {
  it('takes what is right, and what is absent', () => {
    const members = { every: milliseconds(1), port: methods('go'), other: null };
    expect(refusal(() => check.members('given', undefined, members))).toBeNull();
    expect(refusal(() => check.members('given', { every: undefined, other: 'anything' }, members))).toBeNull();
    expect(refusal(() => check.members('given', { every: 1.5, port: { go: () => 0 } }, members))).toBeNull();
  });

  it('says whose option it is, its name, what was expected, and what came', () => {
    const members = { every: milliseconds(1) };
    expect(refusal(() => check.members('given', null, members))).toBe('here: given: expected an object, got null');
    expect(refusal(() => check.members('given', { evry: 1 }, members))).toBe('here: given.evry: expected one of every, got "evry"');
    expect(refusal(() => check.members('', { every: 0 }, members))).toBe('here: every: expected a number of milliseconds ≥ 1, got 0');
    // Only what is asked for, and no more of it than helps.
    expect(refusal(() => check.each({ every: 'x'.repeat(200), evry: 1 }, members))).toMatch(/, got "x{79}$/);
  });

  it.each<readonly [string, Expected, readonly unknown[], readonly unknown[]]>([
    ['whole', whole(1, 5), [1, 5], [0, 6, 1.5, Number.POSITIVE_INFINITY, Number.NaN, '2', null]],
    ['atMost', atMost(0), [0, 7, Number.POSITIVE_INFINITY], [-1, 1.5, Number.NaN]],
    ['milliseconds', milliseconds(0), [0, 0.5], [-1, Number.NaN, Number.POSITIVE_INFINITY, '1']],
  ])('%s', (name, expected, right, wrong) => {
    expect(right.filter((value) => refusal(() => check.one(name, value, expected)))).toEqual([]);
    expect(wrong.filter((value) => !refusal(() => check.one(name, value, expected)))).toEqual([]);
  });
});
