import { hash } from 'node:crypto';
import { type FieldNode, type OperationDefinitionNode, valueFromASTUntyped } from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

/**
 * Names a field with its arguments: equal for a repeat under another response key, with other variable names, with keys of objects in
 * another order, with values written into the document, or with another selection (a newer release of the app asks for more).
 */
export function createFingerprint(operation: OperationDefinitionNode, variables: Variables): (node: FieldNode) => string {
  const values: Record<string, unknown> = { ...variables };
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    if (defaultValue !== undefined && values[name] === undefined) values[name] = valueFromASTUntyped(defaultValue);
  }
  return (node) => {
    const given = (node.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value, values)] as const);
    return hash('sha256', `${node.name.value}\n${canonical(Object.fromEntries(given))}`, 'base64url');
  };
}

/**
 * JSON with the keys of objects in order; what is `undefined` is absent. Of a file only what the client said: its reader keeps the time
 * of its arrival and the state of its stream beside that, and a repeat would not look like one.
 */
function canonical(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (isFile(value)) return canonical({ name: value.name, size: value.size, type: value.type });
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const item = (value as Readonly<Record<string, unknown>>)[key];
    if (item !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonical(item)}`;
  }
  return `{${text}}`;
}

function isFile(value: object): value is { readonly name?: unknown; readonly size?: unknown; readonly type?: unknown } {
  return 'arrayBuffer' in value && typeof value.arrayBuffer === 'function';
}
