import type { ApolloCache, InMemoryCache } from '@apollo/client';
import { type Area, attempt, LIBRARY, type library, TITLE, watched } from './library.ts';

const rename =
  (title: string, id = 'Book:1') =>
  (target: ApolloCache) =>
    void target.modify({ id, fields: { title: () => title } });
const titles = (cache: InMemoryCache) =>
  [true, false].map((optimistic) =>
    (cache.readQuery({ query: LIBRARY }, optimistic) as typeof library | null)?.books.map(({ title }) => title),
  );

export const transactions: Area = {
  cases: {
    'batch: one broadcast, what it returns, nested': (cache) => {
      const { told } = watched(cache);
      const given = cache.batch({
        update(target) {
          rename('a')(target);
          cache.batch({ update: rename('b') });
          cache.performTransaction(rename('c'));
          target.evict({ id: 'Book:3' });
          return told.length;
        },
      });
      return [given, told, cache.extract()];
    },
    'batch: that throws keeps what it did, and is told at the next change': (cache) => {
      const { told } = watched(cache);
      const thrown = attempt(() =>
        cache.batch({
          update(target) {
            rename('half')(target);
            throw new Error('broken');
          },
        }),
      );
      told.push('after');
      rename('next', 'Book:2')(cache);
      return [thrown, told, cache.extract()];
    },
    'layers: made, read, removed in any order': (cache) => {
      const seen: unknown[] = [];
      const { told } = watched(cache);
      const look = () => seen.push(titles(cache), cache.extract(true));
      cache.recordOptimisticTransaction(rename('a'), '1');
      look();
      cache.recordOptimisticTransaction(rename('b', 'Book:2'), '2');
      cache.recordOptimisticTransaction(rename('c'), '3');
      look();
      cache.removeOptimistic('1');
      look();
      cache.removeOptimistic('3');
      look();
      cache.removeOptimistic('never');
      cache.removeOptimistic('2');
      look();
      return [seen, told];
    },
    'layers: several of one id go together': (cache) => {
      cache.recordOptimisticTransaction(rename('a'), 'same');
      cache.recordOptimisticTransaction(rename('b', 'Book:2'), 'same');
      const before = titles(cache);
      cache.removeOptimistic('same');
      return [before, titles(cache)];
    },
    'layers: new entities, deleted ones, and what gc and evict make of them': (cache) => {
      const seen: unknown[] = [];
      cache.recordOptimisticTransaction((layer) => {
        const ref = layer.writeFragment({ id: 'Book:4', fragment: TITLE, data: { __typename: 'Book', title: 'Four' } });
        layer.modify({ fields: { books: (refs) => [...(refs as unknown[]), ref] } });
        layer.modify({ id: 'Book:2', fields: (_, { DELETE }) => DELETE });
      }, 'x');
      seen.push(cache.gc(), cache.extract(), cache.extract(true), cache.readFragment({ id: 'Book:4', fragment: TITLE }));
      seen.push(cache.readFragment({ id: 'Book:4', fragment: TITLE }, true), cache.readFragment({ id: 'Book:2', fragment: TITLE }, true));
      cache.removeOptimistic('x');
      seen.push(cache.extract(true), cache.gc());
      return seen;
    },
    'layers: a transaction that throws leaves none': (cache) => {
      const { told } = watched(cache);
      const broken = (layer: ApolloCache) => {
        rename('half')(layer);
        throw new Error('broken');
      };
      return [
        attempt(() => cache.recordOptimisticTransaction(broken, 'x')),
        attempt(() => cache.batch({ optimistic: 'y', update: broken })),
        attempt(() => cache.performTransaction(broken, 'z')),
        titles(cache),
        told,
        cache.extract(true),
      ];
    },
    'layers: a transaction that throws leaves the earlier ones of its id': (cache) => {
      cache.recordOptimisticTransaction(rename('a'), 'same');
      cache.recordOptimisticTransaction(rename('b', 'Book:2'), 'other');
      const thrown = attempt(() =>
        cache.recordOptimisticTransaction((layer) => {
          rename('half', 'Book:3')(layer);
          throw new Error('broken');
        }, 'same'),
      );
      const before = titles(cache);
      cache.removeOptimistic('same');
      return [thrown, before, titles(cache)];
    },
    'layers: a result that takes the place of what was hoped for is one step': (cache) => {
      const { told } = watched(cache);
      cache.recordOptimisticTransaction(rename('hoped'), 'x');
      cache.batch({ update: rename('real'), optimistic: false, removeOptimistic: 'x' });
      cache.recordOptimisticTransaction(rename('same'), 'y');
      cache.batch({ update: rename('same'), optimistic: false, removeOptimistic: 'y' });
      return [told, titles(cache)];
    },
    'layers: named by batch and performTransaction': (cache) => {
      const seen: unknown[] = [];
      cache.batch({ update: rename('layer'), optimistic: 'mine' });
      seen.push(titles(cache));
      cache.performTransaction(rename('other', 'Book:2'), 'mine');
      seen.push(titles(cache));
      cache.batch({ update: rename('top'), optimistic: true });
      seen.push(titles(cache));
      cache.performTransaction(rename('root', 'Book:3'), null as never);
      seen.push(titles(cache));
      cache.removeOptimistic('mine');
      seen.push(titles(cache), cache.extract(true));
      return seen;
    },
    'layers: what is read inside is what lies below': (cache) => {
      const seen: unknown[] = [];
      const peek = (target: ApolloCache) => {
        const read = (optimistic: boolean) => target.readFragment({ id: 'Book:1', fragment: TITLE }, optimistic);
        seen.push([read(true), read(false)]);
      };
      cache.recordOptimisticTransaction((layer) => {
        peek(layer);
        rename('a')(layer);
        peek(layer);
      }, '1');
      cache.recordOptimisticTransaction((layer) => {
        peek(layer);
        rename('b')(layer);
        peek(layer);
      }, '2');
      cache.batch({ optimistic: false, update: peek });
      return seen;
    },
    onWatchUpdated: (cache) => {
      const seen: unknown[] = [];
      const { told } = watched(cache, { immediate: true });
      cache.watch({ query: LIBRARY, optimistic: false, callback: () => seen.push('root told') });
      const note = (diff: { complete?: boolean }, last?: { complete?: boolean }) => seen.push([diff.complete, last?.complete]);
      cache.batch({ update: rename('a'), onWatchUpdated: (_, diff, last) => void note(diff, last) });
      cache.batch({ update: rename('b'), onWatchUpdated: () => false });
      cache.batch({ update: rename('b'), onWatchUpdated: () => seen.push('nothing changed') });
      cache.batch({
        optimistic: 'x',
        update: rename('hoped'),
        onWatchUpdated: (watch, diff) => void seen.push(['x', watch.optimistic, diff.fromOptimisticTransaction]),
      });
      cache.batch({
        optimistic: false,
        removeOptimistic: 'x',
        update: () => undefined,
        onWatchUpdated: (watch) => void seen.push(['y', watch.optimistic]),
      });
      cache.modify({ id: 'Book:2', broadcast: false, fields: { title: () => 'dirty before' } });
      cache.batch({ update: rename('c', 'Book:3'), onWatchUpdated: (watch) => void seen.push(['z', watch.optimistic]) });
      rename('d')(cache);
      return [seen, told];
    },
  },
};
