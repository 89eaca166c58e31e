import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { build } from 'vite';
import { NOTES, noteId } from './notes.ts';

export type Kind = 'farside' | 'bare';
export type Durability = 'normal' | 'full';

export interface Memory {
  /** After a collection. */
  readonly heapMb: number;
  readonly residentMb: number;
}

export interface Contestant {
  readonly url: string;
  memory(): Promise<Memory>;
  /** Mutations per second over this many, `fields` of them in each document. */
  measure(load: { readonly count: number; readonly connections: number; readonly fields: number }): Promise<number>;
  close(): void;
}

/** Requests below this distance from the newest have an answer: connections are few, and none is that far behind. */
const ANSWERED_AFTER = 256;
/** As many as the most connections: requests of one client wait for each other. */
const CLIENTS = 8;

/** @param url of a PostgreSQL server; default: a SQLite file */
export type Start = (kind: Kind, durability: Durability, url?: string) => Promise<Contestant>;

/** Servers on new databases, all gone when `run` has ended. */
export async function withContestants<T>(run: (start: Start) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'farside-bench-'));
  const started: Contestant[] = [];
  try {
    const program = await compileContestant();
    return await run(async (kind, durability, url = join(folder, `${kind}-${durability}.db`)) => {
      const contestant = await startContestant(program, kind, durability, url);
      started.push(contestant);
      return contestant;
    });
  } finally {
    for (const contestant of started) contestant.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Compiled, as the package is: what runs TypeScript as it stands notes the name of each function whenever it is made. */
async function compileContestant(): Promise<string> {
  const outDir = join(import.meta.dirname, '../../test-results/bench');
  const entry = join(import.meta.dirname, 'contestant.ts');
  await build({ configFile: false, logLevel: 'error', build: { ssr: entry, outDir, target: 'node20', emptyOutDir: true } });
  return join(outDir, 'contestant.js');
}

/** A server of one kind in a process of its own, and the load for it. */
async function startContestant(program: string, kind: Kind, durability: Durability, database: string): Promise<Contestant> {
  const child = fork(program, [kind, database, durability], {
    execArgv: ['--expose-gc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const [port] = (await once(child, 'message')) as [number];
  const write = kind === 'farside' ? createOfflineBodies() : createBareBodies();
  const url = `http://localhost:${port}/graphql`;
  return {
    url,
    async memory() {
      child.send('memory');
      const [memory] = (await once(child, 'message')) as [Memory];
      return memory;
    },
    async measure({ count, connections, fields }) {
      const amount = Math.max(connections, Math.ceil(count / fields));
      const started = performance.now();
      let ended = started;
      const options: autocannon.Options = {
        url,
        connections,
        amount,
        requests: [
          {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            setupRequest: (request) => ({ ...request, body: write(fields) }),
          },
        ],
        verifyBody: (body: unknown) => !/"errors"|Conflict|Rejected/.test(String(body)),
      };
      const result = await new Promise<autocannon.Result>((resolve, reject) => {
        const running = autocannon(options, (error, done) => (error ? reject(error) : resolve(done)));
        // It ends at its next tick of a second, so the clock has to stop at the last answer.
        running.on('response', () => {
          ended = performance.now();
        });
      });
      const seconds = (ended - started) / 1000;
      if (result.errors + result.non2xx + result.mismatches > 0)
        throw new Error(`${kind}: expected every mutation applied, got ${result.errors + result.non2xx + result.mismatches} that were not`);
      return (amount * fields) / seconds;
    },
    close: () => void child.kill(),
  };
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** One document for each number of fields, so that everybody may keep what they made of it. */
function createDocuments(payload: (alias: string, variable: string) => string): (fields: number) => string {
  const known = new Map<number, string>();
  return (fields) => {
    const document =
      known.get(fields) ??
      `mutation Save(${numbers(fields)
        .map((index) => `$v${index}: UpdateNoteInput!`)
        .join(', ')}) { ${numbers(fields)
        .map((index) => payload(`m${index}`, `$v${index}`))
        .join(' ')} }`;
    known.set(fields, document);
    return document;
  };
}

function createBareBodies(): (fields: number) => string {
  const documentOf = createDocuments((alias, variable) => `${alias}: updateNote(input: ${variable}) { note { id title } }`);
  let written = 0;
  return (fields) => {
    const variables = Object.fromEntries(
      numbers(fields).map((index) => [`v${index}`, { id: noteId(written % NOTES), title: `title ${written++}` }]),
    );
    return JSON.stringify({ query: documentOf(fields), variables });
  };
}

/** As clients send them, one on each connection: versions, ids, and from time to time which answers have arrived. */
function createOfflineBodies(): (fields: number) => string {
  const documentOf = createDocuments(
    (alias, variable) => `${alias}: updateNote(input: ${variable}) { __typename ... on UpdateNotePayload { note { id title _version } } }`,
  );
  let written = 0;
  let requests = 0;
  const ids = new Array<number>(CLIENTS).fill(0);
  return (fields) => {
    const client = requests++ % CLIENTS;
    const before = ids[client] ?? 0;
    const mutations: Record<string, { readonly id: number }> = {};
    const variables: Record<string, unknown> = {};
    const margin = Math.max(ANSWERED_AFTER, 10 * fields);
    const ackedThrough = Math.max(0, Math.floor((before - margin) / 16) * 16);
    for (const index of numbers(fields)) {
      const _version = 1 + Math.floor(written / NOTES);
      variables[`v${index}`] = { id: noteId(written % NOTES), _version, title: `title ${written}` };
      written += 1;
      mutations[`m${index}`] = { id: before + index + 1 };
    }
    ids[client] = before + fields;
    return JSON.stringify({
      query: documentOf(fields),
      variables,
      extensions: { offline: { protocol: 1, clientId: `bench-${client}`, ackedThrough, mutations } },
    });
  };
}
