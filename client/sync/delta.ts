import type { DocumentNode } from 'graphql';
import type { OfflineManifest } from '../../schema/manifest.ts';
import { ErrorCode } from '../../schema/protocol.ts';
import { isSameCursor, type PageAhead } from '../cache/ahead.ts';
import type { OfflineCache } from '../cache/offline-cache.ts';
import { relist } from '../cache/relist.ts';
import { applyChanges, applyTombstones, createSweep, type Sweep, versionedIds } from './apply.ts';
import { type Doubts, NO_DOUBTS } from './doubts.ts';
import type { SyncPage } from './page.ts';
import { createPageQuery, type PageQueryOptions } from './page-query.ts';
import { createTestimony, type Testimony } from './testimony.ts';

/** Changes made by others: pulled page by page from where the last pull ended. */
export interface Delta {
  /**
   * Pulls until there is nothing more. One at a time: a call during a pull gets the next one, because the page under way may have
   * been read before what the caller heard of.
   * Rejects with what `execute` rejected with; every page applied until then stays, and the next pull goes on from there.
   */
  pull(): Promise<PullReport>;
  /**
   * A page that was pulled before, with no tab open. False, and nothing is done: it does not go on from the checkpoint. Waits for a
   * pull under way. Says nothing of what came later, so that only what it bears out is beyond doubt.
   */
  apply(page: PageAhead): Promise<boolean>;
  /** Gives up a pull under way; later calls reject. */
  dispose(): void;
}

export interface PullReport {
  /** Entities that came, whether they were news or not. */
  readonly changes: number;
  readonly tombstones: number;
  readonly pages: number;
  /** The server could not continue from the checkpoint, or has lost what it told of: everything came again, and what did not come was removed. */
  readonly reset: boolean;
}

export interface DeltaDeps {
  /** Sends one query and resolves with its `data`; rejects when there is none. */
  readonly execute: (
    document: DocumentNode,
    variables: Readonly<Record<string, unknown>>,
    options: { readonly signal: AbortSignal },
  ) => Promise<unknown>;
  readonly cache: OfflineCache;
  readonly manifest: OfflineManifest;
  /** The cursor that the cache stands at. */
  readonly journal: {
    checkpoint(): unknown;
    /** @param at when the page was fetched, if not now */
    setCheckpoint(cursor: unknown, at?: number): void;
  };
  readonly doubts: Doubts;
  readonly onEvent: (event: { readonly code: string; readonly message: string }) => void;
  /** After each page: what the pull has brought so far, and whether there is more. */
  readonly onPage?: (brought: number, hasMore: boolean) => void;
}

