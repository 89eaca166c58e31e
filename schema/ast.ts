import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  isSchema,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeNode,
  valueFromASTUntyped,
} from 'graphql';

/** A schema in any of its forms: SDL text, parsed SDL, several of them, or executable (built from SDL, so that its directives are there). */
export type SchemaSource = string | DocumentNode | GraphQLSchema | readonly (string | DocumentNode)[];

/** All definitions of a schema, with each `extend type` folded into the type that it extends. */
export function definitionsOf(source: SchemaSource): readonly DefinitionNode[] {
  return foldExtensions(rawDefinitions(source));
}

function rawDefinitions(source: SchemaSource): DefinitionNode[] {
  if (typeof source === 'string') return [...parse(source, { noLocation: true }).definitions];
  if (isSchema(source)) {
    return Object.values(source.getTypeMap()).flatMap((type) => [...(type.astNode ? [type.astNode] : []), ...type.extensionASTNodes]);
  }
  return 'definitions' in source ? [...source.definitions] : source.flatMap(rawDefinitions);
}

function foldExtensions(definitions: readonly DefinitionNode[]): readonly DefinitionNode[] {
  const folded = new Map<string | DefinitionNode, DefinitionNode>();
  for (const node of definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) {
      folded.set(node, node);
      continue;
    }
    const before = folded.get(node.name.value) as ObjectTypeDefinitionNode | undefined;
    const description = before?.description ?? (node.kind === Kind.OBJECT_TYPE_DEFINITION ? node.description : undefined);
    folded.set(node.name.value, {
      kind: Kind.OBJECT_TYPE_DEFINITION,
      name: node.name,
      ...(description ? { description } : {}),
      interfaces: [...(before?.interfaces ?? []), ...(node.interfaces ?? [])],
      directives: [...(before?.directives ?? []), ...(node.directives ?? [])],
      fields: [...(before?.fields ?? []), ...(node.fields ?? [])],
    });
  }
  return [...folded.values()];
}

export function isObjectType(node: DefinitionNode): node is ObjectTypeDefinitionNode {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION;
}

export function directiveOf(
  node: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
  name: string,
): ConstDirectiveNode | undefined {
  return node.directives?.find((directive) => directive.name.value === name);
}

/** The value of a directive's argument as plain data, enum values as strings; `undefined` when it is not given. */
export function argumentOf(directive: ConstDirectiveNode, name: string): unknown {
  const node = directive.arguments?.find((argument) => argument.name.value === name);
  return node && valueFromASTUntyped(node.value);
}

export interface TypeShape {
  /** The named type inside. */
  readonly type: string;
  /** How many list brackets stand around it. */
  readonly depth: number;
  /** Whether the outermost value may be null. */
  readonly nullable: boolean;
}

export function shapeOf(node: TypeNode): TypeShape {
  if (node.kind === Kind.NON_NULL_TYPE) return { ...shapeOf(node.type), nullable: false };
  if (node.kind === Kind.LIST_TYPE) return { type: shapeOf(node.type).type, depth: shapeOf(node.type).depth + 1, nullable: true };
  return { type: node.name.value, depth: 0, nullable: true };
}
