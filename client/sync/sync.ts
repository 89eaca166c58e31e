import { type ApolloClient, CombinedGraphQLErrors } from '@apollo/client';
import { type DocumentNode, parse } from 'graphql';
import type { OfflineManifest } from '../../schema/manifest.ts';
import type { Ahead } from '../cache/ahead.ts';
import type { Journal } from '../cache/journal.ts';
import type { OfflineCache } from '../cache/offline-cache.ts';
import { OfflineError } from '../errors.ts';
import type { Cancel, Clock, OnDemand, Random } from '../ports.ts';
import { type Checkpoint, cursorOf } from './checkpoint.ts';
import type * as DeltaModule from './delta.ts';
import { createDoubts, type Doubts } from './doubts.ts';
import { createLive, type Live } from './live.ts';
import { createRelayed, type RelayedPage } from './relayed.ts';
import { createTakeAhead, type TakeAhead } from './take-ahead.ts';

/** Changes made by others, into the cache. Needs a manifest, and a server that has `sync`. */
export interface Sync {
  /** Sends what waits, then fetches what changed. Rejects when the server cannot be asked. */
  pull(): Promise<DeltaModule.PullReport>;
  /**
   * Pulls now, whenever the network comes back, and from time to time; with `live` also at the server's hint, through the
   * subscription `syncHint` (the link chain must carry subscriptions), which one tab has for all. Calling it again changes the options.
   */
  start(options?: { readonly intervalMs?: number; readonly live?: boolean }): void;
  stop(): void;
  /** When the last pull ended well, in milliseconds since the Unix epoch; outlives the page. Null: never. */
  lastSyncedAt(): number | null;
  /** Hears of every pull that ended well. `news`: it brought something that other tabs may not have, and did not come from them. */
  subscribe(listener: (news: boolean) => void): Cancel;
}

/** What the rest of the client tells it. */
export interface SyncControl extends Sync {
  /** What a pull of several pages has brought so far; `null`: none is under way. */
  syncing(): number | null;
  /** Hears when {@link syncing} has changed. */
  onProgress(listener: () => void): Cancel;
  /** The network is back. */
  wake(): void;
  /** Another tab has got news from the server: these, if they go on from where this one stands. */
  hear(pages?: readonly RelayedPage[]): void;
  /** The news of the last pull, for the other tabs; `null`: they must ask for themselves. */
  takeNews(): readonly RelayedPage[] | null;
  /** An answer has left these entities, by cache id, out of a list: the next pull tells whether they belong there. */
  leftOut(keys: readonly string[]): void;
  /** Runs what writes the answer of a query. */
  reading: Doubts['reading'];
  recalling: Doubts['recalling'];
  /** Entities, by cache id, that the next pull may put into a list. */
  wanted(): readonly string[];
  /** These, with their versions, have left the cache to make room. */
  evicted: Doubts['evicted'];
  /** What was pulled with no tab open. */
  readonly ahead: TakeAhead;
  dispose(): void;
}

