import pg from 'pg';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { type PostgresNative, type PostgresStoreOptions, postgresStore, type Store, type TypeModel } from '../../../server/index.ts';
import { todo, types, value } from '../model.ts';
import { createSchemas } from '../postgres.ts';

const connectionString = inject('postgresUrl') ?? '';
const schemas = createSchemas(connectionString);
const opened: Store[] = [];
afterAll(async () => {
  await Promise.all(opened.map((store) => store.close()));
  await schemas.remove();
});
const open = async (options: PostgresStoreOptions, model: TypeModel = types): Promise<Store> => {
  const store = postgresStore({ connections: 4, retryForMs: 0, ...options });
  await store.open(model);
  opened.push(store);
  return store;
};
const refusal = (options: PostgresStoreOptions, model?: TypeModel) =>
  open(options, model).then(
    () => expect.unreachable('it opened'),
    (error: Error & { code: string }) => error,
  );
const at = (change: Partial<Record<'port' | 'username' | 'password' | 'pathname', string>>): string =>
  Object.assign(new URL(connectionString), change).href;
const sql = async (text: string): Promise<void> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(text);
  await client.end();
};

describe('a server that cannot be used', () => {
  it.each([
    ['that nobody listens at', () => at({ port: '1' }), 'STORE_UNREACHABLE', 'check host, port'],
    ['without such a database', () => at({ pathname: '/nowhere' }), 'STORE_UNREACHABLE', 'nowhere'],
    ['with another password', () => at({ password: 'wrong-secret' }), 'STORE_DENIED', 'check the connection string'],
    ['with another user', () => at({ username: 'nobody-here' }), 'STORE_DENIED', 'check the connection string'],
  ])('%s', async (_, url, code, says) => {
    const error = await refusal({ connectionString: url() });
    expect(error).toMatchObject({ code, message: expect.stringContaining(says) });
    expect(error.message).not.toContain(new URL(url()).password);
    expect(error.message).toContain(new URL(url()).host);
  });

  it('as a user without rights', async () => {
    const schema = schemas.newSchema();
    await sql(`create role ${schema} login password 'x'`);
    const error = await refusal({ connectionString: at({ username: schema, password: 'x' }), schema });
    await sql(`drop role ${schema}`);
    expect(error).toMatchObject({ code: 'STORE_DENIED', message: expect.stringContaining('grant it CREATE') });
  });

  it('that is too old', async () => {
    const pool = new pg.Pool({ connectionString });
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      Object.assign(client, {
        query: (...args: unknown[]) =>
          JSON.stringify(args[0]).includes('server_version_num')
            ? Promise.resolve({ rows: [{ version: 130014, shown: '13.14', encoding: 'UTF8' }] })
            : query(...args),
      });
    });
    const error = await refusal({ pool });
    expect(error).toMatchObject({ code: 'STORE_TOO_OLD', message: expect.stringContaining('got 13.14') });
    await pool.end();
  });

  it('says so again at every later call', async () => {
    const store = postgresStore({ connectionString: at({ port: '1' }), retryForMs: 0 });
    await expect(store.open(types)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
    await expect(store.write(async () => 1)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
    await store.close();
  });
});

