import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { type Position, postgresStore, type Store, type StoreEvent } from '../../../server/index.ts';
import { type PostgresProxy, startPostgresProxy } from '../../harness/postgres-proxy.ts';
import { site, todo, types } from '../model.ts';
import { createSchemas } from '../postgres.ts';

const connectionString = inject('postgresUrl') ?? '';
const schemas = createSchemas(connectionString);
afterAll(() => schemas.remove());

/** Two server processes on one database, as far as the database can tell. */
let one: Store;
let two: Store;
let schema: string;
let proxy: PostgresProxy;
let sql: pg.Client;
/** What the two have told of. */
let events: StoreEvent[];
beforeEach(async () => {
  events = [];
  const onEvent = (event: StoreEvent) => void events.push(event);
  schema = schemas.newSchema();
  proxy = await startPostgresProxy(connectionString);
  one = postgresStore({ connectionString: proxy.url, schema, connections: 5, onEvent });
  two = postgresStore({ connectionString, schema, connections: 5, onEvent });
  // At once, as two processes of one deployment start.
  await Promise.all([one.open(types), two.open(types)]);
  sql = new pg.Client({ connectionString });
  await sql.connect();
});
afterEach(async () => {
  await Promise.all([one.close(), two.close()]);
  await sql.end();
  await proxy.close();
});

/** Holds on inside `run` until it is let go. */
function gate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}
const put = (store: Store, ...rows: ReturnType<typeof todo>[]) =>
  store.write(async (tx) => {
    for (const stored of rows) await tx.put(stored.row.__typename, stored);
  });
const pull = (store: Store, after: Position | null) => store.reads.changes({ after, types: null, limit: 100 });
const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

describe('the order of commits', () => {
  /** One takes its number early and commits late; a reader comes by in between, and again. */
  const overtaken = async (reader: Store) => {
    const [written, late] = [gate(), gate()];
    const early = one.write(async (tx) => {
      await tx.put('Todo', todo('early'));
      written.open();
      await late.passed;
    });
    await written.passed;
    await put(two, todo('quick'));
    const between = await pull(reader, null);
    late.open();
    await early;
    return { between, after: await pull(reader, between.next) };
  };

  it('a transaction that took its number early and commits late is never skipped', async () => {
    const { between, after } = await overtaken(two);
    expect(ids(after.rows).sort()).toEqual(['early', 'quick']);
    // What is there already is told, so that its author finds it; the cursor stays, and it is told again.
    expect(ids(between.rows)).toEqual(['quick']);
    expect(between.hasMore).toBe(false);
  });

  it('it would be without the bound', async () => {
    const pool = new pg.Pool({ connectionString, max: 4 });
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      const unbound = (given: unknown): unknown =>
        typeof given === 'object' && given !== null && 'text' in given
          ? { ...given, text: String(given.text).replaceAll('pg_snapshot_xmin(', 'pg_snapshot_xmax(') }
          : given;
      Object.assign(client, { query: (given: unknown, ...more: unknown[]) => query(unbound(given), ...more) });
    });
    const reader = postgresStore({ pool, schema });
    await reader.open(types);
    const { after } = await overtaken(reader);
    expect(ids(after.rows)).toEqual([]);
    await reader.close();
    await pool.end();
  });

  it('many writers in two processes, one reader that never stops: every commit is seen', async () => {
    const seen = new Map<string, number>();
    let at: Position | null = null;
    let writing = true;
    const reading = (async () => {
      for (let last = false; !last; ) {
        last = !writing;
        const page = await pull(two, at);
        for (const { id, _version } of page.rows) seen.set(id, _version as number);
        at = page.next;
      }
    })();
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        (index % 2 === 0 ? one : two).write(async (tx) => {
          await tx.put('Todo', todo(`t${index % 20}`, { _version: index }));
          await new Promise((resolve) => setImmediate(resolve));
          await tx.put('Todo', todo(`u${index}`));
        }),
      ),
    );
    writing = false;
    await reading;
    expect(seen.size).toBe(80);
    for (const { id, _version } of await two.reads.list('Todo', { filter: null, order: [], after: null, limit: 100 }))
      expect(seen.get(id)).toBe(_version);
  });

  it('a hint comes when the cursor can move: after the transaction that holds it back', async () => {
    const heard: string[] = [];
    const before = await two.reads.head();
    two.onCommit(({ position, typenames }) => heard.push(`${[...typenames]} ${position.position}`));
    await sql.query('begin');
    await sql.query('select pg_current_xact_id()');
    await put(one, todo('a'));
    expect((await pull(two, before)).next).toEqual(before);
    expect(heard).toEqual([]);
    await sql.query('rollback');
    await vi.waitFor(() => expect(heard).toHaveLength(1), { timeout: 5000 });
    expect(heard).toEqual([`Todo ${(await two.reads.head()).position}`]);
    expect(ids((await pull(two, before)).rows)).toEqual(['a']);
  });
});

