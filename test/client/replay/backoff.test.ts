import { describe, expect, test } from 'vitest';
import { backoff, retryAfterMs } from '../../../client/replay/backoff.ts';
import { createSeededRandom } from '../../harness/index.ts';

describe('backoff', () => {
  const at = (value: number) => ({ next: () => value, id: () => '' });
  const options = { baseMs: 1_000, maxMs: 30_000 };

  test('the ceiling doubles with every attempt up to the maximum', () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7].map((attempt) => backoff(attempt, options, at(1)));
    expect(ceilings).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(backoff(5_000, options, at(1))).toBe(30_000);
  });

  test('full jitter: the whole range from zero is used', () => {
    expect(backoff(3, options, at(0))).toBe(0);
    const random = createSeededRandom(1);
    const drawn = Array.from({ length: 1_000 }, () => backoff(3, options, random));
    expect(Math.min(...drawn)).toBeLessThan(100);
    expect(Math.max(...drawn)).toBeGreaterThan(3_900);
    expect(drawn.reduce((sum, ms) => sum + ms, 0) / drawn.length).toBeCloseTo(2_000, -3);
  });
});

describe('Retry-After', () => {
  const nowMs = Date.UTC(2026, 10, 22, 12, 0, 0);
  test.each<[string | null | undefined, number | null]>([
    ['120', 120_000],
    [' 0 ', 0],
    ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['', null],
    [null, null],
    [undefined, null],
    ['soon', null],
    ['-5', null],
    ['1.5', null],
    ['2026', 2_026_000],
  ])('%j', (header, ms) => {
    expect(retryAfterMs(header, nowMs)).toBe(ms);
  });
});
