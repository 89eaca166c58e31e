import { EXTENSION, PROTOCOL_VERSION } from 'farside/schema';
import { expect } from 'vitest';
import { type Profile, test } from './support/story.ts';
import { until } from './support/until.ts';
import type { Passing } from './support/wire.ts';

/** What a server answers that has a rule against this. */
function rejection({ responseKeys }: Passing, message: string): { readonly status: number; readonly body: unknown } {
  const of = <T>(value: T) => Object.fromEntries(responseKeys.map((key) => [key, value]));
  return {
    status: 200,
    body: {
      data: of({ __typename: 'MutationRejected', code: 'NOT_ON_SUNDAYS', message, field: ['inspector'] }),
      extensions: {
        [EXTENSION]: { protocol: PROTOCOL_VERSION, mutations: of({ outcome: 'rejected' }), serverTime: Date.now(), epoch: 'story' },
      },
    },
  };
}

/** The session ends at the server; the browser keeps the cookie and knows nothing of it. */
async function endSession({ context }: Profile, url: string): Promise<void> {
  const cookies = await context.cookies();
  await context.request.post(`${url}/auth/sign-out`);
  await context.addCookies(cookies);
}

test('a session that has ended pauses and asks to sign in again; the same records go on, nothing is spent', async ({ server, people }) => {
  const id = await server.plan('Session ended');
  const profile = await people.profile('ada');
  const ada = await profile.tab(`/inspections/${id}`);
  await endSession(profile, server.wire.url);
  const since = server.wire.mutations.length;
  await ada.visit();
  await ada.untilConnection('Signed out');
  await ada.visit();
  await ada.untilWaiting(2);
  const refused = server.wire.mutations.slice(since);
  // It is tried once, not again and again; and not at all where a pull was faster to hear of it.
  expect(refused.length).toBeLessThanOrEqual(1);

  // Over a reload too: the app opens, shows what waits, and says why.
  await ada.reload();
  await until(() => ada.field.visits.innerText()).toBe('2');
  await ada.signInAgain('north-star');
  await ada.untilSent();
  expect(await server.inspection(id)).toMatchObject({ visits: 2, _version: 3 });
  // The page that was loaded again may have tried once more; however often, it is the same two records.
  const sent = server.wire.mutations.slice(since);
  const keys = sent.flatMap(({ clientId, mutationIds }) => mutationIds.map((number) => `${clientId} ${number}`));
  expect(new Set(keys).size).toBe(2);
  expect(keys.length).toBeLessThanOrEqual(4);
});

test('both tabs say that the session has ended, and signing in again in either goes on in both', async ({ server, people }) => {
  const id = await server.plan('Signed out in two tabs');
  const profile = await people.profile('ada');
  const first = await profile.tab(`/inspections/${id}`);
  const second = await profile.tab(`/inspections/${id}`);
  await endSession(profile, server.wire.url);
  await second.visit();
  await first.untilConnection('Signed out');
  await second.untilConnection('Signed out');
  await second.signInAgain('north-star');
  await second.untilSent();
  await first.untilSent();
  expect(await server.inspection(id)).toMatchObject({ visits: 1, _version: 2 });
});

test('a rejected change becomes a dead letter: shown with its reason, taken from the page, kept over a reload, never retried by itself', async ({
  server,
  people,
}) => {
  const id = await server.plan('Rejected', { inspector: 'Before' });
  const ada = await people.open('ada', `/inspections/${id}`);
  const rule = server.wire.answerInstead((mutation) => rejection(mutation, 'Nobody inspects on Sundays.'));
  await ada.write(ada.field.inspector, 'Sunday Ada');
  await until(() => ada.field.mark('Inspector').innerText()).toBe('Refused');
  await ada.reload();
  await ada.outbox.open();
  const item = ada.outbox.items('Refused');
  await item.waitFor();
  rule.stop();
  const sent = server.wire.mutations.length;
  expect(await item.innerText()).toContain('Nobody inspects on Sundays.');
  expect(await item.innerText()).toContain('Inspector: Sunday Ada');
  await ada.outbox.close();
  expect((await server.inspection(id))?.inspector).toBe('Before');
  // It holds back nothing that is not its own.
  const other = await server.plan('Beside the rejected one');
  await ada.openInspection(other);
  await ada.visit();
  await until(async () => (await server.inspection(other))?.visits).toBe(1);
  await ada.untilWaiting(1);
  expect(server.wire.mutations.slice(sent).map(({ variables }) => variables)).toMatchObject([{ input: { id: other } }]);
});

