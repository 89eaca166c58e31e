import { gql } from '@apollo/client';
import { afterEach, expect, it } from 'vitest';
import { createWorld, type Tab, type World } from '../../harness/world.ts';

const LISTS = gql`query Lists { lists { nodes { id name _version } } }`;
const CREATE = gql`mutation CreateList($input: CreateListInput!) { createList(input: $input) { __typename } }`;

let world: World;
afterEach(() => world.close());

const shown = (tab: Tab): readonly string[] | undefined =>
  (tab.cache.readQuery({ query: LISTS }, true) as { lists: { nodes: readonly { name: string }[] } } | null)?.lists.nodes.map(
    ({ name }) => name,
  );

it('a tab that takes over adds what it knows to the lists that it finds on the disk', async () => {
  world = await createWorld();
  const [ada, grace] = [world.device('ada'), world.device('grace')];
  const [leader, follower, g] = [await ada.open(), await ada.open(), await grace.open()];
  await leader.client.query({ query: LISTS });
  await world.clock.advance(10_000);
  expect(await leader.disks.cache.entries('')).not.toEqual([]);

  // The follower has the entity and no list; the disk has the list without the entity.
  await g.client.mutate({ mutation: CREATE, variables: { input: { id: 'new', name: 'new' } } });
  await follower.offline.sync.pull();
  expect(shown(follower)).toBeUndefined();
  leader.crash();
  await world.clock.advance(1_000);
  expect(follower.offline.status.get().leader).toBe(true);
  expect(shown(follower)).toEqual(['new']);
});
