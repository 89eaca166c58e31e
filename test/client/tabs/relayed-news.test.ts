import { gql } from '@apollo/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, type Device, type Tab, type World } from '../../harness/world.ts';

const LISTS = gql`
  query Lists { lists(orderBy: [{ field: name }]) { nodes { id name } } }
`;
interface ListsData {
  readonly lists: { readonly nodes: readonly { readonly name: string }[] };
}
const EVERY = { intervalMs: 600_000 };

describe('what one tab has pulled', () => {
  let world: World;
  let device: Device;
  let leader: Tab;
  let follower: Tab;
  let lost: (message: unknown) => boolean;
  /** Every set of names that the follower's screen has shown. */
  let shown: string[];
  beforeEach(async () => {
    world = await createWorld();
    device = world.device('ada');
    await make('a');
    lost = () => false;
    const { open } = device.hub;
    device.hub.open = () => {
      const channel = open();
      return { ...channel, post: (message: unknown) => void (lost(message) || channel.post(message)) };
    };
    [leader, follower] = [await device.open(), await device.open()];
    shown = [];
    for (const tab of [leader, follower]) {
      await tab.client.query({ query: LISTS });
      tab.offline.sync.start(EVERY);
      await world.clock.advance(1_000);
    }
    follower.cache.watch<ListsData>({
      query: LISTS,
      optimistic: true,
      immediate: true,
      callback: ({ result }) => void shown.push((result as ListsData).lists.nodes.map(({ name }) => name).join('')),
    });
  });
  afterEach(() => world.close());

  const make = (name: string) => world.query(`mutation { createList(input: { id: "${name}", name: "${name}" }) { __typename } }`);
  const rename = (id: string, name: string, version: number) =>
    world.query(`mutation { updateList(input: { id: "${id}", _version: ${version}, name: "${name}" }) { __typename } }`);
  const requests = () => device.network.log.length;
  /** The leader hears of news, alone: it asks once, and whatever is asked besides is the follower's. */
  const pull = async () => {
    const before = requests();
    await leader.offline.sync.pull();
    await world.clock.advance(1_000);
    return requests() - before;
  };

  it('the others show without asking the server, in one broadcast, and their cursor moves with it', async () => {
    await make('b');
    await rename('a', 'c', 1);
    expect(await pull()).toBe(1);
    expect(shown).toEqual(['a', 'bc']);
    expect(follower.offline.status.get().lastSyncedAt).toBe(leader.offline.status.get().lastSyncedAt);
    await rename('b', 'd', 1);
    expect(await pull()).toBe(1);
    expect(shown).toEqual(['a', 'bc', 'cd']);
    // What it was told is no news to the others.
    await world.clock.advance(5_000);
    expect(await follower.offline.sync.pull()).toMatchObject({ changes: 0 });
  });

  it('after a message that was lost they ask for themselves, and miss nothing', async () => {
    lost = (message) => JSON.stringify(message).includes('"pulled"');
    await make('b');
    expect(await pull()).toBe(1);
    lost = () => false;
    await make('c');
    expect(await pull()).toBe(2);
    expect(shown.at(-1)).toBe('abc');
    await make('d');
    expect(await pull()).toBe(1);
    expect(shown.at(-1)).toBe('abcd');
  });

  it('a pull that somebody asks for is answered by the server, whatever another tab has said', async () => {
    await make('b');
    const [, report] = await Promise.all([leader.offline.sync.pull(), follower.offline.sync.pull()]);
    await make('c');
    await world.clock.settle();
    expect(report.changes).toBe(1);
    expect(await follower.offline.sync.pull()).toMatchObject({ changes: 1 });
    expect(shown.at(-1)).toBe('abc');
  });

  it('what is too much for a message is asked for, and so is what another schema has brought', async () => {
    await rename('a', 'x'.repeat(250_000), 1);
    expect(await pull()).toBe(2);
    expect(shown.at(-1)).toHaveLength(250_000);
    await rename('a', 'b', 2);
    lost = (message) => {
      const said = (message as { message: { kind: string; schemaHash?: string } }).message;
      if (said.kind === 'pulled') said.schemaHash = 'of another deploy';
      return false;
    };
    expect(await pull()).toBe(2);
    expect(shown.at(-1)).toBe('b');
  });

  it('damaged pages change nothing, and the next turn asks the server', async () => {
    lost = (message) => {
      const said = (message as { message: { kind: string; pages?: { data: unknown }[] } }).message;
      if (said.kind === 'pulled') for (const page of said.pages ?? []) page.data = { sync: 'nonsense' };
      return false;
    };
    await make('b');
    expect(await pull()).toBe(1);
    expect(shown).toEqual(['a']);
    await world.clock.advance(EVERY.intervalMs);
    expect(shown.at(-1)).toBe('ab');
  });

  it('a pending edit of the follower stays on screen over it', async () => {
    // A conflict that waits for a person.
    await rename('a', 'theirs', 1);
    await follower.offline.mutate({
      mutation: gql`mutation Rename($input: UpdateListInput!) { updateList(input: $input) { __typename } }`,
      variables: { input: { id: 'a', _version: 1, name: 'mine' } },
    });
    await world.clock.settle();
    await make('z');
    expect(await pull()).toBe(1);
    expect(follower.offline.conflicts.records()).toHaveLength(1);
    expect(new Set(shown)).toEqual(new Set(['a', 'mine', 'minez']));
  });
});
