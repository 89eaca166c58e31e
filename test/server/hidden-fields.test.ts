import { GraphQLError } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { afterEach, describe, expect, it, vi } from 'vitest';
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
    const post = async (user: string, body: object): Promise<string> => {
      const headers = { 'content-type': 'application/json', 'x-user': user };
      return (await yoga.fetch('http://farside.test/graphql', { method: 'POST', headers, body: JSON.stringify(body) })).text();
    };
    const list = async (user: string, args: string) => {
      const { data } = JSON.parse(await post(user, { query: `{ todos(${args}) { nodes { id } totalCount pageInfo { endCursor } } }` }));
      return [data.todos.nodes.map(({ id }: { id: string }) => id), data.todos.totalCount];
    };
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
      const text = await post(user, { query, variables: { i: input }, extensions });
      const { data, errors = [] } = JSON.parse(text);
      return { text, said: (data?.r ?? errors[0]?.extensions?.conflict) as Readonly<Record<string, unknown>> };
    };
    await send('boss', 'create', { id: 't', title: 'a', wage: 1, rating: 1, bonus: 1 });
    return Object.assign(send, { list });
  };

  it('are not told in a conflict: only that there are some', async () => {
    const send = await setUp();
    await send('boss', 'update', { id: 't', _version: 1, title: 'theirs', wage: 77777777, rating: 9 });
    const { said, text } = await send('ann', 'update', { id: 't', _version: 1, title: 'mine', wage: 2, rating: 2 });
    expect(said).toMatchObject({ conflictingFields: ['title', '*'], currentVersion: 2, server: { title: 'theirs' } });
    expect(text).not.toMatch(/wage|77777777/);
    const own = await send('boss', 'update', { id: 't', _version: 1, title: 'mine', wage: 2, rating: 2 });
    expect(own.said).toMatchObject({ conflictingFields: ['title', 'wage', 'rating'] });
  });

  it('are not told in that of a delete either', async () => {
    const send = await setUp();
    await send('boss', 'update', { id: 't', _version: 1, wage: 77777777 });
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

  it('find nothing, and order nothing: what a list leaves out or puts first would tell their values', async () => {
    const { list } = await setUp();
    const asked = [
      'wage: { gt: 0 }',
      'wage: { lt: 0 }',
      'not: { wage: { lt: 0 } }',
      'or: [{ title: { eq: "a" } }, { wage: { eq: 1 } }]',
      'rating: { eq: 1 }',
    ];
    for (const filter of asked) expect(await list('ann', `filter: { ${filter} }`), filter).toEqual([[], 0]);
    for (const order of ['{ field: wage }', '{ field: title }, { field: bonus, direction: DESC }'])
      expect(await list('ann', `orderBy: [${order}]`), order).toEqual([[], 0]);
    expect(await list('ann', 'filter: { title: { eq: "a" } }, orderBy: [{ field: title }]')).toEqual([['t'], 1]);
    for (const [index, filter] of asked.entries())
      expect(await list('boss', `filter: { ${filter} }, orderBy: [{ field: wage }]`), filter).toEqual(index === 1 ? [[], 0] : [['t'], 1]);
  });

  it('are not told where they were merged', async () => {
    const send = await setUp();
    await send('boss', 'update', { id: 't', _version: 1, bonus: 5 });
    const { said, text } = await send('ann', 'update', { id: 't', _version: 1, bonus: 2 }, { bonus: 1 });
    expect(said).toMatchObject({ mergedFields: ['*'] });
    expect(text).not.toMatch(/bonus/);
  });
});

it('what nobody hides is counted by the database: references, and fields without a resolver of their own', async () => {
  const store = memoryStore();
  close = () => store.close();
  const types = 'type Site @versioned { id: ID! name: String! } type Todo @versioned { id: ID! title: String! wage: Int site: Site }';
  const schema = createOfflineSchema({
    typeDefs: types,
    store,
    resolvers: { Todo: { wage: () => null } } as unknown as OfflineResolvers<object>,
  });
  const yoga = createYoga({ schema, logging: false, plugins: [useOffline({ store, identify: () => ({ id: 'ann' }) })] });
  await store.ready();
  const count = vi.spyOn(store.reads, 'count');
  const counts = async (filter: string) => {
    const query = encodeURIComponent(`{ todos(filter: { ${filter} }, orderBy: [{ field: siteId }]) { totalCount } }`);
    const answer = await (await yoga.fetch(`http://farside.test/graphql?query=${query}`)).json();
    expect(answer.errors).toBeUndefined();
    return count.mock.calls.splice(0).length;
  };
  expect(await counts('siteId: { eq: "s" }, title: { contains: "a" }')).toBe(1);
  expect(await counts('and: [{ not: { wage: { eq: 1 } } }]')).toBe(0);
});
