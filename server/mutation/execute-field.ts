import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { GraphQLError, type GraphQLSchema, isObjectType } from 'graphql';
import { ErrorCode } from '../../schema/protocol.ts';
import { badInput, OfflineServerError } from '../errors.ts';
import type { Awaitable } from '../steps.ts';
import type { FieldAnswer } from './answer.ts';
import { TYPE_PROBE } from './plan.ts';

/** The executor that the server uses, other plugins' wrappings included. */
export type Execute = (args: ExecutionArgs) => unknown;

/** Codes that say "not now": nothing is consumed, and the client sends the same again. */
const RETRYABLE: ReadonlySet<unknown> = new Set([
  ErrorCode.UNAUTHENTICATED,
  ErrorCode.INTERNAL_SERVER_ERROR,
  ErrorCode.TOO_MANY_UNACKNOWLEDGED,
  ErrorCode.UNSUPPORTED_PROTOCOL,
  'SERVICE_UNAVAILABLE',
  'RATE_LIMITED',
  'TIMEOUT',
]);

/**
 * Runs one root field to its end, nested selections included, and says how it ended.
 * Whether its effects may stay is for the caller to carry out: only those of `applied` may.
 */
export async function executeField(execute: Execute, args: ExecutionArgs, responseKey: string, timeoutMs: number): Promise<FieldAnswer> {
  const result = await within(timeoutMs, responseKey, execute(args));
  if (!isResult(result)) {
    await (result as Partial<AsyncIterator<unknown>> | null)?.return?.();
    return refused([withPath(badInput('Answers in parts (@defer, @stream) are not for mutations: send it without.'), responseKey)]);
  }
  const errors = result.errors ?? [];
  const value: unknown = result.data?.[responseKey] ?? null;
  if (result.data === undefined || errors.some(isUnfinished))
    return { data: null, errors: errors.map((error) => withPath(error, responseKey)), outcome: null };
  const typename = takeProbe(value);
  if (value === null && errors.length > 0) return refused(errors);
  return { data: value, errors, outcome: outcomeOf(args.schema, typename) };
}

/** An error of ours or of the machine's; or a refusal that is not about this write. */
function isUnfinished(error: GraphQLError): boolean {
  const internal = error.originalError != null && !(error.originalError instanceof GraphQLError);
  return internal || RETRYABLE.has(error.extensions.code);
}

function refused(errors: readonly GraphQLError[]): FieldAnswer {
  const conflict = errors.some(({ extensions }) => extensions.code === ErrorCode.CONFLICT);
  return { data: null, errors, outcome: conflict ? 'conflict' : 'rejected' };
}

function outcomeOf(schema: GraphQLSchema, typename: string | null): 'applied' | 'conflict' | 'rejected' {
  if (typename === 'MutationRejected') return 'rejected';
  const type = typename === null ? undefined : schema.getType(typename);
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Conflict') ? 'conflict' : 'applied';
}

function takeProbe(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const typename = (value as Record<string, unknown>)[TYPE_PROBE];
  delete (value as Record<string, unknown>)[TYPE_PROBE];
  return typeof typename === 'string' ? typename : null;
}

function withPath(error: GraphQLError, responseKey: string): GraphQLError {
  if (error.path !== undefined) return error;
  return new GraphQLError(error.message, { path: [responseKey], extensions: error.extensions, originalError: error });
}

export function isResult(result: unknown): result is ExecutionResult {
  return typeof result === 'object' && result !== null && ('data' in result || 'errors' in result);
}

/** The write lock is held meanwhile: a resolver that waits on something slow must not stop everybody else. */
export function within(timeoutMs: number, what: string, work: unknown): Awaitable<unknown> {
  const takesTime = typeof work === 'object' && work !== null && 'then' in work;
  return takesTime ? inTime(timeoutMs, what, work) : work;
}

async function inTime(timeoutMs: number, what: string, work: unknown): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new OfflineServerError(
          'FIELD_TIMEOUT',
          `${what}: expected its resolvers to end within ${timeoutMs} ms, got no answer; do slow work before the mutation or after it`,
        ),
      );
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
