import { gql } from '../../test/harness/apollo-client.ts';

export const ROWS = 1_000;

export const TYPES = /* GraphQL */ `
  type Note @versioned {
    id: ID!
    title: String!
    done: Boolean!
  }
`;

export const NOTES = gql('query Notes { notes(first: 1000) { nodes { id title done _version _lastChangedAt _deleted } } }');

export const NOTE = gql('fragment NoteFields on Note { id title done _version _lastChangedAt _deleted }');

export interface NotesData {
  readonly notes: { readonly __typename: string; readonly nodes: readonly ReturnType<typeof note>[] };
}

/** Ids sort as rows do. */
export const idOf = (row: number): string => String(row).padStart(4, '0');

export const note = (row: number, title: string, version: number) => ({
  __typename: 'Note',
  id: idOf(row),
  _version: version,
  _lastChangedAt: '2026-01-01T00:00:00.000Z',
  _deleted: false,
  title,
  done: false,
});

export const notes = (): NotesData => ({
  notes: { __typename: 'NoteConnection', nodes: Array.from({ length: ROWS }, (_, row) => note(row, `note ${row}`, 1)) },
});

/** Edit number `index`, and what the server makes of it. */
export const rowOf = (index: number): number => index % ROWS;
export const titleOf = (index: number): string => `edit ${index}`;
export const answered = (index: number) => note(rowOf(index), titleOf(index), 2 + Math.floor(index / ROWS));

/** A client with edits on screen that the server has not answered. */
export interface Overlay {
  readonly name: string;
  /** Shows edits `0 … count - 1`, all of which are known from the start. */
  rehydrate(count: number): void;
  /** Somebody makes one more. */
  add(index: number): void | Promise<void>;
  /** The server has answered `from … to - 1`. */
  settle(from: number, to: number): void;
  /** Everything that was answered is on screen. */
  finish(): void;
  /** Titles as the watcher was last told. */
  titles(): readonly string[];
  redraws(): number;
}
