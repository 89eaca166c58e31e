import type { OfflineManifest } from '../../schema/manifest.ts';
import { isOfLease, type RebaseContext, rebaseOnConflict } from '../conflict/rebase.ts';
import { isRecognizable } from '../conflict/repeat.ts';
import { inputValues } from '../conflict/strategies.ts';
import { OfflineError } from '../errors.ts';
import { asKnown } from '../outbox/by-hand.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { type Failure, isGenerated, type MutationRecord } from '../outbox/record.ts';
import { identify } from '../outbox/requeue.ts';
import type { Tickets } from '../outbox/tickets.ts';
import type { Clock, Random } from '../ports.ts';
import { backoff, MAX_WAIT_MS, type RetryOptions } from './backoff.ts';
import type { SettleNews } from './news.ts';
import type { Outcome, ServerConflict } from './outcome.ts';
import type { Screen } from './screen.ts';

type Chance = Pick<Random, 'next'>;

/** What becomes of a record that was not applied: tried again, merged, parked, or kept among the dead letters. Never dropped. */
export interface Setbacks {
  /** What is neither applied nor to be tried again. */
  decide(record: MutationRecord, outcome: Outcome, chance: Chance): Promise<void>;
  postpone(
    failed: readonly { readonly record: MutationRecord; readonly outcome: Extract<Outcome, { kind: 'retryable' }> }[],
    chance: Chance,
  ): Promise<void>;
  expire(record: MutationRecord): Promise<void>;
  /** Applied, but nobody can say under which id: what names it must not be sent. `answered` holds the result. */
  lose(answered: MutationRecord, why: string): Promise<void>;
  /** Parked where there was no screen: the copy that a deleted entity could be restored from is taken now. */
  remember(record: MutationRecord): Promise<void>;
}

