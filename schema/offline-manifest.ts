import { type GraphQLOutputType, type GraphQLSchema, getNamedType, isObjectType, isUnionType } from 'graphql';
import { hash, stableJson } from './hash.ts';
import type { ManifestMutation, ManifestQuery, OfflineManifest } from './manifest.ts';
import { SchemaError } from './problem.ts';
import { type GeneratedNames, PROTOCOL_VERSION } from './protocol.ts';
import { readVersionedTypes } from './types.ts';

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

function manifestMutation(
  schema: GraphQLSchema,
  kind: ManifestMutation['kind'],
  typename: string,
  names: GeneratedNames,
): ManifestMutation | undefined {
  const field = schema.getMutationType()?.getFields()[names[kind]];
  const [argument, ...others] = field?.args ?? [];
  const result = field && getNamedType(field.type);
  if (argument === undefined || others.length > 0) return undefined;
  const members = isUnionType(result) ? result.getTypes() : isObjectType(result) ? [result] : [];
  const conflict = members.find((member) => member.getInterfaces().some((type) => type.name === 'Conflict'));
  if (isUnionType(result) && conflict === undefined) return undefined;
  for (const payload of members) {
    const entity = Object.values(payload.getFields()).find((candidate) => namedType(candidate.type) === typename);
    if (payload === conflict || entity === undefined || (!conflict && !payload.getFields().mergedFields)) continue;
    return {
      kind,
      typename,
      input: argument.name,
      inputType: getNamedType(argument.type).name,
      payload: payload.name,
      entity: entity.name,
      ...(conflict ? { conflict: conflict.name } : {}),
      ...(conflict?.getFields().lease ? { lease: true as const } : {}),
    };
  }
  return undefined;
}

const namedType = (type: GraphQLOutputType | undefined): string | undefined => type && getNamedType(type).name;
