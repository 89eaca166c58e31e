import type { OfflineManifest } from '../../schema/manifest.ts';
import { ConflictCode, EXTENSION, type OfflineResponse, PROTOCOL_VERSION, RequestLimits } from '../../schema/protocol.ts';
import type { HeldLease } from '../errors.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { type Answer, classify, readHeldLease } from '../replay/outcome.ts';
import type { ReplayRequest } from '../replay/request.ts';

/** What became of one request about a lease. */
export type LeaseAnswer =
  /** `forMs`: from the moment at which the request went out, never longer than the server says. */
  | { readonly kind: 'granted'; readonly fencingToken: number; readonly forMs: number }
  | { readonly kind: 'held'; readonly message: string; readonly lease: HeldLease }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** Nothing was decided: it may be asked again. */
  | { readonly kind: 'unanswered'; readonly message: string; readonly reached: boolean };

const RESULTS = {
  union:
    '__typename ... on Lease { fencingToken expiresAt } ... on LeaseHeld { message holder isYours expiresAt } ... on MutationRejected { code message }',
  errors: '__typename fencingToken expiresAt',
} as const;
const documents = (result: string) => ({
  acquire: `mutation AcquireLease($typename: String!, $id: ID!, $ttlMs: Int!) { lease: acquireLease(typename: $typename, id: $id, ttlMs: $ttlMs) { ${result} } }`,
  renew: `mutation RenewLease($typename: String!, $id: ID!, $fencingToken: Float!, $ttlMs: Int!) { lease: renewLease(typename: $typename, id: $id, fencingToken: $fencingToken, ttlMs: $ttlMs) { ${result} } }`,
  release:
    'mutation ReleaseLease($typename: String!, $id: ID!, $fencingToken: Float!) { lease: releaseLease(typename: $typename, id: $id, fencingToken: $fencingToken) }',
});
const DOCUMENTS = { union: documents(RESULTS.union), errors: documents(RESULTS.errors) } as const;

/** How the server says that somebody else has it: by a union, or, where no conflict is one either, by an error. */
export function leaseProfile(manifest: OfflineManifest | null): keyof typeof DOCUMENTS {
  const mutations = Object.values(manifest?.mutations ?? {});
  return mutations.length > 0 && mutations.every(({ conflict }) => conflict === undefined) ? 'errors' : 'union';
}

/** The client is named, because the lease is its own; the write that it is for is not part of it. */
export function leaseRequest(
  what: keyof ReturnType<typeof documents>,
  variables: Readonly<Record<string, unknown>>,
  { outbox, profile }: { readonly outbox: Pick<Outbox, 'clientId' | 'ackedThrough' | 'retired'>; readonly profile: keyof typeof DOCUMENTS },
): ReplayRequest {
  const { clientId } = outbox;
  // A tab that crashed holds on to its leases until the server hears that it is gone.
  const retired = outbox.retired().slice(0, RequestLimits.retired);
  const offline = { protocol: PROTOCOL_VERSION, clientId, ackedThrough: outbox.ackedThrough(clientId), retired, mutations: {} };
  const operationName = `${what.charAt(0).toUpperCase()}${what.slice(1)}Lease`;
  return { document: DOCUMENTS[profile][what], operationName, variables, extensions: { [EXTENSION]: offline } };
}

/** `ttlMs`: what was asked for, where the server does not tell the time. */
export function readLeaseAnswer(answer: Answer, ttlMs: number, now: number): LeaseAnswer {
  const outcome = classify(answer, { responseKey: 'lease', mutation: null }, now);
  if (outcome.kind === 'retryable') return { kind: 'unanswered', message: outcome.message, reached: outcome.reached };
  if (outcome.kind === 'unauthenticated') return { kind: 'unanswered', message: outcome.message, reached: true };
  const heldBy = outcome.kind === 'rejected' && outcome.code === ConflictCode.LEASE_HELD ? heldLeaseIn(answer) : null;
  if (outcome.kind === 'rejected' && heldBy) return { kind: 'held', message: outcome.message, lease: heldBy };
  if (outcome.kind === 'rejected') return { kind: 'refused', code: outcome.code, message: outcome.message };
  const value = (outcome.kind === 'applied' ? outcome.value : null) as Readonly<Record<string, unknown>> | null;
  const held = readHeldLease(value);
  if (value?.__typename === 'LeaseHeld' && held) return { kind: 'held', message: String(value.message), lease: held };
  if (value?.__typename !== 'Lease' || typeof value.fencingToken !== 'number')
    return { kind: 'refused', code: 'UNREADABLE_ANSWER', message: 'expected a lease or a refusal, got something else' };
  const time = answer.kind === 'result' ? (answer.extensions[EXTENSION] as Partial<OfflineResponse> | undefined)?.serverTime : undefined;
  const until = Date.parse(String(value.expiresAt));
  const forMs = time === undefined || Number.isNaN(until) ? ttlMs : until - time;
  return { kind: 'granted', fencingToken: value.fencingToken, forMs: Math.min(ttlMs, forMs) };
}

function heldLeaseIn(answer: Answer): HeldLease | null {
  const errors = answer.kind === 'result' ? answer.errors : [];
  return readHeldLease(errors.find(({ extensions }) => extensions?.code === ConflictCode.LEASE_HELD)?.extensions?.lease);
}
