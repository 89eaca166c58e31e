import pg from 'pg';
import { afterAll, expect, inject, it } from 'vitest';
import { type Position, postgresMigrationSql, postgresStore } from '../../../server/index.ts';
import { mappedTablesContract, OLD_TABLES } from '../../contracts/mapped-tables.ts';
import { storeContract } from '../../contracts/store.ts';
import { value } from '../model.ts';
import { createSchemas } from '../postgres.ts';

const connectionString = inject('postgresUrl') ?? '';
const schemas = createSchemas(connectionString);
const client = new pg.Client({ connectionString });
const connected = client.connect();
afterAll(async () => {
  await client.end();
  await schemas.remove();
});

const withTables = async (sql: string): Promise<string> => {
  await connected;
  const schema = schemas.newSchema();
  await client.query(`create schema ${schema}; set search_path = ${schema}; ${sql}`);
  return schema;
};

/** The model of the contract on tables that were there before, under other names and types. */
const OLD = `
  create table tasks (
    number integer, task_id text collate "C" primary key, name varchar(200) not null, finished boolean, prio smallint, kilos numeric, severity text collate "C", n bigint,
    labels jsonb, note text collate "C", place text collate "C"
  );
  create table places (id text collate "C" primary key, name text collate "C" not null);
`;
const tables = {
  Todo: {
    table: 'tasks',
    key: 'task_id',
    columns: { title: 'name', done: 'finished', priority: 'prio', weight: 'kilos', count: 'n', tags: 'labels', siteId: 'place' },
  },
  Site: { table: 'places' },
} as const;

storeContract(
  'postgres, on tables of another program',
  async () => schemas.store({ schema: await withTables(OLD), tables, migrate: true }),
  {
    concurrent: true,
    runs: 20,
  },
);

mappedTablesContract('postgres', async () => {
  const schema = await withTables(
    OLD_TABLES('text', 'timestamptz').replace('labels text', 'labels jsonb').replace('latest text', 'latest varchar(20)'),
  );
  const there = `set search_path = ${schema}`;
  return {
    name: (table) => `${schema}.${table}`,
    run: async (sql) => void (await client.query(`${there}; ${sql}`)),
    rows: async (sql) => {
      await client.query(there);
      return (await client.query(sql)).rows;
    },
    store: (options) => postgresStore({ connectionString, schema, connections: 5, watchIntervalMs: 10, ...options }),
    migrationSql: (typeDefs, mapped = {}) => postgresMigrationSql({ connectionString, schema, tables: mapped }, typeDefs),
  };
});

it('the triggers tell nobody: NOTIFY would make all commits of the server wait for each other', async () => {
  const schema = await withTables('create table things (id text primary key, name text)');
  const tables = { Thing: { table: 'things' } };
  const sql = await postgresMigrationSql({ connectionString, schema, tables }, 'type Thing @versioned { id: ID! name: String }');
  expect(sql).toMatch(/create trigger/i);
  expect(sql).not.toMatch(/notify/i);
});

it('an old program that writes early and commits late is behind no reader', async () => {
  const schema = await withTables('create table notes (id text primary key, text text)');
  const model = { Note: { version: 'COUNTER', fields: { text: value('text', 'String') } } } as const;
  const store = postgresStore({ connectionString, schema, connections: 5, tables: { Note: { table: 'notes' } }, migrate: true });
  await store.open(model);
  const slow = new pg.Client({ connectionString });
  await slow.connect();
  try {
    const pull = async (after: Position | null) => {
      const { rows, next } = await store.reads.changes({ after, types: null, limit: 10 });
      return { ids: rows.map(({ id }) => id), next };
    };
    await slow.query(`begin; insert into ${schema}.notes values ('early', 'x')`);
    await client.query(`insert into ${schema}.notes values ('late', 'x')`);
    const first = await pull(null);
    expect(first.ids).toEqual(['late']);
    await slow.query('commit');
    // What was told already is told again when the cursor gets there.
    const second = await pull(first.next);
    expect(second.ids.sort()).toEqual(['early', 'late']);
    expect((await pull(second.next)).ids).toEqual([]);
  } finally {
    await slow.end();
    await store.close();
  }
});

it('two that write one row wait for each other, and each makes a version', async () => {
  const schema = await withTables(`create table notes (id text primary key, text text); insert into notes values ('n', 'a')`);
  const model = { Note: { version: 'COUNTER', fields: { text: value('text', 'String') } } } as const;
  const store = postgresStore({ connectionString, schema, connections: 5, tables: { Note: { table: 'notes' } }, migrate: true });
  await store.open(model);
  try {
    let theirs: Promise<unknown> = Promise.resolve();
    await store.write(async (tx) => {
      const before = await tx.get('Note', 'n');
      if (before === null) throw new Error('expected the note');
      // Waits for the row until this transaction ends.
      theirs = client.query(`update ${schema}.notes set text = text || ' theirs' where id = 'n'`);
      await tx.put('Note', { row: { ...before.row, text: 'mine', _version: 2 }, fieldVersions: { '*': 1, text: 2 } });
    });
    await theirs;
    const after = await store.reads.get('Note', 'n');
    expect(after).toMatchObject({ row: { text: 'mine theirs', _version: 3 }, fieldVersions: { '*': 1, text: 3 } });
  } finally {
    await store.close();
  }
});
