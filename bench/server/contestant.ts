import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Database from 'better-sqlite3';
import { createSchema, createYoga } from 'graphql-yoga';
import pg from 'pg';
import { createOfflineSchema, postgresStore, type Store, sqliteStore, useOffline } from '../../server/index.ts';
import { NOTES, noteId, TYPES } from './notes.ts';

/**
 * A server process: `contestant.ts farside|bare DATABASE normal|full`, where the database is a file or the URL of a PostgreSQL. Says on which
 * port it listens.
 */
const [kind, database, durability] = process.argv.slice(2) as ['farside' | 'bare', string, 'normal' | 'full'];
const isPostgres = database.startsWith('postgres');
const schemaName = `farside_bench_${kind}_${durability}_${process.pid}`;

// Reading the body with Yoga's limit costs as much as the rest of a bare request, and would make everybody look alike.
const common = { logging: false, maxRequestBodySize: false } as const;

/** Without the wait for the disk PostgreSQL answers as SQLite does at `normal`: a crash of the machine may undo the last commits. */
const connect = (): pg.Pool =>
  new pg.Pool({ connectionString: database, max: 10, options: `-c synchronous_commit=${durability === 'full' ? 'on' : 'off'}` });

const openStore = (): Store =>
  isPostgres ? postgresStore({ pool: connect(), schema: schemaName }) : sqliteStore({ file: database, synchronous: durability });

async function farside() {
  const store = openStore();
  const schema = createOfflineSchema({ typeDefs: TYPES, store });
  await store.ready();
  await store.write(async (transaction) => {
    for (let index = 0; index < NOTES; index++) {
      const row = {
        __typename: 'Note',
        id: noteId(index),
        title: '',
        _version: 1,
        _lastChangedAt: new Date().toISOString(),
        _deleted: false,
      };
      await transaction.put('Note', { row, fieldVersions: { '*': 1 } });
    }
  });
  return createYoga({ ...common, schema, plugins: [useOffline({ store, identify: () => ({ id: 'ada' }) })] });
}

type Update = (title: string, id: string) => unknown;

function updateSqlite(): Update {
  const file = new Database(database);
  file.pragma('journal_mode = wal');
  file.pragma(`synchronous = ${durability}`);
  // As sqliteStore has it.
  file.pragma('wal_autocheckpoint = 8000');
  file.exec('create table Note (id text primary key, title text not null) without rowid');
  const insert = file.prepare("insert into Note values (?, '')");
  for (let index = 0; index < NOTES; index++) insert.run(noteId(index));
  const update = file.prepare('update Note set title = ? where id = ?');
  return (title, id) => update.run(title, id);
}

async function updatePostgres(): Promise<Update> {
  const pool = connect();
  await pool.query(`create schema ${schemaName}; create table ${schemaName}.note (id text primary key, title text not null)`);
  for (let index = 0; index < NOTES; index++) await pool.query(`insert into ${schemaName}.note values ($1, '')`, [noteId(index)]);
  return (title, id) => pool.query({ name: 'update', text: `update ${schemaName}.note set title = $1 where id = $2`, values: [title, id] });
}

/** The same change by hand: no versions, no log, no repeats known. */
async function bare() {
  const update = isPostgres ? await updatePostgres() : updateSqlite();
  const typeDefs = /* GraphQL */ `
    type Note { id: ID! title: String! }
    input UpdateNoteInput { id: ID! title: String }
    type UpdateNotePayload { note: Note! }
    type Query { ping: String }
    type Mutation { updateNote(input: UpdateNoteInput!): UpdateNotePayload }
  `;
  interface Args {
    readonly input: { readonly id: string; readonly title: string };
  }
  const updateNote = isPostgres
    ? async (_root: unknown, { input }: Args) => {
        await update(input.title, input.id);
        return { note: input };
      }
    : (_root: unknown, { input }: Args) => {
        update(input.title, input.id);
        return { note: input };
      };
  return createYoga({ ...common, schema: createSchema({ typeDefs, resolvers: { Mutation: { updateNote } } }) });
}

const yoga = kind === 'farside' ? await farside() : await bare();
const server = createServer(yoga).listen(0, () => process.send?.((server.address() as AddressInfo).port));
process.on('message', () => {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({ heapMb: heapUsed / 2 ** 20, residentMb: rss / 2 ** 20 });
});
process.on('disconnect', () => process.exit());
