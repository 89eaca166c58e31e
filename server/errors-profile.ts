import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { ConflictCode, ErrorCode } from '../schema/protocol.ts';
import type { ConflictResult, GrantedLease, LeaseResult, MutationRejected, OfflineContext, WritePayload, WriteResult } from './context.ts';
import { visibleRow } from './mutation/visible.ts';

/**
 * For schemas without result unions: gives back what was written, and throws what was not as the error that clients take for a conflict
 * (`extensions: { code: 'CONFLICT', conflict }`) or a refusal (its own code).
 *
 * ```ts
 * updateTodo: async (_root, { input }, context, info) => payloadOrError(await context.offline.write.update('Todo', input), context, info)
 * ```
 *
 * `null`, as `expectVersion` answers, is given back as it is. What a conflict shows of the entity goes through the resolvers of its
 * fields: one that fails for this caller is left out.
 * @throws GraphQLError
 */
export async function payloadOrError<Result extends WriteResult | null>(
  result: Result,
  context: OfflineContext,
  info: GraphQLResolveInfo,
): Promise<Exclude<Result, ConflictResult | MutationRejected>> {
  if (isRejected(result)) throw refusal(result);
  if (isConflict(result)) {
    const { __typename: _, message, server, lease, ...rest } = result;
    const shown = server === null ? null : await visibleRow(server, context, info.schema);
    const conflict = { message, ...rest, server: shown, ...(lease ? { lease } : {}) };
    throw new GraphQLError(message, { extensions: { code: ErrorCode.CONFLICT, conflict } });
  }
  return result as Exclude<Result, ConflictResult | MutationRejected>;
}

/** A lease; what is none is thrown: that somebody else has it as an error with `code: 'LEASE_HELD'`, `lease`, or a refusal. */
export function leaseOrError(result: LeaseResult): GrantedLease {
  if (result.__typename === 'Lease') return result;
  if (isRejected(result)) throw refusal(result);
  const { __typename: _, message, ...lease } = result;
  throw new GraphQLError(message, { extensions: { code: ConflictCode.LEASE_HELD, lease } });
}

function refusal({ code, message, field }: MutationRejected): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...(field === null ? {} : { field }) } });
}

function isRejected(result: WriteResult | LeaseResult | null): result is MutationRejected {
  return result?.__typename === 'MutationRejected';
}

function isConflict(result: WriteResult | null): result is ConflictResult {
  return result !== null && 'conflictingFields' in result && !isPayload(result);
}

function isPayload(result: WriteResult): result is WritePayload {
  return 'mergedFields' in result;
}
