import type Database from 'better-sqlite3';
import type { Commit, Position } from './store.ts';

export interface SqliteWatch {
  /** Whether anybody wants to hear of commits. */
  watch(isWatched: boolean): void;
}

/**
 * Hears of what other programs and processes commit. SQLite tells nobody, but its `data_version` changes on a connection whenever
 * another one has committed: on the writing connection, by nobody of ours. `reader`: sees what is committed, also while we write.
 */
export function createSqliteWatch(
  { writer, reader }: { readonly writer: Database.Database; readonly reader: Database.Database },
  options: { readonly intervalMs: number; readonly head: () => Position; readonly announce: (commit: Commit) => void },
): SqliteWatch {
  const { intervalMs, head, announce } = options;
  const typesAfter = reader.prepare<[number], { typename: string }>('select distinct typename from farside_change where position > ?');
  let timer: ReturnType<typeof setInterval> | null = null;
  let seen = { version: 0, position: '0' };
  const look = (): typeof seen => ({ version: Number(writer.pragma('data_version', { simple: true })), position: head().position });

  const tick = (): void => {
    const before = seen;
    try {
      seen = look();
      if (seen.version === before.version || seen.position === before.position) return;
      const typenames = new Set(typesAfter.all(Number(before.position)).map(({ typename }) => typename));
      announce({ position: head(), typenames });
    } catch {
      // The file is busy; what happened is found the next time.
      seen = before;
    }
  };

  return {
    watch(isWatched) {
      if (isWatched === (timer !== null) || intervalMs === 0) return;
      if (timer !== null) clearInterval(timer);
      timer = null;
      if (!isWatched) return;
      seen = look();
      timer = setInterval(tick, intervalMs);
      timer.unref();
    },
  };
}
