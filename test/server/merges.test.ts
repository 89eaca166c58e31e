import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tick } from '../../schema/hybrid-clock.ts';
import { MANUAL } from '../../schema/merge.ts';
import { compareVersions } from '../../schema/version.ts';
import { createOfflineSchema, sqliteStore, useOffline } from '../../server/index.ts';
import { createWorld, engines, type Options } from './world.ts';

const { stores, remove, file } = engines();
afterAll(remove);

const NOON = Date.UTC(2026, 0, 1, 12);

describe.each(stores)('merges on %s', (_, makeStore) => {
  let world: ReturnType<typeof createWorld>;
  let next = 1;
  let now = NOON;
  const open = (options: Options = {}, store = makeStore()) => {
    next = 1;
    now = NOON;
    world = createWorld(store, { now: () => now, ...options });
  };
  beforeEach(() => open());
  afterEach(() => world.store.close());

  type Entry = { readonly base?: object; readonly clock?: string; readonly client?: string };
  const send = async (kind: string, type: string, fields: string, input: object, { client = 'c1', ...entry }: Entry = {}) => {
    const query = `mutation ($i: ${kind}${type}Input!) { r: ${kind.toLowerCase()}${type}(input: $i) { __typename
      ... on ${kind}${type}Payload { mergedFields row: ${type.toLowerCase()} { ${fields} _version } }
      ... on ${type}Conflict { conflict: code currentVersion conflictingFields server { ${fields} _version } }
      ... on MutationRejected { code field } } }`;
    const answer = await world.deliver(query, { r: { id: next++, ...entry } }, { variables: { i: input }, client });
    expect(answer.errors).toBeUndefined();
    return { ...(answer.data?.r as Record<string, unknown>), outcome: answer.outcomes.r } as Record<string, unknown> & {
      row?: Record<string, unknown>;
    };
  };
  const create = (fields: object = {}, entry?: Entry) =>
    send('Create', 'Todo', 'title latest body', { id: 't', title: 'Milk', tags: [], ...fields }, entry);
  const update = (version: unknown, fields: object, entry?: Entry) =>
    send('Update', 'Todo', 'title latest body', { id: 't', _version: version, ...fields }, entry);
  const at = (minutes: number, who = 'phone') => tick(null, NOON + minutes * 60_000, who);

  describe('LAST_WRITE_WINS', () => {
    it('the later edit stands, whichever arrives first', async () => {
      await create({ latest: 'a' }, { clock: at(-90) });
      expect(await update(1, { latest: 'late' }, { base: { latest: 'a' }, clock: at(-10) })).toMatchObject({
        row: { latest: 'late', _version: 2 },
      });
      const loses = await update(1, { latest: 'early' }, { base: { latest: 'a' }, clock: at(-60, 'tablet'), client: 'c2' });
      expect(loses).toMatchObject({ outcome: 'applied', mergedFields: ['latest'], row: { latest: 'late', _version: 2 } });
      const wins = await update(1, { latest: 'last' }, { base: { latest: 'a' }, clock: at(-5, 'tablet'), client: 'c2' });
      expect(wins).toMatchObject({ outcome: 'applied', mergedFields: ['latest'], row: { latest: 'last', _version: 3 } });
    });

    it('is decided by the edit also when a rebase names the newest version', async () => {
      await create({ latest: 'a' }, { clock: at(-90) });
      await update(1, { latest: 'late' }, { base: { latest: 'a' }, clock: at(-10) });
      expect(await update(2, { latest: 'early' }, { base: { latest: 'a' }, clock: at(-60) })).toMatchObject({ row: { latest: 'late' } });
      // But whoever saw what is there, and changes it, changes it, whatever time it is on that device.
      expect(await update(2, { latest: 'seen' }, { base: { latest: 'late' }, clock: at(-900) })).toMatchObject({ row: { latest: 'seen' } });
      expect(await update(3, { latest: 'plain' })).toMatchObject({ row: { latest: 'plain', _version: 4 } });
    });

    it('remembers the later of two edits that made the same change, and writes no version for it', async () => {
      await create({ latest: 'a' }, { clock: at(-90) });
      await update(1, { latest: 'same' }, { base: { latest: 'a' }, clock: at(-60) });
      expect(await update(1, { latest: 'same' }, { base: { latest: 'a' }, clock: at(-10) })).toMatchObject({ row: { _version: 2 } });
      expect(await update(1, { latest: 'other' }, { base: { latest: 'a' }, clock: at(-30) })).toMatchObject({
        row: { latest: 'same', _version: 2 },
      });
    });

    it('a device from 2099 wins from its arrival on, not for ever', async () => {
      await create({ latest: 'a' }, { clock: at(-90) });
      await update(1, { latest: 'future' }, { base: { latest: 'a' }, clock: tick(null, Date.UTC(2099, 0), 'phone') });
      now += 60_000;
      expect(await update(1, { latest: 'honest' }, { base: { latest: 'a' }, clock: at(1, 'tablet') })).toMatchObject({
        row: { latest: 'honest' },
      });
    });

    it('ties go by client, the same on every server', async () => {
      await create({ latest: 'a' }, { clock: at(-90) });
      await update(1, { latest: 'b' }, { base: { latest: 'a' }, clock: at(-10, 'bbb') });
      expect(await update(1, { latest: 'c' }, { base: { latest: 'a' }, clock: at(-10, 'aaa') })).toMatchObject({ row: { latest: 'b' } });
      expect(await update(1, { latest: 'd' }, { base: { latest: 'a' }, clock: at(-10, 'ccc') })).toMatchObject({ row: { latest: 'd' } });
    });
  });

  describe('TEXT', () => {
    it('both edits hold where they do not overlap', async () => {
      await create({ body: 'buy milk and bread' });
      await update(1, { body: 'buy oat milk and bread' });
      expect(await update(1, { body: 'buy milk and rye bread' }, { base: { body: 'buy milk and bread' } })).toMatchObject({
        outcome: 'applied',
        mergedFields: ['body'],
        row: { body: 'buy oat milk and rye bread', _version: 3 },
      });
    });

    it('one that overlaps is a conflict, and nothing is written; nor is it without a base', async () => {
      await create({ body: 'milk' });
      await update(1, { body: 'oats' });
      const conflict = {
        outcome: 'conflict',
        conflict: 'VERSION_MISMATCH',
        conflictingFields: ['body'],
        server: { title: 'Milk', body: 'oats' },
      };
      expect(await update(1, { body: 'rice', title: 'Food' }, { base: { body: 'milk', title: 'Milk' } })).toMatchObject(conflict);
      expect(await update(1, { body: 'milk, salt' })).toMatchObject(conflict);
      expect(await world.todo('t')).toMatchObject({ body: 'oats', title: 'Milk', _version: 2 });
    });

    it('merges from the base also when a rebase names the newest version', async () => {
      await create({ body: 'one two' });
      await update(1, { body: 'ONE two' });
      expect(await update(2, { body: 'one TWO' }, { base: { body: 'one two' } })).toMatchObject({ row: { body: 'ONE TWO' } });
    });
  });

  describe('rules of the application', () => {
    it('see base, local and remote, of the field and of the entity, and decide over the schema', async () => {
      await world.store.close();
      const seen: unknown[] = [];
      open({
        conflict: {
          Todo: {
            title: (base, local, remote, { typename, field, entity }) => {
              seen.push({ base, local, remote, typename, field, note: entity.remote.note, given: entity.local });
              return `${local} & ${remote}`;
            },
            done: () => MANUAL,
            '*': 'SERVER_WINS',
          },
        },
      });
      await create({ note: 'n', done: false });
      await update(1, { title: 'Oats', done: true, body: 'theirs' });
      expect(await update(1, { title: 'Rice', body: 'mine' }, { base: { title: 'Milk' } })).toMatchObject({
        outcome: 'applied',
        mergedFields: ['title', 'body'],
        row: { title: 'Rice & Oats', body: 'theirs' },
      });
      expect(seen).toEqual([
        {
          base: 'Milk',
          local: 'Rice',
          remote: 'Oats',
          typename: 'Todo',
          field: 'title',
          note: 'n',
          given: { title: 'Rice', body: 'mine' },
        },
      ]);
      expect(await update(1, { done: null }, { base: { done: false } })).toMatchObject({
        conflict: 'VERSION_MISMATCH',
        conflictingFields: ['done'],
      });
    });
  });

  describe('version kinds', () => {
    const part = (kind: string, input: object, entry?: Entry) => send(kind, 'Part', 'name price', input, entry);
    const reading = (kind: string, input: object, entry?: Entry) => send(kind, 'Reading', 'value unit', input, entry);

    it('HYBRID_CLOCK: the time of the change, rising also when the clock is set back; conflicts per field as ever', async () => {
      const first = (await reading('Create', { id: 'r', value: 1 })).row?._version as string;
      expect(first).toBe(`${NOON.toString(16).padStart(12, '0')}-00000001-main`);
      now -= 3_600_000;
      const second = (await reading('Update', { id: 'r', _version: first, value: 2 })).row?._version as string;
      expect(compareVersions('HYBRID_CLOCK', first, second)).toBe('before');
      expect(await reading('Update', { id: 'r', _version: first, unit: 'kg' })).toMatchObject({ outcome: 'applied' });
      const conflict = await reading('Update', { id: 'r', _version: first, value: 3 });
      expect(conflict).toMatchObject({ outcome: 'conflict', conflictingFields: ['value'], server: { value: 2, unit: 'kg' } });
      expect(await reading('Update', { id: 'r', _version: conflict.currentVersion, value: 3 })).toMatchObject({ row: { value: 3 } });
    });

    it('HYBRID_CLOCK: outlives deletes, and tombstones', async () => {
      const first = (await reading('Create', { id: 'r' })).row?._version as string;
      const gone = (await reading('Delete', { id: 'r', _version: first })).row?._version as string;
      await world.store.write((tx) => tx.collectTombstones('9999-01-01T00:00:00.000Z'));
      now -= 3_600_000;
      const again = (await reading('Create', { id: 'r' })).row?._version as string;
      expect(compareVersions('HYBRID_CLOCK', gone, again)).toBe('before');
    });

    it('refuses a version of another kind, and one that it has not given out', async () => {
      await reading('Create', { id: 'r', value: 1 });
      for (const version of [1, 'main:1', 'x', `${(NOON + 1).toString(16).padStart(12, '0')}-00000001-main`])
        expect(await reading('Update', { id: 'r', _version: version, value: 2 })).toMatchObject({
          code: 'BAD_USER_INPUT',
          field: ['_version'],
        });
      expect(await update(1, { title: 'x' })).toMatchObject({ conflict: 'DELETED' });
    });

    it('VERSION_VECTOR: a write from what another authority gave out is concurrent, and merged by field', async () => {
      await part('Create', { id: 'p', name: 'bolt', price: 1 });
      expect(await part('Update', { id: 'p', _version: 'main:1', price: 2 })).toMatchObject({ row: { _version: 'main:2' } });
      // Oslo has seen main:1 and gone on from there.
      const base = { price: 1, name: 'bolt' };
      expect(await part('Update', { id: 'p', _version: 'main:1,oslo:1', name: 'nut' }, { base })).toMatchObject({
        outcome: 'applied',
        mergedFields: [],
        row: { name: 'nut', price: 2, _version: 'main:3' },
      });
      expect(await part('Update', { id: 'p', _version: 'main:1,oslo:1', price: 9 }, { base, clock: at(-60) })).toMatchObject({
        mergedFields: ['price'],
        row: { price: 2 },
      });
      // What this authority has not given out, nobody else can have seen.
      expect(await part('Update', { id: 'p', _version: 'main:9', price: 9 })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: ['_version'],
      });
    });

    it('travels through sync and lists as it is', async () => {
      await part('Create', { id: 'p' });
      await reading('Create', { id: 'r' });
      const { data } = await world.send({
        query: '{ sync { changes { id _version } } parts(orderBy: [{ field: _version }]) { nodes { _version } } }',
      });
      expect(data).toMatchObject({
        sync: { changes: [{ _version: 'main:1' }, { _version: expect.stringMatching(/-main$/) }] },
        parts: { nodes: [{ _version: 'main:1' }] },
      });
    });
  });

  it('names the option that is wrong', () => {
    const identify = () => null;
    const store = world.store;
    expect(() => useOffline({ store, identify, authority: 'a:b' })).toThrow(/option authority/);
    expect(() => useOffline({ store, identify, conflict: { Todo: { title: 'NEWEST' as 'TEXT' } } })).toThrow(/conflict\.Todo\.title.*TEXT/);
    expect(() => useOffline({ store, identify, limits: { clockToleranceMs: -1 } })).toThrow(/limits\.clockToleranceMs/);
  });
});

it.runIf(stores.some(([name]) => name === 'sqlite'))('a type does not change its kind of version over its data', async () => {
  const typeDefs = (by: string) => `type Todo @versioned(by: ${by}) { id: ID! }`;
  const path = file();
  for (const [by, expected] of [
    ['HYBRID_CLOCK', null],
    ['HYBRID_CLOCK', null],
    ['COUNTER', 'STORE_INCOMPATIBLE'],
    ['VERSION_VECTOR', 'STORE_INCOMPATIBLE'],
  ] as const) {
    const store = sqliteStore({ file: path });
    createOfflineSchema({ typeDefs: typeDefs(by), store });
    const ended = await store.ready().then(
      () => null,
      (error: { code: string }) => error.code,
    );
    expect(ended).toBe(expected);
    await store.close();
  }
});
