import { Kind, type TypeNode } from 'graphql';
import type { OfflineManifest } from '../../schema/manifest.ts';
import { isObject } from '../../schema/shape.ts';
import type { Version } from '../../schema/version.ts';
import { parseDocument } from './document.ts';
import type { MutationRecord } from './record.ts';

type Values = Readonly<Record<string, unknown>>;

/** Where a mutation that the manifest does not know names the version that it was made on. */
interface VersionPlace {
  readonly variable: string;
  /** It is the member `_version` of that variable. */
  readonly member: boolean;
}

/**
 * A mutation that the manifest does not know, in conflict, as one that a person can choose in: its entity and the version that it
 * names are plain from its variables. Null: they are not, and all that can be done with it is to edit, retry or discard it.
 */
export function asKnown(record: MutationRecord, server: Values | null): MutationRecord | null {
  const typename = record.typename ?? text(server?.__typename);
  const entityId = record.entityId ?? namedId(record, server?.id);
  return typename === null || entityId === null || placeOf(record, entityId) === null ? null : { ...record, typename, entityId };
}

/** The record against another version, with other values where a person has chosen some. Null: it does not name a version plainly. */
export function onVersion(record: MutationRecord, version: Version, chosen: Values): MutationRecord | null {
  const place = placeOf(record, record.entityId);
  if (place === null) return null;
  const { variable, member } = place;
  const variables = member
    ? { ...record.variables, [variable]: { ...(record.variables[variable] as Values), ...chosen, _version: version } }
    : { ...record.variables, ...chosen, [variable]: version };
  return { ...record, variables };
}

/** Names that a person may choose values for. */
export function choices(record: MutationRecord): readonly string[] {
  const place = placeOf(record, record.entityId);
  const values = place?.member ? (record.variables[place.variable] as Values) : record.variables;
  return Object.keys(values).filter((name) => name !== 'id' && name !== '_version' && name !== place?.variable);
}

/** The variable that holds the fields of an update described by hand, if all that is in it are fields that the manifest knows. */
export function writtenVariable(typename: string, variables: Values, manifest: OfflineManifest | null): string | null {
  const type = manifest?.types[typename];
  const [only, ...others] = Object.entries(variables).filter(([, value]) => isObject(value));
  if (!type || !only || others.length > 0) return null;
  const known = new Set(['id', '_version', ...Object.values(type.fields).map(({ input }) => input)]);
  return Object.keys(only[1] as Values).every((name) => known.has(name)) ? only[0] : null;
}

function placeOf(record: MutationRecord, entityId: string | null): VersionPlace | null {
  const inputs = Object.entries(record.variables).filter(([, value]) => isObject(value) && isVersion(value._version));
  const own = inputs.filter(([, value]) => idText((value as Values).id) === entityId);
  const [input, ...more] = own.length > 0 ? own : inputs;
  if (input) return more.length === 0 ? { variable: input[0], member: true } : null;
  const [variable, ...others] = declared(record, 'Version').filter((name) => isVersion(record.variables[name]));
  return variable !== undefined && others.length === 0 ? { variable, member: false } : null;
}

/** The id that the server speaks of, if the mutation does too. */
function namedId(record: MutationRecord, id: unknown): string | null {
  const wanted = idText(id);
  const named = [
    ...Object.values(record.variables).map((value) => (isObject(value) ? value.id : undefined)),
    ...declared(record, 'ID').map((name) => record.variables[name]),
  ];
  return wanted !== null && named.some((each) => idText(each) === wanted) ? wanted : null;
}

/** Variables of this type. */
function declared(record: MutationRecord, type: string): readonly string[] {
  const [operation] = parseDocument(record.document).definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  return (operation?.variableDefinitions ?? []).flatMap(({ variable, type: node }) => (nameOf(node) === type ? [variable.name.value] : []));
}

const nameOf = (type: TypeNode): string | null =>
  type.kind === Kind.NON_NULL_TYPE ? nameOf(type.type) : type.kind === Kind.NAMED_TYPE ? type.name.value : null;
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const idText = (id: unknown): string | null => (typeof id === 'string' || typeof id === 'number' ? String(id) : null);
const isVersion = (value: unknown): boolean => typeof value === 'number' || typeof value === 'string';
