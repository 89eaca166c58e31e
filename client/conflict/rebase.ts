import { equal } from '../../schema/equal.ts';
import type { OfflineManifest } from '../../schema/manifest.ts';
import { mergeFields } from '../../schema/merge.ts';
import { generatedDocument } from '../outbox/generated.ts';
import { inputOf, type MutationRecord, type ParkedConflict, withInput, writtenFields } from '../outbox/record.ts';
import type { RuleOf } from './strategies.ts';

/** The server's state of one entity, by input field names. */
export type ServerEntity = Readonly<Record<string, unknown>>;

/** Hands out idempotency keys: a rebased record is another write. */
export interface Identity {
  readonly clientId: string;
  nextMutationId(): number;
}

export interface ConflictInput {
  readonly code: string;
  readonly message: string;
  readonly currentVersion: number | string | null;
  readonly conflictingFields: readonly string[];
  /** Null when the entity is gone. */
  readonly remote: ServerEntity | null;
  /** The entity as on screen: all that is left to restore it from, should a person decide against a delete. */
  readonly onScreen: ServerEntity | null;
}

export interface RebaseContext {
  readonly ruleOf: RuleOf;
  readonly identity: Identity;
  /** Rounds merged without a person before one is asked. */
  readonly maxRounds: number;
}

/**
 * Answers a conflict: merges base, local and remote field by field. What merges is written against the server's version
 * under a new mutation id; what only a person can decide, or what keeps conflicting, is parked.
 */
export function rebaseOnConflict(record: MutationRecord, conflict: ConflictInput, context: RebaseContext): MutationRecord {
  const { remote, currentVersion } = conflict;
  if (record.kind !== 'update' || record.typename === null || remote === null || currentVersion === null) return park(record, conflict, conflict.conflictingFields);
  const merged = mergeAgainst(record, remote, context.ruleOf);
  if (merged.conflictingFields.length > 0) return park(record, conflict, merged.conflictingFields);
  if (record.rounds >= context.maxRounds) return park(record, conflict, conflict.conflictingFields);
  return { ...rewrite(record, merged.values, remote, currentVersion, context.identity), rounds: record.rounds + 1 };
}

/**
 * Puts a waiting record onto the server's state after an earlier record of the same entity was acknowledged. What that record
 * wrote is this client's own: no conflict, whatever the server made of the value. What somebody else changed is merged now,
 * against the values that the editor saw, so that naming the new version cannot overwrite it unseen.
 */
export function rebaseOnAcknowledged(record: MutationRecord, acknowledged: MutationRecord, remote: ServerEntity, context: RebaseContext): MutationRecord {
  const version = remote._version as number | string;
  if (record.state === 'conflict' || record.typename === null || record.entityId === null || inputOf(record)._version === version) return record;
  if (record.kind === 'delete') return rewrite(record, {}, {}, version, null);
  if (record.kind !== 'update') return record;
  const own = writtenFields(acknowledged);
  const mergedThere = mergedFieldsOf(acknowledged);
  const seen = { ...record.base };
  // Written as the editor of this record saw it, and not merged with anybody's: whatever the server made of it is our own.
  for (const field of Object.keys(own)) if (!mergedThere.has(field) && equal(seen[field], own[field])) seen[field] = remote[field];
  const merged = mergeAgainst({ ...record, base: seen }, remote, context.ruleOf);
  if (merged.conflictingFields.length === 0) return rewrite(record, merged.values, remote, version, null);
  return park(
    record,
    { code: 'VERSION_MISMATCH', message: 'changed by somebody else', currentVersion: version, conflictingFields: merged.conflictingFields, remote, onScreen: null },
    merged.conflictingFields,
  );
}

/** How a person settles a parked conflict: one side for all of it, or values by input field name (fields not named: local). */
export type Resolution = { readonly take: 'local' | 'remote' } | { readonly value: Readonly<Record<string, unknown>> };

/**
 * The record after a person has chosen, queued again under a new mutation id; null when nothing is left to write.
 * @throws TypeError when there is nothing to restore a deleted entity from.
 */
