import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { type SqliteNative, type Store, sqliteStore, type TypeModel } from '../../../server/index.ts';
import { storeContract } from '../../contracts/store.ts';
import { site, todo, types, value } from '../model.ts';

const directory = mkdtempSync(join(tmpdir(), 'farside-'));
afterAll(() => rmSync(directory, { recursive: true }));
let count = 0;
const newFile = () => {
  count += 1;
  return join(directory, `${count}.db`);
};
const opened: Store[] = [];
const open = async (file: string, model: TypeModel = types): Promise<Store> => {
  const store = sqliteStore({ file, synchronous: 'normal' });
  await store.open(model);
  opened.push(store);
  return store;
};
afterAll(() => Promise.all(opened.map((store) => store.close())));
const put = (store: Store, ...rows: ReturnType<typeof todo>[]) =>
  store.write(async (tx) => {
    for (const stored of rows) await tx.put(stored.row.__typename, stored);
  });
const refusal = (file: string, model: TypeModel = types) => open(file, model).catch((error: unknown) => error as Error & { code: string });

storeContract('sqlite', async () => sqliteStore({ file: newFile(), synchronous: 'normal' }));
storeContract('sqlite that waits for the disk', async () => sqliteStore({ file: newFile() }));

describe('the file', () => {
  it('keeps everything over a clean stop, which leaves no log behind', async () => {
    const file = newFile();
    const store = await open(file);
    await put(store, todo('a'));
    const { epoch } = store;
    await store.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
    const again = await open(file);
    expect((await again.reads.get('Todo', 'a'))?.row.title).toBe('title of a');
    expect(again.epoch).toBe(epoch);
  });

  it('keeps what was acknowledged when the process is killed: rows, results, watermarks', async () => {
    const file = newFile();
    const store = await open(file);
    await put(store, todo('a'));
    await store.write(async (tx) => {
      await tx.acknowledge('u', 'c', 4);
      await tx.saveResult({ user: 'u', clientId: 'c', mutationId: 5 }, { fingerprint: 'f', outcome: 'applied', answer: '{}' });
    });
    // As a killed process leaves them: nothing checkpointed, nothing closed.
    const killed = newFile();
    copyFileSync(file, killed);
    copyFileSync(`${file}-wal`, `${killed}-wal`);
    expect(statSync(`${killed}-wal`).size).toBeGreaterThan(0);
    const again = await open(killed);
    expect(await again.reads.get('Todo', 'a')).not.toBeNull();
    await again.write(async (tx) => {
      expect(await tx.findResult({ user: 'u', clientId: 'c', mutationId: 5 })).toMatchObject({ fingerprint: 'f' });
      expect(await tx.acknowledge('u', 'c', 0)).toBe(4);
    });
  });

  it('restored from a backup: a cursor of the lost history begins again, one from before the backup goes on', async () => {
    const file = newFile();
    const store = await open(file);
    await put(store, todo('a'));
    const before = await store.reads.head();
    await store.close();
    const backup = newFile();
    copyFileSync(file, backup);
    const lost = await open(file);
    await put(lost, todo('b'), todo('c'));
    const after = await lost.reads.head();

    const restored = await open(backup);
    const reset = async (position: typeof before) => (await restored.reads.changes({ after: position, types: null, limit: 9 })).reset;
    expect([await reset(before), await reset(after)]).toEqual([false, true]);
    // Also when the new history has grown past the position.
    await put(restored, todo('d'), todo('e'), todo('f'));
    expect([await reset(before), await reset(after)]).toEqual([false, true]);
    expect((await restored.reads.changes({ after: before, types: null, limit: 9 })).rows.map(({ id }) => id)).toEqual(['d', 'e', 'f']);
  });

  it('fencing tokens grow over restarts', async () => {
    const file = newFile();
    const lease = { typename: 'Todo', id: 'a', user: 'u', clientId: 'c', expiresAt: 1 };
    const store = await open(file);
    const first = await store.write((tx) => tx.grantLease(lease, 7));
    await store.write((tx) => tx.endLease(first.token));
    await store.close();
    const again = await open(file);
    expect(await again.write((tx) => tx.grantLease(lease, 0))).toMatchObject({ token: 8 });
  });

  it('a cursor outlives restarts', async () => {
    const file = newFile();
    const store = await open(file);
    await put(store, todo('a'));
    const head = await store.reads.head();
    await store.close();
    const again = await open(file);
    await put(again, todo('b'));
    expect(await again.reads.changes({ after: head, types: null, limit: 9 })).toMatchObject({ reset: false, rows: [{ id: 'b' }] });
  });

  it.each([
    ['in a directory that is not there', () => join(directory, 'nowhere', 'x.db')],
    ['that is a directory', () => directory],
    [
      'below a file',
      () => {
        writeFileSync(join(directory, 'plain'), '');
        return join(directory, 'plain', 'x.db');
      },
    ],
  ])('%s is STORE_UNWRITABLE', async (_, file) => {
    const error = await refusal(file());
    expect(error).toMatchObject({ code: 'STORE_UNWRITABLE', message: expect.stringContaining(file()) });
  });

  it('of another application is STORE_FOREIGN, and left as it was', async () => {
    const file = newFile();
    const other = new Database(file);
    other.exec('create table customers (id)');
    other.close();
    const bytes = readFileSync(file);
    expect(await refusal(file)).toMatchObject({ code: 'STORE_FOREIGN', message: expect.stringContaining('customers') });
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(existsSync(`${file}-wal`)).toBe(false);
  });

  it('of a newer release is STORE_NEWER', async () => {
    const file = newFile();
    await (await open(file)).close();
    const raw = new Database(file);
    raw.pragma('user_version = 99');
    raw.close();
    expect(await refusal(file)).toMatchObject({ code: 'STORE_NEWER', message: expect.stringContaining('99') });
  });

  it.each([
    ['no database', () => 'this is no database, but it is long enough to look like a file of some kind'.repeat(20)],
    ['a damaged one', (good: Buffer) => Buffer.concat([good.subarray(0, 100), Buffer.alloc(good.length - 100, 0xab)])],
  ])('%s is STORE_CORRUPT, and every later call says so', async (_, damage) => {
    const file = newFile();
    await (await open(file)).close();
    writeFileSync(file, damage(readFileSync(file)));
    const store = sqliteStore({ file });
    await expect(store.open(types)).rejects.toMatchObject({ code: 'STORE_CORRUPT', message: expect.stringContaining('backup') });
    await expect(store.ready()).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    await expect(store.write(async () => 1)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    await store.close();
  });

  it('that another process is writing is STORE_UNWRITABLE after the time to wait', async () => {
    const file = newFile();
    await (await open(file)).close();
    const other = new Database(file);
    other.exec('begin immediate');
    const store = sqliteStore({ file, busyTimeoutMs: 1 });
    await expect(store.open(types)).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: expect.stringContaining('another process'),
    });
    other.close();
  });
});

