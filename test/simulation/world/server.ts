import type { DocumentNode, GraphQLError } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { VersionKind } from '../../../schema/version.ts';
import { createOfflineSchema, memoryStore, type OfflineResolvers, type Store, useOffline } from '../../../server/index.ts';
import type { SimulatedClock } from '../../harness/index.ts';
import type { History } from '../history.ts';
import type { Plan } from '../plan.ts';
import { authorize, OBSERVER, RESOLVERS, typesOf } from './app.ts';
import { type CommitLog, createCommitLog, type Delivery, wrapStore } from './commit-log.ts';
import type { Database } from './database.ts';
import { readParts } from './deliveries.ts';

/** What becomes of a commit that does not go well: the process dies before it or after it, or the database undoes it once. */
export type CommitFate = 'killed before' | 'killed after' | 'undone';

/** The server: a process that can die, over a database that stays. */
export interface Server {
  readonly log: CommitLog;
  readonly isUp: boolean;
  /** By how much its clock is wrong. */
  skewMs: number;
  /** Every other request meets a server that speaks another version of the protocol. */
  isRolling: boolean;
  /** Answers one request of a device. Rejects, as a dropped connection does, when the process dies meanwhile. */
  handle(request: Request, from: { readonly device: string; readonly tab: string }): Promise<Response>;
  /** Answers like the server, past every network and fault, as somebody who may see all. */
  query<T>(document: string, variables?: Readonly<Record<string, unknown>>, user?: string): Promise<T>;
  /** A session of a user; its name goes into the header `x-session`. */
  signIn(user: string): string;
  expire(session: string): void;
  /** The process is gone; what it had not committed never happened. */
  kill(): void;
  start(): Promise<void>;
  /** Copies the database, to be put back some day. */
  backUp(): void;
  readonly hasBackup: boolean;
  /** The process dies, and comes back on the backup. */
  restore(): Promise<void>;
  /** Forgets tombstones of entities that were deleted this long ago. */
  collect(olderThanMs: number): Promise<void>;
  /** How many answers the server keeps of a client. */
  kept(user: string, clientId: string): Promise<number>;
  close(): Promise<void>;
}

interface Answered {
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
}

export interface ServerOptions {
  readonly clock: SimulatedClock;
  readonly history: History;
  /** The tickets of a write that has become one of several. */
  readonly carriedBy: (clientId: string, mutationId: number) => readonly string[];
  readonly database: Database;
  readonly versions: VersionKind;
  readonly conflicts: Plan['conflicts'];
  readonly pageBytes: number;
  /** Asked before every commit of a request's work. */
  readonly fateAt: (delivery: Delivery) => CommitFate | null;
  /** It has died of that. */
  readonly onDeath: () => void;
  /** Between the product and the commit log: for planted bugs. */
  readonly disguise?: ((store: Store) => Store) | undefined;
  readonly resolvers?: OfflineResolvers<object> | undefined;
}

