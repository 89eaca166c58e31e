export const TYPES = /* GraphQL */ `
  type Note @versioned {
    id: ID!
    title: String!
  }
`;

/** So many notes are changed in turn: of two requests on their way none meets the other's. */
export const NOTES = 1_000;

export const noteId = (index: number): string => `note-${String(index).padStart(4, '0')}`;