export function createSync(deps: {
  readonly client: () => ApolloClient;
  readonly cache: OfflineCache;
  readonly manifest: OfflineManifest | null;
  readonly journal: Pick<Journal, 'checkpoint' | 'setCheckpoint' | 'flush'>;
  readonly ahead: Ahead;
  readonly clock: Clock;
  readonly random: Random;
  readonly code: OnDemand<typeof DeltaModule>;
  /** Resolves when what was edited here has been sent, or cannot be: a page fetched before would be out of date on arrival. */
  readonly ready: () => Promise<void>;
  readonly online: () => boolean;
  /** Runs in one tab at a time. */
  readonly inTurn: (run: (signal: AbortSignal) => Promise<void>) => Cancel;
  readonly onEvent: (event: { readonly code: string; readonly message: string }) => void;
}): SyncControl {
  const { client, cache, manifest, journal, ahead, clock, random, code, ready, online, inTurn, onEvent } = deps;
  const listeners = new Set<(news: boolean) => void>();
  /** The next pull is because another tab has news: it is no news to that one. */
  let isEcho = false;
  const relayed = createRelayed();
  /** Pulls that somebody has asked for: they hear it from the server. */
  let asked = 0;
  let delta: DeltaModule.Delta | null = null;
  let live: Live | null = null;
  const watchers = new Set<() => void>();
  let brought: number | null = null;
  const progress = (next: number | null): void => {
    if (next === brought) return;
    brought = next;
    for (const watcher of [...watchers]) watcher();
  };

  const stored = (): Checkpoint | null => journal.checkpoint() as Checkpoint | null;
  const doubts = createDoubts({
    cache,
    types: Object.keys(manifest?.types ?? {}),
    load: () => {
      const checkpoint = stored();
      if (!checkpoint) return null;
      const { told = [], leftOut = [], isPartial = false, isResync = false } = checkpoint;
      return { told, leftOut, isPartial, isResync };
    },
    save: (doubted) => journal.setCheckpoint({ ...stored(), ...doubted }),
  });

  const execute = async (query: DocumentNode, variables: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const known = asked === 0 ? relayed.answer(variables.since) : undefined;
    if (known !== undefined) return known;
    const { data, error } = await client().query({ query, variables: { ...variables }, fetchPolicy: 'no-cache', errorPolicy: 'all' });
    if (error) throw error;
    relayed.note(variables.since, data);
    return data;
  };

  /** How the cache takes in pages; anew after `stop`. */
  const bring = async (known: OfflineManifest): Promise<DeltaModule.Delta> => {
    const { createDelta } = code.loaded ?? (await code.load());
    delta ??= createDelta({
      execute,
      cache,
      manifest: known,
      journal: {
        checkpoint: () => cursorOf(stored()),
        setCheckpoint: (cursor, at = clock.now()) =>
          journal.setCheckpoint({ ...stored(), ...cache.tombstones.stored(), cursor, syncedAt: at } satisfies Checkpoint),
      },
      doubts,
      onEvent,
      onPage: (soFar, hasMore) => progress(hasMore ? soFar : null),
    });
    return delta;
  };
  let isOver = false;
  const takeAhead = createTakeAhead({
    ahead,
    journal,
    clock,
    cursor: () => (manifest ? cursorOf(stored()) : null),
    delta: () => bring(manifest as OfflineManifest),
    isOver: () => isOver,
    // Other tabs find it where this one did.
    onTaken: () => tell(false),
    onEvent,
  });

  const tell = (news: boolean): void => {
    for (const listener of [...listeners]) listener(news);
  };

  const run = async (echo: boolean): Promise<DeltaModule.PullReport> => {
    if (!manifest)
      throw new OfflineError('INVALID_OPERATION', 'sync: expected a manifest in createOffline, got none; generate one from the schema');
    if (!online()) throw new OfflineError('OFFLINE', 'sync: there is no network; it is pulled when it is back');
    if (!code.loaded) await code.load();
    await ready();
    await takeAhead.idle();
    const from = await bring(manifest);
    const pullOne = (): Promise<DeltaModule.PullReport> => from.pull().finally(() => progress(null));
    let report = await pullOne();
    while (asked === 0 && relayed.answer(stored()?.cursor) !== undefined) report = await pullOne();
    // One that was asked for and ran together with an echo has news all the same.
    if (echo && asked === 0) relayed.take();
    const news = !echo && report.changes + report.tombstones > 0;
    tell(news);
    return report;
  };

  const pull = async (): Promise<DeltaModule.PullReport> => {
    asked++;
    try {
      return await run(false);
    } finally {
      asked--;
    }
  };

  /** One tab listens for all and hands on what it pulls: a browser lets a page have six connections to a server that speaks HTTP/1.1. */
  const subscribe = (onHint: () => void, onState: (state: 'open' | 'closed') => void): Cancel => {
    // Who works offline on purpose sends nothing; `wake` opens it when that is over.
    if (!online()) {
      onState('closed');
      return () => undefined;
    }
    const hints = client().subscribe({
      query: parse('subscription SyncHint($types: [String!]) { syncHint(types: $types) { cursor } }'),
      variables: { types: Object.keys(manifest?.types ?? {}) },
      fetchPolicy: 'no-cache',
    });
    return inTurn(
      (signal) =>
        new Promise<void>((resolve) => {
          const subscription = hints.subscribe({
            next: ({ error }) => (error ? onState('closed') : onHint()),
            error: () => onState('closed'),
            complete: () => onState('closed'),
          });
          signal.addEventListener('abort', () => {
            subscription.unsubscribe();
            resolve();
          });
        }),
    );
  };

  /** What goes wrong in the background is said, once the cause is not simply that there is no network. */
  const pullQuietly = async (): Promise<void> => {
    if (!online()) return;
    const echo = isEcho;
    isEcho = false;
    try {
      await (echo ? run(true) : pull());
    } catch (error) {
      if (CombinedGraphQLErrors.is(error) || OfflineError.is(error, 'CODE_NOT_LOADED'))
        onEvent({ code: 'SYNC_FAILED', message: error.message });
      throw error;
    } finally {
      relayed.forget();
    }
  };

  const stop = (): void => {
    live?.stop();
    live = null;
    delta?.dispose();
    delta = null;
  };

  return {
    pull,
    start({ intervalMs, live: hints = false } = {}) {
      live?.stop();
      live = createLive(
        { pull: pullQuietly, subscribe: hints ? subscribe : null, clock, random },
        intervalMs === undefined ? {} : { intervalMs },
      );
      live.start();
    },
    stop,
    lastSyncedAt: () => stored()?.syncedAt ?? null,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    syncing: () => brought,
    onProgress(listener) {
      watchers.add(listener);
      return () => void watchers.delete(listener);
    },
    wake: () => live?.wake(),
    hear(pages = []) {
      if (!live || !relayed.hear(pages, stored()?.cursor)) return;
      isEcho = true;
      live.wake();
    },
    takeNews: relayed.take,
    leftOut: doubts.leftOut,
    reading: doubts.reading,
    recalling: doubts.recalling,
    wanted: () => doubts.current().leftOut,
    evicted: doubts.evicted,
    ahead: takeAhead,
    dispose() {
      isOver = true;
      stop();
      doubts.dispose();
    },
  };
}
