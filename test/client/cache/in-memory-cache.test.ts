import { type ApolloCache, gql, InMemoryCache, type InMemoryCacheConfig } from '@apollo/client';
import { createFragmentRegistry } from '@apollo/client/cache';
import { print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { OfflineCache } from '../../../client/cache/offline-cache.ts';

const config: InMemoryCacheConfig = {
  possibleTypes: { Node: ['Book', 'Author'] },
  typePolicies: {
    Query: { fields: { books: { merge: (_, incoming) => incoming, read: (books) => books } } },
    Author: { keyFields: ['name'] },
  },
};
const BOOKS = gql`
  query Books {
    books { id title author { name born } }
  }
`;
const data = {
  books: [
    { __typename: 'Book', id: '1', title: 'One', author: { __typename: 'Author', name: 'Ada', born: 1815 } },
    { __typename: 'Book', id: '2', title: 'Two', author: { __typename: 'Author', name: 'Bob', born: 1900 } },
  ],
};

/** What somebody sees who uses nothing but the public surface of InMemoryCache. */
const uses: Readonly<Record<string, (cache: InMemoryCache) => unknown>> = {
  'extract and restore': (cache) => {
    const extracted = cache.extract();
    const same = cache.restore(extracted) === cache;
    return [extracted, same, cache.readQuery({ query: BOOKS })];
  },
  'modify, evict, gc': (cache) => [
    cache.modify({ id: 'Book:1', fields: { title: (title: string) => `${title}!` } }),
    cache.modify({ id: 'Book:9', fields: { title: () => '' } }),
    cache.evict({ id: 'Book:2' }),
    cache.evict({ id: 'Book:2' }),
    cache.gc(),
    cache.extract(),
    cache.readQuery({ query: BOOKS }),
  ],
  'retain and release': (cache) => [
    cache.retain('Book:2'),
    cache.evict({ id: 'ROOT_QUERY' }),
    cache.gc().sort(),
    cache.release('Book:2'),
    cache.gc().sort(),
    cache.extract(),
  ],
  'fragments, identify, key fields': (cache) => {
    const fragment = gql`
      fragment A on Author { name born }
    `;
    const ref = cache.writeFragment({ fragment, data: { __typename: 'Author', name: 'Eve', born: 1 } });
    return [
      ref,
      cache.identify({ __typename: 'Author', name: 'Eve' }),
      cache.readFragment({ id: 'Author:{"name":"Eve"}', fragment }),
      cache.updateFragment({ id: 'Author:{"name":"Eve"}', fragment }, (author) => ({ ...(author as object), born: 2 })),
      cache.extract(),
    ];
  },
  'updateQuery and watchers': (cache) => {
    const seen: unknown[] = [];
    const stop = cache.watch({
      query: BOOKS,
      optimistic: true,
      immediate: true,
      callback: ({ result, complete }) => seen.push([result, complete]),
    });
    cache.updateQuery({ query: BOOKS }, (books) => ({ books: (books as typeof data).books.slice(0, 1) }));
    cache.modify({ id: 'Book:1', broadcast: false, fields: { title: () => 'silent' } });
    cache.evict({ id: 'Book:1', fieldName: 'title' });
    stop();
    cache.evict({ id: 'Book:1' });
    return seen;
  },
  watchFragment: (cache) => {
    const seen: unknown[] = [];
    const fragment = gql`
      fragment T on Book { title }
    `;
    const subscription = cache
      .watchFragment({ fragment, from: { __typename: 'Book', id: '1' } })
      .subscribe(({ data: book, complete }) => seen.push([book, complete]));
    cache.modify({ id: 'Book:1', fields: { title: () => 'changed' } });
    cache.recordOptimisticTransaction((layer) => layer.modify({ id: 'Book:1', fields: { title: () => 'hoped' } }), 'x');
    cache.removeOptimistic('x');
    subscription.unsubscribe();
    return seen;
  },
  'optimistic transactions': (cache) => {
    const rename = (title: string) => (layer: ApolloCache) => void layer.modify({ id: 'Book:1', fields: { title: () => title } });
    const titles: unknown[] = [];
    const look = () =>
      titles.push(
        (cache.readQuery({ query: BOOKS }, true) as typeof data).books[0]?.title,
        (cache.readQuery({ query: BOOKS }) as typeof data).books[0]?.title,
      );
    cache.recordOptimisticTransaction(rename('a'), '1');
    cache.recordOptimisticTransaction(rename('b'), '2');
    look();
    cache.removeOptimistic('1');
    look();
    cache.batch({ update: rename('root'), optimistic: false, removeOptimistic: '2' });
    look();
    cache.batch({ update: rename('layer'), optimistic: 'mine' });
    look();
    cache.performTransaction(rename('also'), 'mine');
    look();
    cache.removeOptimistic('mine');
    look();
    titles.push(cache.batch({ update: () => 'returned' }));
    return [titles, cache.extract(), cache.extract(true)];
  },
  'a transaction that throws': (cache) => {
    const thrown: unknown[] = [];
    const attempt = (run: () => void) => {
      try {
        run();
      } catch (error) {
        thrown.push((error as Error).message);
      }
    };
    const broken = (layer: ApolloCache) => {
      layer.modify({ id: 'Book:1', fields: { title: () => 'half' } });
      throw new Error('broken');
    };
    attempt(() => cache.recordOptimisticTransaction(broken, 'x'));
    attempt(() => cache.batch({ optimistic: 'y', update: broken }));
    return [thrown, cache.extract(true)];
  },
  onWatchUpdated: (cache) => {
    const seen: unknown[] = [];
    cache.watch({ query: BOOKS, optimistic: true, immediate: true, callback: () => seen.push('told') });
    const write = (title: string) => (target: InMemoryCache) => void target.modify({ id: 'Book:1', fields: { title: () => title } });
    cache.batch({ update: write('a'), onWatchUpdated: (_, diff) => void seen.push(diff.complete) });
    cache.batch({ update: write('b'), onWatchUpdated: () => false });
    cache.batch({ update: write('b'), onWatchUpdated: () => seen.push('nothing changed') });
    return seen;
  },
  'reset, with and without watches': (cache) => {
    const seen: unknown[] = [];
    cache.watch({
      query: BOOKS,
      optimistic: true,
      immediate: true,
      returnPartialData: true,
      callback: ({ complete }) => seen.push(complete),
    });
    cache.recordOptimisticTransaction((layer) => layer.modify({ id: 'Book:1', fields: { title: () => 'hoped' } }), 'x');
    void cache.reset();
    seen.push(cache.extract(true));
    void cache.reset({ discardWatches: true });
    cache.writeQuery({ query: BOOKS, data });
    return seen;
  },
  'documents and policies': (cache) => {
    cache.policies.addTypePolicies({ Book: { fields: { shout: { read: (_, { readField }) => `${readField('title')}!` } } } });
    return [
      print(cache.transformDocument(BOOKS)),
      cache.readQuery({ query: gql`{ books { shout } }` }),
      cache.resolvesClientField('Book', 'shout'),
    ];
  },
};

describe('every public behaviour of InMemoryCache holds', () => {
  for (const [name, use] of Object.entries(uses)) {
    it(name, () => {
      const run = (cache: InMemoryCache) => {
        cache.writeQuery({ query: BOOKS, data });
        return use(cache);
      };
      expect(run(new OfflineCache(config))).toEqual(run(new InMemoryCache(config)));
    });
  }

  it('the fragment registry', () => {
    const registry = () => createFragmentRegistry(gql`fragment Names on Author { name }`);
    const query = gql`
      query {
        books { author { ...Names } }
      }
    `;
    const documents = [new InMemoryCache({ fragments: registry() }), new OfflineCache({ fragments: registry() })].map((cache) =>
      print(cache.transformDocument(query)),
    );
    expect(documents[1]).toContain('fragment Names');
    expect(documents[1]).toBe(documents[0]);
  });
});
