import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROTOCOL_VERSION } from 'farside/schema';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Balancer, startBalancer } from '../harness/balancer.ts';
import { startPostgres, type TestPostgres } from '../harness/postgres.ts';
import { type DemoProcess, startDemoProcess } from './support/demo-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'farside-two-'));
let postgres: TestPostgres;
let servers: readonly DemoProcess[] = [];
let balancer: Balancer;
let url = '';

/** Two server processes on one database, behind one address that hands requests out in turn. */
beforeAll(async () => {
  postgres = await startPostgres();
  servers = [0, 1].map((index) => startDemoProcess({ dataDirectory: join(folder, String(index)), databaseUrl: postgres.url }));
  const urls = await Promise.all(servers.map((server) => server.url));
  balancer = await startBalancer(urls.map((at) => Number(new URL(at).port)));
  url = `http://localhost:${balancer.port}`;
});
afterAll(async () => {
  await balancer?.close();
  await Promise.all(servers.map((server) => server.end('SIGKILL')));
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function signIn() {
  const response = await fetch(`${url}/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'ada', password: 'north-star' }),
  });
  const headers = { 'content-type': 'application/json', cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' };
  return {
    headers,
    async ask(query: string, id?: number) {
      const offline = { protocol: PROTOCOL_VERSION, clientId: 'c1', ackedThrough: 0, mutations: { updateSite: { id } } };
      const body = JSON.stringify({ query, ...(id === undefined ? {} : { extensions: { offline } }) });
      const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
      return (await answer.json()) as { data: Record<string, unknown>; extensions?: { offline: { mutations: object } } };
    },
  };
}

describe('two servers behind one address', () => {
  test('one session, one seed, and one effect for a write that is delivered to both', async () => {
    const { ask } = await signIn();
    const count = '{ sites { totalCount } }';
    expect([(await ask(count)).data, (await ask(count)).data]).toEqual([{ sites: { totalCount: 5 } }, { sites: { totalCount: 5 } }]);
    const write = 'mutation { updateSite(input: { id: "site-mill", _version: 1, name: "New mill" }) { __typename } }';
    const [first, again] = [await ask(write, 1), await ask(write, 1)];
    expect([first.extensions?.offline.mutations, again.extensions?.offline.mutations]).toEqual([
      { updateSite: { outcome: 'applied' } },
      { updateSite: { outcome: 'duplicate' } },
    ]);
    const read = '{ site(id: "site-mill") { name _version } }';
    expect([(await ask(read)).data, (await ask(read)).data]).toEqual(Array(2).fill({ site: { name: 'New mill', _version: 2 } }));
    expect(Math.min(...balancer.handled)).toBeGreaterThan(2);
  });

  test('a live stream of one tells what was written at the other', async () => {
    const { headers, ask } = await signIn();
    const query = encodeURIComponent('subscription { syncHint(types: ["Site"]) { cursor } }');
    const streams = await Promise.all(
      [1, 2].map(() => fetch(`${url}/graphql?query=${query}`, { headers: { ...headers, accept: 'text/event-stream' } })),
    );
    const texts = streams.map((stream) => {
      const heard = { text: '' };
      void (async () => {
        for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) heard.text += new TextDecoder().decode(chunk);
      })().catch(() => undefined);
      return heard;
    });
    const hints = ({ text }: { readonly text: string }) => text.split('"cursor"').length - 1;
    // The first comes at once.
    await vi.waitFor(() => expect(texts.map(hints)).toEqual([1, 1]), { timeout: 10_000 });
    await ask('mutation { createSite(input: { name: "Quarry", address: "North road", region: NORTH }) { __typename } }');
    await vi.waitFor(() => expect(texts.map(hints)).toEqual([2, 2]), { timeout: 10_000 });
  });

  test('one of them is killed, and the database after it: the other goes on', async () => {
    const { ask } = await signIn();
    await servers[0]?.end('SIGKILL');
    const answers = [];
    for (let round = 0; round < 4; round += 1) answers.push(await ask('{ sites { totalCount } }').catch(() => 'gone'));
    expect(answers).toContainEqual({ data: { sites: { totalCount: 6 } } });
    await postgres.kill();
    const waiting = ['a', 'b'].map((name) =>
      ask(`mutation { createSite(input: { name: "${name}", address: "x", region: NORTH }) { __typename } }`).catch(() => 'gone'),
    );
    await postgres.start();
    expect(await Promise.all(waiting)).toContainEqual({ data: { createSite: { __typename: 'CreateSitePayload' } } });
  });
});