describe('a schema of the database', () => {
  it('of a newer release is STORE_NEWER', async () => {
    const schema = schemas.newSchema();
    await open({ connectionString, schema });
    await sql(`update "${schema}".farside_meta set value = '99' where key = 'format'`);
    expect(await refusal({ connectionString, schema })).toMatchObject({ code: 'STORE_NEWER', message: expect.stringContaining('99') });
  });

  it('in which another application has a table of that name is STORE_FOREIGN, and left as it was', async () => {
    const schema = schemas.newSchema();
    await sql(`create schema "${schema}"; create table "${schema}"."Todo" (x int)`);
    expect(await refusal({ connectionString, schema })).toMatchObject({ code: 'STORE_FOREIGN', message: expect.stringContaining('Todo') });
    await sql(`drop table "${schema}"."Todo"`);
    await open({ connectionString, schema });
  });

  it('is made once by servers that start together', async () => {
    const schema = schemas.newSchema();
    const stores = await Promise.all(Array.from({ length: 5 }, () => open({ connectionString, schema })));
    expect(new Set(stores.map(({ epoch }) => epoch)).size).toBe(1);
    await Promise.all(stores.map((store, index) => store.write((tx) => tx.put('Todo', todo(`t${index}`)))));
    expect(await stores[0]?.reads.count('Todo', null)).toBe(5);
  });

  it('gains fields and types of the next release, while the one before still runs', async () => {
    const schema = schemas.newSchema();
    const before = await open({ connectionString, schema });
    await before.write((tx) => tx.put('Todo', todo('a')));
    const { Todo, Site } = types;
    const next: TypeModel = {
      Todo: {
        ...Todo,
        fields: { ...Todo.fields, due: value('due', 'DateTime'), photos: value('photos', 'String', { list: true, nullable: false }) },
      },
      Site,
      Person: Site,
    };
    const after = await open({ connectionString, schema }, next);
    expect((await after.reads.get('Todo', 'a'))?.row).toMatchObject({ due: null, photos: [] });
    await before.write((tx) => tx.put('Todo', todo('b')));
    expect((await before.reads.get('Todo', 'a'))?.row).not.toHaveProperty('due');
    expect(await before.reads.list('Todo', { filter: null, order: [], after: null, limit: 9 })).toHaveLength(2);
  });

  it.each([
    ['a field that is never null', value('due', 'DateTime', { nullable: false }), /Todo\.due.*make the field nullable/],
    ['another kind of a field', value('title', 'Int'), /Todo\.title: the database holds it as text/],
  ])('refuses %s, with the way out', async (_, field, message) => {
    const schema = schemas.newSchema();
    const before = await open({ connectionString, schema });
    await before.write((tx) => tx.put('Todo', todo('a')));
    const { Todo, Site } = types;
    const error = await refusal(
      { connectionString, schema },
      { Todo: { ...Todo, fields: { ...Todo.fields, [field.input]: field } }, Site },
    );
    expect(error).toMatchObject({ code: 'STORE_INCOMPATIBLE', message: expect.stringMatching(message) });
  });
});

describe('transactions', () => {
  it('hand out SQL of their own, which stays or goes with them and ends with them', async () => {
    const store = await open({ connectionString, schema: schemas.newSchema() });
    interface Tables {
      readonly pg_temp_notes: { readonly text: string };
    }
    let kept: PostgresNative<Tables> | undefined;
    const failing = store.write(async (tx) => {
      kept = tx.native as PostgresNative<Tables>;
      await kept.schema.createTable('pg_temp_notes').addColumn('text', 'text').execute();
      await kept.insertInto('pg_temp_notes').values({ text: 'x' }).execute();
      expect(await kept.selectFrom('pg_temp_notes').selectAll().execute()).toEqual([{ text: 'x' }]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await expect(kept?.selectFrom('pg_temp_notes').selectAll().execute()).rejects.toMatchObject({ code: 'TRANSACTION_CLOSED' });
    await store.write(async (tx) => {
      const part = tx.savepoint(async (inner) =>
        (inner.native as PostgresNative<Tables>).selectFrom('pg_temp_notes').selectAll().execute(),
      );
      await expect(part).rejects.toThrow('does not exist');
    });
  });

  it('a failed statement that was passed over outside of any part: nothing is committed, and the caller is told', async () => {
    const store = await open({ connectionString, schema: schemas.newSchema() });
    const written = store.write(async (tx) => {
      await tx.put('Todo', todo('a'));
      await (tx.native as PostgresNative<{ nowhere: object }>)
        .selectFrom('nowhere')
        .selectAll()
        .execute()
        .catch(() => undefined);
    });
    await expect(written).rejects.toThrow('nothing was committed');
    expect(await store.reads.get('Todo', 'a')).toBeNull();
  });

  it('a pool of the application stays open', async () => {
    const pool = new pg.Pool({ connectionString, max: 4 });
    const store = postgresStore({ pool, schema: schemas.newSchema() });
    await store.open(types);
    await store.write((tx) => tx.put('Todo', todo('a')));
    await store.close();
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });
});

describe('options', () => {
  it.each([
    [undefined, 'postgresStore: expected an options object, got nothing'],
    [{}, 'expected a connection string or a pool, one of the two, got nothing'],
    [{ connectionString: 'mysql://user:secret@host/db' }, 'expected postgres://user:password@host:port/database'],
    [{ pool: {} }, 'expected a Pool of the package pg'],
    [{ connectionString, schema: 'a"b' }, 'option schema: expected a name'],
    [{ connectionString, connections: 1 }, 'option connections: expected an integer from 4 to 1000, got 1'],
    [{ connectionString, retryForMs: -1 }, 'option retryForMs'],
    [{ connectionString, watchIntervalMs: -1 }, 'option watchIntervalMs'],
    [{ connectionString, url: 'x' }, 'got "url"; check its spelling'],
  ])('%#', (options, message) => {
    const making = () => postgresStore(options as never);
    expect(making).toThrow(expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining(message) }));
    expect(making).not.toThrow(/secret/);
  });
});
