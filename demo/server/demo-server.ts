import { mkdirSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { postgresStore, type Store, type StoreEvent, sqliteStore } from 'farside/server';
import { createAuth } from './auth.ts';
import { buildIfStale, DIST } from './build.ts';
import type { DemoConfig } from './config.ts';
import { createGraphql } from './graphql.ts';
import { SECURITY_HEADERS, sendJson, sendRefusal } from './http.ts';
import { StartProblem } from './problem.ts';
import { seedIfEmpty } from './seed.ts';
import { postgresSessionTable, sqliteSessionTable } from './session-table.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createStaticFiles } from './static-files.ts';
import { createUsers } from './users.ts';

export interface DemoServer {
  readonly url: string;
  /** Ends live streams, lets requests under way finish, and closes the databases. */
  stop(): Promise<void>;
}

type Handler = (pathname: string, request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A database that is silent for longer is none to send requests to. */
const READINESS_MS = 2000;
/** How long requests under way may take to finish when the server stops. */
const GRACE_MS = 2000;

/** @throws StartProblem, with one line that says what to do. */
export async function startDemoServer(config: DemoConfig, say: (line: string) => void): Promise<DemoServer> {
  // The port first: whoever has another copy running should not wait for a build to learn it.
  let handle: Handler = (pathname, _request, response) =>
    pathname === '/healthz'
      ? sendJson(response, 200, { status: 'ok' })
      : sendJson(response, 503, { error: { code: 'STARTING', message: 'The demo is starting.' } }, { 'retry-after': '2' });
  const server = createServer((request, response) => void answer(handle, request, response));
  const streams = new Set<ServerResponse>();
  let stopping = false;
  server.on('request', (_request, response: ServerResponse) => {
    streams.add(response);
    response.on('close', () => streams.delete(response));
  });
  await listen(server, config);

  try {
    const { store, sessions } = openData(config);
    const auth = createAuth({ users: await createUsers(), sessions, now: Date.now });
    const graphql = createGraphql({ store, auth });
    await store.ready();
    await seedIfEmpty(store);
    await buildIfStale(say);
    const files = createStaticFiles(DIST);

    handle = (pathname, request, response) => {
      if (pathname === '/healthz') return sendJson(response, 200, { status: 'ok' });
      if (pathname === '/readyz') return sendReadiness(response, stopping ? null : store);
      if (pathname === '/graphql') return graphql(request, response);
      if (pathname.startsWith('/auth/')) return auth.handle(pathname, request, response);
      return files(pathname, request, response);
    };

    return {
      url: `http://${config.host}:${(server.address() as AddressInfo).port}`,
      async stop() {
        // Whoever hands requests out sees this first, and sends them elsewhere.
        stopping = true;
        await wait(config.drainMs);
        await close(server, streams);
        await sessions.close();
        await store.close();
      },
    };
  } catch (error) {
    server.close();
    throw asStartProblem(error, config);
  }
}

/** Whether requests are welcome: not while stopping, nor while the database does not answer. */
async function sendReadiness(response: ServerResponse, store: Store | null): Promise<void> {
  const answers = async (): Promise<boolean> => (await store?.reads.head()) !== undefined;
  const isReady = await Promise.race([answers().catch(() => false), wait(READINESS_MS, false, { ref: false })]);
  sendJson(response, isReady ? 200 : 503, { status: isReady ? 'ready' : 'unavailable' });
}

async function answer(handle: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  try {
    await handle(new URL(request.url ?? '/', 'http://localhost').pathname, request, response);
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    if (error instanceof TypeError && 'code' in error && error.code === 'ERR_INVALID_URL')
      return sendRefusal(response, 400, 'BAD_REQUEST', 'This is not a path.');
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    sendRefusal(response, 500, 'INTERNAL_SERVER_ERROR', 'Unexpected error.');
  }
}

function listen(server: Server, { host, port }: DemoConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const next = `PORT=${port + 1} npm start`;
      reject(
        error.code === 'EADDRINUSE'
          ? new StartProblem('PORT_IN_USE', `Port ${port} is in use already; stop what runs there, or choose another: ${next}`, {
              cause: error,
            })
          : new StartProblem(
              'PORT_REFUSED',
              `Cannot listen on ${host}:${port} (${error.code ?? error.message}); choose another HOST or PORT: ${next}`,
              { cause: error },
            ),
      );
    });
    server.listen(port, host, resolve);
  });
}

const warn = ({ code, message }: StoreEvent): void => void process.stderr.write(`${code}: ${message}\n`);

function openData({ dataDirectory, databaseUrl }: DemoConfig): { store: Store; sessions: Sessions } {
  if (databaseUrl !== null) {
    const store = postgresStore({ connectionString: databaseUrl, onEvent: warn });
    return { store, sessions: createSessions(postgresSessionTable(databaseUrl)) };
  }
  makeFolder(dataDirectory);
  const store = sqliteStore({ file: join(dataDirectory, 'farside.sqlite'), onEvent: warn });
  return { store, sessions: createSessions(sqliteSessionTable(join(dataDirectory, 'sessions.sqlite'))) };
}

/** One level at a time: the recursive mkdir of Node 20 never returns where a file system refuses new folders, /proc for one. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

function asStartProblem(error: unknown, { dataDirectory, databaseUrl }: DemoConfig): unknown {
  if (error instanceof StartProblem || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (!/^(STORE_|SQLITE_|E[A-Z]+$)/.test(code)) return error;
  if (databaseUrl !== null)
    return new StartProblem(
      'DATA_UNUSABLE',
      `Cannot use the database that DATABASE_URL names: ${error.message}; or start without it, on SQLite: DATABASE_URL= npm start`,
      { cause: error },
    );
  return new StartProblem(
    'DATA_UNUSABLE',
    `Cannot use the data in ${dataDirectory}: ${error.message}; or start with another folder: DATA_DIR=.data-new npm start`,
    { cause: error },
  );
}

function close(server: Server, responses: ReadonlySet<ServerResponse>): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
    // A live stream never ends by itself.
    for (const response of responses) if (String(response.getHeader('content-type')).startsWith('text/event-stream')) response.destroy();
  });
}
