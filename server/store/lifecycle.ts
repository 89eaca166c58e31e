import { OfflineServerError } from '../errors.ts';
import type { Awaitable } from '../steps.ts';
import type { Commit, ReadTransaction, Store, TypeModel, WriteTransaction } from './store.ts';
import { checkSameModel } from './tables.ts';

/** An engine at work on a database that is open. */
export interface OpenedStore {
  readonly epoch: string;
  readonly reads: ReadTransaction;
  write<T>(run: (transaction: WriteTransaction) => Awaitable<T>): Promise<T>;
  /** Whether anybody listens for commits: an engine that has to look for those of others looks meanwhile. */
  watch?(isWatched: boolean): void;
  /** Finishes what has begun, then lets go. */
  close(): Promise<void>;
}

export interface Lifecycle {
  /** Names the database in messages. Holds no secret. */
  readonly name: string;
  open(types: TypeModel, announce: (commit: Commit) => void): Promise<OpenedStore>;
  /** The engine's reasons in the words of someone who has to do something about them. */
  explain(error: unknown): Error;
}

type State =
  | { readonly at: 'opened'; readonly opened: OpenedStore }
  | { readonly at: 'opening'; readonly opened: Promise<OpenedStore> }
  | { readonly at: 'failed'; readonly failure: Error };

/** What every engine does alike around its life: opened once, asked meanwhile, closed once, each with the failure that fits. */
export function createStore({ name, open, explain }: Lifecycle): Store {
  const listeners = new Set<(commit: Commit) => void>();
  let model: TypeModel | null = null;
  let state: State = {
    at: 'failed',
    failure: new OfflineServerError(
      'STORE_NOT_OPEN',
      'expected an open store, got one without types; hand it to createOfflineSchema({ store }) first',
    ),
  };

  const announce = (commit: Commit): void => {
    // In a task of its own: a listener that throws is not the writer's failure.
    for (const listener of listeners) queueMicrotask(() => listener(commit));
  };
  const watch = (): void => {
    if (state.at === 'opened') state.opened.watch?.(listeners.size > 0);
  };
  /** Whoever asks while the database is being opened waits for it. */
  const opened = (): OpenedStore | Promise<OpenedStore> => {
    if (state.at === 'failed') throw state.failure;
    return state.opened;
  };
  const later: ReadTransaction = {
    get: async (typename, id) => (await opened()).reads.get(typename, id),
    list: async (typename, query) => (await opened()).reads.list(typename, query),
    count: async (typename, filter) => (await opened()).reads.count(typename, filter),
    changes: async (query) => (await opened()).reads.changes(query),
    pasts: async (entities, after) => (await opened()).reads.pasts(entities, after),
    head: async () => (await opened()).reads.head(),
    statistics: async () => (await opened()).reads.statistics(),
    versionFloor: async (typename) => (await opened()).reads.versionFloor(typename),
  };

  const begin = (types: TypeModel): Promise<OpenedStore> => {
    model = types;
    const opening = open(types, announce).then(
      (store) => {
        if (state.at === 'opening') state = { at: 'opened', opened: store };
        watch();
        return store;
      },
      (error: unknown) => {
        const failure = explain(error);
        if (state.at === 'opening') state = { at: 'failed', failure };
        throw failure;
      },
    );
    opening.catch(() => undefined);
    state = { at: 'opening', opened: opening };
    return opening;
  };

  return {
    async open(types) {
      if (model === null) await begin(types);
      else {
        checkSameModel(model, types);
        await opened();
      }
    },
    async ready() {
      await opened();
    },
    get types() {
      if (model === null || state.at === 'failed') throw (state as { readonly failure: Error }).failure;
      return model;
    },
    get epoch() {
      if (state.at === 'failed') throw state.failure;
      if (state.at === 'opening')
        throw new OfflineServerError(
          'STORE_NOT_OPEN',
          `${name}: expected an open store, got one that is being opened; await store.ready()`,
        );
      return state.opened.epoch;
    },
    get reads() {
      if (state.at === 'failed') throw state.failure;
      return state.at === 'opening' ? later : state.opened.reads;
    },
    write: async (run) => (state.at === 'opened' ? state.opened : await opened()).write(run),
    onCommit(listener) {
      listeners.add(listener);
      watch();
      return () => {
        listeners.delete(listener);
        watch();
      };
    },
    async close() {
      if (state.at === 'failed') return;
      const closing = state.opened;
      state = {
        at: 'failed',
        failure: new OfflineServerError('STORE_CLOSED', `${name}: expected an open store, got one that was closed`),
      };
      await (await Promise.resolve(closing).catch(() => null))?.close();
    },
  };
}
