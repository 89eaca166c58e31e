import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equal } from '../../schema/equal.ts';
import { MANUAL, type MergeStrategy, mergeField, mergeFields, SUPPORTED_STRATEGIES } from '../../schema/merge.ts';

/** Few enough values that equal ones are common, falsy ones among them. */
const scalar = fc.constantFrom<unknown>(null, false, true, 0, 1, 2, '', 'a', 'b');
const set = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 });
const nested = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    set,
    fc.dictionary(fc.constantFrom('x', 'y', '__proto__', 'constructor'), tie('value'), { maxKeys: 3 }),
  ),
})).value;

const strategies: readonly { readonly strategy: MergeStrategy; readonly value: fc.Arbitrary<unknown> }[] = [
  { strategy: 'REPORT', value: nested },
  { strategy: 'CLIENT_WINS', value: nested },
  { strategy: 'SERVER_WINS', value: nested },
  { strategy: 'SET_UNION', value: set },
  { strategy: 'COUNTER', value: fc.integer({ min: -9, max: 9 }) },
];

describe.each(strategies)('$strategy', ({ strategy, value }) => {
  it('gives local when only local changed, and remote when only remote changed', () => {
    fc.assert(
      fc.property(value, value, (base, changed) => {
        expect(mergeField(strategy, { base, local: changed, remote: base })).toEqual(changed);
        expect(mergeField(strategy, { base, local: base, remote: changed })).toEqual(changed);
      }),
    );
  });

  it('is settled by its own result: merging that again changes nothing, and asks nobody', () => {
    fc.assert(
      fc.property(value, value, value, (base, local, remote) => {
        const merged = mergeField(strategy, { base, local, remote });
        if (merged !== MANUAL) expect(mergeField(strategy, { base: remote, local: merged, remote })).toEqual(merged);
      }),
    );
  });

  it('changes none of its inputs', () => {
    fc.assert(
      fc.property(value, value, value, (base, local, remote) => {
        const before = structuredClone({ base, local, remote });
        mergeField(strategy, { base, local, remote });
        expect(equal({ base, local, remote }, before)).toBe(true);
      }),
    );
  });
});

it('covers every strategy of this release', () => {
  expect(strategies.map(({ strategy }) => strategy)).toEqual(SUPPORTED_STRATEGIES);
});

describe('commutes: two offline edits of one base arrive in either order, and the same stands in the end', () => {
  const inEitherOrder = (strategy: MergeStrategy, base: unknown, one: unknown, two: unknown) => [
    mergeField(strategy, { base, local: two, remote: one }),
    mergeField(strategy, { base, local: one, remote: two }),
  ];

  it('COUNTER', () => {
    const number = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(number, number, number, (base, one, two) => {
        const [first, second] = inEitherOrder('COUNTER', base, one, two);
        expect(first).toBe(second);
        expect(first).toBe(one + two - base);
      }),
    );
  });

  it('SET_UNION, as sets', () => {
    fc.assert(
      fc.property(set, set, set, (base, one, two) => {
        const [first, second] = inEitherOrder('SET_UNION', base, one, two) as string[][];
        expect(new Set(first)).toEqual(new Set(second));
        expect(new Set(first).size).toBe(first?.length);
      }),
    );
  });

  it('REPORT either merges both ways alike, or asks both ways', () => {
    fc.assert(
      fc.property(nested, nested, nested, (base, one, two) => {
        const [first, second] = inEitherOrder('REPORT', base, one, two);
        expect(first === MANUAL ? second === MANUAL : equal(first, second)).toBe(true);
      }),
    );
  });
});

describe('mergeFields', () => {
  const fields = ['a', 'b', 'c'];
  const row = fc.record({ a: scalar, b: scalar, c: scalar });
  const patch = fc.record({ a: scalar, b: scalar, c: scalar }, { requiredKeys: [] });

  it('edits of different fields both survive (I13)', () => {
    fc.assert(
      fc.property(row, scalar, scalar, (base, mine, theirs) => {
        const merged = mergeFields({ typename: 'T', base, local: { a: mine }, remote: { ...base, b: theirs }, ruleOf: () => 'REPORT' });
        expect(merged).toEqual({ values: { a: mine }, mergedFields: [], conflictingFields: [] });
      }),
    );
  });

  it('names each field that does not simply hold what local wrote: a client relies on it to tell its own values from merged ones', () => {
    const rule = fc.constantFrom<MergeStrategy>('REPORT', 'CLIENT_WINS', 'SERVER_WINS');
    fc.assert(
      fc.property(fc.option(row, { nil: {} }), patch, row, rule, (base, local, remote, strategy) => {
        const merged = mergeFields({ typename: 'T', base, local, remote, ruleOf: () => strategy });
        expect(Object.keys(merged.values)).toEqual(Object.keys(local));
        for (const field of fields.filter((name) => Object.hasOwn(local, name)) as (keyof typeof remote)[]) {
          const isNamed = merged.mergedFields.includes(field) || merged.conflictingFields.includes(field);
          if (!equal(merged.values[field], local[field])) expect(isNamed).toBe(true);
          if (Object.hasOwn(base, field) && equal((base as typeof remote)[field], remote[field])) expect(isNamed).toBe(false);
          if (equal(local[field], remote[field])) expect(isNamed).toBe(false);
        }
      }),
    );
  });

  it('treats names that every object has as fields like any other', () => {
    const base = JSON.parse('{"v":{"__proto__":1}}');
    const merged = mergeFields({
      typename: 'T',
      base,
      local: JSON.parse('{"v":{"__proto__":2}}'),
      remote: JSON.parse('{"v":{"__proto__":1,"x":1}}'),
      ruleOf: () => 'REPORT',
    });
    expect(JSON.stringify(merged.values)).toBe('{"v":{"__proto__":2,"x":1}}');
  });
});
