import { createRules } from '../conflict/strategies.ts';
import { createAssignedIds } from '../outbox/assigned-ids.ts';
import { type FlushReport, watchFlush } from '../outbox/flush-report.ts';
import { createMigrate } from '../outbox/migration.ts';
import { createOutbox } from '../outbox/outbox.ts';
import { createTickets } from '../outbox/tickets.ts';
import { createBreaker } from '../replay/breaker.ts';
import { createDrain } from '../replay/drain.ts';
import { createLanes } from '../replay/lanes.ts';
import { DRAIN_DEFAULTS, LIMITS, RETRY_DEFAULTS } from '../replay/policy.ts';
import type { Screen } from '../replay/screen.ts';
import { createSettle } from '../replay/settle.ts';
import { retryUnreached } from '../replay/unreached.ts';
import { createPresence } from '../tabs/presence.ts';
import { createRelay } from '../tabs/relay.ts';
import { type BackgroundOptions, checkBackgroundOptions } from './options.ts';
import type { PullAheadReport } from './pull-ahead.ts';
import { type Left, openTurn, type Turn } from './turn.ts';

/** What was sent with no tab open, or why nothing was. */
export interface BackgroundReport extends FlushReport {
  /**
   * `drained`: everything that could be sent was. `nobody`: no one is signed in. `paused`: sending was switched off. `elsewhere`: a
   * tab sends, or has taken over. `unreachable`: the network or the server is not there. `unauthenticated`: the server wants a sign-in.
   */
  readonly ended: 'drained' | Left;
  /** Of a `periodicsync` event, once everything was sent: what others have changed. */
  readonly pulled?: PullAheadReport;
}

export const NOTHING_SENT = { sent: 0, applied: 0, conflicts: 0, rejected: 0, remaining: 0 } as const;

/** There is nothing to show and no cache to write: acknowledged records keep their results until a tab has taken them in. */
const noScreen: Screen = {
  read: () => null,
  together: (run) => run(),
  acknowledge: () => undefined,
  refresh: () => undefined,
  flush: () => new Promise(() => undefined),
};

/**
 * Sends the outbox of whoever is signed in, from where there is no tab: a service worker, a background task. It stands in the same
 * line as the tabs, so that never two send at once, and lets go when a tab is opened. What was acknowledged is stored with its
 * result, for the cache of the next tab; conflicts merge by the same rules, or are parked for a person.
 *
 * One attempt at everything: what the network or the server refuses for now waits for the next call.
 * @throws OfflineError `INVALID_OPTION`, or the storage's own code (`STORAGE_UNAVAILABLE`).
 */
export async function drainOutbox(options: BackgroundOptions = {}): Promise<BackgroundReport> {
  checkBackgroundOptions(options);
  const turn = await openTurn(options);
  if (!turn) return { ...NOTHING_SENT, ended: 'nobody' };
  try {
    return await drainIn(turn, options);
  } finally {
    turn.close();
  }
}

/** The same, as a part of what is done in one turn. */
export async function drainIn(turn: Turn, options: BackgroundOptions): Promise<BackgroundReport> {
  const { owner, scope, areas, clock, random, locks, channel, send, timeoutMs, leave } = turn;
  const { batch } = checkBackgroundOptions(options);
  const { manifest = null, onEvent = () => undefined } = options;
  const onThrow = (error: unknown): void => onEvent({ code: 'UNEXPECTED', message: String(error) });
  const storage = areas.outbox;
  const deploy = { appVersion: options.appVersion ?? null, schemaHash: manifest?.schemaHash ?? null };
  const migrate = createMigrate({ deploy, manifest, migrations: options.migrations ?? [], onEvent });
  const outbox = createOutbox({ storage, random, migrate, onEvent }, { owner, limits: LIMITS, deploy });
  const assigned = createAssignedIds(storage, outbox.isAwaited);
  const lanes = createLanes(outbox);
  const tickets = createTickets();

  const relay = createRelay({
    channel,
    outbox,
    tickets,
    clock,
    isLeader: () => true,
    acknowledge: (_record, settle) => settle(),
    together: (run) => run(),
    wake: () => drain.wake(),
    onThrow,
  });
  const breaker = createBreaker({ clock, random }, RETRY_DEFAULTS);
  const settle = createSettle(
    {
      outbox,
      tickets,
      screen: noScreen,
      clock,
      random,
      news: {
        // One failure is enough: whoever calls again knows better when the network is back than a timer here.
        reached: (how) => how !== 'answered' && leave(how),
        endpoint: breaker.take,
        stale: () => undefined,
        expired: () => undefined,
        settled: relay.settled,
        failed: (record, error) => relay.failed(record, error.code, error.message),
        event: onEvent,
      },
    },
    {
      manifest,
      retry: RETRY_DEFAULTS,
      rebase: {
        ruleOf: createRules(manifest, options.conflict ?? {}, onEvent),
        identity: outbox,
        maxRounds: LIMITS.maxConflictRounds,
      },
    },
  );
  const drain = createDrain(
    {
      outbox,
      lanes: {
        plan(now) {
          const plan = lanes.plan(now);
          // The page alone knows how to find the id in the answer; what names it waits behind it.
          return { ...plan, ready: [...plan.ready].filter(({ temporaryId }) => temporaryId !== true) };
        },
      },
      translate: assigned.translateRecord,
      breaker,
      clock,
      send,
      ready: () => turn.left() === null,
      settle: settle.answer,
      expire: settle.expire,
      onThrow,
    },
    { concurrency: DRAIN_DEFAULTS.concurrency, timeoutMs, batch, isCautious: manifest === null && options.batch === undefined },
  );

  let report: FlushReport = NOTHING_SENT;
  const run = async (signal: AbortSignal): Promise<void> => {
    await assigned.load();
    await outbox.load();
    await outbox.storeMigrated().catch(onThrow);
    const presence = createPresence({ locks, outbox, onThrow }, scope);
    const flushed = watchFlush(outbox);
    const over = new AbortController();
    signal.addEventListener('abort', () => over.abort(), { once: true });
    try {
      retryUnreached(outbox);
      await settle.recover();
      drain.lead(over.signal);
      await drain.idle();
    } finally {
      // The worker may live on for a while: whatever was to be tried again later is for whoever has the lock by then.
      over.abort();
      report = flushed();
      presence.dispose();
    }
  };

  try {
    await turn.hold(run);
    const ended = turn.left() ?? 'drained';
    if (ended !== 'elsewhere') return { ...report, ended };
    await outbox.load();
    return { ...report, remaining: outbox.counts.pending, ended };
  } finally {
    relay.dispose();
  }
}
