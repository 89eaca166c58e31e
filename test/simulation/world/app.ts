import { gql } from '@apollo/client';
import type { DocumentNode } from 'graphql';
import { GraphQLError } from 'graphql';
import type { MutationDefaults } from '../../../client/options.ts';
import type { MergeStrategy } from '../../../schema/merge.ts';
import type { VersionKind } from '../../../schema/version.ts';
import type { Authorize, OfflineContext } from '../../../server/index.ts';
import type { Intent } from './intent.ts';
import { assignedId } from './tickets.ts';

/**
 * The application that is simulated: lists of things to do, with a field for every kind of value and every strategy.
 * `@ticket` marks each mutation with the name under which the oracles know it; nothing in the product looks at it.
 */
export const typesOf = (versions: VersionKind): string => /* GraphQL */ `
  directive @ticket(id: String!) on FIELD
  type List @versioned(by: ${versions}) {
    id: ID!
    name: String!
    "Who may see it; nobody named: everybody."
    audience: [String!]! @merge(strategy: CLIENT_WINS)
  }
  type Todo @versioned(by: ${versions}) {
    id: ID!
    title: String!
    note: String
    done: Boolean!
    rank: Int
    color: String @merge(strategy: CLIENT_WINS)
    stamp: String @merge(strategy: SERVER_WINS)
    tags: [String!]! @merge(strategy: SET_UNION)
    votes: Int! @merge(strategy: COUNTER)
    mood: String @merge(strategy: LAST_WRITE_WINS)
    "One ticket a line."
    memo: String @merge(strategy: TEXT)
    "The same on both, or on neither: two entities in one mutation."
    twin: String @merge(strategy: CLIENT_WINS)
    list: List
  }
  type Pair {
    a: Todo
    b: Todo
  }
  extend type Mutation {
    pair(a: ID!, b: ID!, twin: String!): Pair
    "The server makes the id; ref is what it was called until then."
    addTodo(ref: ID!, title: String!): Todo
  }
`;

/** The declared strategy of each field, by input name; the rest is `REPORT`. */
export const STRATEGY: Readonly<Record<string, MergeStrategy>> = {
  audience: 'CLIENT_WINS',
  color: 'CLIENT_WINS',
  stamp: 'SERVER_WINS',
  tags: 'SET_UNION',
  votes: 'COUNTER',
  mood: 'LAST_WRITE_WINS',
  memo: 'TEXT',
  twin: 'CLIENT_WINS',
};

/** Fields in which an edit may be carried out without a trace, because another's stands. */
export const MAY_LOSE: ReadonlySet<string> = new Set(['stamp', 'mood', 'memo']);

interface PairArgs {
  readonly a: string;
  readonly b: string;
  readonly twin: string;
}

/** Mutations of the application's own: two entities in one transaction, and an entity under an id of the server's. */
export const RESOLVERS = {
  Mutation: {
    async addTodo(_root: unknown, { ref, title }: { readonly ref: string; readonly title: string }, { offline }: OfflineContext) {
      const written = await offline.write.create('Todo', { id: assignedId(ref), title, done: false, tags: [], votes: 0 });
      if ('code' in written) throw new GraphQLError(String(written.message), { extensions: { code: 'BAD_USER_INPUT' } });
      return (written as { readonly todo?: unknown }).todo;
    },
    async pair(_root: unknown, args: PairArgs, { offline }: OfflineContext) {
      const result: Record<string, unknown> = {};
      for (const side of ['a', 'b'] as const) {
        const row = await offline.read.get('Todo', args[side]);
        if (row === null) throw new GraphQLError(`${args[side]} is not there`, { extensions: { code: 'BAD_USER_INPUT' } });
        const written = await offline.write.update('Todo', { id: row.id, _version: row._version, twin: args.twin });
        // Both or neither.
        if ('code' in written) throw new GraphQLError(String(written.message), { extensions: { code: 'CONFLICT', conflict: written } });
        result[side] = (written as { readonly todo?: unknown }).todo;
      }
      return result;
    },
  },
};

