import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWriteAheadLog } from '../../../server/store/sqlite-log.ts';

describe('the write-ahead log as a file', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'farside-log-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('is flushed beside the connection, and let go of', async () => {
    const file = join(directory, 'a.db');
    const database = new Database(file);
    database.pragma('journal_mode = WAL');
    database.exec('create table t (a)');
    const log = openWriteAheadLog(file);
    await log.flush();
    database.exec('insert into t values (1)');
    await log.flush();
    await log.close();
    database.pragma('wal_checkpoint(TRUNCATE)');
    expect(database.prepare('select count(*) as count from t').get()).toEqual({ count: 1 });
    database.close();
  });

  it('that could not be flushed once is never called durable again', async () => {
    const file = join(directory, 'b.db');
    const failed: unknown[] = [];
    const log = openWriteAheadLog(file, (error) => failed.push(error));
    await expect(log.flush()).rejects.toMatchObject({ code: 'ENOENT' });
    const database = new Database(file);
    database.pragma('journal_mode = WAL');
    database.exec('create table t (a)');
    await expect(log.flush()).rejects.toMatchObject({ code: 'ENOENT' });
    expect(failed).toMatchObject([{ code: 'ENOENT' }]);
    await log.close();
    database.close();
  });
});
