import { execute, GraphQLError, type GraphQLResolveInfo, GraphQLSchema, isObjectType, parse } from 'graphql';
import type { ManifestType } from '../schema/manifest.ts';
import { ErrorCode, VERSIONED_FIELDS } from '../schema/protocol.ts';
import { readVersionedTypes } from '../schema/types.ts';
import type { ConflictResult, MutationRejected, OfflineContext, WritePayload, WriteResult } from './context.ts';
import type { Row } from './store/store.ts';

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
  if (isRejected(result)) {
    const { code, message, field } = result;
    throw new GraphQLError(message, { extensions: { code, ...(field === null ? {} : { field }) } });
  }
  if (isConflict(result)) {
    const { __typename: _, message, server, lease, ...rest } = result;
    const shown = server === null ? null : await visible(server, context, info.schema);
    const conflict = { message, ...rest, server: shown, ...(lease ? { lease } : {}) };
    throw new GraphQLError(message, { extensions: { code: ErrorCode.CONFLICT, conflict } });
  }
  return result as Exclude<Result, ConflictResult | MutationRejected>;
}

function isRejected(result: WriteResult | null): result is MutationRejected {
  return result?.__typename === 'MutationRejected';
}

function isConflict(result: WriteResult | null): result is ConflictResult {
  return result !== null && 'conflictingFields' in result && !isPayload(result);
}

function isPayload(result: WriteResult): result is WritePayload {
  return 'mergedFields' in result;
}

interface Reader {
  /** The entity's type as the root of queries: what asks for its fields runs their resolvers, whoever may have wrapped them. */
  readonly schema: GraphQLSchema;
  readonly fields: ReadonlyMap<string, ReturnType<typeof parse>>;
}

const readers = new WeakMap<GraphQLSchema, Map<string, Reader>>();

function readerOf(schema: GraphQLSchema, typename: string): Reader | null {
  const known = readers.get(schema) ?? new Map<string, Reader>();
  readers.set(schema, known);
  const before = known.get(typename);
  if (before) return before;
  const query = schema.getType(typename);
  const type: ManifestType | undefined = readVersionedTypes(schema).types[typename];
  if (!isObjectType(query) || type === undefined) return null;
  const texts: readonly (readonly [string, string])[] = [
    ...VERSIONED_FIELDS.map((name) => [name, name] as const),
    ...Object.entries(type.fields).map(([name, { kind }]) => [name, kind === 'reference' ? `${name} { __typename id }` : name] as const),
  ];
  const reader = {
    schema: new GraphQLSchema({ ...schema.toConfig(), query, mutation: null, subscription: null, assumeValid: true }),
    fields: new Map(texts.map(([name, text]) => [name, parse(`{ ${text} }`, { noLocation: true })])),
  };
  known.set(typename, reader);
  return reader;
}

/** Each field alone, because the failure of one that may not be null would take its neighbours with it. */
async function visible(row: Row, contextValue: OfflineContext, schema: GraphQLSchema): Promise<Readonly<Record<string, unknown>> | null> {
  const reader = readerOf(schema, row.__typename);
  if (reader === null) return null;
  const shown: Record<string, unknown> = { __typename: row.__typename };
  for (const [name, document] of reader.fields) {
    const { data, errors } = await execute({ schema: reader.schema, document, rootValue: row, contextValue });
    if (data && errors === undefined) shown[name] = data[name];
  }
  return shown;
}