/** Titles that begin with this are refused for good. */
export const FORBIDDEN = 'forbidden';

export const authorize: Authorize = ({ user, action, typename, row }) => {
  if (action === 'create' && typename === 'Todo') return !String(row.title).startsWith(FORBIDDEN);
  if (typename !== 'List' || user.id === OBSERVER) return true;
  return mayRead(user.id, row.audience);
};

function mayRead(user: string, audience: unknown): boolean {
  return user === OBSERVER || !Array.isArray(audience) || audience.length === 0 || audience.includes(user);
}

/** Sees everything, and keeps order. */
export const OBSERVER = 'observer';

const TODO = 'id title note done rank color stamp tags votes mood memo twin list { id } _version _deleted';
const LIST = 'id name audience _version _deleted';

export const TODOS = gql`query Todos { todos(orderBy: [{ field: title }], first: 1000) { nodes { ${TODO} } } }`;
export const LISTS = gql`query Lists { lists(first: 1000) { nodes { ${LIST} } } }`;

function generated(kind: 'create' | 'update' | 'delete', typename: 'Todo' | 'List', isMarked: boolean, urgency = ''): DocumentNode {
  const [Kind, entity] = [`${kind.charAt(0).toUpperCase()}${kind.slice(1)}`, typename.toLowerCase()];
  const [variable, mark] = isMarked ? [', $ticket: String!', ' @ticket(id: $ticket)'] : ['', ''];
  return gql`mutation ${urgency}${Kind}${typename}($input: ${Kind}${typename}Input!${variable}) {
    ${kind}${typename}(input: $input)${mark} { ... on ${Kind}${typename}Payload { ${entity} { id } } }
  }`;
}

const GENERATED = new Map(
  (['create', 'update', 'delete'] as const).flatMap((kind) =>
    (['Todo', 'List'] as const).flatMap((typename) =>
      [true, false].map((isMarked) => [`${kind}${typename} ${isMarked}`, generated(kind, typename, isMarked)] as const),
    ),
  ),
);

const PAIR = gql`mutation Pair($a: ID!, $b: ID!, $twin: String!, $ticket: String!) {
  pair(a: $a, b: $b, twin: $twin) @ticket(id: $ticket) { a { ${TODO} } b { ${TODO} } }
}`;

const ADD = gql`mutation AddTodo($ref: ID!, $title: String!, $ticket: String!) {
  addTodo(ref: $ref, title: $title) @ticket(id: $ticket) { ${TODO} }
}`;

const URGENT = generated('update', 'Todo', true, 'Urgently');

/** @param isMarked whether it says whose it is. */
export function documentOf(
  { kind, typename, urgent, numbered }: Pick<Intent, 'kind' | 'typename' | 'urgent' | 'numbered'>,
  isMarked = true,
): DocumentNode {
  if (numbered) return ADD;
  if (urgent) return URGENT;
  return kind === 'pair' ? PAIR : (GENERATED.get(`${kind}${typename} ${isMarked}`) as DocumentNode);
}

/** As the server makes it. */
const NEW = {
  __typename: 'Todo',
  note: null,
  done: false,
  rank: null,
  color: null,
  stamp: null,
  tags: [],
  votes: 0,
  mood: null,
  memo: null,
  twin: null,
  list: null,
  _version: 0,
  _deleted: false,
};

/** The expected result of what the manifest cannot know. */
export const MUTATIONS: Readonly<Record<string, MutationDefaults>> = {
  AddTodo: {
    kind: 'create',
    typename: 'Todo',
    resolveId: (data) => (data.addTodo as { readonly id: string }).id,
    optimisticResponse: ({ ref, title }) => ({ addTodo: { ...NEW, id: ref, title } }),
  },
  Pair: {
    update(cache, _result, { variables }) {
      for (const side of ['a', 'b'] as const) {
        cache.modify({ id: `Todo:${variables[side]}`, fields: { twin: () => variables.twin } });
      }
    },
  },
};
