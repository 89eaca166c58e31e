import { type GraphQLOutputType, type GraphQLSchema, getNamedType, isUnionType } from 'graphql';
import { SchemaError } from './expand.ts';
import { hash, stableJson } from './hash.ts';
import type { MergeStrategy } from './merge.ts';
import { type GeneratedNames, PROTOCOL_VERSION } from './protocol.ts';
import { readVersionedTypes } from './types.ts';
import type { VersionKind } from './version.ts';

/**
 * What the client needs to know about a schema, as plain JSON: written by the codegen plugin, read by createOffline.
 * With it optimistic results, lanes, conflict selection sets and merges need no hand-written code.
 */
export interface OfflineManifest {
  readonly protocol: number;
  /** Changes when anything below does; stored with every record, so that a new deploy notices old ones. */
  readonly schemaHash: string;
  /** Versioned types by name. */
  readonly types: Readonly<Record<string, ManifestType>>;
  /** Mutation root fields by name. A field that is not here is `custom`: queued and sent, but known by nothing but its document. */
  readonly mutations: Readonly<Record<string, ManifestMutation>>;
  /** Query root fields that return one entity or a generated list of one type. */
  readonly queries: Readonly<Record<string, ManifestQuery>>;
}

export interface ManifestType {
  readonly version: VersionKind;
  /** Stored fields by *output* name, without those of `Versioned`. Fields with hand-written resolvers are not stored and not here. */
  readonly fields: Readonly<Record<string, ManifestField>>;
}

export interface ManifestField {
  /** `value`: scalar, enum, or list of them. `reference`: one entity of another versioned type, written by its id. */
  readonly kind: 'value' | 'reference';
  /** Name in inputs, filters, `base` and conflictingFields: the field's own, or `siteId` for a reference `site`. */
  readonly input: string;
  /** Named type: `String`, `Severity`, `Site` … */
  readonly type: string;
  readonly list: boolean;
  readonly nullable: boolean;
  readonly strategy: MergeStrategy;
}

export interface ManifestMutation {
  readonly kind: 'create' | 'update' | 'delete';
  readonly typename: string;
  /** Name of the one argument that holds the input object. */
  readonly input: string;
  /** Named type of that argument: `UpdateTodoInput`. */
  readonly inputType: string;
  /** Payload object type and, in it, the field that holds the entity. */
  readonly payload: string;
  readonly entity: string;
  /** Conflict object type of the result union. */
  readonly conflict: string;
}

export interface ManifestQuery {
  readonly kind: 'entity' | 'list';
  readonly typename: string;
}

/**
 * Reads the manifest out of an executable schema made from SDL: by createOfflineSchema, or by hand in the same conventions.
 * Mutations and queries that do not follow them are left out; the client treats those as `custom`.
 * @throws SchemaError when a `@versioned` type breaks the conventions.
 */
export function offlineManifest(schema: GraphQLSchema): OfflineManifest {
  const { types, names, problems } = readVersionedTypes(schema);
  if (problems.length > 0) throw new SchemaError(problems);
  const mutations: Record<string, ManifestMutation> = {};
  const queries: Record<string, ManifestQuery> = {};
  for (const [typename, own] of Object.entries(names)) {
    for (const kind of ['create', 'update', 'delete'] as const) {
      const mutation = manifestMutation(schema, kind, typename, own);
      if (mutation) mutations[own[kind]] = mutation;
    }
    const query = schema.getQueryType()?.getFields() ?? {};
    if (namedType(query[own.entity]?.type) === typename) queries[own.entity] = { kind: 'entity', typename };
    if (namedType(query[own.list]?.type) === own.connection) queries[own.list] = { kind: 'list', typename };
  }
  const content = { protocol: PROTOCOL_VERSION, types, mutations, queries };
  return { ...content, schemaHash: hash(stableJson(content)) };
}

function manifestMutation(schema: GraphQLSchema, kind: ManifestMutation['kind'], typename: string, names: GeneratedNames): ManifestMutation | undefined {
  const field = schema.getMutationType()?.getFields()[names[kind]];
  const [argument, ...others] = field?.args ?? [];
  const result = field && getNamedType(field.type);
  if (argument === undefined || others.length > 0 || !isUnionType(result)) return undefined;
  const members = result.getTypes();
  const conflict = members.find((member) => member.getInterfaces().some((type) => type.name === 'Conflict'));
  for (const payload of members) {
    const entity = Object.values(payload.getFields()).find((candidate) => namedType(candidate.type) === typename);
    if (payload === conflict || entity === undefined || conflict === undefined) continue;
    return {
      kind,
      typename,
      input: argument.name,
      inputType: getNamedType(argument.type).name,
      payload: payload.name,
      entity: entity.name,
      conflict: conflict.name,
    };
  }
  return undefined;
}

const namedType = (type: GraphQLOutputType | undefined): string | undefined => type && getNamedType(type).name;
