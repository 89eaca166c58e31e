import { EXTENSION } from '../../schema/protocol.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { isPending, type MutationRecord } from '../outbox/record.ts';
import type { Cancel, Clock } from '../ports.ts';
import { MAX_WAIT_MS } from './backoff.ts';
import { createBatchSize } from './batch-size.ts';
import type { Breaker } from './breaker.ts';
import { type BatchLimits, isRefusal, planBatches, splitAnswer } from './document-batch.ts';
import type { Lanes } from './lanes.ts';
import type { Answer } from './outcome.ts';
import { type ReplayRequest, requestFor } from './request.ts';

export interface DrainOptions {
  /** Requests under way at once. Default 4: browsers give one origin six connections, and queries want some. */
  readonly concurrency: number;
  /** Milliseconds until an attempt without an answer counts as lost. Default 30 000. */
  readonly timeoutMs: number;
  /** How many records go in one request; null: one. */
  readonly batch: BatchLimits | null;
  /** Send single records until the server has shown that it speaks the protocol: another may lose the answers of a batch. */
  readonly isCautious: boolean;
}

/** Carries one request to the server. What goes wrong is an answer too; a rejection counts as none. */
export type Send = (request: ReplayRequest, signal: AbortSignal) => Promise<Answer>;

/** The loop that empties the outbox: plans, sends, hands answers on. It decides nothing itself. */
export interface Drain {
  /** Looks again at what can be sent. Cheap; called whenever something may have changed. */
  wake(): void;
  /** Sends from now on, until the signal aborts; requests under way are then given up (and repeated by whoever drains next). */
  lead(signal: AbortSignal): void;
  /** Until when it sends and nobody else does; null: it does not. What comes in that time and is not sent by it was never sent. */
  leading(): AbortSignal | null;
  /**
   * Gives up what is under way: the network that would carry the answers is gone, and a connection that it left hanging may
   * not end for minutes. It waits again, and is sent again under the same key.
   */
  abandon(): void;
  /** Somebody wants to know now: an endpoint that is left in peace is asked once more. */
  hurry(): void;
  /** Resolves when nothing is under way and nothing can be sent now: the outbox is empty, or waits for time, network or people. */
  idle(): Promise<void>;
}

const ONE: BatchLimits = { maxCount: 1, maxBytes: 0 };

