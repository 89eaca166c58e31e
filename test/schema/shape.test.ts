import { expect, it } from 'vitest';
import { isAnything, isCount, isName, isNumber, isObject, isOneOf, isText, isTexts, misfit, orAbsent, orNull } from '../../schema/shape.ts';

it.each([
  ['a list or null as an object', isObject, [[], null, 'x', undefined], [{}, Object.create(null), new Date()]],
  ['NaN, infinity or text as a number', isNumber, [Number.NaN, Number.POSITIVE_INFINITY, '1', null], [0, -1.5]],
  ['what nothing can be counted by', isCount, [-1, 1.5, 2 ** 53, '1'], [0, 2 ** 53 - 1]],
  ['nothing as a name', isName, ['', null, 1], ['x', ' ']],
  ['a list with anything else as texts', isTexts, [['x', 1], 'x', null], [[], ['', 'x']]],
  ['what is not listed', isOneOf('a', null), ['b', undefined], ['a', null]],
] as const)('does not take %s', (_, is, wrong, right) => {
  expect(wrong.filter((value) => is(value))).toEqual([]);
  expect(right.filter((value) => !is(value))).toEqual([]);
});

it('names the first member that does not fit, and leaves the rest alone', () => {
  const shape = { id: isText, result: isAnything, owner: orNull(isText), also: orAbsent(isTexts) };
  expect(misfit({ id: 'x', owner: null, more: 1 }, shape)).toBeUndefined();
  expect(misfit({ id: 'x', owner: undefined, also: [1] }, shape)).toBe('owner');
  expect(misfit({ id: 'x', owner: 'ada', also: null }, shape)).toBe('also');
});
