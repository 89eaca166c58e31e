import { ApolloLink } from '@apollo/client';
import { Observable, Subscription } from 'rxjs';
import type { RequestOutcome } from '../connection/connection-state.ts';
import { OfflineError } from '../errors.ts';
import type { Cancel, Clock, Random } from '../ports.ts';
import { type BackoffOptions, backoff } from '../replay/backoff.ts';
import { type Answer, classify } from '../replay/outcome.ts';
import { answerOf, answerOfError } from './answer.ts';
import type { OfflineContext } from './outbox-link.ts';

export interface RetryLinkOptions extends BackoffOptions {
  /** Attempts, the first included. Default 3: an interactive query should fail while somebody still waits for it. */
  readonly maxAttempts: number;
  /** Milliseconds until an attempt without an answer counts as lost. Default 30 000. */
  readonly timeoutMs: number;
}

/**
 * Sends queries again that got no answer or a passing failure, with full jitter and `Retry-After`, while the connection is
 * believed to be up. Mutations are never repeated here: queued ones are by the drain, under their idempotency key, and nobody
 * knows whether an unqueued one was applied. Neither waits for ever: what has no answer in time fails with `TIMED_OUT`, the last
 * attempt of a query too. Every outcome is news for the connection state.
 */
export class RetryLink extends ApolloLink {
  readonly #deps: {
    readonly clock: Clock;
    readonly random: Random;
    readonly online: () => boolean;
    readonly report: (outcome: RequestOutcome) => void;
  };
  readonly #options: RetryLinkOptions;

  constructor(
    deps: {
      readonly clock: Clock;
      readonly random: Random;
      readonly online: () => boolean;
      readonly report: (outcome: RequestOutcome) => void;
    },
    options: RetryLinkOptions,
  ) {
    super();
    this.#deps = deps;
    this.#options = options;
  }

  override request(operation: ApolloLink.Operation, forward: ApolloLink.ForwardFunction): Observable<ApolloLink.Result> {
    const offline = operation.getContext().offline as OfflineContext | undefined;
    if (offline?.replay || operation.operationType === 'subscription') return forward(operation);
    const { clock, random, online, report } = this.#deps;
    const { timeoutMs } = this.#options;
    return new Observable((observer) => {
      let attempt = 0;
      let subscription: Subscription | null = null;
      let cancel: Cancel = () => undefined;
      let stopWaiting: Cancel = () => undefined;

      /** Milliseconds to wait before another attempt; null when this answer stands. */
      const judge = (answer: Answer, useful: boolean): number | null => {
        const outcome = classify(answer, { responseKey: '', mutation: null }, clock.now());
        const retryable = outcome.kind === 'retryable' ? outcome : null;
        report(outcome.kind === 'unauthenticated' ? 'unauthenticated' : retryable && !retryable.reached ? 'unreachable' : 'answered');
        if (useful || !retryable || operation.operationType !== 'query' || attempt >= this.#options.maxAttempts || !online()) return null;
        return Math.max(retryable.retryAfterMs ?? 0, backoff(attempt, this.#options, random));
      };
      const again = (waitMs: number): void => {
        subscription?.unsubscribe();
        cancel = clock.after(waitMs, send);
      };
      const send = (): void => {
        attempt += 1;
        let first = true;
        // Links may answer, and complete, before they return: what follows an answer that is tried again is none of the caller's.
        let superseded = false;
        subscription = new Subscription();
        const fail = (error: unknown): void => {
          const waitMs = first ? judge(answerOfError(error), false) : null;
          if (superseded) return;
          stopWaiting();
          if (waitMs === null) observer.error(error);
          else again(waitMs);
        };
        stopWaiting = clock.after(timeoutMs, () => {
          fail(timedOut(operation, timeoutMs));
          superseded = true;
          subscription?.unsubscribe();
        });
        subscription.add(
          forward(operation).subscribe({
            next(result) {
              // Data is worth showing whatever came beside it; errors alone may pass.
              const waitMs = first ? judge(answerOf(result), result.data != null) : null;
              first = false;
              stopWaiting();
              if (superseded) return;
              if (waitMs === null) return observer.next(result);
              superseded = true;
              again(waitMs);
            },
            error: fail,
            complete() {
              stopWaiting();
              if (!superseded) observer.complete();
            },
          }),
        );
      };
      send();
      return () => {
        cancel();
        stopWaiting();
        subscription?.unsubscribe();
      };
    });
  }
}

function timedOut(operation: ApolloLink.Operation, timeoutMs: number): OfflineError {
  const then =
    operation.operationType === 'mutation' ? 'the server may have applied it all the same; look before repeating it' : 'try again';
  return new OfflineError(
    'TIMED_OUT',
    `${operation.operationName ?? 'operation'}: expected an answer within ${timeoutMs} ms, got none; ${then}`,
  );
}
