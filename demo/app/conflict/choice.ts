import type { ConflictRecord } from 'farside';

/** What a person decided for one field. `null`: nothing yet. */
export interface Choice {
  readonly take: 'local' | 'remote' | 'own' | null;
  /** The value of one's own, when `take` is `own`. */
  readonly own: unknown;
}

export type Choices = Readonly<Record<string, Choice>>;

export function startChoices(conflict: ConflictRecord): Choices {
  return Object.fromEntries(conflict.conflictingFields.map((field) => [field, { take: null, own: conflict.local[field] }]));
}

/** The value of each conflicting field, or `null` while one is undecided. */
export function chosenValues({ local, remote }: ConflictRecord, choices: Choices): Record<string, unknown> | null {
  const values: Record<string, unknown> = {};
  for (const [field, { take, own }] of Object.entries(choices)) {
    if (take === null) return null;
    values[field] = take === 'own' ? own : take === 'local' ? local[field] : remote?.[field];
  }
  return values;
}
