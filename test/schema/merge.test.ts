import { describe, expect, it } from 'vitest';
import { MANUAL, mergeField, mergeFields } from '../../schema/merge.ts';

describe('mergeField', () => {
  it('lets the side that changed win when the other did not, falsy values included', () => {
    for (const value of [false, 0, '', null, []]) {
      expect(mergeField('REPORT', { base: 'before', local: value, remote: 'before' })).toEqual(value);
      expect(mergeField('REPORT', { base: 'before', local: 'before', remote: value })).toEqual(value);
      expect(mergeField('REPORT', { base: value, local: 'mine', remote: value })).toBe('mine');
      expect(mergeField('REPORT', { base: 'before', local: value, remote: 'theirs' })).toBe(MANUAL);
    }
  });

  it('does not take an unknown base for an unchanged one', () => {
    expect(mergeField('REPORT', { base: undefined, local: 'mine', remote: 'theirs' })).toBe(MANUAL);
    expect(mergeField('REPORT', { base: undefined, local: 'same', remote: 'same' })).toBe('same');
  });

  it('adds two equal increments of a counter', () => {
    expect(mergeField('COUNTER', { base: 5, local: 6, remote: 6 })).toBe(7);
    expect(mergeField('COUNTER', { base: 5, local: 3, remote: 9 })).toBe(7);
    expect(mergeField('COUNTER', { base: null, local: 2, remote: 3 })).toBe(5);
    expect(mergeField('COUNTER', { base: 5, local: 5, remote: 9 })).toBe(9);
  });

  it('keeps additions of both sides of a set, and removals of both', () => {
    expect(mergeField('SET_UNION', { base: ['a', 'b'], local: ['a', 'c'], remote: ['b', 'a', 'd'] })).toEqual(['a', 'd', 'c']);
    expect(mergeField('SET_UNION', { base: [], local: ['x'], remote: ['x'] })).toEqual(['x']);
    expect(mergeField('SET_UNION', { base: null, local: ['x'], remote: ['y'] })).toEqual(['y', 'x']);
  });

  it('merges nested values key by key, and refuses when one key clashes', () => {
    expect(mergeField('REPORT', { base: { a: 1, b: 1 }, local: { a: 2, b: 1 }, remote: { a: 1, b: 3 } })).toEqual({ a: 2, b: 3 });
    expect(mergeField('REPORT', { base: { a: 1 }, local: { a: 2 }, remote: { a: 3 } })).toBe(MANUAL);
    expect(mergeField('REPORT', { base: { a: 1, b: 1 }, local: { b: 1 }, remote: { a: 1, b: 2 } })).toEqual({ b: 2 });
    expect(mergeField('REPORT', { base: { a: 1, b: 1 }, local: { b: 1 }, remote: { a: 2, b: 2 } })).toBe(MANUAL);
  });
});

describe('mergeFields', () => {
  const ruleOf = () => 'REPORT' as const;

  it('touches only what local sets', () => {
    const merged = mergeFields({
      typename: 'Todo',
      base: { title: 'a', done: false },
      local: { done: true },
      remote: { title: 'b', done: false },
      ruleOf,
    });
    expect(merged).toEqual({ values: { done: true }, mergedFields: [], conflictingFields: [], deferredFields: [] });
  });

  it('reports a clash, keeps the remote value of it, and merges the rest', () => {
    const merged = mergeFields({
      typename: 'Todo',
      base: { title: 'a', note: '' },
      local: { title: 'mine', note: 'n' },
      remote: { title: 'theirs', note: '' },
      ruleOf,
    });
    expect(merged).toEqual({ values: { title: 'theirs', note: 'n' }, mergedFields: [], conflictingFields: ['title'], deferredFields: [] });
  });

  it('asks an application function only where both sides changed', () => {
    const calls: unknown[] = [];
    const longest = (base: unknown, local: unknown, remote: unknown) => {
      calls.push([base, local, remote]);
      return String(local).length >= String(remote).length ? local : remote;
    };
    const merged = mergeFields({
      typename: 'Todo',
      base: { a: 'x', b: 'x' },
      local: { a: 'xyz', b: 'y' },
      remote: { a: 'xx', b: 'x' },
      ruleOf: () => longest,
    });
    expect(merged.values).toEqual({ a: 'xyz', b: 'y' });
    expect(merged.mergedFields).toEqual(['a']);
    expect(calls).toEqual([['x', 'xyz', 'xx']]);
  });
});
