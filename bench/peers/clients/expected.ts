import type { Change } from '../change.ts';

/** What the mutations answer, and the list holds. */
export interface Note {
  readonly id: string;
  readonly title: string;
  readonly votes: number;
}

/** The mutation field that answers a change. */
export function fieldOf({ kind }: Pick<Change, 'kind'>): `${Change['kind']}Note` {
  return `${kind}Note`;
}

/** How the note looks once the change is done. */
export function withChange(note: Note | undefined, change: Change): Note {
  const { id, title = '', votes = 0 } = note ?? { id: change.id };
  return { id, title: change.title ?? title, votes: votes + (change.by ?? 0) };
}
