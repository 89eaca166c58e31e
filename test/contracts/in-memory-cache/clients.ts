import { ApolloClient, ApolloLink, gql, type InMemoryCache } from '@apollo/client';
import { Defer20220824Handler } from '@apollo/client/incremental';
import { Observable } from 'rxjs';
import { type Area, LIBRARY, library, TITLE } from './library.ts';

const RENAME = gql`
  mutation Rename($title: String!) { rename(title: $title) { id title } }
`;
const renamed = (title: string) => ({ rename: { __typename: 'Book', id: '1', title } });

/** A server of a few words; each answer comes in the parts in which it was given. */
function clientOf(cache: InMemoryCache, answers: Readonly<Record<string, readonly unknown[]>>): ApolloClient {
  const link = new ApolloLink(
    ({ operationName }) =>
      new Observable((observer) => {
        void (async () => {
          for (const answer of answers[operationName ?? ''] ?? []) {
            await Promise.resolve();
            if (answer instanceof Error) return observer.error(answer);
            observer.next(answer as never);
          }
          observer.complete();
        })();
      }),
  );
  return new ApolloClient({
    cache,
    link,
    dataMasking: true,
    devtools: { enabled: false },
    incrementalHandler: new Defer20220824Handler(),
  });
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

/** The cache as ApolloClient uses it. */
export const clients: Area = {
  cases: {
    'masked data, and the fragments that may see them': async (cache) => {
      const client = clientOf(cache, {});
      const query = gql`
        query Masked { books { id ...Title author { ...Name @unmask } } }
        fragment Title on Book { title }
        fragment Name on Author { name }
      `;
      const seen: unknown[] = [];
      const watch = client.watchQuery({ query, fetchPolicy: 'cache-only' }).subscribe(({ data }) => seen.push(['query', data]));
      const fragment = client
        .watchFragment({ fragment: TITLE, fragmentName: 'Title', from: 'Book:1' })
        .subscribe(({ data }) => seen.push(['fragment', data]));
      await settled();
      cache.modify({ id: 'Book:1', fields: { title: () => 'changed' } });
      await settled();
      cache.modify({ id: 'Author:a', fields: { name: () => 'Ada L.' } });
      await settled();
      watch.unsubscribe();
      fragment.unsubscribe();
      return seen;
    },
    'deferred parts, as they come': async (cache) => {
      const query = gql`
        query Deferred { book { id title ... @defer { pages author { id name } } } }
      `;
      const client = clientOf(cache, {
        Deferred: [
          { data: { book: { __typename: 'Book', id: '1', title: 'One' } }, hasNext: true },
          {
            incremental: [{ data: { pages: 9, author: { __typename: 'Author', id: 'a', name: 'Ada' } }, path: ['book'] }],
            hasNext: false,
          },
        ],
      });
      const seen: unknown[] = [];
      const watch = client
        .watchQuery({ query, fetchPolicy: 'network-only' })
        .subscribe(({ data, dataState }) => seen.push([data, dataState]));
      await settled();
      await settled();
      watch.unsubscribe();
      return [seen, cache.extract()];
    },
    'a mutation: hoped for, then answered': async (cache) => {
      const client = clientOf(cache, { Rename: [{ data: renamed('real') }] });
      const seen: unknown[] = [];
      const watch = client
        .watchQuery({ query: LIBRARY, fetchPolicy: 'cache-only' })
        .subscribe(({ data }) => seen.push((data as typeof library | undefined)?.books?.map(({ title }) => title)));
      await settled();
      const updates: unknown[] = [];
      const { data } = await client.mutate({
        mutation: RENAME,
        variables: { title: 'real' },
        optimisticResponse: renamed('hoped'),
        update: (target, result) => void updates.push([result.data, target.readFragment({ id: 'Book:1', fragment: TITLE }, true)]),
      });
      await settled();
      watch.unsubscribe();
      return [data, seen, updates, cache.extract(), cache.extract(true)];
    },
    'a mutation: hoped for, then refused': async (cache) => {
      const client = clientOf(cache, { Rename: [new Error('no network')] });
      const seen: unknown[] = [];
      const watch = client
        .watchQuery({ query: LIBRARY, fetchPolicy: 'cache-only' })
        .subscribe(({ data }) => seen.push((data as typeof library | undefined)?.books?.map(({ title }) => title)));
      await settled();
      const failure = await client
        .mutate({ mutation: RENAME, variables: { title: 'x' }, optimisticResponse: renamed('hoped') })
        .catch(String);
      await settled();
      watch.unsubscribe();
      return [failure, seen, cache.extract(true)];
    },
    'fetched twice, reset, and cleared': async (cache) => {
      const client = clientOf(cache, { Library: [{ data: { books: library.books.slice(0, 1) } }] });
      const seen: unknown[] = [];
      const watch = client
        .watchQuery({ query: LIBRARY, fetchPolicy: 'cache-and-network', notifyOnNetworkStatusChange: true })
        .subscribe(({ data, networkStatus, partial }) =>
          seen.push([(data as typeof library | undefined)?.books?.length, networkStatus, partial]),
        );
      await settled();
      await client.resetStore();
      await settled();
      await client.refetchQueries({ include: 'active' });
      await settled();
      watch.unsubscribe();
      await client.clearStore();
      return [seen, cache.extract()];
    },
  },
};
