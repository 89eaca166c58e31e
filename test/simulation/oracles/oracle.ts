import type { Evidence } from './evidence.ts';

/** A promise that was not kept. */
export interface Violation {
  /** As in the table of promises: `I1` to `I16`. */
  readonly invariant: string;
  /** The figure that counts it. */
  readonly figure: Figure;
  /** For people: who, what, and what was expected instead. */
  readonly says: string;
  /** Tickets and entities that it is about, so that the story can be told of them alone. */
  readonly about: readonly string[];
}

export type Figure = 'lost' | 'duplicated' | 'skipped' | 'resurrected' | 'diverged' | 'flickers' | 'other';

/** Judges one promise by what could be seen from outside, sharing no code with what it judges. */
export interface Oracle {
  readonly invariant: string;
  /** The promise in one line. */
  readonly promise: string;
  judge(evidence: Evidence): readonly Omit<Violation, 'invariant'>[];
}
