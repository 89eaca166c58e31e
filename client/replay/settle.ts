import type { OfflineManifest } from '../../schema/manifest.ts';
import { type RebaseContext, rebaseOnAcknowledged, rebaseOnConflict } from '../conflict/rebase.ts';
import { inputValues } from '../conflict/strategies.ts';
import { OfflineError } from '../errors.ts';
import type { ReadEntity } from '../outbox/draft.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { MutationRecord } from '../outbox/record.ts';
import type { Tickets } from '../outbox/tickets.ts';
import type { Clock, Random } from '../ports.ts';
import { type BackoffOptions, backoff } from './backoff.ts';
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
    if (mutation && entity) screen.refresh(mutation.typename, (acknowledged.result as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[mutation.entity] ?? {});
    if (current && entity) await outbox.put(rebaseOnAcknowledged(current, acknowledged, entity, rebase));
  };

  /** The result, the end of its optimism, the records that stood on it, and the caller's promise: one broadcast. */
  const apply = async (acknowledged: MutationRecord, errors: readonly AnswerError[]): Promise<void> => {
    const rebased = screen.together(() => {
      screen.acknowledge(acknowledged);
      const puts = followers(acknowledged).map((record) => {
        const put = outbox.put(record);
        if (record.state === 'conflict') parked(record);
        return put;
      });
      tickets.settle(acknowledged, errors);
      return puts;
    });
    news.settled(acknowledged, errors);
    await Promise.all(rebased);
  };

  const followers = (acknowledged: MutationRecord): readonly MutationRecord[] => {
    const entity = entityOf(acknowledged, manifest);
    if (!entity) return [];
    return outbox
      .records()
      .filter((record) => record.id !== acknowledged.id && record.state !== 'acknowledged' && record.typename === acknowledged.typename && record.entityId === acknowledged.entityId)
      .flatMap((record) => {
        const moved = rebaseOnAcknowledged(record, acknowledged, entity, rebase);
        return moved === record ? [] : [moved];
      });
  };

  /** Removes acknowledged records, once the cache on disk holds what they were kept for. One flush serves all that wait. */
  const sweep = (): Promise<void> => {
    swept ??= (async () => {
      for (;;) {
        const done = outbox.records().filter(({ state }) => state === 'acknowledged');
        if (done.length === 0) return;
        await screen.flush();
        for (const { id } of done) await outbox.remove(id);
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
    const type = typename === null ? undefined : manifest?.types[typename];
    const remote = type && conflict.server ? inputValues(type, conflict.server) : null;
    const onScreen = typename !== null && record.entityId !== null ? screen.read(typename, record.entityId) : null;
    const next = rebaseOnConflict(record, { ...conflict, remote, onScreen }, rebase);
    const current = outbox.get(record.id);
    if (current && sameWrite(current, record)) await outbox.put(next);
    screen.together(() => {
      if (typename !== null && conflict.server) screen.refresh(typename, conflict.server);
      if (next.state === 'conflict' && outbox.get(record.id) === next) parked(next);
    });
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

  const bury = async (record: MutationRecord, code: string, message: string): Promise<void> => {
    const dead: MutationRecord = { ...record, state: 'dead', nextAttemptAt: null, failure: { code, message } };
    const current = outbox.get(record.id);
    if (!current || !sameWrite(current, record)) return;
    await outbox.put(dead);
    const reason = code === 'EXPIRED' ? 'EXPIRED' : 'MUTATION_REJECTED';
    const text = `${record.operationName}: ${code}: ${message}; it is kept among the dead letters as ${record.id}`;
    fail(dead, new OfflineError(reason, text, { recordId: record.id }));
  };

  const postpone = async (record: MutationRecord, outcome: Extract<Outcome, { kind: 'retryable' }>): Promise<void> => {
    if (outcome.reached && record.attempts >= retry.maxAttempts) return bury(record, outcome.code, outcome.message);
    const wait = Math.max(outcome.retryAfterMs ?? 0, backoff(record.attempts, retry, random));
    const failure = { code: outcome.code, message: outcome.message };
    const current = outbox.get(record.id);
    if (current && sameWrite(current, record)) await outbox.put({ ...record, state: 'queued', nextAttemptAt: clock.now() + wait, failure });
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
          news.event({ code: 'ANSWER_FORGOTTEN', message: `${record.operationName} was applied earlier; its answer is gone`, key: record.id });
          return acknowledge(record, null, []);
        case 'conflict':
          return conflicted(record, outcome.conflict);
        case 'rejected':
          return bury(record, outcome.code, outcome.message);
        case 'unauthenticated':
          // Nothing is spent: the same record, the same key, after signing in.
          outbox.note({ ...record, state: 'queued', attempts: record.attempts - 1, failure: { code: 'UNAUTHENTICATED', message: outcome.message } });
          return;
        case 'keyReused': {
          news.event({ code: 'IDEMPOTENCY_KEY_REUSED', message: 'this outbox seems to be a copy of another one; its records get new keys', key: record.id });
          const { clientId, nextMutationId } = rebase.identity;
          await outbox.put({ ...record, state: 'queued', clientId, mutationId: nextMutationId() });
          return;
        }
        case 'retryable':
          return postpone(record, outcome);
      }
    },
    expire: (record) => bury(record, 'EXPIRED', 'not sent by its deadline'),
    async recover() {
      for (const record of outbox.records()) if (record.state === 'acknowledged') await apply(record, []);
      void sweep();
    },
  };
}

/** An edit, a resolution or a rebase makes another write of a record, under another key. */
function sameWrite(a: MutationRecord, b: MutationRecord): boolean {
  return a.clientId === b.clientId && a.mutationId === b.mutationId;
}

/** The entity in an acknowledged payload, by input field names; null for custom mutations and forgotten answers. */
export function entityOf(record: MutationRecord, manifest: OfflineManifest | null): Readonly<Record<string, unknown>> | null {
  const mutation = manifest?.mutations[record.field];
  const type = mutation && manifest?.types[mutation.typename];
  const entity = mutation && (record.result as Readonly<Record<string, unknown>> | null)?.[mutation.entity];
  return type && typeof entity === 'object' && entity !== null ? inputValues(type, entity as Readonly<Record<string, unknown>>) : null;
}
