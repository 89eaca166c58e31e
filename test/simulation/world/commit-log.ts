import { AsyncLocalStorage } from 'node:async_hooks';
import type { Row, Store, StoredRow, WriteTransaction } from '../../../server/index.ts';
import { assignedId } from './tickets.ts';

/** One write, or another request, as it reached the server. */
export interface Delivery {
  readonly number: number;
  readonly device: string;
  readonly tab: string;
  /** Who the server took the sender for. */
  readonly user: string | null;
  readonly operation: string;
  /** Whose ticket it carries. */
  readonly ticket: string | null;
  /** All tickets that have become this one write, its own the last; absent: it is one by itself. */
  readonly tickets?: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
  /** `null`: a request without identity. */
  readonly identity: {
    readonly clientId: string;
    readonly mutationId: number;
    readonly key: string;
    readonly base: Readonly<Record<string, unknown>> | null;
    /** Fencing token. */
    readonly lease: number | null;
  } | null;
  /** Who acknowledges, whether or not it brings a write. */
  readonly clientId: string | null;
  readonly acked: number;
  readonly retired: readonly string[];
}

/** One entity in one commit. */
export interface Put {
  readonly entity: string;
  /** As the commits before left it; tombstones included. */
  readonly before: Row | null;
  readonly after: Row;
}

export interface Commit {
  /** Position in the log, from 0. */
  readonly index: number;
  /** `null`: the server's own doing. */
  readonly delivery: number | null;
  readonly ticket: string | null;
  readonly puts: readonly Put[];
  /** Answers that were kept with it, as `clientId mutationId`. */
  readonly results: readonly string[];
}

/** What the server has committed, noted at the door of its store and not by its own change log. */
export interface CommitLog {
  readonly commits: readonly Commit[];
  /** The row of each entity after the last commit, tombstones included. */
  readonly rows: ReadonlyMap<string, Row>;
  /** Runs the handling of a request, so that what it commits is known to be the work of what it brought. */
  during<T>(deliveries: readonly Delivery[], run: () => Promise<T>): Promise<T>;
  /** The store, seen through. */
  watch(store: Store): Store;
  /** The deliveries whose work is running. */
  current(): readonly Delivery[];
  /** Everything committed from `count` on never was: the database was restored from a backup made then. */
  truncate(count: number): void;
}

interface Draft {
  readonly puts: StoredRow['row'][];
  readonly results: string[];
}

export function createCommitLog(onCommit: (commit: Commit) => void): CommitLog {
  const working = new AsyncLocalStorage<readonly Delivery[]>();
  let underWay = 0;
  const commits: Commit[] = [];
  const rows = new Map<string, Row>();

  /** What came together is committed together; in the log each has its own line. */
  function append(deliveries: readonly Delivery[], draft: Draft): void {
    const of = (delivery: Delivery | null, isFirst: boolean): Draft => ({
      puts: draft.puts.filter(
        (row) => (isFirst && !deliveries.some((other) => names(other, row.id))) || (delivery && names(delivery, row.id)),
      ),
      results: draft.results.filter((result) => {
        const known = deliveries.some((other) => identityOf(other) === result);
        return known ? delivery !== null && identityOf(delivery) === result : isFirst;
      }),
    });
    if (deliveries.length < 2) commit(deliveries[0] ?? null, draft);
    else for (const [index, delivery] of deliveries.entries()) commit(delivery, of(delivery, index === 0));
  }

  function commit(delivery: Delivery | null, draft: Draft): void {
    const puts: Put[] = [];
    for (const after of draft.puts) {
      const entity = `${after.__typename}:${after.id}`;
      puts.push({ entity, before: rows.get(entity) ?? null, after });
      rows.set(entity, after);
    }
    if (puts.length === 0 && draft.results.length === 0) return;
    const line = {
      index: commits.length,
      delivery: delivery?.number ?? null,
      ticket: delivery?.ticket ?? null,
      puts,
      results: draft.results,
    };
    commits.push(line);
    onCommit(line);
  }

  /** A transaction that notes what it writes; a part that is undone takes its notes with it. */
  function noting(transaction: WriteTransaction, draft: Draft): WriteTransaction {
    return Object.create(transaction, {
      put: {
        value: async (typename: string, stored: StoredRow, past?: Row) => {
          await (past === undefined ? transaction.put(typename, stored) : transaction.put(typename, stored, past));
          draft.puts.push(stored.row);
        },
      },
      saveResult: {
        value: async (...args: Parameters<WriteTransaction['saveResult']>) => {
          await transaction.saveResult(...args);
          draft.results.push(`${args[0].clientId} ${args[0].mutationId}`);
        },
      },
      saveResults: {
        value: async (results: Parameters<WriteTransaction['saveResults']>[0]) => {
          await transaction.saveResults(results);
          for (const [{ clientId, mutationId }] of results) draft.results.push(`${clientId} ${mutationId}`);
        },
      },
      savepoint: {
        value: async <T>(run: (part: WriteTransaction) => Promise<T>): Promise<T> => {
          const part: Draft = { puts: [], results: [] };
          const value = await transaction.savepoint((inner) => run(noting(inner, part)));
          draft.puts.push(...part.puts);
          draft.results.push(...part.results);
          return value;
        },
      },
    }) as WriteTransaction;
  }

  return {
    commits,
    rows,
    async during(deliveries, run) {
      underWay++;
      try {
        return await working.run(deliveries, run);
      } finally {
        // While it follows what is asynchronous every promise costs more, those of the clients too: a seventh of a life.
        if (--underWay === 0) working.disable();
      }
    },
    current: () => working.getStore() ?? [],
    watch: (store) =>
      wrapStore(store, {
        async write(run) {
          const deliveries = working.getStore() ?? [];
          let draft: Draft = { puts: [], results: [] };
          const value = await store.write((transaction) => {
            // After a deadlock it is run again, and nothing of the first time stands.
            draft = { puts: [], results: [] };
            return run(noting(transaction, draft));
          });
          append(deliveries, draft);
          return value;
        },
      }),
    truncate(count) {
      for (const { puts } of commits.splice(count).reverse()) {
        for (const { entity, before } of [...puts].reverse()) {
          if (before === null) rows.delete(entity);
          else rows.set(entity, before);
        }
      }
    },
  };
}

/** Whether a write is about an entity: those that travel together are never about the same one. */
function names({ variables }: Delivery, id: unknown): boolean {
  const { input, a, b, ref } = variables as Readonly<Record<'input' | 'a' | 'b' | 'ref', unknown>>;
  const named = [(input as { readonly id?: unknown } | undefined)?.id, a, b];
  return named.includes(id) || (typeof ref === 'string' && id === assignedId(ref));
}

function identityOf({ identity }: Delivery): string | null {
  return identity && `${identity.clientId} ${identity.mutationId}`;
}

/** A store with some members replaced; getters are asked each time, because some only answer once it is open. */
export function wrapStore(store: Store, members: Partial<Store>): Store {
  return new Proxy(store, {
    get(target, name) {
      const own = (members as Record<string | symbol, unknown>)[name];
      if (own !== undefined) return own;
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
