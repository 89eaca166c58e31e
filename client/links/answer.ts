import { type ApolloLink, CombinedGraphQLErrors, ServerError, ServerParseError } from '@apollo/client';
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
  if (ServerError.is(error))
    return (
      graphqlBody(error.bodyText) ?? { kind: 'status', status: error.statusCode, retryAfter: error.response.headers.get('retry-after') }
    );
  if (ServerParseError.is(error)) {
    if (error.statusCode >= 300) return { kind: 'status', status: error.statusCode, retryAfter: error.response.headers.get('retry-after') };
    return { kind: 'unreadable', message: `HTTP ${error.statusCode} with a body that is not GraphQL` };
  }
  return { kind: 'unreachable', message: error instanceof Error ? error.message : String(error) };
}

/** Servers that put a GraphQL answer under an error status say more in the body than in the status. */
function graphqlBody(text: string): Answer | null {
  try {
    const body = JSON.parse(text) as { readonly errors?: unknown; readonly data?: unknown; readonly extensions?: unknown };
    if (!Array.isArray(body.errors) || !body.errors.some((error) => typeof error?.extensions?.code === 'string')) return null;
    return {
      kind: 'result',
      data: (body.data ?? null) as Readonly<Record<string, unknown>> | null,
      errors: body.errors as readonly AnswerError[],
      extensions: (body.extensions ?? {}) as Readonly<Record<string, unknown>>,
    };
  } catch {
    return null;
  }
}

/** Whether the endpoint itself answered: then the network is fine, whatever it said. */
export function reached(answer: Answer): boolean {
  if (answer.kind === 'status') return isEndpointStatus(answer.status);
  return answer.kind === 'result';
}
