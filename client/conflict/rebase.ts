import { equal } from '../../schema/equal.ts';
import type { OfflineManifest } from '../../schema/manifest.ts';
import { mergeFields } from '../../schema/merge.ts';
import { VERSIONED_FIELDS } from '../../schema/protocol.ts';
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
  if (record.kind !== 'update' || record.typename === null || remote === null || currentVersion === null)
    return park(record, conflict, conflict.conflictingFields);
  const merged = mergeAgainst(record, remote, context.ruleOf);
  if (merged.conflictingFields.length > 0) return park(record, conflict, merged.conflictingFields);
  if (record.rounds >= context.maxRounds) return park(record, conflict, conflict.conflictingFields);
  return { ...rewrite(record, merged.values, remote, currentVersion, context.identity), rounds: record.rounds + 1 };
}

/**
 * The records that an acknowledgement moves, of those that wait on the same entity (in outbox order). The next one stands on the
 * acknowledged write now. Those behind it stand on the next one, whose editor's values they saw: their turn comes with its
 * acknowledgement. Only what nobody in between wrote, and what has nothing but its version to say what its editor saw (a delete,
 * an unknown base), follows at once.
 */
export function rebaseWaiting(
  waiting: readonly MutationRecord[],
  acknowledged: MutationRecord,
  remote: ServerEntity,
  context: RebaseContext,
): readonly MutationRecord[] {
  const rewritten = new Set<string>();
  return waiting.flatMap((record, index) => {
    const versionIsAll = record.kind === 'delete' || record.base === null;
    const moved =
      index === 0 || (versionIsAll && nobodyElseWrote(record, acknowledged, remote))
        ? rebaseOnAcknowledged(record, acknowledged, remote, context)
        : adoptOwn(record, acknowledged, remote, rewritten);
    for (const field of Object.keys(writtenFields(record))) rewritten.add(field);
    return moved === record ? [] : [moved];
  });
}

/**
 * Puts a waiting record onto the server's state after the record before it on the same entity was acknowledged. What that record
 * wrote is this client's own: no conflict, whatever the server made of the value. What somebody else changed is merged now,
 * against the values that the editor saw, so that naming the new version cannot overwrite it unseen. Where the editor's values
 * are not known, the record keeps its version, and the server judges.
 */
export function rebaseOnAcknowledged(
  record: MutationRecord,
  acknowledged: MutationRecord,
  remote: ServerEntity,
  context: RebaseContext,
): MutationRecord {
  const version = remote._version;
  if (!isUnsent(record) || !isVersion(version) || !movesForward(inputOf(record)._version, version)) return record;
  if (record.kind !== 'update' && record.kind !== 'delete') return record;
  if (nobodyElseWrote(record, acknowledged, remote)) return rewrite(record, writtenFields(record), remote, version, null);
  if (record.kind === 'delete' || record.base === null) return record;
  const merged = mergeAgainst(adoptOwn(record, acknowledged, remote), remote, context.ruleOf);
  if (merged.conflictingFields.length === 0) return rewrite(record, merged.values, remote, version, null);
  return park(
    record,
    {
      code: 'VERSION_MISMATCH',
      message: 'changed by somebody else',
      currentVersion: version,
      conflictingFields: merged.conflictingFields,
      remote,
      onScreen: null,
    },
    merged.conflictingFields,
  );
}

/**
 * What an acknowledged record wrote as the editor of this one saw it, and nobody else had a hand in, is our own, whatever the
 * server made of it; after a create, all of the entity is. `except`: fields that a record in between writes.
 */
function adoptOwn(
  record: MutationRecord,
  acknowledged: MutationRecord,
  remote: ServerEntity,
  except: ReadonlySet<string> = new Set(),
): MutationRecord {
  if (!isUnsent(record) || record.base === null) return record;
  const own = writtenFields(acknowledged);
  const mergedThere = mergedFieldsOf(acknowledged);
  const base: Record<string, unknown> = { ...record.base };
  for (const [field, seen] of Object.entries(record.base)) {
    const isOwn = acknowledged.kind === 'create' || (!mergedThere.has(field) && own[field] !== undefined && equal(seen, own[field]));
    if (isOwn && !except.has(field) && remote[field] !== undefined) base[field] = remote[field];
  }
  return equal(base, record.base) ? record : { ...record, base };
}

