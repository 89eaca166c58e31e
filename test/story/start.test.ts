import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { EXTENSION, PROTOCOL_VERSION } from 'farside/schema';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DemoOptions, type DemoProcess, startDemoProcess } from './support/demo-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'farside-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let started: DemoProcess[] = [];
function start(options: DemoOptions): DemoProcess {
  const demo = startDemoProcess(options);
  started.push(demo);
  return demo;
}
afterEach(async () => {
  await Promise.all(started.map((demo) => demo.end('SIGKILL')));
  started = [];
});

let folders = 0;
const freshFolder = (): string => join(folder, `data-${folders++}`);

interface SignedIn {
  readonly headers: Record<string, string>;
  ask(body: string | object): Promise<{ readonly status: number; readonly body: unknown }>;
}

async function signInAt(url: string): Promise<SignedIn> {
  const response = await fetch(`${url}/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'ada', password: 'north-star' }),
  });
  // By this type of answer a request that cannot be carried out has a status that says so.
  const headers = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json',
    cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '',
  };
  return {
    headers,
    async ask(body) {
      const answer = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return { status: answer.status, body: await answer.json() };
    },
  };
}

const TITLES = '{ inspections(first: 500) { nodes { title } } }';

describe('starting and stopping', () => {
  test('it prints its URL, serves the app, GraphiQL and data there, and ends with 0 on Ctrl-C', async () => {
    const demo = start({ dataDirectory: freshFolder() });
    const url = await demo.url;
    expect(url).toMatch(/^http:\/\/localhost:\d+$/);
    const page = await fetch(url);
    expect(await page.text()).toContain('<div id="root">');
    const graphiql = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
    expect(await graphiql.text()).toContain('GraphiQL');
    const { ask } = await signInAt(url);
    expect(await ask({ query: TITLES })).toMatchObject({
      status: 200,
      body: { data: { inspections: { nodes: expect.arrayContaining([{ title: 'Roof drainage before winter' }]) } } },
    });
    await demo.end('SIGINT');
    expect(await demo.exited).toEqual({ code: 0, signal: null });
    expect(demo.output.stderr).toBe('');
  });

  test('npm start does the same, and a Ctrl-C reaches what it has started', async () => {
    const demo = start({ dataDirectory: freshFolder(), command: ['npm', 'start'] });
    const url = await demo.url;
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    await demo.end('SIGINT');
    // Many releases of npm report the signal instead of what their child made of it.
    const { code, signal } = await demo.exited;
    expect([0, 130, 'SIGINT']).toContain(code ?? signal);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  test('it ends with 0 also while somebody listens for live hints', async () => {
    const demo = start({ dataDirectory: freshFolder() });
    const url = await demo.url;
    const { headers } = await signInAt(url);
    const stream = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { ...headers, accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { syncHint { cursor } }' }),
    });
    const reader = stream.body?.getReader();
    await reader?.read();
    await demo.end('SIGINT');
    expect((await demo.exited).code).toBe(0);
  });

  test('a second start on the same data keeps them, those of a start that was killed too', async () => {
    const dataDirectory = freshFolder();
    const create = (title: string) => ({
      query: 'mutation ($input: CreateInspectionInput!) { createInspection(input: $input) { __typename } }',
      variables: { input: { siteId: 'site-mill', title, status: 'OPEN', tags: [], visits: 0 } },
    });
    for (const [title, signal] of [
      ['Made in the first run', 'SIGINT'],
      ['Made in the second run', 'SIGKILL'],
    ] as const) {
      const demo = start({ dataDirectory });
      const { ask } = await signInAt(await demo.url);
      expect(await ask(create(title))).toMatchObject({ body: { data: { createInspection: { __typename: 'CreateInspectionPayload' } } } });
      await demo.end(signal);
    }
    const { ask } = await signInAt(await start({ dataDirectory }).url);
    const { body } = await ask({ query: TITLES });
    const titles = (body as { data: { inspections: { nodes: { title: string }[] } } }).data.inspections.nodes.map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining(['Made in the first run', 'Made in the second run']));
    // The examples are put in once.
    expect(titles.filter((title) => title === 'Roof drainage before winter')).toHaveLength(1);
  });
});

describe('what it cannot start with is said in one clear line, and it ends with 1', () => {
  async function refusal(options: DemoOptions): Promise<string> {
    const demo = start(options);
    await expect(demo.url).rejects.toThrow();
    expect(await demo.exited).toEqual({ code: 1, signal: null });
    expect(demo.output.stdout).not.toContain('Farside demo:');
    const lines = demo.output.stderr.trimEnd().split('\n');
    expect(lines, demo.output.stderr).toHaveLength(1);
    return lines[0] ?? '';
  }

  test('a port that is in use', async () => {
    const other: Server = createServer();
    await new Promise<void>((resolve) => other.listen(0, 'localhost', resolve));
    const { port } = other.address() as AddressInfo;
    expect(await refusal({ dataDirectory: freshFolder(), port })).toMatch(
      new RegExp(`^Port ${port} is in use.*PORT=${port + 1} npm start$`),
    );
    await new Promise((resolve) => other.close(resolve));
  });

  test.each(['eighty', '-1', '65536', '40.5', '0x50'])('PORT=%s', async (port) => {
    expect(await refusal({ dataDirectory: freshFolder(), port })).toMatch(
      new RegExp(`^PORT: expected a whole number from 0 to 65535, got "${port.replace('.', '\\.')}"`),
    );
  });

  test('a data folder that cannot be one', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, 'not a folder');
    expect(await refusal({ dataDirectory: join(file, 'data') })).toMatch(/^Cannot use the data in .*a-file\/data: .*DATA_DIR=/);
  });

  test('a database file that is none', async () => {
    const dataDirectory = freshFolder();
    mkdirSync(dataDirectory);
    writeFileSync(join(dataDirectory, 'farside.sqlite'), 'A letter to the harbour master.\n'.repeat(200));
    expect(await refusal({ dataDirectory })).toMatch(/^Cannot use the data in .*farside\.sqlite/);
  });

  test('a database of another application, which is left as it was', async () => {
    const dataDirectory = freshFolder();
    mkdirSync(dataDirectory);
    const file = join(dataDirectory, 'farside.sqlite');
    const theirs = new Database(file);
    theirs.exec("CREATE TABLE recipe (name TEXT); INSERT INTO recipe VALUES ('Bread')");
    theirs.close();
    expect(await refusal({ dataDirectory })).toMatch(/^Cannot use the data in .*farside\.sqlite/);
    const after = new Database(file);
    expect(after.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all()).toEqual(['recipe']);
    after.close();
  });

  test('a database of a newer release', async () => {
    const dataDirectory = freshFolder();
    const demo = start({ dataDirectory });
    await demo.url;
    await demo.end('SIGINT');
    const database = new Database(join(dataDirectory, 'farside.sqlite'));
    database.pragma(`user_version = ${Number(database.pragma('user_version', { simple: true })) + 1}`);
    database.close();
    expect(await refusal({ dataDirectory })).toMatch(/^Cannot use the data in .*newer/);
  });
});

describe('a bad request gets a clear error, and the process stays up', () => {
  let demo: DemoProcess;
  let url: string;
  let ada: SignedIn;
  beforeAll(async () => {
    demo = startDemoProcess({ dataDirectory: freshFolder() });
    url = await demo.url;
    ada = await signInAt(url);
  });
  afterAll(() => demo.end('SIGTERM'));
  beforeEach(() => expect(demo.output.stderr).toBe(''));
  afterEach(async () => {
    expect(await ada.ask({ query: '{ sites(first: 1) { nodes { id } } }' })).toMatchObject({ status: 200 });
    expect(demo.output.stderr).toBe('');
  });

  const refused = (message: RegExp) => ({ body: { errors: [{ message: expect.stringMatching(message) }] } });

  test('malformed JSON', async () => {
    expect(await ada.ask('{"query": "{ sites')).toMatchObject(refused(/JSON/));
  });

  test('JSON that is no GraphQL request', async () => {
    expect(await ada.ask('[]')).toMatchObject({ status: 400 });
    expect(await ada.ask('"hello"')).toMatchObject({ status: 400 });
    expect(await ada.ask({ variables: {} })).toMatchObject({ status: 400 });
  });

  test('a query that is none, and one that asks for what there is not', async () => {
    expect(await ada.ask({ query: '{ sites(first: 1 { nodes' })).toMatchObject(refused(/Syntax Error/));
    expect(await ada.ask({ query: '{ spaceships { id } }' })).toMatchObject(refused(/Cannot query field "spaceships"/));
  });

  test('a body that is too large, announced or not', async () => {
    const body = JSON.stringify({ query: TITLES, variables: { padding: 'x'.repeat(3_000_000) } });
    expect((await fetch(`${url}/graphql`, { method: 'POST', headers: ada.headers, body })).status).toBe(413);
    // Chunked: its length is not known before it is there, and the connection may be closed while it is still being written.
    const answer = fetch(`${url}/graphql`, {
      method: 'POST',
      headers: ada.headers,
      body: new Blob([body]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(
      await answer.then(
        ({ status }) => status,
        () => 'closed',
      ),
    ).toSatisfy((end) => end === 413 || end === 'closed');
    // The next requests do not wait behind what was left unread.
    for (let request = 0; request < 4; request++) expect(await ada.ask({ query: '{ __typename }' })).toMatchObject({ status: 200 });
  });

  test('a query that is too deep', async () => {
    const query = `{ __schema { types { ${'fields { type { '.repeat(8)} name ${'} } '.repeat(8)} } } }`;
    expect(await ada.ask({ query })).toMatchObject(refused(/depth/i));
  });

  test('a query that costs too much, by size, by aliases, or by length', async () => {
    const many = Array.from(
      { length: 40 },
      (_, index) => `a${index}: findings(first: 500) { nodes { id inspection { id site { id name } } } }`,
    ).join(' ');
    expect(await ada.ask({ query: `{ ${many} }` })).toMatchObject(refused(/Cost limit/));
    const aliases = Array.from({ length: 600 }, (_, index) => `a${index}: site(id: "none") { id }`).join(' ');
    expect(await ada.ask({ query: `{ ${aliases} }` })).toMatchObject(refused(/alias/i));
    expect(await ada.ask({ query: `{ ${'__typename '.repeat(40_000)} }` })).toMatchObject(refused(/token/i));
  });

  test('a protocol version that is not spoken here', async () => {
    const { status, body } = await ada.ask({
      query: 'mutation ($input: CreateSiteInput!) { createSite(input: $input) { __typename } }',
      variables: { input: { name: 'From the future', region: 'EAST' } },
      extensions: {
        [EXTENSION]: { protocol: PROTOCOL_VERSION + 1, clientId: 'future', ackedThrough: 0, mutations: { createSite: { id: 1 } } },
      },
    });
    expect(status).toBeLessThan(500);
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'UNSUPPORTED_PROTOCOL' } }] });
    const { body: after } = await ada.ask({ query: '{ sites(first: 500) { nodes { name } } }' });
    expect(JSON.stringify(after)).not.toContain('From the future');
  });

  test('an offline extension that is not of its form', async () => {
    const { body } = await ada.ask({
      query: 'mutation ($input: CreateSiteInput!) { createSite(input: $input) { __typename } }',
      variables: { input: { name: 'Malformed', region: 'EAST' } },
      extensions: { [EXTENSION]: { protocol: PROTOCOL_VERSION, clientId: 7 } },
    });
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'BAD_OFFLINE_EXTENSION' } }] });
  });

  test('a form of another site, and a wrong content type', async () => {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { cookie: ada.headers.cookie ?? '', 'content-type': 'text/plain' },
      body: '{"query":"{ __typename }"}',
    });
    expect(answer.status).toBe(415);
  });

  test('paths that are none, files that are not there, and methods that are not known', async () => {
    expect((await fetch(`${url}/assets/none.js`)).status).toBe(404);
    expect((await fetch(`${url}/auth/none`)).status).toBe(404);
    expect((await fetch(`${url}/auth/sign-in`)).status).toBe(405);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(405);
    // fetch would tidy this path up before it is sent.
    expect(await raw(url, 'GET /../../../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).not.toContain('root:');
    expect(await raw(url, 'GET //[ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 [24]/);
    expect(await raw(url, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
  });
});

/** The bytes that come back for these bytes. */
function raw(url: string, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = createConnection({ host: hostname, port: Number(port) }, () => socket.end(request));
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}
