import { diff3Merge } from 'node-diff3';

/** What a line-by-line comparison is asked to do at most, in pairs of equal parts; beyond that a person decides. */
const MAX_PAIRS = 1_000_000;

/**
 * Both sides' changes of one text: by lines, and where both changed the same lines, by words. `null` where they overlap: no marker
 * ever stands in the text.
 */
export function mergeText(base: string, local: string, remote: string): string | null {
  return merge(LINES, base, local, remote, (hunk) => merge(WORDS, hunk.o.join(''), hunk.a.join(''), hunk.b.join(''), () => null));
}

const LINES = /[^\n]*\n|[^\n]+/g;
const WORDS = /\s+|[\p{L}\p{M}\p{N}_]+|./gsu;

interface Hunk {
  readonly a: readonly string[];
  readonly o: readonly string[];
  readonly b: readonly string[];
}

function merge(parts: RegExp, base: string, local: string, remote: string, onOverlap: (hunk: Hunk) => string | null): string | null {
  const split = (text: string): string[] => text.match(parts) ?? [];
  const [o, a, b] = [split(base), split(local), split(remote)];
  if (pairs(o, a) + pairs(o, b) > MAX_PAIRS) return null;
  let merged = '';
  for (const region of diff3Merge(a, o, b, { excludeFalseConflicts: true })) {
    const text = region.ok ? region.ok.join('') : region.conflict ? onOverlap(region.conflict) : '';
    if (text === null) return null;
    merged += text;
  }
  return merged;
}

/** How many comparisons of equal parts the longest common sequence of the two takes. */
function pairs(base: readonly string[], other: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const part of base) counts.set(part, (counts.get(part) ?? 0) + 1);
  return other.reduce((sum, part) => sum + (counts.get(part) ?? 0), 0);
}
