import {
  BREAK,
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  getArgumentValues,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { type Steps, wait } from '../steps.ts';
import { type Complete, compileSelection } from './complete.ts';
import { type GeneratedWrite, generatedWriteOf, type WriteAt } from './generated-write.ts';

interface DirectField {
  readonly responseKey: string;
  readonly write: GeneratedWrite;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
  readonly complete: Complete;
}

/** A document of generated writes that needs no executor: what it asks of their results is simply read from them. */
export interface DirectPlan {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fields: readonly DirectField[];
}

/** `null`: something in it is for the executor. */
export function planDirect(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  rootFields: ReadonlyMap<string, readonly FieldNode[]>,
): DirectPlan | null {
  // `@include` of a variable, `@defer`, or what an application has its own meaning for.
  if ([operation, ...fragments.values()].some(hasDirective)) return null;
  const definitions = schema.getMutationType()?.getFields() ?? {};
  const asked = { schema, fragments: Object.fromEntries(fragments) };
  const fields: DirectField[] = [];
  for (const [responseKey, nodes] of rootFields) {
    const definition = definitions[nodes[0]?.name.value ?? ''];
    const write = generatedWriteOf(definition?.resolve);
    const complete = definition === undefined || write === null ? null : compileSelection(asked, definition.type, nodes);
    if (definition === undefined || write?.isAnswer !== true || complete === null) return null;
    fields.push({ responseKey, write, definition, node: nodes[0] as FieldNode, complete });
  }
  return { schema, operation, fields };
}

/**
 * Runs the writes one after another and answers what the executor would answer for each. `null`: the variables are not what the operation
 * asks for.
 * Throws wherever the executor might answer something else; the caller undoes everything then and asks the executor.
 */
export function* runDirect(
  { schema, operation, fields }: DirectPlan,
  { variableValues }: Pick<ExecutionArgs, 'variableValues'>,
  writeAt: WriteAt,
): Steps<readonly unknown[] | null> {
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {});
  if (coerced === undefined) return null;
  const data: unknown[] = [];
  for (const { responseKey, write, definition, node, complete } of fields) {
    const input = inputOf(node, coerced) ?? getArgumentValues(definition, node, coerced).input;
    data.push(complete(yield* wait(writeAt(responseKey, (by) => by[write.kind](write.typename, input as Input)))));
  }
  return data;
}

type Input = Readonly<Record<string, unknown>>;

/** The one argument, where it is a variable that was given: nothing is left to be done about it. */
function inputOf({ arguments: given = [] }: FieldNode, variables: Input): unknown {
  const value = given[0]?.value;
  return value?.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
}

function hasDirective(node: OperationDefinitionNode | FragmentDefinitionNode): boolean {
  let found = false;
  visit(node, {
    Directive() {
      found = true;
      return BREAK;
    },
  });
  return found;
}
