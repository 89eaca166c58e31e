import { gql } from '@apollo/client';
import { afterEach, expect, it } from 'vitest';
import { createWorld, type Tab, type World } from '../../harness/world.ts';

const LISTS = gql`query Lists { lists { nodes { id name _version } } }`;
const CREATE = gql`mutation CreateList($input: CreateListInput!) { createList(input: $input) { __typename } }`;
const DELETE = gql`mutation DeleteList($input: DeleteListInput!) { deleteList(input: $input) { __typename } }`;

let world: World;
afterEach(() => world.close());

const shown = (tab: Tab): readonly string[] =>
  (tab.cache.readQuery({ query: LISTS }, true) as { lists: { nodes: readonly { name: string }[] } }).lists.nodes.map(({ name }) => name);

it('keeps what a pull has brought when a slower query, asked before, answers after it', async () => {
  world = await createWorld();
  const [ada, grace] = [world.device('ada'), world.device('grace')];
  const [a, g] = [await ada.open(), await grace.open()];
  for (const tab of [a, g]) await tab.client.query({ query: LISTS });
  await g.client.mutate({ mutation: CREATE, variables: { input: { id: 'old', name: 'old' } } });
  await a.offline.sync.pull();
  expect(shown(a)).toEqual(['old']);

  ada.network.next({ kind: 'delay', responseMs: 5_000 });
  const slow = a.client.query({ query: LISTS, fetchPolicy: 'network-only' });
  await world.clock.advance(1_000);
  await g.client.mutate({ mutation: CREATE, variables: { input: { id: 'new', name: 'new' } } });
  await g.client.mutate({ mutation: DELETE, variables: { input: { id: 'old' } } });
  await a.offline.sync.pull();
  expect(shown(a)).toEqual(['new']);
  await world.clock.advance(10_000);
  await slow;
  expect(shown(a)).toEqual(['new']);
});
