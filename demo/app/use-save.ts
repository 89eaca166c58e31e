import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { Ticket } from 'farside';
import { useOfflineMutation } from 'farside/react';
import { useCallback } from 'react';
import { useReport } from './ui/problems.tsx';

/**
 * A change that resolves with its ticket once it is kept on this device. Whether and when the server has it, the outbox knows.
 * `null`: it is not kept, and the person has been told.
 */
export function useSave<V extends Record<string, unknown>>(
  document: TypedDocumentNode<unknown, V>,
): (variables: V) => Promise<Ticket | null> {
  const [mutate] = useOfflineMutation(document);
  const report = useReport();
  return useCallback(
    async (variables) => {
      try {
        return await mutate({ variables });
      } catch (error) {
        report(`This change is not saved. ${error instanceof Error ? error.message : String(error)}`);
        return null;
      }
    },
    [mutate, report],
  );
}