describe('two servers', () => {
  it('hear of each other’s commits', async () => {
    const heard: string[][] = [];
    one.onCommit(({ typenames }) => heard.push([...typenames]));
    await put(two, site('s'));
    await vi.waitFor(() => expect(heard).toEqual([['Site']]));
  });

  it('count together: no increment is lost', async () => {
    await put(one, todo('hot', { count: 0 }));
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        (index % 2 === 0 ? one : two).write(async (tx) => {
          const row = await tx.get('Todo', 'hot');
          await tx.put('Todo', todo('hot', { count: Number(row?.row.count) + 1 }));
        }),
      ),
    );
    expect((await one.reads.get('Todo', 'hot'))?.row.count).toBe(30);
  });

  it('one delivery that arrives at both runs once', async () => {
    const key = { user: 'u', clientId: 'c', mutationId: 1 };
    let ran = 0;
    const deliver = (store: Store) =>
      store.write(async (tx) => {
        await tx.acknowledge('u', 'c', 0);
        if ((await tx.findResult(key)) !== null) return;
        ran += 1;
        await tx.put('Todo', todo(`made ${ran}`));
        await tx.saveResult(key, { fingerprint: 'f', outcome: 'applied', answer: '{}' });
      });
    await Promise.all([deliver(one), deliver(two), deliver(one), deliver(two)]);
    expect(await one.reads.count('Todo', null)).toBe(1);
  });

  it('a deadlock is undone and run again: both writes stand, each once', async () => {
    await put(one, todo('a', { count: 0 }), todo('b', { count: 0 }));
    const [first, second] = [gate(), gate()];
    let tries = 0;
    const both = (store: Store, order: readonly string[], mine: ReturnType<typeof gate>, theirs: ReturnType<typeof gate>) =>
      store.write(async (tx) => {
        tries += 1;
        for (const id of order) {
          const row = await tx.get('Todo', id);
          await tx.put('Todo', todo(id, { count: Number(row?.row.count) + 1 }));
          mine.open();
          await theirs.passed;
        }
      });
    await Promise.all([both(one, ['a', 'b'], first, second), both(two, ['b', 'a'], second, first)]);
    expect(tries).toBeGreaterThan(2);
    expect(events).toContainEqual(expect.objectContaining({ code: 'RETRIED', what: 'transaction', reason: '40P01' }));
    expect([(await one.reads.get('Todo', 'a'))?.row.count, (await one.reads.get('Todo', 'b'))?.row.count]).toEqual([2, 2]);
  });

  it('a failure of the database that a resolver passes over does not pass', async () => {
    await put(one, todo('a', { count: 0 }), todo('b', { count: 0 }));
    const [first, second] = [gate(), gate()];
    const both = (store: Store, order: readonly string[], mine: ReturnType<typeof gate>, theirs: ReturnType<typeof gate>) =>
      store.write(async (tx) => {
        for (const id of order) {
          await tx
            .savepoint(async (part) => {
              const row = await part.get('Todo', id);
              await part.put('Todo', todo(id, { count: Number(row?.row.count) + 1 }));
            })
            .catch(() => undefined);
          mine.open();
          await theirs.passed;
        }
      });
    await Promise.all([both(one, ['a', 'b'], first, second), both(two, ['b', 'a'], second, first)]);
    expect([(await one.reads.get('Todo', 'a'))?.row.count, (await one.reads.get('Todo', 'b'))?.row.count]).toEqual([2, 2]);
  });
});

