import { costLimitPlugin } from '@escape.tech/graphql-armor-cost-limit';
import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthPlugin } from '@escape.tech/graphql-armor-max-depth';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';
import { NoSchemaIntrospectionCustomRule } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { afterAll, describe, expect, it } from 'vitest';
import { type Authorize, type MutationEvent, useCsrfPrevention, useOffline } from '../../server/index.ts';
import { createWorld, engines } from './world.ts';

const { stores, remove } = engines();
afterAll(remove);

const CREATE = (id: string, title: string) =>
  `mutation { createTodo(input: { id: "${id}", title: "${title}", tags: [] }) { __typename ... on CreateTodoPayload { todo { title } } } }`;
const SECRET = 'the diagnosis';
const TOLD =
  '__typename ... on TodoConflict { conflict: code message expectedVersion currentVersion conflictingFields server { id title } lease { holder isYours expiresAt } } ... on MutationRejected { code message field }';
const LEASED =
  '__typename ... on Lease { fencingToken } ... on LeaseHeld { message holder isYours expiresAt } ... on MutationRejected { code message field }';
/** Todos that somebody calls theirs are theirs alone. */
const authorize: Authorize = ({ user, row }) => row.mine == null || row.mine === user.id;

describe.each(stores)('somebody else, on %s', (_name, open) => {
  const worldOf = async () => {
    const events: MutationEvent[] = [];
    const world = createWorld(open(), { authorize, onMutation: (event) => events.push(event) });
    const made = await world.deliver(
      `mutation { createTodo(input: { id: "anns", title: "${SECRET}", mine: "ann", tags: [] }) { __typename ... on CreateTodoPayload { todo { title } } } }`,
      { createTodo: 1 },
    );
    expect(made.text).toContain(SECRET);
    return { ...world, events };
  };

  it('gets no stored answer by repeating what was sent, under the same client and id', async () => {
    const { deliver, events } = await worldOf();
    const replayed = await deliver(
      `mutation { createTodo(input: { id: "anns", title: "${SECRET}", mine: "ann", tags: [] }) { __typename ... on CreateTodoPayload { todo { title } } } }`,
      { createTodo: 1 },
      { user: 'eve' },
    );
    expect(replayed.outcomes).not.toHaveProperty('createTodo', 'duplicate');
    expect(replayed.text).not.toContain(SECRET);
    expect(events.at(-1)).toMatchObject({ user: { id: 'eve' }, field: 'createTodo', outcome: 'rejected' });
  });

  it('cannot make another forget answers, by acknowledging or retiring their client', async () => {
    const { deliver, ran } = await worldOf();
    const act = 'mutation { act(id: "n", how: "") { value } }';
    const first = await deliver(act, { act: 2 });
    await deliver('mutation { signIn }', {}, { user: 'eve', ackedThrough: 1000 });
    await deliver('mutation { signIn }', {}, { user: 'eve', client: 'c9', retired: ['c1'] });
    const repeat = await deliver(act, { act: 2 });
    expect([repeat.outcomes, repeat.data]).toEqual([{ act: 'duplicate' }, first.data]);
    expect(ran()).toBe(1);
  });

  it('uses up no id of theirs', async () => {
    const { deliver } = await worldOf();
    await deliver(CREATE('e', 'x'), { createTodo: 7 }, { user: 'eve' });
    expect((await deliver(CREATE('a', 'y'), { createTodo: 7 })).outcomes).toEqual({ createTodo: 'applied' });
  });

  it('reads nothing of theirs, by id, list, count, filter, sync, or a clash', async () => {
    const { send } = await worldOf();
    const asEve = async (query: string) => (await send({ query }, 'eve')).text;
    const texts = await Promise.all(
      [
        '{ todo(id: "anns") { title } }',
        '{ todos { totalCount nodes { id title } } }',
        `{ todos(filter: { title: { eq: "${SECRET.slice(0, 3)}" } }) { totalCount nodes { id } } }`,
        '{ sync { changes { id ... on Todo { title } } tombstones { id } } }',
        'mutation { updateTodo(input: { id: "anns", _version: 1, title: "x" }) { __typename ... on TodoConflict { code currentVersion server { id title } } } }',
        'mutation { deleteTodo(input: { id: "anns", _version: 9 }) { __typename ... on TodoConflict { code currentVersion server { id title } } } }',
        'mutation { createTodo(input: { id: "anns", title: "x", tags: [] }) { __typename ... on TodoConflict { currentVersion server { id title } } } }',
      ].map(asEve),
    );
    for (const text of texts) expect(text).not.toContain(SECRET);
    expect(texts[0]).toContain('"todo":null');
    expect(texts[1]).toContain('"totalCount":0');
    expect(texts[3]).toContain('"changes":[],"tombstones":[]');
  });

  /** Of one id, wherever an id may stand; and what is answered where there never was anything. */
  const ABSENT: readonly (readonly [string, (id: string) => string])[] = [
    ['read', (id) => `{ todo(id: "${id}") { id title } }`],
    ['filtered', (id) => `{ todos(filter: { id: { eq: "${id}" } }) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`],
    ['filtered by what refers to it', (id) => `{ todos(filter: { siteId: { eq: "${id}" } }) { totalCount nodes { id } } }`],
    ...[1, 99].flatMap((version): (readonly [string, (id: string) => string])[] => [
      [`updated at ${version}`, (id) => `mutation { updateTodo(input: { id: "${id}", _version: ${version}, title: "x" }) { ${TOLD} } }`],
      [`merged at ${version}`, (id) => `mutation { updateTodo(input: { id: "${id}", _version: ${version}, tags: ["x"] }) { ${TOLD} } }`],
      [`deleted at ${version}`, (id) => `mutation { deleteTodo(input: { id: "${id}", _version: ${version} }) { ${TOLD} } }`],
    ]),
    ['set to nothing', (id) => `mutation { updateTodo(input: { id: "${id}", _version: 1, title: null }) { ${TOLD} } }`],
    ['updated to refer to nothing', (id) => `mutation { updateTodo(input: { id: "${id}", _version: 1, siteId: "none" }) { ${TOLD} } }`],
    ['leased', (id) => `mutation { acquireLease(typename: "Todo", id: "${id}", ttlMs: 60000) { ${LEASED} } }`],
    ['leased anew', (id) => `mutation { renewLease(typename: "Todo", id: "${id}", fencingToken: TOKEN, ttlMs: 60000) { ${LEASED} } }`],
    ['let go', (id) => `mutation { releaseLease(typename: "Todo", id: "${id}", fencingToken: TOKEN) }`],
    ['made, by who may make none', (id) => `mutation { createTodo(input: { id: "${id}", title: "not for you", tags: [] }) { ${TOLD} } }`],
  ];
  it.each(ABSENT)('cannot tell what is hidden from what never was: %s', async (_what, ask) => {
    const world = createWorld(open(), {
      authorize: (request) => authorize(request) && !(request.action === 'create' && request.row.title === 'not for you'),
    });
    const made = await world.send({
      query: `mutation { createSite(input: { id: "s", name: "S" }) { __typename } createTodo(input: { id: "anns", title: "${SECRET}", mine: "ann", tags: ["a"], siteId: "s" }) { __typename } gone: createTodo(input: { id: "gone", title: "${SECRET}", mine: "ann", tags: [] }) { __typename } deleteTodo(input: { id: "gone", _version: 1 }) { __typename } acquireLease(typename: "Todo", id: "anns", ttlMs: 60000) { ... on Lease { token: fencingToken } } }`,
    });
    const token = Number(made.data?.acquireLease?.token);
    expect(token).toBeGreaterThan(0);
    const asEve = async (id: string) =>
      (await world.send({ query: ask(id).replace('TOKEN', String(token)) }, 'eve')).text.replaceAll(id, 'ID');
    const absent = await asEve('none');
    expect([await asEve('anns'), await asEve('gone')]).toEqual([absent, absent]);
    expect(absent).not.toContain('FAILED');
    await world.store.close();
  });

  it('cannot refer to what is hidden, nor tell it from what never was by that', async () => {
    const world = createWorld(open(), { authorize: ({ user, row }) => row.name !== 'hidden' || user.id === 'ann' });
    await world.send({ query: 'mutation { createSite(input: { id: "hers", name: "hidden" }) { __typename } }' });
    await world.send({ query: 'mutation { createTodo(input: { id: "t", title: "x", tags: [], siteId: "hers" }) { __typename } }' });
    await world.send({ query: CREATE('u', 'x') });
    const asEve = async (query: string, id: string) =>
      (await world.send({ query: query.replaceAll('ID', id) }, 'eve')).text.replaceAll(id, 'ID');
    for (const query of [
      `mutation { createTodo(input: { title: "x", tags: [], siteId: "ID" }) { ${TOLD} } }`,
      `mutation { updateTodo(input: { id: "u", _version: 1, siteId: "ID" }) { ${TOLD} } }`,
    ]) {
      expect(await asEve(query, 'hers')).toBe(await asEve(query, 'none'));
      expect(await asEve(query, 'hers')).toContain('REFERENCE_NOT_FOUND');
    }
    expect((await world.send({ query: '{ todo(id: "t") { site { id name } } }' }, 'eve')).data?.todo).toEqual({ site: null });
    await world.store.close();
  });

  it('does not take over the id of what was deleted unseen', async () => {
    const { deliver, todo } = await worldOf();
    await deliver('mutation { deleteTodo(input: { id: "anns", _version: 1 }) { __typename } }', { deleteTodo: 2 });
    const taken = `mutation { createTodo(input: { id: "anns", title: "spoofed", tags: [] }) { ${TOLD} } }`;
    const answer = await deliver(taken, { createTodo: 1 }, { user: 'eve' });
    expect(answer.data?.createTodo).toMatchObject({ conflict: 'ALREADY_EXISTS', currentVersion: null, server: null });
    expect(await todo('anns')).toMatchObject({ _deleted: true, _version: 2 });
    expect((await deliver(CREATE('anns', 'back'), { createTodo: 3 })).outcomes).toEqual({ createTodo: 'applied' });
  });

  it('changes no field that is not theirs to change', async () => {
    const asked: unknown[] = [];
    const world = createWorld(open(), {
      authorize: ({ user, action, changes }) => {
        asked.push([action, changes]);
        return user.id === 'ann' || changes === null || !('mine' in changes);
      },
    });
    await world.send({ query: CREATE('t', 'x') });
    const asEve = (fields: string) =>
      world.send({ query: `mutation { updateTodo(input: { id: "t", _version: 1, ${fields} }) { ${TOLD} } }` }, 'eve');
    asked.length = 0;
    expect((await asEve('note: "n", mine: "eve"')).data?.updateTodo).toMatchObject({ code: 'FORBIDDEN' });
    expect(asked).toContainEqual(['update', { note: 'n', mine: 'eve' }]);
    expect(asked).toContainEqual(['read', null]);
    expect(await world.todo('t')).toMatchObject({ note: null, mine: null, _version: 1 });
    expect((await asEve('note: "n"')).data?.updateTodo).toMatchObject({ __typename: 'UpdateTodoPayload' });
    await world.store.close();
  });
});

