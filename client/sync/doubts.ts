import type { Version } from '../../schema/version.ts';
import type { OfflineCache } from '../cache/offline-cache.ts';
import type { Cancel } from '../ports.ts';

/** What reached this device by another way than a pull, by cache id, and has not been borne out by one. */
export interface Doubted {
  /** Came newer than the last pull had left it. The next pull tells of it again, unless the server has lost it, or this reader has. */
  readonly told: readonly string[];
  /** Is here, and an answer left it out of a list. */
  readonly leftOut: readonly string[];
  /** Something has left the cache to make room: that an entity was not here says nothing. */
  readonly isPartial?: boolean;
  /** A pull of everything has begun and has not ended: some of what is here is from after the cursor, so that the next one begins anew. */
  readonly isResync?: boolean;
}

export const NO_DOUBTS: Doubted = { told: [], leftOut: [] };

/**
 * A cursor covers what pulls have brought. Answers of mutations and queries run ahead of it, and may come from a history that the
 * server loses (a restored backup), from before a right was withdrawn (a repeated answer) or from a cache on the way (a list of
 * yesterday). Nothing behind the cursor would ever set that right, so the next pull puts it to the test (I5).
 */
export interface Doubts {
  current(): Doubted;
  leftOut(keys: readonly string[]): void;
  /** These, with their versions, have left the cache to make room. Should they come back as they were, that is no news. */
  evicted(entities: ReadonlyMap<string, Version | undefined>): void;
  /** These came while the first pull was under way, when there was nothing yet to doubt them by. */
  told(keys: readonly string[]): void;
  /**
   * Runs what writes before anybody knows what has been pulled: the stored cache is on its way. The returned function, called once that is
   * there, doubts what was new in it: the server may have told since that it is gone.
   */
  recalling(run: () => void): () => void;
  /** A pull of everything begins, or has ended. */
  resync(isUnderWay: boolean): void;
  /** These have been put to the test. Those that changed meanwhile stay for the next, unless the pull has told of them as they are by now. */
  settle(tested: Doubted, touched: ReadonlySet<string>, isProven: (key: string) => boolean): void;
  /** The server stood by all of it: from now on what a query brings is doubted where it is newer than known, not where it was merely not here. */
  falseAlarm(): void;
  /** Runs what writes the answer of a query. What was not here may be old news then; an answer to a mutation tells of what was just done. */
  reading<T>(run: () => T): T;
  /** Runs what a pull writes itself. */
  ignoring<T>(run: () => T): T;
  dispose(): void;
}

/** One that is not borne out is enough to notice; this many are remembered. */
const MOST = 1000;

export function createDoubts(deps: {
  readonly cache: OfflineCache;
  /** Names of the types that pulls bring. */
  readonly types: readonly string[];
  /** As last saved; `null` before the first pull, when nothing is known that could be doubted. */
  readonly load: () => Doubted | null;
  /** Becomes durable with the data in the cache. */
  readonly save: (doubted: Doubted) => void;
}): Doubts {
  const { cache, types, load, save } = deps;
  /** Versions before the changes of this turn; `undefined`: it was not here. */
  const before = new Map<string, unknown>();
  const evicted = new Map<string, unknown>();
  /** Of these, what a query brought. */
  const read = new Set<string>();
  let ignored = 0;
  let reading = 0;
  let trusting = false;

  const add = (doubted: Doubted, more: Partial<Doubted>): void => {
    const merge = (name: 'told' | 'leftOut'): readonly string[] => [...new Set([...doubted[name], ...(more[name] ?? [])])].slice(0, MOST);
    save({ ...doubted, told: merge('told'), leftOut: merge('leftOut') });
  };

  const isNews = (key: string, was: unknown, isRead = true): boolean => {
    const entity = cache.rootEntity(key);
    if (entity === undefined || !types.includes(entity.__typename as string) || entity._version === undefined) return false;
    // Made and deleted before the server heard of it (compaction): no pull will tell of it.
    if (entity._version === 0) return false;
    return was === undefined ? !isRead || (!trusting && load()?.isPartial !== true) : was !== entity._version;
  };

  const take = (): void => {
    const changed = [...before];
    const byQuery = new Set(read);
    before.clear();
    read.clear();
    const doubted = load();
    if (doubted === null) return;
    const told = changed.flatMap(([key, was]) => (isNews(key, was, byQuery.has(key)) ? [key] : []));
    if (told.length > 0) add(doubted, { told });
  };

  const stops: readonly Cancel[] = [
    cache.onChanged((key, was) => {
      if (ignored === 0 && load() !== null && !before.has(key)) {
        before.set(key, was ? was._version : evicted.get(key));
        if (reading > 0) read.add(key);
      }
      if (!was) evicted.delete(key);
    }, 'each'),
    cache.onChanged(take),
  ];

  return {
    current() {
      take();
      return load() ?? NO_DOUBTS;
    },
    leftOut(keys) {
      const doubted = load();
      if (doubted !== null && keys.length > 0) add(doubted, { leftOut: keys });
    },
    evicted(entities) {
      for (const [key, version] of entities) {
        evicted.set(key, version);
        if (evicted.size > MOST) evicted.delete(evicted.keys().next().value as string);
      }
      const doubted = load();
      if (doubted !== null && !doubted.isPartial) save({ ...doubted, isPartial: true });
    },
    told(keys) {
      const doubted = load();
      const told = keys.filter((key) => isNews(key, undefined));
      if (doubted !== null && told.length > 0) add(doubted, { told });
    },
    recalling(run) {
      const versions = new Map<string, unknown>();
      const stop = cache.onChanged((key, was) => void (versions.has(key) || versions.set(key, was?._version)), 'each');
      run();
      stop();
      return () => {
        const doubted = load();
        const told = [...versions].flatMap(([key, was]) => (isNews(key, was, false) ? [key] : []));
        if (doubted !== null && told.length > 0) add(doubted, { told });
      };
    },
    resync(isUnderWay) {
      const doubted = load();
      if (doubted !== null && (doubted.isResync === true) !== isUnderWay) save({ ...doubted, isResync: isUnderWay });
    },
    settle(tested, touched, isProven) {
      take();
      const doubted = load();
      if (doubted === null) return;
      const done = { told: new Set(tested.told), leftOut: new Set(tested.leftOut) };
      const told = doubted.told.filter((key) => !isProven(key) && (touched.has(key) || !done.told.has(key)));
      const leftOut = doubted.leftOut.filter((key) => !done.leftOut.has(key));
      if (told.length < doubted.told.length || leftOut.length < doubted.leftOut.length) save({ ...doubted, told, leftOut });
    },
    falseAlarm() {
      trusting = true;
    },
    reading(run) {
      reading++;
      try {
        return run();
      } finally {
        reading--;
      }
    },
    ignoring(run) {
      ignored++;
      try {
        return run();
      } finally {
        ignored--;
      }
    },
    dispose() {
      for (const stop of stops) stop();
    },
  };
}
