import { collectFields } from '@graphql-tools/utils';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
} from 'graphql';
import { asksForIdOnly } from '../../schema/selection.ts';
import { openFieldOf } from './open-fields.ts';

/** Makes of what a resolver gave what is sent, as CompleteValue of the specification does. Throws {@link Unusual}, or as `serialize` does. */
export type Complete = (value: unknown) => unknown;

/** A value that the executor may know what to do with: a function, a promise, a `null` where there may be none. */
class Unusual extends Error {}

export interface Asked {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

/**
 * Compiles the selection of a field into a function, for selections that are simply read from the value.
 * `null`: for some part of it a resolver has to be asked. Directives are not looked at: there may be none.
 */
export function compileSelection(asked: Asked, type: GraphQLOutputType, nodes: readonly FieldNode[]): Complete | null {
  if (isNonNullType(type)) {
    const complete = compileSelection(asked, type.ofType, nodes);
    return complete && ((value) => complete(value) ?? unusual());
  }
  if (isListType(type)) {
    const complete = compileSelection(asked, type.ofType, nodes);
    return complete && nullable((value) => (Array.isArray(value) ? value.map(complete) : unusual()));
  }
  if (isObjectType(type)) return compileObject(asked, type, nodes);
  if (isAbstractType(type)) return compileAbstract(asked, type, nodes);
  return nullable((value) => type.serialize(value) ?? unusual());
}

/** Which of the possible types it is, as the value itself says. */
function compileAbstract(asked: Asked, type: GraphQLAbstractType, nodes: readonly FieldNode[]): Complete | null {
  if (type.resolveType != null) return null;
  const members = new Map<unknown, Complete>();
  for (const member of asked.schema.getPossibleTypes(type)) {
    const complete = compileObject(asked, member, nodes);
    if (complete === null) return null;
    members.set(member.name, complete);
  }
  return nullable((value) => (members.get((value as { readonly __typename?: unknown }).__typename) ?? unusual)(value));
}

interface Part {
  readonly key: string;
  readonly read: (value: Readonly<Record<string, unknown>>) => unknown;
}

function compileObject(asked: Asked, type: GraphQLObjectType, nodes: readonly FieldNode[]): Complete | null {
  if (type.isTypeOf != null) return null;
  const selections = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []);
  const { fields } = collectFields(asked.schema, asked.fragments, {}, type, { kind: Kind.SELECTION_SET, selections });
  const parts: Part[] = [];
  for (const [key, fieldNodes] of fields) {
    const read = compileField(asked, type, fieldNodes);
    // Set like any other, that key would change the object's prototype.
    if (read === null || key === '__proto__') return null;
    parts.push({ key, read });
  }
  return nullable((value) => {
    if (typeof value !== 'object') return unusual();
    const completed: Record<string, unknown> = {};
    for (const { key, read } of parts) completed[key] = read(value as Readonly<Record<string, unknown>>);
    return completed;
  });
}

function compileField(asked: Asked, parent: GraphQLObjectType, nodes: readonly FieldNode[]): Part['read'] | null {
  const name = nodes[0]?.name.value ?? '';
  if (name === '__typename') return () => parent.name;
  const field = parent.getFields()[name];
  if (field === undefined || field.args.length > 0) return null;
  const open = openFieldOf(field.resolve);
  const complete = open && compileSelection(asked, field.type, nodes);
  if (open === null || complete === null) return null;
  if (open === 'property') return (value) => complete(value[name]);
  const { input, type: target } = open;
  // Of another entity only what its reference says: for more, it has to be read, and may not be seen.
  if (!asksForIdOnly(nodes)) return null;
  return (value) => complete(typeof value[input] === 'string' ? { __typename: target, id: value[input] } : null);
}

const nullable =
  (complete: Complete): Complete =>
  (value) =>
    value == null ? null : complete(plain(value));

/** What the executor would call, or wait for. */
function plain(value: unknown): unknown {
  const isUnusual =
    typeof value === 'function' || value instanceof Error || (typeof value === 'object' && value !== null && 'then' in value);
  return isUnusual ? unusual() : value;
}

function unusual(): never {
  throw new Unusual();
}
