import { once } from 'node:events';
import { createServer, connect as dial, type Socket } from 'node:net';

export interface PostgresProxy {
  /** The same database, by way of the proxy. */
  readonly url: string;
  /** The next COMMIT reaches the server, and its answer nobody: the connection is cut. Resolves when that has happened. */
  loseNextCommit(): Promise<void>;
  /** Cuts every connection. */
  cut(): void;
  /** Refuses new connections, or takes them again. */
  refuse(refusing: boolean): void;
  /** Whoever says goodbye from now on is told that the server is going down: so it looks when both go at one time. Resolves when it happened. */
  answerGoodbye(): Promise<void>;
  close(): Promise<void>;
}

/** FATAL 57P01, as PostgreSQL ends the connections that it finds. */
const GOING_DOWN = ((fields: string): Buffer => {
  const head = Buffer.from('E\0\0\0\0');
  head.writeInt32BE(4 + Buffer.byteLength(fields), 1);
  return Buffer.concat([head, Buffer.from(fields)]);
})('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0');

/** Stands between a store and PostgreSQL and fails as networks do. */
export async function startPostgresProxy(url: string): Promise<PostgresProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let refusing = false;
  let losing: (() => void) | null = null;
  let answering: (() => void) | null = null;

  const server = createServer((client) => {
    if (refusing) return void client.destroy();
    const upstream = dial(Number(target.port), target.hostname);
    let swallowing: (() => void) | null = null;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        if (answering === null) client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      // A simple query: its type, its length, its text to the end. (Not the beginning of a transaction that reads what is `committed`.)
      if (losing !== null && chunk[0] === 0x51 && chunk.includes('commit\0')) {
        swallowing = losing;
        losing = null;
      }
      if (answering !== null && chunk.length === 5 && chunk[0] === 0x58) {
        client.end(GOING_DOWN);
        upstream.destroy();
        return answering();
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      if (swallowing === null) return void client.write(chunk);
      client.destroy();
      swallowing();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(url);
  through.port = String((server.address() as { readonly port: number }).port);
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: through.href,
    loseNextCommit: () =>
      new Promise((resolve) => {
        losing = resolve;
      }),
    answerGoodbye: () =>
      new Promise((resolve) => {
        answering = resolve;
      }),
    cut,
    refuse(value) {
      refusing = value;
      if (value) cut();
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
