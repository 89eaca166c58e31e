import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  type TypeNode,
  type ValueNode,
  type VariableDefinitionNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import type { ManifestMutation, OfflineManifest } from '../../schema/manifest.ts';
import { plain } from './plain.ts';

/** One mutation root field with a document of its own, ready to become a record. */
export interface OperationPart {
  readonly document: string;
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly field: string;
  readonly responseKey: string;
  /** What the manifest knows of the field; null: a custom mutation. */
  readonly mutation: ManifestMutation | null;
  /** The variable that holds the input object of a generated mutation. */
  readonly inputVariable: string | null;
  /** Names of the variables that hold ids, or lists of them. */
  readonly idVariables: readonly string[];
}

/**
 * Splits a mutation into one part per root field, in order. Each part keeps only the variables and fragments that it uses.
 * The input of a generated mutation ends up in one variable, however the caller wrote it, so that a rebase can rewrite it.
 * Root fields switched off by `@skip` / `@include` are left out.
 */
export function splitOperation(
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  manifest: OfflineManifest | null,
): readonly OperationPart[] {
  const operation = document.definitions.find((node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION);
  if (operation?.operation !== 'mutation') throw new TypeError('expected a document with one mutation, got none');
  const fragments = new Map(
    document.definitions
      .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
  const withDefaults = { ...defaultsOf(operation), ...given };
  const fields = rootFields(operation.selectionSet, fragments, withDefaults);
  return fields.map((field) => {
    const mutation = manifest?.mutations[field.name.value] ?? null;
    const shape = knownShape(document, field, mutation) ?? noteShape(document, field, shapeOf(field, operation, fragments, mutation));
    return partOf(shape, field, withDefaults);
  });
}

/** What a root field makes of its document, whatever the variables. */
interface Shape {
  readonly mutation: ManifestMutation | null;
  readonly document: string;
  readonly operationName: string;
  readonly inputVariable: string | null;
  /** The input, where the caller wrote it into the document. */
  readonly written: ValueNode | null;
  readonly usedVariables: ReadonlySet<string>;
  readonly idVariables: readonly string[];
}

/** An application has a few documents and calls them often. The same object is the same document, as everywhere in Apollo. */
const shapes = new WeakMap<DocumentNode, WeakMap<FieldNode, Shape>>();

function knownShape(document: DocumentNode, field: FieldNode, mutation: ManifestMutation | null): Shape | null {
  const known = shapes.get(document)?.get(field);
  return known?.mutation === mutation ? known : null;
}

function noteShape(document: DocumentNode, field: FieldNode, shape: Shape): Shape {
  const known = shapes.get(document) ?? new WeakMap<FieldNode, Shape>();
  shapes.set(document, known.set(field, shape));
  return shape;
}

function partOf(
  { document, operationName, mutation, inputVariable, written, usedVariables, idVariables }: Shape,
  field: FieldNode,
  variables: Readonly<Record<string, unknown>>,
): OperationPart {
  const values: Record<string, unknown> = { ...variables };
  // A variable without a value leaves its member out (GraphQL, "Input Objects").
  if (inputVariable !== null && written) values[inputVariable] = plain(valueFromASTUntyped(written, variables));
  return {
    document,
    operationName,
    variables: Object.fromEntries(Object.entries(values).filter(([key]) => usedVariables.has(key))),
    field: field.name.value,
    responseKey: field.alias?.value ?? field.name.value,
    mutation: inputVariable === null ? null : mutation,
    inputVariable,
    idVariables,
  };
}

function shapeOf(
  field: FieldNode,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  mutation: ManifestMutation | null,
): Shape {
  const definitions = [...(operation.variableDefinitions ?? [])];
  let written: ValueNode | null = null;
  let root: FieldNode = {
    ...field,
    directives: (field.directives ?? []).filter(({ name }) => name.value !== 'skip' && name.value !== 'include'),
  };
  let inputVariable: string | null = null;

  const argument = mutation && field.arguments?.find(({ name }) => name.value === mutation.input);
  if (mutation && argument) {
    if (argument.value.kind === Kind.VARIABLE) {
      inputVariable = argument.value.name.value;
    } else {
      inputVariable = freshName('input', definitions);
      written = argument.value as ValueNode;
      definitions.push(inputDefinition(inputVariable, mutation.inputType));
      const replaced = { ...argument, value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: inputVariable } } as const };
      root = { ...root, arguments: (root.arguments ?? []).map((other) => (other === argument ? replaced : other)) };
    }
  }

  const usedFragments = fragmentsUsed(root, fragments);
  const usedVariables = variablesUsed([root, ...usedFragments]);
  const variableDefinitions = definitions.filter(({ variable }) => usedVariables.has(variable.name.value));
  const name = operation.name?.value ?? mutationName(field.name.value);
  const part: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        ...operation,
        name: { kind: Kind.NAME, value: name },
        variableDefinitions,
        selectionSet: { kind: Kind.SELECTION_SET, selections: [root] },
      },
      ...usedFragments,
    ],
  };
  const idVariables = variableDefinitions.flatMap(({ variable, type }) => (nameOf(type) === 'ID' ? [variable.name.value] : []));
  return { mutation, document: print(part), operationName: name, inputVariable, written, usedVariables, idVariables };
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}

