import { createSchema, createYoga } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { type RateLimitOptions, useRateLimit } from '../../server/index.ts';

function serve(options: Partial<RateLimitOptions>) {
  const clock = { now: 1_000_000 };
  const yoga = createYoga({
    schema: createSchema({ typeDefs: 'type Query { ping: String }', resolvers: { Query: { ping: () => 'pong' } } }),
    plugins: [
      useRateLimit({ perMinute: 60, burst: 3, client: (request) => request.headers.get('x-user'), now: () => clock.now, ...options }),
    ],
    logging: false,
  });
  const ask = async (user: string | null): Promise<Response> =>
    yoga.fetch('http://farside.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(user === null ? {} : { 'x-user': user }) },
      body: '{"query":"{ ping }"}',
    });
  return { clock, ask };
}

describe('useRateLimit', () => {
  it('lets a burst through, then says how long to wait; nobody else waits for it', async () => {
    const { clock, ask } = serve({});
    for (let turn = 0; turn < 3; turn++) expect((await ask('ann')).status).toBe(200);
    const refused = await ask('ann');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    expect((await ask('bob')).status).toBe(200);
    clock.now += 999;
    expect((await ask('ann')).status).toBe(429);
    clock.now += 1;
    expect((await ask('ann')).status).toBe(200);
    expect((await ask('ann')).status).toBe(429);
  });

  it('says to wait no longer than it takes, and does not punish who asks meanwhile', async () => {
    const { clock, ask } = serve({ perMinute: 6, burst: 1 });
    expect((await ask('ann')).status).toBe(200);
    for (let turn = 0; turn < 5; turn++) expect((await ask('ann')).headers.get('retry-after')).toBe('10');
    clock.now += 10_000;
    expect((await ask('ann')).status).toBe(200);
  });

  it('counts nobody who is nobody', async () => {
    const { ask } = serve({ burst: 1 });
    for (let turn = 0; turn < 5; turn++) expect((await ask(null)).status).toBe(200);
  });

  it.each([
    [{ perMinute: 0 }, /perMinute: expected a number > 0, got 0/],
    [{ burst: 1.5 }, /burst: expected an integer ≥ 1, got 1.5/],
    [{ client: 'ip' }, /client: expected a function, got "ip"/],
    [{ perHour: 3 }, /check its spelling/],
  ])('says which option is wrong: %j', (options, message) => {
    expect(() => serve(options as never)).toThrow(message);
  });
});
