import {
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
} from 'graphql';
import { definitionsOf, isObjectType, type SchemaSource } from './ast.ts';
import { type ConflictProfile, DEFAULT_SYNC_LIMIT, filterSdl, generatedSdl } from './generated-sdl.ts';
import { OFFLINE_SDL } from './offline-sdl.ts';
import { type Problem, SchemaError } from './problem.ts';
import { readVersionedTypes, type VersionedTypes } from './types.ts';

export interface ExpandedSchema extends VersionedTypes {
  /** The whole schema as SDL: the shared types, the application's own, and what is generated for each `@versioned` type. */
  readonly document: DocumentNode;
}

const ROOTS = ['Query', 'Mutation', 'Subscription'] as const;

const SYNC_QUERY = `
  "What changed since a cursor; everything when there is none. At most 1000 changes a page."
  sync(since: SyncCursor, "All types when absent." types: [String!], limit: Int = ${DEFAULT_SYNC_LIMIT}): SyncPage!`;
const SYNC_SUBSCRIPTION = `
  "Says that there is something to pull."
  syncHint(types: [String!]): SyncHint!`;

const leaseMutations = (result: string): string => `
  "Asks to be the only one who changes an entity, for so many milliseconds or as many as the server gives."
  acquireLease(typename: String!, id: ID!, ttlMs: Int!): ${result}
  renewLease(typename: String!, id: ID!, fencingToken: Float!, ttlMs: Int!): ${result}
  "Whether there was anything to release."
  releaseLease(typename: String!, id: ID!, fencingToken: Float!): Boolean`;

/** What is for result unions alone: the errors profile says these things in errors. */
const FOR_UNIONS: ReadonlySet<string> = new Set(['Conflict', 'ConflictCode', 'MutationRejected', 'LeaseHeld', 'LeaseResult']);

/**
 * Annotated SDL → the schema that clients see. The same code stands behind createOfflineSchema and code generation, so that
 * generated types and the running server cannot differ.
 *
 * `source` must not be an executable schema: that one is expanded already. `conflicts: 'errors'`: a schema without unions, whose
 * conflicts and refusals are GraphQL errors; default `'union'`.
 * @throws SchemaError with every problem found.
 */
export function expandSchema(
  source: Exclude<SchemaSource, GraphQLSchema>,
  { conflicts = 'union' }: { readonly conflicts?: ConflictProfile } = {},
): ExpandedSchema {
  const own = definitionsOf(source).filter((node) => !isSharedScalar(node));
  const leaves = (node: DefinitionNode): boolean => conflicts === 'errors' && 'name' in node && FOR_UNIONS.has(node.name?.value ?? '');
  const shared = definitionsOf(OFFLINE_SDL).filter((node) => !leaves(node));
  const reading = readVersionedTypes([documentOf(shared), documentOf(own)]);
  if (reading.problems.length > 0) throw new SchemaError(reading.problems);

  const generated = Object.entries(reading.types).map(([typename, type]) =>
    generatedSdl(typename, type, namesOf(reading, typename), conflicts),
  );
  const filters = new Map(
    generated.flatMap(({ filtered }) => filtered).map(({ type, list }) => [`${type} ${list}`, filterSdl(type, list)]),
  );
  const query = generated.map((sdl) => sdl.query).join('') + SYNC_QUERY;
  const leases = generated.length === 0 ? '' : leaseMutations(conflicts === 'union' ? 'LeaseResult' : 'Lease');
  const mutation = generated.map((sdl) => sdl.mutation).join('') + leases;
  const roots = `type Query {${query}\n}\n${mutation ? `type Mutation {${mutation}\n}\n` : ''}type Subscription {${SYNC_SUBSCRIPTION}\n}`;
  const additions = definitionsOf([...generated.map((sdl) => sdl.types), ...filters.values()].join('\n') + roots);

  const problems = clashes(own, [...shared, ...additions]);
  if (problems.length > 0) throw new SchemaError(problems);
  const application = own.filter((node) => !isRoot(node)).map((node) => (isVersioned(node, reading) ? withOwnFields(node) : node));
  const others = additions.filter((node) => !isRoot(node));
  return { ...reading, document: documentOf([...shared, ...application, ...others, ...joinRoots([...additions, ...own])]) };
}

