import type { OfflineManifest } from '../../schema/manifest.ts';
import { type RebaseContext, rebaseOnAcknowledged, rebaseOnConflict, rebaseWaiting } from '../conflict/rebase.ts';
import { identify } from '../conflict/rewrite.ts';
import { inputValues } from '../conflict/strategies.ts';
import { OfflineError } from '../errors.ts';
import type { ReadEntity } from '../outbox/draft.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { compareRecords, type Failure, isGenerated, type MutationRecord, writtenFields } from '../outbox/record.ts';
import type { Tickets } from '../outbox/tickets.ts';
import type { Clock, Random } from '../ports.ts';
import { type BackoffOptions, backoff, MAX_WAIT_MS } from './backoff.ts';
import { type Answer, type AnswerError, classify, type Outcome, type ServerConflict } from './outcome.ts';

/** What replay asks of the cache. No Apollo in sight: the service worker has its own. */
export interface Screen {
  readonly read: ReadEntity;
  /** Runs changes that watchers hear of once, after the last. */
  together<T>(run: () => T): T;
  /** Writes the acknowledged result of a record to the cache and drops what was shown in its place. */
  acknowledge(record: MutationRecord): void;
  /** Fresh data of one entity that came with a conflict: output field names, with `_version`. */
  refresh(typename: string, entity: Readonly<Record<string, unknown>>): void;
  /** Resolves when everything acknowledged so far is on disk. */
  flush(): Promise<void>;
}

export interface RetryOptions extends BackoffOptions {
  /** Attempts, the first included, until a record that the server keeps failing becomes a dead letter. Default Infinity. */
  readonly maxAttempts: number;
}

/** News for the connection state and for other tabs. */
export interface SettleNews {
  readonly reached: (how: 'answered' | 'unreachable' | 'unauthenticated') => void;
  readonly settled: (record: MutationRecord, errors: readonly AnswerError[]) => void;
  readonly failed: (record: MutationRecord, error: OfflineError) => void;
  readonly event: (event: { readonly code: string; readonly message: string; readonly key: string }) => void;
}

export interface Settle {
  /** Takes an answer to its consequences. Resolves when they are durable. */
  answer(record: MutationRecord, answer: Answer): Promise<void>;
  expire(record: MutationRecord): Promise<void>;
  /** After a start: results that were acknowledged but had not reached the cache on disk are applied once more. */
  recover(): Promise<void>;
}