export function createSetbacks(
  deps: {
    readonly outbox: Outbox;
    readonly tickets: Tickets;
    readonly screen: Screen;
    readonly clock: Clock;
    readonly random: Random;
    readonly news: SettleNews;
  },
  options: { readonly manifest: OfflineManifest | null; readonly retry: RetryOptions; readonly rebase: RebaseContext },
): Setbacks {
  const { outbox, tickets, screen, clock, random, news } = deps;
  const { manifest, retry, rebase } = options;
  const isCurrent = (record: MutationRecord): boolean => isStill(outbox, record);

  const conflicted = async (sent: MutationRecord, conflict: ServerConflict): Promise<void> => {
    const record = isGenerated(sent) ? sent : asKnown(sent, conflict.server);
    const typename = record?.typename ?? null;
    // Nobody knows what there is to choose between; it can be edited, retried or discarded.
    if (record === null || typename === null) return bury(sent, { code: conflict.code, message: conflict.message });
    const type = manifest?.types[typename];
    const { server } = conflict;
    const remote = server && (type ? inputValues(type, server) : server);
    const onScreen = record.entityId !== null ? screen.read(typename, record.entityId) : null;
    const next = rebaseOnConflict(record, { ...conflict, remote, onScreen }, rebase);
    if (isCurrent(record)) await outbox.put(next);
    screen.together(() => {
      if (server && type) screen.refresh(typename, { id: record.entityId, ...server });
      if (next.state === 'conflict' && outbox.get(record.id) === next) parked(next);
    });
  };

  const remember = async (record: MutationRecord): Promise<void> => {
    const { conflict, typename, entityId } = record;
    if (!conflict || conflict.remote !== null || conflict.onScreen !== null || typename === null || entityId === null) return;
    const onScreen = screen.read(typename, entityId);
    if (onScreen !== null) await outbox.put({ ...record, conflict: { ...conflict, onScreen } });
  };

  const parked = (record: MutationRecord): void => {
    const fields = record.conflict?.conflictingFields.join(', ') || 'the whole entity';
    const changed = `${record.typename} ${record.entityId} was changed by somebody else (${fields})`;
    const why = isOfLease(record.conflict?.code ?? '') ? record.conflict?.message : changed;
    const message = `${record.operationName}: ${why}; resolve it by offline.conflicts.resolve('${record.id}', …)`;
    fail(record, new OfflineError('CONFLICT_PARKED', message, { recordId: record.id }));
  };

  const fail = (record: MutationRecord, error: OfflineError): void => {
    tickets.fail(record.id, error);
    news.failed(record, error);
  };

  const bury = async (
    record: MutationRecord,
    failure: Failure,
    errorCode: 'MUTATION_REJECTED' | 'EXPIRED' = 'MUTATION_REJECTED',
  ): Promise<void> => {
    const { code, message } = failure;
    const reason = code === 'EXPIRED' ? 'expired' : failure.givenUp ? 'givenUp' : 'rejected';
    const dead: MutationRecord = { ...record, state: 'dead', nextAttemptAt: null, failure: { reason, ...failure } };
    if (!isCurrent(record)) return;
    await outbox.put(dead);
    const text = `${record.operationName}: ${code}: ${message}; it is kept among the dead letters as ${record.id}`;
    fail(dead, new OfflineError(errorCode, text, { recordId: record.id }));
  };

  const postpone = async (
    failed: readonly { readonly record: MutationRecord; readonly outcome: Extract<Outcome, { kind: 'retryable' }> }[],
    chance: Chance,
  ): Promise<void> => {
    const hopeless = failed.filter(({ record, outcome }) => outcome.reached && record.attempts >= retry.maxAttempts);
    const waiting = failed.flatMap((each): readonly MutationRecord[] => {
      const { record, outcome } = each;
      if (hopeless.includes(each) || !isCurrent(record)) return [];
      const wait = Math.min(MAX_WAIT_MS, Math.max(outcome.retryAfterMs ?? 0, backoff(record.attempts, retry, chance)));
      const failure = { code: outcome.code, message: outcome.message };
      const at = clock.now() + wait;
      // Not past its deadline, which is looked at when its turn comes.
      const nextAttemptAt = Math.min(at, Math.max(record.expiresAt ?? at, clock.now()));
      return [{ ...record, state: 'queued', nextAttemptAt, failure }];
    });
    const buried = hopeless.map(({ record, outcome: { code, message } }) => bury(record, { code, message, givenUp: true }));
    await Promise.all([outbox.putAll(waiting), ...buried]);
  };

  const decide = async (record: MutationRecord, outcome: Outcome, chance: Chance): Promise<void> => {
    switch (outcome.kind) {
      case 'conflict':
        return conflicted(record, outcome.conflict);
      case 'rejected':
        return bury(record, {
          code: outcome.code,
          message: outcome.message,
          ...(outcome.details === undefined ? {} : { details: outcome.details }),
        });
      case 'unauthenticated': {
        // Nothing is spent: the same record, the same key, after signing in.
        const failure = { code: 'UNAUTHENTICATED', message: outcome.message };
        if (isCurrent(record)) outbox.note({ ...record, state: 'queued', attempts: record.attempts - 1, failure });
        return;
      }
      case 'keyReused': {
        if (record.edits) return bury(record, ALREADY_APPLIED);
        const message = 'somebody else has used this key at the server: there seem to be two copies of this outbox';
        news.event({ code: 'IDEMPOTENCY_KEY_REUSED', message, key: record.id });
        // Perhaps the other copy has sent this very write, in another form: only a person can say whether it should be done again.
        if (!isRecognizable(record, rebase.ruleOf)) return bury(record, { code: 'IDEMPOTENCY_KEY_REUSED', message });
        // Under a client of its own: where this session is a copy too, its next keys are as used as this one.
        const identity = { clientId: random.id(), nextMutationId: () => 1 };
        const nextAttemptAt = clock.now() + backoff(record.attempts, retry, chance);
        if (isCurrent(record)) await outbox.put({ ...identify(record, identity), state: 'queued', nextAttemptAt });
        return;
      }
      default:
        return;
    }
  };

  return {
    decide,
    postpone,
    remember,
    async lose(answered, why) {
      const message = `the server has applied it, and its id could not be made out: ${why}`;
      news.event({ code: 'RESOLVE_ID_FAILED', message: `${answered.operationName}: ${message}`, key: answered.id });
      // Its key is kept: a retry asks a server that knows the protocol for the same answer, and is no second write.
      await bury(answered, { code: 'RESOLVE_ID_FAILED', message, details: answered.result, givenUp: true });
    },
    async expire(record) {
      await bury(record, { code: 'EXPIRED', message: 'not sent by its deadline', givenUp: true }, 'EXPIRED');
      const dead = outbox.get(record.id);
      if (dead?.state === 'dead') news.expired(dead);
    },
  };
}

/** The answer to the write before the edit was lost. What it did cannot be told from here, so a person decides what is still to do. */
const ALREADY_APPLIED: Failure = {
  code: 'ALREADY_APPLIED',
  message: 'the server had applied it before it was edited; retry sends it as it is now, as another mutation',
};

/** Still in the outbox, and still the write that was sent. */
export function isStill(outbox: Pick<Outbox, 'get'>, record: MutationRecord): boolean {
  const current = outbox.get(record.id);
  return current !== null && sameWrite(current, record);
}

/** An edit, a resolution or a rebase makes another write of a record, under another key. */
function sameWrite(a: MutationRecord, b: MutationRecord): boolean {
  return a.clientId === b.clientId && a.mutationId === b.mutationId && (a.edits ?? 0) === (b.edits ?? 0);
}
