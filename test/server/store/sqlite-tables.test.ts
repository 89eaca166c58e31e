import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll } from 'vitest';
import { sqliteMigrationSql, sqliteStore } from '../../../server/index.ts';
import { mappedTablesContract, OLD_TABLES } from '../../contracts/mapped-tables.ts';
import { storeContract } from '../../contracts/store.ts';

const directory = mkdtempSync(join(tmpdir(), 'farside-'));
afterAll(() => rmSync(directory, { recursive: true }));
let count = 0;

/** The model of the contract on tables that were there before, under other names. */
const OLD = `
  create table tasks (
    number integer, task_id text primary key not null, name text not null, finished boolean, prio int, kilos double, severity varchar(20), n integer,
    labels text, note blob, place text
  );
  create table places (id text primary key not null, name text not null) without rowid;
`;
const tables = {
  Todo: {
    table: 'tasks',
    key: 'task_id',
    columns: { title: 'name', done: 'finished', priority: 'prio', weight: 'kilos', count: 'n', tags: 'labels', siteId: 'place' },
  },
  Site: { table: 'places' },
} as const;

storeContract('sqlite, on tables of another program', async () => {
  count += 1;
  const file = join(directory, `${count}.db`);
  const old = new Database(file);
  old.exec(OLD);
  old.close();
  return sqliteStore({ file, synchronous: 'normal', tables, migrate: true });
});

mappedTablesContract('sqlite', async () => {
  count += 1;
  const file = join(directory, `${count}.db`);
  const withOld = <T>(work: (database: Database.Database) => T): T => {
    const database = new Database(file);
    database.pragma('foreign_keys = ON');
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  withOld((database) => database.exec(OLD_TABLES('text', 'text')).pragma('user_version = 12'));
  return {
    name: (table) => table,
    run: async (sql) => void withOld((database) => database.exec(sql)),
    rows: async (sql) => withOld((database) => database.prepare<[], Record<string, unknown>>(sql).all()),
    store: (options) => sqliteStore({ file, synchronous: 'normal', watchIntervalMs: 5, ...options }),
    migrationSql: (typeDefs, mapped = {}) => sqliteMigrationSql({ file, tables: mapped }, typeDefs),
  };
});
