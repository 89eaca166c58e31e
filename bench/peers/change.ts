/** One thing that a person does: plain mutations, which every contestant can express, the same documents for all. */
export interface Change {
  /** Left by its effect in the log of the note: whoever reads the note sees what was done to it, how often, and in which order. */
  readonly token: string;
  readonly kind: 'add' | 'edit' | 'vote';
  readonly id: string;
  readonly title?: string;
  readonly by?: number;
}

/** By kind. The operation name is what faults are drawn for. */
export const DOCUMENTS: Readonly<Record<Change['kind'], string>> = {
  add: 'mutation AddNote($id: ID!, $title: String!, $token: String!) { addNote(id: $id, title: $title, token: $token) { id title votes } }',
  edit: 'mutation EditNote($id: ID!, $title: String!, $token: String!) { editNote(id: $id, title: $title, token: $token) { id title votes } }',
  vote: 'mutation VoteNote($id: ID!, $by: Int!, $token: String!) { voteNote(id: $id, by: $by, token: $token) { id title votes } }',
};

export const NOTES = 'query Notes { notes(first: 1000) { nodes { id title votes } } }';

export function operationOf({ kind }: Pick<Change, 'kind'>): string {
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Note`;
}

export function variablesOf({ kind, id, title = '', by = 0, token }: Change): Record<string, unknown> {
  return kind === 'vote' ? { id, by, token } : { id, title, token };
}
