import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { PASSWORDS } from './support/server.ts';
import { signIn, test } from './support/story.ts';
import { until } from './support/until.ts';

/** Everything that a page of this origin could read from the device, as one text. */
const onDevice = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const found: unknown[] = [{ ...localStorage }, { ...sessionStorage }];
    for (const { name } of await indexedDB.databases()) {
      const database = await asked(indexedDB.open(name ?? ''));
      for (const store of database.objectStoreNames) {
        const records = database.transaction(store).objectStore(store);
        found.push(store, await asked(records.getAllKeys()), await asked(records.getAll()));
      }
      database.close();
    }
    return JSON.stringify(found);
  });

test('signing out with everything sent leaves nothing of what was read on the device', async ({ server, people }) => {
  const id = await server.plan('Left behind', { notes: 'A secret of the harbour' });
  const ada = await people.open('ada', `/inspections/${id}`);
  await ada.write(ada.field.inspector, 'Ada of the harbour');
  await ada.untilSent();
  await until(() => onDevice(ada.page)).toContain('A secret of the harbour');
  await ada.signOut();
  await until(() => onDevice(ada.page)).not.toMatch(/harbour/);
});

test('keeping: the next user on the device neither sees nor sends them, and they go on when their owner is back', async ({
  server,
  people,
}) => {
  const id = await server.plan('Kept for ada', { inspector: 'Before' });
  const ada = await people.open('ada', `/inspections/${id}`);
  await ada.workOffline(true);
  await ada.write(ada.field.inspector, 'Ada keeps this');
  await ada.visit();
  await ada.untilWaiting(2);
  const since = server.wire.mutations.length;
  await ada.signOut('Keep them on this device');

  const grace = ada;
  await grace.signIn('grace', PASSWORDS.grace);
  await grace.untilConnection('Online');
  expect(await grace.waiting()).toBe(0);
  await grace.openInspection(id);
  expect(await grace.field.inspector.inputValue()).toBe('Before');
  await grace.write(grace.field.title, 'Kept for ada, seen by grace');
  await grace.untilSent();
  expect(server.wire.mutations.slice(since).map(({ operationName }) => operationName)).toEqual(['UpdateInspection']);
  expect(await server.inspection(id)).toMatchObject({ inspector: 'Before', visits: 0, _version: 2 });
  await grace.signOut();

  await ada.signIn('ada', PASSWORDS.ada);
  // She was working offline on purpose; that is still so.
  await ada.untilConnection('Working offline');
  await ada.untilWaiting(2);
  await ada.workOffline(false);
  await ada.untilSent();
  expect(await server.inspection(id)).toMatchObject({ inspector: 'Ada keeps this', visits: 1, title: 'Kept for ada, seen by grace' });
});

test('discarding: they are gone from the device and never sent', async ({ server, people }) => {
  const id = await server.plan('Discarded by ada', { inspector: 'Before' });
  const ada = await people.open('ada', `/inspections/${id}`);
  await ada.workOffline(true);
  await ada.write(ada.field.inspector, 'Ada throws this away');
  await ada.untilWaiting(1);
  await ada.signOut('Discard');
  await until(() => onDevice(ada.page)).not.toContain('Ada throws this away');
  await ada.signIn('ada', PASSWORDS.ada);
  await ada.untilSent();
  await ada.openInspection(id);
  expect(await ada.field.inspector.inputValue()).toBe('Before');
  expect((await server.inspection(id))?._version).toBe(1);
});

test('sending first: signing out waits for what is under way', async ({ server, people }) => {
  const id = await server.plan('Flushed by ada');
  const ada = await people.open('ada', `/inspections/${id}`);
  const gate = server.wire.holdBefore(0);
  await ada.visit();
  await ada.visit();
  await ada.untilWaiting(2);
  await until(() => gate.waiting.length).toBe(1);
  await ada.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await ada.page.getByRole('button', { name: 'Send, then sign out' }).click();
  await until(() => ada.page.getByRole('button', { name: 'Send, then sign out' }).isDisabled()).toBe(true);
  gate.open();
  await ada.page.getByRole('form', { name: 'Sign in' }).waitFor();
  expect(await server.inspection(id)).toMatchObject({ visits: 2, _version: 3 });
});

test('staying: nothing happens to anything', async ({ server, people }) => {
  const id = await server.plan('Stays');
  const ada = await people.open('ada', `/inspections/${id}`);
  await ada.workOffline(true);
  await ada.visit();
  await ada.untilWaiting(1);
  await ada.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await ada.page.getByRole('button', { name: 'Stay signed in' }).click();
  expect(await ada.waiting()).toBe(1);
});

test('signing out in one tab ends the session in the other, and nothing is written there any more', async ({ server, people }) => {
  const id = await server.plan('Two tabs, one session');
  const profile = await people.profile('ada');
  const first = await profile.tab(`/inspections/${id}`);
  const second = await profile.tab('/');
  await second.signOut();
  await first.page.getByRole('form', { name: 'Sign in' }).waitFor();
  await second.signIn('grace', PASSWORDS.grace);
  await until(() => first.page.getByTestId('user').innerText()).toBe('Grace Okafor');
});

test('signing out without a network works, and the session is ended at the server when it is back', async ({ server, people }) => {
  const profile = await people.profile('ada');
  const ada = await profile.tab('/');
  await ada.untilInstalled();
  server.wire.cut = true;
  await ada.signOut();
  const cookies = await profile.context.cookies();
  server.wire.cut = false;
  await ada.page.reload();
  await ada.page.getByRole('form', { name: 'Sign in' }).waitFor();
  await until(async () => {
    const response = await fetch(`${server.wire.url}/auth/session`, {
      headers: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') },
    });
    return ((await response.json()) as { user: unknown }).user;
  }).toBe(null);
});

test('when the session of the browser has become somebody else’s unseen, nothing is sent in that name', async ({ server, people }) => {
  const id = await server.plan('Cookie changed');
  const profile = await people.profile('ada');
  const ada = await profile.tab(`/inspections/${id}`);
  await signIn(profile.context, server.wire.url, 'grace');
  await ada.visit();
  await ada.untilConnection('Signed out');
  expect((await server.inspection(id))?.visits).toBe(0);
  await signIn(profile.context, server.wire.url, 'ada');
  await ada.signInAgain(PASSWORDS.ada);
  await ada.untilSent();
  expect((await server.inspection(id))?.visits).toBe(1);
});

test('strangers are refused', async ({ server }) => {
  const ask = (headers: Record<string, string>) =>
    fetch(`${server.wire.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: '{ inspections(first: 1) { nodes { title } } }' }),
    });
  const forged = `farside_session=${'A'.repeat(43)}`;
  for (const headers of [{}, { cookie: forged }, { cookie: forged, 'x-farside-user': 'ada' }]) {
    const response = await ask(headers);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  }
  const wrong = await fetch(`${server.wire.url}/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'ada', password: 'wrong' }),
  });
  expect(wrong.status).toBe(401);
  expect(wrong.headers.get('set-cookie')).toBe(null);
});
