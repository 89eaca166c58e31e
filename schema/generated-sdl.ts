import type { ManifestField, ManifestType } from './manifest.ts';
import type { GeneratedNames } from './protocol.ts';

/** The SDL that createOfflineSchema writes for one versioned type. */
export interface GeneratedSdl {
  /** Inputs, results, connection, filter and order. */
  readonly types: string;
  /** Fields of the root types, without the braces. */
  readonly query: string;
  readonly mutation: string;
  /** Named types whose filter inputs are needed. */
  readonly filtered: readonly { readonly type: string; readonly list: boolean }[];
}

/** How many rows a list query gives when nobody says. At most {@link MAX_PAGE_SIZE}. */
export const DEFAULT_PAGE_SIZE = 100;
export const MAX_PAGE_SIZE = 1000;
/** How many changes one sync page holds when nobody says. At most {@link MAX_PAGE_SIZE}. */
export const DEFAULT_SYNC_LIMIT = 500;

/** How a write that did not take place is answered: as another member of a result union, or as an error (the errors profile). */
export type ConflictProfile = 'union' | 'errors';

export function generatedSdl(typename: string, type: ManifestType, names: GeneratedNames, profile: ConflictProfile): GeneratedSdl {
  const { entity, list, conflict, connection, filter, order } = names;
  const fields = Object.values(type.fields);
  const create = names.create;
  const answer = profile === 'union' ? resultName : payloadName;
  const filters = [
    { name: 'id', type: 'ID', list: false },
    ...fields.map((field) => ({ name: field.input, type: scalarOf(field), list: field.list })),
    { name: '_lastChangedAt', type: 'DateTime', list: false },
  ];
  const orders = ['id', ...fields.filter((field) => !field.list).map((field) => field.input), '_version', '_lastChangedAt'];
  return {
    query: `
  "One ${typename} by id; null when it never was, or is gone."
  ${entity}(id: ID!): ${typename}
  ${list}(filter: ${filter}, orderBy: [${order}!], first: Int = ${DEFAULT_PAGE_SIZE}, after: String): ${connection}!`,
    mutation: `
  ${create}(input: ${inputName(create)}!): ${answer(create)}
  ${names.update}(input: ${inputName(names.update)}!): ${answer(names.update)}
  ${names.delete}(input: ${inputName(names.delete)}!): ${answer(names.delete)}`,
    types: `
input ${inputName(create)} {
  "Chosen by the client (a UUIDv7), so that what refers to it can be written offline. The server chooses when absent."
  id: ID
${lines(fields.map((field) => `${field.input}: ${inputType(field)}${field.nullable ? '' : '!'}`))}
}

"Absent: unchanged. null: set to null. Send only what changed."
input ${inputName(names.update)} {
  id: ID!
  "The version that the change was made on."
  _version: Version!
${lines(fields.map((field) => `${field.input}: ${inputType(field)}`))}
}

input ${inputName(names.delete)} {
  id: ID!
  _version: Version!
}
${[create, names.update, names.delete].map((mutation) => resultSdl(mutation, typename, names, profile)).join('\n')}
${profile === 'union' ? conflictSdl(typename, conflict) : ''}
type ${connection} {
  nodes: [${typename}!]!
  pageInfo: PageInfo!
  "Of all pages together."
  totalCount: Int!
}

"All conditions given must hold."
input ${filter} {
  and: [${filter}!]
  or: [${filter}!]
  not: ${filter}
${lines(filters.map((field) => `${field.name}: ${filterName(field.type, field.list)}`))}
}

input ${order} {
  field: ${order}Field!
  direction: OrderDirection = ASC
}

enum ${order}Field {
${lines(orders)}
}
`,
    filtered: filters,
  };
}

/** `updateTodo` → `UpdateTodoInput`, `UpdateTodoResult`, `UpdateTodoPayload`. */
export const inputName = (mutation: string): string => `${capital(mutation)}Input`;
export const resultName = (mutation: string): string => `${capital(mutation)}Result`;
export const payloadName = (mutation: string): string => `${capital(mutation)}Payload`;
const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

function conflictSdl(typename: string, conflict: string): string {
  return `type ${conflict} implements Conflict {
  code: ConflictCode!
  message: String!
  expectedVersion: Version
  currentVersion: Version
  conflictingFields: [String!]!
  "As it is at the server now; null when it is gone."
  server: ${typename}
  "The lease that stands in the way."
  lease: LeaseHeld
}
`;
}

function resultSdl(mutation: string, typename: string, { entity, conflict }: GeneratedNames, profile: ConflictProfile): string {
  const union = `union ${resultName(mutation)} = ${payloadName(mutation)} | ${conflict} | MutationRejected\n`;
  return `
${profile === 'union' ? union : ''}
type ${payloadName(mutation)} {
  ${entity}: ${typename}!
  "Input fields that somebody else had changed too: what stands there now is not this change alone."
  mergedFields: [String!]!
}
`;
}

/** The input for conditions on fields of one type: the operators that make sense for it. */
export function filterSdl(type: string, list: boolean): string {
  const name = filterName(type, list);
  if (list) return `input ${name} {\n  "Has this among its items."\n  contains: ${type}\n}\n`;
  const equality = [`eq: ${type}`, `ne: ${type}`];
  const set = [`in: [${type}!]`];
  const range = ['lt', 'lte', 'gt', 'gte'].map((operator) => `${operator}: ${type}`);
  const operators: Readonly<Record<string, readonly string[]>> = {
    Boolean: equality,
    Int: [...equality, ...set, ...range],
    Float: [...equality, ...set, ...range],
    DateTime: [...equality, ...set, ...range],
    String: [...equality, ...set, ...range, '"Has this within it, capitals A to Z or not."\n  contains: String'],
  };
  return `input ${name} {\n${lines(operators[type] ?? [...equality, ...set])}\n}\n`;
}

const filterName = (type: string, list: boolean): string => `${type}${list ? 'List' : ''}Filter`;
/** References are written, filtered and ordered by the id of what they refer to. */
const scalarOf = (field: ManifestField): string => (field.kind === 'reference' ? 'ID' : field.type);
const inputType = (field: ManifestField): string => (field.list ? `[${scalarOf(field)}!]` : scalarOf(field));
const lines = (items: readonly string[]): string => items.map((item) => `  ${item}`).join('\n');
