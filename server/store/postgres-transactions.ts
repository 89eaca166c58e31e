import { setTimeout as wait } from 'node:timers/promises';
import { OfflineServerError } from '../errors.ts';
import type { Awaitable } from '../steps.ts';
import { Handle, type HandleOptions } from './handle.ts';
import type { Connection, Connections } from './postgres-connection.ts';
import type { PostgresModel } from './postgres-engine.ts';
import { isContention, isLost } from './postgres-errors.ts';
import { createExpected } from './postgres-expected.ts';
import { createPostgresNative } from './postgres-native.ts';
import { noProgress, type Progress } from './postgres-progress.ts';
import type { WriteTransaction } from './store.ts';

export interface PostgresTransactionsOptions {
  readonly connections: Connections;
  readonly model: PostgresModel;
  /** Most transactions at a time: one that reads beside its own must find a connection too. */
  readonly writers: number;
  readonly retryForMs: number;
  /** After a commit that changed entities. */
  committed(xid: string, typenames: ReadonlySet<string>): void;
  /** A try was undone, and another one follows. */
  retried(round: number, because: unknown): void;
}

/** How one try at a transaction ended, if not with an error that is for its caller. */
type Ending<T> =
  | { readonly as: 'committed'; readonly value: T; readonly progress: Progress }
  /** Nothing of it stayed. */
  | { readonly as: 'undone'; readonly because: unknown }
  /** The connection went while the commit was under way. */
  | { readonly as: 'unknown'; readonly value: T; readonly progress: Progress; readonly incarnation: string; readonly because: unknown };

/** What others would wait for in vain is given up: a process that stands still, a lock that is not released. */
const BEGIN = `begin isolation level read committed; set local lock_timeout = '4s'; set local idle_in_transaction_session_timeout = '60s'`;

