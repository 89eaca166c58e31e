import { afterEach, describe, expect, it } from 'vitest';
import { createWorld, type Tab, type World } from '../../harness/world.ts';

let world: World;
afterEach(() => world?.close());

/** So many todos at the server. */
const fill = (from: number, to: number): Promise<void> =>
  world.store.write(async (transaction) => {
    for (let index = from; index < to; index++) {
      transaction.beginUnit();
      const row = { __typename: 'Todo', id: `t${index}`, title: 'a', done: false, note: null, tags: [], votes: 0, listId: null };
      const own = { _version: 1, _lastChangedAt: '2026-05-01T12:00:00.000Z', _deleted: false };
      await transaction.put('Todo', { row: { ...row, ...own }, fieldVersions: { '*': 1 } });
    }
  });
/** What `status.syncing` becomes, each value once. */
const follow = (tab: Tab): readonly (number | null)[] => {
  const seen: (number | null)[] = [];
  tab.offline.status.subscribe(() => {
    const { syncing } = tab.offline.status.get();
    if (seen.at(-1) !== syncing) seen.push(syncing);
  });
  return seen;
};

describe('status.syncing', () => {
  it('counts what a pull of many pages has brought, page by page, and is null again when it is done', async () => {
    world = await createWorld();
    await fill(0, 1700);
    const tab = await world.device('ada').open();
    const seen = follow(tab);
    expect(await tab.offline.sync.pull()).toMatchObject({ pages: 4, changes: 1700 });
    expect(seen).toEqual([500, 1000, 1500, null]);
  });

  it('says nothing of a pull of one page', async () => {
    world = await createWorld();
    await fill(0, 20);
    const tab = await world.device('ada').open();
    const seen = follow(tab);
    await tab.offline.sync.pull();
    expect(seen).toEqual([null]);
  });

  it('is null when a page is refused in the middle; what came stays, and the next pull brings the rest', async () => {
    world = await createWorld();
    await fill(0, 1700);
    const device = world.device('ada');
    const tab = await device.open();
    const seen = follow(tab);
    device.network.next(null, null, { kind: 'status', status: 403 });
    await expect(tab.offline.sync.pull()).rejects.toThrow();
    expect(seen).toEqual([500, 1000, null]);
    expect(await tab.offline.sync.pull()).toMatchObject({ changes: 700 });
    expect(seen).toEqual([500, 1000, null, 500, null]);
  });
});
