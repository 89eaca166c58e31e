import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isNonNullType,
  isObjectType,
  isSchema,
  isUnionType,
} from 'graphql';
import type { SchemaSource } from './ast.ts';
import { expandSchema } from './expand.ts';
import { type Problem, SchemaError } from './problem.ts';
import { readVersionedTypes, type VersionedTypes } from './types.ts';

/**
 * Checks a schema against the conventions of PROTOCOL.md: annotated SDL before it is expanded, or an executable schema,
 * written by hand or not. An empty list: the client can work with all of it.
 * @throws GraphQLError when SDL does not parse.
 */
export function lintConventions(source: SchemaSource): readonly Problem[] {
  if (isSchema(source)) return lintExecutable(source);
  try {
    expandSchema(source);
    return [];
  } catch (error) {
    if (error instanceof SchemaError) return error.problems;
    throw error;
  }
}

function lintExecutable(schema: GraphQLSchema): readonly Problem[] {
  const reading = readVersionedTypes(schema);
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  return [
    ...reading.problems,
    ...Object.keys(reading.types).flatMap((typename) => lintType(schema, typename)),
    ...mutations.flatMap(lintMutation),
    ...Object.keys(reading.types).flatMap((typename) => lintGenerated(schema, typename, reading)),
    ...lintSync(schema, reading),
  ];
}

function lintType(schema: GraphQLSchema, typename: string): Problem[] {
  const type = schema.getType(typename);
  if (!isObjectType(type)) return [];
  const missing = ['_version: Version!', '_lastChangedAt: DateTime!', '_deleted: Boolean!'].filter(
    (field) => !type.getFields()[field.slice(0, field.indexOf(':'))],
  );
  const problems = missing.map((field) => ({
    type: typename,
    field: field.slice(0, field.indexOf(':')),
    message: 'every versioned type has this field',
    fix: `add ${field}`,
  }));
  if (type.getInterfaces().some((parent) => parent.name === 'Versioned')) return problems;
  return [
    ...problems,
    {
      type: typename,
      field: null,
      message: 'it does not say that it is Versioned',
      fix: `write type ${typename} implements Versioned @versioned`,
    },
  ];
}

/** By the specification a non-null root field that fails takes the whole answer with it, and a batch is one document. */
function lintMutation(field: GraphQLField<unknown, unknown>): Problem[] {
  if (!isNonNullType(field.type)) return [];
  return [
    {
      type: 'Mutation',
      field: field.name,
      message: 'it is non-null, so its failure would wipe out the answers of all other mutations sent with it',
      fix: `write ${field.name}: ${String(field.type).slice(0, -1)}`,
    },
  ];
}

/** A mutation under a generated name has the generated shape, or the client would misread it. */
function lintGenerated(schema: GraphQLSchema, typename: string, { names, types }: VersionedTypes): Problem[] {
  const own = names[typename];
  const fields = schema.getMutationType()?.getFields() ?? {};
  if (own === undefined) return [];
  return (['create', 'update', 'delete'] as const).flatMap((kind) => {
    const field = fields[own[kind]];
    if (field === undefined) return [];
    const problem = (message: string, fix: string): Problem[] => [{ type: 'Mutation', field: field.name, message, fix }];
    const input = field.args.length === 1 ? getNamedType(field.args[0]?.type) : undefined;
    if (!input || !('getFields' in input)) return problem('expected one argument, an input object', `write ${field.name}(input: …Input!)`);
    const has = input.getFields();
    const needed = kind === 'create' ? [] : ['id', '_version'];
    const absent = needed.filter((name) => !has[name]);
    if (absent.length > 0)
      return problem(`${input.name} lacks ${absent.join(' and ')}`, `add id: ID! and _version: Version! to ${input.name}`);
    const stored = Object.values(types[typename]?.fields ?? {}).map((entry) => entry.input);
    const demanded = kind === 'update' ? stored.filter((name) => has[name] && isNonNullType(has[name].type)) : [];
    if (demanded.length > 0)
      return problem(`${input.name} demands ${demanded.join(', ')}, but an update sends only what changed`, 'make them nullable');
    return lintResult(field, own.conflict, typename);
  });
}

function lintResult(field: GraphQLField<unknown, unknown>, conflict: string, typename: string): Problem[] {
  const result = getNamedType(field.type);
  // The errors profile: conflicts and refusals are errors, so a payload is all there is to return.
  if (isObjectType(result) && result.getFields().mergedFields && holds(result, typename)) return [];
  const members: readonly GraphQLObjectType[] = isUnionType(result) ? result.getTypes() : [];
  const missing = [conflict, 'MutationRejected'].filter((name) => !members.some((member) => member.name === name));
  const hasPayload = members.some((member) => member.name !== conflict && holds(member, typename));
  if (!hasPayload) missing.unshift(`a payload that holds the ${typename}`);
  if (missing.length === 0) return [];
  return [
    {
      type: 'Mutation',
      field: field.name,
      message: `its result, ${String(field.type)}, does not offer ${missing.join(', ')}`,
      fix: `return a union of a payload, ${conflict} and MutationRejected, or rename the field (the client then treats it as custom)`,
    },
  ];
}

function holds(type: GraphQLObjectType, typename: string): boolean {
  return Object.values(type.getFields()).some((entry) => getNamedType(entry.type).name === typename);
}

function lintSync(schema: GraphQLSchema, { types }: VersionedTypes): Problem[] {
  if (Object.keys(types).length === 0 || schema.getQueryType()?.getFields().sync) return [];
  return [
    {
      type: 'Query',
      field: 'sync',
      message: 'without it, clients cannot ask what changed',
      fix: 'add sync(since: SyncCursor, types: [String!], limit: Int = 500): SyncPage!',
    },
  ];
}
