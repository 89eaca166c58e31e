import { type ApolloClient, ApolloLink } from '@apollo/client';
import { broadcastChannel, browserConnectivity, pageLifecycle, systemClock, systemRandom, webLocks } from './adapters/browser.ts';
import { graphqlProbe } from './adapters/graphql-probe.ts';
import { ownerAreas } from './adapters/area.ts';
import { createJournal } from './cache/journal.ts';
import { createScreen } from './cache/screen.ts';
import { createRules } from './conflict/strategies.ts';
import { createConnection } from './connection/probe.ts';
import { type Control, createControl } from './control.ts';
import { OfflineError } from './errors.ts';
import { CacheFallbackLink } from './links/cache-fallback-link.ts';
import { ConflictLink, createCompletion } from './links/conflict-link.ts';
import { OutboxLink } from './links/outbox-link.ts';
import { RetryLink } from './links/retry-link.ts';
import { createSend } from './links/send.ts';
import { type OfflineOptions, resolveOptions } from './options.ts';
import { createEnqueue } from './outbox/enqueue.ts';
import { createOutbox } from './outbox/outbox.ts';
import { createTickets } from './outbox/tickets.ts';
import type { Cancel } from './ports.ts';
import { createDrain, isDrained } from './replay/drain.ts';
import { createSettle } from './replay/settle.ts';
import { createStatus, type OfflineEvent } from './status.ts';
import type { Offline } from './surface.ts';
import { createSync } from './sync/sync.ts';
import { createTabChannel } from './tabs/channel.ts';
import { createLeader } from './tabs/leader.ts';
import { createRelay } from './tabs/relay.ts';
import { issueTicket } from './ticket.ts';

/** How long signing out waits for the other tabs to let go. */
const SIGN_OUT_PATIENCE_MS = 5_000;

/**
 * Makes the offline layer. Nothing is read, sent or shown before `attach`.
 * @throws OfflineError `INVALID_OPTION`, naming the option, what was expected and what came.
 */
