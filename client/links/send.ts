import { type ApolloClient, ApolloLink } from '@apollo/client';
import { parseDocument } from '../outbox/document.ts';
import type { Send } from '../replay/drain.ts';
import type { Answer } from '../replay/outcome.ts';
import { answerOf, answerOfError } from './answer.ts';

/**
 * Sends what the outbox holds through the application's own link chain: authentication, headers and logging are those of
 * the moment of sending. Nothing of the moment of the edit is kept, least of all a token.
 */
export function createSend(client: ApolloClient, context: Readonly<Record<string, unknown>> = {}): Send {
  return (request, signal) =>
    new Promise<Answer>((resolve) => {
      const observable = ApolloLink.execute(
        client.link,
        {
          query: parseDocument(request.document),
          variables: request.variables,
          extensions: { ...request.extensions },
          context: { ...client.defaultContext, ...context, queryDeduplication: false, offline: { replay: true } },
        },
        { client },
      );
      let last: Answer = { kind: 'unreachable', message: 'the link chain ended without an answer' };
      const subscription = observable.subscribe({
        // With @defer the answer is whole only when the stream ends; the first part carries the mutation's own fields.
        next: (result) => {
          if (last.kind !== 'result') last = answerOf(result);
        },
        error: (error: unknown) => resolve(answerOfError(error)),
        complete: () => resolve(last),
      });
      signal.addEventListener('abort', () => subscription.unsubscribe(), { once: true });
    });
}