export async function createServer(options: ServerOptions): Promise<Server> {
  const { clock, history, carriedBy, database, fateAt } = options;
  const log = createCommitLog((commit) => history.note({ kind: 'committed', commit }));
  const sessions = new Map<string, string>();
  let backup: { readonly commits: number } | null = null;
  let deliveries = 0;
  let life = 0;
  let isUp = false;
  let starting: Promise<void> | null = null;
  let store: Store;
  let processes: readonly { fetch(url: string, init: RequestInit): Response | Promise<Response> }[] = [];
  let requests = 0;

  /** The store as the product gets it: it dies at commits, and the log sees what it commits. */
  function mortal(inner: Store): Store {
    const born = life;
    const alive = (): void => {
      if (life !== born) throw new Error('the server process is gone');
    };
    const seen = log.watch(inner);
    const dying = wrapStore(seen, {
      async write(run) {
        alive();
        const [delivery = null] = log.current();
        let fate = delivery && fateAt(delivery);
        const attempt = () =>
          seen.write(async (transaction) => {
            alive();
            const done = await run(transaction);
            alive();
            if (fate === 'killed before') die();
            if (fate === 'undone') {
              fate = null;
              throw notSerializable();
            }
            await database.late?.();
            alive();
            return done;
          });
        // PostgreSQL's store begins again by itself; the others never meet this, and what they run must bear it all the same.
        const value = await attempt().catch((error: unknown) => {
          if (!isNotSerializable(error)) throw error;
          return attempt();
        });
        if (fate === 'killed after') die();
        return value;
      },
    });
    return options.disguise?.(dying) ?? dying;
  }

  /** One process at a time, however many want it back; and a disk that is slow today must not change what happens. */
  function start(): Promise<void> {
    if (isUp) return Promise.resolve();
    starting ??= clock.finish(boot()).finally(() => {
      starting = null;
    });
    return starting;
  }

  async function boot(): Promise<void> {
    const stores = (await database.open()).map(mortal);
    const { schema, types, reading } = compile(options);
    for (const each of stores) await each.open(types);
    [store] = stores as [Store];
    const identify = ({ request }: { readonly request: Request }) => {
      const user = sessions.get(request.headers.get('x-session') ?? '');
      return user === undefined ? null : { id: user };
    };
    const now = (): number => clock.now() + server.skewMs;
    processes = stores.map((each) => {
      const plugin = useOffline({
        store: each,
        identify,
        authorize,
        now,
        limits: { fieldTimeoutMs: 600_000, pageBytes: options.pageBytes },
      });
      return createYoga({
        schema,
        plugins: [reading, plugin],
        logging: false,
        landingPage: false,
        graphiql: false,
        parserAndValidationCache: false,
      });
    });
    isUp = true;
    history.note({ kind: 'server', what: 'started', commits: log.commits.length });
  }

  function die(): void {
    kill();
    options.onDeath();
  }

  function kill(): void {
    if (!isUp) return;
    life += 1;
    isUp = false;
    history.note({ kind: 'server', what: 'killed', commits: log.commits.length });
  }

  /** A server waits for nothing that is simulated; a database takes its time. */
  const answer = (text: string, session: string, accept?: string): Promise<Answered> => clock.finish(answered(text, session, accept));

  async function answered(text: string, session: string, accept = 'application/json'): Promise<Answered> {
    const born = life;
    const headers = { 'content-type': 'application/json', accept, 'x-session': session };
    // Each request goes to the next process, as behind a balancer.
    const number = requests++;
    const yoga = processes[number % processes.length];
    if (!yoga) throw new TypeError('Failed to fetch');
    const sent = server.isRolling && number % 2 === 1 ? inAnotherProtocol(text) : text;
    const response = await yoga.fetch('http://server/graphql', { method: 'POST', headers, body: sent });
    const body = await response.text();
    if (life !== born) throw new TypeError('Failed to fetch');
    return { status: response.status, body, headers: response.headers };
  }

  const observer = `session of ${OBSERVER}`;
  sessions.set(observer, OBSERVER);

  const server: Server = {
    log,
    skewMs: 0,
    isRolling: false,
    get isUp() {
      return isUp;
    },
    async handle(request, from) {
      if (!isUp) throw new TypeError('Failed to fetch');
      const text = await request.text();
      const session = request.headers.get('x-session') ?? '';
      const parts = readParts(text, { ...from, user: sessions.get(session) ?? null }, () => deliveries++);
      for (const { delivery } of parts) {
        const { identity, ticket } = delivery;
        const tickets = identity && ticket === null ? carriedBy(identity.clientId, identity.mutationId) : [];
        history.note({ kind: 'arrived', delivery: tickets.length > 0 ? { ...delivery, tickets } : delivery });
      }
      const commits = log.commits.length;
      const { status, body, headers } = await log.during(
        parts.map(({ delivery }) => delivery),
        () => answer(text, session, request.headers.get('accept') ?? '*/*'),
      );
      const said = withoutTime(body);
      for (const part of parts)
        history.note({ kind: 'answered', delivery: part.delivery.number, status, body: part.answer(said), commits });
      return new Response(body, { status, headers });
    },
    async query<T>(document: string, variables = {}, user?: string) {
      const session = user === undefined ? observer : server.signIn(user);
      const { body } = await answer(JSON.stringify({ query: document, variables }), session);
      const { data, errors } = JSON.parse(body) as { readonly data: T; readonly errors?: unknown };
      if (errors) throw new Error(JSON.stringify(errors));
      return data;
    },
    signIn(user) {
      const session = `session ${sessions.size} of ${user}`;
      sessions.set(session, user);
      return session;
    },
    expire: (session) => void sessions.delete(session),
    kill,
    start,
    backUp() {
      if (!database.backUp?.()) return;
      backup = { commits: log.commits.length };
    },
    get hasBackup() {
      return backup !== null;
    },
    async restore() {
      if (backup === null) return;
      kill();
      await database.restore?.();
      log.truncate(backup.commits);
      history.note({ kind: 'server', what: 'restored', commits: backup.commits });
      await start();
    },
    async collect(olderThanMs) {
      const before = new Date(clock.now() + server.skewMs - olderThanMs).toISOString();
      const entities = [...log.rows].flatMap(([entity, row]) => (row._deleted && row._lastChangedAt < before ? [entity] : []));
      await clock.finish(store.write((transaction) => transaction.collectTombstones(before)));
      history.note({ kind: 'collected', entities });
    },
    kept: (user, clientId) => clock.finish(store.write((transaction) => transaction.countResults(user, clientId))),
    close: () => database.close(),
  };
  await start();
  return server;
}

