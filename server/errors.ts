import { GraphQLError } from 'graphql';
import { ErrorCode } from '../schema/protocol.ts';

/** Why the server half could not be set up or used. */
export type OfflineServerErrorCode =
  /** An option is not what it should be: the message names it, what was expected and what came. */
  | 'BAD_OPTION'
  /** `useOffline` is not among the plugins, or two stores are mixed up. */
  | 'NOT_INSTALLED'
  /** The database file cannot be opened or written. */
  | 'STORE_UNWRITABLE'
  /** The database file belongs to another application. */
  | 'STORE_FOREIGN'
  /** The database file was written by a newer release. */
  | 'STORE_NEWER'
  /** The database file is damaged, or no database. */
  | 'STORE_CORRUPT'
  /** The types of the schema do not fit the tables, and no safe change makes them fit. */
  | 'STORE_INCOMPATIBLE'
  /** A table that a type is mapped to is not there. */
  | 'STORE_TABLE_MISSING'
  /** A column that a field is mapped to is not there. */
  | 'STORE_COLUMN_MISSING'
  /** Tables that types are mapped to have not been prepared, and the store was not told to do it. */
  | 'STORE_NOT_MIGRATED'
  /** A package that the store is built on is not installed: the message says which. */
  | 'STORE_PACKAGE_MISSING'
  /** The database server cannot be reached, or was not reached again in time after the connection was lost. */
  | 'STORE_UNREACHABLE'
  /** The database server refuses the user, the password, or what the store needs to do. */
  | 'STORE_DENIED'
  /** The database server is older than what the store needs. */
  | 'STORE_TOO_OLD'
  /** The connection was lost during a commit and nothing tells how it ended. A repeat under the same id does. */
  | 'STORE_COMMIT_UNKNOWN'
  | 'STORE_NOT_OPEN'
  | 'STORE_CLOSED'
  /** A transaction was used after its mutation field had ended. */
  | 'TRANSACTION_CLOSED'
  /** `context.offline.write` or `.lease` was used outside a mutation root field. */
  | 'NOT_IN_MUTATION'
  /** A resolver held the write lock for longer than `limits.fieldTimeoutMs`. */
  | 'FIELD_TIMEOUT'
  /** A resolver named a type that is not versioned. */
  | 'UNKNOWN_TYPE'
  /** A resolver wrote a field that is not stored. */
  | 'UNKNOWN_FIELD';

/** Misuse, or a damaged store. What a client did wrong is a GraphQLError instead. */
export class OfflineServerError extends Error {
  readonly code: OfflineServerErrorCode;

  constructor(code: OfflineServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OfflineServerError';
    this.code = code;
  }

  static is(error: unknown): error is OfflineServerError {
    return error instanceof OfflineServerError;
  }
}

/** An error that the client is told, with its stable code. */
export function clientError(code: ErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

export function unauthenticated(): GraphQLError {
  return clientError(ErrorCode.UNAUTHENTICATED, 'Nobody is signed in: sign in and send this again.');
}

export function badInput(message: string): GraphQLError {
  return clientError(ErrorCode.BAD_USER_INPUT, message);
}