export function createSettle(
  deps: {
    readonly outbox: Outbox;
    readonly tickets: Tickets;
    readonly screen: Screen;
    readonly clock: Clock;
    readonly random: Random;
    readonly news: SettleNews;
  },
  options: { readonly manifest: OfflineManifest | null; readonly retry: RetryOptions; readonly rebase: RebaseContext },
): Settle {
  const { outbox, tickets, screen, clock, random, news } = deps;
  const { manifest, retry, rebase } = options;
  /** Acknowledged records whose result is in the cache: what a flush from now on makes durable. */
  const applied = new Set<string>();
  let swept: Promise<void> | null = null;

  const acknowledge = async (record: MutationRecord, value: unknown, errors: readonly AnswerError[]): Promise<void> => {
    const acknowledged: MutationRecord = { ...record, state: 'acknowledged', result: value, failure: null, nextAttemptAt: null };
    const current = outbox.get(record.id);
    if (!current || !sameWrite(current, record)) return overtaken(acknowledged, current);
    // Durable first: from here on a crash repeats the result on screen, not the write at the server.
    await outbox.put(acknowledged);
    await apply(acknowledged, errors);
    void sweep();
  };

  /** Edited or discarded while its answer was under way: the server has the old write, and what is left of the record stands on it. */
  const overtaken = async (acknowledged: MutationRecord, current: MutationRecord | null): Promise<void> => {
    const mutation = manifest?.mutations[acknowledged.field];
    const entity = entityOf(acknowledged, manifest);
    if (mutation && entity)
      screen.refresh(
        mutation.typename,
        (acknowledged.result as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[mutation.entity] ?? {},
      );
    if (!current || !entity) return;
    // Whoever edited it saw what it said before.
    const base = current.base && { ...current.base, ...writtenFields(acknowledged) };
    await outbox.put(rebaseOnAcknowledged({ ...current, base }, acknowledged, entity, rebase));
  };

  /** The result, the end of its optimism, the records that stood on it, and the caller's promise: one broadcast. */
  const apply = async (acknowledged: MutationRecord, errors: readonly AnswerError[]): Promise<void> => {
    const rebased = screen.together(() => {
      screen.acknowledge(acknowledged);
      applied.add(acknowledged.id);
      const puts = followers(acknowledged).map((record) => outbox.put(record));
      tickets.settle(acknowledged, errors);
      return puts;
    });
    news.settled(acknowledged, errors);
    await Promise.all(rebased);
  };

  /** Still in the outbox, and still the write that was sent. */
  const isCurrent = (record: MutationRecord): boolean => {
    const current = outbox.get(record.id);
    return current !== null && sameWrite(current, record);
  };

  const followers = (acknowledged: MutationRecord): readonly MutationRecord[] => {
    const entity = entityOf(acknowledged, manifest);
    if (!entity) return [];
    const { typename, entityId } = acknowledged;
    const same = outbox.records().filter((record) => record.typename === typename && record.entityId === entityId);
    // A dead letter stands in nobody's way. After a restart later ones may be acknowledged too: they still stand in between.
    const waiting = same.filter(
      (record) => record.state !== 'dead' && (record.state !== 'acknowledged' || compareRecords(record, acknowledged) > 0),
    );
    return rebaseWaiting(waiting, acknowledged, entity, rebase);
  };

  /** Removes acknowledged records, once the cache on disk holds what they were kept for. One flush serves all that wait. */
  const sweep = (): Promise<void> => {
    swept ??= (async () => {
      for (;;) {
        const done = outbox.records().filter(({ id, state }) => state === 'acknowledged' && applied.has(id));
        if (done.length === 0) return;
        await screen.flush();
        for (const { id } of done) {
          await outbox.remove(id);
          applied.delete(id);
        }
      }
    })()
      .catch((cause: unknown) => news.event({ code: 'SWEEP_FAILED', message: String(cause), key: 'outbox' }))
      .finally(() => {
        swept = null;
      });
    return swept;
  };

  const conflicted = async (record: MutationRecord, conflict: ServerConflict): Promise<void> => {
    const typename = record.typename;
    // Of a custom mutation nobody knows what there is to choose between; it can be edited, retried or discarded.
    if (typename === null || !isGenerated(record)) return bury(record, { code: conflict.code, message: conflict.message });
    const type = manifest?.types[typename];
    const remote = type && conflict.server ? inputValues(type, conflict.server) : null;
    const onScreen = record.entityId !== null ? screen.read(typename, record.entityId) : null;
    const next = rebaseOnConflict(record, { ...conflict, remote, onScreen }, rebase);
    if (isCurrent(record)) await outbox.put(next);
    screen.together(() => {
      if (conflict.server) screen.refresh(typename, conflict.server);
      if (next.state === 'conflict' && outbox.get(record.id) === next) parked(next);
    });
  };

  /** Parked where there was no screen: the copy that a deleted entity could be restored from is taken now. */
  const remember = async (record: MutationRecord): Promise<void> => {
    const { conflict, typename, entityId } = record;
    if (!conflict || conflict.remote !== null || conflict.onScreen !== null || typename === null || entityId === null) return;
    const onScreen = screen.read(typename, entityId);
    if (onScreen !== null) await outbox.put({ ...record, conflict: { ...conflict, onScreen } });
  };

  const parked = (record: MutationRecord): void => {
    const fields = record.conflict?.conflictingFields.join(', ') || 'the whole entity';
    const message = `${record.operationName}: ${record.typename} ${record.entityId} was changed by somebody else (${fields}); resolve it by offline.conflicts.resolve('${record.id}', …)`;
    fail(record, new OfflineError('CONFLICT_PARKED', message, { recordId: record.id }));
  };

  const fail = (record: MutationRecord, error: OfflineError): void => {
    tickets.fail(record.id, error);
    news.failed(record, error);
  };

  const bury = async (
    record: MutationRecord,
    failure: Failure,
    reason: 'MUTATION_REJECTED' | 'EXPIRED' = 'MUTATION_REJECTED',
  ): Promise<void> => {
    const { code, message } = failure;
    const dead: MutationRecord = { ...record, state: 'dead', nextAttemptAt: null, failure };
    if (!isCurrent(record)) return;
    await outbox.put(dead);
    const text = `${record.operationName}: ${code}: ${message}; it is kept among the dead letters as ${record.id}`;
    fail(dead, new OfflineError(reason, text, { recordId: record.id }));
  };

  const postpone = async (record: MutationRecord, outcome: Extract<Outcome, { kind: 'retryable' }>): Promise<void> => {
    const failure = { code: outcome.code, message: outcome.message };
    if (outcome.reached && record.attempts >= retry.maxAttempts) return bury(record, { ...failure, givenUp: true });
    const wait = Math.min(MAX_WAIT_MS, Math.max(outcome.retryAfterMs ?? 0, backoff(record.attempts, retry, random)));
    if (isCurrent(record)) await outbox.put({ ...record, state: 'queued', nextAttemptAt: clock.now() + wait, failure });
  };

  return {
    async answer(record, answer) {
      const mutation = manifest?.mutations[record.field] ?? null;
      const outcome = classify(answer, { responseKey: record.responseKey, mutation }, clock.now());
      if (outcome.kind === 'retryable') news.reached(outcome.reached ? 'answered' : 'unreachable');
      else news.reached(outcome.kind === 'unauthenticated' ? 'unauthenticated' : 'answered');
      switch (outcome.kind) {
        case 'applied':
        case 'duplicate':
          return acknowledge(record, outcome.value, outcome.errors);
        case 'forgotten':
          news.event({
            code: 'ANSWER_FORGOTTEN',
            message: `${record.operationName} was applied earlier; its answer is gone`,
            key: record.id,
          });
          return acknowledge(record, null, []);
        case 'conflict':
          return conflicted(record, outcome.conflict);
        case 'rejected':
          return bury(record, { code: outcome.code, message: outcome.message });
        case 'unauthenticated':
          // Nothing is spent: the same record, the same key, after signing in.
          if (isCurrent(record))
            outbox.note({
              ...record,
              state: 'queued',
              attempts: record.attempts - 1,
              failure: { code: 'UNAUTHENTICATED', message: outcome.message },
            });
          return;
        case 'keyReused': {
          news.event({
            code: 'IDEMPOTENCY_KEY_REUSED',
            message: 'this outbox seems to be a copy of another one; its records get new keys',
            key: record.id,
          });
          const nextAttemptAt = clock.now() + backoff(record.attempts, retry, random);
          if (isCurrent(record)) await outbox.put({ ...identify(record, rebase.identity), state: 'queued', nextAttemptAt });
          return;
        }
        case 'retryable':
          return postpone(record, outcome);
      }
    },
    expire: (record) => bury(record, { code: 'EXPIRED', message: 'not sent by its deadline', givenUp: true }, 'EXPIRED'),
    async recover() {
      for (const record of outbox.records()) {
        if (record.state === 'conflict') await remember(record).catch((cause: unknown) => news.event(failedToMove(record, cause)));
        if (record.state !== 'acknowledged') continue;
        // One that cannot be moved must not keep the others from being sent.
        await apply(record, []).catch((cause: unknown) => news.event(failedToMove(record, cause)));
      }
      void sweep();
    },
  };
}

function failedToMove({ id }: MutationRecord, cause: unknown): { readonly code: string; readonly message: string; readonly key: string } {
  return { code: 'RECOVERY_FAILED', message: String(cause), key: id };
}

/** An edit, a resolution or a rebase makes another write of a record, under another key. */
function sameWrite(a: MutationRecord, b: MutationRecord): boolean {
  return a.clientId === b.clientId && a.mutationId === b.mutationId;
}

/** The entity in an acknowledged payload, by input field names; null for custom mutations and forgotten answers. */
function entityOf(record: MutationRecord, manifest: OfflineManifest | null): Readonly<Record<string, unknown>> | null {
  const mutation = manifest?.mutations[record.field];
  const type = mutation && manifest?.types[mutation.typename];
  const entity = mutation && (record.result as Readonly<Record<string, unknown>> | null)?.[mutation.entity];
  return type && typeof entity === 'object' && entity !== null ? inputValues(type, entity as Readonly<Record<string, unknown>>) : null;
}
