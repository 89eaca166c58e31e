import { type FileHandle, open } from 'node:fs/promises';

/** The write-ahead log of a database, as what has to reach the disk before anybody is answered. */
export interface WriteAheadLog {
  /** Resolves when all that was committed before the call is on the disk. Once it may not be, it always rejects: nobody knows what stayed. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Does what `synchronous = FULL` does at a commit, beside the process instead of in its way: the connection commits under NORMAL, and the log
 * is flushed by a handle of our own. The disk then has what FULL would have given it, later than the commit but before its answer.
 * SQLite keeps one log for as long as a connection is open, and takes no locks on it that a second handle could lose.
 * https://sqlite.org/pragma.html#pragma_synchronous
 * @param onFailed hears of it once
 */
export function openWriteAheadLog(database: string, onFailed: (error: unknown) => void = () => {}): WriteAheadLog {
  let opened: Promise<FileHandle> | null = null;
  // A system that failed to write takes its pages for clean, and says next time that all is well: https://wiki.postgresql.org/wiki/Fsync_Errors
  let failure: { readonly error: unknown } | null = null;
  return {
    async flush() {
      if (failure !== null) throw failure.error;
      try {
        // It is there from the first commit on. Writable, for some systems flush nothing else.
        opened ??= open(`${database}-wal`, 'r+');
        await (await opened).datasync();
      } catch (error) {
        // Flushes run side by side.
        if (failure === null) onFailed(error);
        failure ??= { error };
        throw error;
      }
    },
    async close() {
      await (await opened?.catch(() => null))?.close();
    },
  };
}
