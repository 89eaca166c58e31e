import { gql, type Reference } from '@apollo/client';
import { createFragmentRegistry } from '@apollo/client/cache';
import { Kind, print, visit } from 'graphql';
import { type Area, attempt, LIBRARY, library, TITLE, watched } from './library.ts';

const BORN = gql`
  fragment Born on Author { born }
`;

export const reading: Area = {
  cases: {
    'queries: whole, partial, missing': (cache) => {
      const more = gql`
        query {
          books { id title pages }
          shelves { id }
        }
      `;
      return [
        cache.readQuery({ query: LIBRARY }),
        cache.readQuery({ query: more }),
        cache.readQuery({ query: more, returnPartialData: true }),
        attempt(() => cache.read({ query: more, optimistic: false })),
        cache.diff({ query: more, optimistic: true, returnPartialData: true }).missing?.message,
        cache.diff({ query: more, optimistic: true, returnPartialData: true }).missing?.path,
        cache.diff({ query: more, optimistic: true, returnPartialData: false }).complete,
        attempt(() => cache.diff({ query: more, optimistic: false, returnPartialData: false }).result),
      ];
    },
    'the same data are the same object, whichever way they are asked for': (cache) => {
      const first = cache.readQuery({ query: LIBRARY });
      const again = cache.readQuery({ query: LIBRARY });
      const diff = cache.diff({ query: LIBRARY, optimistic: true });
      cache.modify({ id: 'Book:2', fields: { title: () => 'changed' } });
      const after = cache.readQuery({ query: LIBRARY }) as typeof library;
      return [first === again, diff.result === first, (first as typeof library).books[0] === after.books[0], Object.isFrozen(first)];
    },
    'fragments: read, written, updated, by id and by object': (cache) => [
      cache.readFragment({ id: 'Book:1', fragment: TITLE }),
      cache.readFragment({ from: { __typename: 'Book', id: '1' }, fragment: TITLE }),
      cache.readFragment({ id: 'Book:9', fragment: TITLE }),
      cache.writeFragment({ id: 'Book:9', fragment: TITLE, data: { __typename: 'Book', title: 'Nine' } }),
      cache.writeFragment({ from: { __typename: 'Book', id: '8' }, fragment: TITLE, data: { __typename: 'Book', title: 'Eight' } }),
      cache.updateFragment({ id: 'Book:1', fragment: TITLE }, (book) => ({ ...(book as object), title: 'updated' })),
      cache.updateFragment({ id: 'Book:2', fragment: TITLE }, () => null),
      cache.updateFragment({ id: 'Book:7', fragment: TITLE }, (book) => book),
      cache.updateQuery({ query: LIBRARY }, (data) => ({ books: (data as typeof library).books.slice(1) })),
      cache.updateQuery({ query: LIBRARY }, () => undefined),
      cache.extract(),
    ],
    'fragments of a document with several, and with variables': (cache) => {
      const fragment = gql`
        fragment Whole on Book { id ...Short author { ...Named } cover(size: $size) }
        fragment Short on Book { title }
        fragment Named on Author { name }
      `;
      const data = { __typename: 'Book', id: '1', title: 'T', author: { __typename: 'Author', id: 'a', name: 'A' }, cover: 'big.png' };
      return [
        attempt(() => cache.readFragment({ id: 'Book:1', fragment })),
        cache.writeFragment({ id: 'Book:1', fragment, fragmentName: 'Whole', data, variables: { size: 9 } })?.__ref,
        cache.readFragment({ id: 'Book:1', fragment, fragmentName: 'Whole', variables: { size: 9 } }),
        cache.readFragment({ id: 'Book:1', fragment, fragmentName: 'Whole', variables: { size: 8 }, returnPartialData: true }),
        cache.extract(),
      ];
    },
    'a dangling reference: not there, filtered from lists where it can be, told as missing': (cache) => {
      const one = gql`
        query { favourite { id title } }
      `;
      cache.writeQuery({ query: one, data: { favourite: { __typename: 'Book', id: '1', title: 'One' } } });
      cache.evict({ id: 'Book:1' });
      const read: unknown[] = [];
      cache.modify({
        fields: {
          books: (refs: readonly Reference[], { canRead, isReference, readField }) => {
            read.push(refs.map((ref) => [canRead(ref), isReference(ref), readField('title', ref)]));
            return refs;
          },
        },
      });
      const diff = cache.diff({ query: one, optimistic: true, returnPartialData: true });
      return [read, cache.readQuery({ query: LIBRARY }), cache.readQuery({ query: one }), diff.result, diff.missing?.message, cache.gc()];
    },
    'writes that lack fields, have too many, or give null': (cache) => {
      const write = (books: unknown) => attempt(() => cache.writeQuery({ query: LIBRARY, data: { books } })?.__ref);
      return [
        write([{ __typename: 'Book', id: '1', title: null, author: null }]),
        cache.readQuery({ query: LIBRARY }),
        write([null, { __typename: 'Book', id: '2', title: 'Two', author: null, extra: 'not asked for' }]),
        cache.readQuery({ query: LIBRARY }),
        write(null),
        cache.readQuery({ query: LIBRARY }),
        attempt(() => cache.writeQuery({ query: LIBRARY, data: null as never })),
        cache.extract(),
      ];
    },
    'broadcast: false, and overwrite': (cache) => {
      const { told } = watched(cache);
      cache.writeQuery({ query: LIBRARY, data: { books: [] }, broadcast: false });
      told.push('silent');
      cache.writeFragment({ id: 'Book:1', fragment: TITLE, data: { __typename: 'Book', title: 'x' }, broadcast: false });
      cache.writeQuery({ query: LIBRARY, data: { books: library.books.slice(2) }, overwrite: true });
      return [told, cache.extract()];
    },
    watchFragment: (cache) => {
      const seen: unknown[] = [];
      const note = (name: string) => (result: { data: unknown; complete: boolean; missing?: unknown; dataState: string }) =>
        seen.push([name, result.data, result.complete, result.missing, result.dataState]);
      const one = cache.watchFragment({ fragment: TITLE, from: 'Book:1' });
      const many = cache.watchFragment({ fragment: TITLE, from: ['Book:1', 'Book:2', 'Book:9'] });
      const nothing = cache.watchFragment({ fragment: TITLE, from: null });
      const root = cache.watchFragment({ fragment: TITLE, from: 'Book:1', optimistic: false });
      const stops = [one.subscribe(note('one')), many.subscribe(note('many')), root.subscribe(note('root'))];
      nothing.subscribe(note('nothing'));
      cache.modify({ id: 'Book:1', fields: { title: () => 'changed' } });
      cache.recordOptimisticTransaction((layer) => layer.modify({ id: 'Book:1', fields: { title: () => 'hoped' } }), 'x');
      seen.push((one as unknown as { getCurrentResult(): { data: unknown } }).getCurrentResult().data);
      cache.removeOptimistic('x');
      cache.evict({ id: 'Book:1', fieldName: 'title' });
      cache.evict({ id: 'Book:2' });
      for (const stop of stops) stop.unsubscribe();
      cache.modify({ id: 'Book:1', fields: { title: () => 'unseen' } });
      return seen;
    },
    'the roots: of mutations and subscriptions, and ids of one’s own': (cache) => {
      const mutation = gql`
        mutation { rename { id title } }
      `;
      const data = { rename: { __typename: 'Book', id: '1', title: 'renamed' } };
      return [
        cache.write({ query: mutation, dataId: 'ROOT_MUTATION', result: data })?.__ref,
        cache.modify({ id: 'ROOT_MUTATION', fields: (_, { DELETE }) => DELETE }),
        cache.writeQuery({ id: 'Book:2', query: gql`{ title }`, data: { __typename: 'Book', title: 'by query' } })?.__ref,
        cache.readQuery({ id: 'Book:2', query: gql`{ title }` }),
        cache.extract(),
      ];
    },
    'aliases, arguments, directives, @skip and @include': (cache) => {
      const query = gql`
        query Q($with: Boolean!, $n: Int) {
          first: page(n: 1) { id text }
          second: page(n: $n) { id text @skip(if: $with) note @include(if: $with) }
          ordered(by: { b: 1, a: [2, 3] }) @connection(key: "ordered", filter: ["by"])
        }
      `;
      const page = (id: string) => ({ __typename: 'Page', id, text: `text ${id}`, note: `note ${id}` });
      const data = { first: page('1'), second: page('2'), ordered: 'yes' };
      const results = [true, false].map((isWith) => {
        const variables = { with: isWith, n: 2 };
        cache.writeQuery({ query, variables, data });
        return cache.readQuery({ query, variables });
      });
      return [results, cache.readQuery({ query, variables: { with: true, n: 3 } }), cache.extract()];
    },
    'incremental results are merged where they belong': (cache) => {
      const query = gql`
        query Deferred { book { id title ... @defer(label: "slow") { pages author { id name } } } }
      `;
      const { told } = watched(cache, { query });
      cache.writeQuery({ query, data: { book: { __typename: 'Book', id: '5', title: 'Five' } } });
      cache.writeFragment({
        id: 'Book:5',
        fragment: gql`fragment Slow on Book { pages author { id name } }`,
        data: { __typename: 'Book', pages: 5, author: { __typename: 'Author', id: 'a', name: 'Ada' } },
      });
      return [told, cache.readQuery({ query })];
    },
  },
};

