import type { OfflineManifest } from '../../schema/manifest.ts';
import { type RebaseContext, rebaseOnAcknowledged, rebaseWaiting } from '../conflict/rebase.ts';
import { inputValues } from '../conflict/strategies.ts';
import { OfflineError } from '../errors.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { compareRecords, type MutationRecord, writtenFields } from '../outbox/record.ts';
import type { ResolvedIds } from '../outbox/resolved-ids.ts';
import type { Tickets } from '../outbox/tickets.ts';
import type { Clock, Random } from '../ports.ts';
import { MAX_WAIT_MS, type RetryOptions } from './backoff.ts';
import type { CircuitInput } from './circuit.ts';
import type { SettleNews } from './news.ts';
import { type Answer, type AnswerError, classify, type Outcome } from './outcome.ts';
import type { Screen } from './screen.ts';
import { createSetbacks, isStill } from './setbacks.ts';
import { createSweep } from './sweep.ts';

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
    /** Default: no server assigns ids. */
    readonly ids?: ResolvedIds;
  },
  options: { readonly manifest: OfflineManifest | null; readonly retry: RetryOptions; readonly rebase: RebaseContext },
): Settle {
  const { outbox, tickets, screen, clock, random, news, ids } = deps;
  const { manifest, rebase } = options;
  const sweep = createSweep({
    outbox,
    flush: screen.flush,
    onThrow: (cause) => news.event({ code: 'SWEEP_FAILED', message: String(cause), key: 'outbox' }),
  });

  const setbacks = createSetbacks({ outbox, tickets, screen, clock, random, news }, options);
  const isCurrent = (record: MutationRecord): boolean => isStill(outbox, record);

  const acknowledge = async (answered: readonly Acknowledged[]): Promise<void> => {
    if (answered.length === 0) return;
    const values = new Map(
      answered.map(({ record, value }) => {
        const acknowledged: MutationRecord = { ...record, state: 'acknowledged', result: value, failure: null, nextAttemptAt: null };
        return [record.id, acknowledged] as const;
      }),
    );
    // Before the answer itself is stored: what waits must not lose sight of what the server calls it.
    const nameless = (await ids?.take([...values.values()])) ?? new Map<string, string>();
    const current = [...values.values()].filter((record) => isCurrent(record) && !nameless.has(record.id));
    // Durable first: from here on a crash repeats the result on screen, not the write at the server.
    const stored = new Set(await outbox.write(current));
    const done = answered.flatMap(({ record, errors }) => {
      const acknowledged = values.get(record.id) as MutationRecord;
      return stored.has(acknowledged) && isCurrent(acknowledged) ? [{ acknowledged, errors }] : [];
    });
    // In memory only now, with all that follows from it: a lane opens when what waits in it stands on the new version.
    await apply(done, (acknowledged) => outbox.note(acknowledged));
    sweep.run();
    for (const [id, why] of nameless) await setbacks.lose(values.get(id) as MutationRecord, why);
    for (const acknowledged of values.values())
      if (!isCurrent(acknowledged) && !nameless.has(acknowledged.id)) await overtaken(acknowledged, outbox.get(acknowledged.id));
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
      return outbox.putAll(ids && done.some(({ acknowledged }) => acknowledged.temporaryId) ? translated(moved, ids) : moved);
    });
    for (const { acknowledged, errors } of done) news.settled(acknowledged, errors);
    await rebased;
  };

  /** Those that wait name what the server calls it, in the same moment as its temporary entity goes off the screen. */
  const translated = (moved: readonly MutationRecord[], { translateRecord }: ResolvedIds): readonly MutationRecord[] => {
    const after = new Map(moved.map((record) => [record.id, record]));
    for (const record of outbox.records()) {
      if (record.state === 'sending' || record.state === 'acknowledged') continue;
      const before = after.get(record.id) ?? record;
      const next = translateRecord(before);
      if (next !== before) after.set(record.id, next);
    }
    return [...after.values()];
  };

  const followers = (acknowledged: MutationRecord): readonly MutationRecord[] => {
    const entity = entityOf(acknowledged, manifest);
    if (!entity) return [];
    const { typename, entityId } = acknowledged;
    // What was made since the server's name for it is known goes by that.
    const named = entity.id === entityId ? [] : outbox.ofEntity(typename, String(entity.id));
    const same = [...outbox.ofEntity(typename, entityId), ...named];
    // A dead letter stands in nobody's way. After a restart later ones may be acknowledged too: they still stand in between.
    const waiting = same.filter(
      (record) => record.state !== 'dead' && (record.state !== 'acknowledged' || compareRecords(record, acknowledged) > 0),
    );
    return rebaseWaiting(waiting, acknowledged, entity, rebase);
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
      news.endpoint(endpointBy(judged));
      const applied = judged.flatMap(({ record, outcome }): readonly Acknowledged[] => {
        if (outcome.kind === 'applied' || outcome.kind === 'duplicate') return [{ record, ...outcome }];
        if (outcome.kind !== 'forgotten') return [];
        const message = `${record.operationName} was settled earlier; its answer is gone`;
        news.event({ code: 'ANSWER_FORGOTTEN', message, key: record.id });
        news.stale();
        return [{ record, value: null, errors: [] }];
      });
      const later = judged.flatMap(({ record, outcome }) => (outcome.kind === 'retryable' ? [{ record, outcome }] : []));
      const ended = await Promise.allSettled([
        acknowledge(applied),
        setbacks.postpone(later, chance),
        ...judged.map(({ record, outcome }) => setbacks.decide(record, outcome, chance)),
      ]);
      const failed = ended.find((each) => each.status === 'rejected');
      if (failed) throw failed.reason;
    },
    expire: setbacks.expire,
    async recover() {
      for (const record of outbox.records()) {
        if (record.state === 'conflict') await setbacks.remember(record).catch((cause: unknown) => news.event(failedToMove(record, cause)));
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

/**
 * The entity in an acknowledged payload, by input field names; null for custom mutations and forgotten answers. But what was made under a
 * temporary id may be of a generated type: its edits stand on what the server made of it.
 */
function entityOf(record: MutationRecord, manifest: OfflineManifest | null): Readonly<Record<string, unknown>> | null {
  const mutation = manifest?.mutations[record.field];
  const typename = mutation?.typename ?? (record.temporaryId ? record.typename : null);
  const type = typename === null ? undefined : manifest?.types[typename];
  const result = record.result as Readonly<Record<string, unknown>> | null;
  const entity = mutation ? result?.[mutation.entity] : result?._version === undefined ? null : result;
  return type && typeof entity === 'object' && entity !== null ? inputValues(type, entity as Readonly<Record<string, unknown>>) : null;
}

function endpointBy(judged: readonly { readonly record: MutationRecord; readonly outcome: Outcome }[]): CircuitInput {
  const failures = judged.flatMap(({ outcome }) => (outcome.kind === 'retryable' ? [outcome] : []));
  const [first] = judged;
  if (!first || failures.length < judged.length) return { kind: 'answered' };
  if (failures.some(({ reached }) => !reached)) return { kind: 'lost' };
  const waits = failures.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  return { kind: 'failed', record: first.record.id, retryAfterMs: waits.length > 0 ? Math.min(MAX_WAIT_MS, ...waits) : null };
}
