import { ApolloLink, gql, ServerError } from '@apollo/client';
import { describe, expect, it } from 'vitest';
import { RetryLink } from '../../../client/links/retry-link.ts';
import { createSeededRandom, createSimulatedClock } from '../../harness/index.ts';
import { clientOf, listen, scriptedLink } from './scripted.ts';

const QUERY = gql`query Q { todos { id } }`;
const MUTATION = gql`mutation M { bump }`;
const SUBSCRIPTION = gql`subscription S { hint }`;

const status = (code: number, headers: Record<string, string> = {}): Error =>
  new ServerError('said', { response: new Response('', { status: code, headers }), bodyText: '' });
const failure = (code: string, path?: readonly string[]): ApolloLink.Result =>
  ({ data: null, errors: [{ message: '404 said the server', extensions: { code }, ...(path ? { path } : {}) }] }) as ApolloLink.Result;
const good: ApolloLink.Result = { data: { todos: [] } };

function setUp(...scripts: Parameters<typeof scriptedLink>) {
  const clock = createSimulatedClock();
  const server = scriptedLink(...scripts);
  const reports: string[] = [];
  const state = { online: true };
  const retry = new RetryLink(
    { clock, random: createSeededRandom(1), online: () => state.online, report: (outcome) => reports.push(outcome) },
    { baseMs: 1_000, maxMs: 60_000, maxAttempts: 3, timeoutMs: 30_000 },
  );
  const link = ApolloLink.from([retry, server.link]);
  const client = clientOf(link);
  const run = (query = QUERY, context = {}) => listen(client, link, { query, context });
  return { clock, server, reports, state, run };
}

describe('a query', () => {
  it.each([
    ['an HTTP status', status(500)],
    ['an error of the server', failure('INTERNAL_SERVER_ERROR')],
    ['an error with a path', failure('TIMEOUT', ['todos'])],
  ])('that failed in passing by %s is sent again, and what the caller hears is one answer', async (_name, passing) => {
    const { clock, server, reports, run } = setUp(passing, good);
    const heard = run();
    expect([heard.values, heard.error, heard.isComplete]).toEqual([[], undefined, false]);
    await clock.runAll();
    expect(heard).toMatchObject({ values: [good], error: undefined, isComplete: true });
    expect(server.operations).toHaveLength(2);
    expect(reports).toEqual(['answered', 'answered']);
    expect(clock.elapsed()).toBeLessThanOrEqual(1_000);
  });

  it('is tried so many times, the first included, then the failure stands', async () => {
    const { clock, server, run } = setUp(status(500), status(500), status(500));
    const heard = run();
    await clock.runAll();
    expect(server.operations).toHaveLength(3);
    expect(heard.error).toMatchObject({ statusCode: 500 });
  });

  it.each([400, 403, 404, 409])('with HTTP %i is not sent again', async (code) => {
    const { clock, server, run } = setUp(status(code));
    expect(run().error).toMatchObject({ statusCode: code });
    await clock.runAll();
    expect(server.operations).toHaveLength(1);
  });

  it.each(['FORBIDDEN', 'BAD_USER_INPUT', 'NOT_FOUND'])('refused with %s is not sent again, wherever the error stands', async (code) => {
    for (const path of [undefined, ['todos']]) {
      const { clock, server, run } = setUp(failure(code, path));
      expect(run()).toMatchObject({ values: [failure(code, path)], isComplete: true });
      await clock.runAll();
      expect(server.operations).toHaveLength(1);
    }
  });

  it('waits as long as the server asks', async () => {
    const { clock, server, run } = setUp(status(429, { 'retry-after': '20' }), good);
    run();
    await clock.advance(19_999);
    expect(server.operations).toHaveLength(1);
    await clock.advance(1);
    expect(server.operations).toHaveLength(2);
  });

  it('with some data is an answer, whatever came beside it', async () => {
    const partial = {
      data: { todos: null },
      errors: [{ message: 'x', extensions: { code: 'INTERNAL_SERVER_ERROR' }, path: ['todos'] }],
    } as unknown as ApolloLink.Result;
    const { clock, server, run } = setUp(partial);
    expect(run()).toMatchObject({ values: [partial], isComplete: true });
    await clock.runAll();
    expect(server.operations).toHaveLength(1);
  });

  it('without a network fails at once: the connection state knows when to try again', async () => {
    const { clock, server, reports, state, run } = setUp(() => {
      state.online = false;
      return new TypeError('Failed to fetch');
    });
    expect(run().error).toBeInstanceOf(TypeError);
    await clock.runAll();
    expect(server.operations).toHaveLength(1);
    expect(reports).toEqual(['unreachable']);
  });

  it.each([
    ['HTTP 401', status(401)],
    ['a code', failure('UNAUTHENTICATED')],
    ['a code with a path', failure('UNAUTHENTICATED', ['todos'])],
  ])('that wants a sign-in by %s is not repeated, and the connection hears of it', async (_name, answer) => {
    const { clock, server, reports, run } = setUp(answer);
    run();
    await clock.runAll();
    expect(server.operations).toHaveLength(1);
    expect(reports).toEqual(['unauthenticated']);
  });

  it('that nobody waits for any more is not sent again, and what is under way is cancelled', async () => {
    const waiting = setUp(status(500), good);
    waiting.run().unsubscribe();
    await waiting.clock.runAll();
    expect(waiting.server.operations).toHaveLength(1);
    expect(waiting.clock.pending()).toBe(0);
    const { server, run } = setUp('hang');
    run().unsubscribe();
    expect(server.cancelled).toBe(1);
  });

  it('subscribed again starts afresh', async () => {
    const { clock, server, run } = setUp(status(500), good, status(500), good);
    run();
    await clock.runAll();
    run();
    await clock.runAll();
    expect(server.operations).toHaveLength(4);
  });
});

