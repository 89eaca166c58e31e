import { expect, test } from 'vitest';
import { isAppVersion, isBefore } from '../../../client/outbox/app-version.ts';

test.each([
  ['1', '2'],
  ['1.9', '1.10'],
  ['1.9.9', '2'],
  ['2', '2.0.1'],
  [null, '0'],
])('%s is before %s, and not the other way round', (a, b) => {
  expect([isBefore(a, b), isBefore(b, a), isBefore(a, a), isBefore(b, b)]).toEqual([true, false, false, false]);
});

test('2 and 2.0 are the same', () => {
  expect([isBefore('2', '2.0'), isBefore('2.0', '2')]).toEqual([false, false]);
});

test.each(['', '1.', '.1', 'v1', '1.2-beta', '1e3', ' 1', 1, null])('%j is no version with an order', (value) => {
  expect(isAppVersion(value)).toBe(false);
});
