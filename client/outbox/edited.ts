import type { OfflineManifest } from '../../schema/manifest.ts';
import { isObject } from '../../schema/shape.ts';
import { OfflineError } from '../errors.ts';
import { parseDocument } from './document.ts';
import { referencesOf } from './lane-keys.ts';
import { splitOperation } from './operation.ts';
import { plainVariables } from './plain.ts';
import { holdsIdentity, inputOf, isGenerated, type MutationRecord, maybeSent } from './record.ts';
import { variableProblem } from './variables.ts';

/**
 * The record with other variables, named as the record's own document names them. Base and identity of the entity stay: an edit
 * of an edit is still an edit of what its author first saw.
 * @throws OfflineError `INVALID_OPERATION` when the variables do not fit the document or the schema, as far as both are known here.
 */
export function edited(
  record: MutationRecord,
  variables: Readonly<Record<string, unknown>>,
  manifest: OfflineManifest | null,
): MutationRecord {
  const refuse = (why: string): OfflineError =>
    new OfflineError('INVALID_OPERATION', `${record.operationName}: ${why}`, { recordId: record.id });
  const document = parseDocument(record.document);
  const [part] = splitOperation(document, { ...record.variables, ...plainVariables(variables) }, manifest);
  if (!part) throw refuse('nothing is left of the mutation with these variables');
  const complete = isGenerated(record) ? withInput(record, part.variables) : part.variables;
  const problem = variableProblem(document, complete, manifest) ?? lackOf(record, complete, manifest);
  if (problem !== null) throw refuse(problem);
  // Whether the server has the version before this one is unknown, so what the editor saw is too: a sum would count it twice.
  const base = mayBeApplied(record) ? null : record.base;
  return withReferences({ ...record, base, variables: complete }, record, manifest);
}

/** The server may have it as it was; nobody has heard. */
export function mayBeApplied(record: MutationRecord): boolean {
  return holdsIdentity(record) && maybeSent(record);
}

/** It waits for what its input refers to now, and for whatever else it waited for. */
export function withReferences(record: MutationRecord, before: MutationRecord, manifest: OfflineManifest | null): MutationRecord {
  const old = referencesOf(before.typename, inputOf(before), manifest);
  const others = record.reads.filter((key) => !old.includes(key));
  return { ...record, reads: [...others, ...referencesOf(record.typename, inputOf(record), manifest)] };
}

/** An update may leave any field out; what a create leaves out, somebody took away. */
function lackOf(record: MutationRecord, variables: Readonly<Record<string, unknown>>, manifest: OfflineManifest | null): string | null {
  if (record.kind !== 'create' || !isGenerated(record) || record.typename === null) return null;
  const after = variables[record.inputVariable as string] as Readonly<Record<string, unknown>>;
  const fields = Object.values(manifest?.types[record.typename]?.fields ?? {});
  const gone = fields.find(({ input, nullable }) => !nullable && inputOf(record)[input] !== undefined && after[input] === undefined);
  return gone ? `$${record.inputVariable}.${gone.input}: expected a value, got nothing` : null;
}

/** Which entity, and on which version, is no matter of an edit. */
function withInput(record: MutationRecord, variables: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const name = record.inputVariable as string;
  const input = variables[name];
  if (!isObject(input)) return variables;
  const version = inputOf(record)._version;
  return { ...variables, [name]: { ...input, id: record.entityId, ...(version === undefined ? {} : { _version: version }) } };
}
