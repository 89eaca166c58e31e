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
import { createSweep } from './sweep.ts';

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
  /**
   * Takes the answers of one request to their consequences: one write to storage and one broadcast for all that were applied.
   * Resolves when the consequences are durable; rejects when those of some are not, after seeing to the others.
   */
  answer(answers: readonly (readonly [MutationRecord, Answer])[]): Promise<void>;
  expire(record: MutationRecord): Promise<void>;
  /** After a start: results that were acknowledged but had not reached the cache on disk are applied once more. */
  recover(): Promise<void>;
}

type Chance = Pick<Random, 'next'>;

interface Acknowledged {
  readonly record: MutationRecord;
  readonly value: unknown;
  readonly errors: readonly AnswerError[];
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
  const sweep = createSweep({
    outbox,
    flush: screen.flush,
    onThrow: (cause) => news.event({ code: 'SWEEP_FAILED', message: String(cause), key: 'outbox' }),
  });

  const acknowledge = async (answered: readonly Acknowledged[]): Promise<void> => {
    if (answered.length === 0) return;
    const values = new Map(
      answered.map(({ record, value }) => {
        const acknowledged: MutationRecord = { ...record, state: 'acknowledged', result: value, failure: null, nextAttemptAt: null };
        return [record.id, acknowledged] as const;
      }),
    );
    const current = [...values.values()].filter(isCurrent);
    // Durable first: from here on a crash repeats the result on screen, not the write at the server.
    const stored = new Set(await outbox.write(current));
    const done = answered.flatMap(({ record, errors }) => {
      const acknowledged = values.get(record.id) as MutationRecord;
      return stored.has(acknowledged) && isCurrent(acknowledged) ? [{ acknowledged, errors }] : [];
    });
    // In memory only now, with all that follows from it: a lane opens when what waits in it stands on the new version.
    await apply(done, (acknowledged) => outbox.note(acknowledged));
    sweep.run();
    for (const acknowledged of values.values()) if (!isCurrent(acknowledged)) await overtaken(acknowledged, outbox.get(acknowledged.id));
    if (stored.size < current.length) throw new OfflineError('NOT_DURABLE', 'some answers could not be stored; they are asked for again');
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

  /** The results, the end of their optimism, the records that stood on them, and the callers' promises: one broadcast. */
  const apply = async (
    done: readonly { readonly acknowledged: MutationRecord; readonly errors: readonly AnswerError[] }[],
    before: (acknowledged: MutationRecord) => void = () => undefined,
  ): Promise<void> => {
    const rebased = screen.together(() => {
      const moved = done.flatMap(({ acknowledged, errors }) => {
        before(acknowledged);
        screen.acknowledge(acknowledged);
        sweep.applied(acknowledged.id);
        tickets.settle(acknowledged, errors);
        return followers(acknowledged);
      });
      return outbox.putAll(moved);
    });
    for (const { acknowledged, errors } of done) news.settled(acknowledged, errors);
    await rebased;
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
    const same = outbox.ofEntity(typename, entityId);
    // A dead letter stands in nobody's way. After a restart later ones may be acknowledged too: they still stand in between.
    const waiting = same.filter(
      (record) => record.state !== 'dead' && (record.state !== 'acknowledged' || compareRecords(record, acknowledged) > 0),
    );
    return rebaseWaiting(waiting, acknowledged, entity, rebase);
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
      return [{ ...record, state: 'queued', nextAttemptAt: clock.now() + wait, failure }];
    });
    const buried = hopeless.map(({ record, outcome: { code, message } }) => bury(record, { code, message, givenUp: true }));
    await Promise.all([outbox.putAll(waiting), ...buried]);
  };

  /** What is neither applied nor to be tried again. */
  const decide = async (record: MutationRecord, outcome: Outcome, chance: Chance): Promise<void> => {
    switch (outcome.kind) {
      case 'conflict':
        return conflicted(record, outcome.conflict);
      case 'rejected':
        return bury(record, { code: outcome.code, message: outcome.message });
      case 'unauthenticated': {
        // Nothing is spent: the same record, the same key, after signing in.
        const failure = { code: 'UNAUTHENTICATED', message: outcome.message };
        if (isCurrent(record)) outbox.note({ ...record, state: 'queued', attempts: record.attempts - 1, failure });
        return;
      }
      case 'keyReused': {
        const message = 'this outbox seems to be a copy of another one; its records get new keys';
        news.event({ code: 'IDEMPOTENCY_KEY_REUSED', message, key: record.id });
        const nextAttemptAt = clock.now() + backoff(record.attempts, retry, chance);
        if (isCurrent(record)) await outbox.put({ ...identify(record, rebase.identity), state: 'queued', nextAttemptAt });
        return;
      }
      default:
        return;
    }
  };

  return {
    async answer(answers) {
      // One draw for all of a request, so that what was sent together is tried again together.
      let drawn: number | null = null;
      const chance = { next: () => (drawn ??= random.next()) };
      const judged = answers.map(([record, answer]) => {
        const mutation = manifest?.mutations[record.field] ?? null;
        return { record, outcome: classify(answer, { responseKey: record.responseKey, mutation }, clock.now()) };
      });
      for (const how of new Set(judged.map(({ outcome }) => reachedBy(outcome)))) news.reached(how);
      const applied = judged.flatMap(({ record, outcome }): readonly Acknowledged[] => {
        if (outcome.kind === 'applied' || outcome.kind === 'duplicate') return [{ record, ...outcome }];
        if (outcome.kind !== 'forgotten') return [];
        const message = `${record.operationName} was applied earlier; its answer is gone`;
        news.event({ code: 'ANSWER_FORGOTTEN', message, key: record.id });
        return [{ record, value: null, errors: [] }];
      });
      const later = judged.flatMap(({ record, outcome }) => (outcome.kind === 'retryable' ? [{ record, outcome }] : []));
      const ended = await Promise.allSettled([
        acknowledge(applied),
        postpone(later, chance),
        ...judged.map(({ record, outcome }) => decide(record, outcome, chance)),
      ]);
      const failed = ended.find((each) => each.status === 'rejected');
      if (failed) throw failed.reason;
    },
    expire: (record) => bury(record, { code: 'EXPIRED', message: 'not sent by its deadline', givenUp: true }, 'EXPIRED'),
    async recover() {
      for (const record of outbox.records()) {
        if (record.state === 'conflict') await remember(record).catch((cause: unknown) => news.event(failedToMove(record, cause)));
        if (record.state !== 'acknowledged') continue;
        // One that cannot be moved must not keep the others from being sent.
        await apply([{ acknowledged: record, errors: [] }]).catch((cause: unknown) => news.event(failedToMove(record, cause)));
      }
      sweep.run();
    },
  };
}

function failedToMove({ id }: MutationRecord, cause: unknown): { readonly code: string; readonly message: string; readonly key: string } {
  return { code: 'RECOVERY_FAILED', message: String(cause), key: id };
}

function reachedBy(outcome: Outcome): 'answered' | 'unreachable' | 'unauthenticated' {
  if (outcome.kind === 'unauthenticated') return 'unauthenticated';
  return outcome.kind === 'retryable' && !outcome.reached ? 'unreachable' : 'answered';
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
