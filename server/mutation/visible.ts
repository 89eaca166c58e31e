import { execute, type GraphQLObjectType, GraphQLSchema, isObjectType, parse } from 'graphql';
import { HIDDEN_FIELDS, VERSIONED_FIELDS } from '../../schema/protocol.ts';
import { readVersionedTypes } from '../../schema/types.ts';
import type { Row } from '../store/store.ts';
import { openFieldOf } from './open-fields.ts';

/** Which fields a caller may see, by input name, as the resolvers say. */
export interface Sight {
  /** What may be told of these fields: their names, with `*` for those that the caller may not see in this entity. */
  tell(row: Row, fields: readonly string[]): Promise<readonly string[]>;
  /** Those of the fields that a resolver may hide from somebody. */
  guarded(typename: string, fields: readonly string[]): readonly string[];
}

interface Reader {
  readonly type: GraphQLObjectType;
  /** The entity's type as the root of queries: what asks for its fields runs their resolvers, whoever may have wrapped them. */
  readonly schema: GraphQLSchema;
  /** By output name. */
  readonly fields: ReadonlyMap<string, ReturnType<typeof parse>>;
  readonly outputOf: ReadonlyMap<string, string>;
}

const readers = new WeakMap<GraphQLSchema, Map<string, Reader>>();

function readerOf(schema: GraphQLSchema, typename: string): Reader | null {
  const known = readers.get(schema) ?? new Map<string, Reader>();
  readers.set(schema, known);
  const before = known.get(typename);
  if (before) return before;
  const type = schema.getType(typename);
  const fields = Object.entries(readVersionedTypes(schema).types[typename]?.fields ?? {});
  if (!isObjectType(type) || fields.length === 0) return null;
  const texts: readonly (readonly [string, string])[] = [
    ...VERSIONED_FIELDS.map((name) => [name, name] as const),
    ...fields.map(([name, { kind }]) => [name, kind === 'reference' ? `${name} { __typename id }` : name] as const),
  ];
  const reader = {
    type,
    schema: new GraphQLSchema({ ...schema.toConfig(), query: type, mutation: null, subscription: null, assumeValid: true }),
    fields: new Map(texts.map(([name, text]) => [name, parse(`{ ${text} }`, { noLocation: true })])),
    outputOf: new Map(fields.map(([name, { input }]) => [input, name])),
  };
  known.set(typename, reader);
  return reader;
}

/** `undefined`: its resolver fails for this caller. */
async function readField({ schema, fields }: Reader, name: string, row: Row, contextValue: unknown): Promise<unknown> {
  const document = fields.get(name);
  if (document === undefined) return undefined;
  const { data, errors } = await execute({ schema, document, rootValue: row, contextValue });
  return data && errors === undefined ? data[name] : undefined;
}

/**
 * The entity by output names, each field as its resolver answers it; one that fails for this caller is left out. Each field alone, because
 * the failure of one that may not be null would take its neighbours with it.
 */
export async function visibleRow(
  row: Row,
  contextValue: unknown,
  schema: GraphQLSchema,
): Promise<Readonly<Record<string, unknown>> | null> {
  const reader = readerOf(schema, row.__typename);
  if (reader === null) return null;
  const shown: Record<string, unknown> = { __typename: row.__typename };
  for (const name of reader.fields.keys()) {
    const value = await readField(reader, name, row, contextValue);
    if (value !== undefined) shown[name] = value;
  }
  return shown;
}

/**
 * That a field was changed is as much a secret as what it was changed to. Hidden is a field whose resolver fails for this caller, or
 * answers `null` where there is a value. A class, because every request makes one or two.
 */
export class ResolverSight implements Sight {
  private readonly schema: GraphQLSchema;
  private readonly contextOf: () => unknown;

  constructor(schema: GraphQLSchema, contextOf: () => unknown) {
    this.schema = schema;
    this.contextOf = contextOf;
  }

  async tell(row: Row, fields: readonly string[]): Promise<readonly string[]> {
    const reader = readerOf(this.schema, row.__typename);
    const told: string[] = [];
    for (const field of fields) if (reader && (await isVisible(reader, field, row, this.contextOf))) told.push(field);
    return told.length < fields.length ? [...told, HIDDEN_FIELDS] : told;
  }

  guarded(typename: string, fields: readonly string[]): readonly string[] {
    const reader = fields.length > 0 ? readerOf(this.schema, typename) : null;
    return reader === null ? [] : fields.filter((field) => isGuarded(reader, field));
  }
}

function isGuarded({ type, outputOf }: Reader, field: string): boolean {
  return openFieldOf(type.getFields()[outputOf.get(field) ?? field]?.resolve) === null;
}

async function isVisible(reader: Reader, field: string, row: Row, contextOf: () => unknown): Promise<boolean> {
  const name = reader.outputOf.get(field) ?? field;
  if (!isGuarded(reader, field) && reader.fields.has(name)) return true;
  const value = await readField(reader, name, row, contextOf());
  return value !== undefined && (value !== null || row[field] == null);
}
