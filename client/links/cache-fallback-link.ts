import { ApolloLink } from '@apollo/client';
import { Observable, type Subscription } from 'rxjs';
import type { LateAnswer } from '../cache/late-answers.ts';
import { OfflineError } from '../errors.ts';
import { answerOfError, reached } from './answer.ts';

export interface CacheFallbackDeps {
  /** Whether queries should go to the network at all. */
  readonly online: () => boolean;
  /** A promise while queued mutations are on their way, else null: a refetch that overtakes them would show the past. */
  readonly drained: () => Promise<void> | null;
  /** A query sets out; its answer may arrive late. */
  readonly underWay: () => LateAnswer;
  /** A promise while the stored cache is still being read, else null: what is not in memory yet may be there then. */
  readonly restoring?: () => Promise<void> | null;
}

/**
 * Answers queries from the cache when the network cannot: at once while offline, and after a network failure while online.
 * Only with a complete answer, and never with optimistic data, because what a link returns is written into the cache as truth.
 * Without one the query fails fast with `OfflineError` `NOT_IN_CACHE`, instead of loading for ever.
 *
 * A query that the cache could already answer is a refetch: it waits until the outbox has been sent.
 */
export class CacheFallbackLink extends ApolloLink {
  readonly #deps: CacheFallbackDeps;

  constructor(deps: CacheFallbackDeps) {
    super();
    this.#deps = deps;
  }

  override request(operation: ApolloLink.Operation, forward: ApolloLink.ForwardFunction): Observable<ApolloLink.Result> {
    if (operation.operationType !== 'query') return forward(operation);
    return new Observable((observer) => {
      let subscription: Subscription | null = null;
      let late: LateAnswer | null = null;
      let cancelled = false;

      const fromCache = (cause: unknown): void => {
        if (cancelled) return;
        const cached = cachedResult(operation);
        const rest = cached ? null : this.#deps.restoring?.();
        if (rest) return void rest.then(() => fromCache(cause));
        if (!cached) return observer.error(notInCache(operation, cause));
        observer.next(cached);
        observer.complete();
      };
      const fromNetwork = (): void => {
        if (cancelled) return;
        if (!this.#deps.online()) return fromCache(undefined);
        let answered = false;
        late = this.#deps.underWay();
        subscription = forward(operation).subscribe({
          next(result) {
            answered = true;
            late?.arrive(() => observer.next(result));
          },
          error(error: unknown) {
            late?.end();
            // An answer of the endpoint itself, even a refusal, is news for the caller; silence is not.
            if (answered || reached(answerOfError(error))) observer.error(error);
            else fromCache(error);
          },
          complete() {
            late?.end();
            observer.complete();
          },
        });
      };

      const drained = this.#deps.online() && cachedResult(operation) ? this.#deps.drained() : null;
      if (drained) void drained.then(fromNetwork);
      else fromNetwork();
      return () => {
        cancelled = true;
        late?.end();
        subscription?.unsubscribe();
      };
    });
  }
}

function cachedResult(operation: ApolloLink.Operation): ApolloLink.Result | null {
  const diff = operation.client.cache.diff<Record<string, unknown>>({
    query: operation.query,
    variables: operation.variables,
    optimistic: false,
    returnPartialData: true,
  });
  return diff.complete ? { data: diff.result as Record<string, unknown>, extensions: { offline: { fromCache: true } } } : null;
}

function notInCache(operation: ApolloLink.Operation, cause: unknown): OfflineError {
  const name = operation.operationName ?? 'this query';
  return new OfflineError(
    'NOT_IN_CACHE',
    `expected ${name} in the cache while there is no network, got an incomplete answer; run it once online, or let the screen show what it has by returnPartialData`,
    {
      cause,
    },
  );
}
