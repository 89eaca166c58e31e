import { type DocumentNode, Kind, type OperationDefinitionNode, print, type TypeNode } from 'graphql';
import type { ManifestField, OfflineManifest } from '../../schema/manifest.ts';
import { isObject } from '../../schema/shape.ts';

type Variables = Readonly<Record<string, unknown>>;

/**
 * What is wrong with variables by the types that the document declares and the manifest knows; null: nothing that can be seen here.
 * Enums and scalars of the schema's own are for the server to judge.
 */
export function variableProblem(document: DocumentNode, variables: Variables, manifest: OfflineManifest | null): string | null {
  const operation = document.definitions.find((node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION);
  for (const { variable, type, defaultValue } of operation?.variableDefinitions ?? []) {
    const value = variables[variable.name.value];
    if (value === undefined && defaultValue) continue;
    const problem = typeProblem(type, value, manifest);
    if (problem !== null) return `$${variable.name.value}${problem}`;
  }
  return null;
}

function typeProblem(type: TypeNode, value: unknown, manifest: OfflineManifest | null): string | null {
  if (type.kind === Kind.NON_NULL_TYPE) {
    if (value === null || value === undefined) return expected(print(type), value);
    return typeProblem(type.type, value, manifest);
  }
  if (value === null || value === undefined) return null;
  if (type.kind === Kind.LIST_TYPE) {
    // A single value stands for a list of one (GraphQL, "Input Coercion" of lists).
    for (const item of Array.isArray(value) ? value : [value]) {
      const problem = typeProblem(type.type, item, manifest);
      if (problem !== null) return problem;
    }
    return null;
  }
  return namedProblem(type.name.value, value) ?? inputProblem(type.name.value, value, manifest);
}

const INT = 2 ** 31;
const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  Int: (value) => Number.isInteger(value) && (value as number) >= -INT && (value as number) < INT,
  Float: (value) => Number.isFinite(value),
  String: (value) => typeof value === 'string',
  Boolean: (value) => typeof value === 'boolean',
  ID: (value) => typeof value === 'string' || Number.isInteger(value),
};

function namedProblem(name: string, value: unknown): string | null {
  const is = SCALARS[name];
  return is && !is(value) ? expected(name, value) : null;
}

/** Of the input of a generated mutation every field is known. */
function inputProblem(name: string, value: unknown, manifest: OfflineManifest | null): string | null {
  const mutation = Object.values(manifest?.mutations ?? {}).find(({ inputType }) => inputType === name);
  const type = mutation && manifest?.types[mutation.typename];
  if (!type) return null;
  if (!isObject(value)) return expected(name, value);
  const fields = new Map(Object.values(type.fields).map((field) => [field.input, field]));
  for (const [key, item] of Object.entries(value)) {
    if (key === 'id' || key === '_version') continue;
    const field = fields.get(key);
    if (!field) return `.${key}: ${mutation.typename} has no field ${key} that a mutation could set`;
    const problem = fieldProblem(field, item);
    if (problem !== null) return `.${key}${problem}`;
  }
  return null;
}

function fieldProblem(field: ManifestField, value: unknown): string | null {
  if (value === null) return field.nullable ? null : expected(spelt(field), value);
  if (field.list && !Array.isArray(value)) return expected(spelt(field), value);
  const name = field.kind === 'reference' ? 'ID' : field.type;
  const wrong = (field.list ? (value as readonly unknown[]) : [value]).some((item) => item === null || namedProblem(name, item) !== null);
  return wrong ? expected(spelt(field), value) : null;
}

/** As the schema spells it. */
function spelt({ kind, type, list, nullable }: ManifestField): string {
  const name = kind === 'reference' ? 'ID' : type;
  return `${list ? `[${name}!]` : name}${nullable ? '' : '!'}`;
}

function expected(type: string, value: unknown): string {
  return `: expected ${type}, got ${(JSON.stringify(value) ?? 'nothing').slice(0, 60)}`;
}
