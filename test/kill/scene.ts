import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { freePort, startBalancer } from '../harness/balancer.ts';
import { findChromium } from '../harness/chromium.ts';
import { startPostgres } from '../harness/postgres.ts';
import { createSeededRandom } from '../harness/random.ts';
import type { KillPage } from './page/page.ts';

export const DATABASES = ['sqlite', 'postgres'] as const;
export type DatabaseKind = (typeof DATABASES)[number];

export const VICTIMS = ['server', 'tab', 'browser', 'database'] as const;
export type Victim = (typeof VICTIMS)[number];

declare const kill: KillPage;

export interface Scene {
  /** Two people edit; somebody is killed meanwhile and comes back; everything is sent. */
  round(victim: Victim): Promise<void>;
  edits(): number;
  verdict(): Promise<{ readonly lost: number; readonly repeated: number; readonly unseen: number }>;
  close(): Promise<void>;
}

const USERS = ['ada', 'grace'] as const;
const EDITS_PER_ROUND = 6;
/** The longest that a round may take to heal, in milliseconds: a round that does not is a failure, not a long wait. */
const HEAL_MS = 60_000;

/** On SQLite one server; on PostgreSQL two, behind an address that hands requests out in turn. */
export async function createScene(seed: number, database: DatabaseKind): Promise<Scene> {
  const random = createSeededRandom(seed);
  const folder = await mkdtemp(join(tmpdir(), 'farside-kill-'));
  const pages = join(folder, 'pages');
  await build({
    root: join(import.meta.dirname, 'page'),
    base: '/',
    logLevel: 'error',
    configFile: false,
    resolve: { tsconfigPaths: true },
    build: { outDir: pages, target: 'es2022' },
  });
  const launch = await findChromium();
  const postgres = database === 'postgres' ? await startPostgres() : null;
  const ports = await Promise.all((postgres === null ? [1] : [1, 2]).map(freePort));
  const servers = await Promise.all(ports.map(startServer));
  const balancer = await startBalancer(ports);
  const { port } = balancer;
  const people = await Promise.all(USERS.map(openPerson));
  /** Tokens whose tab was told that they are durable. */
  const told = new Set<string>();
  let edits = 0;

  await ask('mutation { createTally(input: { id: "tally", votes: 0, tokens: [] }) { __typename } }');
  for (const person of people) await person.open();

  interface Person {
    readonly user: string;
    page: Page;
    open(): Promise<void>;
    crashTab(): Promise<void>;
    killBrowser(): Promise<void>;
    close(): Promise<void>;
  }

  async function openPerson(user: string): Promise<Person> {
    const profile = join(folder, user);
    const start = () => chromium.launchPersistentContext(profile, { ...launch, headless: true });
    let context: BrowserContext = await start();
    const open = async (): Promise<void> => {
      person.page = await context.newPage();
      await person.page.goto(`http://localhost:${port}/?user=${user}`);
      await person.page.waitForFunction(() => 'kill' in globalThis, undefined, { timeout: HEAL_MS });
    };
    const person: Person = {
      user,
      page: null as unknown as Page,
      open,
      async crashTab() {
        const session = await context.newCDPSession(person.page);
        // The page dies under the command, which therefore never answers.
        session.send('Page.crash').catch(() => undefined);
        await person.page.waitForEvent('crash').catch(() => undefined);
        await person.page.close();
        await open();
      },
      async killBrowser() {
        const pid = await browserPid(context);
        const gone = new Promise((resolve) => context.once('close', resolve));
        process.kill(pid, 'SIGKILL');
        await gone;
        context = await start();
        await open();
      },
      close: () => context.close(),
    };
    return person;
  }

  /** Playwright does not tell the process of a persistent context; the browser does. */
  async function browserPid(context: BrowserContext): Promise<number> {
    const page = context.pages()[0] ?? (await context.newPage());
    const session = await context.newCDPSession(page);
    const browser = context.browser();
    const root = browser ? await browser.newBrowserCDPSession() : session;
    const { processInfo } = (await root.send('SystemInfo.getProcessInfo')) as {
      processInfo: readonly { readonly type: string; readonly id: number }[];
    };
    const found = processInfo.find(({ type }) => type === 'browser');
    if (!found) throw new Error('expected a browser process, found none');
    return found.id;
  }

  async function startServer(at: number): Promise<ChildProcess> {
    const child = fork(join(import.meta.dirname, 'server.ts'), [String(at), postgres?.url ?? join(folder, 'data.sqlite'), pages], {
      execArgv: ['--import', 'tsx'],
    });
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`the server ended with ${code}`))),
    ]);
    return child;
  }

  async function killServer(): Promise<void> {
    const index = Math.floor(random.next() * servers.length);
    const victim = servers[index] as ChildProcess;
    const gone = once(victim, 'exit');
    victim.kill('SIGKILL');
    await gone;
    servers[index] = await startServer(ports[index] as number);
  }

  async function killDatabase(): Promise<void> {
    await postgres?.kill();
    await postgres?.start();
  }

  async function ask<T = unknown>(query: string): Promise<T> {
    const response = await fetch(`http://localhost:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-user': 'observer' },
      body: JSON.stringify({ query }),
    });
    return ((await response.json()) as { data: T }).data;
  }

  async function edit(person: Person): Promise<void> {
    for (let n = 0; n < EDITS_PER_ROUND; n += 1) {
      const token = random.id();
      edits += 1;
      try {
        await person.page.evaluate((name) => kill.vote(name), token);
        told.add(token);
      } catch {
        // The tab died under it: nobody was told anything, and either way is right, once.
        return;
      }
    }
  }

  const drained = (person: Person) => person.page.waitForFunction(() => kill.pending() === 0, undefined, { timeout: HEAL_MS, polling: 50 });

  return {
    edits: () => edits,
    async round(victim) {
      const [person] = [people[Math.floor(random.next() * people.length)] as Person];
      const editing = people.map(edit);
      // A moment within the edits or within their sending; which one, real processes decide.
      await new Promise((resolve) => setTimeout(resolve, random.next() * 150));
      if (victim === 'server') await killServer();
      if (victim === 'database') await killDatabase();
      if (victim === 'tab') await person.crashTab();
      if (victim === 'browser') await person.killBrowser();
      await Promise.all(editing);
      for (const each of people) await drained(each);
    },
    async verdict() {
      const { tally } = await ask<{ tally: { readonly votes: number; readonly tokens: readonly string[] } }>(
        '{ tally(id: "tally") { votes tokens } }',
      );
      const there = new Set(tally.tokens);
      let unseen = 0;
      for (const person of people) {
        const seen = new Set(await person.page.evaluate(() => kill.tokens()));
        unseen += tally.tokens.filter((token) => !seen.has(token)).length;
      }
      return { lost: [...told].filter((token) => !there.has(token)).length, repeated: tally.votes - there.size, unseen };
    },
    async close() {
      for (const person of people) await person.close().catch(() => undefined);
      await balancer.close();
      for (const server of servers) server.kill('SIGKILL');
      await postgres?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
