import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Database from 'better-sqlite3';
import { createSchema, createYoga } from 'graphql-yoga';
import { createOfflineSchema, sqliteStore, useOffline } from '../../server/index.ts';
import { NOTES, noteId, TYPES } from './notes.ts';

/** A server process: `contestant.ts farside|bare DATABASE normal|full`. Says on which port it listens. */
const [kind, file, durability] = process.argv.slice(2) as ['farside' | 'bare', string, 'normal' | 'full'];

// Reading the body with Yoga's limit costs as much as the rest of a bare request, and would make everybody look alike.
const common = { logging: false, maxRequestBodySize: false } as const;

async function farside() {
  const store = sqliteStore({ file, synchronous: durability });
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

/** The same change by hand: no versions, no log, no repeats known. */
function bare() {
  const database = new Database(file);
  database.pragma('journal_mode = wal');
  database.pragma(`synchronous = ${durability}`);
  // As sqliteStore has it.
  database.pragma('wal_autocheckpoint = 8000');
  database.exec('create table Note (id text primary key, title text not null) without rowid');
  const insert = database.prepare("insert into Note values (?, '')");
  for (let index = 0; index < NOTES; index++) insert.run(noteId(index));
  const update = database.prepare('update Note set title = ? where id = ?');
  const typeDefs = /* GraphQL */ `
    type Note { id: ID! title: String! }
    input UpdateNoteInput { id: ID! title: String }
    type UpdateNotePayload { note: Note! }
    type Query { ping: String }
    type Mutation { updateNote(input: UpdateNoteInput!): UpdateNotePayload }
  `;
  const updateNote = (_root: unknown, { input }: { readonly input: { readonly id: string; readonly title: string } }) => {
    update.run(input.title, input.id);
    return { note: input };
  };
  return createYoga({ ...common, schema: createSchema({ typeDefs, resolvers: { Mutation: { updateNote } } }) });
}

const yoga = kind === 'farside' ? await farside() : bare();
const server = createServer(yoga).listen(0, () => process.send?.((server.address() as AddressInfo).port));
process.on('message', () => {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({ heapMb: heapUsed / 2 ** 20, residentMb: rss / 2 ** 20 });
});
process.on('disconnect', () => process.exit());