export function createOffline(options: OfflineOptions): Offline {
  const { retry, limits, journal: journalOptions, endpoint } = resolveOptions(options);
  const { cache, owner, manifest = null } = options;
  const clock = options.ports?.clock ?? systemClock();
  const random = options.ports?.random ?? systemRandom();
  const lifecycle = options.ports?.lifecycle ?? pageLifecycle();
  const locks = options.ports?.locks ?? webLocks();
  const scope = `farside:${owner === null ? 'anonymous' : `user:${owner}`}`;
  const areas = ownerAreas(options.storage, owner);

  const eventListeners = new Set<(event: OfflineEvent) => void>();
  const emit = (event: OfflineEvent): void => {
    for (const listener of [...eventListeners]) listener(event);
  };
  const onThrow = (error: unknown): void => emit({ code: OfflineError.is(error) ? error.code : 'UNEXPECTED', message: error instanceof Error ? error.message : String(error) });

  // What waits, who waits for it, and what it shows.
  const outbox = createOutbox({ storage: areas.outbox, random, onEvent: emit }, { owner, limits });
  const tickets = createTickets();
  const journal = createJournal({ cache, storage: areas.cache, clock, lifecycle, schemaHash: manifest?.schemaHash ?? null, onEvent: emit }, journalOptions);
  const ruleOf = createRules(manifest, options.conflict ?? {}, (error, typename, field) =>
    emit({ code: 'STRATEGY_THREW', message: `conflict rule of ${typename}.${field}: ${String(error)}` }),
  );
  const defaults = (operationName: string) => options.mutations?.[operationName] ?? {};
  const complete = manifest ? createCompletion(manifest) : <T>(document: T): T => document;
  const screen = createScreen(
    {
      cache,
      outbox,
      flush: () => (leader.isLeader() ? journal.flush() : Promise.resolve()),
      complete,
      onThrow: (error, record) => emit({ code: 'UPDATE_THREW', message: `${record.operationName}: ${String(error)}`, key: record.id }),
    },
    { manifest, ruleOf, defaults },
  );

  // The network, and the other tabs.
  const connectivity = options.connectivity ?? browserConnectivity({ probe: graphqlProbe(endpoint) });
  const connection = createConnection({ connectivity, clock, random });
  const channel = createTabChannel(options.ports?.channel ?? broadcastChannel(scope));
  const leader = createLeader({ locks, onThrow }, scope);
  const relay = createRelay({
    channel,
    outbox,
    tickets,
    acknowledge: (record, settle) =>
      screen.together(() => {
        screen.acknowledge(record);
        settle();
      }),
    wake: () => drain.wake(),
    onThrow,
  });

  // Sending.
  let client: ApolloClient | null = null;
  const refetch = new Set<string>();
  const settle = createSettle(
    {
      outbox,
      tickets,
      screen,
      clock,
      random,
      news: {
        reached: connection.report,
        settled(record, errors) {
          for (const name of defaults(record.operationName).refetchQueries ?? []) refetch.add(name);
          relay.settled(record, errors);
        },
        failed: (record, error) => relay.failed(record, error.code, error.message),
        event: emit,
      },
    },
    { manifest, retry, rebase: { ruleOf, identity: outbox, maxRounds: limits.maxConflictRounds } },
  );
  const online = (): boolean => connection.state().connection === 'online';
  const drain = createDrain(
    {
      outbox,
      clock,
      send: (request, signal) => createSend(attached())(request, signal),
      ready: () => client !== null && online(),
      settle: settle.answer,
      expire: settle.expire,
      onThrow,
    },
    retry,
  );
  const sync = createSync(
    {
      client: () => attached(),
      cache,
      manifest,
      journal,
      clock,
      random,
      // What was edited here goes first: a page fetched before it was sent is out of date on arrival.
      ready: () => drain.idle(),
      online,
      onEvent: emit,
    },
    {},
  );
  const control: Control = createControl(
    {
      outbox,
      tickets,
      drain,
      identity: outbox,
      ruleOf,
      together: screen.together,
      showRemote: (record) => {
        if (record.typename !== null && record.conflict?.remote) screen.refresh(record.typename, record.conflict.remote);
      },
    },
    { manifest },
  );
  const enqueue = createEnqueue({
    outbox,
    tickets,
    draft: { owner, manifest, clientId: outbox.clientId, nextMutationId: outbox.nextMutationId, nextSequence: outbox.nextSequence, read: screen.read, clock, random },
    onDurable: () => drain.wake(),
  });
  const attached = (): ApolloClient => {
    if (!client) throw new OfflineError('INVALID_OPERATION', 'expected an attached client; call offline.attach(client) first');
    return client;
  };

  const link = ApolloLink.from([
    new OutboxLink({ enqueue }),
    new CacheFallbackLink({ online, drained: () => (leader.isLeader() && online() && !isDrained(outbox) ? drain.idle() : null) }),
    new RetryLink({ clock, random, online, report: connection.report }, { baseMs: retry.baseMs, maxMs: retry.maxMs, maxAttempts: retry.maxQueryAttempts }),
    ...(manifest ? [new ConflictLink({ manifest })] : []),
  ]);

  let durable = true;
  const views = createStatus({
    outbox,
    clock,
    connection: connection.state,
    lastSyncedAt: sync.lastSyncedAt,
    durable: () => durable,
    leader: leader.isLeader,
  });

  const stops: Cancel[] = [];
  const onConnection = (): void => {
    if (client) client.prioritizeCacheValues = !online();
    // The network was at fault, not the record: what waited for it need not wait longer.
    if (online()) for (const record of outbox.records()) if (record.state === 'queued' && record.failure?.code.startsWith('UNREA')) outbox.note({ ...record, nextAttemptAt: null });
    drain.wake();
    if (online()) sync.wake();
    views.refresh();
  };
  const onDrained = (): void => {
    if (!client || refetch.size === 0 || !isDrained(outbox)) return;
    const include = [...refetch];
    refetch.clear();
    void client.refetchQueries({ include });
  };

  /** Lets go of everything, in the order that leaves nothing half done. */
  const stop = async (flush: boolean): Promise<void> => {
    for (const undo of stops.splice(0)) undo();
    sync.stop();
    if (flush && leader.isLeader()) await journal.flush().catch(onThrow);
    journal.dispose();
    await leader.dispose();
    relay.dispose();
    connection.dispose();
    channel.close();
    client = null;
    const why = 'the offline layer was disposed of; queued mutations are kept and sent on the next start';
    tickets.failAll(new OfflineError('DISPOSED', why));
  };

  /** Empties this owner's storage when no tab is left that would write to it again. */
  const erase = async (withOutbox: boolean): Promise<void> => {
    const patience = new AbortController();
    const giveUp = clock.after(SIGN_OUT_PATIENCE_MS, () => patience.abort());
    const clear = async (): Promise<void> => {
      await journal.clear();
      if (withOutbox) await outbox.clear();
    };
    let cleared = false;
    await locks.hold(scope, () => clear().then(() => void (cleared = true)), patience.signal);
    giveUp();
    // A frozen tab does not answer; it finds its storage empty when it wakes.
    if (!cleared) await clear();
  };

  return {
    link,
    async attach(to) {
      if (client) throw new OfflineError('INVALID_OPERATION', 'attach: expected to be called once, got a second call; create one Offline for each client');
      if (to.cache !== (cache as unknown)) throw new OfflineError('INVALID_OPTION', 'attach: expected the client to use the cache given to createOffline, got another one');
      stops.push(outbox.subscribe(views.refresh), connection.subscribe(onConnection), sync.subscribe(views.refresh), outbox.subscribe(onDrained));
      await journal.restore();
      try {
        await outbox.load();
      } catch (error) {
        // The app runs; every mutation will say that it is not durable.
        durable = false;
        onThrow(error);
      }
      stops.push(screen.start());
      for (const record of outbox.records()) if (record.state === 'acknowledged') screen.acknowledge(record);
      client = to;
      stops.push(
        channel.subscribe((message) => {
          if (message.kind === 'command' && message.command === 'pause') connection.pause();
          if (message.kind === 'command' && message.command === 'resume') connection.resume();
          if (message.kind === 'signedOut' && message.owner === owner) void stop(false).then(() => to.clearStore());
        }),
        lifecycle.subscribe((event) => event === 'show' && connection.check()),
      );
      onConnection();
      leader.onLead(async (signal) => {
        await outbox.load().catch(onThrow);
        await journal.start();
        await settle.recover();
        views.refresh();
        drain.lead(signal);
      });
      views.refresh();
    },
    mutate: (call) => issueTicket(attached(), enqueue, call),
    status: views.status,
    outbox: {
      records: views.records.get,
      subscribe: views.records.subscribe,
      retry: control.retry,
      edit: control.edit,
      dependents: (id) => control.dependents(id).map(views.view),
      discard: control.discard,
      pause() {
        connection.pause();
        channel.post({ kind: 'command', command: 'pause', request: random.id() });
      },
      resume() {
        connection.resume();
        channel.post({ kind: 'command', command: 'resume', request: random.id() });
      },
      flush: control.flush,
    },
    conflicts: { records: views.conflicts.get, subscribe: views.conflicts.subscribe, resolve: control.resolve },
    sync,
    events: {
      subscribe(listener) {
        eventListeners.add(listener);
        return () => void eventListeners.delete(listener);
      },
    },
    async signOut({ pending }) {
      const to = attached();
      if (pending === 'flush') await control.flush();
      channel.post({ kind: 'signedOut', owner });
      await stop(false);
      await erase(pending === 'discard');
      await to.clearStore();
    },
    dispose: () => stop(true),
  };
}
