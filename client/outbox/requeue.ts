import { type MutationRecord, maybeSent } from './record.ts';

/** Hands out idempotency keys: a rebased record is another write. */
export interface Identity {
  readonly clientId: string;
  nextMutationId(): number;
}

/** A fresh start of a record: no attempt spent, nothing held against it. */
export function requeue(record: MutationRecord): MutationRecord {
  const sent = maybeSent(record) ? { keyWasSent: true as const } : {};
  return { ...record, ...sent, state: 'queued', attempts: 0, nextAttemptAt: null, failure: null, conflict: null };
}

/** Under a new idempotency key: for a write that differs from the one sent before. */
export function identify(record: MutationRecord, identity: Identity): MutationRecord {
  const { keyWasSent: _sent, edits: _edits, ...rest } = record;
  return { ...rest, attempts: 0, clientId: identity.clientId, mutationId: identity.nextMutationId() };
}
