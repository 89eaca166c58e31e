import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityOfKey, parseIdempotencyKey } from '../../server/mutation/idempotency-key.ts';
import { createWorld, engines } from './world.ts';

const { stores, remove } = engines();
afterAll(remove);
const DAY_MS = 86_400_000;

describe.each(stores)('idempotency keys on %s', (_, makeStore) => {
  let world: ReturnType<typeof createWorld>;
  let now: number;
  beforeEach(() => {
    now = Date.parse('2026-03-01T23:59:00Z');
    world = createWorld(makeStore(), { now: () => now });
  });
  afterEach(() => world.store.close());

  const ACT = 'mutation { act(id: "t", how: "go") { value } }';
  const withHeader = (key: string, query = ACT, user = 'ann') => world.send({ query }, user, { 'idempotency-key': key });
  const directive = (key: string, alias = 'a') => `${alias}: act(id: "t", how: "go") @idempotent(key: "${key}") { value }`;

  it('in the header: a repeat gets the first answer', async () => {
    const first = await withHeader('"order-1"');
    expect([first.data, first.outcomes]).toEqual([{ act: { value: 1 } }, { act: 'applied' }]);
    const again = await withHeader('order-1');
    expect([again.data, again.outcomes]).toEqual([{ act: { value: 1 } }, { act: 'duplicate' }]);
    expect((await withHeader('order-2')).data).toEqual({ act: { value: 2 } });
    expect(world.ran()).toBe(2);
  });

  it('as a directive: each field by itself, whatever its alias', async () => {
    const first = await world.send({ query: `mutation { ${directive('1', 'a')} ${directive('2', 'b')} }` });
    expect([first.data, first.outcomes]).toEqual([
      { a: { value: 1 }, b: { value: 2 } },
      { a: 'applied', b: 'applied' },
    ]);
    const query = 'mutation ($key: String!) { x: act(id: "t", how: "go") @idempotent(key: $key) { value } }';
    const again = await world.send({ query, variables: { key: '2' } });
    expect([again.data, again.outcomes]).toEqual([{ x: { value: 2 } }, { x: 'duplicate' }]);
  });

  it('a header and a directive name the same', async () => {
    await withHeader('1');
    expect((await world.send({ query: `mutation { ${directive('1')} }` })).outcomes).toEqual({ a: 'duplicate' });
  });

  it('belong to the user', async () => {
    await withHeader('1');
    expect((await withHeader('1', ACT, 'bob')).outcomes).toEqual({ act: 'applied' });
  });

  it('with other arguments are refused', async () => {
    await withHeader('1');
    const other = await withHeader('1', 'mutation { act(id: "other", how: "go") { value } }');
    expect([other.data, other.errors?.[0]?.extensions?.code]).toEqual([{ act: null }, 'IDEMPOTENCY_KEY_REUSED']);
    expect(world.ran()).toBe(1);
  });

  it('of what failed for no fault of its own are not used up; of what was refused they are', async () => {
    const crash = 'mutation { act(id: "t", how: "crash") { value } }';
    expect((await withHeader('1', crash)).outcomes).toEqual({});
    expect((await withHeader('1')).outcomes).toEqual({ act: 'applied' });
    const refuse = 'mutation { act(id: "t", how: "refuse") { value } }';
    const [first, again] = [await withHeader('2', refuse), await withHeader('2', refuse)];
    expect([first.outcomes, again.outcomes, again.errors?.[0]?.extensions?.code]).toEqual([
      { act: 'rejected' },
      { act: 'duplicate' },
      'FORBIDDEN',
    ]);
  });

  it('are honoured over midnight, and forgotten when the next day is over', async () => {
    await withHeader('1');
    now += DAY_MS;
    expect((await withHeader('1')).outcomes).toEqual({ act: 'duplicate' });
    now += DAY_MS;
    expect((await withHeader('1')).outcomes).toEqual({ act: 'applied' });
    const { user, clientId } = identityOfKey('ann', '1', now).places[0];
    expect(await world.store.write((tx) => tx.countResults(user, clientId))).toBe(1);
  });

  it('repeats that arrive together run once', async () => {
    const answers = await Promise.all(['1', '1', '1', '1'].map((key) => withHeader(key)));
    expect(answers.map(({ outcomes }) => outcomes.act).sort()).toEqual(['applied', 'duplicate', 'duplicate', 'duplicate']);
    expect((await world.todo('t'))?.count).toBe(1);
  });

  it.each([
    ['two fields under one header', () => withHeader('1', `mutation { a: signIn b: signIn }`)],
    ['a key that is none', () => withHeader('two words')],
    ['an empty one', () => world.send({ query: `mutation { ${directive('')} }` })],
    ['one key for two fields', () => world.send({ query: `mutation { ${directive('1', 'a')} ${directive('1', 'b')} }` })],
    ['a header and a directive', () => withHeader('1', `mutation { ${directive('2')} }`)],
    ['an id of ours besides', () => world.deliver(`mutation { ${directive('1')} }`, { a: 7 })],
  ])('%s: BAD_USER_INPUT, and nothing runs', async (_name, send) => {
    const answer = await send();
    expect(answer.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    expect(world.ran()).toBe(0);
  });

  it('of a stranger: first sign in', async () => {
    const answer = await world.send({ query: ACT }, null, { 'idempotency-key': '1' });
    expect(answer.errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  });
});

it.each([
  ['"a b"', null],
  ['x'.repeat(256), null],
  [7, null],
  ['', null],
  ['"8e03978e-40d5-43e8"', '8e03978e-40d5-43e8'],
  [' plain ', 'plain'],
])('the key in %j is %j', (value, key) => {
  expect(parseIdempotencyKey(value)).toBe(key);
});
