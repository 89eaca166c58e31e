import { assertValidSchema, type DocumentNode, type GraphQLSchema } from 'graphql';
import { createSchema } from 'graphql-yoga';
import { definitionsOf, isObjectType } from '../schema/ast.ts';
import { lintConventions } from '../schema/conventions.ts';
import { type ExpandedSchema, expandSchema } from '../schema/expand.ts';
import type { ConflictProfile } from '../schema/generated-sdl.ts';
import { type Problem, SchemaError } from '../schema/problem.ts';
import type { OfflineContext } from './context.ts';
import { leaseOrError, payloadOrError } from './errors-profile.ts';
import { generatedWrite, noteGeneratedWrites } from './mutation/generated-write.ts';
import { noteReferences } from './mutation/open-fields.ts';
import { expected } from './options.ts';
import { offlineResolvers } from './schema/resolvers.ts';
import type { Store } from './store/store.ts';

/** Resolvers of the application, in the shape that graphql-tools takes: one map, or several of which later ones win. */
export type OfflineResolvers<TContext> = NonNullable<Parameters<typeof createSchema<TContext & OfflineContext>>[0]['resolvers']>;

export interface OfflineSchemaOptions<TContext> {
  /** SDL with `@versioned` types, and whatever else the application has: `extend type Query`, mutations of its own, other types. */
  readonly typeDefs: string | DocumentNode | readonly (string | DocumentNode)[];
  /**
   * Resolvers for what is not generated: computed fields, root fields of the application. One for a generated field replaces it;
   * `context.offline` gives it the same reads and writes.
   */
  readonly resolvers?: OfflineResolvers<TContext>;
  /** Opened with the types of the schema. Whether that went well is what `store.ready()` answers. */
  readonly store: Store;
  /**
   * How a write that did not take place is answered. `'union'`: by the members `TodoConflict` and `MutationRejected` of a result union.
   * `'errors'`, for schemas that cannot have unions: by a GraphQL error of code `CONFLICT`, or of the refusal's own. Default `'union'`.
   */
  readonly conflicts?: ConflictProfile;
}

/**
 * Annotated SDL in, executable schema out: for every `@versioned` type the queries, mutations, inputs and results that
 * schema/PROTOCOL.md lays down, with resolvers that read and write `store` through `context.offline`. Needs `useOffline` on the server.
 * @throws SchemaError (`code: 'BAD_SCHEMA'`) that names type, field and fix of everything that is wrong.
 */
export function createOfflineSchema<TContext = object>({
  typeDefs,
  resolvers,
  store,
  conflicts = 'union',
}: OfflineSchemaOptions<TContext>): GraphQLSchema {
  if (conflicts !== 'union' && conflicts !== 'errors') throw expected('createOfflineSchema', 'conflicts', "'union' or 'errors'", conflicts);
  const expanded = expandSchema(typeDefs, { conflicts });
  const own = resolvers === undefined ? [] : Array.isArray(resolvers) ? resolvers : [resolvers];
  const unanswered = unansweredFields(expanded, typeDefs, own);
  if (unanswered.length > 0) throw new SchemaError(unanswered);

  const generated = offlineResolvers(
    expanded,
    generatedWrite,
    conflicts === 'errors' ? { payload: payloadOrError, lease: leaseOrError } : null,
  ) as OfflineResolvers<TContext>;
  const schema = createSchema<TContext & OfflineContext>({ typeDefs: expanded.document, resolvers: [generated, ...own].flat() });
  assertValidSchema(schema);
  noteGeneratedWrites(
    schema,
    Object.entries(expanded.names).flatMap(([typename, names]) =>
      (['create', 'update', 'delete'] as const)
        .filter((kind) => !own.some((map) => hasResolver(map, 'Mutation', names[kind])))
        .map((kind) => [names[kind], { kind, typename, isAnswer: conflicts === 'union' }] as const),
    ),
  );
  noteReferences(
    schema,
    Object.entries(expanded.types).flatMap(([typename, { fields }]) =>
      Object.entries(fields)
        .filter(([name, field]) => field.kind === 'reference' && !own.some((map) => hasResolver(map, typename, name)))
        .map(([name, field]) => [typename, name, field] as const),
    ),
  );
  const problems = lintConventions(schema);
  if (problems.length > 0) throw new SchemaError(problems);

  // Every call on the store rejects with this failure too, and the server awaits store.ready() before it listens.
  store.open(expanded.types).catch(() => {});
  return schema;
}

/** A field that nobody resolves would answer null for ever: better said at the start. */
function unansweredFields(
  { computed }: ExpandedSchema,
  typeDefs: OfflineSchemaOptions<object>['typeDefs'],
  resolvers: readonly unknown[],
): Problem[] {
  const roots = definitionsOf(typeDefs)
    .filter(isObjectType)
    .filter((node) => ['Query', 'Mutation', 'Subscription'].includes(node.name.value))
    .map((node) => [node.name.value, (node.fields ?? []).map((field) => field.name.value)] as const);
  return [...Object.entries(computed), ...roots].flatMap(([type, fields]) =>
    fields
      .filter((field) => !resolvers.some((map) => hasResolver(map, type, field)))
      .map((field) => ({
        type,
        field,
        message: 'it is not stored and nothing resolves it',
        fix: `give createOfflineSchema resolvers.${type}.${field}`,
      })),
  );
}

function hasResolver(map: unknown, type: string, field: string): boolean {
  const fields = (map as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>)[type];
  return fields?.[field] !== undefined;
}
