import { randomUUID } from 'node:crypto';
import { checkOptions, expected } from '../options.ts';
import { readsOf } from './handle.ts';
import { createLayer, type Layer } from './layer.ts';
import { createStore } from './lifecycle.ts';
import { createMemoryEngine } from './memory-engine.ts';
import type { Store } from './store.ts';
import { tablesOf } from './tables.ts';
import { createTransactions } from './transactions.ts';

export interface MemoryStoreOptions {
  /** Names of the database and of the stretches of its history. Default `crypto.randomUUID`. */
  readonly newId?: () => string;
}

/**
 * A store for tests: the whole contract, transactions and savepoints included, and nothing on disk. It takes no turn of the event
 * loop, so that a simulated world stays in step.
 * @throws OfflineServerError `BAD_OPTION`
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  checkOptions('memoryStore', options, ['newId']);
  const { newId = randomUUID } = options;
  if (typeof newId !== 'function') throw expected('memoryStore', 'newId', 'a function', newId);
  const epoch = newId();
  const ground = createLayer(null);
  const layers: Layer[] = [ground];
  const top = (): Layer => layers.at(-1) ?? ground;
  /** Settles layers into those below until `count` are left. */
  const settleTo = (count: number): void => {
    while (layers.length > count) layers.pop()?.settle();
  };
  // The ground, then the transaction, then one layer per level.
  const control = {
    begin: () => void layers.push(createLayer(ground)),
    commit: () => settleTo(1),
    rollback: () => {
      layers.length = 1;
    },
    standing: () => layers.length > 1,
    mark: () => void layers.push(createLayer(top())),
    undo: (level: number) => {
      layers.length = 2 + level;
    },
    keep: (level: number) => settleTo(2 + level),
    native: () => null,
  };

  return createStore({
    name: 'memory',
    async open(types, announce) {
      const tables = tablesOf(types);
      createMemoryEngine(() => ground, tables).beginEpoch(newId(), '0');
      const queue = createTransactions(createMemoryEngine(top, tables), control, {
        newId,
        groupSize: 1,
        turn: () => Promise.resolve(),
        announce,
      });
      const reads = readsOf(createMemoryEngine(() => ground, tables));
      return { epoch, reads, write: queue.write, close: queue.idle };
    },
    explain: (error) => (error instanceof Error ? error : new Error(String(error))),
  });
}
