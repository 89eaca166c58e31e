import type { ApolloLink, OperationVariables, TypedDocumentNode } from '@apollo/client';
import type { DocumentNode } from 'graphql';
import { useCallback, useRef, useState } from 'react';
import type { CallOptions } from '../outbox/call-options.ts';
import type { Ticket } from '../ticket.ts';
import { useOffline } from './provider.ts';

export interface OfflineMutationState<TData> {
  /** The last ticket; null before the first call. */
  readonly ticket: Ticket<TData> | null;
  /** Between the call and the moment it is durable: a few milliseconds. */
  readonly saving: boolean;
  /** Why the last call is not durable, or how its mutation failed for good. */
  readonly error: unknown;
}

/**
 * `useMutation` with ticket semantics: the promise resolves when the mutation is durable, offline too, so that a form may close.
 * It rejects only when the write could not be stored; what the server says later comes by `ticket.settled` and `error`.
 */
export function useOfflineMutation<TData = unknown, TVariables extends OperationVariables = OperationVariables>(
  mutation: DocumentNode | TypedDocumentNode<TData, TVariables>,
): readonly [
  (options: {
    readonly variables: TVariables;
    readonly context?: { readonly offline?: CallOptions } & Record<string, unknown>;
  }) => Promise<Ticket<TData>>,
  OfflineMutationState<TData>,
] {
  const offline = useOffline();
  const [state, setState] = useState<OfflineMutationState<TData>>({ ticket: null, saving: false, error: null });
  const latest = useRef(0);

  const mutate = useCallback(
    async (options: { readonly variables: TVariables; readonly context?: ApolloLink.OperationContext }) => {
      latest.current += 1;
      const call = latest.current;
      const report = (next: OfflineMutationState<TData>): void => {
        if (call === latest.current) setState(next);
      };
      report({ ticket: null, saving: true, error: null });
      try {
        const ticket = await offline.mutate<TData, TVariables>({ mutation, ...options });
        report({ ticket, saving: false, error: null });
        ticket.settled.catch((error: unknown) => report({ ticket, saving: false, error }));
        return ticket;
      } catch (error) {
        report({ ticket: null, saving: false, error });
        throw error;
      }
    },
    [offline, mutation],
  );
  return [mutate, state];
}
