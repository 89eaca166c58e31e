import { OfflineServerError } from '../errors.ts';

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** Others hold or have changed what the transaction wanted: serialization failure, deadlock, lock timeout. Run again, it goes through. */
const CONTENTION: ReadonlySet<string> = new Set(['40001', '40P01', '55P03']);

/** The server goes, comes, or is not the one that takes writes any more. */
const LOST: ReadonlySet<string> = new Set([
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '53300', // too_many_connections
  '25006', // read_only_sql_transaction: a primary that has become a standby
  '25P03', // idle_in_transaction_session_timeout
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'STORE_CONNECTION_LOST',
]);

export const isContention = (error: unknown): boolean => CONTENTION.has(codeOf(error));
/** unique_violation */
export const isTaken = (error: unknown): boolean => codeOf(error) === '23505';
export const isLost = (error: unknown): boolean => LOST.has(codeOf(error)) || codeOf(error).startsWith('08');

/** Stands for whatever the driver says when a connection ends under a statement: its words have no code. */
export class ConnectionLost extends Error {
  readonly code = 'STORE_CONNECTION_LOST';
  constructor(cause: unknown) {
    super('the connection to the database was lost', { cause });
  }
}

/** `at`: host, port and database, without a password. */
export function explainPostgres(error: unknown, at: string): Error {
  if (OfflineServerError.is(error)) return error;
  const said = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  const as = (of: ConstructorParameters<typeof OfflineServerError>[0], message: string): Error =>
    new OfflineServerError(of, `${at}: ${message}`, { cause: error });
  if (code === 'ERR_MODULE_NOT_FOUND') return as('STORE_PACKAGE_MISSING', 'expected the packages pg and kysely; run npm install pg kysely');
  if (code === '28P01' || code === '28000')
    return as('STORE_DENIED', `the user or the password is wrong (${said}); check the connection string`);
  if (code === '42501')
    return as('STORE_DENIED', `the user may not do what the store needs (${said}); grant it CREATE on the database or on the schema`);
  if (code === '3D000')
    return as('STORE_UNREACHABLE', `expected a database, there is none of that name (${said}); create it, or name another`);
  if (isLost(error))
    return as('STORE_UNREACHABLE', `expected a PostgreSQL server that takes writes, got "${said}"; check host, port and whether it runs`);
  return error instanceof Error ? error : new Error(said);
}