export function createDrain(
  deps: {
    readonly outbox: Outbox;
    readonly clock: Clock;
    readonly send: Send;
    /** Whether requests make sense now. */
    readonly ready: () => boolean;
    readonly lanes: Pick<Lanes, 'plan'>;
    /** With what has become known since they were made. Default: nothing has. */
    readonly translate?: (record: MutationRecord) => MutationRecord;
    readonly breaker: Breaker;
    /** Takes answers to their consequences; the records' lanes stay closed until it resolves. */
    readonly settle: (answers: readonly (readonly [MutationRecord, Answer])[]) => Promise<void>;
    readonly expire: (record: MutationRecord) => Promise<void>;
    readonly onThrow: (error: unknown) => void;
  },
  options: DrainOptions,
): Drain {
  const { outbox, clock, send, ready, lanes, translate = (record) => record, breaker, settle, expire, onThrow } = deps;
  const underWay = new Set<string>();
  /** Of the attempts under way. */
  const givingUp = new Set<() => void>();
  const size = createBatchSize(options.batch?.maxCount ?? 1);
  let isBatching = !options.isCautious;
  let requests = 0;
  let leading: AbortSignal | null = null;
  let cancelTimer: Cancel = () => undefined;
  let waitingForIdle: (() => void)[] = [];
  let isLooking = false;

  /** Keeps the lanes of records closed while something is done with them. */
  const hold = async (records: readonly MutationRecord[], run: () => Promise<void>): Promise<void> => {
    for (const { id } of records) underWay.add(id);
    try {
      await run();
    } catch (error) {
      // Storage failed under us. A record is still on disk as it was; after a while it is tried again, under the same key.
      onThrow(error);
      const nextAttemptAt = clock.now() + Math.min(options.timeoutMs, MAX_WAIT_MS);
      for (const { id } of records) {
        const now = outbox.get(id);
        if (now && isPending(now)) outbox.note({ ...now, state: 'queued', nextAttemptAt: now.nextAttemptAt ?? nextAttemptAt });
      }
    } finally {
      for (const { id } of records) underWay.delete(id);
      wake();
    }
  };

  /** Nothing came of an attempt, and nothing is held against it. */
  const takeBack = (records: readonly MutationRecord[], attempts: 0 | 1): void => {
    for (const { id } of records) {
      const now = outbox.get(id);
      if (now?.state === 'sending') outbox.note({ ...now, state: 'queued', attempts: now.attempts - attempts });
    }
  };

  const attempt = async (given: readonly MutationRecord[], signal: AbortSignal): Promise<void> => {
    const records = given.map(translate);
    const changed = records.filter((record, index) => record !== given[index]);
    // Stored as it is sent: after a crash nothing else goes out under this key (I3).
    if (changed.length > 0) await outbox.putAll(changed);
    const sending = records.map((record): MutationRecord => {
      return { ...record, state: 'sending', attempts: record.attempts + 1, nextAttemptAt: null };
    });
    for (const record of sending) outbox.note(record);
    // Without room for the mark there is none for anything else either, and sending makes some.
    await outbox.mark(sending).catch(() => undefined);
    if (signal.aborted) return takeBack(records, 1);
    const { request, keys } = requestFor(records, outbox);
    const answer = await bounded(request);
    if (answer === null || signal.aborted) {
      breaker.take({ kind: 'lost' });
      return takeBack(records, 0);
    }
    const speaksProtocol = answer.kind === 'result' && answer.extensions[EXTENSION] !== undefined;
    if (speaksProtocol) isBatching = true;
    const { retired } = request.extensions[EXTENSION];
    if (retired && speaksProtocol) await outbox.forget(retired);
    if (records.length === 1) {
      if (isRefusal(answer)) size.refused(records);
      return settle(sending.map((record) => [record, answer]));
    }
    const answers = splitAnswer(answer, records, keys);
    // Nothing of it ran. It is nobody's attempt: whose fault it is comes out in smaller documents.
    if (answers === 'refused') {
      size.refused(records);
      breaker.take({ kind: 'answered' });
      return takeBack(records, 1);
    }
    if (answers[0] === answer) size.failed(sending, answer);
    else size.answered(records);
    await settle(sending.map((record, index) => [record, answers[index] as Answer]));
  };

  const abandon = (): void => {
    for (const giveUp of [...givingUp]) giveUp();
  };

  /** The answer, or that none came in time; null when it is given up: abandoned, or this tab leads no more. Whichever is first. */
  const bounded = (request: ReplayRequest): Promise<Answer | null> => {
    const controller = new AbortController();
    return new Promise<Answer | null>((resolve) => {
      const finish = (answer: Answer | null): void => {
        stop();
        givingUp.delete(giveUp);
        resolve(answer);
      };
      const giveUp = (): void => {
        controller.abort();
        finish(null);
      };
      const stop = clock.after(options.timeoutMs, () => {
        controller.abort();
        finish({ kind: 'unreachable', message: `no answer within ${options.timeoutMs} ms` });
      });
      givingUp.add(giveUp);
      const sent = new Promise<Answer>((arrive) => arrive(send(request, controller.signal)));
      sent.then(finish, (error: unknown) =>
        finish({ kind: 'unreachable', message: error instanceof Error ? error.message : String(error) }),
      );
    });
  };

  const look = (): void => {
    isLooking = false;
    cancelTimer();
    const signal = leading;
    if (signal && !signal.aborted) {
      const now = clock.now();
      const plan = lanes.plan(now);
      const times = [plan.expiresAt, plan.nextAt];
      // A deadline is one without a network too.
      for (const record of plan.expired.filter(isIdle)) void hold([record], () => expire(record));
      if (ready()) {
        const passage = breaker.passage();
        const isOpen = passage === 'all';
        const room = isOpen ? options.concurrency - requests : passage === 'probe' && requests === 0 ? 1 : 0;
        const limits = isOpen && isBatching && options.batch !== null ? options.batch : ONE;
        for (const records of planBatches(idle(breaker.order(plan.ready)), room, limits, size.of)) {
          requests += 1;
          const done = (): void => {
            requests -= 1;
          };
          breaker.take({ kind: 'probing', record: records[0]?.id ?? '' });
          void hold(records, () => attempt(records, signal).finally(done));
        }
        times.push(breaker.probeAt());
      }
      const nextAt = Math.min(...times.map((time) => (time === null || time <= now ? Number.POSITIVE_INFINITY : time)));
      if (Number.isFinite(nextAt)) cancelTimer = clock.after(nextAt - now, wake);
    }
    if (underWay.size === 0) {
      const resolvers = waitingForIdle;
      waitingForIdle = [];
      for (const resolve of resolvers) resolve();
    }
  };

  /** Never anything that storage does not have yet: after a crash the server would know of a write that nobody else does. */
  const isIdle = ({ id }: MutationRecord): boolean => !underWay.has(id) && outbox.isDurable(id);
  function* idle(records: Iterable<MutationRecord>): Generator<MutationRecord> {
    for (const record of records) if (isIdle(record)) yield record;
  }

  /** Many calls of one turn are one look: what was made in one breath goes out in one document. */
  const wake = (): void => {
    if (isLooking) return;
    isLooking = true;
    queueMicrotask(look);
  };

  return {
    wake,
    lead(signal) {
      leading = signal;
      const over = (): void => {
        abandon();
        wake();
      };
      signal.addEventListener('abort', over, { once: true });
      wake();
    },
    leading: () => (leading?.aborted ? null : leading),
    abandon,
    hurry() {
      breaker.take({ kind: 'hurry' });
      wake();
    },
    idle: () =>
      new Promise((resolve) => {
        waitingForIdle.push(resolve);
        wake();
      }),
  };
}

/** Whether every record that could ever be sent without a person has been. */
export function isDrained(outbox: Pick<Outbox, 'counts'>): boolean {
  return outbox.counts.pending === 0;
}
