import type { Answer, AnswerError } from './outcome.ts';

/** An HTTP answer as it came, whoever fetched it. */
export interface HttpAnswer {
  readonly status: number;
  /** The `Retry-After` header. */
  readonly retryAfter: string | null;
  readonly body: string;
}

/** Servers that put a GraphQL answer under an error status say more in the body than in the status. */
export function readHttpAnswer({ status, retryAfter, body }: HttpAnswer): Answer {
  const result = readResult(body);
  if (status >= 300) return result?.errors.some(isCoded) ? result : { kind: 'status', status, retryAfter };
  return result ?? { kind: 'unreadable', message: `HTTP ${status} with a body that is not GraphQL` };
}

function readResult(text: string): Extract<Answer, { kind: 'result' }> | null {
  try {
    const body = JSON.parse(text) as { readonly errors?: unknown; readonly data?: unknown; readonly extensions?: unknown } | null;
    if (typeof body !== 'object' || body === null || !('data' in body || Array.isArray(body.errors))) return null;
    return {
      kind: 'result',
      data: (body.data ?? null) as Readonly<Record<string, unknown>> | null,
      errors: (Array.isArray(body.errors) ? body.errors : []) as readonly AnswerError[],
      extensions: (body.extensions ?? {}) as Readonly<Record<string, unknown>>,
    };
  } catch {
    return null;
  }
}

function isCoded(error: AnswerError | null): boolean {
  return typeof error?.extensions?.code === 'string';
}