describe('a connection that is lost', () => {
  const count = async () => (await two.reads.get('Todo', 'n'))?.row.count;
  const increment = (store: Store, onWritten: () => void = () => undefined) =>
    store.write(async (tx) => {
      const row = await tx.get('Todo', 'n');
      await tx.put('Todo', todo('n', { count: Number(row?.row.count ?? 0) + 1 }));
      onWritten();
    });

  it('before the commit: run again, once', async () => {
    let first = true;
    await increment(one, () => {
      if (first) proxy.cut();
      first = false;
    });
    expect(await count()).toBe(1);
    expect(events).toContainEqual({
      code: 'RETRIED',
      message: 'a transaction is run again: STORE_CONNECTION_LOST',
      what: 'transaction',
      round: 1,
      reason: 'STORE_CONNECTION_LOST',
    });
  });

  it('between the commit and its answer: nothing is run again, and the answer is given', async () => {
    const lost = proxy.loseNextCommit();
    await Promise.all([increment(one), lost]);
    expect(await count()).toBe(1);
  });

  it('between the commit and its answer, and the server that comes back is another one: nobody guesses, and the repeat tells', async () => {
    let promoted = false;
    const pool = new pg.Pool({ connectionString: proxy.url, max: 4 });
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      const asOther = (...args: unknown[]): unknown =>
        promoted && JSON.stringify(args[0]).includes('pg_control_system')
          ? Promise.resolve({ rows: [{ incarnation: 'a promoted standby' }] })
          : query(...args);
      Object.assign(client, { query: asOther });
    });
    const store = postgresStore({ pool, schema });
    await store.open(types);
    const key = { user: 'u', clientId: 'c', mutationId: 1 };
    const deliver = () =>
      store.write(async (tx) => {
        await tx.acknowledge('u', 'c', 0);
        if ((await tx.findResult(key)) !== null) return 'repeat';
        await tx.put('Todo', todo('n', { count: Number((await tx.get('Todo', 'n'))?.row.count ?? 0) + 1 }));
        await tx.saveResult(key, { fingerprint: 'f', outcome: 'applied', answer: '{}' });
        return 'first';
      });
    const lost = proxy.loseNextCommit().then(() => {
      promoted = true;
      proxy.cut();
    });
    await expect(deliver()).rejects.toMatchObject({ code: 'STORE_COMMIT_UNKNOWN' });
    await lost;
    expect(await deliver()).toBe('repeat');
    expect(await count()).toBe(1);
    await store.close();
    await pool.end();
  });

  it('for a while: whoever asks meanwhile waits, and hints are made up for', async () => {
    await increment(one);
    const heard: string[] = [];
    one.onCommit(({ typenames }) => heard.push([...typenames].join()));
    proxy.refuse(true);
    await put(two, site('unheard'));
    const [reading, writing] = [one.reads.get('Todo', 'n'), increment(one)];
    proxy.refuse(false);
    expect((await reading)?.row.count).toEqual(expect.any(Number));
    await writing;
    expect(await count()).toBe(2);
    await vi.waitFor(() => expect(heard.join()).toContain('Site'), { timeout: 5000 });
    // Once, however many met it; and nobody learns from it what was asked or where the database is.
    const told = events.filter(({ code }) => code !== 'RETRIED');
    expect(told).toMatchObject([{ code: 'CONNECTION_LOST' }, { code: 'CONNECTION_RESTORED', afterMs: expect.any(Number) }]);
    const { hostname, password, port } = new URL(proxy.url);
    for (const secret of [hostname, port, password, 'unheard', 'Todo', 'select'].filter((each) => each !== ''))
      expect(JSON.stringify(events)).not.toContain(secret);
  });

  it('for too long: STORE_UNREACHABLE', async () => {
    const impatient = postgresStore({ connectionString: proxy.url, schema, connections: 4, retryForMs: 50 });
    await impatient.open(types);
    proxy.refuse(true);
    await expect(impatient.reads.get('Todo', 'n')).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
    await expect(increment(impatient)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
    await impatient.close();
    proxy.refuse(false);
  });

  it('while the store says goodbye: the process lives', async () => {
    const leaving = postgresStore({ connectionString: proxy.url, schema, connections: 4 });
    await leaving.open(types);
    const answered = proxy.answerGoodbye();
    await leaving.close();
    await answered;
    // What nobody listens to ends the process, as vitest would report.
    await new Promise((resolve) => setImmediate(resolve));
    expect(await count()).toBeUndefined();
  });
});

