import * as fc from 'fast-check';
import { createYoga } from 'graphql-yoga';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Commit,
  createOfflineSchema,
  type MappedTables,
  type OfflineContext,
  type OfflineResolvers,
  type Store,
  useOffline,
  type WritePayload,
} from '../../server/index.ts';

/** A database with tables that an old program made and goes on writing, and stores on it. */
export interface OldDatabase {
  /** The name of a table wherever it is said. */
  name(table: string): string;
  /** As the old program: without the store. */
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  store(options?: { readonly tables?: MappedTables; readonly migrate?: boolean }): Store;
  migrationSql(typeDefs: string, tables?: MappedTables): Promise<string>;
}

const typeDefs = /* GraphQL */ `
  enum Size { SMALL LARGE }
  type Place @versioned { id: ID!  name: String! }
  type Task @versioned {
    id: ID!
    title: String!
    done: Boolean
    size: Size
    labels: [String!]! @merge(strategy: SET_UNION)
    latest: String @merge(strategy: LAST_WRITE_WINS)
    due: DateTime
    place: Place
  }
  type Note @versioned { id: ID!  text: String }
  extend type Mutation { finish(id: ID!, note: String!): Task }
`;
const TABLES: MappedTables = {
  Place: { table: 'places', key: 'place_no' },
  Task: { table: 'tasks', key: 'task_id', columns: { title: 'name', done: 'is_done', placeId: 'place_no' } },
};
/** Both engines understand it; `owner` is nobody's business but the old program's. */
export const OLD_TABLES = (text: string, instant: string): string => `
  create table places (place_no integer primary key, name ${text} not null);
  create table tasks (
    task_id ${text} primary key not null, owner ${text} not null default 'nobody', name ${text} not null, is_done boolean, size ${text},
    labels ${text}, latest ${text}, due ${instant}, place_no integer references places on delete cascade, rank integer check (rank < 100)
  );
  insert into places (place_no, name) values (7, 'Oslo');
  insert into tasks (task_id, name, is_done, size, labels, due, place_no) values ('t', 'old', false, 'SMALL', '["a"]', '2026-05-01T12:00:00.000Z', 7);
`;

interface Answer {
  readonly data?: Readonly<Record<string, Record<string, unknown> | null>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
}
interface Page {
  readonly changes: readonly Readonly<Record<string, unknown>>[];
  readonly tombstones: readonly Readonly<Record<string, unknown>>[];
  readonly cursor: string;
  readonly reset: boolean;
}