describe('a schema that changes', () => {
  const { Todo, Site } = types;
  const withFields = (fields: object): TypeModel => ({
    Todo: { ...Todo, fields: { ...Todo.fields, ...fields } } as TypeModel[string],
    Site,
  });
  const grown = async (model: TypeModel) => {
    const file = newFile();
    const store = await open(file);
    await put(store, todo('a'));
    await store.close();
    return refusal(file, model);
  };

  it('gains a nullable field: old rows have null, and it is not stale', async () => {
    const store = (await grown(withFields({ due: value('due', 'DateTime') }))) as unknown as Store;
    expect((await store.reads.get('Todo', 'a'))?.row.due).toBeNull();
    await put(store, todo('b', { due: '2026-01-01T00:00:00.000Z' }));
    expect(await store.reads.count('Todo', { due: { gt: '2025-12-31T00:00:00.000Z' } })).toBe(1);
  });

  it('gains a list that is never null: old rows have an empty one', async () => {
    const store = (await grown(withFields({ photos: value('photos', 'String', { list: true, nullable: false }) }))) as unknown as Store;
    expect((await store.reads.get('Todo', 'a'))?.row.photos).toEqual([]);
  });

  it('gains a type', async () => {
    const store = (await grown({ ...types, Person: Site })) as unknown as Store;
    expect(await store.reads.get('Person', 'x')).toBeNull();
  });

  it('gains a field that is never null while rows exist: refused with the way out, and nothing changed', async () => {
    const error = await grown(withFields({ due: value('due', 'DateTime', { nullable: false }) }));
    expect(error).toMatchObject({ code: 'STORE_INCOMPATIBLE', message: expect.stringMatching(/Todo\.due.*make the field nullable/) });
  });

  it('changes the kind of a field: refused with the way out', async () => {
    expect(await grown(withFields({ title: value('title', 'Int') }))).toMatchObject({
      code: 'STORE_INCOMPATIBLE',
      message: expect.stringContaining('Todo.title: the database holds it as text'),
    });
    expect(await grown(withFields({ tags: value('tags', 'String') }))).toMatchObject({
      code: 'STORE_INCOMPATIBLE',
      message: expect.stringContaining('Todo.tags'),
    });
  });

  it('drops a field and takes it back: the values of old rows are there again', async () => {
    const file = newFile();
    const store = await open(file);
    await put(store, todo('a', { note: { kept: true } }));
    await store.close();
    const { note: _, ...rest } = Todo.fields;
    const without = await open(file, { Todo: { ...Todo, fields: rest }, Site });
    expect((await without.reads.get('Todo', 'a'))?.row).not.toHaveProperty('note');
    await put(without, todo('b'));
    await without.close();
    const back = await open(file);
    expect((await back.reads.get('Todo', 'a'))?.row.note).toEqual({ kept: true });
    expect((await back.reads.get('Todo', 'b'))?.row.note).toBeNull();
  });
});