function rootFields(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  variables: Readonly<Record<string, unknown>>,
): readonly FieldNode[] {
  const byKey = new Map<string, FieldNode>();
  const collect = (selections: readonly SelectionNode[]): void => {
    for (const selection of selections) {
      if (!included(selection, variables)) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet.selections);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) collect(fragments.get(selection.name.value)?.selectionSet.selections ?? []);
      else if (selection.name.value !== '__typename') {
        const key = selection.alias?.value ?? selection.name.value;
        const before = byKey.get(key);
        byKey.set(key, before ? mergeSelections(before, selection) : selection);
      }
    }
  };
  collect(set.selections);
  return [...byKey.values()];
}

/** The same response key twice is one field with both selections (GraphQL, "Field Selection Merging"). */
function mergeSelections(a: FieldNode, b: FieldNode): FieldNode {
  if (!a.selectionSet || !b.selectionSet) return a;
  return { ...a, selectionSet: { ...a.selectionSet, selections: [...a.selectionSet.selections, ...b.selectionSet.selections] } };
}

function included(node: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
  return (node.directives ?? []).every(({ name, arguments: args }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true;
    const value = args?.[0] ? valueFromASTUntyped(args[0].value, variables) : undefined;
    return name.value === 'skip' ? value !== true : value === true;
  });
}

function fragmentsUsed(root: FieldNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): readonly FragmentDefinitionNode[] {
  const used = new Map<string, FragmentDefinitionNode>();
  const walk = (node: FieldNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value);
        if (!fragment || used.has(name.value)) return;
        used.set(name.value, fragment);
        walk(fragment);
      },
    });
  };
  walk(root);
  return [...used.values()];
}

function variablesUsed(nodes: readonly (FieldNode | FragmentDefinitionNode)[]): ReadonlySet<string> {
  const used = new Set<string>();
  for (const node of nodes) visit(node, { Variable: ({ name }) => void used.add(name.value) });
  return used;
}

function defaultsOf(operation: OperationDefinitionNode): Record<string, unknown> {
  const defaults: Record<string, unknown> = {};
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    if (defaultValue) defaults[variable.name.value] = valueFromASTUntyped(defaultValue);
  }
  return defaults;
}

function inputDefinition(name: string, type: string): VariableDefinitionNode {
  return {
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } },
    type: { kind: Kind.NON_NULL_TYPE, type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } } },
  };
}

function freshName(wanted: string, taken: readonly VariableDefinitionNode[]): string {
  const names = new Set(taken.map(({ variable }) => variable.name.value));
  let name = wanted;
  for (let n = 2; names.has(name); n += 1) name = `${wanted}${n}`;
  return name;
}

/** Servers log and limit by operation name; an anonymous document gets one. */
function mutationName(field: string): string {
  return field.charAt(0).toUpperCase() + field.slice(1);
}
