import { expect } from 'vitest';
import type { App } from './support/app.ts';
import { test } from './support/story.ts';
import { until } from './support/until.ts';

/** Makes an inspection by its form. Gives its id, which the device has chosen. */
async function create(app: App, title: string, site = 'Tram depot'): Promise<string> {
  await app.page.getByRole('link', { name: 'New inspection' }).click();
  const form = app.page.getByRole('main');
  await form.getByRole('textbox', { name: 'Title' }).fill(title);
  await form.getByRole('combobox', { name: 'Site' }).selectOption({ label: site });
  await form.getByRole('button', { name: 'Create inspection' }).click();
  await app.page.getByRole('heading', { name: title }).waitFor();
  return new URL(app.page.url()).pathname.replace('/inspections/', '');
}

test('an inspection made offline, and findings below it: all of it is there over a reload, arrives in order, and appears in the other person’s list', async ({
  server,
  people,
}) => {
  const { ada, grace } = await people.both();
  await ada.untilInstalled();
  await ada.context.setOffline(true);
  await ada.untilConnection('Offline');
  const id = await create(ada, 'Made without a network');
  await ada.addFinding('Rust on the rail');
  await ada.addFinding('Missing bolt');
  await ada.tag('rail');
  await ada.untilWaiting(4);
  await ada.reload();
  await ada.page.getByRole('heading', { name: 'Made without a network' }).waitFor();
  await ada.finding('Rust on the rail').waitFor();
  await ada.finding('Missing bolt').waitFor();
  expect(await server.inspection(id)).toBe(null);

  const since = server.wire.mutations.length;
  await ada.context.setOffline(false);
  await ada.untilSent();
  expect(await server.inspection(id)).toMatchObject({ title: 'Made without a network', tags: ['rail'], _version: 2 });
  expect((await server.findings(id)).map(({ summary }) => summary).sort()).toEqual(['Missing bolt', 'Rust on the rail']);
  // What depends on it was never sent before it.
  expect(server.wire.mutations[since]?.operationName).toBe('CreateInspection');

  await grace.row('Made without a network').waitFor();
  await grace.row('Made without a network').getByRole('link').click();
  await grace.finding('Rust on the rail').waitFor();
  await grace.finding('Missing bolt').waitFor();
  // It is one thing on both sides: what the other person does to it now comes back.
  await grace.write(grace.field.inspector, 'Grace');
  await until(() => ada.field.inspector.inputValue()).toBe('Grace');
});

test('a site made offline, an inspection at it, a finding of that: each is sent after what it needs', async ({ server, people }) => {
  const ada = await people.open('ada', '/sites');
  await ada.workOffline(true);
  const form = ada.page.getByRole('form', { name: 'Add a site' });
  await form.getByRole('textbox', { name: 'Name' }).fill('Lighthouse');
  await form.getByRole('combobox', { name: 'Region' }).selectOption({ label: 'West' });
  await form.getByRole('button', { name: 'Add site' }).click();
  await ada.page.getByRole('heading', { name: 'Lighthouse' }).waitFor();
  await ada.open('/');
  const id = await create(ada, 'Lamp and lens', 'Lighthouse');
  await ada.addFinding('Crack in the lens');
  await ada.untilWaiting(3);
  const since = server.wire.mutations.length;
  await ada.workOffline(false);
  await ada.untilSent();
  expect(server.wire.mutations.slice(since).map(({ operationName }) => operationName)).toEqual([
    'CreateSite',
    'CreateInspection',
    'CreateFinding',
  ]);
  expect(await server.findings(id)).toMatchObject([{ summary: 'Crack in the lens' }]);
});

test('when the answer to the creation is lost, what depends on it waits, and nothing is made twice', async ({ server, people }) => {
  const ada = await people.open('ada');
  await ada.workOffline(true);
  const id = await create(ada, 'Creation repeated');
  await ada.addFinding('Found below it');
  await ada.untilWaiting(2);
  const since = server.wire.mutations.length;
  server.wire.loseAnswers(2);
  await ada.workOffline(false);
  await ada.untilSent();
  expect(server.wire.mutations.slice(since).map(({ operationName, fate }) => `${operationName} ${fate}`)).toEqual([
    'CreateInspection answer lost',
    'CreateInspection answer lost',
    'CreateInspection answered',
    'CreateFinding answered',
  ]);
  expect(await server.findings(id)).toMatchObject([{ summary: 'Found below it', _version: 1 }]);
  await ada.open('/');
  await until(() => ada.row('Creation repeated').count()).toBe(1);
});

test('discarding a creation that was never sent says what goes with it, and takes all of it back', async ({ server, people }) => {
  const ada = await people.open('ada');
  await ada.workOffline(true);
  const id = await create(ada, 'Never mind');
  await ada.addFinding('Found in vain');
  await ada.tag('in vain');
  await ada.untilWaiting(3);
  await ada.outbox.open();
  await ada.outbox
    .items('Waiting to be sent')
    .filter({ hasText: 'New inspection “Never mind”' })
    .getByRole('button', { name: 'Discard' })
    .click();
  const dialog = ada.page.getByRole('dialog', { name: 'Discard this change?' });
  expect(await dialog.getByRole('list', { name: 'Goes too' }).getByRole('listitem').count()).toBe(2);
  await dialog.getByRole('button', { name: 'Discard 3 changes' }).click();
  await ada.untilWaiting(0);
  await ada.outbox.close();
  await ada.open('/');
  await ada.row('Roof drainage before winter').waitFor();
  expect(await ada.row('Never mind').count()).toBe(0);
  await ada.workOffline(false);
  await ada.untilConnection('Online');
  expect(await server.inspection(id)).toBe(null);
});
