import { describe, expect, test } from 'vitest';
import type { Change } from '../../../bench/peers/change.ts';
import { type ChangeFile, judge } from '../../../bench/peers/judge.ts';
import type { StoredNote } from '../../../bench/peers/server.ts';

type Parts = Partial<Omit<ChangeFile, 'change'>> & { readonly change?: Partial<Change> };

const made = (token: string, { change, ...told }: Parts = {}): ChangeFile => ({
  device: 'ada',
  isStored: true,
  isAcknowledged: false,
  isFailed: false,
  ...told,
  change: { token, kind: 'edit', id: 'note', title: token, ...change },
});
const note = (log: readonly string[], votes = 0): StoredNote => ({ id: 'note', title: '', votes, log });
const nobody: ReadonlySet<string> = new Set();

describe('counting from outside', () => {
  test('all is well when every token stands in the log once, in the order made', () => {
    expect(judge([made('a'), made('b')], nobody, [note(['start', 'a', 'b'])])).toEqual({
      mutations: 2,
      accepted: 2,
      lost: 0,
      repeated: 0,
      reordered: 0,
      refused: 0,
      stuck: 0,
    });
  });

  test('lost is what was accepted, is nowhere, and nobody was told of', () => {
    const files = [
      made('stored'),
      made('answered', { isStored: false, isAcknowledged: true }),
      made('told', { isFailed: true }),
      made('queued'),
      made('seen', { isStored: false }),
    ];
    const figures = judge(files, new Set(['queued']), [note([])]);
    expect(figures).toMatchObject({ accepted: 4, lost: 2, refused: 1, stuck: 1 });
  });

  test('repeated counts every effect beyond the first', () => {
    expect(judge([made('a'), made('b')], nobody, [note(['a', 'b', 'a', 'a'])]).repeated).toBe(2);
  });

  test('reordered counts what a later change of the same device to the same note overtook', () => {
    const files = [made('a'), made('b'), made('c'), made('x', { device: 'grace' }), made('y', { change: { id: 'other' } })];
    const notes = [note(['x', 'b', 'c', 'a']), { ...note(['y']), id: 'other' }];
    expect(judge(files, nobody, notes).reordered).toBe(1);
  });

  test('a repetition that comes late is a repetition and no reordering', () => {
    expect(judge([made('a'), made('b')], nobody, [note(['a', 'b', 'a'])])).toMatchObject({ repeated: 1, reordered: 0 });
  });

  test('counters that contradict the tokens are an error of the counting, and say so', () => {
    const vote = made('v', { change: { kind: 'vote', by: 2 } });
    expect(judge([vote], nobody, [note(['v', 'v'], 4)]).repeated).toBe(1);
    expect(() => judge([vote], nobody, [note(['v'], 4)])).toThrow('expected 2 votes on note by the tokens in its log, got 4');
  });
});