/** Transactions on connections of their own, run again when the database undid them for no fault of theirs. */
export function createPostgresTransactions({ connections, model, writers, retryForMs, committed, retried }: PostgresTransactionsOptions) {
  let running = 0;
  const waiting: (() => void)[] = [];

  const open = async (deadline: number): Promise<Connection> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await connections.open();
      } catch (error) {
        if (!isLost(error) || performance.now() > deadline) throw error;
        await pause(attempt);
      }
    }
  };

  const attempt = async <T>(connection: Connection, run: (transaction: WriteTransaction) => Awaitable<T>): Promise<Ending<T>> => {
    const progress = noProgress();
    const watched = watch(connection, progress);
    const { work, expect, forget } = createExpected(model, watched, model.work(watched, progress));
    let depth = 0;
    let usesSql = false;
    let joined = 0;

    const part = async <R>(body: (handle: WriteTransaction) => Awaitable<R>, outer: Handle): Promise<R> => {
      const level = depth;
      const handle = new Handle(handles, outer);
      if (level === 0) beginUnit();
      forget();
      await watched.run(`savepoint s${level}`);
      depth += 1;
      const [result] = await Promise.allSettled([(async () => body(handle))()]);
      handle.close();
      outer.check();
      depth = level;
      if (level === 0) beginUnit();
      if (level === 0 && joined > 0) await watched.run(`set local farside.unit = ''`).catch(() => undefined);
      if (result.status === 'fulfilled') {
        await watched.run(`release s${level}`);
        return result.value;
      }
      if (!connection.lost) await connection.run(`rollback to s${level}; release s${level}`);
      throw result.reason;
    };
    const native = (guard: () => void): unknown => {
      usesSql = true;
      forget();
      if (model.isMapped) {
        joined += 1;
        // Numbers of changes are above zero.
        progress.unit ??= -joined;
        // Before any statement of the handle: they run in the order of calls. One that fails fails them too.
        watched.run(`set local farside.unit = '${progress.unit}'`).catch(() => undefined);
      }
      return createPostgresNative(watched, guard);
    };
    const beginUnit = (): void => {
      progress.unit = null;
    };
    const handles: HandleOptions = { work, part, beginUnit, native, expect };

    await connection.run(BEGIN);
    const handle = new Handle(handles, null);
    const [result] = await Promise.allSettled([(async () => run(handle))()]);
    handle.close();
    if (progress.doom !== null) {
      if (!connection.lost) await connection.run('rollback');
      return { as: 'undone', because: progress.doom };
    }
    if (result.status === 'rejected') {
      await connection.run('rollback');
      throw result.reason;
    }
    // SQL of the application's own does not tell whether it wrote.
    if (usesSql && progress.xid === null)
      progress.xid =
        (await connection.rows<{ xid: string | null }>('select pg_current_xact_id_if_assigned()::text as xid'))[0]?.xid ?? null;
    try {
      const [tag] = await connection.run('commit');
      if (tag !== 'COMMIT') throw new Error('a statement had failed and its failure was passed over: nothing was committed');
    } catch (error) {
      if (connection.lost) {
        if (progress.xid === null) return { as: 'undone', because: error };
        return { as: 'unknown', value: result.value, progress, incarnation: connection.incarnation, because: error };
      }
      if (isContention(error)) return { as: 'undone', because: error };
      throw error;
    }
    return { as: 'committed', value: result.value, progress };
  };

  /** Whether a transaction whose commit was not answered was committed. */
  const wasCommitted = async (xid: string, incarnation: string, because: unknown, deadline: number): Promise<boolean> => {
    const unknown = new OfflineServerError(
      'STORE_COMMIT_UNKNOWN',
      'expected to learn how a commit ended whose answer was lost, but the server that knew is gone; a repeat under the same id tells',
      { cause: because },
    );
    for (let round = 1; ; round += 1) {
      const connection = await open(deadline).catch(() => null);
      if (connection === null) throw unknown;
      try {
        // A promoted standby may give the same id to somebody else's transaction.
        if (connection.incarnation !== incarnation) throw unknown;
        const [row] = await connection.rows<{ status: string | null }>('select pg_xact_status($1::text::xid8) as status', [xid]);
        if (row?.status === 'committed') return true;
        if (row?.status === 'aborted') return false;
        if (row?.status !== 'in progress' || performance.now() > deadline) throw unknown;
      } catch (error) {
        if (!connection.lost || performance.now() > deadline) throw error;
      } finally {
        connection.release();
      }
      await pause(round);
    }
  };

  const write = async <T>(run: (transaction: WriteTransaction) => Awaitable<T>): Promise<T> => {
    const deadline = performance.now() + retryForMs;
    for (let round = 1; ; round += 1) {
      const connection = await open(deadline);
      let ending: Ending<T>;
      try {
        ending = await attempt(connection, run);
      } catch (error) {
        if (!connection.lost && !isContention(error)) throw error;
        ending = { as: 'undone', because: error };
      } finally {
        connection.release();
      }
      if (
        ending.as === 'committed' ||
        (ending.as === 'unknown' && (await wasCommitted(ending.progress.xid ?? '', ending.incarnation, ending.because, deadline)))
      ) {
        const { xid, typenames } = ending.progress;
        if (xid !== null && typenames.size > 0) committed(xid, typenames);
        return ending.value;
      }
      if (performance.now() > deadline) throw ending.because;
      retried(round, ending.because);
      await pause(round);
    }
  };

  return {
    async write<T>(run: (transaction: WriteTransaction) => Awaitable<T>): Promise<T> {
      if (running >= writers) await new Promise<void>((resolve) => waiting.push(resolve));
      else running += 1;
      try {
        return await write(run);
      } finally {
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}

/**
 * Resolvers may pass over a failure of the database's. When it undid the transaction, or two met, that is not theirs to pass over:
 * the first such failure dooms the try.
 */
function watch(connection: Connection, progress: Progress): Connection {
  const watching = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (connection.lost || isContention(error)) progress.doom ??= error;
      throw error;
    }
  };
  return {
    rows: (text, values, prepare) => watching(connection.rows(text, values, prepare)),
    query: (text, values) => watching(connection.query(text, values)),
    run: (text) => watching(connection.run(text)),
    incarnation: connection.incarnation,
    get lost() {
      return connection.lost;
    },
    onNotice: connection.onNotice,
    onLost: connection.onLost,
    release: connection.release,
    discard: connection.discard,
  };
}

/** Longer from try to try, and never the same for two that met. */
export const pause = (round: number): Promise<void> => wait(Math.random() * Math.min(250, 5 * 2 ** round));
