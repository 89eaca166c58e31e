import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { Observable } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answerOfError, reached } from '../../../client/links/answer.ts';
import { ConflictLink } from '../../../client/links/conflict-link.ts';
import { OutboxLink } from '../../../client/links/outbox-link.ts';
import { createSend } from '../../../client/links/send.ts';
import { type Answer, classify } from '../../../client/replay/outcome.ts';
import type { ReplayRequest } from '../../../client/replay/request.ts';
import { manifest } from '../outbox/records.ts';

const URL_OF_SERVER = 'http://server.test/graphql';
const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const request: ReplayRequest = {
  document: 'mutation Rename($input: UpdateSiteInput!) {\n  updateSite(input: $input) {\n    __typename\n  }\n}',
  operationName: 'Rename',
  variables: { input: { id: 's', _version: 1, name: 'a' } },
  extensions: { offline: { protocol: 1, clientId: 'c', ackedThrough: 0, mutations: { updateSite: { id: 1 } } } },
};
const data = { updateSite: { __typename: 'UpdateSitePayload' } };

function chain(...before: readonly ApolloLink[]): ApolloClient {
  const enqueue = () => Promise.reject(new Error('a replayed mutation came to the outbox again'));
  return new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([new OutboxLink({ enqueue }), new ConflictLink({ manifest }), ...before, new HttpLink({ uri: URL_OF_SERVER })]),
  });
}
const send = (client = chain(), signal = new AbortController().signal): Promise<Answer> => createSend(client)(request, signal);
const respond = (make: () => Response | Promise<Response>): void =>
  server.use(http.post(URL_OF_SERVER, () => make() as HttpResponse<string>));

describe('what is sent', () => {
  it('goes through the application’s own links, past the outbox, with its identity beside what others put there', async () => {
    const bodies: Record<string, unknown>[] = [];
    const headers: (string | null)[] = [];
    server.use(
      http.post(URL_OF_SERVER, async ({ request: incoming }) => {
        bodies.push((await incoming.json()) as Record<string, unknown>);
        headers.push(incoming.headers.get('authorization'));
        return HttpResponse.json({ data, extensions: { offline: { protocol: 1 } } });
      }),
    );
    const auth = new ApolloLink((operation, forward) => {
      operation.setContext({ headers: { authorization: 'token of now' } });
      operation.extensions.trace = 'mine';
      return forward(operation);
    });
    expect(await send(chain(auth))).toEqual({ kind: 'result', data, errors: [], extensions: { offline: { protocol: 1 } } });
    expect(headers).toEqual(['token of now']);
    expect(bodies[0]).toMatchObject({
      operationName: 'Rename',
      variables: request.variables,
      extensions: { offline: request.extensions.offline, trace: 'mine', clientLibrary: { name: '@apollo/client' } },
    });
    expect(bodies[0]?.query).toContain('conflictCode: code');
  });

  it('is cancelled when it is given up', async () => {
    const controller = new AbortController();
    let cancelled = false;
    const cancel = (): void => {
      cancelled = true;
    };
    const hanging = new ApolloLink(() => new Observable(() => cancel));
    const client = new ApolloClient({ cache: new InMemoryCache(), link: hanging });
    void send(client, controller.signal);
    controller.abort();
    expect(cancelled).toBe(true);
  });

  it('that no link answers is no answer; of an answer in parts the first has the mutation’s own fields', async () => {
    const silent = new ApolloClient({
      cache: new InMemoryCache(),
      link: new ApolloLink(() => new Observable((observer) => observer.complete())),
    });
    expect(await send(silent)).toMatchObject({ kind: 'unreachable' });
    const parts = new ApolloLink(
      () =>
        new Observable((observer) => {
          observer.next({ data });
          observer.next({ data: { updateSite: null } });
          observer.complete();
        }),
    );
    expect(await send(new ApolloClient({ cache: new InMemoryCache(), link: parts }))).toMatchObject({ kind: 'result', data });
  });
});

const graphql = (body: object, status = 200, headers: Record<string, string> = {}) => HttpResponse.json(body, { status, headers });
const error = (code: string) => ({ errors: [{ message: 'said', extensions: { code } }] });

describe('what a real HTTP answer is taken for', () => {
  const table: readonly (readonly [string, () => Response, Partial<Answer>, string, boolean])[] = [
    ['a payload', () => graphql({ data }), { kind: 'result' }, 'applied', true],
    ['a refusal with 200', () => graphql({ data: null, ...error('FORBIDDEN') }), { kind: 'result' }, 'rejected', true],
    [
      'a refusal with 400 and its code in the body',
      () => graphql(error('INTERNAL_SERVER_ERROR'), 400),
      { kind: 'result' },
      'retryable',
      true,
    ],
    ['UNAUTHENTICATED under 500', () => graphql(error('UNAUTHENTICATED'), 500), { kind: 'result' }, 'unauthenticated', true],
    [
      '401 without a body',
      () => new HttpResponse(null, { status: 401 }),
      { kind: 'status', status: 401 } as Partial<Answer>,
      'unauthenticated',
      true,
    ],
    [
      '400 with errors that have no code',
      () => graphql({ errors: [{ message: 'syntax' }] }, 400),
      { kind: 'status', status: 400 } as Partial<Answer>,
      'rejected',
      true,
    ],
    ['413', () => new HttpResponse('too large', { status: 413 }), { kind: 'status', status: 413 } as Partial<Answer>, 'rejected', true],
    [
      '429 with Retry-After',
      () => new HttpResponse('', { status: 429, headers: { 'retry-after': '3' } }),
      { kind: 'status', retryAfter: '3' } as Partial<Answer>,
      'retryable',
      true,
    ],
    [
      '500 with HTML',
      () => new HttpResponse('<html>', { status: 500, headers: { 'content-type': 'text/html' } }),
      { kind: 'status', status: 500 } as Partial<Answer>,
      'retryable',
      true,
    ],
    ['503', () => new HttpResponse('', { status: 503 }), { kind: 'status', status: 503 } as Partial<Answer>, 'retryable', false],
    [
      'a captive portal',
      () => new HttpResponse('<html>sign in</html>', { status: 200, headers: { 'content-type': 'text/html' } }),
      { kind: 'unreadable' },
      'retryable',
      false,
    ],
    [
      'half a body',
      () => new HttpResponse('{"data":{"updateSi', { status: 200, headers: { 'content-type': 'application/json' } }),
      { kind: 'unreadable' },
      'retryable',
      false,
    ],
    ['JSON that is no GraphQL', () => HttpResponse.json({ hello: 'world' }), {}, 'retryable', false],
    ['an empty success', () => new HttpResponse(null, { status: 204 }), {}, 'retryable', false],
    ['no network', () => HttpResponse.error(), { kind: 'unreachable' }, 'retryable', false],
  ];
  it.each(table)('%s', async (_name, make, expected, outcome, isReached) => {
    respond(make);
    const answer = await send();
    expect(answer).toMatchObject(expected);
    expect(classify(answer, { responseKey: 'updateSite', mutation: manifest.mutations.updateSite ?? null }, 0).kind).toBe(outcome);
    expect(reached(answer)).toBe(isReached);
  });

  it('whatever a link throws is no answer', () => {
    expect(answerOfError('text')).toEqual({ kind: 'unreachable', message: 'text' });
    expect(answerOfError(new Error('boom'))).toEqual({ kind: 'unreachable', message: 'boom' });
  });
});
