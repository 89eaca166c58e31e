import { equal } from '../../schema/equal.ts';
import { MERGED_FROM_BASE } from '../../schema/merge.ts';
import { ConflictCode, HIDDEN_FIELDS } from '../../schema/protocol.ts';
import { isNextVersion, isOlder, type Version } from '../../schema/version.ts';
import type { HeldLease } from '../errors.ts';
import {
  inputOf,
  isGenerated,
  isMergeable,
  type MutationRecord,
  maybeSent,
  type ParkedConflict,
  underNoLease,
  writtenFields,
} from '../outbox/record.ts';
import { type Identity, identify, requeue } from '../outbox/requeue.ts';
import { mergeAgainst, pick, rewrite, type ServerEntity } from './rewrite.ts';
import type { RuleOf } from './strategies.ts';

export interface ConflictInput {
  readonly code: string;
  readonly message: string;
  readonly currentVersion: Version | null;
  readonly conflictingFields: readonly string[];
  /** Null when the entity is gone. */
  readonly remote: ServerEntity | null;
  /** The entity as on screen: all that is left to restore it from, should a person decide against a delete. */
  readonly onScreen: ServerEntity | null;
  /** The lease that stands in the way. */
  readonly lease?: HeldLease;
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
  if (isOfLease(conflict.code)) return rebaseOnLease(record, conflict, context);
  if (
    record.kind !== 'update' ||
    !isMergeable(record) ||
    (!isGenerated(record) && record.base === null) ||
    remote === null ||
    currentVersion === null
  )
    return park(record, conflict, conflict.conflictingFields);
  const merged = mergeAgainst(record, remote, context.ruleOf, conflict.conflictingFields);
  if (merged.conflictingFields.length > 0 || conflict.conflictingFields.includes(HIDDEN_FIELDS))
    return park(record, conflict, merged.conflictingFields);
  if (record.rounds >= context.maxRounds) return park(record, conflict, conflict.conflictingFields);
  return { ...rewrite(record, merged, remote, currentVersion, context.identity), rounds: record.rounds + 1 };
}

const LEASE_CODES: ReadonlySet<string> = new Set([ConflictCode.LEASE_HELD, ConflictCode.LEASE_EXPIRED, ConflictCode.STALE_FENCING_TOKEN]);

/** Whether a lease stands in the way, and not another edit. */
export function isOfLease(code: string): boolean {
  return LEASE_CODES.has(code);
}

/**
 * A lease promises its holder that nobody else changes the entity, so what was written under one that is over goes on by itself only
 * where that came true all the same. Where somebody was there since, or is there now, a person decides.
 */
function rebaseOnLease(record: MutationRecord, conflict: ConflictInput, { identity, maxRounds }: RebaseContext): MutationRecord {
  const isUntouched = conflict.currentVersion !== null && inputOf(record)._version === conflict.currentVersion;
  if (conflict.code === ConflictCode.LEASE_HELD || !isUntouched || record.rounds >= maxRounds) return park(record, conflict, []);
  return { ...requeue(identify(underNoLease(record), identity)), rounds: record.rounds + 1 };
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
        : adoptOwn(record, acknowledged, remote, context.ruleOf, rewritten);
    for (const field of Object.keys(writtenFields(record))) rewritten.add(field);
    return moved === record ? [] : [moved];
  });
}

/**
 * Puts a waiting record onto the server's state after the record before it on the same entity was acknowledged. What that record
 * wrote is this client's own: no conflict, whatever the server made of the value. What somebody else changed is merged now,
 * against the values that the editor saw, so that naming the new version cannot overwrite it unseen. What does not merge keeps
 * its version: then the server, which knows who changed what, judges.
 */
export function rebaseOnAcknowledged(
  record: MutationRecord,
  acknowledged: MutationRecord,
  remote: ServerEntity,
  { ruleOf }: Pick<RebaseContext, 'ruleOf'>,
): MutationRecord {
  const version = remote._version;
  if (!isUnsent(record) || !isVersion(version) || !movesForward(inputOf(record)._version, version)) return record;
  if (record.kind !== 'update' && record.kind !== 'delete') return record;
  const local = writtenFields(record);
  const added = additions(record, ruleOf);
  const own = { ...added, ...writtenFields(acknowledged) };
  // Somebody may have made the same change as the acknowledged write, and more with it.
  const isAsSeen =
    acknowledged.kind === 'create' ||
    record.base === null ||
    Object.keys(local).every((field) => field in own || equal(record.base?.[field], remote[field]));
  if (nobodyElseWrote(record, acknowledged, remote) && isAsSeen) {
    const base = { ...pick(remote, Object.keys(local)), ...added };
    const { values, conflictingFields, deferredFields } = mergeAgainst({ ...record, base }, remote, ruleOf);
    return rewrite(record, { values: { ...values, ...pick(local, conflictingFields) }, deferredFields }, remote, version, null);
  }
  if (record.kind === 'delete' || record.base === null) return record;
  const adopted = adoptOwn(record, acknowledged, remote, ruleOf);
  const merged = mergeAgainst(adopted, remote, ruleOf);
  return merged.conflictingFields.length === 0 ? rewrite(adopted, merged, remote, version, null) : adopted;
}

