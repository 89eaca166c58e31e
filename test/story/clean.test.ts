import { expect } from 'vitest';
import { createApp } from './support/app.ts';
import { PASSWORDS } from './support/server.ts';
import { test } from './support/story.ts';
import { until } from './support/until.ts';

test('the whole story by its own pages, from signing in to signing out, without one complaint in the console or one failed request', async ({
  server,
  browser,
  people,
}) => {
  const id = await server.plan('The whole story', { inspector: 'Before' });
  const context = await browser.newContext();
  people.adopt(context);
  const failed: string[] = [];
  context.on('response', (response) => {
    if (!response.ok() && response.status() !== 304) failed.push(`${response.status()} ${response.url()}`);
  });
  const ada = createApp(await context.newPage(), server.wire.url);
  await ada.page.goto(server.wire.url);
  await ada.signIn('ada', PASSWORDS.ada);
  await ada.row('The whole story').getByRole('link').click();
  await ada.field.title.waitFor();
  await ada.untilInstalled();
  await ada.workOffline(true);
  await ada.write(ada.field.inspector, 'Ada');
  await ada.visit();
  await ada.addFinding('Found on the way');
  await ada.untilWaiting(3);
  await ada.reload();
  await ada.workOffline(false);
  await ada.untilSent();
  await ada.outbox.open();
  await ada.outbox.close();
  await ada.page.getByRole('link', { name: 'Sites' }).click();
  await ada.page.getByRole('list', { name: 'Sites' }).waitFor();
  await ada.page.getByRole('navigation').getByRole('link', { name: 'Inspections' }).click();
  await ada.row('The whole story').waitFor();
  await ada.signOut();
  expect(await server.inspection(id)).toMatchObject({ inspector: 'Ada', visits: 1 });
  expect(failed).toEqual([]);
});

test('the service worker keeps the app and nothing else: no answer of /graphql or /auth comes from it, with or without a network', async ({
  server,
  people,
}) => {
  const id = await server.plan('Never cached', { notes: 'Only from the server' });
  const ada = await people.open('ada', `/inspections/${id}`);
  await ada.untilInstalled();
  const answered: { readonly path: string; readonly byWorker: boolean }[] = [];
  ada.page.on('response', (response) => answered.push({ path: new URL(response.url()).pathname, byWorker: response.fromServiceWorker() }));
  await ada.reload();
  await ada.visit();
  await ada.untilSent();
  await until(() => answered.some(({ path }) => path === '/graphql') && answered.some(({ path }) => path === '/auth/session')).toBe(true);
  expect(answered.filter(({ path, byWorker }) => byWorker && /^\/(graphql|auth)/.test(path))).toEqual([]);
  // The test has seen the worker at work.
  expect(answered.some(({ path, byWorker }) => byWorker && path === `/inspections/${id}`)).toBe(true);

  const cached = await ada.page.evaluate(async () => {
    const urls: string[] = [];
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys()) urls.push(new URL(request.url).pathname);
    return urls;
  });
  expect(cached).toContain('/index.html');
  expect(cached.filter((path) => /graphql|auth|healthz/.test(path))).toEqual([]);

  server.wire.cut = true;
  const outcomes = await ada.page.evaluate(() =>
    Promise.all(
      ['/graphql', '/auth/session', '/healthz'].map((path) =>
        fetch(path).then(
          (response) => `${path} ${response.status}`,
          () => `${path} fails`,
        ),
      ),
    ),
  );
  expect(outcomes).toEqual(['/graphql fails', '/auth/session fails', '/healthz fails']);
});
