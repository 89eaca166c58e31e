import { ownerAreas, sharedStorage } from '../adapters/area.ts';
import { broadcastChannel, systemClock, systemRandom } from '../adapters/browser.ts';
import { tabLocks } from '../adapters/tab-locks.ts';
import { createRules } from '../conflict/strategies.ts';
import { removeAbsorbed } from '../outbox/absorbed.ts';
import { createAssignedIds } from '../outbox/assigned-ids.ts';
import { createCompletion } from '../outbox/completion.ts';
import { type FlushReport, watchFlush } from '../outbox/flush-report.ts';
import { createMigrate } from '../outbox/migration.ts';
import { createOutbox } from '../outbox/outbox.ts';
import { createSignedIn } from '../outbox/signed-in.ts';
import { createTickets } from '../outbox/tickets.ts';
import { createBreaker } from '../replay/breaker.ts';
import { createDrain } from '../replay/drain.ts';
import { createLanes } from '../replay/lanes.ts';
import { DRAIN_DEFAULTS, LIMITS, RETRY_DEFAULTS } from '../replay/policy.ts';
import type { Screen } from '../replay/screen.ts';
import { createSettle } from '../replay/settle.ts';
import { retryUnreached } from '../replay/unreached.ts';
import { createTabChannel } from '../tabs/channel.ts';
import { createPresence } from '../tabs/presence.ts';
import { createRelay } from '../tabs/relay.ts';
import { scopeOf } from '../tabs/scope.ts';
import { type BackgroundOptions, checkBackgroundOptions } from './options.ts';
import { createFetchSend } from './send.ts';

/** What was sent with no tab open, or why nothing was. */
export interface BackgroundReport extends FlushReport {
  /**
   * `drained`: everything that could be sent was. `nobody`: no one is signed in. `paused`: sending was switched off. `elsewhere`: a
   * tab sends, or has taken over. `unreachable`: the network or the server is not there. `unauthenticated`: the server wants a sign-in.
   */
  readonly ended: 'drained' | 'nobody' | 'paused' | 'elsewhere' | 'unreachable' | 'unauthenticated';
}

const NOTHING = { sent: 0, applied: 0, conflicts: 0, rejected: 0, remaining: 0 } as const;

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
  const { batch } = checkBackgroundOptions(options);
  const { ports = {}, manifest = null, timeoutMs = DRAIN_DEFAULTS.timeoutMs, patienceMs = 5_000, onEvent = () => undefined } = options;
  const clock = ports.clock ?? systemClock();
  const random = ports.random ?? systemRandom();
  const locks = ports.locks ?? tabLocks(() => sharedStorage(options.storage), clock, random);
  const signedIn = createSignedIn(sharedStorage(options.storage));
  const someone = await signedIn.read();
  if (!someone) return { ...NOTHING, ended: 'nobody' };
  const { owner } = someone;
  const encryption = await options.encryption?.({ owner });
  if (encryption === null) return { ...NOTHING, ended: 'nobody' };
  const onThrow = (error: unknown): void => onEvent({ code: 'UNEXPECTED', message: String(error) });

  const scope = scopeOf(owner);
  const channel = createTabChannel(ports.channel ?? broadcastChannel(scope));
  const { outbox: storage } = ownerAreas(options.storage, owner, { encryption, locks });
  const deploy = { appVersion: options.appVersion ?? null, schemaHash: manifest?.schemaHash ?? null };
  const migrate = createMigrate({ deploy, manifest, migrations: options.migrations ?? [], onEvent });
  const outbox = createOutbox({ storage, random, migrate, onEvent }, { owner, limits: LIMITS, deploy });
  const assigned = createAssignedIds(storage);
  const lanes = createLanes(outbox);
  const tickets = createTickets();
  let ended = 'drained' as BackgroundReport['ended'];
  const leaving = new AbortController();
  const leave = (why: BackgroundReport['ended']): void => {
    if (!leaving.signal.aborted) ended = why;
    leaving.abort();
  };
  const stops = [
    clock.after(patienceMs, () => leave('elsewhere')),
    channel.subscribe((message) => {
      if (message.kind === 'opened') leave('elsewhere');
      if (message.kind === 'signedOut' && message.owner === owner) leave('nobody');
    }),
  ];

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
  const send = createFetchSend({
    endpoint: options.endpoint ?? '/graphql',
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    credentials: options.credentials ?? 'same-origin',
    headers: async () => {
      const headers = options.headers ? await options.headers({ owner }) : {};
      if (headers !== null) return headers;
      leave('nobody');
      throw new Error('nobody of this name is signed in');
    },
    complete: manifest ? createCompletion(manifest) : (document) => document,
  });
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
      ready: () => !leaving.signal.aborted,
      settle: settle.answer,
      expire: settle.expire,
      onThrow,
    },
    { concurrency: DRAIN_DEFAULTS.concurrency, timeoutMs, batch, isCautious: manifest === null && options.batch === undefined },
  );

  let report: FlushReport = NOTHING;
  const run = async (signal: AbortSignal): Promise<void> => {
    stops[0]?.();
    // Whoever had the lock before may have signed out, or in.
    if ((await signedIn.read())?.owner !== owner) return leave('nobody');
    if (await outbox.isPaused()) return leave('paused');
    await assigned.load();
    await outbox.load();
    await removeAbsorbed(outbox).catch(onThrow);
    const presence = createPresence({ locks, outbox, onThrow }, scope);
    const flushed = watchFlush(outbox);
    try {
      retryUnreached(outbox);
      await settle.recover();
      drain.lead(signal);
      await drain.idle();
    } finally {
      report = flushed();
      presence.dispose();
    }
  };

  try {
    await locks.hold(scope, run, leaving.signal);
    if (ended !== 'elsewhere') return { ...report, ended };
    await outbox.load();
    return { ...report, remaining: outbox.counts.pending, ended };
  } finally {
    for (const stop of stops) stop();
    relay.dispose();
    channel.close();
  }
}
