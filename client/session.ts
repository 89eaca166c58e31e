import type { ApolloClient } from '@apollo/client';
import type { Journal } from './cache/journal.ts';
import type { OfflineCache } from './cache/offline-cache.ts';
import type { Restoring } from './cache/restoring.ts';
import type { CacheScreen } from './cache/screen.ts';
import type { Connection } from './connection/probe.ts';
import { createErase } from './erase.ts';
import { OfflineError } from './errors.ts';
import type { AssignedIds } from './outbox/assigned-ids.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { SignedIn } from './outbox/signed-in.ts';
import type { Tickets } from './outbox/tickets.ts';
import type { Cancel, Clock, Lifecycle, LifecycleEvent, Locks } from './ports.ts';
import { type Drain, isDrained } from './replay/drain.ts';
import type { Settle } from './replay/settle.ts';
import { retryUnreached } from './replay/unreached.ts';
import type { SyncControl } from './sync/sync.ts';
import type { TabChannel, TabMessage } from './tabs/channel.ts';
import type { Leader } from './tabs/leader.ts';
import type { Presence } from './tabs/presence.ts';
import type { Relay } from './tabs/relay.ts';
import type { Vigil } from './tabs/vigil.ts';

/** From `attach` to `dispose`: in which order things start, and in which they end. */
export interface Session {
  attach(client: ApolloClient): Promise<void>;
  /** @throws OfflineError `INVALID_OPERATION` before `attach` and after `dispose`. */
  client(): ApolloClient;
  /** Resolves once all that is stored has been read; rejects before `attach`. */
  loaded(): Promise<void>;
  isAttached(): boolean;
  /** All that is stored is in memory. */
  isLoaded(): boolean;
  /** Whether the outbox could be read: if not, nothing is durable. */
  isDurable(): boolean;
  /** Of `flush` only the end: what could not be sent is kept. */
  signOut(pending: 'flush' | 'keep' | 'discard'): Promise<void>;
  dispose(): Promise<void>;
}

const kept = () => new OfflineError('DISPOSED', 'the offline layer was disposed of; queued mutations are kept and sent on the next start');
const over = () => new OfflineError('DISPOSED', 'the offline layer was disposed of, or its user has signed out: this was not taken');
const detached = () => new OfflineError('INVALID_OPERATION', 'expected an attached client; call offline.attach(client) first');
const discarded = () => new OfflineError('DISCARDED', 'the user signed out and discarded what was waiting');