/** What may have been sent stays as it was: other content under the same key would be another write (I3). */
function isUnsent(record: MutationRecord): boolean {
  return record.state === 'queued' && record.attempts === 0 && record.typename !== null && record.entityId !== null;
}

/** How a person settles a parked conflict: one side for all of it, or values by input field name (fields not named: local). */
export type Resolution = { readonly take: 'local' | 'remote' } | { readonly value: Readonly<Record<string, unknown>> };

/**
 * The record after a person has chosen, queued again under a new mutation id; null when nothing is left to write.
 * @throws TypeError when there is nothing to restore a deleted entity from.
 */
export function resolveParked(
  record: MutationRecord,
  resolution: Resolution,
  manifest: OfflineManifest,
  context: Pick<RebaseContext, 'ruleOf' | 'identity'>,
): MutationRecord | null {
  const conflict = record.conflict;
  if (!conflict || record.typename === null) throw new TypeError(`record ${record.id} is not a parked conflict`);
  if ('take' in resolution && resolution.take === 'remote') return null;
  const chosen = 'value' in resolution ? chosenFields(record, resolution.value, manifest) : {};
  const { remote, currentVersion } = conflict;

  if (remote === null || currentVersion === null)
    return record.kind === 'delete' ? null : recreate(record, chosen, manifest, context.identity);
  const local = { ...writtenFields(record), ...chosen };
  if (record.kind === 'create') return asUpdate(record, local, remote, currentVersion, manifest, context.identity);
  // Fields that merge keep what both sides did; in the others the choice was local.
  const merged = record.kind === 'update' ? mergeAgainst(record, remote, context.ruleOf) : { values: {}, conflictingFields: [] };
  const values = { ...merged.values, ...pick(local, merged.conflictingFields), ...chosen };
  return rewrite(record, values, remote, currentVersion, context.identity);
}

function mergeAgainst(record: MutationRecord, remote: ServerEntity, ruleOf: RuleOf) {
  const typename = record.typename as string;
  const base = record.base ?? {};
  // A field that the answer does not hold is one that nobody has heard of a change in.
  return mergeFields({
    typename,
    base,
    local: writtenFields(record),
    remote: { ...base, ...remote },
    ruleOf: (field) => ruleOf(typename, field),
  });
}

/** Whether the acknowledged write is the only one between the version that the record names and the server's. */
function nobodyElseWrote(record: MutationRecord, acknowledged: MutationRecord, remote: ServerEntity): boolean {
  if (acknowledged.kind === 'create') return true;
  const sent = inputOf(acknowledged)._version;
  return typeof sent === 'number' && inputOf(record)._version === sent && remote._version === sent + 1;
}

/** An answer may be older than what the editor saw: a repeat tells of the moment of the first delivery. */
function movesForward(from: unknown, to: number | string): boolean {
  return typeof from === 'number' && typeof to === 'number' ? from < to : from !== to;
}

function isVersion(value: unknown): value is number | string {
  return typeof value === 'number' || typeof value === 'string';
}

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

/** The record against another version of the entity. `identity` null: it has never been sent, so its key is still unused. */
function rewrite(
  record: MutationRecord,
  values: Readonly<Record<string, unknown>>,
  remote: ServerEntity,
  version: number | string,
  identity: Identity | null,
): MutationRecord {
  const base = record.kind === 'update' ? pick({ ...record.base, ...remote }, Object.keys(values)) : null;
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
  version: number | string,
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

/** Fields that the server merged with somebody else's change, as its payload says. */
function mergedFieldsOf(acknowledged: MutationRecord): ReadonlySet<unknown> {
  const fields = (acknowledged.result as { readonly mergedFields?: unknown } | null)?.mergedFields;
  return new Set(Array.isArray(fields) ? fields : []);
}

function pick(values: Readonly<Record<string, unknown>>, fields: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.filter((field) => values[field] !== undefined).map((field) => [field, values[field]]));
}
