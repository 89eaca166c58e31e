import { randomUUID } from 'node:crypto';
import { OfflineServerError } from '../errors.ts';
import { checkOptions, expected } from '../options.ts';
import { createLayer, type Layer } from './layer.ts';
import { createMemoryEngine } from './memory-engine.ts';
import type { Commit, ReadTransaction, Store, TypeModel, WriteTransaction } from './store.ts';
import { checkSameModel, tablesOf } from './tables.ts';
import { createTransactions, readsOf } from './transactions.ts';
import type { WriteQueue } from './write-queue.ts';

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
  const listeners = new Set<(commit: Commit) => void>();
  let state: { readonly types: TypeModel; readonly reads: ReadTransaction; readonly queue: WriteQueue<WriteTransaction> } | Error =
    new OfflineServerError(
      'STORE_NOT_OPEN',
      'expected an open store, got one without types; hand it to createOfflineSchema({ store }) first',
    );

  const opened = () => {
    if (state instanceof Error) throw state;
    return state;
  };
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

  return {
    async open(types) {
      if (!(state instanceof Error)) return checkSameModel(state.types, types);
      const tables = tablesOf(types);
      createMemoryEngine(() => ground, tables).beginEpoch(newId(), '0');
      const queue = createTransactions(createMemoryEngine(top, tables), control, {
        newId,
        groupSize: 1,
        turn: () => Promise.resolve(),
        announce: (commit) => {
          // In a task of its own: a listener that throws is not the writer's failure.
          for (const listener of listeners) queueMicrotask(() => listener(commit));
        },
      });
      state = {
        types,
        queue,
        reads: readsOf(
          createMemoryEngine(() => ground, tables),
          () => undefined,
        ),
      };
    },
    async ready() {
      opened();
    },
    get types() {
      return opened().types;
    },
    epoch,
    get reads() {
      return opened().reads;
    },
    write: async (run) => opened().queue.write(run),
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      if (state instanceof Error) return;
      const { queue } = state;
      state = new OfflineServerError('STORE_CLOSED', 'expected an open store, got one that was closed');
      await queue.idle();
    },
  };
}