describe('transactions', () => {
  it('that fail at the commit leave nothing, and tell everybody in the group', async () => {
    const store = await open(newFile());
    await store.write(async (tx) => {
      const sql = tx.native as SqliteNative<{ parent: { id: number }; child: { parent: number } }>;
      await sql.schema
        .createTable('parent')
        .addColumn('id', 'integer', (column) => column.primaryKey())
        .execute();
      await sql.schema
        .createTable('child')
        .addColumn('parent', 'integer', (column) => column.references('parent.id'))
        .execute();
    });
    const breaks = store.write(async (tx) => {
      const sql = tx.native as SqliteNative<{ child: { parent: number } }>;
      await tx.put('Todo', todo('a'));
      // Checked at the commit only.
      await import('kysely').then(({ sql: raw }) => raw`pragma defer_foreign_keys = on`.execute(sql));
      await sql.insertInto('child').values({ parent: 7 }).execute();
    });
    const joins = store.write((tx) => tx.put('Todo', todo('b')));
    expect((await Promise.allSettled([breaks, joins])).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await store.reads.get('Todo', 'a')).toBeNull();
    await put(store, site('after'));
    expect(await store.reads.get('Site', 'after')).not.toBeNull();
  });

  it('share a commit when they wait together', async () => {
    const store = await open(newFile());
    const heard: string[] = [];
    store.onCommit(({ position }) => heard.push(position.position));
    await Promise.all(Array.from({ length: 10 }, (_, index) => put(store, todo(`t${index}`))));
    expect(heard).toEqual(['10']);
  });

  it('hand out SQL of their own, which ends with them', async () => {
    const store = await open(newFile());
    let kept: SqliteNative<{ notes: { text: string } }> | undefined;
    const failing = store.write(async (tx) => {
      kept = tx.native as SqliteNative<{ notes: { text: string } }>;
      await kept.schema.createTable('notes').addColumn('text', 'text').execute();
      await kept.insertInto('notes').values({ text: 'x' }).execute();
      expect(await kept.selectFrom('notes').selectAll().execute()).toEqual([{ text: 'x' }]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await expect(kept?.selectFrom('notes').selectAll().execute()).rejects.toMatchObject({ code: 'TRANSACTION_CLOSED' });
    await store.write(async (tx) => {
      await expect((tx.native as NonNullable<typeof kept>).selectFrom('notes').selectAll().execute()).rejects.toThrow('no such table');
    });
  });
});

describe('another process on the file', () => {
  afterEach(() => void vi.useRealTimers());

  it('is heard of while somebody listens, and nobody looks otherwise', async () => {
    const file = newFile();
    const one = await open(file);
    const two = await open(file);
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const heard: (readonly [string, readonly string[]])[] = [];
    const stop = one.onCommit(({ position, typenames }) => heard.push([position.position, [...typenames].sort()]));
    expect(vi.getTimerCount()).toBe(1);
    await put(two, todo('a'), site('s'));
    await put(one, todo('b'));
    expect(heard).toEqual([['3', ['Todo']]]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(heard.slice(1)).toEqual([['3', ['Site', 'Todo']]]);
    await put(one, todo('c'));
    await vi.advanceTimersByTimeAsync(5000);
    expect(heard.slice(2)).toEqual([['4', ['Todo']]]);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is found also while this one is writing', async () => {
    const file = newFile();
    const [one, two] = [await open(file), await open(file)];
    await put(two, todo('a'));
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const heard: string[] = [];
    one.onCommit(({ position, typenames }) => heard.push(`${position.position} ${[...typenames]}`));
    await put(two, site('s'));
    await one.write(async (tx) => {
      await tx.put('Todo', todo('mine'));
      await vi.advanceTimersByTimeAsync(1000);
      // What is not committed is not told of.
      expect(heard).toEqual(['2 Site']);
    });
    await vi.advanceTimersByTimeAsync(1000);
    expect(heard).toEqual(['2 Site', '3 Todo']);
  });

  it('is looked for by nobody where that is switched off', async () => {
    const store = sqliteStore({ file: newFile(), watchIntervalMs: 0 });
    await store.open(types);
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    store.onCommit(() => undefined);
    expect(vi.getTimerCount()).toBe(0);
    await store.close();
  });
});

describe('options', () => {
  it.each([
    [undefined, 'sqliteStore: expected an options object, got nothing'],
    [{}, 'sqliteStore: option file: expected a path, got nothing'],
    [{ file: 7 }, 'sqliteStore: option file: expected a path, got 7'],
    [{ file: ':memory:' }, 'memoryStore()'],
    [{ file: 'x', synchronous: 'off' }, `sqliteStore: option synchronous: expected 'full' or 'normal', got "off"`],
    [{ file: 'x', busyTimeoutMs: -1 }, 'sqliteStore: option busyTimeoutMs: expected milliseconds ≥ 0, got -1'],
    [{ file: 'x', watchIntervalMs: 0.5 }, 'sqliteStore: option watchIntervalMs: expected milliseconds ≥ 0, got 0.5'],
    [{ path: 'x' }, 'got "path"; check its spelling'],
  ])('%j', (options, message) => {
    expect(() => sqliteStore(options as never)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining(message) }),
    );
  });
});