export function createSession(
  deps: {
    readonly cache: OfflineCache;
    readonly outbox: Outbox;
    readonly assigned: AssignedIds;
    readonly tickets: Tickets;
    readonly journal: Journal;
    readonly restoring: Restoring;
    readonly screen: CacheScreen;
    readonly connection: Connection;
    readonly channel: TabChannel;
    readonly leader: Leader;
    readonly presence: Presence;
    readonly relay: Relay;
    readonly vigil: Vigil;
    readonly drain: Drain;
    readonly settle: Settle;
    readonly sync: SyncControl;
    /** What begins by itself, and only has to end. */
    readonly others: readonly { dispose(): void }[];
    readonly locks: Locks;
    readonly clock: Clock;
    readonly lifecycle: Lifecycle;
    readonly signedIn: SignedIn;
    /** Something that people see may have changed. */
    readonly refresh: () => void;
    /** Names of queries to fetch again when the outbox is empty; taken once. */
    readonly takeRefetches: () => readonly string[];
    readonly onThrow: (error: unknown) => void;
  },
  options: { readonly owner: string | null; readonly scope: string; readonly schemaHash: string | null },
): Session {
  const {
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
    presence,
    relay,
    vigil,
    drain,
    settle,
    sync,
    others,
    lifecycle,
    signedIn,
    refresh,
    takeRefetches,
    onThrow,
  } = deps;
  const { owner, scope, schemaHash } = options;
  const stops: Cancel[] = [];
  let client: ApolloClient | null = null;
  let loading: Promise<void> | null = null;
  let durable = true;
  /** Disposed of, or signed out here or in another tab. */
  let isOver = false;
  /** Takes what is pending off the screen. */
  let hide: Cancel = () => undefined;

  const online = (): boolean => connection.state().connection === 'online';

  const onConnection = (): void => {
    const { connection: now, reason } = connection.state();
    if (leader.isLeader()) channel.post({ kind: 'connection', connection: now, reason });
    if (client) client.prioritizeCacheValues = !connection.allowsQueries();
    if (online()) {
      retryUnreached(outbox);
      sync.wake();
    } else {
      if (now === 'offline') drain.abandon();
      // Whoever goes offline may close the app next, and cannot fetch again: what was fetched is on disk by then.
      if (leader.isLeader()) journal.flush().catch(() => undefined);
    }
    drain.wake();
    refresh();
  };

  /** The leader sends for all: only it knows how that went. */
  const onLeaderConnection = ({ connection: theirs, reason }: Extract<TabMessage, { kind: 'connection' }>): void => {
    if (leader.isLeader() || reason === 'user') return;
    connection.report(reason === 'unauthenticated' ? 'unauthenticated' : theirs === 'offline' ? 'unreachable' : 'answered');
  };

  /** What one tab knows of the server the others know a moment later, whenever their own turn to ask would come. */
  const onPulled = (news: boolean): void => {
    const pages = news ? sync.takeNews() : [];
    // Pulls that end together have brought the same.
    if (pages?.length !== 0)
      channel.post(pages ? { kind: 'pulled', schemaHash, pages } : { kind: 'command', command: 'pull', request: '' });
    refresh();
  };

  const onLifecycle = (event: LifecycleEvent): void => {
    if (event === 'show' || event === 'resume') connection.check();
    // Perhaps nothing was heard while it was frozen: not what became of a record, nor with which result.
    if (event === 'resume') {
      relay.recheck();
      sync.wake();
    }
  };

  const onOutbox = (): void => {
    refresh();
    vigil.look();
    if (!client || !isDrained(outbox)) return;
    const include = [...takeRefetches()];
    if (include.length > 0) void client.refetchQueries({ include });
  };

  /** What is pending lies on top of what is known, from the first moment: no watcher sees the one without the other (I10). */
  const restore = async (): Promise<void> => {
    try {
      await assigned.load();
      await outbox.load();
      if (await outbox.isPaused()) connection.pause();
    } catch (error) {
      // The app runs; every mutation will say that it is not durable.
      durable = false;
      onThrow(error);
    }
    const takeAhead = sync.ahead.read();
    let doubt = (): void => undefined;
    await restoring.start(() => {
      hide = screen.start();
      doubt = sync.recalling(() => {
        for (const record of outbox.records()) if (record.state === 'acknowledged') screen.acknowledge(record);
      });
    });
    restoring.after(doubt);
    restoring.after(() => void takeAhead());
  };

  const lead = async (signal: AbortSignal): Promise<void> => {
    signal.addEventListener('abort', journal.stop, { once: true });
    // The last leader may have gone without a word: storage says what it has done.
    await assigned.load().then(outbox.load).catch(onThrow);
    if (signal.aborted) return;
    await outbox.storeMigrated().catch(onThrow);
    await restoring.rest();
    if (signal.aborted) return;
    await journal.start();
    if (signal.aborted) return;
    relay.recheck();
    await settle.recover();
    if (signal.aborted) return;
    presence.watch(signal);
    relay.lead(signal);
    drain.lead(signal);
    void sync.ahead.settle();
    refresh();
  };

  const stop = async (flush: boolean, reason = kept()): Promise<void> => {
    isOver = true;
    for (const undo of stops.splice(0)) undo();
    restoring.end();
    sync.dispose();
    for (const other of others) other.dispose();
    if (flush && leader.isLeader() && !restoring.rest()) await journal.flush().catch(onThrow);
    journal.stop();
    await leader.dispose();
    presence.dispose();
    relay.dispose();
    vigil.dispose();
    connection.dispose();
    channel.close();
    client = null;
    hide();
    tickets.failAll(reason);
  };

  /** Nothing of this user stays in memory: no data, nothing pending on top of it, no list of what waits. */
  const leave = async (to: ApolloClient, reason?: OfflineError): Promise<void> => {
    const shown = hide;
    hide = () => undefined;
    await stop(false, reason);
    screen.together(() => {
      for (const { id } of [...outbox.records()]) outbox.mirror(id, null);
    });
    assigned.forget();
    shown();
    refresh();
    cache.tombstones.clear();
    await to.clearStore();
  };

  const erase = createErase(deps, scope);

  const attached = (): ApolloClient => {
    if (!client) throw isOver ? over() : detached();
    return client;
  };

  return {
    async attach(to) {
      if (loading)
        throw new OfflineError('INVALID_OPERATION', 'attach: expected one call, got a second one; create one Offline for each client');
      if (to.cache !== (cache as unknown))
        throw new OfflineError('INVALID_OPTION', 'attach: expected the client to use the cache given to createOffline, got another one');
      loading = restore();
      await loading;
      client = to;
      stops.push(
        outbox.subscribe(onOutbox),
        // Waiting, and no longer just being written.
        outbox.onWritten(refresh),
        connection.subscribe(onConnection),
        sync.subscribe(onPulled),
        sync.onProgress(refresh),
        lifecycle.subscribe(onLifecycle),
        channel.subscribe((message) => {
          if (message.kind === 'connection') onLeaderConnection(message);
          if (message.kind === 'command' && message.command === 'pull') sync.hear();
          if (message.kind === 'pulled') sync.hear(message.schemaHash === schemaHash ? message.pages : []);
          if (message.kind === 'signedOut' && message.owner === owner) void leave(to).catch(onThrow);
        }),
      );
      onConnection();
      leader.onLead(lead);
      // Whoever sends with no tab open knows from here on whose records those are, and lets a tab do it that is there.
      signedIn.set(owner).catch(onThrow);
      channel.post({ kind: 'opened' });
    },
    client: attached,
    isAttached: () => client !== null,
    isLoaded: () => client !== null && !isOver && !restoring.rest(),
    // The cache may be empty by now: what is made of it would stand on nothing.
    loaded: () => (isOver ? Promise.reject(over()) : (loading?.then(() => restoring.rest() ?? undefined) ?? Promise.reject(detached()))),
    isDurable: () => durable,
    async signOut(pending) {
      if (!['flush', 'keep', 'discard'].includes(pending))
        throw new OfflineError(
          'INVALID_OPTION',
          `signOut: expected pending to be 'flush', 'keep' or 'discard', got ${JSON.stringify(pending)}`,
        );
      const discard = pending === 'discard';
      const to = attached();
      channel.post({ kind: 'signedOut', owner });
      // Before the lock is free: from here on nobody sends for this owner with no tab open, whatever becomes of the rest.
      await signedIn.clear(owner).finally(() => leave(to, discard ? discarded() : kept()));
      await erase(discard);
    },
    dispose: () => stop(true),
  };
}
