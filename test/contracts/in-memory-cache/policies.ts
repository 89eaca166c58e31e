import { type FieldFunctionOptions, gql, type InMemoryCacheConfig, type Reference } from '@apollo/client';
import { concatPagination, offsetLimitPagination, relayStylePagination } from '@apollo/client/utilities';
import { type Area, attempt, watched } from './library.ts';

const FEED = gql`
  query Feed($offset: Int, $limit: Int, $kind: String) { feed(offset: $offset, limit: $limit, kind: $kind) { id text } }
`;
const CONNECTION = gql`
  query Connection($after: String, $first: Int) {
    connection(after: $after, first: $first) { edges { cursor node { id text } } pageInfo { endCursor hasNextPage } }
  }
`;
const item = (id: number) => ({ __typename: 'Item', id, text: `text ${id}` });
const calls: unknown[] = [];

const config = (): InMemoryCacheConfig => {
  calls.length = 0;
  return {
    typePolicies: {
      Query: {
        fields: {
          feed: offsetLimitPagination(['kind']),
          connection: relayStylePagination(),
          log: concatPagination(),
          item: { read: (existing, { args, toReference }) => existing ?? toReference({ __typename: 'Item', id: args?.id }) },
        },
      },
      Item: {
        fields: {
          text: {
            merge: (existing: string | undefined, incoming: string) => (existing === undefined ? incoming : `${existing}>${incoming}`),
          },
          loud: (_, { readField }) => `${readField<string>('text')}!`,
          details: { merge: true },
          tags: {
            keyArgs: (args) => `tags-${String(args?.of ?? 'all')}`,
            merge(existing: readonly string[] = [], incoming: readonly string[], options: FieldFunctionOptions) {
              calls.push([options.fieldName, options.storeFieldName, options.args, options.variables, Object.keys(options.storage)]);
              options.storage.merged = true;
              return [...new Set([...existing, ...incoming])];
            },
            read(existing: readonly string[] | undefined, { args }) {
              return existing && args?.of ? existing.filter((tag) => tag.startsWith(String(args.of))) : existing;
            },
          },
        },
      },
      Edition: { keyFields: ['isbn', 'publisher', ['name']] },
      Note: { keyFields: (object) => `note-${String(object.id)}` },
      Place: { keyFields: false, merge: true },
      Settings: { keyFields: [] },
      Person: { fields: { name: { read: (name: string = 'nobody') => name } } },
    },
  };
};

