import { gql } from '@apollo/client';
import { afterEach, describe, expect, it } from 'vitest';
import { createWorld, type Tab, type World } from '../harness/world.ts';

const CREATE = gql`
  mutation CreateList($input: CreateListInput!) {
    createList(input: $input) {
      ... on CreateListPayload {
        list {
          id
          name
        }
      }
    }
  }
`;
const UPDATE = gql`
  mutation UpdateList($input: UpdateListInput!) {
    updateList(input: $input) {
      ... on UpdateListPayload {
        list {
          id
        }
      }
    }
  }
`;
const LISTS = gql`
  query Lists {
    lists(orderBy: [{ field: name }]) {
      nodes {
        id
        name
      }
    }
  }
`;

let world: World;
afterEach(() => world.close());

const shown = (tab: Tab): readonly string[] =>
  (tab.cache.readQuery({ query: LISTS }, true) as { lists: { nodes: readonly { name: string }[] } }).lists.nodes.map(({ name }) => name);
const stored = async (): Promise<readonly string[]> =>
  (
    await world.query<{ lists: { nodes: readonly { name: string }[] } }>('{ lists(orderBy: [{ field: name }]) { nodes { name } } }')
  ).lists.nodes.map(({ name }) => name);

describe('two tabs of one browser', () => {
  it('sends what a follower queued once, from the leader, and settles the follower', async () => {
    world = await createWorld();
    const device = world.device('ada');
    const [leader, follower] = [await device.open(), await device.open()];
    for (const tab of [leader, follower]) await tab.client.query({ query: LISTS });
    expect([leader.offline.status.get().leader, follower.offline.status.get().leader]).toEqual([true, false]);
    const ticket = await follower.offline.mutate({ mutation: CREATE, variables: { input: { name: 'from the follower' } } });
    const settled = ticket.settled;
    await world.clock.settle();
    expect((await settled).data).toMatchObject({ createList: { list: { name: 'from the follower' } } });
    expect(device.network.operations('CreateList')).toHaveLength(1);
    expect(await stored()).toEqual(['from the follower']);
    for (const tab of [leader, follower]) {
      expect(shown(tab)).toEqual(['from the follower']);
      expect(tab.offline.status.get().pending).toBe(0);
    }
  });

  it('shows what one tab queued offline in the other, and takes over when the leader crashes mid-send', async () => {
    world = await createWorld();
    const device = world.device('ada');
    const [leader, follower] = [await device.open(), await device.open()];
    for (const tab of [leader, follower]) await tab.client.query({ query: LISTS });
    device.setOnline(false);
    const ticket = await leader.offline.mutate({ mutation: CREATE, variables: { input: { name: 'a' } } });
    const id = ticket.entityIds.createList;
    await world.clock.settle();
    await follower.offline.mutate({ mutation: UPDATE, variables: { input: { id, name: 'b' } } });
    await world.clock.settle();
    expect(shown(leader)).toEqual(['b']);
    expect(shown(follower)).toEqual(['b']);

    // The server applies the create; the leader dies before it hears of it.
    device.network.next({ kind: 'dropResponse' });
    device.setOnline(true);
    await world.clock.settle();
    leader.crash();
    await world.clock.runUntil(() => follower.offline.status.get().pending === 0);
    expect(await stored()).toEqual(['b']);
    expect(shown(follower)).toEqual(['b']);
    expect(follower.offline.status.get().leader).toBe(true);
  });

  it('does not need a message that was lost: who waits looks again, and the leader that lives on sends', async () => {
    world = await createWorld();
    const device = world.device('ada');
    const [leader, follower] = [await device.open(), await device.open()];
    for (const tab of [leader, follower]) await tab.client.query({ query: LISTS });
    device.hub.lossy = true;
    const { settled } = await follower.offline.mutate({ mutation: CREATE, variables: { input: { name: 'unheard of' } } });
    await world.clock.advance(5_000);
    expect(await stored()).toEqual([]);
    device.hub.lossy = false;
    await world.clock.advance(60_000);
    expect(await stored()).toEqual(['unheard of']);
    await expect(settled).resolves.toBeDefined();
    for (const tab of [leader, follower]) expect(shown(tab)).toEqual(['unheard of']);
  });

  it('tells who waits when the news of an answer was lost for good', async () => {
    world = await createWorld();
    const device = world.device('ada');
    const [leader, follower] = [await device.open(), await device.open()];
    for (const tab of [leader, follower]) await tab.client.query({ query: LISTS });
    device.setOnline(false);
    const { settled } = await follower.offline.mutate({ mutation: CREATE, variables: { input: { name: 'a' } } });
    await world.clock.settle();
    device.hub.lossy = true;
    device.setOnline(true);
    await world.clock.runUntil(() => leader.offline.status.get().pending === 0);
    const outcome = settled.catch((error: unknown) => error);
    await world.clock.advance(60_000);
    expect(await outcome).toMatchObject({ code: 'UNKNOWN_RECORD' });
    expect(follower.offline.status.get().pending).toBe(0);
  });

  it('does not lose a message that was lost: the next leader reads storage', async () => {
    world = await createWorld();
    const device = world.device('ada');
    const [leader, follower] = [await device.open(), await device.open()];
    for (const tab of [leader, follower]) await tab.client.query({ query: LISTS });
    device.setOnline(false);
    await leader.offline.mutate({ mutation: CREATE, variables: { input: { name: 'a' } } });
    leader.crash();
    device.setOnline(true);
    await world.clock.runUntil(() => follower.offline.status.get().leader && follower.offline.status.get().pending === 0);
    expect(await stored()).toEqual(['a']);
  });

  it('takes over when the leader closes', async () => {
    world = await createWorld();
    const device = world.device('ada');
    const [leader, follower] = [await device.open(), await device.open()];
    for (const tab of [leader, follower]) await tab.client.query({ query: LISTS });
    device.setOnline(false);
    const { settled } = await follower.offline.mutate({ mutation: CREATE, variables: { input: { name: 'a' } } });
    await leader.close();
    device.setOnline(true);
    await world.clock.runUntil(() => follower.offline.status.get().pending === 0);
    await expect(settled).resolves.toBeDefined();
    expect(follower.offline.status.get().leader).toBe(true);
    expect(await stored()).toEqual(['a']);
  });

  it('takes over when the leader is frozen mid-send: the follower sends, and the one that is thawed agrees with it', async () => {
    world = await createWorld();
    const device = world.device('ada');
    const [frozen, follower] = [await device.open(), await device.open()];
    for (const tab of [frozen, follower]) {
      await tab.client.query({ query: LISTS });
      tab.offline.sync.start({ intervalMs: 3_600_000 });
    }
    await world.clock.settle();
    device.network.next({ kind: 'delay', responseMs: 60_000 });
    const { settled } = await follower.offline.mutate({ mutation: CREATE, variables: { input: { name: 'a' } } });
    await world.clock.settle();
    const messages = device.hub.log.length;
    frozen.lifecycle.emit('freeze');
    // Nothing reaches it; what it had under way comes to nothing.
    device.hub.lossy = true;
    await world.clock.settle();
    device.hub.lossy = false;
    await world.clock.settle();
    await expect(settled).resolves.toBeDefined();
    expect(device.hub.log.length).toBeGreaterThan(messages);
    expect([frozen, follower].map((tab) => tab.offline.status.get().leader)).toEqual([false, true]);
    expect(await stored()).toEqual(['a']);

    frozen.lifecycle.emit('resume');
    await world.clock.advance(1_000);
    for (const tab of [frozen, follower]) {
      expect(shown(tab)).toEqual(['a']);
      expect(tab.offline.status.get().pending).toBe(0);
    }
    await follower.offline.mutate({ mutation: CREATE, variables: { input: { name: 'b' } } });
    await follower.close();
    await world.clock.advance(20_000);
    const after = await device.open();
    expect(shown(after)).toEqual(['a', 'b']);
  });

  it('does not wait for a leader that hangs and was never told to freeze: it is asked, gives no answer, and loses the lead', async () => {
    world = await createWorld();
    const device = world.device('ada');
    const hung = await device.open();
    const follower = await device.open();
    for (const tab of [hung, follower]) await tab.client.query({ query: LISTS });
    hung.hang();
    const { settled } = await follower.offline.mutate({ mutation: CREATE, variables: { input: { name: 'a' } } });
    await world.clock.advance(5_000);
    expect(await stored()).toEqual([]);
    await world.clock.advance(20_000);
    await expect(settled).resolves.toBeDefined();
    expect(await stored()).toEqual(['a']);
    expect(follower.offline.status.get().leader).toBe(true);
  });

  it('knows within a second what another tab has got from the server', async () => {
    world = await createWorld();
    const device = world.device('ada');
    const [leader, follower] = [await device.open(), await device.open()];
    for (const tab of [leader, follower]) {
      await tab.client.query({ query: LISTS });
      tab.offline.sync.start({ intervalMs: 3_600_000 });
    }
    await world.clock.settle();
    await world.query('mutation { createList(input: { name: "theirs" }) { __typename } }');
    await leader.offline.sync.pull();
    await world.clock.advance(1_000);
    for (const tab of [leader, follower]) expect(shown(tab)).toEqual(['theirs']);
    // News of news is none: they do not go on telling each other.
    const asked = device.network.log.length;
    await world.clock.advance(60_000);
    expect(device.network.log.length).toBe(asked);
  });

  it('agrees within a second on the connection', async () => {
    world = await createWorld();
    const device = world.device('ada');
    const [leader, follower] = [await device.open(), await device.open()];
    device.network.offline = true;
    await follower.offline.mutate({ mutation: CREATE, variables: { input: { name: 'a' } } });
    await world.clock.advance(1_000);
    for (const tab of [leader, follower]) expect(tab.offline.status.get()).toMatchObject({ connection: 'offline', pending: 1 });
    device.network.offline = false;
    await world.clock.runUntil(() => leader.offline.status.get().connection === 'online');
    await world.clock.advance(1_000);
    for (const tab of [leader, follower]) expect(tab.offline.status.get()).toMatchObject({ connection: 'online', pending: 0 });
    follower.offline.outbox.pause();
    await world.clock.settle();
    for (const tab of [leader, follower]) expect(tab.offline.status.get()).toMatchObject({ connection: 'paused' });
  });

  it('signs out in every tab, and leaves nothing of the cache behind', async () => {
    world = await createWorld();
    const device = world.device('ada');
    const [leader, follower] = [await device.open(), await device.open()];
    await leader.client.query({ query: LISTS });
    device.setOnline(false);
    await leader.offline.mutate({ mutation: CREATE, variables: { input: { name: 'kept' } } });
    await world.clock.settle();
    await follower.offline.signOut({ pending: 'keep' });
    await world.clock.settle();
    for (const tab of [leader, follower]) expect(tab.cache.extract(true)).not.toHaveProperty('ROOT_QUERY.lists');
    expect(await follower.disks.cache.entries('')).toEqual([]);
    device.setOnline(true);
    const next = await device.open();
    await world.clock.runUntil(() => next.offline.status.get().pending === 0);
    expect(await stored()).toEqual(['kept']);
  });
});
