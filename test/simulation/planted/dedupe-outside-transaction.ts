import type { WriteTransaction } from '../../../server/index.ts';
import { wrapStore } from '../world/commit-log.ts';
import type { PlantedBug } from '../world/world.ts';

type Saved = Parameters<WriteTransaction['saveResult']>;

/** Between the two commits the process may die. */
export const dedupeOutsideTransaction: PlantedBug = {
  name: 'dedupe-outside-transaction',
  says: 'the record that a mutation was done is committed after its effect, not with it',
  breaks: ['I3', 'I13', 'I4'],
  store: (store) =>
    wrapStore(store, {
      async write(run) {
        const saved: Saved[] = [];
        const value = await store.write((transaction) => run(deferring(transaction, saved)));
        if (saved.length > 0) {
          await store.write(async (transaction) => {
            for (const each of saved) await transaction.saveResult(...each);
          });
        }
        return value;
      },
    }),
};

function deferring(transaction: WriteTransaction, saved: Saved[]): WriteTransaction {
  return Object.create(transaction, {
    saveResult: { value: async (...args: Saved) => void saved.push(args) },
    saveResults: { value: async (results: readonly Saved[]) => void saved.push(...results) },
    savepoint: {
      value: async <T>(run: (part: WriteTransaction) => Promise<T>): Promise<T> => {
        const inner: Saved[] = [];
        const value = await transaction.savepoint((part) => run(deferring(part, inner)));
        saved.push(...inner);
        return value;
      },
    },
  }) as WriteTransaction;
}
