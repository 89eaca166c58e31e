import { afterEach, expect, test } from 'vitest';
import { createWorld, type Device, type Tab, type World } from '../harness/world.ts';
import { CREATE, LISTS } from './list-documents.ts';

let world: World;
afterEach(() => world.close());

const create = (tab: Tab, name: string) => tab.offline.mutate({ mutation: CREATE, variables: { input: { id: name, name } } });

/** A device with two tabs that show something fetched and something pending. */
async function busyDevice(): Promise<{ readonly device: Device; readonly tabs: readonly [Tab, Tab] }> {
  world = await createWorld();
  const device = world.device('ada');
  const tabs = [await device.open(), await device.open()] as const;
  await (await create(tabs[0], 'sent')).settled;
  for (const tab of tabs) await tab.client.query({ query: LISTS, fetchPolicy: 'network-only' });
  device.setOnline(false);
  await create(tabs[0], 'waiting-0');
  await create(tabs[1], 'waiting-1');
  await world.clock.settle();
  expect(JSON.stringify(tabs[1].cache.readQuery({ query: LISTS }, true))).toContain('waiting-0');
  return { device, tabs };
}
const stored = async (tab: Tab, area: 'outbox' | 'cache', prefix: string) =>
  (await tab.disks[area].reload().entries(`user:ada/${prefix}`)).map(([key]) => key);

test.each(['keep', 'discard', 'flush'] as const)(
  'signing out (%s) leaves nothing of the user in memory, in any tab, and no cache on disk',
  async (pending) => {
    const { device, tabs } = await busyDevice();
    await tabs[0].client.query({ query: LISTS });
    const leaving = tabs[1].offline.signOut({ pending });
    await world.clock.advance(60_000);
    await leaving;
    for (const tab of tabs) {
      expect(tab.cache.extract(true)).toEqual({});
      expect(tab.cache.readQuery({ query: LISTS }, true)).toBe(null);
      expect(tab.offline.outbox.records()).toEqual([]);
      expect(tab.offline.conflicts.records()).toEqual([]);
      expect(tab.offline.status.get().pending).toBe(0);
    }
    const again = await device.open();
    expect(await stored(again, 'cache', '')).toEqual([]);
    expect(await stored(again, 'outbox', 'record/')).toHaveLength(pending === 'discard' ? 0 : 2);
    again.crash();
  },
);

test('what was kept goes out when its owner is back, and never as somebody else', async () => {
  const { device, tabs } = await busyDevice();
  await tabs[0].offline.signOut({ pending: 'keep' });
  await world.clock.advance(10_000);
  device.setOnline(true);

  const sent = device.network.log.length;
  const grace = await device.open({ owner: 'grace' });
  await world.clock.advance(60_000);
  await grace.offline.outbox.flush();
  expect(grace.offline.outbox.records()).toEqual([]);
  expect(device.network.log.slice(sent).filter(({ body }) => (body as { operationName?: string }).operationName === 'CreateList')).toEqual(
    [],
  );
  await grace.close();

  const ada = await device.open();
  await world.clock.runUntil(() => ada.offline.status.get().pending === 0);
  expect(device.network.operations('CreateList').length).toBeGreaterThan(1);
  const { lists } = await world.query<{ lists: { nodes: readonly { name: string }[] } }>(
    '{ lists(orderBy: [{ field: name }]) { nodes { name } } }',
  );
  expect(lists.nodes.map(({ name }) => name)).toEqual(['sent', 'waiting-0', 'waiting-1']);
});

test('flush sends what can be sent before anything is cleared', async () => {
  const { device, tabs } = await busyDevice();
  device.setOnline(true);
  await world.clock.runUntil(() => tabs[0].offline.status.get().connection === 'online');
  const leaving = tabs[0].offline.signOut({ pending: 'flush' });
  await world.clock.advance(60_000);
  await leaving;
  expect((await world.query<{ lists: { nodes: readonly unknown[] } }>('{ lists { nodes { id } } }')).lists.nodes).toHaveLength(3);
});

test('whoever waits for an answer hears what became of it', async () => {
  world = await createWorld();
  const device = world.device('ada');
  device.setOnline(false);
  for (const [pending, code] of [
    ['keep', 'DISPOSED'],
    ['discard', 'DISCARDED'],
  ] as const) {
    const tab = await device.open();
    const ticket = await create(tab, pending);
    await tab.offline.signOut({ pending });
    await expect(ticket.settled).rejects.toMatchObject({ code });
    await expect(tab.offline.mutate({ mutation: CREATE, variables: { input: { name: 'late' } } })).rejects.toMatchObject({
      code: 'DISPOSED',
    });
  }
});

test('what is made in another tab after that is refused, also past offline.mutate: there is no data left for it to stand on', async () => {
  const { device, tabs } = await busyDevice();
  await tabs[0].offline.signOut({ pending: 'discard' });
  await world.clock.settle();
  const late = tabs[1].client.mutate({ mutation: CREATE, variables: { input: { name: 'late' } } });
  await expect(late).rejects.toMatchObject({ code: 'DISPOSED' });
  const again = await device.open();
  expect(again.offline.outbox.records()).toEqual([]);
});

test('an unknown way to sign out is refused, and nothing happens', async () => {
  const { tabs } = await busyDevice();
  await expect(tabs[0].offline.signOut({ pending: 'drop' as 'keep' })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  expect(tabs[0].offline.status.get().pending).toBe(2);
  await tabs[0].offline.signOut({ pending: 'discard' });
});
