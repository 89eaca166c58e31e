import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  print,
} from 'graphql';
import { argumentOf, definitionsOf, directiveOf, isObjectType, type SchemaSource, shapeOf } from './ast.ts';
import type { ManifestField, ManifestType } from './manifest.ts';
import { type MergeStrategy, SUPPORTED_STRATEGIES } from './merge.ts';
import type { Problem } from './problem.ts';
import { type GeneratedNames, generatedNames } from './protocol.ts';
import { SUPPORTED_VERSION_KINDS, type VersionKind } from './version.ts';

export interface VersionedTypes {
  /** What the store keeps and the client knows, by type name. */
  readonly types: Readonly<Record<string, ManifestType>>;
  /** Names of what is generated for each type. */
  readonly names: Readonly<Record<string, GeneratedNames>>;
  /** Output fields that only a hand-written resolver can answer, by type name. */
  readonly computed: Readonly<Record<string, readonly string[]>>;
  /** When not empty, the rest is not to be used. */
  readonly problems: readonly Problem[];
}

/** Scalars that a stored field may have. Enums come on top. */
const STORED_SCALARS: readonly string[] = ['ID', 'String', 'Int', 'Float', 'Boolean', 'DateTime'];

/** Every versioned type has these, spelled so. */
const OWN_FIELDS: Readonly<Record<string, string>> = { id: 'ID!', _version: 'Version!', _lastChangedAt: 'DateTime!', _deleted: 'Boolean!' };

/** Strategies for any kind of field; the others ask for a list, a number or text, so they cannot be a type's default. */
const GENERAL_STRATEGIES: readonly string[] = ['REPORT', 'CLIENT_WINS', 'SERVER_WINS', 'LAST_WRITE_WINS'];

/** Words that mean something else where a field's name stands: in filters, in the enum of the order, on every object of JavaScript. */
const RESERVED_FIELD_NAMES: ReadonlySet<string> = new Set([
  ...['and', 'or', 'not', 'true', 'false', 'null'],
  ...Object.getOwnPropertyNames(Object.prototype),
]);

/**
 * Reads the `@versioned` types of a schema: annotated SDL, expanded SDL and the executable schema give the same.
 * What is wrong is returned as `problems`; only SDL that does not parse throws (graphql's GraphQLError).
 */
export function readVersionedTypes(source: SchemaSource): VersionedTypes {
  const definitions = definitionsOf(source);
  const kinds = kindsOf(definitions);
  const problems: Problem[] = [];
  const types: Record<string, ManifestType> = {};
  const names: Record<string, GeneratedNames> = {};
  const computed: Record<string, readonly string[]> = {};
  for (const node of definitions.filter(isObjectType)) {
    const typename = node.name.value;
    const mark = directiveOf(node, 'versioned');
    if (mark === undefined) {
      problems.push(...strayDirectives(node));
      continue;
    }
    const { by, merge, list } = versionedArguments(typename, mark, problems);
    const fields: Record<string, ManifestField> = {};
    const unstored: string[] = [];
    for (const field of node.fields ?? []) {
      const read = readField(field, merge, kinds);
      if ('field' in read) fields[field.name.value] = read.field;
      else if ('computed' in read) unstored.push(field.name.value);
      else if ('message' in read) problems.push({ type: typename, field: field.name.value, ...read });
    }
    if (!node.fields?.some((field) => field.name.value === 'id'))
      problems.push({ type: typename, field: 'id', message: 'a versioned type is known by its id', fix: 'add the field id: ID!' });
    problems.push(...nameProblems(typename, fields, unstored));
    types[typename] = { version: by, fields };
    names[typename] = generatedNames(typename, list);
    computed[typename] = unstored;
  }
  return { types, names, computed, problems };
}

type TypeKind = 'stored' | 'versioned' | 'scalar' | 'composite';

function kindsOf(definitions: readonly DefinitionNode[]): ReadonlyMap<string, TypeKind> {
  const kinds = new Map<string, TypeKind>();
  for (const node of definitions) {
    if (node.kind === Kind.SCALAR_TYPE_DEFINITION) kinds.set(node.name.value, 'scalar');
    if (node.kind === Kind.ENUM_TYPE_DEFINITION) kinds.set(node.name.value, 'stored');
    if (node.kind === Kind.INTERFACE_TYPE_DEFINITION || node.kind === Kind.UNION_TYPE_DEFINITION) kinds.set(node.name.value, 'composite');
    if (isObjectType(node)) kinds.set(node.name.value, directiveOf(node, 'versioned') ? 'versioned' : 'composite');
  }
  for (const name of STORED_SCALARS) kinds.set(name, 'stored');
  return kinds;
}

type FieldReading =
  | { readonly field: ManifestField }
  | { readonly computed: true }
  | { readonly own: true }
  | Pick<Problem, 'message' | 'fix'>;

