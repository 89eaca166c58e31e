import { ApolloLink } from '@apollo/client';
import { defer, from, mergeMap, Observable } from 'rxjs';
import { OfflineError } from '../errors.ts';
import { type CallOptions, checkCall } from '../outbox/call-options.ts';
import type { Enqueue } from '../outbox/enqueue.ts';
import type { LiveTurn } from '../outbox/live-turn.ts';
import { cloneOperation } from './clone-operation.ts';

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
 * Queries and subscriptions pass through, and mutations with `context: { offline: { queue: false } }` after what is queued for the entities
 * and ordering keys that they name; with no network to send that, they fail with `OFFLINE`.
 */
export class OutboxLink extends ApolloLink {
  readonly #enqueue: Enqueue;
  readonly #turn: LiveTurn;
  readonly #translate: <T>(value: T) => T;

  constructor(options: {
    readonly enqueue: Enqueue;
    /** Default: what goes past the outbox waits for nothing. */
    readonly turn?: LiveTurn;
    /** Puts the server's ids in the place of temporary ones. Default: there are none. */
    readonly translate?: <T>(value: T) => T;
  }) {
    super();
    this.#enqueue = options.enqueue;
    this.#turn = options.turn ?? (() => null);
    this.#translate = options.translate ?? ((value) => value);
  }

  override request(operation: ApolloLink.Operation, forward: ApolloLink.ForwardFunction): Observable<ApolloLink.Result> {
    const context = operation.getContext();
    const offline = context.offline as OfflineContext | undefined;
    if (operation.operationType !== 'mutation' || offline?.replay) return forward(operation);
    if (offline?.queue === false) return this.#live(operation, forward, offline);
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

  /** Past the outbox, but not past what is queued in its lane. */
  #live(operation: ApolloLink.Operation, forward: ApolloLink.ForwardFunction, options: CallOptions): Observable<ApolloLink.Result> {
    return defer(() => {
      checkCall(options, operation.operationName ?? 'mutation');
      const turn = this.#turn({ document: operation.query, variables: operation.variables, options });
      const go = (): Observable<ApolloLink.Result> => {
        const variables = this.#translate(operation.variables);
        return forward(variables === operation.variables ? operation : cloneOperation(operation, { variables }));
      };
      return turn ? from(turn).pipe(mergeMap(go)) : go();
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
