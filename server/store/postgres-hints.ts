import { notify } from '../notify.ts';
import type { Connection, Connections } from './postgres-connection.ts';
import { isSettled } from './postgres-history.ts';
import { quote } from './postgres-tables.ts';
import type { Commit, Position } from './store.ts';
import type { OnStoreEvent } from './store-event.ts';

export interface PostgresHintsOptions {
  readonly connections: Connections;
  /** Names the tables that the commits are about: processes on the same ones hear each other. */
  readonly channel: string;
  head(connection: Connection): Promise<Position>;
  /** The types of what was changed after a position. */
  changedAfter(connection: Connection, position: string): Promise<ReadonlySet<string>>;
  announce(commit: Commit): void;
  /** A connection was made anew: the server at its end may be another one. `known`: how far it had come when it was last asked. */
  reconnected(connection: Connection, known: Position['position']): Promise<void>;
  readonly onEvent: OnStoreEvent;
  readonly typenames: readonly string[];
  /** How often other programs' writes are looked for while somebody listens, in milliseconds; 0: never. */
  readonly watchIntervalMs: number;
}

export interface PostgresHints {
  /** Tells every process, this one included. May be lost with the process. */
  tell(xid: string, typenames: ReadonlySet<string>): void;
  /** Whether anybody listens. */
  watch(isWatched: boolean): void;
  close(): Promise<void>;
}

/** How often the connection is tried when nobody says anything: one that died without a word is noticed, and so is a lost notice. */
const HEARTBEAT_MS = 15_000;
/** A commit can be read once no older transaction runs any more. Usually that is at once. */
const SETTLE_MS = { first: 5, most: 500 } as const;
const RECONNECT_MS = { first: 50, most: 2000 } as const;
/** PostgreSQL refuses notices of 8000 bytes. */
const MAX_NOTICE = 7500;

/**
 * Hears of commits of all processes by LISTEN, and announces them when they can be read: while an older transaction runs, a reader is
 * shown nothing of them, and a hint would send it to find nothing. Notices go out after the commit and together, since NOTIFY inside a
 * transaction would make all commits of the database wait for each other. Other programs' writes to mapped tables have nobody to do that
 * for them, so they are looked for.
 */
