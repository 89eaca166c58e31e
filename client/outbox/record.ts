import { type Is, isNumber, isObject, isOneOf, isText, isTexts, misfit, orAbsent, orNull } from '../../schema/shape.ts';
import { type HeldLease, OfflineError } from '../errors.ts';

/**
 * A mutation record: one mutation root field, waiting for its one effect at the server.
 *
 *   queued ⇄ sending → acknowledged → (removed, once the cache on disk holds the result)
 *      ↑        ├────→ conflict   parked: a person decides, then queued again, rebased
 *      │        └────→ dead       refused for good: kept until edited, retried or discarded
 *      └── edit, retry, resolve
 *
 * An operation with several root fields becomes several records that follow one another, because each field succeeds or
 * fails, and is repeated, alone.
 */
export const RECORD_CODEC = 1;

/** `sending` is never stored: after a crash nobody knows whether the request arrived, so the record is `queued` and sent again. */
export type RecordState = 'queued' | 'sending' | 'acknowledged' | 'conflict' | 'dead';

export type MutationKind = 'create' | 'update' | 'delete' | 'custom';
export const KINDS: readonly MutationKind[] = ['create', 'update', 'delete', 'custom'];

export interface Failure {
  readonly code: string;
  readonly message: string;
  /** Of a dead letter: refused by the server; given up after `retry.maxAttempts`; or not sent by its deadline. */
  readonly reason?: 'rejected' | 'givenUp' | 'expired';
  /** What the server said, as it came: its GraphQL errors, or its refusal. */
  readonly details?: unknown;
  /** The client stopped trying: nobody knows whether the server applied the write, and its mutation id is not spent. */
  readonly givenUp?: true;
}

/** A parked conflict: what the server said, until a person chooses. Values by input field name. */
export interface ParkedConflict {
  readonly code: string;
  readonly message: string;
  readonly currentVersion: number | string | null;
  readonly conflictingFields: readonly string[];
  /** The whole entity at the server; null when it is gone. */
  readonly remote: Readonly<Record<string, unknown>> | null;
  /** The whole entity as it was on screen when it was parked. */
  readonly onScreen: Readonly<Record<string, unknown>> | null;
  /** The lease that stood in the way. */
  readonly lease?: HeldLease;
}

export interface MutationRecord {
  readonly codec: typeof RECORD_CODEC;
  /** UUIDv7; also the key in storage. */
  readonly id: string;
  /** Ascending in the order made, across tabs: larger than every sequence that its tab had seen. Never a time. */
  readonly sequence: number;
  /** Whose record it is; it is never sent as another. `null`: anonymous. */
  readonly owner: string | null;
  /** Shared by the records of one operation. */
  readonly operationId: string;

  /** The idempotency key: the tab session that made (or rebased) it, and its number there. */
  readonly clientId: string;
  readonly mutationId: number;

  /** The document, reduced to this root field. */
  readonly document: string;
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Name of the root field, and its key in the response. */
  readonly field: string;
  readonly responseKey: string;
  /** Manifest hash and version of the app at the time of the edit, or when it was last brought into another form. */
  readonly schemaHash: string | null;
  readonly appVersion: string | null;

  readonly kind: MutationKind;
  /** The entity that it creates, changes or deletes. */
  readonly typename: string | null;
  readonly entityId: string | null;
  /** `entityId` stands for one that the server will assign (`resolveId`): what names it waits until that is known. */
  readonly temporaryId?: true;
  /** The variable that holds the input of a generated mutation; null: another mutation, by whatever it is described. */
  readonly inputVariable: string | null;
  /** The variable that holds the fields of an update described by hand: what it writes can be merged. */
  readonly writtenVariable?: string;
  /** Values of the written fields as the editor saw them, by input field name. Null: unknown. */
  readonly base: Readonly<Record<string, unknown>> | null;
  /** Hybrid clock of the edit, for types with fields where the later edit wins. A rebase keeps it: the edit was made when it was made. */
  readonly clock?: string;
  /** Fencing token of the lease that it was made under. */
  readonly lease?: number;
  /** A custom mutation's expected result, so that it is shown again after a reload. */
  readonly optimisticResponse: unknown;

  /** Cache ids that it changes, and cache ids that it needs to exist. They decide its lane. */
  readonly writes: readonly string[];
  readonly reads: readonly string[];
  readonly priority: Priority;

  readonly state: RecordState;
  readonly enqueuedAt: number;
  readonly expiresAt: number | null;
  /** Sends so far; the first is 1. */
  readonly attempts: number;
  readonly nextAttemptAt: number | null;
  /** Its key was sent before the attempts were counted anew: the server may have spent it. */
  readonly keyWasSent?: true;
  /** Times that it was edited under a key that the server may have spent: if it has, it says so, and a person decides. */
  readonly edits?: number;
  /** Ids of records that have become part of it: those that storage still has are not sent, and who waits for them waits for it. */
  readonly absorbed?: readonly string[];
  /** Conflict rounds already merged without a person. */
  readonly rounds: number;
  readonly failure: Failure | null;
  readonly conflict: ParkedConflict | null;
  /** The acknowledged `data` of this root field, kept until the cache on disk holds it. */
  readonly result: unknown;
}

export type Priority = 'high' | 'normal' | 'low';

