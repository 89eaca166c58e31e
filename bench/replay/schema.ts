export const TYPES = /* GraphQL */ `
  type Note @versioned {
    id: ID!
    title: String!
    votes: Int! @merge(strategy: COUNTER)
  }
`;
