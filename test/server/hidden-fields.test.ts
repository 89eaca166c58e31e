import { GraphQLError } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { afterEach, describe, expect, it } from 'vitest';
import { createOfflineSchema, memoryStore, type OfflineContext, type OfflineResolvers, useOffline } from '../../server/index.ts';

const typeDefs = /* GraphQL */ `
  type Todo @versioned {
    id: ID!
    title: String
    "For the boss: an error for everybody else."
    wage: Int
    "For the boss: null for everybody else."
    rating: Int
    "For the boss, who is not the only one who adds."
    bonus: Int @merge(strategy: COUNTER)
  }
`;
const isBoss = ({ offline }: OfflineContext) => offline.user?.id === 'boss';
const forBoss = (name: string) => (row: Readonly<Record<string, unknown>>, _args: unknown, context: OfflineContext) => {
  if (isBoss(context)) return row[name];
  throw new GraphQLError('Not for you.', { extensions: { code: 'FORBIDDEN' } });
};
const resolvers = {
  Todo: {
    title: (row: Readonly<Record<string, unknown>>) => row.title,
    wage: forBoss('wage'),
    rating: (row: Readonly<Record<string, unknown>>, _args: unknown, context: OfflineContext) => (isBoss(context) ? row.rating : null),
    bonus: forBoss('bonus'),
  },
} as unknown as OfflineResolvers<object>;

const PROFILES = ['union', 'errors'] as const;
let close: () => Promise<void>;
afterEach(() => close());

describe.each(PROFILES)('names of hidden fields, where conflicts are %s', (conflicts) => {
  const setUp = async () => {
    const store = memoryStore();
    close = () => store.close();
    const schema = createOfflineSchema({ typeDefs, store, resolvers, conflicts });
    const identify = ({ request }: { request: Request }) => ({ id: request.headers.get('x-user') ?? '' });
    const yoga = createYoga({ schema, logging: false, plugins: [useOffline({ store, identify })] });
    let last = 0;
    const send = async (user: string, kind: 'create' | 'update' | 'delete', input: object, base?: object) => {
      const shown = 'conflictingFields message currentVersion server { id title }';
      const own = `${kind[0]?.toUpperCase()}${kind.slice(1)}Todo`;
      const selection =
        conflicts === 'errors'
          ? '{ todo { id } mergedFields }'
          : `{ ... on ${own}Payload { mergedFields } ... on TodoConflict { ${shown} } }`;
      const query = `mutation ($i: ${own}Input!) { r: ${kind}Todo(input: $i) ${selection} }`;
      last += 1;
      const entry = { id: last, ...(base ? { base } : {}) };
      const extensions = { offline: { protocol: 1, clientId: user, ackedThrough: 0, mutations: { r: entry } } };
      const response = await yoga.fetch('http://farside.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-user': user },
        body: JSON.stringify({ query, variables: { i: input }, extensions }),
      });
      const text = await response.text();
      const { data, errors = [] } = JSON.parse(text);
      return { text, said: (data?.r ?? errors[0]?.extensions?.conflict) as Readonly<Record<string, unknown>> };
    };
    await send('boss', 'create', { id: 't', title: 'a', wage: 1, rating: 1, bonus: 1 });
    return send;
  };

  it('are not told in a conflict: only that there are some', async () => {
    const send = await setUp();
    await send('boss', 'update', { id: 't', _version: 1, title: 'theirs', wage: 900, rating: 9 });
    const { said, text } = await send('ann', 'update', { id: 't', _version: 1, title: 'mine', wage: 2, rating: 2 });
    expect(said).toMatchObject({ conflictingFields: ['title', '*'], currentVersion: 2, server: { title: 'theirs' } });
    expect(text).not.toMatch(/wage|900/);
    const own = await send('boss', 'update', { id: 't', _version: 1, title: 'mine', wage: 2, rating: 2 });
    expect(own.said).toMatchObject({ conflictingFields: ['title', 'wage', 'rating'] });
  });

  it('are not told in that of a delete either', async () => {
    const send = await setUp();
    await send('boss', 'update', { id: 't', _version: 1, wage: 900 });
    const { said, text } = await send('ann', 'delete', { id: 't', _version: 1 });
    expect(said).toMatchObject({ conflictingFields: ['*'] });
    expect(text).not.toMatch(/wage/);
  });

  it('nor whether a guess of a hidden value is right, in that of a create', async () => {
    const send = await setUp();
    const right = await send('ann', 'create', { id: 't', title: 'x', wage: 1, rating: 1, bonus: 1 });
    const wrong = await send('ann', 'create', { id: 't', title: 'x', wage: 2, rating: 2, bonus: 2 });
    expect(right.said).toMatchObject({ conflictingFields: ['title'] });
    expect(wrong.said).toEqual(right.said);
  });

  it('are not told where they were merged', async () => {
    const send = await setUp();
    await send('boss', 'update', { id: 't', _version: 1, bonus: 5 });
    const { said, text } = await send('ann', 'update', { id: 't', _version: 1, bonus: 2 }, { bonus: 1 });
    expect(said).toMatchObject({ mergedFields: ['*'] });
    expect(text).not.toMatch(/bonus/);
  });
});