it('useCsrfPrevention says which option is wrong', () => {
  expect(() => useCsrfPrevention({ headers: [] })).toThrow('option headers: expected names of headers, got []');
});

describe('the recipe of operation.md', () => {
  const noIntrospection: Plugin = { onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule) };
  const [, open] = stores[0] as (typeof stores)[number];
  const world = createWorld(open());
  const yoga = createYoga({
    schema: world.schema,
    logging: false,
    graphiql: false,
    maxRequestBodySize: 100_000,
    plugins: [
      useCsrfPrevention(),
      useOffline({ store: world.store, identify: () => ({ id: 'ann' }) }),
      maxTokensPlugin({ n: 500 }),
      maxAliasesPlugin({ n: 20 }),
      maxDepthPlugin({ n: 3, flattenFragments: true }),
      costLimitPlugin({ maxCost: 300, flattenFragments: true }),
      noIntrospection,
    ],
  });
  const post = async (body: string, headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' }) => {
    const response = await yoga.fetch('http://farside.test/graphql', { method: 'POST', headers, body });
    return { status: response.status, text: await response.text() };
  };
  const ask = async (query: string) => post(JSON.stringify({ query }));
  const many = (count: number, field: string): string => Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');

  it.each([
    ['tokens', `{ ${'ping '.repeat(600)} }`, /token/i],
    ['aliases', `{ ${many(30, 'ping')} }`, /alias/i],
    ['depth', '{ todos { ...a } } fragment a on TodoConnection { nodes { site { id } } }', /depth/i],
    ['cost', `{ ${many(19, 'todos { nodes { id title done note count tags mine } }')} }`, /cost/i],
    ['introspection', '{ __schema { types { name } } }', /introspection/i],
  ])('limits %s', async (_what, query, message) => {
    const { text } = await ask(query);
    expect(text).toMatch(message);
    expect(text).not.toContain('"data":{');
  });

  it('limits the body, and takes no array of operations', async () => {
    expect((await ask(`{ ping } #${'x'.repeat(200_000)}`)).status).toBe(413);
    expect((await post('[{"query":"{ ping }"},{"query":"{ ping }"}]')).status).toBe(400);
  });

  it('what a form of another site can send changes nothing', async () => {
    const mutation = 'mutation { createTodo(input: { id: "forged", title: "x", tags: [] }) { __typename } }';
    for (const [type, body] of [
      ['application/x-www-form-urlencoded', new URLSearchParams({ query: mutation }).toString()],
      ['text/plain', JSON.stringify({ query: mutation })],
      ['multipart/form-data; boundary=b', `--b\r\nContent-Disposition: form-data; name="query"\r\n\r\n${mutation}\r\n--b--`],
      ['', JSON.stringify({ query: mutation })],
      ['text/plain; application/json', JSON.stringify({ query: mutation })],
    ] as const)
      expect((await post(body, type === '' ? {} : { 'content-type': type })).status, type).toBe(403);
    expect(await world.todo('forged')).toBeNull();
    const own = { 'content-type': 'application/x-www-form-urlencoded', 'apollo-require-preflight': '1' };
    expect((await post(new URLSearchParams({ query: '{ ping }' }).toString(), own)).status).toBe(200);
    const get = await yoga.fetch('http://farside.test/graphql?query={ping}');
    expect(get.status).toBe(403);
  });

  it('errors of the machine are masked, codes of ours are not', async () => {
    const crash = await ask('mutation { act(id: "c", how: "crash") { value } }');
    expect(crash.text).not.toContain('secret of the machine');
    expect(crash.text).toContain('INTERNAL_SERVER_ERROR');
    expect((await ask('mutation { act(id: "c", how: "refuse") { value } }')).text).toContain('"code":"FORBIDDEN"');
  });
});
