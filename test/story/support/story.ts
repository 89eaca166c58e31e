import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { test as base, expect } from 'vitest';
import { findChromium } from '../../harness/chromium.ts';
import { type App, createApp } from './app.ts';
import { PASSWORDS, type StoryServer, startStoryServer, type UserId } from './server.ts';

export interface Profile {
  readonly context: BrowserContext;
  /** Another tab of the same browser profile. */
  tab(path?: string): Promise<App>;
}

export interface People {
  /** A browser profile of its own in which this user is signed in. */
  profile(user: UserId): Promise<Profile>;
  /** The same with one tab, opened at this path. */
  open(user: UserId, path?: string): Promise<App>;
  /** Two profiles with one tab each, both opened at this path. */
  both(path?: string): Promise<{ readonly ada: App; readonly grace: App }>;
  /** Watches over a profile that a test has made itself, and closes it. */
  adopt(context: BrowserContext): void;
  /** Complaints of the pages that this test brings about on purpose. */
  expectComplaint(pattern: RegExp): void;
}

/** What the browser itself writes when a request fails: the network is cut in most of these tests. */
const NETWORK_NOISE = /^Failed to load resource: (net::ERR_|the server responded with a status of 401)/;

interface Fixtures {
  readonly browser: Browser;
  readonly server: StoryServer;
  readonly people: People;
}

/** A story: one server and one browser for a file, profiles of its own for each test, and no page may complain. */
export const test = base.extend<Fixtures>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: the test runner reads the fixtures that are needed from the pattern
    async ({}, use) => {
      const browser = await chromium.launch(await findChromium());
      await use(browser);
      await browser.close();
    },
    { scope: 'file' },
  ],
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const server = await startStoryServer();
      await use(server);
      await server.close();
    },
    { scope: 'file' },
  ],
  people: async ({ browser, server, task }, use) => {
    const contexts: BrowserContext[] = [];
    const complaints: string[] = [];
    const expected: RegExp[] = [];
    const adopt = (context: BrowserContext): void => {
      contexts.push(context);
      context.setDefaultTimeout(15_000);
      const listen = (page: Page): void => {
        page.on('pageerror', (error) => complaints.push(`${page.url()} ${error.stack ?? error.message}`));
        page.on('console', (message) => {
          if (message.type() === 'error' || message.type() === 'warning')
            complaints.push(`${page.url()} console.${message.type()}: ${message.text()}`);
        });
      };
      context.pages().forEach(listen);
      context.on('page', listen);
    };
    const profile = async (user: UserId): Promise<Profile> => {
      const context = await browser.newContext();
      adopt(context);
      await signIn(context, server.wire.url, user);
      return {
        context,
        async tab(path = '/') {
          const app = createApp(await context.newPage(), server.wire.url);
          await app.open(path);
          return app;
        },
      };
    };
    const open = async (user: UserId, path?: string): Promise<App> => (await profile(user)).tab(path);
    await use({
      profile,
      open,
      async both(path) {
        const [ada, grace] = await Promise.all([open('ada', path), open('grace', path)]);
        return { ada, grace };
      },
      adopt,
      expectComplaint: (pattern) => void expected.push(pattern),
    });
    if (task.result?.state === 'fail' || (task.result?.errors?.length ?? 0) > 0) {
      process.stderr.write(`\nthe wire carried\n${server.wire.trace().join('\n')}\n`);
      for (const page of contexts.flatMap((context) => context.pages()))
        process.stderr.write(`\n${page.url()} shows\n${await snapshot(page)}\n`);
    }
    server.wire.mend();
    await Promise.all(contexts.map((context) => context.close().catch(() => undefined)));
    const unexpected = complaints.filter(
      (text) => !NETWORK_NOISE.test(text.replace(/^\S+ console\.error: /, '')) && !expected.some((pattern) => pattern.test(text)),
    );
    expect(unexpected, 'errors and warnings of the pages').toEqual([]);
  },
});

async function snapshot(page: Page): Promise<string> {
  try {
    return await page.locator('body').ariaSnapshot({ timeout: 2_000 });
  } catch (error) {
    return `nothing that could be read: ${String(error).split('\n')[0]}`;
  }
}

/** Signs in by the session's own request; the page for it has a test of its own. */
export async function signIn(context: BrowserContext, url: string, user: UserId): Promise<void> {
  const response = await context.request.post(`${url}/auth/sign-in`, { data: { user, password: PASSWORDS[user] } });
  if (!response.ok()) throw new Error(`expected ${user} to be signed in, got HTTP ${response.status()}`);
}
