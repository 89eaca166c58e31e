import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { expect } from 'vitest';
import { findChromium } from '../harness/chromium.ts';
import { type App, createApp } from './support/app.ts';
import { signIn, test } from './support/story.ts';
import { until } from './support/until.ts';

async function edit(app: App): Promise<void> {
  await app.write(app.field.title, 'Renamed without a network');
  await app.visit();
  await app.untilWaiting(2);
}

async function expectWaiting(app: App, id: string): Promise<void> {
  await app.untilWaiting(2);
  await app.page.getByRole('link', { name: 'Inspections', exact: true }).first().click();
  await until(() => app.row('Renamed without a network').getByTestId('pending-mark').innerText()).toBe('Waiting');
  // What others made is here too, from the cache.
  await app.row('Roof drainage before winter').waitFor();
  await app.openInspection(id);
  expect(await app.field.title.inputValue()).toBe('Renamed without a network');
  expect(await app.field.visits.innerText()).toBe('3');
  await until(() => app.field.mark('Title').innerText()).toBe('Waiting');
  await until(() => app.field.mark('Visits').innerText()).toBe('Waiting');
  expect(await app.field.mark('Inspector').count()).toBe(0);
}

test('working offline by the app’s own switch: after a reload everything is there, marked as waiting, and nothing was sent', async ({
  server,
  people,
}) => {
  const id = await server.plan('Own switch', { visits: 2 });
  const ada = await people.open('ada', `/inspections/${id}`);
  await ada.workOffline(true);
  const asked = server.wire.requests.length;
  await edit(ada);
  await ada.reload();
  expect(await ada.connection()).toBe('Working offline');
  await expectWaiting(ada, id);
  expect(server.wire.requests.slice(asked).filter((request) => request.includes('/graphql'))).toEqual([]);
  expect(server.wire.mutations).toEqual([]);

  await ada.workOffline(false);
  await ada.untilSent();
  expect(await server.inspection(id)).toMatchObject({ title: 'Renamed without a network', visits: 3 });
  await until(() => ada.page.locator('main').getByTestId('pending-mark').count()).toBe(0);
});

test('offline by the browser: the app opens after a reload, also on a page never visited, from what is on the device', async ({
  server,
  people,
}) => {
  const id = await server.plan('Browser offline', { visits: 2 });
  const ada = await people.open('ada', `/inspections/${id}`);
  await ada.untilInstalled();
  await ada.context.setOffline(true);
  await ada.untilConnection('Offline');
  await edit(ada);
  await ada.reload();
  await ada.untilConnection('Offline');
  await expectWaiting(ada, id);
  await ada.openInspection('inspection-turbine');
  expect(await ada.field.notes.inputValue()).toMatch(/^No signal above the second gate/);

  await ada.context.setOffline(false);
  await ada.untilSent();
  expect(await server.inspection(id)).toMatchObject({ title: 'Renamed without a network', visits: 3 });
});

test('the server is away and the browser believes to be online: the app opens, keeps, and notices by itself when it is back', async ({
  server,
  people,
}) => {
  const id = await server.plan('Nobody answers', { visits: 2 });
  const ada = await people.open('ada', `/inspections/${id}`);
  await ada.untilInstalled();
  server.wire.cut = true;
  await edit(ada);
  await ada.untilConnection('Offline');
  await ada.reload();
  await expectWaiting(ada, id);

  server.wire.cut = false;
  await ada.untilSent();
  expect(await server.inspection(id)).toMatchObject({ title: 'Renamed without a network', visits: 3 });
});

test('the whole browser is closed and started again without a network: the same profile still has everything', async ({
  server,
  people,
}) => {
  const id = await server.plan('Browser restarted', { visits: 2 });
  const profile = mkdtempSync(join(tmpdir(), 'farside-profile-'));
  const launch = async (): Promise<App> => {
    const context = await chromium.launchPersistentContext(profile, await findChromium());
    people.adopt(context);
    return createApp(await context.newPage(), server.wire.url);
  };
  const before = await launch();
  await signIn(before.context, server.wire.url, 'ada');
  await before.openInspection(id);
  await before.untilInstalled();
  server.wire.cut = true;
  await edit(before);
  await before.context.close();

  const after = await launch();
  await after.openInspection(id);
  await after.untilConnection('Offline');
  await expectWaiting(after, id);
  server.wire.cut = false;
  await after.untilSent();
  expect(await server.inspection(id)).toMatchObject({ title: 'Renamed without a network', visits: 3 });
  await after.context.close();
  rmSync(profile, { recursive: true, force: true });
});
