import { collectFields } from '@graphql-tools/utils';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { type DirectPlan, planDirect } from './direct.ts';
import { type GeneratedWrite, generatedWriteOf } from './generated-write.ts';

/** Asked of every root field besides what the client asks, and taken out of the answer: which type of the result union it was. */
export const TYPE_PROBE = '__offlineType';

/** One root field of a mutation, executable by itself. */
export interface FieldPlan {
  readonly responseKey: string;
  readonly fieldName: string;
  readonly node: FieldNode;
  /** Holds this root field alone, with the variables and fragments that it uses. */
  readonly document: DocumentNode;
  readonly nullable: boolean;
  /** `null`: a field of the application's own. */
  readonly write: GeneratedWrite | null;
}

export interface OperationPlan {
  readonly operation: OperationDefinitionNode;
  /** In the order in which the specification runs them. */
  readonly fields: readonly FieldPlan[];
  /** Nothing but generated writes, which undo nothing of each other and leave nothing behind when they are refused. */
  readonly onlyWrites: boolean;
  /** The same without the executor, where it is not needed. */
  readonly direct: DirectPlan | null;
}

/** Takes mutations apart, and keeps what it made of each. */
export interface Planner {
  plan(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): OperationPlan;
  /** The plan that holds for all variables; `null`: it depends on them which root fields there are. */
  planForAll(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): OperationPlan | null;
}

type Variables = Readonly<Record<string, unknown>>;

/** `deciders`: the variables on which it depends which root fields there are. */
interface OperationPlans {
  readonly deciders: readonly string[];
  readonly byValues: Map<string, OperationPlan>;
}

/**
 * Splits a mutation by response key. A plan is kept with its document node (servers hand out the same node for the same text), once per
 * set of values that root `@include` and `@skip` depend on.
 */
export function createPlanner(): Planner {
  const plans = new WeakMap<GraphQLSchema, WeakMap<OperationDefinitionNode, OperationPlans>>();
  const plansOf = (schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): OperationPlans => {
    const ofSchema = plans.get(schema) ?? new WeakMap<OperationDefinitionNode, OperationPlans>();
    plans.set(schema, ofSchema);
    const known = ofSchema.get(operation) ?? { deciders: [...decidersOf(document, operation)], byValues: new Map<string, OperationPlan>() };
    ofSchema.set(operation, known);
    return known;
  };
  const plan: Planner['plan'] = (schema, document, operation, variables) => {
    const known = plansOf(schema, document, operation);
    const values = known.deciders.map((name) => (variables[name] === true ? '1' : '0')).join('');
    let found = known.byValues.get(values);
    if (found === undefined) {
      found = planOperation(schema, document, operation, variables);
      // Two per deciding variable at most come up in earnest; a client that tries them all is not helped by being remembered.
      if (known.byValues.size < 64) known.byValues.set(values, found);
    }
    return found;
  };
  return {
    plan,
    planForAll: (schema, document, operation) =>
      plansOf(schema, document, operation).deciders.length > 0 ? null : plan(schema, document, operation, {}),
  };
}

function planOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): OperationPlan {
  const mutation = schema.getMutationType();
  if (mutation == null) return { operation, fields: [], onlyWrites: false, direct: null };
  const fragments = fragmentsOf(document);
  const { fields } = collectFields(schema, Object.fromEntries(fragments), variables, mutation, withoutDefer(operation.selectionSet));
  const definitions = mutation.getFields();
  const planned = [...fields].map(([responseKey, nodes]): FieldPlan => {
    const [node] = nodes as [FieldNode];
    const { type, resolve } = definitions[node.name.value] ?? {};
    const named = type === undefined ? undefined : getNamedType(type);
    const probed = type !== undefined && !isListType(getNullableType(type)) && (isObjectType(named) || isAbstractType(named));
    return {
      responseKey,
      fieldName: node.name.value,
      node,
      document: documentOf(operation, probed ? nodes.map(withProbe) : nodes, fragments),
      nullable: !isNonNullType(type),
      write: generatedWriteOf(resolve),
    };
  });
  const isBare = ({ directives = [] }: FieldNode): boolean => directives.length === 0;
  return {
    operation,
    fields: planned,
    onlyWrites: planned.every(({ write }) => write !== null) && [...fields.values()].flat().every(isBare),
    direct: planDirect(schema, operation, fragments, fields),
  };
}

function documentOf(
  operation: OperationDefinitionNode,
  nodes: readonly FieldNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): DocumentNode {
  const usedVariables = new Set<string>();
  const usedFragments = new Map<string, FragmentDefinitionNode>();
  const note = (node: FieldNode | FragmentDefinitionNode | OperationDefinitionNode): void => {
    visit(node, {
      Variable: ({ name }) => {
        usedVariables.add(name.value);
      },
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value);
        if (fragment === undefined || usedFragments.has(name.value)) return;
        usedFragments.set(name.value, fragment);
        note(fragment);
      },
    });
  };
  for (const node of nodes) note(node);
  // Directives of the operation are for other plugins to see.
  note({ ...operation, variableDefinitions: [], selectionSet: { kind: Kind.SELECTION_SET, selections: [] } });
  const definition: OperationDefinitionNode = {
    ...operation,
    variableDefinitions: (operation.variableDefinitions ?? []).filter(({ variable }) => usedVariables.has(variable.name.value)),
    selectionSet: { kind: Kind.SELECTION_SET, selections: nodes },
  };
  return { kind: Kind.DOCUMENT, definitions: [definition, ...usedFragments.values()] };
}

/** Only the first of merged nodes: once is enough. */
function withProbe(node: FieldNode, index: number): FieldNode {
  if (index > 0 || node.selectionSet === undefined) return node;
  const probe: FieldNode = {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: '__typename' },
    alias: { kind: Kind.NAME, value: TYPE_PROBE },
  };
  return { ...node, selectionSet: { ...node.selectionSet, selections: [...node.selectionSet.selections, probe] } };
}

/** `@defer` on a root fragment is a hint that a server may ignore: the answer of a mutation is complete when it is stored. */
function withoutDefer(selectionSet: SelectionSetNode): SelectionSetNode {
  const plain = <Node extends SelectionNode>(node: Node): Node => ({
    ...node,
    directives: node.directives?.filter(({ name }) => name.value !== 'defer') ?? [],
  });
  return {
    ...selectionSet,
    selections: selectionSet.selections.map((node) => {
      if (node.kind === Kind.FIELD) return node;
      return node.kind === Kind.INLINE_FRAGMENT ? { ...plain(node), selectionSet: withoutDefer(node.selectionSet) } : plain(node);
    }),
  };
}

/** Variables on which it depends which root fields there are. */
function decidersOf(document: DocumentNode, operation: OperationDefinitionNode): ReadonlySet<string> {
  const fragments = fragmentsOf(document);
  const deciders = new Set<string>();
  const seen = new Set<string>();
  const walk = (selectionSet: SelectionSetNode): void => {
    for (const node of selectionSet.selections) {
      for (const directive of node.directives ?? []) {
        for (const { value } of directive.arguments ?? []) if (value.kind === Kind.VARIABLE) deciders.add(value.name.value);
      }
      if (node.kind === Kind.INLINE_FRAGMENT) walk(node.selectionSet);
      if (node.kind !== Kind.FRAGMENT_SPREAD || seen.has(node.name.value)) continue;
      seen.add(node.name.value);
      const fragment = fragments.get(node.name.value);
      if (fragment !== undefined) walk(fragment.selectionSet);
    }
  };
  walk(operation.selectionSet);
  return deciders;
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
}
