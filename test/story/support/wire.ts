import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EXTENSION } from 'farside/schema';

/** One GraphQL mutation document as it passed. */
export interface Passing {
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly clientId: string;
  /** Of its mutation fields. */
  readonly responseKeys: readonly string[];
  /** One per mutation field. */
  readonly mutationIds: readonly number[];
  /** What happened to it here. */
  fate: 'under way' | 'answered' | 'refused' | 'answer lost' | 'held';
}

export interface Gate {
  /** The mutations that wait here, oldest first. */
  readonly waiting: readonly Passing[];
  /** Lets everything through from now on. */
  open(): void;
}

export interface CannedAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * The wire between the browsers and the server: a plain HTTP proxy that a test can hold, cut and tamper with at the very byte.
 * It stands still across restarts of the server, so it is the origin that the browsers know. Unlike interception in the browser
 * it sees what service workers, crashed tabs and new browsers send, and knows when the server has answered.
 */
export interface Wire {
  readonly url: string;
  /** Every mutation that came by, in the order of arrival. */
  readonly mutations: readonly Passing[];
  /** Every request that was not a mutation: method, path and, of GraphQL, the operation’s name. */
  readonly requests: readonly string[];
  /** Mutations are stopped before the server sees them, after this many more have passed. */
  holdBefore(letThrough: number): Gate;
  /** Mutations reach the server, and their answers are held, after this many more have passed. */
  holdAfter(letThrough: number): Gate;
  /** The server applies the next mutations, as many as are named, and nobody hears of it: the connection is cut instead. */
  loseAnswers(count: number): void;
  /** Answers the next mutation that matches in the place of the server. */
  answerInstead(answer: (mutation: Passing) => CannedAnswer | null): { stop(): void };
  /** Whether the server is reachable; while not, connections are reset. */
  cut: boolean;
  /** The last requests and what became of them, for people. */
  trace(): readonly string[];
  /** An honest wire again: nothing is held, lost, made up or cut. */
  mend(): void;
  close(): Promise<void>;
}