export function resolveParked(record: MutationRecord, resolution: Resolution, manifest: OfflineManifest, context: Pick<RebaseContext, 'ruleOf' | 'identity'>): MutationRecord | null {
  const conflict = record.conflict;
  if (!conflict || record.typename === null) throw new TypeError(`record ${record.id} is not a parked conflict`);
  if ('take' in resolution && resolution.take === 'remote') return null;
  const chosen = 'value' in resolution ? resolution.value : {};
  const { remote, currentVersion } = conflict;

  if (remote === null || currentVersion === null) return record.kind === 'delete' ? null : recreate(record, chosen, manifest, context.identity);
  const local = { ...writtenFields(record), ...chosen };
  if (record.kind === 'create') return asUpdate(record, local, remote, currentVersion, manifest, context.identity);
  // Fields that merge keep what both sides did; in the others the choice was local.
  const merged = record.kind === 'update' ? mergeAgainst(record, remote, context.ruleOf) : { values: {}, conflictingFields: [] };
  const values = { ...merged.values, ...pick(local, merged.conflictingFields), ...chosen };
  return rewrite(record, values, remote, currentVersion, context.identity);
}

function mergeAgainst(record: MutationRecord, remote: ServerEntity, ruleOf: RuleOf) {
  const typename = record.typename as string;
  return mergeFields({ typename, base: record.base ?? {}, local: writtenFields(record), remote, ruleOf: (field) => ruleOf(typename, field) });
}

/** The record against another version of the entity. `identity` null: it has never been sent, so its key is still unused. */
function rewrite(record: MutationRecord, values: Readonly<Record<string, unknown>>, remote: ServerEntity, version: number | string, identity: Identity | null): MutationRecord {
  const base = record.kind === 'update' ? pick(remote, Object.keys(values)) : null;
  const moved = withInput({ ...record, base }, { id: record.entityId, _version: version, ...values });
  return requeue(identity === null ? moved : identify(moved, identity));
}

/** A fresh start of a record: no attempt spent, nothing held against it. */
export function requeue(record: MutationRecord): MutationRecord {
  return { ...record, state: 'queued', attempts: 0, nextAttemptAt: null, failure: null, conflict: null };
}

/** Under a new idempotency key: for a write that differs from the one sent before. */
export function identify(record: MutationRecord, identity: Identity): MutationRecord {
  return { ...record, clientId: identity.clientId, mutationId: identity.nextMutationId() };
}

function park(record: MutationRecord, conflict: ConflictInput, conflictingFields: readonly string[]): MutationRecord {
  const { code, message, currentVersion, remote, onScreen } = conflict;
  const parked: ParkedConflict = { code, message, currentVersion, conflictingFields, remote, onScreen };
  return { ...record, state: 'conflict', conflict: parked, nextAttemptAt: null, failure: { code, message } };
}

/** Decided against somebody else's delete: the entity comes back as it was on screen, with the edit. */
function recreate(record: MutationRecord, chosen: Readonly<Record<string, unknown>>, manifest: OfflineManifest, identity: Identity): MutationRecord {
  const onScreen = record.conflict?.onScreen;
  const type = manifest.types[record.typename as string];
  if (!onScreen || !type) throw new TypeError(`${record.typename} ${record.entityId} was deleted, and no complete copy is left here to restore it from; take 'remote', or create it anew`);
  const fields = pick(onScreen, Object.values(type.fields).map((field) => field.input));
  return convert(record, 'create', { id: record.entityId, ...fields, ...writtenFields(record), ...chosen }, null, manifest, identity);
}

/** Two creates of one id: what the other made stays, and is updated. */
function asUpdate(
  record: MutationRecord,
  local: Readonly<Record<string, unknown>>,
  remote: ServerEntity,
  version: number | string,
  manifest: OfflineManifest,
  identity: Identity,
): MutationRecord {
  return convert(record, 'update', { id: record.entityId, _version: version, ...local }, pick(remote, Object.keys(local)), manifest, identity);
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

/** Fields that the server merged with somebody else's change, as its payload says. */
function mergedFieldsOf(acknowledged: MutationRecord): ReadonlySet<unknown> {
  const fields = (acknowledged.result as { readonly mergedFields?: unknown } | null)?.mergedFields;
  return new Set(Array.isArray(fields) ? fields : []);
}

function pick(values: Readonly<Record<string, unknown>>, fields: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.filter((field) => values[field] !== undefined).map((field) => [field, values[field]]));
}
