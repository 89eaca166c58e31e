import { gql, type InMemoryCache, type InMemoryCacheConfig } from '@apollo/client';

/** What somebody sees who uses nothing but the public surface of InMemoryCache. */
export type Use = (cache: InMemoryCache) => unknown;

/** Cases of one kind, under one configuration. */
export interface Area {
  /** Made anew for each cache. */
  readonly config?: () => InMemoryCacheConfig;
  /** The library is stored before. Default `true`. */
  readonly isFilled?: boolean;
  readonly cases: Readonly<Record<string, Use>>;
}

export const LIBRARY = gql`
  query Library {
    books { id title author { id name born } }
  }
`;

const ada = { __typename: 'Author', id: 'a', name: 'Ada', born: 1815 };
const bob = { __typename: 'Author', id: 'b', name: 'Bob', born: 1900 };
export const library = {
  books: [
    { __typename: 'Book', id: '1', title: 'One', author: ada },
    { __typename: 'Book', id: '2', title: 'Two', author: bob },
    { __typename: 'Book', id: '3', title: 'Three', author: ada },
  ],
};

export const TITLE = gql`
  fragment Title on Book { title }
`;

/** Everything that a watcher is told. */
export function watched(cache: InMemoryCache, options: Partial<Parameters<InMemoryCache['watch']>[0]> = {}) {
  const told: unknown[] = [];
  const stop = cache.watch({
    query: LIBRARY,
    optimistic: true,
    returnPartialData: true,
    callback: (diff, lastDiff) =>
      told.push([diff.result, diff.complete, diff.missing?.message, diff.fromOptimisticTransaction, lastDiff?.complete]),
    ...options,
  });
  return { told, stop };
}

/** What it threw, or what it gave. */
export function attempt(run: () => unknown): unknown {
  try {
    return ['gave', run()];
  } catch (error) {
    return ['threw', (error as Error).message];
  }
}
