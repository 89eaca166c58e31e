import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createYoga } from 'graphql-yoga';
import { createOfflineSchema, postgresStore, type Store, sqliteStore, useOffline } from '../server/index.ts';
import { startPostgres } from '../test/harness/postgres.ts';
import { type Bench, machine, median, type Row, round } from './report.ts';
import { noteId, TYPES } from './server/notes.ts';

interface Database {
  readonly store: Store;
  /** Changes notes and asks what has changed: milliseconds until the answer is there, and its bytes. */
  pull(changes: number): Promise<{ readonly ms: number; readonly bytes: number }>;
}

/** So many pulls per round; the median of all counts. */
const PULLS = 20;

/** What changed since a moment ago, asked of a server that holds a hundred times as much. */
export const delta: Bench = {
  name: 'delta',
  says: 'a sync of 100 changes at 1 000 000 rows beside 10 000, on SQLite and on PostgreSQL (a server of its own, or DATABASE_URL)',
  missing: () => [],
  async run({ count = 1_000_000, rounds = 5, say }) {
    const folder = await mkdtemp(join(tmpdir(), 'farside-bench-'));
    const ownPostgres = process.env.DATABASE_URL === undefined ? await startPostgres() : null;
    const connectionString = ownPostgres?.url ?? process.env.DATABASE_URL ?? '';
    const sizes = [Math.max(1, Math.round(count / 100)), count] as const;
    const changes = Math.min(100, sizes[0]);
    const engines: Readonly<Record<string, (size: number) => Store>> = {
      SQLite: (size) => sqliteStore({ file: join(folder, `${size}.db`), synchronous: 'normal' }),
      PostgreSQL: (size) => postgresStore({ connectionString, schema: `farside_bench_${process.pid}_${size}` }),
    };
    const rows: Row[] = [];
    try {
      for (const [engine, open] of Object.entries(engines)) {
        const databases: Database[] = [];
        try {
          for (const size of sizes) databases.push(await fill(open(size), size));
          say(`  ${engine}: ${sizes.join(' and ')} rows are there`);
          const [small, large] = databases as [Database, Database];
          const times: readonly [number[], number[]] = [[], []];
          let bytes = 0;
          for (let turn = 0; turn < PULLS; turn++) for (const database of databases) await database.pull(changes);
          for (let turn = 0; turn < rounds * PULLS; turn++) {
            times[0].push((await small.pull(changes)).ms);
            const pulled = await large.pull(changes);
            times[1].push(pulled.ms);
            bytes = pulled.bytes;
          }
          const [few, many] = [median(times[0]), median(times[1])];
          const ratio = round(many / few);
          rows.push({
            metric: `sync of ${changes} changes at ${count} rows, ${engine}, ${bytes} bytes`,
            unit: 'ms',
            ours: round(many),
            peers: { [`at ${sizes[0]} rows`]: round(few) },
            ratio,
            goal: '≤ 1.2 × the small one',
            holds: count < 1_000_000 ? null : ratio <= 1.2,
          });
        } finally {
          for (const { store } of databases) await store.close();
        }
      }
    } finally {
      await ownPostgres?.stop();
      await rm(folder, { recursive: true, force: true });
    }
    return { name: 'delta', machine: machine(), rows };
  },
};

async function fill(store: Store, size: number): Promise<Database> {
  const yoga = createYoga({
    schema: createOfflineSchema({ typeDefs: TYPES, store }),
    plugins: [useOffline({ store, identify: () => ({ id: 'ada' }) })],
    logging: false,
  });
  await store.ready();
  let version = 0;
  const put = (from: number, to: number, step: number): Promise<void> =>
    store.write(async (transaction) => {
      const _lastChangedAt = new Date().toISOString();
      for (let index = from; index < to; index += step) {
        const row = {
          __typename: 'Note',
          id: noteId(index),
          title: `a note of some words, changed ${version} times`,
          _version: version + 1,
        };
        await transaction.put('Note', { row: { ...row, _lastChangedAt, _deleted: false }, fieldVersions: { '*': version + 1 } });
      }
    });
  for (let from = 0; from < size; from += 10_000) await put(from, Math.min(size, from + 10_000), 1);
  const ask = async (since: string | null): Promise<{ readonly text: string; readonly cursor: string }> => {
    const query =
      'query ($since: SyncCursor) { sync(since: $since, limit: 1000) { changes { __typename id _version ... on Note { title } } cursor hasMore } }';
    const response = await yoga.fetch('http://bench.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { since } }),
    });
    const text = await response.text();
    return { text, cursor: (JSON.parse(text) as { readonly data: { readonly sync: { readonly cursor: string } } }).data.sync.cursor };
  };
  const { epoch, position } = await store.reads.head();
  let cursor = Buffer.from(JSON.stringify([epoch, position])).toString('base64url');

  return {
    store,
    async pull(changes) {
      version += 1;
      const step = Math.floor(size / changes);
      await put(0, step * changes, step);
      const started = performance.now();
      const answer = await ask(cursor);
      const ms = performance.now() - started;
      if (answer.text.split('"__typename"').length - 1 !== changes)
        throw new Error(`expected ${changes} changes, got ${answer.text.slice(0, 200)}`);
      cursor = answer.cursor;
      return { ms, bytes: answer.text.length };
    },
  };
}
