import { expect } from 'vitest';
import { createApp } from './support/app.ts';
import { test } from './support/story.ts';
import { until } from './support/until.ts';

test('where the browser keeps nothing, the app says so before anything is lost, and works while there is a network', async ({
  server,
  people,
}) => {
  const id = await server.plan('Private window');
  const { context } = await people.profile('ada');
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The user denied permission to access the database.', 'SecurityError');
    };
  });
  const ada = createApp(await context.newPage(), server.wire.url);
  await ada.openInspection(id);
  await ada.page.getByText('This browser keeps nothing here.').waitFor();
  // An edit is refused openly, or sent; it never just looks as if it were kept.
  await ada.visit();
  await ada.page.getByRole('alert').filter({ hasText: 'This change is not saved.' }).waitFor();
  expect(await ada.field.visits.innerText()).toBe('0');
  expect(await ada.waiting()).toBe(0);
  expect((await server.inspection(id))?.visits).toBe(0);
});

test('when the disk is full, the change is refused in so many words and not shown as made; with room again it goes on', async ({
  server,
  people,
}) => {
  const id = await server.plan('Disk full');
  const { context } = await people.profile('ada');
  await context.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...values: Parameters<typeof put>) {
      if ((globalThis as { full?: boolean }).full === true) throw new DOMException('Quota exceeded.', 'QuotaExceededError');
      return put.apply(this, values);
    };
  });
  const ada = createApp(await context.newPage(), server.wire.url);
  await ada.openInspection(id);
  await ada.workOffline(true);
  await ada.visit();
  await ada.untilWaiting(1);
  const setFull = (full: boolean) => ada.page.evaluate((value) => void Object.assign(globalThis, { full: value }), full);
  await setFull(true);
  await ada.visit();
  const alert = ada.page.getByRole('alert').filter({ hasText: 'This change is not saved.' });
  await alert.waitFor();
  expect(await ada.field.visits.innerText()).toBe('1');
  expect(await ada.waiting()).toBe(1);
  await setFull(false);
  await alert.getByRole('button', { name: 'Close' }).click();
  await ada.visit();
  await ada.untilWaiting(2);
  await ada.workOffline(false);
  await ada.untilSent();
  expect(await server.inspection(id)).toMatchObject({ visits: 2, _version: 3 });
});

test('when the stored cache is damaged or cleared under the app, it is fetched again, and what waits in the outbox stays', async ({
  server,
  people,
}) => {
  const id = await server.plan('Cache cleared');
  const ada = await people.open('ada', `/inspections/${id}`);
  await ada.workOffline(true);
  await ada.visit();
  await ada.untilWaiting(1);
  await ada.page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
    for (const name of names.filter((each) => /cache/i.test(each))) {
      const request = indexedDB.open(name);
      const database = await new Promise<IDBDatabase>((resolve) => {
        request.onsuccess = () => resolve(request.result);
      });
      for (const store of database.objectStoreNames) database.transaction(store, 'readwrite').objectStore(store).clear();
      database.close();
    }
  });
  await ada.page.reload();
  await ada.untilWaiting(1);
  await ada.workOffline(false);
  await ada.untilSent();
  await until(() => ada.field.visits.innerText()).toBe('1');
  expect((await server.inspection(id))?.visits).toBe(1);
});