function readField(node: FieldDefinitionNode, typeDefault: MergeStrategy, kinds: ReadonlyMap<string, TypeKind>): FieldReading {
  const name = node.name.value;
  const own = OWN_FIELDS[name];
  if (own !== undefined && Object.hasOwn(OWN_FIELDS, name))
    return print(node.type) === own
      ? { own: true }
      : { message: `expected type ${own}, got ${print(node.type)}`, fix: `write ${name}: ${own}` };

  const { type, depth, nullable } = shapeOf(node.type);
  const kind = kinds.get(type);
  const mark = directiveOf(node, 'merge');
  if (kind === undefined) return { message: `unknown type ${type}`, fix: `define ${type}, or use one of ${STORED_SCALARS.join(', ')}` };
  const isComputed = directiveOf(node, 'computed') || node.arguments?.length || kind === 'composite' || (kind === 'versioned' && depth > 0);
  if (isComputed) return mark ? { message: 'it is not stored, so nothing of it can be merged', fix: 'remove @merge' } : { computed: true };
  if (RESERVED_FIELD_NAMES.has(name) || name.startsWith('_'))
    return { message: 'this name is reserved', fix: 'rename the field, or mark it @computed and write a resolver' };
  if (kind === 'scalar')
    return {
      message: `scalar ${type} cannot be stored`,
      fix: `use an enum or one of ${STORED_SCALARS.join(', ')}, or mark it @computed and write a resolver`,
    };
  if (depth > 1) return { message: 'lists of lists cannot be stored', fix: 'use one list, or mark it @computed and write a resolver' };

  const strategy = mark ? String(argumentOf(mark, 'strategy')) : typeDefault;
  if (!isSupported(strategy))
    return { message: `this release has no merge strategy ${strategy}`, fix: `use one of ${SUPPORTED_STRATEGIES.join(', ')}` };
  if (strategy === 'SET_UNION' && depth === 0)
    return { message: `SET_UNION merges lists, and this is ${type}`, fix: `make it [${type}!]!, or use another strategy` };
  if (strategy === 'COUNTER' && (depth > 0 || !['Int', 'Float'].includes(type)))
    return { message: `COUNTER merges numbers, and this is ${print(node.type)}`, fix: 'make it Int! or Float!, or use another strategy' };
  if (strategy === 'TEXT' && (depth > 0 || type !== 'String'))
    return { message: `TEXT merges text, and this is ${print(node.type)}`, fix: 'make it String! or String, or use another strategy' };
  const isReference = kind === 'versioned';
  return {
    field: {
      kind: isReference ? 'reference' : 'value',
      input: isReference ? `${name}Id` : name,
      type,
      list: depth > 0,
      nullable,
      strategy,
    },
  };
}

function versionedArguments(typename: string, mark: ConstDirectiveNode, problems: Problem[]) {
  const by = argumentOf(mark, 'by') ?? 'COUNTER';
  const merge = argumentOf(mark, 'merge') ?? 'REPORT';
  const list = argumentOf(mark, 'list') ?? undefined;
  const problem = (message: string, fix: string) => problems.push({ type: typename, field: null, message, fix });
  if (!SUPPORTED_VERSION_KINDS.includes(by as VersionKind))
    problem(`this release has no version kind ${by}`, `use @versioned(by: ${SUPPORTED_VERSION_KINDS.join(' or ')})`);
  if (!GENERAL_STRATEGIES.includes(merge as string))
    problem(
      `${merge} cannot be the strategy of every field`,
      `use @versioned(merge: ${GENERAL_STRATEGIES.join(' or ')}), and @merge on single fields`,
    );
  if (list !== undefined && !(typeof list === 'string' && /^[a-z]\w*$/i.test(list)))
    problem(`list: expected a field name, got ${JSON.stringify(list)}`, 'write for example @versioned(list: "people")');
  if (!/^[A-Z]/.test(typename))
    problem('names of versioned types begin with a capital letter', `rename it to ${typename.charAt(0).toUpperCase()}${typename.slice(1)}`);
  return { by: by as VersionKind, merge: merge as MergeStrategy, list: typeof list === 'string' ? list : undefined };
}

/** Input names and column names live in one space, and SQL does not tell `siteid` from `siteId`. */
function nameProblems(typename: string, fields: Readonly<Record<string, ManifestField>>, computed: readonly string[]): Problem[] {
  const taken = new Map<string, string>(['id', ...computed].map((name) => [name.toLowerCase(), name]));
  const problems: Problem[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const other = taken.get(field.input.toLowerCase());
    if (other !== undefined) {
      const written = field.input === name ? '' : ` (written as ${field.input})`;
      problems.push({ type: typename, field: name, message: `its name${written} is that of ${other}`, fix: `rename ${name} or ${other}` });
    }
    taken.set(field.input.toLowerCase(), name);
  }
  return problems;
}

function strayDirectives(node: ObjectTypeDefinitionNode): Problem[] {
  return (node.fields ?? []).flatMap((field) =>
    ['merge', 'computed'].flatMap((name) =>
      directiveOf(field, name)
        ? [
            {
              type: node.name.value,
              field: field.name.value,
              message: `@${name} counts on fields of a @versioned type only`,
              fix: `write type ${node.name.value} @versioned, or remove @${name}`,
            },
          ]
        : [],
    ),
  );
}

const isSupported = (strategy: string): strategy is MergeStrategy => (SUPPORTED_STRATEGIES as readonly string[]).includes(strategy);
