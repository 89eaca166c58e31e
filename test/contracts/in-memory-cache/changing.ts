import { gql, type InMemoryCache, type Reference } from '@apollo/client';
import { type Area, attempt, LIBRARY, library, TITLE, watched } from './library.ts';

const NUMBERED = gql`
  query Numbered($n: Int) { page(n: $n) { id text } }
`;
const rename = (title: string) => (target: Pick<InMemoryCache, 'modify'>) =>
  void target.modify({ id: 'Book:1', fields: { title: () => title } });

export const changing: Area = {
  cases: {
    'modify: values, DELETE, INVALIDATE, and what it returns': (cache) => {
      const { told } = watched(cache);
      return [
        cache.modify({ id: 'Book:1', fields: { title: (title: string) => `${title}!` } }),
        cache.modify({ id: 'Book:1', fields: { title: (title: string) => title } }),
        cache.modify({ id: 'Book:1', fields: { title: (_, { INVALIDATE }) => INVALIDATE } }),
        cache.modify({ id: 'Book:1', fields: { title: (_, { DELETE }) => DELETE } }),
        cache.modify({ id: 'Book:1', fields: { nothing: () => 'new' } }),
        cache.modify({ id: 'Book:2', fields: (_, { DELETE }) => DELETE }),
        cache.modify({ id: 'Book:9', fields: { title: () => 'x' } }),
        cache.modify({ id: '', fields: { books: () => [] } }),
        cache.modify({ id: undefined as never, fields: { books: () => [] } }),
        cache.modify({ fields: { books: (refs: readonly Reference[]) => refs.slice(1) } }),
        cache.modify({ id: 'Book:3', broadcast: false, fields: { title: () => 'silent' } }),
        attempt(() =>
          cache.modify({
            id: 'Book:3',
            fields: {
              title: () => {
                throw new Error('broken');
              },
            },
          }),
        ),
        cache.modify({ id: 'Book:3', fields: { author: () => ({ __typename: 'Author', id: 'a', name: 'inline' }) } }),
        told,
        cache.extract(),
      ];
    },
    'modify: the details of each field': (cache) => {
      for (const n of [1, 2])
        cache.writeQuery({ query: NUMBERED, variables: { n }, data: { page: { __typename: 'Page', id: n, text: 't' } } });
      const seen: unknown[] = [];
      cache.modify({
        fields: (value, { fieldName, storeFieldName, isReference, canRead, readField, toReference, storage }) => {
          seen.push([fieldName, storeFieldName, isReference(value), canRead(value as Reference), readField('text', value as Reference)]);
          seen.push([toReference({ __typename: 'Page', id: 3 }), toReference('Page:4'), Object.keys(storage)]);
          return value;
        },
      });
      cache.modify({ fields: { page: (page, { DELETE, storeFieldName }) => (storeFieldName.includes('2') ? DELETE : page) } });
      return [seen, cache.extract()];
    },
    'modify: a new entity, made on the way': (cache) => {
      cache.modify({
        fields: {
          books: (refs, { toReference }) => [...(refs as unknown[]), toReference({ __typename: 'Book', id: '4', title: 'Four' }, true)],
        },
      });
      return [cache.extract(), cache.readQuery({ query: LIBRARY, returnPartialData: true }), cache.gc()];
    },
    'evict: entities, fields, fields by arguments, the root': (cache) => {
      const { told } = watched(cache);
      for (const n of [1, 2, 3])
        cache.writeQuery({ query: NUMBERED, variables: { n }, data: { page: { __typename: 'Page', id: n, text: 't' } } });
      return [
        cache.evict({ id: 'Book:1' }),
        cache.evict({ id: 'Book:1' }),
        cache.evict({ id: 'Book:2', fieldName: 'title' }),
        cache.evict({ id: 'Book:2', fieldName: 'title' }),
        cache.evict({ id: 'Book:2', fieldName: 'nothing' }),
        cache.evict({ fieldName: 'page', args: { n: 2 } }),
        cache.evict({ id: 'ROOT_QUERY', fieldName: 'page', args: { n: 9 } }),
        cache.evict({ fieldName: 'page', broadcast: false }),
        cache.evict({ id: undefined as never }),
        cache.evict({ id: 'Book:3', broadcast: false }),
        told.length,
        cache.gc(),
        cache.evict({}),
        told,
        cache.extract(),
      ];
    },
    'evict, then the same again: watchers are told both times': (cache) => {
      const { told } = watched(cache);
      cache.evict({ id: 'Author:a' });
      cache.writeQuery({ query: LIBRARY, data: library });
      cache.evict({ id: 'Author:a', fieldName: 'name' });
      cache.writeQuery({ query: LIBRARY, data: library });
      return told;
    },
    'gc, retain and release, counted': (cache) => {
      const author = gql`
        fragment A on Author { id name }
      `;
      cache.writeFragment({ fragment: author, data: { __typename: 'Author', id: 'c', name: 'Cyd' } });
      return [
        cache.gc(),
        cache.retain('Book:2'),
        cache.retain('Book:2'),
        cache.evict({ fieldName: 'books' }),
        cache.gc().sort(),
        cache.extract(),
        cache.release('Book:2'),
        cache.gc(),
        cache.release('Book:2'),
        cache.release('Book:2'),
        cache.gc({ resetResultCache: true }).sort(),
        cache.release('Author:c'),
        cache.gc(),
        cache.extract(),
      ];
    },
    'extract and restore, gc roots and what was there before': (cache) => {
      cache.retain('Author:a');
      const extracted = cache.extract();
      const { told } = watched(cache);
      const same = cache.restore(extracted) === cache;
      cache.evict({ id: 'ROOT_QUERY' });
      return [extracted, same, told, cache.gc().sort(), cache.restore({}).extract(), cache.restore(extracted).extract(), told];
    },
    'restore of something small takes the rest away, and every watcher hears at the next change': (cache) => {
      const { told } = watched(cache);
      cache.restore({ ROOT_QUERY: { __typename: 'Query', books: [{ __ref: 'Book:1' }] }, 'Book:1': { __typename: 'Book', id: '1' } });
      told.push('restored');
      cache.modify({ id: 'Book:1', fields: { id: (id: string) => id } });
      cache.writeFragment({ id: 'Book:1', fragment: TITLE, data: { __typename: 'Book', title: 'T' } });
      return [told, cache.extract()];
    },
    'reset, and reset that discards watches': (cache) => {
      const { told } = watched(cache, { immediate: true });
      cache.recordOptimisticTransaction(rename('hoped'), 'x');
      void cache.reset();
      told.push(cache.extract(true));
      cache.writeQuery({ query: LIBRARY, data: library });
      void cache.reset({ discardWatches: true });
      cache.writeQuery({ query: LIBRARY, data: library });
      return [told, cache.extract()];
    },
    'watchers: order, each once, the last diff, and what they do themselves': (cache) => {
      const seen: unknown[] = [];
      const first = cache.watch({ query: LIBRARY, optimistic: false, callback: () => seen.push('first') });
      cache.watch({
        query: LIBRARY,
        optimistic: true,
        callback: (diff, last) => {
          const title = (diff.result as typeof library | null)?.books[0]?.title;
          seen.push(['second', title, (last?.result as typeof library | undefined)?.books[0]?.title]);
          if (title === 'once') seen.push(attempt(() => cache.modify({ id: 'Book:1', fields: { title: () => 'twice' } })));
        },
      });
      cache.watch({ query: gql`{ shelves }`, optimistic: true, callback: () => seen.push('never') });
      rename('once')(cache);
      first();
      rename('thrice')(cache);
      return seen;
    },
    'a watcher that throws': (cache) => {
      const seen: unknown[] = [];
      const stop = cache.watch({
        query: LIBRARY,
        optimistic: true,
        callback: () => {
          throw new Error('watcher');
        },
      });
      seen.push(attempt(() => rename('x')(cache)));
      stop();
      seen.push(attempt(() => rename('y')(cache)));
      return [seen, cache.extract()];
    },
    'reactive variables': (cache) => {
      const shelf = (cache as unknown as { makeVar<T>(value: T): (next?: T) => T }).makeVar('A');
      cache.policies.addTypePolicies({ Query: { fields: { shelf: { read: () => shelf() } } } });
      const { told } = watched(cache, { query: gql`{ shelf }`, immediate: true });
      shelf('B');
      shelf('B');
      return [told, cache.readQuery({ query: gql`{ shelf }` })];
    },
  },
};
