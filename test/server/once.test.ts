import { createYoga } from 'graphql-yoga';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, engines } from './world.ts';

const { stores, remove } = engines();
afterAll(remove);

describe.each(stores)('exactly once on %s', (_, makeStore) => {
  let world: ReturnType<typeof createWorld>;
  beforeEach(() => {
    world = createWorld(makeStore(), { now: () => Date.parse('2026-03-01T12:00:00Z') });
  });
  afterEach(() => world.store.close());

  const ACT = (key: string, how = 'go', id = 't') => `${key}: act(id: "${id}", how: "${how}") { value }`;

  it('a dropped response and a repeat: the same answer, byte for byte, and one effect', async () => {
    const create = `mutation ($i: CreateTodoInput!) { createTodo(input: $i) { __typename ... on CreateTodoPayload { todo { id title _version _lastChangedAt tags site { name } } } } }`;
    const variables = { i: { id: 't1', title: 'Milk “½”', tags: ['b', 'a'] } };
    const first = await world.deliver(create, { createTodo: 1 }, { variables });
    expect(first).toMatchObject({
      data: { createTodo: { __typename: 'CreateTodoPayload', todo: { _version: 1, tags: ['b', 'a'] } } },
      outcomes: { createTodo: 'applied' },
    });
    // Somebody else's change must not show in the repeat.
    await world.send({ query: `mutation { updateTodo(input: { id: "t1", _version: 1, title: "Oat" }) { __typename } }` });
    const repeat = await world.deliver(create, { createTodo: 1 }, { variables });
    expect(repeat.outcomes).toEqual({ createTodo: 'duplicate' });
    expect(JSON.stringify(repeat.data)).toBe(JSON.stringify(first.data));
    expect(repeat.text.replace('duplicate', 'applied')).toBe(first.text);
    expect((await world.todo('t1'))?._version).toBe(2);
  });

  it('a repeat is known under another response key, other variables and another selection', async () => {
    await world.deliver(
      `mutation ($i: CreateTodoInput!) { createTodo(input: $i) { __typename } }`,
      { createTodo: 1 },
      { variables: { i: { id: 't', title: 'x', done: false, tags: [] } } },
    );
    const repeat = await world.deliver(
      `mutation ($other: Boolean = false) { m1: createTodo(input: { tags: [], done: $other, title: "x", id: "t" }) { __typename ... on CreateTodoPayload { mergedFields } } m2: signIn }`,
      { m1: 1, m2: 2 },
    );
    expect(repeat).toMatchObject({
      data: { m1: { __typename: 'CreateTodoPayload' }, m2: 'welcome' },
      outcomes: { m1: 'duplicate', m2: 'applied' },
    });
  });

  it('a batch: applied, internal error, refused, applied; each by itself, and a repeat runs only what was not consumed', async () => {
    const batch = `mutation { ${ACT('a', 'go', '1')} ${ACT('b', 'crash', '2')} ${ACT('c', 'refuse', '3')} ${ACT('d', 'go', '4')} }`;
    const ids = { a: 1, b: 2, c: 3, d: 4 };
    const first = await world.deliver(batch, ids);
    expect(first.data).toEqual({ a: { value: 1 }, b: null, c: null, d: { value: 1 } });
    expect(first.outcomes).toEqual({ a: 'applied', c: 'rejected', d: 'applied' });
    expect(first.errors?.map(({ path, extensions }) => [path, extensions?.code])).toEqual([
      [['b'], 'INTERNAL_SERVER_ERROR'],
      [['c'], 'FORBIDDEN'],
    ]);
    expect(first.text).not.toContain('secret of the machine');
    expect([await world.todo('1'), await world.todo('2'), await world.todo('3'), await world.todo('4')].map((row) => row?.count)).toEqual([
      1,
      undefined,
      undefined,
      1,
    ]);

    expect(world.ran()).toBe(4);
    const repeat = await world.deliver(batch, ids);
    expect(repeat.outcomes).toEqual({ a: 'duplicate', c: 'duplicate', d: 'duplicate' });
    expect(repeat.errors?.map(({ path, extensions }) => [path, extensions?.code])).toEqual([
      [['b'], 'INTERNAL_SERVER_ERROR'],
      [['c'], 'FORBIDDEN'],
    ]);
    expect(JSON.stringify(repeat.data)).toBe(JSON.stringify(first.data));
    expect(JSON.stringify(repeat.errors?.[1])).toBe(JSON.stringify(first.errors?.[1]));
    expect(world.ran()).toBe(5);
  });

  it('the errors profile: a conflict in the extensions of an error is a conflict, kept like any other', async () => {
    const batch = `mutation { ${ACT('a', 'conflict', '1')} ${ACT('b', 'go', '2')} }`;
    const first = await world.deliver(batch, { a: 1, b: 2 });
    expect(first.outcomes).toEqual({ a: 'conflict', b: 'applied' });
    expect(first.errors?.[0]).toMatchObject({ path: ['a'], extensions: { code: 'CONFLICT', conflict: { currentVersion: 7 } } });
    expect(await world.todo('1')).toBeNull();
    expect(JSON.stringify((await world.deliver(batch, { a: 1, b: 2 })).errors)).toBe(JSON.stringify(first.errors));
  });

  it('an HTTP status that one refusal asks for does not hide its neighbours', async () => {
    const answer = await world.deliver(`mutation { ${ACT('a', 'status', '1')} ${ACT('b', 'go', '2')} }`, { a: 1, b: 2 });
    expect(answer).toMatchObject({ status: 200, outcomes: { a: 'rejected', b: 'applied' } });
  });

  it('a refusal for now consumes nothing', async () => {
    expect((await world.deliver(`mutation { ${ACT('a', 'later')} }`, { a: 1 })).outcomes).toEqual({});
    expect(await world.todo('t')).toBeNull();
    expect((await world.deliver(`mutation { ${ACT('a')} }`, { a: 1 })).outcomes).toEqual({ a: 'applied' });
  });

  it('an internal error below the root rolls the effect back; a refusal there withholds only what it refuses', async () => {
    const create = (id: string, field: string) =>
      `mutation { createTodo(input: { id: "${id}", title: "x", tags: [] }) { ... on CreateTodoPayload { todo { id ${field} } } } }`;
    const broken = await world.deliver(create('b', 'broken'), { createTodo: 1 });
    expect(broken).toMatchObject({ data: { createTodo: null }, outcomes: {} });
    expect(broken.errors?.[0]).toMatchObject({ path: ['createTodo', 'todo', 'broken'], extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    expect(await world.todo('b')).toBeNull();
    const secret = await world.deliver(create('s', 'secret'), { createTodo: 2 });
    expect(secret).toMatchObject({ data: { createTodo: { todo: { id: 's', secret: null } } }, outcomes: { createTodo: 'applied' } });
    const repeat = await world.deliver(create('s', 'secret'), { createTodo: 2 });
    expect(JSON.stringify([repeat.data, repeat.errors])).toBe(JSON.stringify([secret.data, secret.errors]));
  });

  it('the same id with other arguments is a cloned store, and runs nothing', async () => {
    await world.deliver(`mutation { ${ACT('a', 'go', '1')} }`, { a: 1 });
    const other = await world.deliver(`mutation { ${ACT('a', 'go', '2')} }`, { a: 1 });
    expect(other.errors?.[0]?.extensions?.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(other.outcomes).toEqual({});
    expect(await world.todo('2')).toBeNull();
  });

  it('identities belong to the user and the client', async () => {
    for (const more of [{}, { client: 'c2' }, { user: 'bob' }])
      expect((await world.deliver(`mutation { ${ACT('a')} }`, { a: 1 }, more)).outcomes).toEqual({ a: 'applied' });
    expect((await world.todo('t'))?.count).toBe(3);
  });

  it('what is acknowledged is forgotten and never runs again, however late it comes', async () => {
    await world.deliver(`mutation { ${ACT('a')} }`, { a: 1 });
    await world.deliver(`mutation { ${ACT('a')} }`, { a: 2 }, { ackedThrough: 1 });
    // A straggler that left before: its own ackedThrough is lower.
    const late = await world.deliver(`mutation { ${ACT('a')} }`, { a: 1 });
    expect(late.errors?.[0]?.extensions?.code).toBe('ALREADY_ACKNOWLEDGED');
    expect((await world.deliver(`mutation { ${ACT('a')} }`, { a: 2 })).outcomes).toEqual({ a: 'duplicate' });
    expect((await world.todo('t'))?.count).toBe(2);
  });

  it('a retired client is forgotten, of the same user only', async () => {
    await world.deliver(`mutation { ${ACT('a')} }`, { a: 7 }, { client: 'old' });
    await world.deliver(`mutation { signIn }`, { signIn: 1 }, { user: 'bob', retired: ['old'] });
    expect((await world.deliver(`mutation { ${ACT('a')} }`, { a: 7 }, { client: 'old' })).outcomes).toEqual({ a: 'duplicate' });
    await world.deliver(`mutation { signIn }`, { signIn: 1 }, { retired: ['old'] });
    expect((await world.deliver(`mutation { ${ACT('a')} }`, { a: 7 }, { client: 'old' })).errors?.[0]?.extensions?.code).toBe(
      'ALREADY_ACKNOWLEDGED',
    );
  });

  it('too many answers unacknowledged: told to acknowledge, nothing consumed', async () => {
    await world.store.close();
    world = createWorld(makeStore(), { limits: { unacknowledgedResults: 500 } });
    const keys = Array.from({ length: 500 }, (_, index) => index + 1);
    await world.deliver(
      `mutation { ${keys.map((id) => `m${id}: signIn`).join(' ')} }`,
      Object.fromEntries(keys.map((id) => [`m${id}`, id])),
    );
    const more = await world.deliver(`mutation { ${ACT('a')} }`, { a: 501 });
    expect(more.errors?.[0]?.extensions?.code).toBe('TOO_MANY_UNACKNOWLEDGED');
    expect((await world.deliver(`mutation { ${ACT('a')} }`, { a: 501 }, { ackedThrough: 1 })).outcomes).toEqual({ a: 'applied' });
  });

  it('a repeat that arrives while the first is running waits for it', async () => {
    const slow = `mutation { slow(id: "s") { value } }`;
    const first = world.deliver(slow, { slow: 1 });
    const repeat = world.deliver(slow, { slow: 1 });
    while (world.ran() === 0) await new Promise((resolve) => setImmediate(resolve));
    world.release();
    // Which of the two is first, the database decides.
    expect([(await first).outcomes.slow, (await repeat).outcomes.slow].sort()).toEqual(['applied', 'duplicate']);
    expect((await world.todo('s'))?.count).toBe(2);
  });

  it('a resolver that holds the lock too long is cut off, and what it does later changes nothing', async () => {
    await world.store.close();
    world = createWorld(makeStore(), { limits: { fieldTimeoutMs: 20 } });
    const answer = await world.deliver(`mutation { slow(id: "s") { value } ${ACT('b', 'go', 'after')} }`, { slow: 1, b: 2 });
    expect(answer).toMatchObject({ data: { slow: null, b: { value: 1 } }, outcomes: { b: 'applied' } });
    world.release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await world.todo('s')).toBeNull();
    expect((await world.todo('after'))?.count).toBe(1);
  });

  it('plain clients: each field in its own transaction, run at every delivery', async () => {
    const plain = { query: `mutation { ${ACT('a', 'go', '1')} ${ACT('b', 'crash', '2')} ${ACT('c', 'go', '1')} }` };
    const answer = await world.send(plain);
    expect(answer.data).toEqual({ a: { value: 1 }, b: null, c: { value: 2 } });
    expect(answer.extensions?.offline).toBeUndefined();
    await world.send(plain);
    expect((await world.todo('1'))?.count).toBe(4);
    expect(await world.todo('2')).toBeNull();
  });

  it('a field without an entry beside one with an entry runs, and is not kept', async () => {
    const both = `mutation { ${ACT('a', 'go', '1')} ${ACT('b', 'go', '2')} }`;
    expect((await world.deliver(both, { a: 1 })).outcomes).toEqual({ a: 'applied' });
    expect((await world.deliver(both, { a: 1 })).data).toEqual({ a: { value: 1 }, b: { value: 2 } });
  });

  it('a refused non-null root field: null for a plain client, as specified; never hides the neighbours of an offline one', async () => {
    const batch = `mutation { ${ACT('a', 'go', '1')} strict(how: "refuse") { value } ${ACT('b', 'go', '2')} }`;
    const ours = await world.deliver(batch, { a: 1, strict: 2, b: 3 });
    expect(ours).toMatchObject({
      data: { a: { value: 1 }, strict: null, b: { value: 1 } },
      outcomes: { a: 'applied', strict: 'rejected', b: 'applied' },
    });
    const plain = await world.send({ query: batch });
    expect(plain.data).toBeNull();
    expect((await world.todo('1'))?.count).toBe(2);
    expect((await world.todo('2'))?.count).toBe(1);
  });

  it('wrong variables answer as plain Yoga answers, and nothing runs', async () => {
    const query = `mutation ($i: CreateTodoInput!, $k: ID!) { createTodo(input: $i) { __typename } act(id: $k, how: "go") { value } }`;
    const variables = { k: 't' };
    const answer = await world.deliver(query, { createTodo: 1, act: 2 }, { variables });
    const bare = createYoga({ schema: world.schema, logging: false });
    const body = JSON.stringify({ query, variables });
    const plain = await bare.fetch('http://farside.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.errors?.[0]?.message).toContain('"$i"');
    expect([answer.status, answer.data, answer.errors]).toEqual([plain.status, undefined, (await plain.json()).errors]);
    expect(world.ran()).toBe(0);
  });

  it('@include and @skip, fragments, merged fields and __typename at the root', async () => {
    const query = `
      mutation ($yes: Boolean!) {
        __typename
        ...Both @include(if: $yes)
        b: act(id: "b", how: "go") @skip(if: $yes) { value }
        a: act(id: "a", how: "go") { again: value }
      }
      fragment Both on Mutation { a: act(id: "a", how: "go") { ...V } }
      fragment V on Tally { value }
    `;
    const yes = await world.deliver(query, { a: 1, b: 2 }, { variables: { yes: true } });
    expect(yes.data).toEqual({ __typename: 'Mutation', a: { value: 1, again: 1 } });
    const no = await world.deliver(query, { a: 3, b: 2 }, { variables: { yes: false } });
    expect(no.data).toEqual({ __typename: 'Mutation', b: { value: 1 }, a: { again: 2 } });
    expect(no.outcomes).toEqual({ b: 'applied', a: 'applied' });
  });

  it('response keys that objects have of their own are response keys', async () => {
    const answer = await world.deliver(
      `mutation { constructor: signIn  __proto__: signIn }`,
      JSON.parse('{ "constructor": 1, "__proto__": 2 }'),
    );
    expect(answer.text).toContain('"constructor":"welcome"');
    expect(answer.outcomes).toMatchObject({ constructor: 'applied' });
  });

  it('answers say the protocol, the time and the epoch to whoever speaks it', async () => {
    const answer = await world.deliver(`{ ping }`, {});
    expect(answer.extensions?.offline).toEqual({
      protocol: 1,
      mutations: {},
      serverTime: Date.parse('2026-03-01T12:00:00Z'),
      epoch: world.store.epoch,
    });
  });

  it.each([
    [{ protocol: 2, clientId: 'c', ackedThrough: 0, mutations: {} }, 'UNSUPPORTED_PROTOCOL'],
    [{ protocol: 1, clientId: '', ackedThrough: 0, mutations: {} }, 'BAD_OFFLINE_EXTENSION'],
    ['no object', 'BAD_OFFLINE_EXTENSION'],
  ])('a malformed extension runs nothing: %j', async (offline, code) => {
    const answer = await world.send({ query: `mutation { ${ACT('a')} }`, extensions: { offline } });
    expect(answer.errors?.[0]?.extensions?.code).toBe(code);
    expect(world.ran()).toBe(0);
  });

  it('strangers: what touches data asks them to sign in; what does not, runs; their ids are not spent', async () => {
    expect((await world.send({ query: '{ ping __schema { queryType { name } } }' }, null)).data).toMatchObject({ ping: 'pong' });
    expect((await world.send({ query: 'mutation { signIn }' }, null)).data).toEqual({ signIn: 'welcome' });
    for (const query of [
      '{ todo(id: "t") { id } }',
      '{ todos { nodes { id } } }',
      '{ sync { cursor } }',
      `mutation { ${ACT('a')} }`,
      `mutation { deleteTodo(input: { id: "t", _version: 1 }) { __typename } }`,
    ])
      expect((await world.send({ query }, null)).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    const refused = await world.deliver(`mutation { ${ACT('a')} }`, { a: 1 }, { user: null });
    expect(refused.errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    expect((await world.deliver(`mutation { ${ACT('a')} }`, { a: 1 })).outcomes).toEqual({ a: 'applied' });
  });
});
