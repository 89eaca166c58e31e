import { ConflictCode, generatedNames, HIDDEN_FIELDS } from '../../schema/protocol.ts';
import type { Version } from '../../schema/version.ts';
import type { ConflictResult, MutationRejected, WritePayload } from '../context.ts';
import type { Row } from '../store/store.ts';
import type { Fenced } from './fence.ts';

type Details = Omit<ConflictResult, '__typename'>;

export function conflictOf(typename: string, details: Details): ConflictResult {
  return { __typename: generatedNames(typename).conflict, ...details };
}

/** Somebody else changed these fields too. */
export function versionMismatch(row: Row, expectedVersion: Version, conflictingFields: readonly string[]): ConflictResult {
  const fields = conflictingFields.map((field) => (field === HIDDEN_FIELDS ? 'what you may not see' : field)).join(', ');
  return conflictOf(row.__typename, {
    code: ConflictCode.VERSION_MISMATCH,
    message: `${row.__typename} ${row.id} was changed by somebody else in ${fields || 'its fields'} after version ${expectedVersion}; it is at version ${row._version} now.`,
    expectedVersion,
    currentVersion: row._version,
    conflictingFields,
    server: row,
  });
}

/** `currentVersion`: that of the tombstone, or `null` when nothing is known of the id. */
export function deleted(typename: string, id: string, expectedVersion: Version, currentVersion: Version | null): ConflictResult {
  const message = `${typename} ${id} is not there any more.`;
  return conflictOf(typename, {
    code: ConflictCode.DELETED,
    message,
    expectedVersion,
    currentVersion,
    conflictingFields: [],
    server: null,
  });
}

/** A lease stands in the way. */
export function fencedOff(row: Row, expectedVersion: Version, { code, message, lease }: Fenced): ConflictResult {
  const details = { code, message, expectedVersion, currentVersion: row._version, conflictingFields: [], server: row, lease };
  return conflictOf(row.__typename, details);
}

/** `row` is `null` when the caller may not see what has the id. */
export function alreadyExists(typename: string, id: string, row: Row | null, conflictingFields: readonly string[]): ConflictResult {
  const message = `${typename} ${id} exists already.`;
  return conflictOf(typename, {
    code: ConflictCode.ALREADY_EXISTS,
    message,
    expectedVersion: null,
    currentVersion: row?._version ?? null,
    conflictingFields,
    server: row,
  });
}

export function rejected(code: string, message: string, field: readonly string[] | null): MutationRejected {
  return { __typename: 'MutationRejected', code, message, field };
}

/** `UpdateTodoPayload` and its kin. */
export function payload(kind: 'create' | 'update' | 'delete', row: Row, mergedFields: readonly string[] = []): WritePayload {
  let names = payloads.get(row.__typename);
  if (names === undefined) {
    const { entity, ...own } = generatedNames(row.__typename);
    const of = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}Payload`;
    names = { entity, create: of(own.create), update: of(own.update), delete: of(own.delete) };
    payloads.set(row.__typename, names);
  }
  return { __typename: names[kind], [names.entity]: row, mergedFields };
}

/** By type. */
const payloads = new Map<string, { readonly [Name in 'entity' | 'create' | 'update' | 'delete']: string }>();
