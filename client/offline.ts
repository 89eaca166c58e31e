import { ownerAreas, sharedStorage } from './adapters/area.ts';
import { broadcastChannel, browserConnectivity, pageLifecycle, systemClock, systemRandom } from './adapters/browser.ts';
import { graphqlProbe } from './adapters/graphql-probe.ts';
import { browserPersistence } from './adapters/persistence.ts';
import { withRoom } from './adapters/room.ts';
import { tabLocks } from './adapters/tab-locks.ts';
import { createLateAnswers } from './cache/late-answers.ts';
import { createOnScreen } from './cache/on-screen.ts';
import { createPersisted } from './cache/persisted.ts';
import { addManifestPolicies } from './cache/policies.ts';
import { createScreen } from './cache/screen.ts';
import { createRules } from './conflict/strategies.ts';
import { createConnection } from './connection/probe.ts';
import { type Control, createControl } from './control.ts';
import { createEvents } from './events.ts';
import { createFallbacks } from './fallback.ts';
import { leasesOnDemand } from './lease/leases-on-demand.ts';
import { createChain } from './links/chain.ts';
import { createSend } from './links/send.ts';
import { compactionCode, importCode, leaseCode, retentionCode, syncCode } from './on-demand.ts';
import { resolveOptions } from './option-checks.ts';
import { isSpecial, type MutationDefaults, type OfflineOptions } from './options.ts';
import { answerTo } from './outbox/absorbed.ts';
import { createAssignedIds } from './outbox/assigned-ids.ts';
import { createCompletion } from './outbox/completion.ts';
import { draftContext } from './outbox/draft-context.ts';
import { createEditClock } from './outbox/edit-clock.ts';
import { createEnqueue } from './outbox/enqueue.ts';
import type { FlushReport } from './outbox/flush-report.ts';
import { createKeeping } from './outbox/keeping.ts';
import { createLiveTurn } from './outbox/live-turn.ts';
import { createMigrate } from './outbox/migration.ts';
import { createOutbox } from './outbox/outbox.ts';
import { createResolvedIds } from './outbox/resolved-ids.ts';
import { createSignedIn } from './outbox/signed-in.ts';
import { createTickets } from './outbox/tickets.ts';
import { createRefetches } from './refetches.ts';
import { createBreaker } from './replay/breaker.ts';
import { createDrain, isDrained, type Send } from './replay/drain.ts';
import { createLanes } from './replay/lanes.ts';
import { createSettle } from './replay/settle.ts';
import { createSession } from './session.ts';
import { createStatus } from './status.ts';
import { createSurface, type Offline } from './surface.ts';
import { createSync } from './sync/sync.ts';
import { createTabChannel } from './tabs/channel.ts';
import { createCommands } from './tabs/commands.ts';
import { createLeader, createTurns } from './tabs/leader.ts';
import { createLooking } from './tabs/looking.ts';
import { createPresence } from './tabs/presence.ts';
import { createRelay } from './tabs/relay.ts';
import { scopeOf } from './tabs/scope.ts';
import { createVigil } from './tabs/vigil.ts';
import { issueTicket } from './ticket.ts';

/**
 * Makes the offline layer. Nothing is read, sent or shown before `attach`.
 * @throws OfflineError `INVALID_OPTION`, naming the option, what was expected and what came.
 */