describe('a database that was restored from a backup', () => {
  it('begins a new stretch of history: old cursors begin anew, and new changes are seen', async () => {
    const name = `${schema}_db`;
    const at = (database: string): string => Object.assign(new URL(connectionString), { pathname: `/${database}` }).href;
    await sql.query(`create database ${name}`);
    const store = postgresStore({ connectionString: at(name), connections: 4 });
    await store.open(types);
    await put(store, todo('a'));
    await store.close();
    await sql.query(`create database ${name}_backup template ${name}`);
    const later = postgresStore({ connectionString: at(name), connections: 4 });
    await later.open(types);
    await put(later, todo('lost'));
    const lost = await pull(later, null);
    const { epoch } = later;
    await later.close();
    await sql.query(`drop database ${name}`);
    await sql.query(`create database ${name} template ${name}_backup`);
    const restored = postgresStore({ connectionString: at(name), connections: 4 });
    await restored.open(types);
    for (const id of ['b', 'c', 'd']) await put(restored, todo(id));
    const page = await pull(restored, lost.next);
    expect(page.reset).toBe(true);
    expect(restored.epoch).not.toBe(epoch);
    expect(ids(page.rows)).toEqual(['a', 'b', 'c', 'd']);
    expect((await pull(restored, page.next)).reset).toBe(false);
    await restored.close();
    for (const database of [name, `${name}_backup`]) await sql.query(`drop database ${database}`);
  });

  it('under a process that goes on running, by a snapshot of the disk: it notices that its server has been further', async () => {
    await put(one, todo('a'));
    const kept = await sql.query(`select last_value from "${schema}".farside_number`);
    for (const id of ['b', 'c', 'd']) await put(one, todo(id));
    await vi.waitFor(async () => expect(ids((await pull(one, null)).rows)).toHaveLength(4), { timeout: 5000 });
    const lost = await pull(one, null);
    const heard = new Promise<Position>((resolve) => one.onCommit(({ position }) => resolve(position)));
    await put(one, todo('e'));
    await heard;
    const { epoch } = one;
    // What a snapshot from after the first write looks like.
    await sql.query(`delete from "${schema}".farside_change where id <> 'a'; delete from "${schema}"."Todo" where id <> 'a'`);
    await sql.query(`select setval('"${schema}".farside_number', $1)`, [kept.rows[0]?.last_value]);
    proxy.cut();
    await vi.waitFor(() => expect(one.epoch).not.toBe(epoch), { timeout: 10_000 });
    expect(events).toContainEqual(expect.objectContaining({ code: 'EPOCH_CHANGED', epoch: one.epoch }));
    for (const id of ['f', 'g', 'h', 'i', 'j']) await put(one, todo(id));
    const page = await pull(one, lost.next);
    expect([page.reset, ids(page.rows)]).toEqual([true, ['a', 'f', 'g', 'h', 'i', 'j']]);
  });

  it('with transaction ids of another system: what they name is there at once', async () => {
    await put(one, todo('a'));
    await Promise.all([one.close(), two.close()]);
    // As a dump of a busier system leaves them.
    await sql.query(`update "${schema}".farside_change set xid = '900000000000'`);
    await sql.query(`update "${schema}".farside_epoch set incarnation = 'another'`);
    one = postgresStore({ connectionString, schema, connections: 4 });
    await one.open(types);
    expect(ids((await pull(one, null)).rows)).toEqual(['a']);
    await put(one, todo('b'));
    expect(ids((await pull(one, null)).rows)).toEqual(['a', 'b']);
  });

  it('a process that merely starts again goes on', async () => {
    await put(one, todo('a'));
    const { next } = await pull(one, null);
    await one.close();
    one = postgresStore({ connectionString, schema, connections: 4 });
    await one.open(types);
    await put(one, todo('b'));
    const page = await pull(one, next);
    expect([page.reset, ids(page.rows)]).toEqual([false, ['b']]);
  });
});