/** What both SQL engines promise of tables that other programs write. `make`: a new database in which {@link OLD_TABLES} were made. */
export function mappedTablesContract(name: string, make: () => Promise<OldDatabase>): void {
  describe(`Tables of another program: ${name}`, () => {
    let old: OldDatabase;
    let store: Store;
    let send: (query: string, user?: string, base?: object) => Promise<Answer>;
    beforeEach(async () => {
      old = await make();
      store = old.store({ tables: TABLES, migrate: true });
      send = serve(store, old.name);
      await store.ready();
    });
    afterEach(() => store.close());

    const pull = async (since: string | null, user = 'ann'): Promise<Page> => {
      const answer = await send(
        `{ sync${since === null ? '' : `(since: "${since}")`} { cursor reset hasMore tombstones { typename id reason _version }
           changes { __typename id _version ... on Task { title done size labels latest due place { id } } ... on Place { name } } } }`,
        user,
      );
      expect(answer.errors).toBeUndefined();
      return answer.data?.sync as unknown as Page;
    };
    const task = async (fields = 'title _version', id = 't') => (await send(`{ task(id: "${id}") { ${fields} } }`)).data?.task ?? null;
    const update = (input: string, base?: object, user?: string) =>
      send(
        `mutation { updateTask(input: { id: "t", ${input} }) {
          ... on UpdateTaskPayload { task { title _version } mergedFields }
          ... on TaskConflict { conflictCode: code currentVersion conflictingFields server { title done } }
          ... on MutationRejected { rejectedCode: code message } } }`,
        user,
        base,
      ).then((answer) => answer.data?.updateTask ?? answer);

    it('what was there before is there, by the names of the schema, and is in the first page', async () => {
      expect(await task('id title done size labels due place { id name } _version _deleted')).toEqual({
        id: 't',
        title: 'old',
        done: false,
        size: 'SMALL',
        labels: ['a'],
        due: '2026-05-01T12:00:00.000Z',
        place: { id: '7', name: 'Oslo' },
        _version: 1,
        _deleted: false,
      });
      const page = await pull(null);
      expect(page.changes.map(({ id }) => id).sort()).toEqual(['7', 't']);
      const list = await send(
        '{ tasks(filter: { title: { contains: "OL" }, placeId: { eq: "7" }, done: { eq: false } }) { nodes { id } totalCount } }',
      );
      expect(list.data?.tasks).toEqual({ nodes: [{ id: 't' }], totalCount: 1 });
    });

    it('the story: an old program writes, a client gets it by delta, and its stale edit conflicts in the same field alone', async () => {
      const { cursor } = await pull(null);
      await old.run(`update tasks set name = 'by the old program' where task_id = 't'`);
      const page = await pull(cursor);
      expect(page).toMatchObject({ reset: false, tombstones: [], changes: [{ id: 't', title: 'by the old program', _version: 2 }] });
      expect(page.changes).toHaveLength(1);
      expect(await update('_version: 1, title: "mine"')).toEqual({
        conflictCode: 'VERSION_MISMATCH',
        currentVersion: 2,
        conflictingFields: ['title'],
        server: { title: 'by the old program', done: false },
      });
      expect(await update('_version: 1, done: true')).toEqual({ task: { title: 'by the old program', _version: 3 }, mergedFields: [] });
      expect(await old.rows(`select name, owner from tasks where is_done`)).toEqual([{ name: 'by the old program', owner: 'nobody' }]);
      expect(await pull(page.cursor)).toMatchObject({ changes: [{ id: 't', done: true, _version: 3 }] });
    });

    it('hints tell of its writes soon: the types, and where a pull finds them; nobody is told who does not listen', async () => {
      const { cursor } = await pull(null);
      const heard: Commit[] = [];
      const stop = store.onCommit((commit) => heard.push(commit));
      await old.run(`update tasks set name = 'theirs' where task_id = 't'`);
      await vi.waitFor(() => expect(heard).toHaveLength(1), { timeout: 10_000 });
      expect([...(heard[0]?.typenames ?? [])]).toEqual(['Task']);
      expect(heard[0]?.position).toEqual(await store.reads.head());
      expect(await pull(cursor)).toMatchObject({ changes: [{ id: 't', title: 'theirs' }] });
      // What is of no type here is no news.
      await old.run(`update tasks set owner = 'x' where task_id = 't'`);
      await old.run(`insert into places (place_no, name) values (8, 'Bergen')`);
      await vi.waitFor(() => expect(heard).toHaveLength(2), { timeout: 10_000 });
      expect([...(heard[1]?.typenames ?? [])]).toEqual(['Place']);
      stop();
      await old.run(`update tasks set name = 'more' where task_id = 't'`);
      const again = new Promise<Commit>((resolve) => store.onCommit(resolve));
      await old.run(`update places set name = 'Oslo!' where place_no = 7`);
      await again;
      expect(heard).toHaveLength(2);
    });

    it('its inserts and deletes are changes and tombstones, and versions outlive both', async () => {
      let { cursor } = await pull(null);
      await old.run(`insert into tasks (task_id, name, labels) values ('new', 'n', '[]')`);
      let page = await pull(cursor);
      expect(page.changes).toMatchObject([{ id: 'new', title: 'n', _version: 1 }]);
      await old.run(`update tasks set name = 'm' where task_id = 'new'`);
      cursor = (await pull(page.cursor)).cursor;
      await old.run(`delete from tasks where task_id = 'new'`);
      page = await pull(cursor);
      expect(page).toMatchObject({ changes: [], tombstones: [{ typename: 'Task', id: 'new', reason: 'DELETED', _version: 3 }] });
      expect(await task('id', 'new')).toBeNull();
      await old.run(`insert into tasks (task_id, name) values ('new', 'again')`);
      page = await pull(page.cursor);
      expect(page).toMatchObject({ tombstones: [], changes: [{ id: 'new', title: 'again', _version: 4, labels: [] }] });
    });

    it('a delete that cascades buries all of them', async () => {
      const { cursor } = await pull(null);
      await old.run('delete from places where place_no = 7');
      expect((await pull(cursor)).tombstones.map(({ typename, id }) => `${typename} ${id}`).sort()).toEqual(['Place 7', 'Task t']);
    });

    it('a new key is another entity', async () => {
      const { cursor } = await pull(null);
      await old.run(`update tasks set task_id = 'u' where task_id = 't'`);
      expect(await pull(cursor)).toMatchObject({
        tombstones: [{ id: 't', _version: 2 }],
        changes: [{ id: 'u', title: 'old', _version: 1 }],
      });
    });

    it('what is mapped to nothing changes nothing', async () => {
      const { cursor } = await pull(null);
      await old.run(`update tasks set owner = 'somebody', rank = 3`);
      expect((await pull(cursor)).changes).toEqual([]);
      expect(await task()).toMatchObject({ _version: 1 });
    });

    it('the store makes exactly one version of each write of its own, creates and deletes included', async () => {
      const create = await send(
        'mutation { createTask(input: { id: "c", title: "c", labels: ["x"], placeId: "7", due: "2026-01-02T03:04:05Z" }) { ... on CreateTaskPayload { task { _version } } } }',
      );
      expect(create.data?.createTask).toEqual({ task: { _version: 1 } });
      expect(await old.rows(`select name, place_no from tasks where task_id = 'c'`)).toEqual([{ name: 'c', place_no: 7 }]);
      expect(await task('due labels place { id } _version', 'c')).toEqual({
        due: '2026-01-02T03:04:05.000Z',
        labels: ['x'],
        place: { id: '7' },
        _version: 1,
      });
      expect(await update('_version: 1, title: "mine"')).toMatchObject({ task: { _version: 2 } });
      const { cursor } = await pull(null);
      const gone = await send(
        'mutation { deleteTask(input: { id: "t", _version: 2 }) { ... on DeleteTaskPayload { task { title _version _deleted } } } }',
      );
      expect(gone.data?.deleteTask).toEqual({ task: { title: 'mine', _version: 3, _deleted: true } });
      expect(await old.rows(`select * from tasks where task_id = 't'`)).toEqual([]);
      expect(await pull(cursor)).toMatchObject({ changes: [], tombstones: [{ id: 't', _version: 3 }] });
      const again = await send(
        'mutation { createTask(input: { id: "t", title: "again", labels: [] }) { ... on CreateTaskPayload { task { _version } } } }',
      );
      expect(again.data?.createTask).toEqual({ task: { _version: 4 } });
    });

    it('fields where the later edit wins know when the old program wrote', async () => {
      await old.run(`update tasks set latest = 'theirs' where task_id = 't'`);
      const edit = (clock: string) =>
        send('mutation { updateTask(input: { id: "t", _version: 1, latest: "mine" }) { __typename } }', 'ann', {
          clock,
          base: { latest: null },
        });
      const later = `${(Date.now() + 60_000).toString(16).padStart(12, '0')}-00000000-c`;
      await edit('000000000001-00000000-c');
      expect(await task('latest')).toEqual({ latest: 'theirs' });
      await edit(later);
      expect(await task('latest')).toEqual({ latest: 'mine' });
    });

    it('who may read is asked of what the old program wrote: a row that leaves its reader is out of scope', async () => {
      const { cursor } = await pull(null, 'eve');
      await old.run(`update tasks set name = 'secret' where task_id = 't'`);
      const page = await pull(cursor, 'eve');
      expect(page).toMatchObject({ changes: [], tombstones: [{ id: 't', reason: 'OUT_OF_SCOPE' }] });
      expect(await update('_version: 1, title: "mine"', undefined, 'eve')).toMatchObject({ conflictCode: 'DELETED', server: null });
      expect((await pull(cursor)).changes).toMatchObject([{ title: 'secret' }]);
      // What it was before is told of no more than what it is.
      await old.run(`delete from tasks where task_id = 't'`);
      expect((await pull(page.cursor, 'eve')).tombstones).toEqual([]);
    });

    it('a mutation of the application writes several entities and its own SQL in one transaction, or nothing', async () => {
      const { cursor } = await pull(null);
      expect(await send('mutation { finish(id: "t", note: "well done") { title done _version } }')).toMatchObject({
        data: { finish: { title: 'old', done: true, _version: 2 } },
      });
      expect(await old.rows(`select owner, rank from tasks where task_id = 't'`)).toEqual([{ owner: 'ann', rank: 9 }]);
      // A page of one is a page of all that was written together.
      const page = await send(`{ sync(since: "${cursor}", limit: 1) { changes { __typename id _version } } }`);
      const changes = (page.data?.sync as unknown as Page | undefined)?.changes ?? [];
      expect(changes.map(({ __typename }) => __typename).sort()).toEqual(['Note', 'Note', 'Place', 'Place', 'Task']);
      const failed = await send('mutation { finish(id: "t", note: "throw") { title } }');
      expect(failed.errors).toHaveLength(1);
      expect(await old.rows('select name from places order by place_no')).toEqual([{ name: 'Bergen' }, { name: 'Voss' }]);
      expect((await send('{ notes { totalCount } }')).data?.notes).toEqual({ totalCount: 2 });
    });

    it('what the rules of the table refuse is refused for good, and nothing is written', async () => {
      const answer = await send(
        'mutation { createTask(input: { id: "c", title: "c", labels: [], placeId: "7" }) { __typename } a: createPlace(input: { id: "no number", name: "x" }) { __typename } }',
      );
      expect(answer.data).toMatchObject({ createTask: { __typename: 'CreateTaskPayload' }, a: null });
      expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      await old.run('create unique index one_name on places (name)');
      const taken = await send('mutation { createPlace(input: { id: "8", name: "Oslo" }) { __typename } }');
      expect(taken).toMatchObject({ data: { createPlace: null }, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
      expect(await old.rows('select place_no from places')).toEqual([{ place_no: 7 }]);
      expect(await send('{ place(id: "07") { name } }')).toMatchObject({ data: { place: null } });
      expect(await send('{ place(id: "no number") { name } }')).toMatchObject({ data: { place: null } });
    });

    it('tombstones are collected, and versions stay above them', async () => {
      await old.run(`delete from tasks where task_id = 't'`);
      expect((await store.reads.statistics()).tombstones).toBe(1);
      const { cursor } = await pull(null);
      expect(await store.write((tx) => tx.collectTombstones('9999-01-01'))).toBe(1);
      expect((await store.reads.statistics()).tombstones).toBe(0);
      await old.run(`insert into tasks (task_id, name) values ('t', 'again')`);
      expect(await task()).toEqual({ title: 'again', _version: 3 });
      expect((await pull(cursor)).reset).toBe(false);
    });

    it('a store that starts again finds nothing to do, and what was written meanwhile', async () => {
      const { cursor } = await pull(null);
      await store.close();
      await old.run(`update tasks set name = 'meanwhile' where task_id = 't'`);
      expect(await old.migrationSql(typeDefs, TABLES)).toBe('');
      store = old.store({ tables: TABLES });
      send = serve(store, old.name);
      await store.ready();
      expect(await task()).toEqual({ title: 'meanwhile', _version: 2 });
      expect((await pull(cursor)).changes).toMatchObject([{ id: 't', title: 'meanwhile' }]);
    });

    it('however two programs and pulls interleave, versions only grow, no change is skipped, and nothing comes back', async () => {
      const id = fc.constantFrom('t', 'u', 'v');
      const value = fc.constantFrom('a', 'b', 'c');
      const step = fc.oneof(
        fc.record({
          by: fc.constant('old' as const),
          what: fc.constantFrom('insert', 'update', 'upsert', 'replace', 'delete', 'rename', 'touch'),
          id,
          value,
        }),
        fc.record({ by: fc.constant('store' as const), what: fc.constantFrom('create', 'update', 'delete'), id, value }),
        fc.record({ by: fc.constant('pull' as const), limit: fc.integer({ min: 1, max: 3 }) }),
      );
      const versions = new Map<string, number>();
      /** What a client has that only pulls. */
      const held = new Map<string, { readonly title: string; readonly _version: number }>();
      let cursor: string | null = null;
      const pullAll = async (limit: number): Promise<void> => {
        for (let more = true; more; ) {
          const since: string = cursor === null ? '' : `since: "${cursor}", `;
          const answer = await send(
            `{ sync(${since}types: ["Task"], limit: ${limit}) { cursor hasMore tombstones { id _version } changes { id _version ... on Task { title } } } }`,
          );
          const page = answer.data?.sync as unknown as Page & { readonly hasMore: boolean };
          const note = ({ id: of, _version }: Readonly<Record<string, unknown>>): void => {
            expect(_version, `version of ${of}`).toBeGreaterThanOrEqual(versions.get(String(of)) ?? 0);
            versions.set(String(of), Number(_version));
          };
          for (const change of page.changes) {
            note(change);
            held.set(String(change.id), change as { readonly title: string; readonly _version: number });
          }
          for (const tombstone of page.tombstones) {
            note(tombstone);
            held.delete(String(tombstone.id));
          }
          cursor = page.cursor;
          more = page.hasMore;
        }
      };
      /** One that fails (a key that is taken) has changed nothing. */
      const attempt = (sql: string): Promise<void> => old.run(sql).catch(() => undefined);
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
          for (const each of steps) {
            if (each.by === 'pull') await pullAll(each.limit);
            else if (each.by === 'store') {
              const seen = held.get(each.id)?._version ?? 1;
              const inputs = {
                create: `title: "${each.value}", labels: []`,
                update: `_version: ${seen}, title: "${each.value}"`,
                delete: `_version: ${seen}`,
              };
              const input = inputs[each.what as keyof typeof inputs];
              await send(`mutation { ${each.what}Task(input: { id: "${each.id}", ${input} }) { __typename } }`);
            } else {
              const where = `where task_id = '${each.id}'`;
              const row = `into tasks (task_id, name) values ('${each.id}', '${each.value}')`;
              if (each.what === 'insert') await attempt(`insert ${row}`);
              if (each.what === 'upsert') await attempt(`insert ${row} on conflict (task_id) do update set name = excluded.name`);
              // Where there is no such statement it fails.
              if (each.what === 'replace') await attempt(`insert or replace ${row}`);
              if (each.what === 'update') await attempt(`update tasks set name = '${each.value}' ${where}`);
              if (each.what === 'delete') await attempt(`delete from tasks ${where}`);
              if (each.what === 'rename') await attempt(`update tasks set task_id = '${each.value === 'a' ? 't' : 'u'}' ${where}`);
              if (each.what === 'touch') await attempt(`update tasks set name = name, owner = '${each.value}' ${where}`);
            }
          }
          await pullAll(2);
          const { tasks } = (await send('{ tasks { nodes { id title _version } } }')).data as unknown as {
            tasks: { nodes: { id: string }[] };
          };
          const rows = await old.rows('select task_id as id, name as title from tasks order by task_id');
          expect([...held].map(([of, { title }]) => ({ id: of, title })).sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(rows);
          expect(tasks.nodes).toEqual(
            [...held.values()].sort((a, b) => ((a as unknown as { id: string }).id < (b as unknown as { id: string }).id ? -1 : 1)),
          );
        }),
        { numRuns: 15 },
      );
    });

    describe('the migration', () => {
      let fresh: OldDatabase;
      beforeEach(async () => {
        fresh = await make();
      });
      const open = (tables: MappedTables, sdl = typeDefs): Promise<Error & { code?: string }> => {
        const opened = fresh.store({ tables });
        createOfflineSchema({ typeDefs: sdl.replace(/extend type Mutation.*/, ''), store: opened });
        return opened.ready().then(
          () => opened.close() as never,
          (error: unknown) => error as Error,
        );
      };

      it('is asked for before anything is touched, is text, and can be run by hand', async () => {
        expect(await open(TABLES)).toMatchObject({ code: 'STORE_NOT_MIGRATED', message: expect.stringContaining('migrate: true') });
        const sql = await fresh.migrationSql(typeDefs, TABLES);
        expect(sql).toContain('ADD COLUMN farside_version');
        await expect(fresh.rows('select * from farside_meta')).rejects.toThrow();
        await fresh.run(sql);
        expect(await fresh.migrationSql(typeDefs, TABLES)).toBe('');
        await fresh.run(`update tasks set name = 'before the first start'`);
        store = fresh.store({ tables: TABLES });
        send = serve(store, old.name);
        expect(await task()).toEqual({ title: 'before the first start', _version: 2 });
        expect((await pull(null)).changes.map(({ id }) => id).sort()).toEqual(['7', 't']);
      });

      it.each([
        ['STORE_TABLE_MISSING', 'nowhere', { Task: { table: 'nowhere' } }],
        ['STORE_COLUMN_MISSING', 'tasks.title', { Task: { table: 'tasks', key: 'task_id' } }],
        ['STORE_COLUMN_MISSING', 'tasks.id', { Task: { table: 'tasks' } }],
        ['STORE_INCOMPATIBLE', 'tasks.name', { Task: { ...TABLES.Task, columns: { ...TABLES.Task?.columns, done: 'name' } } }],
        ['STORE_INCOMPATIBLE', 'tasks.owner', { Task: { ...TABLES.Task, key: 'owner' } }],
        ['STORE_INCOMPATIBLE', 'not null', { Task: { ...TABLES.Task, columns: { ...TABLES.Task?.columns, title: 'latest' } } }],
        ['BAD_OPTION', 'Nobody', { Nobody: { table: 'tasks' } }],
        ['BAD_OPTION', 'colour', { Task: { ...TABLES.Task, columns: { colour: 'name' } } }],
      ] as unknown as readonly (readonly [string, string, MappedTables])[])('%s names %s', async (code, what, tables) => {
        expect(await open(tables)).toMatchObject({ code, message: expect.stringContaining(what) });
      });

      it('refuses versions that other programs could not make', async () => {
        const error = await open({ Place: TABLES.Place as never }, 'type Place @versioned(by: HYBRID_CLOCK) { id: ID!  name: String! }');
        expect(error).toMatchObject({ code: 'STORE_INCOMPATIBLE', message: expect.stringContaining('HYBRID_CLOCK') });
      });
    });
  });
}

