import { expect, it } from 'vitest';
import { mergeText } from '../../schema/text-merge.ts';

it.each([
  ['different lines', 'milk\nbread\nsalt\n', 'oat milk\nbread\nsalt\n', 'milk\nbread\nsea salt\n', 'oat milk\nbread\nsea salt\n'],
  ['different words of one line', 'buy milk and bread', 'buy oat milk and bread', 'buy milk and rye bread', 'buy oat milk and rye bread'],
  ['a line added and a word changed', 'milk', 'milk\nbread', 'oats', null],
  ['the same change on both sides', 'milk', 'oats', 'oats', 'oats'],
  ['a removed line and a changed one', 'a\nb\nc\nd\n', 'a\nc\nd\n', 'a\nb\nc\nD\n', 'a\nc\nD\n'],
  ['one word, two ways', 'milk', 'oats', 'rice', null],
  ['both at the end', 'milk', 'milk, bread', 'milk, salt', null],
  ['a change inside what the other removed', 'one two three', 'one three', 'one 2 three', null],
  ['nothing', '', '', '', ''],
  ['letters of any script, whole', 'größe и 👍', 'Größe и 👍', 'größe и 👎', 'Größe и 👎'],
])('%s', (_, base, local, remote, merged) => {
  expect(mergeText(base, local, remote)).toBe(merged);
  expect(mergeText(base, remote, local)).toBe(merged);
});

it('no markers ever stand in the text, and none of those that somebody wrote are misread', () => {
  const base = '<<<<<<< a\n=======\n>>>>>>> b\nend\n';
  expect(mergeText(base, `${base}more\n`, `top\n${base}`)).toBe(`top\n${base}more\n`);
});

it('text that would take too long to compare is for a person: in bounded time', () => {
  const lines = (text: string) => `${text}\n`.repeat(2000);
  expect(mergeText(lines('a'), `${lines('a')}b`, `c${lines('a')}`)).toBeNull();
  const long = Array.from({ length: 5000 }, (_, line) => `line ${line}\n`).join('');
  expect(mergeText(long, `first\n${long}`, `${long}last\n`)).toBe(`first\n${long}last\n`);
});
