import type { ApolloCache } from '@apollo/client';
import type { DocumentNode } from 'graphql';

/** Writes a mutation's data as Apollo does: entities where they belong, nothing left under the mutation root. */
export function writeResult(
  cache: ApolloCache,
  query: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  data: Readonly<Record<string, unknown>>,
): void {
  cache.write({
    dataId: 'ROOT_MUTATION',
    query: cache.transformDocument(query),
    variables: variables as Record<string, unknown>,
    result: data as Record<string, unknown>,
  });
  cache.modify({ id: 'ROOT_MUTATION', fields: (value, { fieldName, DELETE }) => (fieldName === '__typename' ? value : DELETE) });
}
