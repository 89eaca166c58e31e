import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from '../test/harness/chromium.ts';
import { startDemoServer } from './server/demo-server.ts';

/** Takes the pictures of the README: two people, one of them out of reach, and what becomes of it. */
const FOLDER = new URL('screenshots/', import.meta.url).pathname;
const DESKTOP = { viewport: { width: 1200, height: 800 }, deviceScaleFactor: 2 } as const;
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, colorScheme: 'dark', isMobile: true, hasTouch: true } as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const dataDirectory = mkdtempSync(join(tmpdir(), 'farside-screenshots-'));
const server = await startDemoServer({ host: 'localhost', port: 0, dataDirectory, databaseUrl: null, drainMs: 0 }, say);
const browser = await chromium.launch(await findChromium());
try {
  const ada = await signIn(browser, 'ada', 'north-star', DESKTOP);
  const grace = await signIn(browser, 'grace', 'evening-tide', PHONE);
  await save(ada, 'online');

  await ada.getByText('Roof drainage before winter').click();
  await ada.getByTestId('work-offline').check();
  await rename(ada, 'Roof drainage, north side first');
  await ada.getByRole('button', { name: 'One more: Visits' }).click();
  await ada.getByRole('textbox', { name: 'New tag' }).fill('urgent');
  await ada.getByRole('button', { name: 'Add tag' }).click();
  await ada.getByTestId('outbox-count').getByText('3').waitFor();
  await save(ada, 'offline');

  await grace.getByTestId('work-offline').check();
  await grace.getByText('Cold room door seals').click();
  await grace.getByRole('radio', { name: 'In progress' }).check({ force: true });
  await grace.getByRole('link', { name: 'Inspections' }).first().click();
  await grace.getByTestId('pending-mark').first().waitFor();
  await save(grace, 'phone');
  await grace.getByTestId('work-offline').uncheck();
  await grace.getByText('Roof drainage before winter').click();
  await rename(grace, 'Roof drainage and gutters');
  await grace.getByTestId('outbox-count').getByText('0').waitFor();

  await ada.getByTestId('work-offline').uncheck();
  await ada.getByRole('button', { name: 'Compare and choose' }).click();
  await ada.getByTestId('conflict-local').click();
  await save(ada, 'conflict');
} finally {
  await browser.close();
  await server.stop();
  rmSync(dataDirectory, { recursive: true, force: true });
}

async function signIn(from: Browser, name: string, password: string, options: BrowserContextOptions): Promise<Page> {
  const page = await (await from.newContext({ ...options, reducedMotion: 'reduce' })).newPage();
  await page.goto(server.url);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByTestId('inspection-row').first().waitFor();
  await page.getByTestId('last-sync').getByText('just now').waitFor();
  return page;
}

async function rename(page: Page, title: string): Promise<void> {
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Title').press('Enter');
}

async function save(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
  say(`demo/screenshots/${name}.png`);
}
