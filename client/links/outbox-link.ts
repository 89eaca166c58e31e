import { ApolloLink } from '@apollo/client';
import { Observable } from 'rxjs';
import { OfflineError } from '../errors.ts';
import type { CallOptions } from '../outbox/call-options.ts';
import type { Enqueue } from '../outbox/enqueue.ts';

/** `context.offline` of an operation. `replay` marks what the drain sends: it has been through the outbox. */
export interface OfflineContext extends CallOptions {
  /** @internal */
  readonly replay?: boolean;
}

declare module '@apollo/client' {
  interface DefaultContext {
    offline?: OfflineContext;
  }
}

/**
 * Takes mutations into the outbox. The observable emits when the server has acknowledged all root fields, so `client.mutate()`
 * and `useMutation` mean what they always meant; it fails when the mutation is refused, parked as a conflict, discarded, or
 * could not be made durable (`NOT_DURABLE`, with the storage's error as cause).
 *
 * Queries, subscriptions and mutations with `context: { offline: { queue: false } }` pass through.
 */
export class OutboxLink extends ApolloLink {
  readonly #enqueue: Enqueue;

  constructor(options: { readonly enqueue: Enqueue }) {
    super();
    this.#enqueue = options.enqueue;
  }

  override request(operation: ApolloLink.Operation, forward: ApolloLink.ForwardFunction): Observable<ApolloLink.Result> {
    const context = operation.getContext();
    const offline = context.offline as OfflineContext | undefined;
    if (operation.operationType !== 'mutation' || offline?.queue === false || offline?.replay) return forward(operation);
    const call = {
      document: operation.query,
      variables: operation.variables,
      optimisticResponse: plain(context.optimisticResponse, operation),
      options: offline,
    };
    return new Observable((observer) => {
      this.#enqueue(call, {
        settled: ({ data, errors }) => {
          observer.next({
            data: data as Record<string, unknown>,
            ...(errors.length > 0 ? { errors: errors as NonNullable<ApolloLink.Result['errors']> } : {}),
          });
          observer.complete();
        },
        failed: (error) => observer.error(error),
      }).catch((cause: unknown) => observer.error(notDurable(cause, operation.operationName)));
    });
  }
}

/** The caller learns that a write is not safe, and why. */
export function notDurable(cause: unknown, operationName: string | undefined): OfflineError {
  if (OfflineError.is(cause) && cause.code !== 'STORAGE_FULL' && cause.code !== 'STORAGE_UNAVAILABLE') return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new OfflineError('NOT_DURABLE', `${operationName ?? 'mutation'} was not stored and will not be sent: ${why}`, { cause });
}

/** Functions do not survive a reload; what they return does. */
function plain(optimisticResponse: unknown, operation: ApolloLink.Operation): unknown {
  return typeof optimisticResponse === 'function' ? optimisticResponse(operation.variables, { IGNORE: null }) : optimisticResponse;
}
