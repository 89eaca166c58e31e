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
  close(): Promise<void>;
}

/** Stands between a store and PostgreSQL and fails as networks do. */
export async function startPostgresProxy(url: string): Promise<PostgresProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let refusing = false;
  let losing: (() => void) | null = null;

  const server = createServer((client) => {
    if (refusing) return void client.destroy();
    const upstream = dial(Number(target.port), target.hostname);
    let swallowing: (() => void) | null = null;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      // A simple query: its type, its length, its text to the end. (Not the beginning of a transaction that reads what is `committed`.)
      if (losing !== null && chunk[0] === 0x51 && chunk.includes('commit\0')) {
        swallowing = losing;
        losing = null;
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
