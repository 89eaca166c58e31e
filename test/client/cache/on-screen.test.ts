import { ApolloClient, ApolloLink, gql } from '@apollo/client';
import { describe, expect, it } from 'vitest';
import { createOnScreen } from '../../../client/cache/on-screen.ts';
import { OfflineCache } from '../../../client/index.ts';

const LIST = gql`query L { lists { id name owner { id name } settings { theme } } }`;
const NOTE = gql`query N($id: ID!) { note(id: $id) { id text } }`;

function setUp(cache = new OfflineCache()) {
  const client = new ApolloClient({ cache, link: ApolloLink.empty() });
  client.writeQuery({
    query: LIST,
    data: {
      lists: [
        { __typename: 'List', id: '1', name: 'a', owner: { __typename: 'User', id: 'u', name: 'Ada' }, settings: { theme: 'dark' } },
        { __typename: 'List', id: '2', name: 'b', owner: null, settings: null },
      ],
    },
  });
  client.writeQuery({ query: NOTE, variables: { id: '7' }, data: { note: { __typename: 'Note', id: '7', text: 't' } } });
  const watch = (query: typeof LIST, variables = {}) =>
    client.watchQuery({ query, variables, fetchPolicy: 'cache-only' }).subscribe(() => undefined);
  return { cache, client, watch, onScreen: createOnScreen(cache) };
}

describe('the entities on screen', () => {
  it('are those of watched queries, however deep, and of nobody else', () => {
    const { watch, onScreen } = setUp();
    expect([...onScreen()]).toEqual([]);
    const lists = watch(LIST);
    expect([...onScreen()].sort()).toEqual(['List:1', 'List:2', 'User:u']);
    const note = watch(NOTE, { id: '7' });
    expect(onScreen().has('Note:7')).toBe(true);
    lists.unsubscribe();
    expect([...onScreen()]).toEqual(['Note:7']);
    note.unsubscribe();
    expect(onScreen().size).toBe(0);
  });

  it('follow what is drawn: a row that comes, a fragment, a pending create', () => {
    const { cache, client, watch, onScreen } = setUp();
    watch(LIST);
    cache.showPending('p', 1, (target) => {
      target.modify({
        fields: {
          lists: (rows: unknown) => [
            ...(rows as readonly unknown[]),
            target.writeFragment({
              fragment: gql`fragment New on List { id name owner settings }`,
              data: { __typename: 'List', id: '3', name: 'c', owner: null, settings: null },
            }),
          ],
        },
      });
    });
    expect(onScreen().has('List:3')).toBe(true);
    client
      .watchFragment({ fragment: gql`fragment F on Note { id text }`, from: { __typename: 'Note', id: '7' } })
      .subscribe(() => undefined);
    expect(onScreen().has('Note:7')).toBe(true);
  });

  it('are the same set while nothing changes, and nothing is read again for it', () => {
    let reads = 0;
    const read = (text: string): string => {
      reads++;
      return text;
    };
    const { watch, onScreen } = setUp(new OfflineCache({ typePolicies: { Note: { fields: { text: { read } } } } }));
    watch(NOTE, { id: '7' });
    const first = onScreen();
    const before = reads;
    expect(onScreen()).toBe(first);
    expect(reads).toBe(before);
  });

  it('a read function that throws, and data that is not there, hide only their own query', () => {
    const { client, watch, onScreen, cache } = setUp();
    watch(LIST);
    watch(NOTE, { id: 'unknown' });
    client.watchQuery({ query: NOTE, variables: { id: '7' }, fetchPolicy: 'cache-only' }).subscribe({ error: () => undefined });
    cache.policies.addTypePolicies({
      Note: {
        fields: {
          text: () => {
            throw new Error('no');
          },
        },
      },
    });
    cache.evict({ id: 'Note:7', fieldName: 'other' });
    expect(onScreen().has('List:1')).toBe(true);
  });
});
