import { gql } from '@apollo/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { MutationDefaults } from '../../../client/index.ts';
import type { OfflineContext } from '../../../server/index.ts';
import { createWorld, type Device, type Tab, type World } from '../../harness/world.ts';

const LISTS = gql`query Lists { lists(orderBy: [{ field: name }]) { nodes { id name _version } } }`;
const OPEN = gql`mutation OpenList($id: ID!, $name: String!) { openList(id: $id, name: $name) { id name _version _deleted } }`;

let world: World;
let device: Device;

beforeEach(async () => {
  world = await createWorld({
    typeDefs: /* GraphQL */ `
      type List @versioned { id: ID! name: String! }
      extend type Mutation { openList(id: ID!, name: String!): List }
    `,
    resolvers: {
      Mutation: {
        async openList(_root: unknown, values: { readonly id: string; readonly name: string }, { offline }: OfflineContext) {
          const written = await offline.write.create('List', values);
          return (written as { readonly list?: unknown }).list;
        },
      },
    },
  });
  device = world.device('ada');
});
afterEach(() => world.close());

const open = (optimisticResponse: MutationDefaults['optimisticResponse']) =>
  device.open({ mutations: { OpenList: { ...(optimisticResponse ? { optimisticResponse } : {}) } } });

const shown = (tab: Tab): readonly string[] =>
  (tab.cache.readQuery({ query: LISTS }, true) as { lists: { nodes: readonly { name: string }[] } }).lists.nodes.map(({ name }) => name);

it('what a hand-written mutation makes stands in the generated lists at once, in its place, and after its answer', async () => {
  const tab = await open(({ id, name }) => ({ openList: { __typename: 'List', id, name, _version: 0, _deleted: false } }));
  for (const name of ['a', 'c']) await world.query(`mutation { createList(input: { id: "${name}", name: "${name}" }) { __typename } }`);
  await tab.client.query({ query: LISTS });
  device.setOnline(false);
  await tab.offline.mutate({ mutation: OPEN, variables: { id: 'b', name: 'b' } });
  expect(shown(tab)).toEqual(['a', 'b', 'c']);
  device.setOnline(true);
  await world.clock.advance(1_000);
  expect(tab.offline.outbox.records()).toEqual([]);
  expect(shown(tab)).toEqual(['a', 'b', 'c']);
});

it('without an expected result it comes with its answer', async () => {
  const tab = await open(undefined);
  await tab.client.query({ query: LISTS });
  await tab.offline.mutate({ mutation: OPEN, variables: { id: 'b', name: 'b' } });
  expect(shown(tab)).toEqual([]);
  await world.clock.advance(1_000);
  expect(shown(tab)).toEqual(['b']);
});

it('of what is expected only in part no list is made to wait for the rest', async () => {
  const tab = await open(({ id }) => ({ openList: { __typename: 'List', id } }));
  await tab.client.query({ query: LISTS });
  device.setOnline(false);
  await tab.offline.mutate({ mutation: OPEN, variables: { id: 'b', name: 'b' } });
  expect(shown(tab)).toEqual([]);
  device.setOnline(true);
  await world.clock.advance(1_000);
  expect(shown(tab)).toEqual(['b']);
});

it('an update function that hears of an answer finds what came with it in the lists', async () => {
  const seen: (readonly string[])[] = [];
  const update: MutationDefaults['update'] = () => void seen.push(shown(tab));
  const tab: Tab = await device.open({ mutations: { CreateList: { update } } });
  await tab.client.query({ query: LISTS });
  const CREATE = gql`mutation CreateList($input: CreateListInput!) { createList(input: $input) { __typename } }`;
  await tab.client.mutate({ mutation: CREATE, variables: { input: { id: 'a', name: 'a' } } });
  expect(seen.at(-1)).toEqual(['a']);
});