const documentOf = (definitions: readonly DefinitionNode[]): DocumentNode => ({ kind: Kind.DOCUMENT, definitions });

function namesOf(reading: VersionedTypes, typename: string) {
  const names = reading.names[typename];
  if (names === undefined) throw new TypeError(`no names for ${typename}`);
  return names;
}

/** Applications and editors like to declare the scalars they use; ours say the same. */
function isSharedScalar(node: DefinitionNode): boolean {
  return node.kind === Kind.SCALAR_TYPE_DEFINITION && ['DateTime', 'Version', 'SyncCursor'].includes(node.name.value);
}

function isRoot(node: DefinitionNode): node is ObjectTypeDefinitionNode {
  return isObjectType(node) && (ROOTS as readonly string[]).includes(node.name.value);
}

function isVersioned(node: DefinitionNode, { types }: VersionedTypes): node is ObjectTypeDefinitionNode {
  return isObjectType(node) && Object.hasOwn(types, node.name.value);
}

const VERSIONED = parse('type T implements Versioned { _version: Version! _lastChangedAt: DateTime! _deleted: Boolean! }', {
  noLocation: true,
}).definitions[0] as ObjectTypeDefinitionNode;

function withOwnFields(node: ObjectTypeDefinitionNode): ObjectTypeDefinitionNode {
  const has = (list: readonly { readonly name: { readonly value: string } }[] | undefined, name: string) =>
    list?.some((item) => item.name.value === name);
  return {
    ...node,
    interfaces: [...(node.interfaces ?? []), ...(has(node.interfaces, 'Versioned') ? [] : (VERSIONED.interfaces ?? []))],
    fields: [...(node.fields ?? []), ...(VERSIONED.fields ?? []).filter((field) => !has(node.fields, field.name.value))],
  };
}

function joinRoots(definitions: readonly DefinitionNode[]): ObjectTypeDefinitionNode[] {
  return ROOTS.flatMap((name) => {
    const parts = definitions.filter((node) => isRoot(node)).filter((node) => node.name.value === name);
    const [first] = parts;
    return first ? [{ ...first, fields: parts.flatMap((part) => part.fields ?? []) }] : [];
  });
}

/** Names that stand twice: types, and fields of the root types. */
function clashes(own: readonly DefinitionNode[], ours: readonly DefinitionNode[]): Problem[] {
  const problems: Problem[] = [];
  const types = new Set<string>();
  const rootFields = new Set<string>();
  const visit = (node: DefinitionNode, isOwn: boolean) => {
    if (!('name' in node) || node.name === undefined || node.kind === Kind.DIRECTIVE_DEFINITION) return;
    const type = node.name.value;
    if (isRoot(node)) {
      for (const field of node.fields ?? []) problems.push(...claim(rootFields, `${type}.${field.name.value}`, type, field, isOwn));
      return;
    }
    if (node.kind.endsWith('Extension')) return;
    problems.push(...claim(types, type, type, null, isOwn));
  };
  for (const node of ours) visit(node, false);
  for (const node of own) visit(node, true);
  return problems;
}

function claim(taken: Set<string>, key: string, type: string, field: FieldDefinitionNode | null, isOwn: boolean): Problem[] {
  if (!taken.has(key)) {
    taken.add(key);
    return [];
  }
  const message = 'this name is generated or shared already';
  if (field === null) return [{ type, field: null, message, fix: 'rename the type' }];
  const fix = isOwn
    ? 'remove it from the SDL (its resolver can be replaced through resolvers), or rename it'
    : 'two types lead to one name: rename one, or give its list another name, @versioned(list: "…")';
  return [{ type, field: field.name.value, message, fix }];
}