export const policies: Area = {
  config,
  isFilled: false,
  cases: {
    'keyFields: nested, by function, none, a singleton': (cache) => {
      const query = gql`
        query { editions { isbn publisher { name } } notes { id text } place { city zip } settings { dark } }
      `;
      const data = {
        editions: [{ __typename: 'Edition', isbn: 'i', publisher: { __typename: 'Publisher', name: 'P' } }],
        notes: [{ __typename: 'Note', id: 1, text: 'n' }],
        place: { __typename: 'Place', city: 'C', zip: 1 },
        settings: { __typename: 'Settings', dark: true },
      };
      cache.writeQuery({ query, data });
      cache.writeQuery({ query: gql`{ place { country } }`, data: { place: { __typename: 'Place', country: 'X' } } });
      return [
        cache.extract(),
        cache.readQuery({ query }),
        cache.identify({ __typename: 'Edition', publisher: { name: 'P' }, isbn: 'i' }),
        attempt(() => cache.identify({ __typename: 'Edition', isbn: 'i' })),
        cache.identify({ __typename: 'Settings' }),
        cache.identify({ __typename: 'Place', city: 'C' }),
        attempt(() => cache.writeQuery({ query: gql`{ editions { isbn } }`, data: { editions: [{ __typename: 'Edition', isbn: 'x' }] } })),
      ];
    },
    'merge and read, offsets and cursors': (cache) => {
      const { told } = watched(cache, { query: FEED, variables: { kind: 'a' } });
      const write = (offset: number, ids: readonly number[], kind = 'a') =>
        cache.writeQuery({ query: FEED, variables: { offset, limit: 2, kind }, data: { feed: ids.map(item) } });
      write(0, [1, 2]);
      write(2, [3, 4]);
      write(0, [9], 'b');
      const edges = (ids: readonly number[]) => ({
        __typename: 'Connection',
        edges: ids.map((id) => ({ __typename: 'Edge', cursor: `c${id}`, node: item(id) })),
        pageInfo: { __typename: 'PageInfo', endCursor: `c${ids.at(-1)}`, hasNextPage: true },
      });
      cache.writeQuery({ query: CONNECTION, variables: { first: 2 }, data: { connection: edges([1, 2]) } });
      cache.writeQuery({ query: CONNECTION, variables: { first: 2, after: 'c2' }, data: { connection: edges([3, 4]) } });
      cache.evict({ id: 'Item:3' });
      return [told, cache.readQuery({ query: FEED, variables: { kind: 'a' } }), cache.readQuery({ query: CONNECTION }), cache.extract()];
    },
    'merge and read: arguments, key arguments, storage, defaults': (cache) => {
      const tags = gql`
        query Tags($of: String) { item(id: 1) { id text loud tags(of: $of) details { a b } } }
      `;
      for (const [of, list] of [
        ['x', ['x1', 'y1']],
        ['x', ['x2', 'x1']],
        [null, ['z']],
      ] as const) {
        const details = { __typename: 'Details', a: of, b: list.length };
        cache.writeQuery({ query: tags, variables: { of }, data: { item: { ...item(1), loud: 'no', tags: list, details } } });
      }
      const person = gql`
        fragment P on Person { id name }
      `;
      cache.writeFragment({ fragment: gql`fragment Q on Person { id }`, data: { __typename: 'Person', id: 'p' } });
      return [
        [...calls],
        cache.readQuery({ query: tags, variables: { of: 'x' } }),
        cache.readQuery({ query: tags, variables: {} }),
        cache.readFragment({ id: 'Person:p', fragment: person }),
        cache.resolvesClientField('Item', 'loud'),
        cache.resolvesClientField('Item', 'text'),
        cache.extract(),
      ];
    },
    'a read function that answers from what is there': (cache) => {
      const query = gql`
        query One($id: Int) { item(id: $id) { id text } }
      `;
      const { told } = watched(cache, { query, variables: { id: 2 } });
      cache.writeQuery({ query: FEED, data: { feed: [item(1), item(2)] } });
      return [told, cache.readQuery({ query, variables: { id: 1 } }), cache.readQuery({ query, variables: { id: 3 } })];
    },
    'a merge or read that throws': (cache) => {
      cache.policies.addTypePolicies({
        Item: {
          fields: {
            text: {
              merge: () => {
                throw new Error('merge');
              },
            },
            loud: {
              read: () => {
                throw new Error('read');
              },
            },
          },
        },
      });
      const { told } = watched(cache, { query: gql`{ other }` });
      return [
        attempt(() => cache.writeQuery({ query: FEED, data: { feed: [item(1)] } })),
        attempt(() => cache.writeFragment({ id: 'Item:2', fragment: gql`fragment I on Item { id }`, data: { __typename: 'Item', id: 2 } })),
        attempt(() => cache.readFragment({ id: 'Item:2', fragment: gql`fragment L on Item { loud }` })),
        attempt(() => cache.writeQuery({ query: gql`{ other }`, data: { other: 1 } })?.__ref),
        told,
        cache.extract(),
      ];
    },
    'policies that come later, and one that inherits': (cache) => {
      cache.writeQuery({ query: FEED, data: { feed: [item(1)] } });
      const shout = gql`
        fragment S on Item { shout }
      `;
      const before = cache.readFragment({ id: 'Item:1', fragment: shout });
      cache.policies.addTypePolicies({ Item: { fields: { shout: (_, { readField }) => String(readField('text')).toUpperCase() } } });
      cache.policies.addPossibleTypes({ Named: ['Person', 'Item'] });
      cache.policies.addTypePolicies({ Named: { fields: { label: () => 'inherited' } } });
      return [
        before,
        cache.readFragment({ id: 'Item:1', fragment: shout }),
        cache.readFragment({ id: 'Item:1', fragment: gql`fragment L on Item { label }` }),
      ];
    },
    'lists of references, written and read raw': (cache) => {
      cache.writeQuery({ query: FEED, data: { feed: [item(1), item(2)] } });
      const seen: unknown[] = [];
      cache.modify({
        fields: {
          feed: (refs: readonly Reference[], details) => {
            seen.push(refs, details.storeFieldName);
            return refs.toReversed();
          },
        },
      });
      return [seen, cache.readQuery({ query: FEED }), cache.extract()];
    },
  },
};

/** Scalars that the application parses, and caching of results switched off. */
export const uncached: Area = {
  config: () => ({ resultCaching: false }),
  cases: {
    'without cached results': (cache) => {
      const { told } = watched(cache);
      cache.modify({ id: 'Book:1', fields: { title: () => 'x' } });
      cache.recordOptimisticTransaction((layer) => layer.evict({ id: 'Book:1' }), 'x');
      cache.evict({ id: 'Book:2' });
      cache.removeOptimistic('x');
      return [told, cache.gc(), cache.extract()];
    },
  },
};
