import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { postgresMigrationSql, postgresStore } from '../../../server/index.ts';
import { mappedTablesContract, OLD_TABLES } from '../../contracts/mapped-tables.ts';
import { storeContract } from '../../contracts/store.ts';
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
    store: (options) => postgresStore({ connectionString, schema, connections: 5, ...options }),
    migrationSql: (typeDefs, mapped = {}) => postgresMigrationSql({ connectionString, schema, tables: mapped }, typeDefs),
  };
});
