import type { DatabaseConnection, Driver } from 'kysely';
import { OfflineServerError } from '../errors.ts';

/** A driver on a transaction that is open already, and is not the application's to begin or end. */
export function createNativeDriver(connection: DatabaseConnection): Driver {
  const refuse = async (): Promise<never> => {
    throw new OfflineServerError(
      'TRANSACTION_CLOSED',
      'expected statements, got a transaction of its own; the mutation field is the transaction already',
    );
  };
  const nothing = async (): Promise<void> => undefined;
  return {
    init: nothing,
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: nothing,
    destroy: nothing,
  };
}
