import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { App } from './support/app.ts';
import { test } from './support/story.ts';
import { until } from './support/until.ts';

const CONTROLS = new Set([
  'button',
  'link',
  'textbox',
  'searchbox',
  'checkbox',
  'radio',
  'combobox',
  'switch',
  'spinbutton',
  'slider',
  'menuitem',
  'tab',
  'dialog',
  'progressbar',
]);

/** The controls of a page that a screen reader has no name for, as it sees the page. */
async function nameless(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const controls = nodes.filter(({ ignored, role }) => !ignored && CONTROLS.has(role?.value as string));
  expect(controls.length).toBeGreaterThan(0);
  return controls.filter(({ name }) => String(name?.value ?? '').trim() === '').map(({ role, nodeId }) => `${role?.value} ${nodeId}`);
}

/** How far the page could be scrolled sideways, in pixels. */
const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Every view of the app, each brought up in turn; all of them can be left by the next. */
const views = (ada: App, id: string): readonly (readonly [name: string, show: () => Promise<unknown>])[] => [
  ['the list', () => ada.open('/')],
  ['an inspection with findings', () => ada.openInspection('inspection-roof')],
  ['the form for a new inspection', () => ada.open('/new')],
  ['the sites', () => ada.open('/sites')],
  [
    'an inspection with everything waiting',
    async () => {
      await ada.openInspection(id);
      await ada.workOffline(true);
      await ada.write(ada.field.title, 'A title that is long enough to need more than one line on a phone, with averyveryverylongwordinit');
      await ada.write(ada.field.inspector, 'Ada');
      await ada.visit();
      await ada.addFinding('A finding that is long enough to need more than one line on a phone');
      await ada.untilWaiting(4);
    },
  ],
  ['the outbox', () => ada.outbox.open()],
  ['the dialog that edits what waits', () => ada.outbox.items().first().getByRole('button', { name: 'Edit' }).click()],
  [
    'the question whether to delete',
    async () => {
      await ada.page.keyboard.press('Escape');
      await ada.page.keyboard.press('Escape');
      await ada.page.getByRole('button', { name: 'Delete inspection' }).click();
    },
  ],
  [
    'the question what to do before signing out',
    async () => {
      await ada.page.keyboard.press('Escape');
      await ada.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    },
  ],
];

test('no control is without a name, in any view', async ({ server, people, browser }) => {
  const id = await server.plan('Named', { tags: ['one', 'two'] });
  const ada = await people.open('ada');
  const found: Record<string, readonly string[]> = {};
  for (const [name, show] of views(ada, id)) {
    await show();
    found[name] = await nameless(ada.page);
  }
  const stranger = await browser.newContext();
  people.adopt(stranger);
  const page = await stranger.newPage();
  await page.goto(server.wire.url);
  await page.getByRole('form', { name: 'Sign in' }).waitFor();
  found['signing in'] = await nameless(page);
  for (const [name, controls] of Object.entries(found)) expect(controls, name).toEqual([]);
});

test('on a phone nothing has to be scrolled sideways, in any view', async ({ server, people }) => {
  const id = await server.plan('Narrow', { tags: ['a tag', 'another tag', 'a third, rather long tag', 'and a fourth'] });
  const ada = await people.open('ada');
  await ada.page.setViewportSize({ width: 360, height: 740 });
  for (const [name, show] of views(ada, id)) {
    await show();
    expect(await sideways(ada.page), name).toBe(0);
  }
});

test('the conflict dialog has names for everything and fits a phone', async ({ server, people }) => {
  const id = await server.plan('Conflict on a phone', { notes: 'Before' });
  const { ada, grace } = await people.both(`/inspections/${id}`);
  await ada.page.setViewportSize({ width: 360, height: 740 });
  await ada.workOffline(true);
  await ada.write(ada.field.notes, 'What Ada wrote, which is rather long, so that it has to be wrapped: '.repeat(4));
  await ada.untilWaiting(1);
  await grace.write(grace.field.notes, 'What Grace wrote');
  await until(async () => (await server.inspection(id))?.notes).toBe('What Grace wrote');
  await ada.workOffline(false);
  await ada.conflict.open();
  await ada.conflict.field('Notes').own.check();
  expect(await nameless(ada.page)).toEqual([]);
  expect(await sideways(ada.page)).toBe(0);
  const dialog = await ada.conflict.dialog.boundingBox();
  expect(dialog?.width).toBeLessThanOrEqual(360);
});

test('dialogs take the focus, keep it, close on Escape and give it back', async ({ server, people }) => {
  const id = await server.plan('Focus');
  const ada = await people.open('ada', `/inspections/${id}`);
  await ada.workOffline(true);
  await ada.visit();
  await ada.untilWaiting(1);
  const openers: readonly Locator[] = [
    ada.page.getByRole('button', { name: /^Outbox/ }),
    ada.page.getByRole('button', { name: 'Delete inspection' }),
    ada.page.getByRole('button', { name: 'Sign out', exact: true }),
  ];
  for (const opener of openers) {
    await opener.focus();
    await ada.page.keyboard.press('Enter');
    await ada.page.getByRole('dialog').waitFor();
    for (let presses = 0; presses < 8; presses++) {
      await ada.page.keyboard.press('Tab');
      // The browser's own bar may have its turn; the page behind may not.
      expect(
        await ada.page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null),
      ).toBe(true);
    }
    await ada.page.keyboard.press('Escape');
    await ada.page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
  }
});

test('the status is read out without moving the focus: offline, back, sent, refused to merge', async ({ server, people }) => {
  const id = await server.plan('Read out', { inspector: 'Before' });
  const { ada, grace } = await people.both(`/inspections/${id}`);
  const announcer = ada.page.getByTestId('announcer');
  expect(await announcer.getAttribute('aria-live')).toBe('polite');
  const said = () => announcer.innerText();
  await ada.workOffline(true);
  await until(said).toMatch(/^Working offline/);
  await ada.visit();
  await ada.untilWaiting(1);
  await ada.workOffline(false);
  await until(said).toMatch(/^All changes are sent/);
  await ada.context.setOffline(true);
  await until(said).toMatch(/^Offline/);
  await ada.write(ada.field.inspector, 'Ada');
  await ada.untilWaiting(1);
  await grace.write(grace.field.inspector, 'Grace');
  await until(async () => (await server.inspection(id))?.inspector).toBe('Grace');
  await ada.context.setOffline(false);
  await until(said).toMatch(/needs your decision/);
});

test('the page has its landmarks: one heading of the first level, a way past the navigation, a title that names it', async ({ people }) => {
  const ada = await people.open('ada', '/inspections/inspection-roof');
  expect(await ada.page.getByRole('heading', { level: 1 }).count()).toBe(1);
  expect(await ada.page.title()).toMatch(/^Roof drainage before winter/);
  expect(await ada.page.locator('html').getAttribute('lang')).toBe('en');
  await ada.page.getByRole('link', { name: 'Skip to content' }).focus();
  await ada.page.keyboard.press('Enter');
  await ada.page.keyboard.press('Tab');
  expect(await ada.page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
});
