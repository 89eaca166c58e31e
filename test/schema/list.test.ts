import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRows, type Filter, matches, type Order } from '../../schema/list.ts';

type Row = Readonly<Record<string, unknown>>;
const reader = (row: Row) => (field: string) => row[field];
const holds = (filter: Filter, row: Row) => matches(filter, reader(row));

describe('matches', () => {
  it('takes null for a value: eq and ne find it, comparisons do not', () => {
    const row = { a: null };
    expect(holds({ a: { eq: null } }, row)).toBe(true);
    expect(holds({ a: { ne: null } }, row)).toBe(false);
    expect(holds({ a: { ne: 'x' } }, row)).toBe(true);
    expect(holds({ a: { in: [null, 'x'] } }, row)).toBe(true);
    for (const operator of ['lt', 'lte', 'gt', 'gte', 'contains']) expect(holds({ a: { [operator]: 'x' } }, row), operator).toBe(false);
    for (const operator of ['lt', 'lte', 'gt', 'gte']) expect(holds({ a: { [operator]: null } }, { a: 1 }), operator).toBe(false);
  });

  it('compares falsy values as values', () => {
    for (const value of [false, 0, '']) {
      expect(holds({ a: { eq: value } }, { a: value })).toBe(true);
      expect(holds({ a: { ne: value } }, { a: value })).toBe(false);
      expect(holds({ a: { eq: null } }, { a: value })).toBe(false);
    }
  });

  it('finds text whatever the case of A to Z, and items of lists exactly', () => {
    expect(holds({ a: { contains: 'OAT m' } }, { a: 'Fresh oat MILK' })).toBe(true);
    expect(holds({ a: { contains: 'é' } }, { a: 'É' })).toBe(false);
    expect(holds({ a: { contains: '%' } }, { a: 'oat' })).toBe(false);
    expect(holds({ a: { contains: 'oat' } }, { a: ['oat', 'milk'] })).toBe(true);
    expect(holds({ a: { contains: 'oa' } }, { a: ['oat'] })).toBe(false);
  });

  it('lets a missing or null condition pass', () => {
    for (const filter of [
      null,
      undefined,
      {},
      { a: null },
      { a: {} },
      { and: null },
      { or: null },
      { not: null },
      { a: { in: null } },
      { a: { contains: null } },
    ])
      expect(matches(filter as Filter, reader({ a: 1 }))).toBe(true);
    expect(holds({ and: [] }, {})).toBe(true);
    expect(holds({ or: [] }, {})).toBe(false);
  });

  it('says that it cannot know when a needed field is unknown, and only then', () => {
    expect(holds({ b: { eq: 1 } }, { a: 1 })).toBe(null);
    expect(holds({ a: { eq: 2 }, b: { eq: 1 } }, { a: 1 })).toBe(false);
    expect(holds({ or: [{ a: { eq: 1 } }, { b: { eq: 1 } }] }, { a: 1 })).toBe(true);
    expect(holds({ not: { b: { eq: 1 } } }, { a: 1 })).toBe(null);
  });

  it('never claims what a fuller row would refute', () => {
    const value = fc.constantFrom<unknown>(null, false, 0, 1, 'a', 'b');
    const condition = fc.record({ eq: value, ne: value, lt: value, gte: value }, { requiredKeys: [] });
    const filter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
      filter: fc.oneof(
        { maxDepth: 3 },
        fc.record({ a: condition, b: condition }, { requiredKeys: [] }),
        fc.record(
          { or: fc.array(tie('filter'), { maxLength: 2 }), and: fc.array(tie('filter'), { maxLength: 2 }), not: tie('filter') },
          { requiredKeys: [] },
        ),
      ),
    })).filter;
    fc.assert(
      fc.property(filter, value, value, (condition, a, b) => {
        const partly = holds(condition, { a });
        const wholly = holds(condition, { a, b });
        expect(wholly).not.toBe(null);
        if (partly !== null) expect(partly).toBe(wholly);
        expect(holds({ not: condition }, { a, b })).toBe(!wholly);
      }),
    );
  });
});

describe('compareRows', () => {
  const rows = fc.uniqueArray(fc.record({ id: fc.uuid(), a: fc.constantFrom(null, 1, 2), b: fc.constantFrom(null, 'x', 'y') }), {
    selector: (row) => row.id,
    maxLength: 8,
  });
  const order = fc.array(fc.record({ field: fc.constantFrom('a', 'b', 'id'), direction: fc.constantFrom('ASC', 'DESC', null) }), {
    maxLength: 3,
  });

  it('is total: the same rows come out in the same order, however they went in', () => {
    fc.assert(
      fc.property(rows, order, (list, keys) => {
        const compare = (a: Row, b: Row) => compareRows(keys as readonly Order[], reader(a), reader(b));
        const sorted = [...list].sort(compare);
        expect([...list].reverse().sort(compare)).toEqual(sorted);
        for (const [index, row] of sorted.entries())
          for (const later of sorted.slice(index + 1)) expect(compare(row, later)).toBe(-compare(later, row));
      }),
    );
  });

  it('puts nulls first going up and last going down, and breaks ties by id', () => {
    const list = [
      { id: '3', a: 1 },
      { id: '2', a: null },
      { id: '1', a: 1 },
    ];
    const ids = (direction: 'ASC' | 'DESC') =>
      [...list].sort((a, b) => compareRows([{ field: 'a', direction }], reader(a), reader(b))).map(({ id }) => id);
    expect(ids('ASC')).toEqual(['2', '1', '3']);
    expect(ids('DESC')).toEqual(['1', '3', '2']);
  });
});
