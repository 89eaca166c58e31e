import type { StoredLease, WriteTransaction } from '../../../server/index.ts';
import { wrapStore } from '../world/commit-log.ts';
import type { PlantedBug } from '../world/world.ts';

/** Whoever was away for longer than the lease lasted writes over the one who has it now. */
export const leaseWithoutFencing: PlantedBug = {
  name: 'lease-without-fencing',
  says: 'a lease is looked at when somebody asks for one, and not when somebody writes',
  breaks: ['I12'],
  store(store) {
    const given = new Map<number, StoredLease>();
    return wrapStore(store, { write: (run) => store.write((transaction) => run(unfenced(transaction, given, { isWrite: false }))) });
  },
};

/** Only what goes by the outbox asks whether it was there before; requests about leases do not. */
function unfenced(transaction: WriteTransaction, given: Map<number, StoredLease>, state: { isWrite: boolean }): WriteTransaction {
  return Object.create(transaction, {
    findResult: {
      value: async (...args: Parameters<WriteTransaction['findResult']>) => {
        state.isWrite = true;
        return transaction.findResult(...args);
      },
    },
    hasResults: {
      value: async (...args: Parameters<WriteTransaction['hasResults']>) => {
        state.isWrite = true;
        return transaction.hasResults(...args);
      },
    },
    grantLease: {
      value: async (...args: Parameters<WriteTransaction['grantLease']>) => {
        const lease = await transaction.grantLease(...args);
        given.set(lease.token, { ...lease, expiresAt: Number.MAX_SAFE_INTEGER });
        return lease;
      },
    },
    findLease: {
      value: async (which: Parameters<WriteTransaction['findLease']>[0]) => {
        if (!state.isWrite) return transaction.findLease(which);
        return 'token' in which ? (given.get(which.token) ?? null) : null;
      },
    },
    savepoint: {
      value: <T>(run: (part: WriteTransaction) => Promise<T>): Promise<T> =>
        transaction.savepoint((part) => run(unfenced(part, given, state))),
    },
  }) as WriteTransaction;
}
