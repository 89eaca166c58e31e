import type { CustomTypesConfig, Pool, PoolClient, QueryResult } from 'pg';
import { ConnectionLost, isLost } from './postgres-errors.ts';

/** One connection, for one transaction or one read. Statements run one after another, in the order of calls. */
export interface Connection {
  /** `prepare`: for statements of which there are few. */
  rows<Row>(text: string, values?: readonly unknown[], prepare?: boolean): Promise<readonly Row[]>;
  /** For Kysely. */
  query(text: string, values: readonly unknown[]): Promise<QueryResult>;
  /** Several statements without parameters at once. Answers how each went: `BEGIN`, `COMMIT`, `ROLLBACK`, … */
  run(text: string): Promise<readonly string[]>;
  /** What history the server at its other end lives in: see {@link INCARNATION}. */
  readonly incarnation: string;
  readonly lost: boolean;
  /** What is heard on the channels that the connection listens on. */
  onNotice(listener: (payload: string) => void): void;
  onLost(listener: () => void): void;
  /** Back to the pool, or, when it was lost, out of it. */
  release(): void;
  /** Out of the pool. */
  discard(): void;
}

export interface Connections {
  /** @throws ConnectionLost or a refusal of the server. */
  open(): Promise<Connection>;
}

/**
 * A server that was promoted from a standby, or restored from a backup, has another timeline; one that a dump was loaded into, another
 * system or database. A server that merely was restarted has lost nothing.
 */
const INCARNATION = `
  select case when pg_is_in_recovery() then null else concat_ws(':',
    (select system_identifier from pg_control_system()),
    left(pg_walfile_name(pg_current_wal_lsn()), 8),
    (select oid from pg_database where datname = current_database())) end as incarnation`;

const INT8 = 20;
const JSONB = 3802;

type Parsers = (oid: number, format?: 'text' | 'binary') => unknown;

/** `parsers`: the driver's own, for the types that application tables have. */
export function createConnections(pool: Pool, parsers: Parsers): Connections {
  const incarnations = new WeakMap<PoolClient, string>();
  /** Counts and versions are numbers; JSON is read by whoever knows what is in it. */
  const types = {
    getTypeParser(oid: number, format?: 'text' | 'binary') {
      if (oid === INT8) return Number;
      return oid === JSONB ? (text: string) => text : parsers(oid, format);
    },
  } as CustomTypesConfig;

  return {
    async open() {
      const client = await pool.connect().catch((error: unknown) => {
        // A refusal of the server has a SQLSTATE. Anything else means that there was none to refuse.
        throw error instanceof Error && 'severity' in error ? error : new ConnectionLost(error);
      });
      let lost = false;
      let released = false;
      const watchers = new Set<() => void>();
      const onLost = (): void => {
        lost = true;
        for (const watcher of watchers) watcher();
        watchers.clear();
      };
      client.on('error', onLost);
      client.on('end', onLost);
      let tail: Promise<unknown> = Promise.resolve();
      const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
        const turn = tail.then(async () => {
          if (lost) throw new ConnectionLost(undefined);
          try {
            return await work();
          } catch (error) {
            // What the server says has a severity. The rest is said of the connection, or of a parameter that cannot be sent.
            const isItsOwn = error instanceof Error && ('severity' in error || error instanceof TypeError);
            if (lost || isLost(error) || !isItsOwn) {
              onLost();
              throw new ConnectionLost(error);
            }
            throw error;
          }
        });
        tail = turn.catch(() => undefined);
        return turn;
      };
      const release = (): void => {
        if (released) return;
        released = true;
        client.off('error', onLost);
        client.off('end', onLost);
        client.removeAllListeners('notification');
        client.release(lost);
      };
      const discard = (): void => {
        onLost();
        release();
      };
      const query = (text: string, values: readonly unknown[], name?: string): Promise<QueryResult> =>
        inTurn(() => client.query({ text, values: [...values], types, ...(name === undefined ? {} : { name }) }));
      try {
        const known = incarnations.get(client) ?? (await query(INCARNATION, [])).rows[0]?.incarnation;
        if (typeof known !== 'string') {
          lost = true;
          throw new ConnectionLost(new Error('the server is a standby, which takes no writes'));
        }
        incarnations.set(client, known);
        return {
          rows: async <Row>(text: string, values: readonly unknown[] = [], prepare = false) =>
            (await query(text, values, prepare ? nameOf(text) : undefined)).rows as Row[],
          query,
          run: (text) =>
            inTurn(async () => {
              const results = (await client.query(text)) as unknown as QueryResult | readonly QueryResult[];
              return [results].flat().map((result) => (result as QueryResult).command);
            }),
          incarnation: known,
          get lost() {
            return lost;
          },
          onNotice: (listener) => void client.on('notification', ({ payload }) => listener(payload ?? '')),
          onLost: (listener) => void watchers.add(listener),
          release,
          discard,
        };
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}

const names = new Map<string, string>();
function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = `farside_${names.size}`;
    names.set(text, name);
  }
  return name;
}
