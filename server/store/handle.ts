import { OfflineServerError } from '../errors.ts';
import type { Awaitable } from '../steps.ts';
import type { Engine, LeaseEngine } from './engine.ts';
import type { ReadTransaction, Row, RowLock, WriteTransaction } from './store.ts';

/** An engine's methods, answered at once or later. */
export type Work = {
  readonly [Name in Exclude<keyof Engine, 'beginEpoch' | 'beginUnit'>]: (
    ...args: Parameters<Engine[Name]>
  ) => Awaitable<ReturnType<Engine[Name]>>;
};

type ReadWork = Pick<Work, keyof ReadTransaction>;
/** Arguments of an engine's method. */
type Of<Name extends keyof Work> = Parameters<Work[Name]>;

export interface HandleOptions {
  readonly work: Work;
  /** Runs a part in a savepoint, on a handle within `outer`. */
  part<T>(run: (handle: WriteTransaction) => Awaitable<T>, outer: Handle): Awaitable<T>;
  /** What is put from here on is seen together, and apart from what was put before. */
  beginUnit(): void;
  /** See {@link WriteTransaction.expect}. Absent: the engine has nothing to gain. */
  expect?(entities: readonly Pick<Row, '__typename' | 'id'>[]): Awaitable<void>;
  /** The engine's own handle for resolvers; `guard` throws once the handle that asked for it is closed. */
  native(guard: () => void): unknown;
}

export function readsOf(work: ReadWork): ReadTransaction {
  return {
    get: async (typename, id) => work.get(typename, id),
    list: async (typename, query) => work.list(typename, query),
    count: async (typename, filter) => work.count(typename, filter),
    changes: async (query) => work.changes(query),
    pasts: async (entities, after) => work.pasts(entities, after),
    head: async () => work.head(),
    statistics: async () => work.statistics(),
    versionFloor: async (typename) => work.versionFloor(typename),
  };
}

/**
 * What a part of a transaction works on, until it is closed: work that outlives its part cannot touch what comes after. A class, because
 * every write makes one or two: methods that all of them share cost nothing to make.
 */
export class Handle implements WriteTransaction {
  readonly options: HandleOptions;
  readonly outer: Handle | null;
  private isOpen = true;
  private handedOut: unknown;

  /** `outer`: the part around this one. */
  constructor(options: HandleOptions, outer: Handle | null) {
    this.options = options;
    this.outer = outer;
  }

  /** Throws once this part, or one around it, has ended. */
  check(): void {
    for (let handle: Handle | null = this; handle !== null; handle = handle.outer)
      if (!handle.isOpen)
        throw new OfflineServerError(
          'TRANSACTION_CLOSED',
          'expected work inside the mutation field, got work after its end; await everything before the resolver returns',
        );
  }

  close(): void {
    this.isOpen = false;
  }

  /** The engine, while this part is open. */
  private get work(): Work {
    this.check();
    return this.options.work;
  }

  get(typename: string, id: string, lock: RowLock = 'update') {
    return this.work.get(typename, id, lock);
  }
  list(...args: Of<'list'>) {
    return this.work.list(...args);
  }
  count(...args: Of<'count'>) {
    return this.work.count(...args);
  }
  changes(...args: Of<'changes'>) {
    return this.work.changes(...args);
  }
  pasts(...args: Of<'pasts'>) {
    return this.work.pasts(...args);
  }
  head() {
    return this.work.head();
  }
  versionFloor(typename: string) {
    return this.work.versionFloor(typename);
  }
  statistics() {
    return this.work.statistics();
  }
  put(...args: Of<'put'>) {
    return this.work.put(...args);
  }
  get expects(): boolean {
    return this.options.expect !== undefined;
  }
  expect(entities: readonly Pick<Row, '__typename' | 'id'>[]): Awaitable<void> {
    this.check();
    return this.options.expect?.(entities);
  }
  async savepoint<T>(run: (part: WriteTransaction) => Awaitable<T>): Promise<T> {
    this.check();
    return this.options.part(run, this);
  }
  beginUnit(): void {
    this.check();
    this.options.beginUnit();
  }
  findResult(...args: Of<'findResult'>) {
    return this.work.findResult(...args);
  }
  hasResults(...args: Of<'hasResults'>) {
    return this.work.hasResults(...args);
  }
  saveResult(...args: Of<'saveResult'>) {
    return this.work.saveResult(...args);
  }
  saveResults(...args: Of<'saveResults'>) {
    return this.work.saveResults(...args);
  }
  acknowledge(...args: Of<'acknowledge'>) {
    return this.work.acknowledge(...args);
  }
  countResults(...args: Of<'countResults'>) {
    return this.work.countResults(...args);
  }
  retire(...args: Of<'retire'>) {
    return this.work.retire(...args);
  }
  collectTombstones(before: string) {
    return this.work.collectTombstones(before);
  }
  findLease(...args: Parameters<LeaseEngine['findLease']>) {
    return this.work.findLease(...args);
  }
  grantLease(...args: Of<'grantLease'>) {
    return this.work.grantLease(...args);
  }
  extendLease(...args: Of<'extendLease'>) {
    return this.work.extendLease(...args);
  }
  endLease(token: number) {
    return this.work.endLease(token);
  }
  countLeases(...args: Of<'countLeases'>) {
    return this.work.countLeases(...args);
  }
  collectLeases(before: number) {
    return this.work.collectLeases(before);
  }
  get native(): unknown {
    this.handedOut ??= this.options.native(() => this.check());
    return this.handedOut;
  }
}