export function createDelta(deps: DeltaDeps, options: PageQueryOptions = {}): Delta {
  const { execute, cache, manifest, journal, doubts, onEvent, onPage } = deps;
  const { types = Object.keys(manifest.types) } = options;
  const query = createPageQuery(manifest, options);
  const stop = new AbortController();
  let running: Promise<PullReport> | null = null;
  let next: Promise<PullReport> | null = null;
  let applying = false;

  async function fetchPage(since: unknown): Promise<SyncPage> {
    stop.signal.throwIfAborted();
    const data = await execute(query.document, query.variables(since), { signal: stop.signal });
    stop.signal.throwIfAborted();
    return query.read(data);
  }

  /** The first page. A cursor that the server has never given out is as good as none. */
  async function firstPage(since: unknown): Promise<{ readonly page: SyncPage; readonly since: unknown }> {
    try {
      return { page: await fetchPage(since), since };
    } catch (error) {
      if (since === null || !hasCode(error, ErrorCode.BAD_CURSOR)) throw error;
      onEvent({ code: 'SYNC_CURSOR_REFUSED', message: 'the server does not know the stored cursor; everything is fetched again' });
      return { page: await fetchPage(null), since: null };
    }
  }

  async function run(): Promise<PullReport> {
    const touched = new Set<string>();
    const stopNoting = cache.onChanged((key) => void (applying || touched.add(key)), 'each');
    try {
      const doubted = doubts.current();
      const from = journal.checkpoint();
      const pages = createTestimony(cache);
      const isAgain = doubted.isResync === true;
      let report = isAgain ? await pullPages(null, touched, null) : await pullPages(from, touched, pages);
      // There is a cursor by now: whatever cuts this pull short from here on, the next one must know what to doubt.
      if (from === null) doubts.told([...touched].filter((key) => !pages.upholds(key)));
      // Before there is a cursor nothing need be told again, but nothing may be known in an older state than is here.
      const doubtful = from === null ? pages.older() : doubted.told.filter((key) => !pages.upholds(key));
      const lost = isAgain ? [] : doubtful.filter((key) => !touched.has(key) && cache.rootEntity(key) !== undefined);
      if (lost.length > 0 && !report.reset) report = sum(report, await pullAnew(lost, touched));
      cache.together(() => doubts.ignoring(() => relist(cache, manifest, doubted.leftOut)));
      doubts.settle(doubted, touched, pages.upholds);
      return report;
    } finally {
      stopNoting();
    }
  }

  /** The server has told of these, and knows nothing of them by now: not even of what a person did to them. */
  async function pullAnew(lost: readonly string[], touched: ReadonlySet<string>): Promise<PullReport> {
    onEvent({
      code: 'SYNC_HISTORY_LOST',
      message: `expected the server to tell of ${lost.slice(0, 3).join(', ')} again, it did not: a backup may have been restored, or a right withdrawn; everything is fetched again`,
    });
    const versions = lost.map((key) => cache.rootEntity(key)?._version);
    doubts.resync(true);
    const report = await pullPages(null, touched, null);
    if (lost.every((key, index) => cache.rootEntity(key)?._version === versions[index])) doubts.falseAlarm();
    return report;
  }

  /**
   * @param from the cursor to go on from
   * @param touched what has changed by another way since the first page was asked for: newer than any page, whatever is in it
   * @param testimony hears every page; `null`: whatever the server knows is right, also where it is older than what is here
   */
  async function pullPages(from: unknown, touched: ReadonlySet<string>, testimony: Testimony | null): Promise<PullReport> {
    let { page, since } = await firstPage(from);
    let isRight = testimony === null;
    // What is here without a cursor came by queries or from a damaged disk: nothing will tell that some of it is gone.
    let sweep: Sweep | null = since === null && versionedIds(cache, types).length > 0 ? createSweep(cache, types, touched) : null;
    let [changes, tombstones, pages, reset] = [0, 0, 0, isRight];
    for (;;) {
      if (page.reset) {
        sweep = createSweep(cache, types, touched);
        reset = isRight = true;
      }
      applyPage(page, sweep, isRight);
      testimony?.hear(page);
      changes += page.changes.length;
      tombstones += page.tombstones.length;
      pages++;
      onPage?.(changes + tombstones, page.hasMore);
      since = query.next(page, since);
      if (since === null) return { changes, tombstones, pages, reset };
      page = await fetchPage(since);
    }
  }

  /**
   * One broadcast per page, and its cursor in one put with its data. With a sweep to come the cursor waits for the last page: from a
   * cursor in between nobody would know that there is something left to remove. Nor does the old one cover what such pages have brought,
   * should the server go back to it (a restored backup): until the last one has come it is not gone on from.
   */
  function applyPage(page: SyncPage, sweep: Sweep | null, isRight: boolean, at?: number): void {
    applying = true;
    try {
      doubts.ignoring(() => cache.together(() => write(page, sweep, isRight, at)));
    } finally {
      applying = false;
    }
  }

  function write(page: SyncPage, sweep: Sweep | null, isRight: boolean, at?: number): void {
    const [resynced, guarded] = sweep && isRight ? sweep.split(page) : [null, page];
    if (resynced) {
      cache.overriding(() => {
        applyChanges(cache, manifest, resynced.changes, { force: true });
        applyTombstones(cache, manifest, resynced.tombstones, { force: true });
      });
    }
    applyChanges(cache, manifest, guarded.changes);
    applyTombstones(cache, manifest, guarded.tombstones);
    sweep?.mark(page);
    if (sweep && !page.hasMore) sweep.finish(manifest);
    const isDone = !sweep || !page.hasMore;
    if (isDone) journal.setCheckpoint(page.cursor, at);
    if (sweep) doubts.resync(!isDone);
  }

  return {
    pull() {
      if (running) {
        next ??= running
          .catch(() => {})
          .then(() => {
            next = null;
            return this.pull();
          });
        return next;
      }
      running = run().finally(() => {
        running = null;
      });
      return running;
    },
    async apply({ since, text, at }) {
      while (running) await running.catch(() => undefined);
      stop.signal.throwIfAborted();
      const page = query.read(JSON.parse(text));
      // Whoever starts anew sweeps as well, and must ask for all of it. A pull of everything that was cut short is made all the same.
      if (page.reset || !isSameCursor(since, journal.checkpoint())) return false;
      applyPage(page, null, false, at);
      const testimony = createTestimony(cache);
      testimony.hear(page);
      doubts.settle(NO_DOUBTS, new Set(), testimony.upholds);
      return true;
    },
    dispose: () => stop.abort(),
  };
}

function sum(a: PullReport, b: PullReport): PullReport {
  return { changes: a.changes + b.changes, tombstones: a.tombstones + b.tombstones, pages: a.pages + b.pages, reset: a.reset || b.reset };
}

function hasCode(error: unknown, code: string): boolean {
  const errors = (error as { readonly errors?: unknown } | null)?.errors;
  return (
    Array.isArray(errors) && errors.some((each: { readonly extensions?: { readonly code?: unknown } }) => each?.extensions?.code === code)
  );
}