describe('a mutation is never repeated here', () => {
  it.each([
    ['HTTP 503', status(503)],
    ['no network', new TypeError('Failed to fetch')],
    ['a passing error', failure('INTERNAL_SERVER_ERROR')],
  ])('nobody knows whether it was applied: %s', async (_name, answer) => {
    const { clock, server, reports, run } = setUp(answer);
    run(MUTATION);
    await clock.runAll();
    expect(server.operations).toHaveLength(1);
    expect(reports).toHaveLength(1);
  });

  it('one that the outbox sends passes by: its outcome is judged once, there', () => {
    const { reports, run } = setUp(good);
    expect(run(MUTATION, { offline: { replay: true } })).toMatchObject({ values: [good] });
    expect(reports).toEqual([]);
  });
});

it('a subscription passes by', () => {
  const { reports, run } = setUp(status(500));
  expect(run(SUBSCRIPTION).error).toMatchObject({ statusCode: 500 });
  expect(reports).toEqual([]);
});

describe('an answer that never comes', () => {
  it('is asked for again by a query, and cancelled; the last time it fails', async () => {
    const { clock, server, reports, run } = setUp('hang', 'hang', 'hang');
    const heard = run();
    await clock.advance(30_000);
    expect([server.cancelled, heard.error]).toEqual([1, undefined]);
    await clock.runAll();
    expect(server.operations).toHaveLength(3);
    expect(heard.error).toMatchObject({ code: 'TIMED_OUT', message: expect.stringContaining('Q: expected an answer within 30000 ms') });
    expect(reports).toEqual(['unreachable', 'unreachable', 'unreachable']);
  });

  it('of a mutation past the outbox fails it, and says that it may have been applied; nothing repeats it', async () => {
    const { clock, server, run } = setUp('hang');
    const heard = run(MUTATION);
    await clock.runAll();
    expect(server.operations).toHaveLength(1);
    expect(heard.error).toMatchObject({ code: 'TIMED_OUT', message: expect.stringContaining('may have applied it') });
  });

  it('leaves no timer behind when one came, or nobody waits any more', async () => {
    const { clock, run } = setUp(good, 'hang');
    run();
    run().unsubscribe();
    await clock.runAll();
    expect(clock.elapsed()).toBe(0);
  });
});