type Compiled = ReturnType<typeof createCompiled>;
type Shape = Pick<ServerOptions, 'versions' | 'conflicts' | 'resolvers'>;
const compiled = new Map<string, Map<OfflineResolvers<object> | undefined, Compiled>>();

/** A schema does not depend on its store, only its resolvers' context does: one serves every world. */
function compile(shape: Shape): Compiled {
  const kind = `${shape.versions} ${shape.conflicts}`;
  const ofKind = compiled.get(kind) ?? new Map<OfflineResolvers<object> | undefined, Compiled>();
  compiled.set(kind, ofKind);
  const known = ofKind.get(shape.resolvers) ?? createCompiled(shape);
  ofKind.set(shape.resolvers, known);
  return known;
}

function createCompiled({ versions, conflicts, resolvers }: Shape) {
  const store = memoryStore();
  const schema = createOfflineSchema({ typeDefs: typesOf(versions), store, resolvers: [RESOLVERS, resolvers ?? {}].flat(), conflicts });
  const documents = new Map<string, DocumentNode>();
  const judged = new Map<DocumentNode, readonly unknown[]>();
  // Yoga keeps these for one server each, and lets time drop them.
  const reading: Plugin = {
    onParse({ params, setParsedDocument }) {
      const text = String(params.source);
      const known = documents.get(text);
      if (known) return setParsedDocument(known);
      return ({ result }) => {
        if (result !== null && !(result instanceof Error)) documents.set(text, result);
      };
    },
    onValidate({ params, setResult }) {
      const known = judged.get(params.documentAST);
      if (known) return setResult(known as readonly GraphQLError[]);
      return ({ result }) => void judged.set(params.documentAST, result);
    },
  };
  return { schema, types: store.types, reading };
}

/** To a server of another release this is what any request of ours is: in a protocol that it does not speak. */
function inAnotherProtocol(text: string): string {
  return text.replace(/"protocol":\d+/, '"protocol":999');
}

const NOT_SERIALIZABLE = '40001';

/** As PostgreSQL says it. */
function notSerializable(): Error {
  return Object.assign(new Error('could not serialize access due to concurrent update'), { code: NOT_SERIALIZABLE });
}

function isNotSerializable(error: unknown): boolean {
  return (error as { readonly code?: unknown } | null)?.code === NOT_SERIALIZABLE;
}

/** The one part of an answer that may differ between two deliveries of one write. */
function withoutTime(body: string): string {
  return body.replace(/"serverTime":\d+/, '"serverTime":0');
}