export function createOffline(options: OfflineOptions): Offline {
  const { retry, limits, batch, compact, journal: journalOptions, endpoint } = resolveOptions(options);
  const { cache, owner, manifest = null, ports = {} } = options;
  const { clock = systemClock(), random = systemRandom(), lifecycle = pageLifecycle(), persistence = browserPersistence() } = ports;
  const locks = ports.locks ?? tabLocks(() => sharedStorage(options.storage), clock, random);
  const scope = scopeOf(owner);
  const areas = ownerAreas(options.storage, owner, { encryption: options.encryption, locks });
  const { emit, onThrow, subscribe } = createEvents();

  // What waits, who waits for it, and what it shows. What can be fetched again gives way to what cannot.
  const deploy = { appVersion: options.appVersion ?? null, schemaHash: manifest?.schemaHash ?? null };
  const migrate = createMigrate({ deploy, manifest, migrations: options.migrations ?? [], onEvent: emit });
  const storage = withRoom(areas.outbox, () => journal.makeRoom());
  const outbox = createOutbox({ storage, random, migrate, onEvent: emit }, { owner, limits, deploy });
  const assigned = createAssignedIds(storage, outbox.isAwaited);
  const editClock = createEditClock(clock, outbox.clientId);
  const tickets = createTickets((record, settled) => answerTo(record, settled, manifest));
  const { journal, restoring, ahead } = createPersisted(
    {
      cache,
      storage: areas.cache,
      clock,
      lifecycle,
      manifest,
      outbox,
      online: () => online(),
      needed: () => [...lateAnswers.changed(), ...sync.wanted()],
      onEvicted: (evicted) => sync.evicted(evicted),
      onEvent: emit,
    },
    { importCode, retentionCode },
    { journal: journalOptions, importCache: options.importCache, retention: options.retention },
  );
  const lateAnswers = createLateAnswers(cache, manifest, restoring, () => sync);
  const ruleOf = createRules(manifest, options.conflict ?? {}, emit);
  const defaults = (operationName: string): MutationDefaults => options.mutations?.[operationName] ?? {};
  const ids = createResolvedIds(assigned, defaults, outbox);
  if (manifest) addManifestPolicies(cache, manifest);
  const screen = createScreen(
    {
      cache,
      outbox,
      clock,
      flush: () => (leader.isLeader() ? journal.flush() : Promise.reject(new Error('another tab writes the cache now'))),
      complete: manifest ? createCompletion(manifest) : <T>(document: T): T => document,
      onEvent: emit,
    },
    { manifest, ruleOf, defaults },
  );

  // The network, and the other tabs.
  const connectivity = options.connectivity ?? browserConnectivity({ probe: graphqlProbe(endpoint) });
  const connection = createConnection({ connectivity, clock, random });
  const channel = createTabChannel(ports.channel ?? broadcastChannel(scope));
  const leader = createLeader({ locks, lifecycle, onThrow }, scope);
  const relay = createRelay({
    channel,
    outbox,
    tickets,
    clock,
    isLeader: leader.isLeader,
    acknowledge: (record, settle) =>
      screen.together(() => {
        ids.note(record);
        screen.acknowledge(record);
        settle();
      }),
    together: screen.together,
    wake: () => drain.wake(),
    onThrow,
  });
  const vigil = createVigil({ channel, leader, clock, random, waits: relay.waits });
  // Sending.
  const breaker = createBreaker({ clock, random }, retry);
  const refetches = createRefetches();
  const settle = createSettle(
    {
      outbox,
      tickets,
      screen,
      clock,
      random,
      ids,
      news: {
        reached: connection.report,
        settled(record, errors) {
          refetches.note(defaults(record.operationName).refetchQueries);
          relay.settled(record, errors);
        },
        endpoint: breaker.take,
        stale: () => void sync.pull().catch(() => undefined),
        expired: (record) => void fallbacks(record),
        failed: (record, error) => relay.failed(record, error.code, error.message),
        event: emit,
      },
    },
    { manifest, retry, rebase: { ruleOf, identity: outbox, maxRounds: limits.maxConflictRounds } },
  );
  const online = (): boolean => connection.state().connection === 'online';
  // The last word of a page that is left goes out after it.
  const sendLease: Send = (request, signal) => createSend(session.client(), { fetchOptions: { keepalive: true } })(request, signal);
  const leases = leasesOnDemand(leaseCode, { outbox, clock, lifecycle, manifest, online, send: sendLease, onEvent: emit });
  const lanes = createLanes(outbox);
  const looking = createLooking({ channel, clock, lifecycle, outbox, onScreen: createOnScreen(cache) });
  const drain = createDrain(
    {
      outbox,
      lanes: { plan: (now) => lanes.plan(now, looking.seen) },
      translate: ids.translateRecord,
      breaker,
      clock,
      send: (request, signal) => createSend(session.client())(request, signal),
      ready: () => session.isAttached() && online(),
      settle: settle.answer,
      expire: settle.expire,
      onThrow,
    },
    { ...retry, batch, isCautious: manifest === null && options.batch === undefined },
  );
  const sync = createSync({
    code: syncCode,
    client: () => session.client(),
    cache,
    manifest,
    journal,
    ahead,
    clock,
    random,
    // What was edited here goes first: a page fetched before it was sent is out of date on arrival.
    ready: () => restoring.rest()?.then(() => drain.idle()) ?? drain.idle(),
    online,
    inTurn: createTurns({ locks, lifecycle, onThrow }, `${scope}:hints`),
    onEvent: emit,
  });
  const control: Control = createControl(
    {
      outbox,
      tickets,
      drain,
      identity: outbox,
      editClock,
      ruleOf,
      failed: (record, error) => relay.failed(record, error.code, error.message),
      together: screen.together,
      showRemote: screen.takeRemote,
    },
    { manifest, deploy },
  );
  // Who works offline on purpose stays offline: in every tab, and after a reload.
  const pausing = (paused: boolean) => (): void => {
    connection[paused ? 'pause' : 'resume']();
    outbox.setPaused(paused).catch(onThrow);
  };
  const commands = createCommands<FlushReport>(
    { channel, leader, clock, random },
    { flush: control.flush, pause: pausing(true), resume: pausing(false) },
  );
  const draft = draftContext(outbox, {
    owner,
    manifest,
    appVersion: deploy.appVersion,
    read: screen.read,
    editClock,
    leaseOf: leases.tokenOf,
    describes: defaults,
    assigned,
    onThrow: emit,
    clock,
    random,
  });
  const reading = { isLoaded: () => session.isLoaded(), loaded: () => session.loaded() };
  const enqueue = createEnqueue({
    ...reading,
    outbox,
    tickets,
    draft,
    compaction: compact && manifest ? { code: compactionCode, manifest, ruleOf, isSpecial: (name) => isSpecial(defaults(name)) } : null,
    sender: { leading: drain.leading, wake: drain.wake, screen, settled: (record) => relay.settled(record, []), onThrow },
  });
  const mutate: Offline['mutate'] = async (call) => issueTicket(session.client(), enqueue, call);
  const fallbacks = createFallbacks({ outbox, fallbackOf: (name) => defaults(name).fallback, mutate, onEvent: emit });
  const chain = createChain({
    outbox: {
      enqueue,
      turn: createLiveTurn({ ...reading, outbox, draft, online, onConnection: connection.subscribe }),
      translate: assigned.translate,
    },
    cacheFallback: {
      online: connection.allowsQueries,
      drained: () => (leader.isLeader() && online() && !isDrained(outbox) ? drain.idle() : null),
      underWay: lateAnswers.begin,
      restoring: restoring.rest,
    },
    retry: [
      { clock, random, online, report: connection.report },
      { ...retry, maxAttempts: retry.maxQueryAttempts },
    ],
    manifest,
  });
  const session = createSession(
    {
      cache,
      outbox,
      assigned,
      tickets,
      journal,
      restoring,
      screen,
      connection,
      channel,
      leader,
      presence: createPresence({ locks, outbox, onThrow }, scope),
      relay,
      vigil,
      drain,
      settle,
      sync,
      others: [leases, commands, looking],
      locks,
      clock,
      lifecycle,
      signedIn: createSignedIn(sharedStorage(options.storage)),
      refresh: () => views.refresh(),
      takeRefetches: refetches.take,
      onThrow,
    },
    { owner, scope, schemaHash: deploy.schemaHash },
  );
  const views = createStatus({
    outbox,
    lanes,
    breaker,
    clock,
    connection: connection.state,
    sync,
    durable: () => session.isDurable(),
    persistent: createKeeping({ outbox, persistence, refresh: () => views.refresh() }).promised,
    leader: leader.isLeader,
  });
  return createSurface({ chain, session, mutate, lookup: assigned.lookup, views, control, commands, outbox, sync, leases, subscribe });
}
