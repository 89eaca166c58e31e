import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tick } from '../../schema/hybrid-clock.ts';
import { createWorld, engines } from './world.ts';

const { stores, remove } = engines();
afterAll(remove);

const NOW = Date.parse('2026-01-01T00:00:00.000Z');
const IN_2099 = Date.parse('2099-01-01T00:00:00.000Z');
const WRITTEN = (kind: string, typename = 'Todo') =>
  `__typename ... on ${kind}${typename}Payload { mergedFields } ... on ${typename}Conflict { conflict: code } ... on MutationRejected { code message }`;
const update = (input: string) => `mutation { w: updateTodo(input: { ${input} }) { ${WRITTEN('Update')} } }`;
const create = (input: string) => `mutation { w: createTodo(input: { ${input} }) { ${WRITTEN('Create')} } }`;
const remove_ = (input: string) => `mutation { w: deleteTodo(input: { ${input} }) { ${WRITTEN('Delete')} } }`;
const RENAME = update('id: "t", _version: 1, title: "written"');
const lease = (args: string) => `mutation { w: acquireLease(${args}) { __typename ... on MutationRejected { code } } }`;

describe.each(stores)('what no honest client sends, on %s', (_name, open) => {
  let world: ReturnType<typeof createWorld>;
  beforeEach(async () => {
    world = createWorld(open(), { now: () => NOW });
    const made = await world.send({
      query:
        'mutation { createSite(input: { id: "s", name: "S" }) { __typename } createTodo(input: { id: "t", title: "as it was", tags: [] }) { __typename } }',
    });
    expect(made.errors).toBeUndefined();
  });
  afterEach(() => world.store.close());

  /** Everything that a request could have left behind. */
  const kept = async () => ({
    head: await world.store.reads.head(),
    rows: (await world.store.reads.changes({ after: null, types: null, limit: 1000 })).rows,
    ...(await world.store.reads.statistics()),
    leases: await world.store.write((tx) => tx.countLeases('ann', 0)),
  });
  /** The codes of an answer: of its errors, or of a write that was refused. */
  const codesOf = ({ errors = [], data }: Awaited<ReturnType<typeof world.send>>): readonly unknown[] => [
    ...errors.map(({ extensions }) => extensions?.code),
    ...Object.values(data ?? {}).flatMap((value) => (value?.code === undefined ? [] : [value.code])),
  ];
  const offline = (more: object) => ({ protocol: 1, clientId: 'c1', ackedThrough: 0, mutations: { w: { id: 1 } }, ...more });

  it.each<readonly [string, object, string]>([
    ['no object', { toString: 'x' }, 'UNSUPPORTED_PROTOCOL'],
    ['another protocol', offline({ protocol: 2 }), 'UNSUPPORTED_PROTOCOL'],
    ['a number for a client', offline({ clientId: 7 }), 'BAD_OFFLINE_EXTENSION'],
    ['a client of the server’s own', offline({ clientId: ':key:3' }), 'BAD_OFFLINE_EXTENSION'],
    ['a client without end', offline({ clientId: 'x'.repeat(65) }), 'BAD_OFFLINE_EXTENSION'],
    ['an id that is text', offline({ mutations: { w: { id: '1' } } }), 'BAD_OFFLINE_EXTENSION'],
    ['an id that is zero', offline({ mutations: { w: { id: 0 } } }), 'BAD_OFFLINE_EXTENSION'],
    ['an id below zero', offline({ mutations: { w: { id: -1 } } }), 'BAD_OFFLINE_EXTENSION'],
    ['half an id', offline({ mutations: { w: { id: 1.5 } } }), 'BAD_OFFLINE_EXTENSION'],
    ['an id beyond counting', offline({ mutations: { w: { id: 2 ** 53 } } }), 'BAD_OFFLINE_EXTENSION'],
    ['one id twice', offline({ mutations: { w: { id: 1 }, v: { id: 1 } } }), 'BAD_OFFLINE_EXTENSION'],
    ['a list for entries', offline({ mutations: [{ id: 1 }] }), 'BAD_OFFLINE_EXTENSION'],
    ['a base that is a list', offline({ mutations: { w: { id: 1, base: ['x'] } } }), 'BAD_OFFLINE_EXTENSION'],
    ['a clock that is none', offline({ mutations: { w: { id: 1, clock: 'noon' } } }), 'BAD_OFFLINE_EXTENSION'],
    ['a token that is text', offline({ mutations: { w: { id: 1, lease: '7' } } }), 'BAD_OFFLINE_EXTENSION'],
    ['settled below zero', offline({ ackedThrough: -1 }), 'BAD_OFFLINE_EXTENSION'],
    ['more retired than there can be', offline({ retired: Array(101).fill('c') }), 'BAD_OFFLINE_EXTENSION'],
    [
      'a huge batch',
      offline({ mutations: Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`m${index}`, { id: index + 1 }])) }),
      'BAD_OFFLINE_EXTENSION',
    ],
  ])('in the extension: %s', async (_what, extension, code) => {
    const before = await kept();
    const answer = await world.send({ query: RENAME, extensions: { offline: extension } });
    expect([answer.data, codesOf(answer)]).toEqual([undefined, [code]]);
    expect(await kept()).toEqual(before);
  });

  it('members of the extension that nobody knows change nothing', async () => {
    const strange = { ...offline({ mutations: { w: { id: 1, sudo: true, user: 'bob' } } }), user: 'bob', admin: true, __proto__: { x: 1 } };
    const answer = await world.send({ query: RENAME, extensions: { offline: strange } });
    expect(answer.outcomes).toEqual({ w: 'applied' });
    expect(await world.todo('t')).toMatchObject({ title: 'written', _version: 2 });
  });

  it.each<readonly [string, string, string]>([
    ['an id that is a list', update('id: ["t"], _version: 1, title: "x"'), 'GRAPHQL_VALIDATION_FAILED'],
    ['an id that is nothing', update('id: null, _version: 1, title: "x"'), 'GRAPHQL_VALIDATION_FAILED'],
    ['an id of no letters', update('id: "", _version: 1, title: "x"'), 'BAD_USER_INPUT'],
    ['an id without end, to update', update(`id: "${'x'.repeat(5000)}", _version: 1, title: "x"`), 'BAD_USER_INPUT'],
    ['an id without end, to delete', remove_(`id: "${'x'.repeat(5000)}", _version: 1`), 'BAD_USER_INPUT'],
    ['an id without end, to create', create(`id: "${'x'.repeat(201)}", title: "x", tags: []`), 'BAD_USER_INPUT'],
    ['a version from the future', update('id: "t", _version: 2, title: "x"'), 'BAD_USER_INPUT'],
    ['a version from the far future', update('id: "t", _version: 9007199254740991, title: "x"'), 'BAD_USER_INPUT'],
    ['a version from the future, to delete', remove_('id: "t", _version: 99'), 'BAD_USER_INPUT'],
    ['a version of another kind', update('id: "t", _version: "main:3", title: "x"'), 'BAD_USER_INPUT'],
    ['half a version', update('id: "t", _version: 0.5, title: "x"'), 'GRAPHQL_VALIDATION_FAILED'],
    ['a field that is none', update('id: "t", _version: 1, colour: "x"'), 'GRAPHQL_VALIDATION_FAILED'],
    ['a field of the server’s', update('id: "t", _version: 1, _deleted: false'), 'GRAPHQL_VALIDATION_FAILED'],
    ['a value of another type', update('id: "t", _version: 1, title: 5'), 'GRAPHQL_VALIDATION_FAILED'],
    ['a reference to nothing', update('id: "t", _version: 1, siteId: "none"'), 'REFERENCE_NOT_FOUND'],
    ['a reference to another type', update('id: "t", _version: 1, siteId: "t"'), 'REFERENCE_NOT_FOUND'],
    ['a lease of no type', lease('typename: "Nothing", id: "t", ttlMs: 60000'), 'BAD_USER_INPUT'],
    ['a lease of what every object has', lease('typename: "__proto__", id: "t", ttlMs: 60000'), 'BAD_USER_INPUT'],
    ['a lease of nothing', lease('typename: "Todo", id: "none", ttlMs: 60000'), 'DELETED'],
    ['a lease for no time', lease('typename: "Todo", id: "t", ttlMs: -5'), 'BAD_USER_INPUT'],
  ])('in a mutation: %s', async (_what, query, code) => {
    const before = await kept();
    const answer = await world.send({ query });
    // Of what does not fit the schema the server in front says it in its own way.
    if (code === 'GRAPHQL_VALIDATION_FAILED') expect([answer.data, answer.errors?.length]).toEqual([undefined, expect.any(Number)]);
    else expect(codesOf(answer)).toEqual([code]);
    expect(await kept()).toEqual(before);
  });

  it('of versions of the other kinds: none from the future either', async () => {
    const made = await world.send({
      query:
        'mutation { createReading(input: { id: "r", value: 1 }) { __typename } createPart(input: { id: "p", name: "a" }) { __typename } }',
    });
    expect(made.errors).toBeUndefined();
    const before = await kept();
    for (const [type, id, version] of [
      ['Reading', 'r', `"${tick(null, IN_2099, 'main')}"`],
      ['Part', 'p', '"main:99"'],
    ] as const) {
      const query = `mutation { w: update${type}(input: { id: "${id}", _version: ${version}, ${type === 'Part' ? 'price' : 'value'}: 2 }) { ${WRITTEN('Update', type)} } }`;
      const answer = await world.send({ query });
      expect([codesOf(answer), answer.text], type).toEqual([['BAD_USER_INPUT'], expect.stringContaining('has not given out')]);
    }
    expect(await kept()).toEqual(before);
  });

  it.each<readonly [string, string, string]>([
    ['a cursor that is none', '{ sync(since: "?") { cursor } }', 'BAD_CURSOR'],
    ['a cursor without end', `{ sync(since: "${'a'.repeat(600)}") { cursor } }`, 'BAD_CURSOR'],
    ['a cursor of numbers', `{ sync(since: "${Buffer.from('[1,2]').toString('base64url')}") { cursor } }`, 'BAD_CURSOR'],
    ['a cursor of four parts', `{ sync(since: "${Buffer.from('["a","b","c","d"]').toString('base64url')}") { cursor } }`, 'BAD_CURSOR'],
    ['a type that is none', '{ sync(types: ["Nothing"]) { cursor } }', 'BAD_USER_INPUT'],
    ['a type that every object has', '{ sync(types: ["constructor"]) { cursor } }', 'BAD_USER_INPUT'],
    ['a page of nothing', '{ sync(limit: 0) { cursor } }', 'BAD_USER_INPUT'],
    ['a page of everything', '{ sync(limit: 1000000) { cursor } }', 'BAD_USER_INPUT'],
    ['a list below zero', '{ todos(first: -1) { nodes { id } } }', 'BAD_USER_INPUT'],
    ['a list of everything', '{ todos(first: 100000) { nodes { id } } }', 'BAD_USER_INPUT'],
    ['a cursor of sync in a list', '{ todos(after: "WyJhIiwiYiJd") { nodes { id } } }', 'BAD_CURSOR'],
  ])('in a query: %s', async (_what, query, code) => {
    const answer = await world.send({ query });
    expect([answer.data ?? null, codesOf(answer)]).toEqual([null, [code]]);
  });

  it('a cursor of another server, or from the future of this one, begins anew', async () => {
    const other = createWorld(open());
    await other.send({ query: create('id: "o", title: "x", tags: []') });
    const foreign = String((await other.send({ query: '{ sync { cursor } }' })).data?.sync?.cursor);
    await other.store.close();
    const { epoch, position } = await world.store.reads.head();
    const spelled = (text: string) => Buffer.from(JSON.stringify([epoch, text])).toString('base64url');
    const future = position.includes('.') ? position.replace(/^\d+\.\d+/, '900000000.900000000') : '900000000';
    for (const since of [foreign, spelled(future), spelled('-1'), spelled("1' or 1=1")]) {
      const answer = await world.send({ query: `{ sync(since: "${since}") { reset changes { id } } }` });
      expect(answer.data?.sync, since).toEqual({ reset: true, changes: [{ id: 's' }, { id: 't' }] });
    }
  });

  it('a clock of 2099 counts from its arrival', async () => {
    const entry = (id: number, clock: string) => ({ w: { id, clock, base: { latest: null } } });
    const write = (version: number, value: string) => update(`id: "t", _version: ${version}, latest: "${value}"`);
    await world.deliver(write(1, 'of 2099'), entry(1, tick(null, IN_2099, 'phone')), { client: 'phone' });
    const later = tick(null, NOW + 1_000, 'desk');
    expect((await world.deliver(write(2, 'later'), entry(1, later), { client: 'desk' })).outcomes).toEqual({ w: 'applied' });
    expect(await world.todo('t')).toMatchObject({ latest: 'later' });
  });
});
