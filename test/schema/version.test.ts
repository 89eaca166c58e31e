import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampClock, compareClocks, isHybridClock, tick } from '../../schema/hybrid-clock.ts';
import {
  compareVersions,
  isNextVersion,
  isOlder,
  isVersion,
  laterVersion,
  nextVersion,
  SUPPORTED_VERSION_KINDS,
  type Version,
  type VersionKind,
} from '../../schema/version.ts';

const millis = fc.nat({ max: 2 ** 45 });
const who = fc.constantFrom('main', 'oslo', 'Z_9');
const clock = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), who).map(([time, count, name]) => {
  let version = tick(null, time, name);
  for (let n = 0; n < count; n += 1) version = tick(version, time, name);
  return version;
});
const vector = fc.dictionary(who, fc.integer({ min: 1, max: 3 }), { minKeys: 1 }).map((counts) =>
  Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name}:${count}`)
    .join(),
);

const kinds: readonly { readonly kind: VersionKind; readonly version: fc.Arbitrary<Version> }[] = [
  { kind: 'COUNTER', version: fc.nat({ max: Number.MAX_SAFE_INTEGER - 2 }) },
  { kind: 'HYBRID_CLOCK', version: fc.oneof(clock, fc.constant(0)) },
  { kind: 'VERSION_VECTOR', version: fc.oneof(vector, fc.constant(0)) },
];

it('has laws for every kind', () => {
  expect(kinds.map(({ kind }) => kind)).toEqual(SUPPORTED_VERSION_KINDS);
});

describe.each(kinds)('$kind', ({ kind, version }) => {
  const compare = (a: Version, b: Version) => compareVersions(kind, a, b);
  const next = (current: Version | null, now = 0, authority = 'main') => nextVersion(kind, current, { now, authority });

  it('orders: the other way round is the opposite, and equal is the same text', () => {
    const opposite = { before: 'after', after: 'before', equal: 'equal', concurrent: 'concurrent' } as const;
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(compare(b, a)).toBe(opposite[compare(a, b)]);
        expect(compare(a, b) === 'equal').toBe(a === b);
      }),
    );
  });

  it('orders: what comes before the earlier one comes before the later one', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        if (compare(a, b) === 'before' && compare(b, c) === 'before') expect(compare(a, c)).toBe('before');
      }),
    );
  });

  it('only grows, whatever the clock says and whoever writes', () => {
    fc.assert(
      fc.property(fc.option(version), millis, who, (current, now, authority) => {
        const after = next(current, now, authority);
        expect(isVersion(kind, after)).toBe(true);
        expect(after).not.toBe(0);
        if (current !== null) expect(compare(current, after)).toBe('before');
      }),
    );
  });

  it('knows one change from two, and from none', () => {
    fc.assert(
      fc.property(version, millis, who, who, (current, now, first, second) => {
        const one = next(current === 0 ? null : current, now, first);
        if (current !== 0) expect(isNextVersion(current, one)).toBe(true);
        expect(isNextVersion(one, next(one, now, second))).toBe(true);
        expect(isNextVersion(one, next(next(one, now, second), now, first))).toBe(false);
        expect(isNextVersion(one, one)).toBe(false);
      }),
    );
  });

  it('the later of two comes before neither, whichever way they are given', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        const later = laterVersion(kind, a, b);
        expect(later).toBe(laterVersion(kind, b, a));
        for (const each of [a, b]) expect(['before', 'equal']).toContain(compare(each, later));
        expect(laterVersion(kind, null, a)).toBe(a);
      }),
    );
  });

  it('is told apart without its kind', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(isOlder(a, b)).toBe(compare(a, b) === 'before');
      }),
    );
  });

  it('refuses what is no version', () => {
    for (const value of [
      -1,
      0.5,
      Number.NaN,
      2 ** 53,
      '1',
      '',
      'main',
      'main:0',
      'a:1,a:2',
      'b:1,a:1',
      'a:1,',
      null,
      undefined,
      true,
      {},
      [],
    ]) {
      expect(isVersion(kind, value)).toBe(false);
      expect(() => compareVersions(kind, value as number, 0)).toThrow(TypeError);
      expect(isOlder(value, 5) || isOlder(5, value)).toBe(false);
    }
  });
});

describe('COUNTER', () => {
  it('begins at 1, so that 0 can mean: not yet at the server; and does not pass 2^31 off as anything else', () => {
    expect(nextVersion('COUNTER', null, { now: 0, authority: 'main' })).toBe(1);
    expect(nextVersion('COUNTER', 2 ** 31 - 1, { now: 0, authority: 'main' })).toBe(2 ** 31);
  });
});

describe('HYBRID_CLOCK', () => {
  it('is a total order that plain text order shows, by time where times differ', () => {
    fc.assert(
      fc.property(millis, millis, who, who, (one, two, first, second) => {
        const [a, b] = [tick(null, one, first), tick(null, two, second)];
        expect(compareClocks(a, b)).toBe(a < b ? 'before' : a > b ? 'after' : 'equal');
        if (one !== two) expect(compareClocks(a, b)).toBe(one < two ? 'before' : 'after');
        else expect(compareClocks(a, b) === 'equal').toBe(first === second);
      }),
    );
  });

  it('rises by count when the time stands still or is set back, and by time when the counts are used up', () => {
    const late = tick(null, 5000, 'main');
    expect(tick(late, 4000, 'main')).toBe('000000001388-00000002-main');
    expect(compareClocks('000000001388-ffffffff-main', tick('000000001388-ffffffff-main', 5000, 'main'))).toBe('before');
  });

  it('from a device that is far ahead becomes its arrival; one from the past stays as old as it says', () => {
    const now = Date.UTC(2026, 0, 1);
    const made = (at: number) => tick(null, at, 'phone');
    expect(clampClock(made(Date.UTC(2099, 0, 1)), now, 300_000)).toBe(made(now));
    expect(clampClock(made(now + 300_000), now, 300_000)).toBe(made(now + 300_000));
    expect(clampClock(made(0), now, 300_000)).toBe(made(0));
  });

  it('takes nothing else for a clock', () => {
    for (const value of ['', '000000001388-00000002-', '000000001388-00000002-a b', '1388-2-a', '00000000138G-00000002-a', 7, null])
      expect(isHybridClock(value)).toBe(false);
  });
});

describe('VERSION_VECTOR', () => {
  const compare = (a: string, b: string) => compareVersions('VERSION_VECTOR', a, b);

  it('dominates, or is concurrent', () => {
    expect(compare('amsterdam:3', 'amsterdam:3,oslo:1')).toBe('before');
    expect(compare('amsterdam:3,oslo:1', 'amsterdam:2,oslo:1')).toBe('after');
    expect(compare('amsterdam:3', 'oslo:1')).toBe('concurrent');
    expect(laterVersion('VERSION_VECTOR', 'amsterdam:3,oslo:1', 'amsterdam:1,oslo:2')).toBe('amsterdam:3,oslo:2');
  });

  it('two authorities that write side by side are concurrent, until one has seen the other', () => {
    fc.assert(
      fc.property(vector, (before) => {
        const write = (current: Version, authority: string) => nextVersion('VERSION_VECTOR', current, { now: 0, authority });
        const [one, two] = [write(before, 'oslo'), write(before, 'rome')];
        expect(compareVersions('VERSION_VECTOR', one, two)).toBe('concurrent');
        const merged = write(laterVersion('VERSION_VECTOR', one, two), 'rome');
        expect([compareVersions('VERSION_VECTOR', one, merged), compareVersions('VERSION_VECTOR', two, merged)]).toEqual([
          'before',
          'before',
        ]);
      }),
    );
  });

  it('is bounded: authorities are servers, not clients', () => {
    let version: Version | null = null;
    const write = (n: number) => nextVersion('VERSION_VECTOR', version, { now: 0, authority: `server${n}` });
    for (let n = 0; n < 16; n += 1) version = write(n);
    expect(() => write(16)).toThrow(/at most 16 write authorities.*one name/);
    expect(() => nextVersion('VERSION_VECTOR', null, { now: 0, authority: 'a:b' })).toThrow(TypeError);
    expect(isVersion('VERSION_VECTOR', Array.from({ length: 17 }, (_, n) => `a${String(n).padStart(2, '0')}:1`).join())).toBe(false);
  });
});