/** A server on the store. `eve` may not see what is secret. */
function serve(store: Store, name: (table: string) => string) {
  const finish = async (_root: unknown, { id, note }: { id: string; note: string }, { offline }: OfflineContext) => {
    const row = await offline.read.get('Task', id);
    const written = await offline.write.update('Task', { id, _version: row?._version, done: true });
    await offline.write.create('Note', { text: note });
    const { run } = nativeOf(offline.write.native);
    await run(`update ${name('tasks')} set owner = 'ann', rank = 9 where task_id = 't'`);
    await run(`update ${name('places')} set name = 'Bergen'`);
    await run(`insert into ${name('places')} (place_no, name) values (8, 'Voss')`);
    await offline.write.create('Note', { text: 'second' });
    if (note === 'throw') throw new Error('no');
    return (written as WritePayload).task;
  };
  const schema = createOfflineSchema({ typeDefs, store, resolvers: { Mutation: { finish } } as unknown as OfflineResolvers<object> });
  const yoga = createYoga({
    schema,
    logging: false,
    plugins: [
      useOffline({
        store,
        identify: ({ request }: { request: Request }) => ({ id: request.headers.get('x-user') ?? '' }),
        authorize: ({ user, row }) => user.id !== 'eve' || row.title !== 'secret',
      }),
    ],
  });
  let id = 0;
  return async (query: string, user = 'ann', entry?: object): Promise<Answer> => {
    const mutations = entry ? { updateTask: { id: ++id, ...entry } } : {};
    const extensions = { offline: { protocol: 1, clientId: 'c', ackedThrough: 0, mutations } };
    const headers = { 'content-type': 'application/json', 'x-user': user };
    const body = JSON.stringify({ query, extensions });
    return (await yoga.fetch('http://farside.test/graphql', { method: 'POST', headers, body })).json();
  };
}

/** Kysely, as far as it is needed here. */
const nativeOf = (native: unknown) => ({
  run: (text: string) =>
    (native as { executeQuery(query: object): Promise<unknown> }).executeQuery({
      sql: text,
      parameters: [],
      query: { kind: 'RawNode' },
      queryId: {},
    }),
});