export async function createPostgresHints(options: PostgresHintsOptions): Promise<PostgresHints> {
  const { connections, channel, head, changedAfter, announce, reconnected, onEvent, typenames: known, watchIntervalMs } = options;
  const outgoing: { xid: string; typenames: Set<string> } = { xid: '0', typenames: new Set() };
  const incoming: { xid: string; typenames: Set<string> } = { xid: '0', typenames: new Set() };
  let connection: Connection | null = null;
  let announced = '';
  let closed = false;
  let sending: Promise<void> | null = null;
  let settling: Promise<void> | null = null;
  let reviving: Promise<void> | null = null;
  const timers = new Set<() => void>();

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        timers.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, ms);
      timers.add(finish);
    });

  const note = (to: { xid: string; typenames: Set<string> }, xid: string, typenames: Iterable<string>): void => {
    if (BigInt(xid) > BigInt(to.xid)) to.xid = xid;
    for (const typename of typenames) to.typenames.add(typename);
  };
  const take = (from: { typenames: Set<string> }): ReadonlySet<string> => {
    const typenames = from.typenames;
    from.typenames = new Set();
    return typenames;
  };

  const settle = async (): Promise<void> => {
    for (let delay: number = SETTLE_MS.first; incoming.typenames.size > 0 && !closed; ) {
      if (connection === null) return;
      if (await isSettled(connection, incoming.xid)) {
        const typenames = take(incoming);
        const position = await head(connection);
        // Unless it was found by looking already.
        if (position.position !== announced) announce({ position, typenames });
        announced = position.position;
        continue;
      }
      await pause(delay);
      delay = Math.min(SETTLE_MS.most, delay * 2);
    }
  };
  const startSettling = (): void => {
    settling ??= settle()
      .catch(() => undefined)
      .finally(() => {
        settling = null;
      });
  };

  const send = async (): Promise<void> => {
    while (outgoing.typenames.size > 0 && connection !== null && !closed) {
      const typenames = [...take(outgoing)];
      const notice = JSON.stringify([outgoing.xid, typenames]);
      const short = Buffer.byteLength(notice) < MAX_NOTICE ? notice : JSON.stringify([outgoing.xid, null]);
      try {
        await connection.rows('select pg_notify($1, $2)', [channel, short], true);
      } catch {
        note(outgoing, outgoing.xid, typenames);
        return;
      }
    }
  };
  const startSending = (): void => {
    sending ??= send().finally(() => {
      sending = null;
    });
  };

  const heard = (payload: string): void => {
    const [xid, typenames] = JSON.parse(payload) as [string, readonly string[] | null];
    note(incoming, xid, typenames ?? known);
    startSettling();
  };

  /** Of one outage that is told once, however often it is tried to be ended. */
  let lostAt: number | null = null;
  const lost = (): void => {
    if (lostAt !== null) return;
    lostAt = performance.now();
    notify(onEvent, { code: 'CONNECTION_LOST', message: 'the database does not answer any more; it is tried again until it does' });
  };
  const restored = (): void => {
    if (lostAt === null) return;
    const afterMs = Math.round(performance.now() - lostAt);
    lostAt = null;
    notify(onEvent, { code: 'CONNECTION_RESTORED', message: `the database answers again, after ${afterMs} ms`, afterMs });
  };

  const listen = async (): Promise<void> => {
    const opened = await connections.open();
    try {
      await reconnected(opened, announced);
      opened.onNotice(heard);
      opened.onLost(() => {
        if (connection === opened) connection = null;
        opened.release();
        if (closed) return;
        lost();
        revive();
      });
      // A notice that is lost with the server is made up for by the next one.
      await opened.run(`set synchronous_commit = off; listen ${quote(channel)}`);
      connection = opened;
    } catch (error) {
      opened.release();
      throw error;
    }
  };
  const revive = (): void => {
    reviving ??= (async () => {
      for (let delay: number = RECONNECT_MS.first; !closed; delay = Math.min(RECONNECT_MS.most, delay * 2)) {
        try {
          await listen();
          restored();
          // Whatever was said meanwhile was not heard.
          await beat();
          startSending();
          startSettling();
          return;
        } catch {
          await pause(delay);
        }
      }
    })().finally(() => {
      reviving = null;
      if (connection === null && !closed) revive();
    });
  };

  /** Announces what nobody told. */
  const beat = async (): Promise<void> => {
    if (connection === null) return;
    const position = await head(connection);
    if (position.position === announced || settling !== null) return;
    const typenames = await changedAfter(connection, announced);
    announced = position.position;
    // Of another life, or of tombstones that were collected, the log says nothing.
    announce({ position, typenames: typenames.size > 0 ? typenames : new Set(known) });
  };
  let beating = false;
  const startBeating = (): void => {
    beating = true;
    void beat()
      .catch(() => undefined)
      .finally(() => {
        beating = false;
      });
  };
  const heartbeat = setInterval(() => {
    // The one before was not answered: nobody is there.
    if (beating) connection?.discard();
    else startBeating();
  }, HEARTBEAT_MS);
  heartbeat.unref();
  let looking: ReturnType<typeof setInterval> | undefined;

  await listen();
  if (connection !== null) announced = (await head(connection as Connection)).position;
  return {
    tell(xid, typenames) {
      note(outgoing, xid, typenames);
      startSending();
    },
    watch(isWatched) {
      clearInterval(looking);
      if (!isWatched || watchIntervalMs === 0) return;
      looking = setInterval(() => {
        if (!beating) startBeating();
      }, watchIntervalMs);
      looking.unref();
    },
    async close() {
      await sending;
      closed = true;
      clearInterval(heartbeat);
      clearInterval(looking);
      for (const finish of timers) finish();
      await settling;
      await reviving;
      const last = connection as Connection | null;
      connection = null;
      last?.discard();
    },
  };
}
