import { gql } from '@apollo/client';
import { afterEach, expect, it } from 'vitest';
import { createWorld, type Device, type Tab, type World } from '../../harness/world.ts';

let world: World;
afterEach(() => world.close());

const TODOS = gql`query Todos { todos(first: 10) { nodes { id title votes list { id name } } } }`;
const VOTE = gql`mutation Vote($input: UpdateTodoInput!) { updateTodo(input: $input) { __typename } }`;
interface Shown {
  readonly todos: { readonly nodes: readonly { readonly votes: number; readonly list: unknown }[] };
}
const onScreen = (tab: Tab) => {
  const { complete, result } = tab.cache.diff<Shown>({ query: TODOS, optimistic: true, returnPartialData: true });
  return complete ? result?.todos.nodes[0] : 'not readable';
};
const LIST = { __typename: 'List', id: 'l', name: 'Errands' };

/** A device that has seen a row which refers to a list. Of a list that is called a secret its user may know nothing. */
async function losing(): Promise<{ device: Device; tab: Tab; rename(name: 'Errands' | 'Secret'): Promise<void> }> {
  world = await createWorld({
    server: { authorize: ({ user, typename, row }) => typename !== 'List' || row.name !== 'Secret' || user.id === 'observer' },
  });
  await world.query('mutation { createList(input: { id: "l", name: "Errands" }) { __typename } }');
  await world.query(
    'mutation { createTodo(input: { id: "t", title: "milk", done: false, votes: 1, tags: [], listId: "l" }) { __typename } }',
  );
  const device = world.device('ada');
  const tab = await device.open();
  await tab.client.query({ query: TODOS });
  await tab.offline.sync.pull();
  expect(onScreen(tab)).toMatchObject({ list: LIST });
  let version = 1;
  return {
    device,
    tab,
    async rename(name) {
      const mutation = `mutation { updateList(input: { id: "l", name: "${name}", _version: ${version++} }) { __typename } }`;
      expect(await world.query(mutation)).toEqual({ updateList: { __typename: 'UpdateListPayload' } });
    },
  };
}

it('a row that refers to what its reader may not see any more stays on screen, refers to nothing, and shows what is edited', async () => {
  const { device, tab, rename } = await losing();
  await rename('Secret');
  await tab.offline.sync.pull();
  device.setOnline(false);
  expect(tab.cache.rootEntity('List:l')).toBeUndefined();
  expect(onScreen(tab)).toMatchObject({ list: null, votes: 1 });
  await tab.offline.mutate({ mutation: VOTE, variables: { input: { id: 't', votes: 2 } } });
  expect(onScreen(tab)).toMatchObject({ list: null, votes: 2 });
});

it('… also after a start without a network, and where the worker has heard of it', async () => {
  const { device, tab, rename } = await losing();
  await tab.close();
  await rename('Secret');
  await device.wakePeriodically();
  device.setOnline(false);
  for (let start = 0; start < 2; start++) {
    const next = await device.open();
    await world.clock.settle();
    expect(next.cache.rootEntity('List:l')).toBeUndefined();
    expect(onScreen(next)).toMatchObject({ list: null });
    await next.close();
  }
});

it('… also by an edit that waits for a person', async () => {
  const { tab, rename } = await losing();
  const vote = async (input: object): Promise<void> => {
    await tab.offline.mutate({ mutation: VOTE, variables: { input: { id: 't', ...input } } });
    await world.clock.runUntil(() => tab.offline.status.get().pending === 0);
  };
  await vote({ listId: null });
  await world.query('mutation { updateTodo(input: { id: "t", title: "theirs", _version: 2 }) { __typename } }');
  await vote({ title: 'mine', listId: 'l' });
  expect(onScreen(tab)).toMatchObject({ title: 'mine', list: LIST });
  await rename('Secret');
  await tab.offline.sync.pull();
  expect(onScreen(tab)).toMatchObject({ title: 'mine', list: null });
});

it('refers to it again once it is back', async () => {
  const { tab, rename } = await losing();
  await rename('Secret');
  await tab.offline.sync.pull();
  await rename('Errands');
  await tab.offline.sync.pull();
  expect(onScreen(tab)).toMatchObject({ list: LIST });
});

it('what is not here for other reasons is asked for, but for its id', async () => {
  const { tab } = await losing();
  tab.cache.evict({ id: 'List:l' });
  expect(onScreen(tab)).toBe('not readable');
  const ids = gql`query Todos { todos(first: 10) { nodes { id list { __typename id } } } }`;
  expect(tab.cache.diff({ query: ids, optimistic: true })).toMatchObject({
    complete: true,
    result: { todos: { nodes: [{ list: { __typename: 'List', id: 'l' } }] } },
  });
});

it('what the server has forgotten altogether is not brought back by a decision about an edit that had met it before', async () => {
  const { tab } = await losing();
  await world.query('mutation { updateTodo(input: { id: "t", title: "theirs", _version: 1 }) { __typename } }');
  await tab.offline.mutate({ mutation: VOTE, variables: { input: { id: 't', title: 'mine' } } });
  await world.clock.runUntil(() => tab.offline.status.get().pending === 0);
  await world.query('mutation { deleteTodo(input: { id: "t", _version: 2 }) { __typename } }');
  await world.store.write((transaction) => transaction.collectTombstones('9999-01-01T00:00:00.000Z'));
  expect(await tab.offline.sync.pull()).toMatchObject({ reset: true });
  const [parked] = tab.offline.conflicts.records();
  await tab.offline.conflicts.resolve(parked?.id as string, { take: 'remote' });
  expect(tab.cache.rootEntity('Todo:t')).toBeUndefined();
});
