/**
 * What a store meets by itself, told when it has happened: for logs and alarms. `message` is for people. Holds neither rows, nor statements, nor
 * where the database is.
 */
export type StoreEvent = { readonly message: string } & (
  | {
      /** PostgreSQL: the connection that is always open is gone. Requests wait for `retryForMs`, live hints until it is back. */
      readonly code: 'CONNECTION_LOST';
    }
  | {
      readonly code: 'CONNECTION_RESTORED';
      /** Since it was lost. */
      readonly afterMs: number;
    }
  | {
      /** PostgreSQL: what was undone for no fault of its own is run again. Now and then that is nothing; often, writers are in each other's way. */
      readonly code: 'RETRIED';
      readonly what: 'read' | 'transaction';
      /** The try that failed, from 1. */
      readonly round: number;
      /** SQLSTATE, or the system's name of the failure: `40P01`, `ECONNRESET`; `STORE_CONNECTION_LOST`. */
      readonly reason: string;
    }
  | {
      /** PostgreSQL: the server is another one, or has been further before: every client begins anew. A backup was restored, or a standby promoted. */
      readonly code: 'EPOCH_CHANGED';
      readonly epoch: string;
    }
  | {
      /** SQLite, `synchronous: 'full'`: nobody knows what the disk has kept. Writes are refused until the process starts again. */
      readonly code: 'DISK_FAILED';
      /** The system's name of the failure: `EIO`, `ENOSPC`. */
      readonly reason: string;
    }
);

export type OnStoreEvent = (event: StoreEvent) => void;

/** The code of what was thrown, and none of its words: they may quote what was written. */
export const reasonOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');
