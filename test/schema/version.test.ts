import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, isVersion, nextVersion } from '../../schema/version.ts';

const counter = fc.nat({ max: Number.MAX_SAFE_INTEGER - 1 });

describe('COUNTER', () => {
  it('is a total order', () => {
    fc.assert(
      fc.property(counter, counter, (a, b) => {
        const opposite = { before: 'after', after: 'before', equal: 'equal', concurrent: 'concurrent' } as const;
        expect(compareVersions('COUNTER', b, a)).toBe(opposite[compareVersions('COUNTER', a, b)]);
        expect(compareVersions('COUNTER', a, a)).toBe('equal');
      }),
    );
  });

  it('only grows, and begins at 1, so that 0 can mean: not yet at the server', () => {
    expect(nextVersion('COUNTER', null)).toBe(1);
    fc.assert(
      fc.property(counter, (version) => {
        expect(compareVersions('COUNTER', version, nextVersion('COUNTER', version))).toBe('before');
      }),
    );
  });

  it('does not pass 2^31 off as anything else', () => {
    expect(nextVersion('COUNTER', 2 ** 31 - 1)).toBe(2 ** 31);
  });

  it('refuses what is no version', () => {
    for (const value of [-1, 0.5, Number.NaN, 2 ** 53, '1', '', null, undefined, true, {}, []]) {
      expect(isVersion('COUNTER', value)).toBe(false);
      expect(() => compareVersions('COUNTER', value as number, 1)).toThrow(TypeError);
    }
  });
});

it('says that the other kinds are not carried out yet', () => {
  expect(() => compareVersions('HYBRID_CLOCK', 'a', 'b')).toThrow(/HYBRID_CLOCK is not supported.*use COUNTER/);
  expect(() => nextVersion('VERSION_VECTOR', null)).toThrow(/VERSION_VECTOR/);
});