test('from the outbox a dead letter can be retried', async ({ server, people }) => {
  const id = await server.plan('Retry');
  const ada = await people.open('ada', `/inspections/${id}`);
  const rule = server.wire.answerInstead((mutation) => rejection(mutation, 'Not today.'));
  await ada.write(ada.field.inspector, 'Ada');
  await until(() => ada.field.mark('Inspector').innerText()).toBe('Refused');
  rule.stop();
  await ada.outbox.open();
  await ada.outbox.items('Refused').getByRole('button', { name: 'Retry' }).click();
  await ada.outbox.drawer.getByText('Everything is at the server.').waitFor();
  expect(await server.inspection(id)).toMatchObject({ inspector: 'Ada', _version: 2 });
});

test('from the outbox a dead letter can be edited and sent', async ({ server, people }) => {
  const id = await server.plan('Edit');
  const ada = await people.open('ada', `/inspections/${id}`);
  const rule = server.wire.answerInstead((mutation) => rejection(mutation, 'Write the full name.'));
  await ada.write(ada.field.inspector, 'A.');
  await until(() => ada.field.mark('Inspector').innerText()).toBe('Refused');
  rule.stop();
  await ada.outbox.open();
  await ada.outbox.items('Refused').getByRole('button', { name: 'Edit' }).click();
  const dialog = ada.page.getByTestId('edit-dialog');
  expect(await dialog.innerText()).toContain('Write the full name.');
  await dialog.getByRole('textbox', { name: 'Inspector' }).fill('Ada Lindqvist');
  await dialog.getByRole('button', { name: 'Save and send' }).click();
  await ada.outbox.drawer.getByText('Everything is at the server.').waitFor();
  expect(await server.inspection(id)).toMatchObject({ inspector: 'Ada Lindqvist', _version: 2 });
  await ada.outbox.close();
  await until(() => ada.field.inspector.inputValue()).toBe('Ada Lindqvist');
});

test('from the outbox a dead letter can be discarded, and the page shows what the server has', async ({ server, people }) => {
  const id = await server.plan('Discard', { inspector: 'Before' });
  const ada = await people.open('ada', `/inspections/${id}`);
  const rule = server.wire.answerInstead((mutation) => rejection(mutation, 'No.'));
  await ada.write(ada.field.inspector, 'Unwanted');
  await until(() => ada.field.mark('Inspector').innerText()).toBe('Refused');
  rule.stop();
  await ada.outbox.open();
  await ada.outbox.items('Refused').getByRole('button', { name: 'Discard' }).click();
  const dialog = ada.page.getByRole('dialog', { name: 'Discard this change?' });
  await dialog.getByRole('button', { name: 'Discard' }).click();
  await ada.outbox.drawer.getByText('Everything is at the server.').waitFor();
  await ada.outbox.close();
  await until(() => ada.field.inspector.inputValue()).toBe('Before');
  expect(await server.inspection(id)).toMatchObject({ inspector: 'Before', _version: 1 });
});

test('what the schema does not allow is said in the form, and the record stays as it was', async ({ server, people }) => {
  const id = await server.plan('More than an integer holds');
  const ada = await people.open('ada', `/inspections/${id}`);
  await ada.workOffline(true);
  await ada.visit();
  await ada.untilWaiting(1);
  await ada.outbox.open();
  await ada.outbox.items().getByRole('button', { name: 'Edit' }).click();
  const dialog = ada.page.getByTestId('edit-dialog');
  await dialog.getByRole('spinbutton', { name: 'Visits' }).fill('99999999999');
  await dialog.getByRole('button', { name: 'Save and send' }).click();
  await dialog.getByRole('alert').waitFor();
  expect(await dialog.getByRole('alert').innerText()).toMatch(/Int/);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await ada.outbox.close();
  await ada.workOffline(false);
  await ada.untilWaiting(0);
  expect(await server.inspection(id)).toMatchObject({ visits: 1, _version: 2 });
});
