import { EXTENSION } from '../../schema/protocol.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { isPending, type MutationRecord } from '../outbox/record.ts';
import type { Cancel, Clock } from '../ports.ts';
import { MAX_WAIT_MS } from './backoff.ts';
import { planLanes } from './lanes.ts';
import type { Answer } from './outcome.ts';
import { type ReplayRequest, requestFor } from './request.ts';

export interface DrainOptions {
  /** Requests under way at once. Default 4: browsers give one origin six connections, and queries want some. */
  readonly concurrency: number;
  /** Milliseconds until an attempt without an answer counts as lost. Default 30 000. */
  readonly timeoutMs: number;
}

/** Carries one request to the server. What goes wrong is an answer too; a rejection counts as none. */
export type Send = (request: ReplayRequest, signal: AbortSignal) => Promise<Answer>;

/** The loop that empties the outbox: plans, sends, hands answers on. It decides nothing itself. */
export interface Drain {
  /** Looks again at what can be sent. Cheap; called whenever something may have changed. */
  wake(): void;
  /** Sends from now on, until the signal aborts; requests under way are then given up (and repeated by whoever drains next). */
  lead(signal: AbortSignal): void;
  /**
   * Gives up what is under way: the network that would carry the answers is gone, and a connection that it left hanging may
   * not end for minutes. It waits again, and is sent again under the same key.
   */
  abandon(): void;
  /** Resolves when nothing is under way and nothing can be sent now: the outbox is empty, or waits for time, network or people. */
  idle(): Promise<void>;
}

export function createDrain(
  deps: {
    readonly outbox: Outbox;
    readonly clock: Clock;
    readonly send: Send;
    /** Whether requests make sense now. */
    readonly ready: () => boolean;
    /** Takes the answer to its consequences; the record's lane stays closed until it resolves. */
    readonly settle: (record: MutationRecord, answer: Answer) => Promise<void>;
    readonly expire: (record: MutationRecord) => Promise<void>;
    readonly onThrow: (error: unknown) => void;
  },
  options: DrainOptions,
): Drain {
  const { outbox, clock, send, ready, settle, expire, onThrow } = deps;
  const underWay = new Set<string>();
  /** Of the attempts under way. */
  const givingUp = new Set<() => void>();
  let leading: AbortSignal | null = null;
  let cancelTimer: Cancel = () => undefined;
  let waitingForIdle: (() => void)[] = [];

  /** Keeps a record's lane closed while something is done with it. */
  const hold = async (record: MutationRecord, run: () => Promise<void>): Promise<void> => {
    underWay.add(record.id);
    try {
      await run();
    } catch (error) {
      // Storage failed under us. The record is still on disk as it was; after a while it is tried again, under the same key.
      onThrow(error);
      const now = outbox.get(record.id);
      if (now && isPending(now))
        outbox.note({ ...now, state: 'queued', nextAttemptAt: clock.now() + Math.min(options.timeoutMs, MAX_WAIT_MS) });
    } finally {
      underWay.delete(record.id);
      wake();
    }
  };

  const attempt = async (record: MutationRecord, signal: AbortSignal): Promise<void> => {
    const sending: MutationRecord = { ...record, state: 'sending', attempts: record.attempts + 1, nextAttemptAt: null };
    outbox.note(sending);
    const request = requestFor(record, outbox);
    const answer = await bounded(request, signal);
    if (answer === null || signal.aborted) {
      const now = outbox.get(record.id);
      if (now?.state === 'sending') outbox.note({ ...now, state: 'queued' });
      return;
    }
    const { retired } = request.extensions[EXTENSION];
    if (retired && answer.kind === 'result' && answer.extensions[EXTENSION] !== undefined) await outbox.forget(retired);
    await settle(sending, answer);
  };

  /** The answer, or that none came in time; null when it is given up: abandoned, or this tab leads no more. Whichever is first. */
  const bounded = (request: ReplayRequest, signal: AbortSignal): Promise<Answer | null> => {
    const controller = new AbortController();
    return new Promise<Answer | null>((resolve) => {
      const finish = (answer: Answer | null): void => {
        stop();
        signal.removeEventListener('abort', giveUp);
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
      signal.addEventListener('abort', giveUp, { once: true });
      givingUp.add(giveUp);
      const sent = new Promise<Answer>((arrive) => arrive(send(request, controller.signal)));
      sent.then(finish, (error: unknown) =>
        finish({ kind: 'unreachable', message: error instanceof Error ? error.message : String(error) }),
      );
    });
  };

  const wake = (): void => {
    cancelTimer();
    const signal = leading;
    if (signal && !signal.aborted && ready()) {
      const now = clock.now();
      const plan = planLanes(outbox.records(), now);
      let nextAt = plan.nextAt;
      for (const record of plan.ready) {
        // Never anything that storage does not have yet: after a crash the server would know of a write that nobody else does.
        if (underWay.has(record.id) || !outbox.isDurable(record.id)) continue;
        if (record.expiresAt !== null && record.expiresAt <= now) void hold(record, () => expire(record));
        else if (underWay.size < options.concurrency) void hold(record, () => attempt(record, signal));
      }
      for (const { expiresAt, state } of outbox.records()) {
        if (state === 'queued' && expiresAt !== null && expiresAt > now) nextAt = Math.min(nextAt ?? expiresAt, expiresAt);
      }
      if (nextAt !== null) cancelTimer = clock.after(Math.max(0, nextAt - now), wake);
    }
    if (underWay.size === 0) {
      const resolvers = waitingForIdle;
      waitingForIdle = [];
      for (const resolve of resolvers) resolve();
    }
  };

  return {
    wake,
    lead(signal) {
      leading = signal;
      signal.addEventListener('abort', wake, { once: true });
      wake();
    },
    abandon() {
      for (const giveUp of [...givingUp]) giveUp();
    },
    idle: () =>
      new Promise((resolve) => {
        waitingForIdle.push(resolve);
        wake();
      }),
  };
}

/** Whether every record that could ever be sent without a person has been. */
export function isDrained(outbox: Pick<Outbox, 'records'>): boolean {
  return !outbox.records().some(isPending);
}
