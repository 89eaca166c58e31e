import { gql } from '@apollo/client';
import type { ManifestField, OfflineManifest } from '../../../schema/manifest.ts';

const value = (name: string, type: string, over: Partial<ManifestField> = {}): ManifestField => ({
  kind: 'value',
  input: name,
  type,
  list: false,
  nullable: false,
  strategy: 'REPORT',
  ...over,
});

/** Two types that refer to one another, with a field name that both have under different types. */
export const manifest: OfflineManifest = {
  protocol: 1,
  schemaHash: 'hash-1',
  types: {
    Todo: {
      version: 'COUNTER',
      fields: {
        title: value('title', 'String'),
        done: value('done', 'Boolean'),
        rank: value('rank', 'Int', { nullable: true }),
        tags: value('tags', 'String', { list: true }),
        site: { ...value('siteId', 'Site', { nullable: true }), kind: 'reference' },
      },
    },
    Site: { version: 'COUNTER', fields: { name: value('name', 'String'), rank: value('rank', 'String') } },
  },
  mutations: {},
  queries: {
    todo: { kind: 'entity', typename: 'Todo' },
    todos: { kind: 'list', typename: 'Todo' },
    site: { kind: 'entity', typename: 'Site' },
    sites: { kind: 'list', typename: 'Site' },
  },
};

export interface TodoRow {
  readonly id: string;
  readonly title?: string;
  readonly done?: boolean;
  readonly rank?: number | null;
  readonly version?: number;
}

/** A Todo as the server answers with it. */
export function todo({ id, title = `title ${id}`, done = false, rank = null, version = 1 }: TodoRow) {
  return { __typename: 'Todo', id, _version: version, _lastChangedAt: '2026-01-01T00:00:00.000Z', _deleted: false, title, done, rank };
}

export const TODOS = gql`
  query Todos($filter: TodoFilter, $orderBy: [TodoOrder!], $first: Int, $after: String) {
    todos(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
      nodes { id _version _lastChangedAt _deleted title done rank }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
  }
`;

export interface TodosData {
  readonly todos: {
    readonly __typename: 'TodoConnection';
    readonly nodes: readonly ReturnType<typeof todo>[];
    readonly pageInfo: { readonly __typename: 'PageInfo'; readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly totalCount: number;
  };
}

export function page(nodes: readonly ReturnType<typeof todo>[], { hasNextPage = false, totalCount = nodes.length } = {}): TodosData {
  return { todos: { __typename: 'TodoConnection', nodes, pageInfo: { __typename: 'PageInfo', hasNextPage, endCursor: null }, totalCount } };
}
