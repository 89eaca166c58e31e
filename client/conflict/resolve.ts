import type { OfflineManifest } from '../../schema/manifest.ts';
import { VERSIONED_FIELDS } from '../../schema/protocol.ts';
import type { Version } from '../../schema/version.ts';
import { choices, onVersion } from '../outbox/by-hand.ts';
import { generatedDocument } from '../outbox/generated.ts';
import { isGenerated, isMergeable, type MutationRecord, type ParkedConflict, writtenFields } from '../outbox/record.ts';
import { type Identity, identify, requeue } from '../outbox/requeue.ts';
import { mergeAgainst, pick, rewrite, type ServerEntity } from './rewrite.ts';
import type { RuleOf } from './strategies.ts';

/** How a person settles a parked conflict: one side for all of it, or values by input field name (fields not named: local). */
export type Resolution = { readonly take: 'local' | 'remote' } | { readonly value: Readonly<Record<string, unknown>> };

/**
 * The record after a person has chosen, queued again under a new mutation id; null when nothing is left to write.
 * @throws TypeError when there is nothing to restore a deleted entity from.
 */
export function resolveParked(
  record: MutationRecord,
  resolution: Resolution,
  manifest: OfflineManifest | null,
  context: { readonly ruleOf: RuleOf; readonly identity: Identity },
): MutationRecord | null {
  const conflict = record.conflict;
  if (!conflict || record.typename === null) throw new TypeError(`record ${record.id} is not a parked conflict`);
  if ('take' in resolution && resolution.take === 'remote') return null;
  const isGone = conflict.remote === null || conflict.currentVersion === null;
  if (!isMergeable(record) || !manifest || (isGone && !isGenerated(record)))
    return resolveByHand(record, conflict, resolution, context.identity);
  const chosen = 'value' in resolution ? chosenFields(record, resolution.value, manifest) : {};
  const { remote, currentVersion } = conflict;

  if (remote === null || currentVersion === null)
    return record.kind === 'delete' ? null : recreate(record, chosen, manifest, context.identity);
  const local = { ...writtenFields(record), ...chosen };
  if (record.kind === 'create') return asUpdate(record, local, remote, currentVersion, manifest, context.identity);
  // Fields that merge keep what both sides did; in the others the choice was local.
  const merged = record.kind === 'update' ? mergeAgainst(record, remote, context.ruleOf, conflict.conflictingFields) : NOTHING;
  const values = { ...merged.values, ...pick(local, merged.conflictingFields), ...chosen };
  const deferredFields = merged.deferredFields.filter((field) => !Object.hasOwn(chosen, field));
  return rewrite(record, { values, deferredFields }, remote, currentVersion, context.identity);
}

/** Of a mutation that the manifest does not know nothing is known but what stands in its variables: it is sent once more, on the server's version. */
function resolveByHand(
  record: MutationRecord,
  { currentVersion }: ParkedConflict,
  resolution: Resolution,
  identity: Identity,
): MutationRecord {
  const chosen = 'value' in resolution ? resolution.value : {};
  const known = choices(record);
  const unknown = Object.keys(chosen).find((name) => !known.includes(name) && !IDENTITY.has(name));
  if (unknown !== undefined)
    throw new TypeError(`${record.operationName} has no variable ${unknown}; it takes ${known.join(', ') || 'none'}`);
  const next = currentVersion === null ? null : onVersion(record, currentVersion, pick(chosen, known));
  if (next === null)
    throw new TypeError(
      `${record.typename} ${record.entityId} is not there any more for ${record.operationName}; take 'remote', or edit or discard the record`,
    );
  return requeue(identify(next, identity));
}

const NOTHING = { values: {}, conflictingFields: [], deferredFields: [] };

const IDENTITY: ReadonlySet<string> = new Set(['__typename', ...VERSIONED_FIELDS]);

/** @throws TypeError on what no mutation could set; the identity of the entity is not a choice. */
function chosenFields(
  record: MutationRecord,
  value: Readonly<Record<string, unknown>>,
  manifest: OfflineManifest,
): Readonly<Record<string, unknown>> {
  if (record.kind === 'delete')
    throw new TypeError(
      `a delete has no values to choose; take 'local' to delete ${record.typename} ${record.entityId} all the same, or 'remote' to keep it`,
    );
  const known = new Set(Object.values(manifest.types[record.typename as string]?.fields ?? {}).map((field) => field.input));
  const unknown = Object.keys(value).find((field) => !known.has(field) && !IDENTITY.has(field));
  if (unknown !== undefined) throw new TypeError(`${record.typename} has no field ${unknown} that a mutation could set`);
  return pick(value, [...known]);
}

/** Decided against somebody else's delete: the entity comes back as it was on screen, with the edit. */
function recreate(
  record: MutationRecord,
  chosen: Readonly<Record<string, unknown>>,
  manifest: OfflineManifest,
  identity: Identity,
): MutationRecord {
  const onScreen = record.conflict?.onScreen;
  const type = manifest.types[record.typename as string];
  if (!onScreen || !type)
    throw new TypeError(
      `${record.typename} ${record.entityId} was deleted, and no complete copy is left here to restore it from; take 'remote', or create it anew`,
    );
  const fields = pick(
    onScreen,
    Object.values(type.fields).map((field) => field.input),
  );
  return convert(record, 'create', { id: record.entityId, ...fields, ...writtenFields(record), ...chosen }, null, manifest, identity);
}

/** Two creates of one id: what the other made stays, and is updated. */
function asUpdate(
  record: MutationRecord,
  local: Readonly<Record<string, unknown>>,
  remote: ServerEntity,
  version: Version,
  manifest: OfflineManifest,
  identity: Identity,
): MutationRecord {
  return convert(
    record,
    'update',
    { id: record.entityId, _version: version, ...local },
    pick(remote, Object.keys(local)),
    manifest,
    identity,
  );
}

function convert(
  record: MutationRecord,
  kind: 'create' | 'update',
  input: Readonly<Record<string, unknown>>,
  base: Readonly<Record<string, unknown>> | null,
  manifest: OfflineManifest,
  identity: Identity,
): MutationRecord {
  const generated = generatedDocument(manifest, kind, record.typename as string);
  return requeue(identify({ ...record, ...generated, kind, variables: { input }, inputVariable: 'input', base }, identity));
}