/** Still has something to do at the server. */
export function isPending(record: MutationRecord): boolean {
  return record.state === 'queued' || record.state === 'sending';
}

/** Still holds back what depends on it. Acknowledged records do not. */
export function isUnsettled(record: MutationRecord): boolean {
  return record.state !== 'acknowledged';
}

/**
 * Whether the server may still be asked under this record's mutation id, so that its stored answer must not be acknowledged
 * away. A refusal or a conflict has consumed the id; what the client gave up on may have reached the server unheard.
 */
export function holdsIdentity(record: MutationRecord): boolean {
  return isPending(record) || (record.state === 'dead' && record.failure?.givenUp === true);
}

/** Whether the server may know its key: then other content under it would be another write (I3). */
export function maybeSent(record: MutationRecord): boolean {
  return record.attempts > 0 || record.keyWasSent === true;
}

/** The manifest knows its input, its result and its conflict; whatever else is known of another one was said by hand. */
export function isGenerated(record: MutationRecord): boolean {
  return record.inputVariable !== null;
}

/** Whether what it writes are fields of its entity, by input name. */
export function isMergeable(record: MutationRecord): boolean {
  return variableOf(record) !== null;
}

function variableOf({ inputVariable, writtenVariable }: MutationRecord): string | null {
  return inputVariable ?? writtenVariable ?? null;
}

/** The input object of a generated mutation, or of an update described by hand. */
export function inputOf(record: MutationRecord): Readonly<Record<string, unknown>> {
  const variable = variableOf(record);
  const value = variable === null ? null : record.variables[variable];
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The fields that it sets, without the identity that carries them. */
export function writtenFields(record: MutationRecord): Readonly<Record<string, unknown>> {
  const { id: _id, _version, ...fields } = inputOf(record) as Record<string, unknown>;
  return fields;
}

/** The same write, under no lease. */
export function underNoLease(record: MutationRecord): MutationRecord {
  const { lease: _lease, ...rest } = record;
  return rest;
}

export function withInput(record: MutationRecord, input: Readonly<Record<string, unknown>>): MutationRecord {
  const variable = variableOf(record);
  if (variable === null) throw new TypeError(`record ${record.id} has no input variable`);
  return { ...record, variables: { ...record.variables, [variable]: input } };
}

/** Outbox order. Two tabs may take the same sequence; ids make the order total, and the same in every tab. */
export function compareRecords(a: MutationRecord, b: MutationRecord): number {
  return a.sequence - b.sequence || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** What is written to storage. */
export function encodeRecord(record: MutationRecord): unknown {
  return record.state === 'sending' ? { ...record, state: 'queued' } : record;
}

export type Decoded =
  | { readonly ok: true; readonly record: MutationRecord }
  | { readonly ok: false; readonly code: 'RECORD_UNREADABLE' | 'RECORD_NEWER'; readonly message: string };

/** Reads a stored value back. Whatever is not ours, or newer than ours, is left where it is and reported. */
export function decodeRecord(value: unknown): Decoded {
  const unreadable = (message: string): Decoded => ({ ok: false, code: 'RECORD_UNREADABLE', message });
  if (OfflineError.is(value)) return unreadable(value.message);
  if (typeof value !== 'object' || value === null) return unreadable(`expected a record, got ${value === null ? 'null' : typeof value}`);
  const stored = value as Partial<MutationRecord>;
  if (typeof stored.codec === 'number' && stored.codec > RECORD_CODEC)
    return {
      ok: false,
      code: 'RECORD_NEWER',
      message: `written by a newer release (codec ${stored.codec}, this one reads ${RECORD_CODEC}); left untouched`,
    };
  if (stored.codec !== RECORD_CODEC) return unreadable('expected a mutation record of this library');
  const wrong = misfit(stored, REQUIRED);
  if (wrong !== undefined) return unreadable(`member ${wrong} is missing or of the wrong type`);
  // Stored before there was one.
  const { appVersion = null } = stored;
  return { ok: true, record: { ...(stored as MutationRecord), appVersion } };
}

/** Members that came later, or that an earlier release stored as null. */
/* @__NO_SIDE_EFFECTS__ */
function ifThere(is: Is): Is {
  return orAbsent(orNull(is));
}

/** Whatever decides what is sent, when, and as what. */
const REQUIRED: { readonly [K in keyof MutationRecord]?: Is } = {
  id: isText,
  sequence: isNumber,
  operationId: isText,
  clientId: isText,
  mutationId: isNumber,
  document: isText,
  operationName: isText,
  variables: isObject,
  field: isText,
  responseKey: isText,
  kind: isOneOf(...KINDS),
  typename: orNull(isText),
  entityId: orNull(isText),
  inputVariable: orNull(isText),
  writtenVariable: ifThere(isText),
  base: orNull(isObject),
  lease: ifThere(isNumber),
  writes: isTexts,
  reads: isTexts,
  priority: isOneOf<Priority>('high', 'normal', 'low'),
  state: isOneOf<RecordState>('queued', 'acknowledged', 'conflict', 'dead'),
  expiresAt: orNull(isNumber),
  attempts: isNumber,
  nextAttemptAt: orNull(isNumber),
  rounds: isNumber,
  schemaHash: ifThere(isText),
  appVersion: ifThere(isText),
  absorbed: ifThere(isTexts),
};
