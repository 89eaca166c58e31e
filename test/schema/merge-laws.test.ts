import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equal } from '../../schema/equal.ts';
import { tick } from '../../schema/hybrid-clock.ts';
import {
  DEFERRED,
  MANUAL,
  type MergeKnowledge,
  type MergeStrategy,
  mergeFields,
  mergeField as mergeWith,
  SUPPORTED_STRATEGIES,
  type Triple,
} from '../../schema/merge.ts';
import { mergeText } from '../../schema/text-merge.ts';

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

/** Few words and lines, so that they repeat and touch. */
const word = fc.constantFrom('milk', 'bread', ' ', '\n', '\n\n', ', ', 'é', '👍');
const text = fc.array(word, { maxLength: 8 }).map((words) => words.join(''));

const strategies: readonly { readonly strategy: MergeStrategy; readonly value: fc.Arbitrary<unknown> }[] = [
  { strategy: 'REPORT', value: nested },
  { strategy: 'CLIENT_WINS', value: nested },
  { strategy: 'SERVER_WINS', value: nested },
  { strategy: 'LAST_WRITE_WINS', value: nested },
  { strategy: 'SET_UNION', value: set },
  { strategy: 'COUNTER', value: fc.integer({ min: -9, max: 9 }) },
  { strategy: 'TEXT', value: text },
];

/** The edits' clocks, as the server knows them: remote's was the earlier one. */
const knowledge: MergeKnowledge = { mergeText, clocks: { local: tick(null, 2, 'b'), remote: tick(null, 1, 'a') } };
const mergeField = (strategy: MergeStrategy, triple: Triple, known = knowledge) => mergeWith(strategy, triple, known);

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

  it('TEXT either merges both ways alike, or asks both ways', () => {
    fc.assert(
      fc.property(text, text, text, (base, one, two) => {
        const [first, second] = inEitherOrder('TEXT', base, one, two);
        expect(first).toBe(second);
      }),
    );
  });

  it('LAST_WRITE_WINS: of any number of edits, in any order, the one with the latest clock stands', () => {
    const time = fc.integer({ min: 0, max: 2 });
    const edits = fc.uniqueArray(
      fc.tuple(time, fc.constantFrom('a', 'b', 'c'), scalar).map(([at, who, value]) => ({ clock: tick(null, at, who), value })),
      { selector: ({ clock }) => clock, minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(edits, fc.infiniteStream(fc.nat()), (made, chance) => {
        const arrived = [...made].map((edit) => [chance.next().value, edit] as const).sort(([a], [b]) => a - b);
        let row: { readonly value: unknown; readonly clock: string | null } = { value: 'base', clock: null };
        for (const [, { value, clock }] of arrived) {
          const merged = mergeField(
            'LAST_WRITE_WINS',
            { base: 'base', local: value, remote: row.value },
            { clocks: { local: clock, remote: row.clock } },
          );
          const isLast = row.clock === null || clock > row.clock;
          row = { value: merged, clock: isLast ? clock : row.clock };
        }
        const last = made.reduce((a, b) => (a.clock > b.clock ? a : b));
        expect(row).toEqual(last);
      }),
    );
  });

  it('LAST_WRITE_WINS: one clock for two values is a copied store: both orders end alike', () => {
    const clocks = { local: tick(null, 1, 'a'), remote: tick(null, 1, 'a') };
    fc.assert(
      fc.property(nested, nested, (one, two) => {
        const merge = (local: unknown, remote: unknown) => mergeField('LAST_WRITE_WINS', { base: undefined, local, remote }, { clocks });
        expect(equal(merge(one, two), merge(two, one))).toBe(true);
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
        expect(merged).toEqual({ values: { a: mine }, mergedFields: [], conflictingFields: [], deferredFields: [] });
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

  it('what it cannot know here is left to the server: the local value, neither merged nor a conflict', () => {
    const base = { a: 'one', b: 'one two' };
    const rules = { a: 'LAST_WRITE_WINS', b: 'TEXT' } as const;
    const merged = mergeFields({
      typename: 'T',
      base,
      local: { a: 'mine', b: 'mine two' },
      remote: { a: 'theirs', b: 'one theirs' },
      ruleOf: (field) => rules[field as 'a' | 'b'],
    });
    expect(merged).toEqual({ values: { a: 'mine', b: 'mine two' }, mergedFields: [], conflictingFields: [], deferredFields: ['a', 'b'] });
    expect(mergeWith('TEXT', { base: 'x', local: 'y', remote: 'z' })).toBe(DEFERRED);
  });

  it('a rule of the application sees all three states of the whole entity', () => {
    const entity = { base: { a: 1, b: 1 }, local: { a: 2 }, remote: { a: 3, b: 4 } };
    const seen: unknown[] = [];
    mergeFields({
      typename: 'T',
      ...entity,
      ruleOf: () => (base, local, remote, context) => {
        seen.push([base, local, remote, context]);
        return local;
      },
    });
    expect(seen).toEqual([[1, 2, 3, { typename: 'T', field: 'a', entity }]]);
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