/**
 * What an acknowledged record wrote as the editor of this one saw it, and nobody else had a hand in, is our own, whatever the
 * server made of it; after a create, all of the entity is. `except`: fields that a record in between writes.
 */
function adoptOwn(
  record: MutationRecord,
  acknowledged: MutationRecord,
  remote: ServerEntity,
  ruleOf: RuleOf,
  except: ReadonlySet<string> = new Set(),
): MutationRecord {
  if (!isUnsent(record) || record.base === null) return record;
  const own = writtenFields(acknowledged);
  const mergedThere = mergedFieldsOf(acknowledged);
  const kept = additions(record, ruleOf);
  const base: Record<string, unknown> = { ...record.base };
  for (const [field, seen] of Object.entries(record.base)) {
    const isOwn =
      acknowledged.kind === 'create' ||
      (!mergedThere.has(field) && !mergedThere.has(HIDDEN_FIELDS) && own[field] !== undefined && equal(seen, own[field]));
    if (isOwn && !except.has(field) && !(field in kept) && remote[field] !== undefined) base[field] = remote[field];
  }
  return equal(base, record.base) ? record : { ...record, base };
}

/** The base of what is merged from it: it says what the editor did, which counts whatever became of what it was done to. */
function additions(record: MutationRecord, ruleOf: RuleOf): Readonly<Record<string, unknown>> {
  const entries = Object.entries(record.base ?? {});
  return Object.fromEntries(entries.filter(([field]) => MERGED_FROM_BASE.has(ruleOf(record.typename as string, field))));
}

/** What may have been sent stays as it was: other content under the same key would be another write (I3). */
function isUnsent(record: MutationRecord): boolean {
  return record.state === 'queued' && !maybeSent(record) && isGenerated(record) && record.entityId !== null;
}

/**
 * Whether the acknowledged write is the only one between the version that the record names and the server's. The versions alone do
 * not say: a write that changed nothing took no version, and the one step is somebody else's.
 */
function nobodyElseWrote(record: MutationRecord, acknowledged: MutationRecord, remote: ServerEntity): boolean {
  if (acknowledged.kind === 'create') return true;
  const sent = inputOf(acknowledged)._version;
  if (inputOf(record)._version !== sent || !isNextVersion(sent, remote._version)) return false;
  const own = writtenFields(acknowledged);
  const tookVersion = acknowledged.base === null || Object.keys(own).some((field) => !equal(acknowledged.base?.[field], remote[field]));
  return tookVersion && mergedFieldsOf(acknowledged).size === 0;
}

/** An answer may be older than what the editor saw: a repeat tells of the moment of the first delivery. */
function movesForward(from: unknown, to: Version): boolean {
  return from !== to && !isOlder(to, from);
}

function isVersion(value: unknown): value is Version {
  return typeof value === 'number' || typeof value === 'string';
}

function park(record: MutationRecord, conflict: ConflictInput, fields: readonly string[]): MutationRecord {
  // For people to read: what has no name here is no field.
  const conflictingFields = fields.filter((field) => field !== HIDDEN_FIELDS);
  const { code, message, currentVersion, remote, onScreen, lease } = conflict;
  const parked: ParkedConflict = { code, message, currentVersion, conflictingFields, remote, onScreen, ...(lease ? { lease } : {}) };
  return { ...record, state: 'conflict', conflict: parked, nextAttemptAt: null, failure: { code, message } };
}

/** Fields that the server merged with somebody else's change, as its payload says. */
function mergedFieldsOf(acknowledged: MutationRecord): ReadonlySet<unknown> {
  const fields = (acknowledged.result as { readonly mergedFields?: unknown } | null)?.mergedFields;
  return new Set(Array.isArray(fields) ? fields : []);
}
