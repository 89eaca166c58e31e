import fc from 'fast-check';
import { createYoga } from 'graphql-yoga';
import { afterAll, describe, expect, it } from 'vitest';
import { createOfflineSchema, memoryStore, useOffline } from '../../server/index.ts';

const store = memoryStore();
const schema = createOfflineSchema({
  typeDefs: 'type Todo @versioned { id: ID! title: String! votes: Int! @merge(strategy: COUNTER) }',
  store,
});
const yoga = createYoga({ schema, plugins: [useOffline({ store, identify: () => ({ id: 'anybody' }) })], logging: false });
afterAll(() => store.close());

const ask = async (body: unknown) => {
  const response = await yoga.fetch('http://server/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBeLessThan(500);
  return (await response.json()) as {
    readonly data?: unknown;
    readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
  };
};
const anything = fc.jsonValue({ maxDepth: 3 });

/** Every refusal has a code that a client can act on; INTERNAL_SERVER_ERROR would be a fault of ours, and sent again for ever. */
const refusals = (answer: Awaited<ReturnType<typeof ask>>) => (answer.errors ?? []).map(({ extensions }) => extensions?.code);

describe('whatever a client sends', () => {
  it('the protocol extension is read or refused with a code, and never half applied', async () => {
    const entry = fc.oneof(
      anything,
      fc.record({ id: fc.oneof(fc.nat(3), anything), base: anything, lease: anything, clock: anything }, { requiredKeys: [] }),
    );
    const extension = fc.oneof(
      anything,
      fc.record(
        {
          protocol: fc.oneof(fc.constant(1), anything),
          clientId: fc.oneof(fc.constant('c'), anything),
          ackedThrough: fc.oneof(fc.nat(2), anything),
          retired: anything,
          mutations: fc.dictionary(fc.constantFrom('m', 'x', '__proto__'), entry),
        },
        { requiredKeys: [] },
      ),
    );
    await fc.assert(
      fc.asyncProperty(extension, async (offline) => {
        const answer = await ask({
          query: 'mutation { m: createTodo(input: { title: "t", votes: 0 }) { __typename } }',
          extensions: { offline },
        });
        for (const code of refusals(answer))
          expect(['BAD_OFFLINE_EXTENSION', 'UNSUPPORTED_PROTOCOL', 'IDEMPOTENCY_KEY_REUSED', 'ALREADY_ACKNOWLEDGED']).toContain(code);
        expect(answer.data !== undefined || answer.errors !== undefined).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('a cursor is one of ours or BAD_CURSOR', async () => {
    // One too long is as foreign as one that cannot be read.
    expect(
      refusals(await ask({ query: 'query ($since: SyncCursor) { sync(since: $since) { reset } }', variables: { since: 'x'.repeat(600) } })),
    ).toEqual(['BAD_CURSOR']);
    const encoded = anything.map((value) => Buffer.from(JSON.stringify(value) ?? '').toString('base64url'));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), encoded), async (cursor) => {
        const sync = await ask({ query: 'query ($since: SyncCursor) { sync(since: $since) { reset } }', variables: { since: cursor } });
        const list = await ask({
          query: 'query ($after: String) { todos(after: $after, orderBy: [{ field: title }]) { totalCount } }',
          variables: { after: cursor },
        });
        for (const code of [...refusals(sync), ...refusals(list)]) expect(code).toBe('BAD_CURSOR');
      }),
      { numRuns: 200 },
    );
  });

  it('versions, ids and values of any form are applied, merged, rejected or refused, never an internal error', async () => {
    await ask({ query: 'mutation { createTodo(input: { id: "t", title: "t", votes: 0 }) { __typename } }' });
    const input = fc.record(
      {
        id: fc.oneof(fc.constant('t'), anything),
        _version: fc.oneof(fc.integer(), anything),
        title: anything,
        votes: fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), anything),
      },
      { requiredKeys: ['id', '_version'] },
    );
    let next = 1;
    await fc.assert(
      fc.asyncProperty(input, fc.option(anything), async (given, base) => {
        const answer = await ask({
          query:
            'mutation ($input: UpdateTodoInput!) { m: updateTodo(input: $input) { __typename ... on UpdateTodoPayload { todo { title votes } } } }',
          variables: { input: given },
          ...(base === null
            ? {}
            : {
                extensions: {
                  offline: {
                    protocol: 1,
                    clientId: 'v',
                    ackedThrough: 0,
                    mutations: { m: { id: next++, base } },
                  },
                },
              }),
        });
        expect(refusals(answer)).not.toContain('INTERNAL_SERVER_ERROR');
      }),
      { numRuns: 300 },
    );
  });
});
