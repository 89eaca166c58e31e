import { expect, test, vi } from 'vitest';
import { graphqlProbe } from '../../../client/adapters/graphql-probe.ts';

const answering =
  (body: string, status = 200): typeof fetch =>
  async () =>
    new Response(body, { status });

test.each<[string, typeof fetch, boolean]>([
  ['a GraphQL answer', answering('{"data":{"__typename":"Query"}}'), true],
  ['a GraphQL refusal, which the endpoint itself wrote', answering('{"errors":[{"message":"no"}]}', 400), true],
  ['401: only the endpoint asks who is there', answering('Unauthorized', 401), true],
  ['a captive portal: HTML with status 200', answering('<!doctype html><title>Welcome</title>'), false],
  ['JSON of somebody else', answering('{"portal":true}'), false],
  ['a proxy without its server', answering('Bad Gateway', 502), false],
  ['no network', () => Promise.reject(new TypeError('Failed to fetch')), false],
])('probe: %s', async (_, fetch, reachable) => {
  expect(await graphqlProbe('http://server/graphql', { fetch })()).toBe(reachable);
});

test('probe: a server that never answers counts as unreachable after the bound', async () => {
  vi.useFakeTimers();
  const fetch = (_: unknown, init?: RequestInit): Promise<Response> =>
    new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
  const answer = graphqlProbe('http://server/graphql', { fetch, timeoutMs: 1_000 })();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await answer).toBe(false);
  vi.useRealTimers();
});