export async function createWire(target: () => string): Promise<Wire> {
  const mutations: Passing[] = [];
  const requests: string[] = [];
  const events: string[] = [];
  const note = (text: string): void => void events.push(`${Math.round(performance.now())} ms ${text}`);
  const gates = new Set<{ readonly when: 'before' | 'after'; admit(mutation: Passing): Promise<void>; open(): void }>();
  const canned = new Set<(mutation: Passing) => CannedAnswer | null>();
  let losing = 0;
  let cut = false;

  function gate(when: 'before' | 'after', letThrough: number): Gate {
    const waiting: Passing[] = [];
    const released: (() => void)[] = [];
    const self = {
      when,
      left: letThrough,
      admit(mutation: Passing): Promise<void> {
        if (self.left > 0) {
          self.left--;
          return Promise.resolve();
        }
        mutation.fate = 'held';
        waiting.push(mutation);
        return new Promise((resolve) => released.push(resolve));
      },
      open() {
        gates.delete(self);
        for (const release of released.splice(0)) release();
        waiting.length = 0;
      },
    };
    gates.add(self);
    return { waiting, open: self.open };
  }

  async function pass(mutation: Passing, when: 'before' | 'after'): Promise<void> {
    // Those of this moment: whoever was held by one gate is not caught by the next as well.
    for (const each of [...gates]) if (each.when === when) await each.admit(mutation);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (cut) return void request.socket.destroy();
    const body = await read(request);
    const mutation = request.method === 'POST' && request.url === '/graphql' ? mutationOf(body) : null;
    if (mutation === null) {
      const operation = request.url === '/graphql' && body.length > 0 ? ` ${operationNameOf(body)}` : '';
      requests.push(`${request.method} ${request.url}${operation}`);
      note(`${request.method} ${request.url}${operation}`);
      return pipe(request, body, response);
    }
    mutations.push(mutation);
    const name = `${mutation.operationName} ${mutation.clientId.slice(-4)}/${mutation.mutationIds.join(',')}`;
    note(name);
    response.on('close', () => note(`${name} ${mutation.fate}${response.writableFinished ? '' : ', cut off'}`));
    const instead = [...canned].map((answer) => answer(mutation)).find((answer) => answer !== null);
    if (instead !== undefined) {
      mutation.fate = 'refused';
      response.writeHead(instead.status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(instead.body));
      return;
    }
    await pass(mutation, 'before');
    if (losing > 0) {
      losing--;
      await pipe(request, body, response, async () => {
        mutation.fate = 'answer lost';
        request.socket.destroy();
        return false;
      });
      return;
    }
    await pipe(request, body, response, async () => {
      await pass(mutation, 'after');
      mutation.fate = 'answered';
      return !cut;
    });
  }

  /** Carries a request to the server and its answer back; `answered` runs when the whole answer is here, and may keep it. */
  function pipe(request: IncomingMessage, body: Buffer, response: ServerResponse, answered?: () => Promise<boolean>): Promise<void> {
    return new Promise((resolve) => {
      const fail = (): void => {
        // As if the server were not there: no answer, not an answer that says so.
        request.socket.destroy();
        resolve();
      };
      const upstream = forward(
        new URL(request.url ?? '/', target()),
        { method: request.method, headers: { ...request.headers, connection: 'close' }, agent: false },
        (answer) => {
          answer.on('error', fail);
          if (answered === undefined) {
            response.writeHead(answer.statusCode ?? 502, answer.headers);
            answer.pipe(response);
            answer.on('end', resolve);
            return;
          }
          void read(answer).then(async (whole) => {
            if (await answered()) response.writeHead(answer.statusCode ?? 502, answer.headers).end(whole);
            resolve();
          }, fail);
        },
      );
      upstream.on('error', fail);
      response.on('close', () => {
        // A browser that has gone away ends its event stream; a mutation that the server has begun goes on without it.
        if (answered === undefined) upstream.destroy();
      });
      upstream.end(body);
    });
  }

  // A connection for each request: on one that was used before, Chromium itself repeats a POST whose answer was cut off.
  const server = createServer((request, response) => void handle(request, response).catch(() => request.socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));

  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    mutations,
    requests,
    holdBefore: (letThrough) => gate('before', letThrough),
    holdAfter: (letThrough) => gate('after', letThrough),
    loseAnswers(count) {
      losing = count;
    },
    answerInstead(answer) {
      canned.add(answer);
      return { stop: () => void canned.delete(answer) };
    },
    get cut() {
      return cut;
    },
    set cut(value) {
      cut = value;
      if (value) server.closeAllConnections();
    },
    trace: () => events.slice(-60),
    mend() {
      for (const each of [...gates]) each.open();
      canned.clear();
      losing = 0;
      cut = false;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function read(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function operationNameOf(body: Buffer): string {
  try {
    return String((JSON.parse(body.toString('utf8')) as { operationName?: unknown }).operationName ?? 'anonymous');
  } catch {
    return 'unreadable';
  }
}

function mutationOf(body: Buffer): Passing | null {
  const text = body.toString('utf8');
  if (!text.includes('mutation')) return null;
  const { query, operationName, variables, extensions } = JSON.parse(text) as {
    query?: string;
    operationName?: string;
    variables?: Record<string, unknown>;
    extensions?: Record<string, { clientId?: string; mutations?: Record<string, { id: number }> }>;
  };
  if (query?.trimStart().startsWith('mutation') !== true) return null;
  const offline = extensions?.[EXTENSION];
  return {
    operationName: operationName ?? '',
    variables: variables ?? {},
    clientId: offline?.clientId ?? '',
    responseKeys: Object.keys(offline?.mutations ?? {}),
    mutationIds: Object.values(offline?.mutations ?? {}).map(({ id }) => id),
    fate: 'under way',
  };
}
