import type { BrowserContext, CDPSession } from 'playwright-core';
import { expect } from 'vitest';
import type { App } from './support/app.ts';
import { test } from './support/story.ts';
import { until } from './support/until.ts';

/** The browser's own tools, from a page that is none of the app's. */
interface Tools {
  /** The browser finds that the network is back, and wakes the service worker. */
  sync(): Promise<void>;
  /** The time for a look now and then has come. */
  periodicSync(): Promise<void>;
}

async function tools(context: BrowserContext, url: string): Promise<Tools> {
  const session: CDPSession = await context.newCDPSession(await context.newPage());
  let registrationId: string | null = null;
  session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    const ours = registrations.find(({ scopeURL, isDeleted }) => scopeURL.startsWith(url) && !isDeleted);
    registrationId = ours?.registrationId ?? registrationId;
  });
  await session.send('ServiceWorker.enable');
  await until(() => registrationId !== null).toBe(true);
  return {
    sync: () =>
      session
        .send('ServiceWorker.dispatchSyncEvent', {
          origin: url,
          registrationId: registrationId ?? '',
          tag: 'farside-outbox',
          lastChance: false,
        })
        .then(() => undefined),
    periodicSync: () =>
      session
        .send('ServiceWorker.dispatchPeriodicSyncEvent', { origin: url, registrationId: registrationId ?? '', tag: 'farside-outbox' })
        .then(() => undefined),
  };
}

/** What lies on the device, read from where no tab is needed: whether a pull is in the stored cache, and pages that none has taken in. */
async function stored(context: BrowserContext): Promise<{ readonly isPulled: boolean; readonly pagesAhead: number }> {
  const [worker] = context.serviceWorkers();
  if (!worker) return { isPulled: false, pagesAhead: 0 };
  return worker.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    if (!(await indexedDB.databases()).some(({ name }) => name === 'farside-cache')) return { isPulled: false, pagesAhead: 0 };
    const database = await answer(indexedDB.open('farside-cache'));
    const names = [...database.objectStoreNames].filter((name) => name === 'values');
    const store = names.length > 0 ? database.transaction('values').objectStore('values') : null;
    const keys = store ? ((await answer(store.getAllKeys())) as string[]) : [];
    const values = store ? ((await answer(store.getAll())) as { checkpoint?: { cursor?: unknown } | null }[]) : [];
    database.close();
    return {
      isPulled: values.some(({ checkpoint }) => checkpoint?.cursor != null),
      pagesAhead: keys.filter((key) => key.includes('/a/')).length,
    };
  });
}

async function edit(app: App): Promise<void> {
  await app.write(app.field.title, 'Sent by nobody');
  await app.visit();
  await app.visit();
  await app.untilWaiting(3);
}

test('the worker drains with all tabs closed, and the next tab shows it without a network', async ({ server, people }) => {
  const id = await server.plan('No tab open', { visits: 2 });
  const profile = await people.profile('ada');
  const before = await profile.tab(`/inspections/${id}`);
  await before.untilInstalled();
  server.wire.cut = true;
  await edit(before);
  await before.page.close();
  server.wire.cut = false;

  const { sync } = await tools(profile.context, server.wire.url);
  await sync();
  await until(() => server.inspection(id)).toMatchObject({ title: 'Sent by nobody', visits: 4, _version: 4 });
  // What others see already may still be on its way to the server's disk, and the answer waits for that.
  await until(() => server.wire.mutations.map(({ fate }) => fate)).toEqual(['answered', 'answered', 'answered']);
  await sync();

  server.wire.cut = true;
  const after = await profile.tab(`/inspections/${id}`);
  await after.untilWaiting(0);
  expect(await after.field.title.inputValue()).toBe('Sent by nobody');
  expect(await after.field.visits.innerText()).toBe('4');
  server.wire.cut = false;
  await after.untilSent();
  expect(server.wire.mutations).toHaveLength(3);
});

test('the worker parks what only a person can decide, and the next tab asks', async ({ server, people }) => {
  const id = await server.plan('Parked by nobody');
  const profile = await people.profile('ada');
  const ada = await profile.tab(`/inspections/${id}`);
  await ada.untilInstalled();
  const grace = await people.open('grace', `/inspections/${id}`);
  await profile.context.setOffline(true);
  await ada.write(ada.field.title, "Ada's title");
  await ada.untilWaiting(1);
  await ada.page.close();
  await grace.write(grace.field.title, "Grace's title");
  await grace.untilSent();

  const since = server.wire.mutations.length;
  // Perhaps the browser wakes the worker by itself now.
  await profile.context.setOffline(false);
  const { sync } = await tools(profile.context, server.wire.url);
  await sync();
  await until(() => server.wire.mutations.slice(since).map(({ fate }) => fate)).toEqual(['answered']);
  const after = await profile.tab(`/inspections/${id}`);
  await after.conflict.notice.waitFor();
  await after.conflict.open();
  expect(await after.conflict.field('Title').theirs.count()).toBe(1);
});

test('what others change with all tabs closed is fetched by the worker, and the next tab shows it without a network', async ({
  server,
  people,
}) => {
  const id = await server.plan('Before anybody looked');
  const profile = await people.profile('ada');
  const before = await profile.tab(`/inspections/${id}`);
  await before.untilInstalled();
  await until(async () => (await stored(profile.context)).isPulled).toBe(true);
  await before.page.close();
  await server.query(
    'mutation ($input: UpdateInspectionInput!) { updateInspection(input: $input) { ... on UpdateInspectionPayload { mergedFields } } }',
    { input: { id, _version: 1, title: 'Changed by Grace' } },
  );

  const { periodicSync } = await tools(profile.context, server.wire.url);
  await periodicSync();
  await until(async () => (await stored(profile.context)).pagesAhead).toBeGreaterThan(0);
  server.wire.cut = true;
  const after = await profile.tab(`/inspections/${id}`);
  await until(() => after.field.title.inputValue()).toBe('Changed by Grace');
  await until(async () => (await stored(profile.context)).pagesAhead).toBe(0);
  await after.reload();
  await until(() => after.field.title.inputValue()).toBe('Changed by Grace');
  server.wire.cut = false;
  await after.untilSent();
});

test('after signing out the worker sends nothing of what was kept', async ({ server, people }) => {
  const id = await server.plan('Signed out', { visits: 2 });
  const profile = await people.profile('ada');
  const ada = await profile.tab(`/inspections/${id}`);
  await ada.untilInstalled();
  server.wire.cut = true;
  await edit(ada);
  await ada.signOut('Keep them on this device');
  await ada.page.close();
  server.wire.cut = false;

  const since = server.wire.mutations.length;
  const { sync } = await tools(profile.context, server.wire.url);
  await sync();
  await sync();
  // A round trip of the worker's own: by then it would have sent, with the cookie that the server could not be asked to end.
  const [worker] = profile.context.serviceWorkers();
  expect(await worker?.evaluate(() => fetch('/auth/session', { cache: 'no-store' }).then(({ status }) => status))).toBe(200);
  expect(server.wire.mutations.slice(since)).toEqual([]);
  expect(await server.inspection(id)).toMatchObject({ visits: 2, _version: 1 });
});
