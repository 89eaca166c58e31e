import pg from 'pg';
import { notify } from '../notify.ts';
import { readsOf, type Work } from './handle.ts';
import type { OpenedStore } from './lifecycle.ts';
import { changedTypes } from './postgres-changes.ts';
import { type Connection, type Connections, createConnections } from './postgres-connection.ts';
import { createPostgresModel } from './postgres-engine.ts';
import { isLost } from './postgres-errors.ts';
import { createPostgresHints } from './postgres-hints.ts';
import { settleHistory } from './postgres-history.ts';
import { migrate, postgresMigrationText } from './postgres-migrations.ts';
import type { checkPostgresOptions } from './postgres-options.ts';
import { type Place, parsePlace } from './postgres-position.ts';
import { noProgress } from './postgres-progress.ts';
import { ownTables } from './postgres-tables.ts';
import { createPostgresTransactions, pause } from './postgres-transactions.ts';
import type { Commit, TypeModel } from './store.ts';
import { reasonOf } from './store-event.ts';

export type PostgresSettings = ReturnType<typeof checkPostgresOptions> & { readonly newId: () => string };

/** How long one connection may take, and one statement: whoever is longer silent is gone. */
const SILENT_MS = { connect: 5000, statement: 60_000 } as const;
/** Kept for reads beside the transactions, and for the listener. */
const RESERVED = 3;

/**
 * A pool of connections, tables made or checked, and an ear for the commits of other processes. `explain`: what goes wrong with them, in
 * words that help.
 */
export async function openPostgres(
  settings: PostgresSettings,
  types: TypeModel,
  { announce, explain }: { readonly announce: (commit: Commit) => void; readonly explain: (error: unknown) => Error },
): Promise<OpenedStore> {
  const { connectionString, schema, retryForMs, onEvent, newId } = settings;
  const pool =
    settings.pool ??
    new pg.Pool({
      connectionString,
      max: settings.connections,
      connectionTimeoutMillis: SILENT_MS.connect,
      query_timeout: SILENT_MS.statement,
      keepAlive: true,
      application_name: 'farside',
    });
  pool.on('error', ignore);
  const connections = createConnections(pool, pg.types.getTypeParser);
  const own = ownTables(schema);
  const letGo = async (): Promise<void> => {
    // A pool of ours is still saying goodbye when it has ended: a server that goes at that moment must not take the process along.
    if (settings.pool === undefined) await pool.end();
    else pool.off('error', ignore);
  };

  try {
    let epoch = '';
    const settle = async (connection: Connection, starting: boolean, known: Place | null): Promise<void> => {
      const history = await settleHistory(connection, own, { newId, starting, known });
      epoch = history.epoch;
      const message = 'the database is another one, or was put back to an earlier time: every client begins anew';
      if (history.isNew) notify(onEvent, { code: 'EPOCH_CHANGED', message, epoch });
    };
    const retried =
      (what: 'read' | 'transaction') =>
      (round: number, because: unknown): void => {
        const reason = reasonOf(because);
        notify(onEvent, { code: 'RETRIED', message: `a ${what} is run again: ${reason}`, what, round, reason });
      };
    const model = await using(connections, async (connection) => {
      const tables = await migrate(connection, { schema, own, types, newId, mapped: settings.tables, allowed: settings.migrate });
      await settle(connection, true, null);
      return createPostgresModel(schema, tables);
    });
    const typenames = Object.keys(types);
    const headOf = (connection: Connection) => model.work(connection, noProgress()).head();
    const hints = await createPostgresHints({
      connections,
      channel: own.channel,
      typenames,
      announce,
      head: async (connection) => headOf(connection),
      changedAfter: (connection, position) => changedTypes(connection, own, position),
      watchIntervalMs: model.isMapped ? settings.watchIntervalMs : 0,
      reconnected: (connection, known) => settle(connection, false, parsePlace(known)),
      onEvent,
    });
    const writers = Math.max(1, (pool.options.max ?? settings.connections) - RESERVED);
    const transactions = createPostgresTransactions({
      connections,
      model,
      writers,
      retryForMs,
      committed: hints.tell,
      retried: retried('transaction'),
    });
    /** Reading again harms nobody. */
    const reading = async <T>(read: (work: Work, connection: Connection) => Promise<T> | T): Promise<T> => {
      const deadline = performance.now() + retryForMs;
      for (let round = 1; ; round += 1) {
        try {
          return await using(connections, async (connection) => read(model.work(connection, noProgress()), connection));
        } catch (error) {
          if (!isLost(error) || performance.now() > deadline) throw error;
          retried('read')(round, error);
          await pause(round);
        }
      }
    };
    const underWay = new Set<Promise<unknown>>();
    const following = <T>(work: Promise<T>): Promise<T> => {
      const explained = work.catch((error: unknown) => {
        throw isLost(error) ? explain(error) : error;
      });
      underWay.add(explained);
      explained.catch(() => undefined).finally(() => underWay.delete(explained));
      return explained;
    };
    return {
      get epoch() {
        return epoch;
      },
      reads: readsOf({
        get: (typename, id) => following(reading((work) => work.get(typename, id))),
        list: (typename, query) => following(reading((work) => work.list(typename, query))),
        count: (typename, filter) => following(reading((work) => work.count(typename, filter))),
        pasts: (entities, after) => following(reading((work) => work.pasts(entities, after))),
        head: () => following(reading((work) => work.head())),
        statistics: () => following(reading((work) => work.statistics())),
        versionFloor: (typename) => following(reading((work) => work.versionFloor(typename))),
        changes: (query) => following(reading((work, connection) => inSnapshot(connection, async () => work.changes(query)))),
      }),
      write: (run) => following(transactions.write(run)),
      watch: hints.watch,
      async close() {
        await Promise.allSettled(underWay);
        await hints.close();
        await letGo();
      },
    };
  } catch (error) {
    await letGo();
    throw error;
  }
}

/** A connection that dies in the pool is no failure: the next one is made when it is needed. */
const ignore = (): void => undefined;

/** Reads what is there, and what has to be run. */
export async function readMigrationSql(
  { connectionString, pool, schema, tables }: Omit<PostgresSettings, 'newId'>,
  types: TypeModel,
): Promise<string> {
  const used = pool ?? new pg.Pool({ connectionString, max: 1, connectionTimeoutMillis: SILENT_MS.connect });
  if (pool === undefined) used.on('error', ignore);
  try {
    const connections = createConnections(used, pg.types.getTypeParser);
    return await using(connections, (connection) => postgresMigrationText(connection, ownTables(schema), types, tables));
  } finally {
    if (pool === undefined) await used.end();
  }
}

/** A page of changes needs several statements, and one snapshot. */
async function inSnapshot<T>(connection: Connection, read: () => Promise<T>): Promise<T> {
  await connection.run('begin isolation level repeatable read read only');
  try {
    return await read();
  } finally {
    if (!connection.lost) await connection.run('commit');
  }
}

async function using<T>(connections: Connections, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connections.open();
  try {
    return await work(connection);
  } finally {
    connection.release();
  }
}
