import { afterEach, expect, test } from 'vitest';
import { createWorld, type Tab, type World } from '../../harness/world.ts';
import { CREATE, LISTS } from '../list-documents.ts';

let world: World;
afterEach(() => world.close());

const shown = (tab: Tab): readonly string[] =>
  tab.cache.readQuery<{ lists: { nodes: readonly { name: string }[] } }>({ query: LISTS }, true)?.lists.nodes.map(({ name }) => name) ?? [];

test('a result that lay on the disk longer than what it brought does not bring that back', async () => {
  world = await createWorld();
  const device = world.device('ada');
  const outbox = { ...device.disks.outbox, remove: () => Promise.reject(new Error('the disk does not write')) };
  const before = await device.open({ storage: { outbox, cache: device.disks.cache } });
  await before.client.query({ query: LISTS });
  await before.offline.sync.pull();
  await before.offline.mutate({ mutation: CREATE, variables: { input: { id: 'a', name: 'mine' } } });
  await world.clock.advance(1_000);
  await before.offline.sync.pull();
  expect(shown(before)).toEqual(['mine']);
  await world.query('mutation { deleteList(input: { id: "a", _version: 1 }) { __typename } }');
  await before.offline.sync.pull();
  expect(shown(before)).toEqual([]);
  // Nothing is left of it, not even that it was deleted.
  before.cache.gc();
  await before.close();
  expect((await device.disks.outbox.entries('')).filter(([key]) => key.includes('record/'))).toHaveLength(1);

  const after = await device.open();
  await after.offline.sync.pull();
  expect(shown(after)).toEqual([]);
  expect(after.events).toMatchObject([{ code: 'SYNC_HISTORY_LOST' }]);
});
