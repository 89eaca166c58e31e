import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { collectGarbage } from '../../server/index.ts';
import { createHints, listenToAll } from '../../server/sync/live.ts';
import { createWorld, engines } from './world.ts';

const { stores, remove } = engines();
afterAll(remove);

interface Page {
  readonly changes: readonly { readonly __typename: string; readonly id: string; readonly _version: number }[];
  readonly tombstones: readonly { readonly typename: string; readonly id: string; readonly _version: number; readonly reason: string }[];
  readonly cursor: string;
  readonly hasMore: boolean;
  readonly reset: boolean;
}

describe.each(stores)('delta sync on %s', (engine, makeStore) => {
  let world: ReturnType<typeof createWorld>;
  beforeEach(() => {
    world = createWorld(makeStore());
  });
  afterEach(() => world.store.close());

  const SYNC =
    'query ($since: SyncCursor, $types: [String!], $limit: Int) { sync(since: $since, types: $types, limit: $limit) { changes { __typename id _version } tombstones { typename id _version reason } cursor hasMore reset } }';
  const sync = (variables: object) => world.send({ query: SYNC, variables });
  const pull = async (since: string | null, more: object = {}) => (await sync({ since, ...more })).data?.sync as unknown as Page;
  const add = (...ids: string[]) =>
    world.send({
      query: `mutation { ${ids.map((id) => `${id}: createTodo(input: { id: "${id}", title: "x", tags: [] }) { __typename }`).join(' ')} }`,
    });

  it('a first sync pages through everything, types mixed, each entity once', async () => {
    await add('a', 'b', 'c');
    await world.send({ query: 'mutation { createSite(input: { id: "s", name: "S" }) { __typename } }' });
    await world.send({ query: 'mutation { updateTodo(input: { id: "a", _version: 1, title: "y" }) { __typename } }' });
    const first = await pull(null, { limit: 2 });
    const second = await pull(first.cursor, { limit: 2 });
    expect([first.hasMore, second.hasMore, first.reset, second.reset]).toEqual([true, false, false, false]);
    expect([...first.changes, ...second.changes].map(({ __typename, id, _version }) => `${__typename} ${id} ${_version}`)).toEqual([
      'Todo b 1',
      'Todo c 1',
      'Site s 1',
      'Todo a 2',
    ]);
    expect(await pull(second.cursor)).toMatchObject({ changes: [], tombstones: [], cursor: second.cursor, hasMore: false });
  });

  it('create, delete, sync: a tombstone, not a row', async () => {
    const { cursor } = await pull(null);
    await add('a');
    await world.send({ query: 'mutation { deleteTodo(input: { id: "a", _version: 1 }) { __typename } }' });
    expect(await pull(cursor)).toMatchObject({ changes: [], tombstones: [{ typename: 'Todo', id: 'a', _version: 2, reason: 'DELETED' }] });
  });

  it('what one mutation wrote is in one page, whatever the limit', async () => {
    await add('a');
    // Each root field is a unit of its own, so a batch may be split; the rows of a hand-written mutation may not.
    await world.send({ query: 'mutation { both: act(id: "x", how: "pair") { value } }' });
    const page = await pull(null, { limit: 2 });
    expect(page.changes.map(({ id }) => id)).toEqual(['a', 'x', 'x-twin']);
  });

  it('a page holds about as many bytes as it may', async () => {
    const small = createWorld(makeStore(), { limits: { pageBytes: 500 } });
    for (const id of ['a', 'b', 'c', 'd', 'e'])
      await small.send({ query: `mutation { createTodo(input: { id: "${id}", title: "x", tags: [] }) { __typename } }` });
    const page = async (): Promise<Page> => (await small.send({ query: SYNC, variables: {} })).data?.sync as unknown as Page;
    expect((await page()).changes.length).toBeLessThan(4);
    // While a transaction of somebody else's is open, none of it may be behind a reader yet.
    await vi.waitFor(async () => expect(await page()).toMatchObject({ hasMore: true }), 10_000);
    await small.store.close();
  });

  it('collectGarbage forgets deletions that are old enough, and readers from before begin anew', async () => {
    await add('a');
    const { cursor } = await pull(null);
    await world.send({ query: 'mutation { deleteTodo(input: { id: "a", _version: 1 }) { __typename } }' });
    const now = () => Date.now() + 1000;
    expect(await collectGarbage(world.store, { tombstonesOlderThanMs: 60_000, now })).toEqual({ tombstones: 0, leases: 0 });
    expect(await collectGarbage(world.store, { tombstonesOlderThanMs: 0, now })).toEqual({ tombstones: 1, leases: 0 });
    expect(await pull(cursor)).toMatchObject({ reset: true, changes: [], tombstones: [] });
    await expect(collectGarbage(world.store, { tombstonesOlderThanMs: -1 })).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });

  it('what was rolled back is in no page', async () => {
    const { cursor } = await pull(null);
    await world.send({ query: 'mutation { act(id: "t", how: "crash") { value } }' });
    expect(await pull(cursor)).toMatchObject({ changes: [], cursor });
  });

  it('only the types asked for', async () => {
    await add('a');
    expect(await pull(null, { types: ['Site'] })).toMatchObject({ changes: [], hasMore: false });
    expect((await sync({ types: ['Nope'] })).errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });

  it.each(['', 'x', 'WzFd', Buffer.from('["e"]').toString('base64url'), Buffer.from('[1,2]').toString('base64url')])(
    'a cursor that is none of ours is refused: %s',
    async (since) => {
      expect((await sync({ since })).errors?.[0]?.extensions?.code).toBe('BAD_CURSOR');
    },
  );

  it('a cursor of another history, or from the future, begins again', async () => {
    await add('a');
    for (const cursor of [
      ['another', '0'],
      [(await world.store.reads.head()).epoch, '999'],
    ]) {
      expect(await pull(Buffer.from(JSON.stringify(cursor)).toString('base64url'))).toMatchObject({ reset: true, changes: [{ id: 'a' }] });
    }
  });

  it.each([0, -1, 1001])('a limit of %i is bad input', async (limit) => {
    expect((await sync({ limit })).errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });

  describe('hints', () => {
    it('come at once, then with commits of their types, the newest only, with the cursor that a pull gives', async () => {
      const hints = createHints(listenToAll(world.store, ['Todo']));
      expect((await hints.next()).value).toEqual({ syncHint: { cursor: (await pull(null)).cursor } });
      await world.send({ query: 'mutation { createSite(input: { id: "s", name: "S" }) { __typename } }' });
      const waiting = hints.next();
      await add('a');
      expect((await waiting).value.syncHint.cursor).toBe((await pull(null)).cursor);
      await add('b');
      await add('c');
      const newest = (await pull(null)).cursor;
      const told: string[] = [];
      while (told.at(-1) !== newest) told.push((await hints.next()).value.syncHint.cursor);
      // From another process they come as they come.
      expect(told.length).toBeLessThanOrEqual(engine === 'postgres' ? 2 : 1);
      const last = hints.next();
      await hints.return?.();
      expect(await last).toEqual({ done: true, value: undefined });
    });

    it('reach a subscriber as an event stream', async () => {
      const url = `http://farside.test/graphql?query=${encodeURIComponent('subscription { syncHint { cursor } }')}`;
      const response = await world.yoga.fetch(url, { headers: { accept: 'text/event-stream', 'x-user': 'ann' } });
      const reader = response.body?.getReader();
      const cursor = (await pull(null)).cursor;
      let text = '';
      while (!text.includes(cursor)) text += new TextDecoder().decode((await reader?.read())?.value);
      expect(text).toContain(`{"data":{"syncHint":{"cursor":"${cursor}"}}}`);
      await reader?.cancel();
    });

    it('are for those who may read something of what was written, or could before', async () => {
      await world.store.close();
      world = createWorld(makeStore(), { authorize: ({ user, row }) => row.mine == null || row.mine === user.id });
      const run = async (mutation: string) =>
        expect((await world.send({ query: `mutation { ${mutation} { __typename } }` })).errors).toBeUndefined();
      const create = (id: string, more = '') => run(`createTodo(input: { id: "${id}", title: "x", tags: []${more} })`);
      const listen = async (user: string, types = '') => {
        const query = encodeURIComponent(`subscription { syncHint${types} { cursor } }`);
        const headers = { accept: 'text/event-stream', 'x-user': user };
        const reader = (await world.yoga.fetch(`http://farside.test/graphql?query=${query}`, { headers })).body?.getReader();
        let text = '';
        const told = () => text.split('"cursor"').length - 1;
        const until = async (count: number): Promise<void> => {
          while (told() < count) text += new TextDecoder().decode((await reader?.read())?.value);
        };
        await until(1);
        const last = () => text.match(/"cursor":"([^"]+)"/g)?.at(-1);
        return { until, told, last, end: () => reader?.cancel() };
      };
      const [ann, eve, sites] = [await listen('ann'), await listen('eve'), await listen('ann', '(types: ["Site"])')];
      let count = 1;
      /** One is told of what two are asked about. */
      const heard = async (mutation: Promise<unknown>): Promise<void> => {
        await mutation;
        count += 1;
        await ann.until(count);
      };
      const andTold = async (who: typeof eve, times: number): Promise<void> => {
        await who.until(times);
        // Of this commit, and of so few before.
        expect([who.told(), who.last()]).toEqual([times, ann.last()]);
      };
      await heard(create('hers', ', mine: "ann"'));
      await heard(run('updateTodo(input: { id: "hers", _version: 1, title: "y" })'));
      await heard(run('deleteTodo(input: { id: "hers", _version: 2 })'));
      await heard(create('ours'));
      await andTold(eve, 2);
      await heard(run('updateTodo(input: { id: "ours", _version: 1, mine: "ann" })'));
      await andTold(eve, 3);
      await heard(run('updateTodo(input: { id: "ours", _version: 2, title: "z" })'));
      await heard(create('also ours'));
      await andTold(eve, 4);
      await heard(run('createSite(input: { id: "s", name: "S" })'));
      await andTold(sites, 2);
      await andTold(eve, 5);

      // Where it cannot be found out a hint too many is better than one too few.
      vi.spyOn(world.store.reads, 'changes').mockRejectedValueOnce(new Error('no'));
      await heard(create('unknown', ', mine: "ann"'));
      await andTold(eve, 6);
      await heard(create('hers again', ', mine: "ann"'));
      await heard(create('ours again'));
      await andTold(eve, 7);
      await heard(run('createSite(input: { id: "t", name: "T" })'));
      await andTold(sites, 3);
      for (const each of [ann, eve, sites]) await each.end();
    });

    it('strangers get none', async () => {
      const url = `http://farside.test/graphql?query=${encodeURIComponent('subscription { syncHint { cursor } }')}`;
      const response = await world.yoga.fetch(url, { headers: { accept: 'text/event-stream' } });
      expect(await response.text()).toContain('UNAUTHENTICATED');
    });
  });
});
