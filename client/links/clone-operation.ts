import type { ApolloLink } from '@apollo/client';

/**
 * An operation with some members replaced. Apollo keeps the context functions and the client as non-enumerable members, which
 * a spread would lose; links that spread again after us still find them, because they are own members here too.
 */
export function cloneOperation(
  operation: ApolloLink.Operation,
  changes: Partial<Pick<ApolloLink.Operation, 'query' | 'variables' | 'extensions'>>,
): ApolloLink.Operation {
  const clone = { ...operation, ...changes };
  for (const member of ['setContext', 'getContext', 'client'] as const)
    Object.defineProperty(clone, member, { value: operation[member], enumerable: false });
  return clone;
}
