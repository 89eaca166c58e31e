import { ApolloLink, gql, InMemoryCache, ServerError, ServerParseError } from '@apollo/client';
import { describe, expect, it } from 'vitest';
import { OfflineError } from '../../../client/errors.ts';
import { CacheFallbackLink } from '../../../client/links/cache-fallback-link.ts';
import { clientOf, listen, scriptedLink } from './scripted.ts';

const QUERY = gql`query Q { todo { id title } }`;
const WIDER = gql`query W { todo { id title notes } }`;
const cached = { todo: { __typename: 'Todo', id: '1', title: 'known' } };
const fresh: ApolloLink.Result = { data: { todo: { __typename: 'Todo', id: '1', title: 'fresh' } } };
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function setUp(
  options: { online?: boolean; drained?: () => Promise<void> | null; known?: boolean } = {},
  ...scripts: Parameters<typeof scriptedLink>
) {
  const cache = new InMemoryCache();
  if (options.known ?? true) cache.writeQuery({ query: QUERY, data: cached });
  const server = scriptedLink(...scripts);
  const state = { online: options.online ?? true };
  const underWay = new Set<object>();
  const setOut = () => {
    const query = { arrive: <T>(write: () => T): T => write(), end: () => void underWay.delete(query) };
    underWay.add(query);
    return query;
  };
  const link = ApolloLink.from([
    new CacheFallbackLink({ online: () => state.online, drained: options.drained ?? (() => null), underWay: setOut }),
    server.link,
  ]);
  const client = clientOf(link, cache);
  return { cache, client, server, state, underWay, run: (query = QUERY) => listen(client, link, { query }) };
}

describe('while there is no network', () => {
  it('a query that the cache can answer whole is answered, and says from where', () => {
    const { server, run } = setUp({ online: false });
    expect(run()).toMatchObject({ values: [{ data: cached, extensions: { offline: { fromCache: true } } }], isComplete: true });
    expect(server.operations).toEqual([]);
  });

  it('one that it cannot fails at once with NOT_IN_CACHE and its name, instead of loading for ever', () => {
    const { run } = setUp({ online: false });
    const { error, values } = run(WIDER);
    expect(values).toEqual([]);
    expect(OfflineError.is(error, 'NOT_IN_CACHE')).toBe(true);
    expect(String(error)).toContain('W');
  });

  it('what is optimistic is never given as an answer: it would be written into the cache as truth', async () => {
    const { cache, client, run } = setUp({ online: false });
    cache.recordOptimisticTransaction(
      (layer) => layer.writeQuery({ query: QUERY, data: { todo: { ...cached.todo, title: 'optimistic' } } }),
      'layer',
    );
    expect(client.readQuery({ query: QUERY }, true)).toMatchObject({ todo: { title: 'optimistic' } });
    expect(run().values).toMatchObject([{ data: cached }]);
    await client.query({ query: QUERY, fetchPolicy: 'network-only' });
    cache.removeOptimistic('layer');
    expect(client.readQuery({ query: QUERY })).toEqual(cached);
  });

  it('through a real client: network-only works offline, an unknown query rejects', async () => {
    const { client } = setUp({ online: false });
    expect((await client.query({ query: QUERY, fetchPolicy: 'network-only' })).data).toEqual(cached);
    await expect(client.query({ query: WIDER, fetchPolicy: 'network-only' })).rejects.toMatchObject({ code: 'NOT_IN_CACHE' });
  });
});

describe('while there is said to be one', () => {
  it('the network answers', () => {
    expect(setUp({}, fresh).run()).toMatchObject({ values: [fresh], isComplete: true });
  });

  const html = new ServerParseError('bad', { response: new Response('<html>', { status: 200 }), bodyText: '<html>' });
  const gateway = new ServerError('said', { response: new Response('', { status: 503 }), bodyText: '' });
  it.each([
    ['no answer', new TypeError('Failed to fetch')],
    ['a captive portal', html],
    ['a gateway without its server', gateway],
  ])('%s is answered from the cache, or fails with the cause', (_name, error) => {
    expect(setUp({}, error).run()).toMatchObject({ values: [{ data: cached }], isComplete: true });
    expect(setUp({}, error).run(WIDER).error).toMatchObject({ code: 'NOT_IN_CACHE', cause: error });
  });

  it.each([400, 401, 403, 404, 429, 500])('a refusal of the endpoint itself (HTTP %i) is news for the caller', (status) => {
    const error = new ServerError('said', { response: new Response('', { status }), bodyText: '' });
    expect(setUp({}, error).run()).toMatchObject({ values: [], error });
  });

  it('errors of the server pass, with their data', () => {
    const answer = { data: null, errors: [{ message: 'no', extensions: { code: 'FORBIDDEN' } }] } as ApolloLink.Result;
    expect(setUp({}, answer).run()).toMatchObject({ values: [answer] });
  });
});

describe('a refetch while queued writes are on their way', () => {
  it('waits until they are sent, so that the screen does not jump back', async () => {
    let done = (): void => undefined;
    const { server, run } = setUp({ drained: () => new Promise((resolve) => (done = resolve)) }, fresh);
    const heard = run();
    await turn();
    expect([server.operations.length, heard.values]).toEqual([0, []]);
    done();
    await turn();
    expect(heard).toMatchObject({ values: [fresh], isComplete: true });
  });

  it('a first fetch does not wait: there is nothing to jump back from', () => {
    const { run } = setUp({ known: false, drained: () => new Promise(() => undefined) }, fresh);
    expect(run().values).toEqual([fresh]);
  });

  it('that nobody waits for any more is not sent, and one during which the network went is answered from the cache', async () => {
    let done = (): void => undefined;
    const { server, state, run } = setUp({ drained: () => new Promise((resolve) => (done = resolve)) }, fresh);
    run().unsubscribe();
    done();
    await turn();
    expect(server.operations).toEqual([]);
    const heard = run();
    state.online = false;
    done();
    await turn();
    expect(heard.values).toMatchObject([{ data: cached }]);
    expect(server.operations).toEqual([]);
  });
});

it('mutations and subscriptions pass through, and unsubscribing reaches the network', () => {
  const { server, run } = setUp({ online: false }, { data: { bump: 1 } }, 'hang');
  expect(run(gql`mutation M { bump }`).values).toEqual([{ data: { bump: 1 } }]);
  run(gql`subscription S { hint }`).unsubscribe();
  expect(server.cancelled).toBe(1);
  const online = setUp({}, 'hang');
  online.run().unsubscribe();
  expect(online.server.cancelled).toBe(1);
});

it('a query is under way until it is answered, has failed, or nobody waits for it', () => {
  for (const script of [fresh, new TypeError('Failed to fetch')]) {
    const { run, underWay } = setUp({}, script);
    run();
    expect(underWay.size).toBe(0);
  }
  const { run, underWay } = setUp({}, 'hang');
  const heard = run();
  expect(underWay.size).toBe(1);
  heard.unsubscribe();
  expect(underWay.size).toBe(0);
});
