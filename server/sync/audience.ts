import type { Awaitable } from '../steps.ts';
import type { Commit, Position, Row, Store } from '../store/store.ts';

/** Somebody who waits for news, and what may be news to them. */
export interface Listener {
  /** `null`: all. */
  readonly types: readonly string[] | null;
  readonly mayRead: (row: Row) => Awaitable<boolean>;
  tell(position: Position): void;
}

export interface Audience {
  /** `head`: where the listener stands; whatever comes after that is told. */
  join(listener: Listener): { readonly head: Promise<Position>; leave(): void };
}

/** A commit of more is told to everybody, rather than looked through for each. */
const MOST_ROWS = 1000;

/**
 * Tells of commits those who may read something of them, or could before: that something happened is as little the others' business as
 * what it was, and each of them would pull to find nothing. What was changed is read once for all listeners of this process. When that
 * fails everybody is told: a pull too many harms nobody.
 */
export function createAudience(store: Pick<Store, 'onCommit' | 'reads'>): Audience {
  const listeners = new Set<Listener>();
  let unsubscribe: () => void = () => undefined;
  /** Up to here everybody has been told. */
  let seen: Promise<Position> = Promise.reject();
  seen.catch(() => undefined);
  let pending: Commit | null = null;
  let looking = false;

  const tellAll = ({ position, typenames }: Commit): void => {
    for (const { types, tell } of listeners) if (types === null || types.some((typename) => typenames.has(typename))) tell(position);
  };

  const tellThoseConcerned = async (commit: Commit): Promise<void> => {
    const after = await seen;
    const { rows, next, hasMore, reset } = await store.reads.changes({ after, types: null, limit: MOST_ROWS });
    const pasts = rows.length === 0 ? [] : await store.reads.pasts(rows, after);
    // What comes from here on is for the next look, whatever becomes of this one.
    seen = Promise.resolve(hasMore || reset ? commit.position : next);
    if (hasMore || reset) return tellAll(commit);
    const isConcerned = async ({ types, mayRead }: Listener): Promise<boolean> => {
      const isNews = (row: Row): boolean => types === null || types.includes(row.__typename);
      for (const row of rows) if (isNews(row) && (await mayRead(row))) return true;
      for (const past of pasts) if (isNews(past) && !past._deleted && (await mayRead(past))) return true;
      return false;
    };
    await Promise.all(
      [...listeners].map(async (listener) => {
        // Where the look went to, for what came meanwhile is not looked at again.
        if (await isConcerned(listener).catch(() => true)) listener.tell(next);
      }),
    );
  };

  const look = async (): Promise<void> => {
    looking = true;
    for (let commit = pending; commit !== null && listeners.size > 0; commit = pending) {
      pending = null;
      try {
        await tellThoseConcerned(commit);
      } catch {
        seen = Promise.resolve(commit.position);
        tellAll(commit);
      }
    }
    looking = false;
  };

  const begin = (): void => {
    pending = null;
    seen = Promise.resolve(store.reads.head());
    seen.catch(() => undefined);
    unsubscribe = store.onCommit(({ position, typenames }) => {
      pending = { position, typenames: new Set([...(pending?.typenames ?? []), ...typenames]) };
      if (!looking) void look();
    });
  };

  return {
    join(listener) {
      if (listeners.size === 0) begin();
      const isFirst = listeners.size === 0;
      listeners.add(listener);
      return {
        head: isFirst ? seen : Promise.resolve(store.reads.head()),
        leave() {
          if (listeners.delete(listener) && listeners.size === 0) unsubscribe();
        },
      };
    },
  };
}