/** Fragments and unions: which apply is for `possibleTypes` to say. */
export const abstract: Area = {
  config: () => ({
    possibleTypes: { Node: ['Book', 'Author', 'Magazine'], Printed: ['Book', 'Magazine'] },
    fragments: createFragmentRegistry(gql`
      fragment Named on Author { name born }
      fragment Node on Node { id ...Named }
    `),
    dataIdFromObject: (object) => (object.__typename === 'Magazine' ? `mag/${object.issue as string}` : undefined),
  }),
  cases: {
    'fragments on interfaces and unions': (cache) => {
      const query = gql`
        query {
          search { __typename ... on Node { id } ... on Printed { title } ... on Author { name } ... on Unknown { never } }
        }
      `;
      const data = {
        search: [
          { __typename: 'Book', id: '1', title: 'One' },
          { __typename: 'Author', id: 'a', name: 'Ada' },
          { __typename: 'Magazine', id: 'm', title: 'Mag', issue: 7 },
          { __typename: 'Stranger', id: 's' },
        ],
      };
      cache.writeQuery({ query, data });
      const before = cache.readQuery({ query, returnPartialData: true });
      cache.policies.addPossibleTypes({ Node: ['Stranger'] });
      return [before, cache.readQuery({ query, returnPartialData: true }), cache.extract()];
    },
    'registered fragments': (cache) => {
      const query = gql`
        query { books { ...Node author { ...Named } } }
      `;
      const document = cache.transformDocument(query);
      cache.writeQuery({ query, data: { books: [{ ...library.books[0], __typename: 'Book' }] } });
      return [
        print(document),
        cache.transformDocument(query) === document,
        cache.lookupFragment('Named')?.name.value,
        cache.lookupFragment('Nobody'),
        cache.readQuery({ query }),
        cache.readFragment({ id: 'Author:a', fragment: BORN }),
      ];
    },
    'names: __typename is added once, and nothing else': (cache) => {
      const transformed = cache.transformDocument(LIBRARY);
      const names: string[] = [];
      visit(transformed, { Field: (node) => void (node.kind === Kind.FIELD && names.push(node.name.value)) });
      return [names, cache.transformDocument(transformed) === transformed, print(cache.transformForLink(LIBRARY))];
    },
    'ids of one’s own': (cache) => [
      cache.identify({ __typename: 'Magazine', issue: 3, id: 'x' }),
      cache.identify({ __typename: 'Book', id: 0 }),
      cache.identify({ __typename: 'Book', _id: 'under' }),
      cache.identify({ __typename: 'Book' }),
      cache.identify({ id: 'no type' }),
      cache.identify({ __ref: 'Book:1' }),
    ],
  },
};
