import { type ApolloLink, CombinedGraphQLErrors, ServerError, ServerParseError } from '@apollo/client';
import { readHttpAnswer } from '../replay/http-answer.ts';
import { type Answer, type AnswerError, isEndpointStatus } from '../replay/outcome.ts';

/** What came through the link chain, without Apollo's types: replay judges it by status, code and shape alone. */
export function answerOf(result: ApolloLink.Result): Answer {
  return {
    kind: 'result',
    data: (result.data as Readonly<Record<string, unknown>> | null | undefined) ?? null,
    errors: (result.errors ?? []) as readonly AnswerError[],
    extensions: (result.extensions as Readonly<Record<string, unknown>> | undefined) ?? {},
  };
}

/** What an error of the link chain says about the request. */
export function answerOfError(error: unknown): Answer {
  if (CombinedGraphQLErrors.is(error))
    return { kind: 'result', data: null, errors: error.errors as readonly AnswerError[], extensions: {} };
  if (ServerError.is(error) || ServerParseError.is(error))
    return readHttpAnswer({ status: error.statusCode, retryAfter: error.response.headers.get('retry-after'), body: error.bodyText });
  return { kind: 'unreachable', message: error instanceof Error ? error.message : String(error) };
}

/** Whether the endpoint itself answered: then the network is fine, whatever it said. */
export function reached(answer: Answer): boolean {
  if (answer.kind === 'status') return isEndpointStatus(answer.status);
  return answer.kind === 'result';
}
