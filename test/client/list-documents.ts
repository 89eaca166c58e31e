import { gql } from '@apollo/client';

/** What most whole-client tests do: make a list, and look at all of them. */
export const CREATE = gql`
  mutation CreateList($input: CreateListInput!) {
    createList(input: $input) {
      __typename
    }
  }
`;
export const LISTS = gql`
  query Lists {
    lists {
      nodes {
        id
        name
      }
    }
  }
`;
