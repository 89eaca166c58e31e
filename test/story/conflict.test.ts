import { expect } from 'vitest';
import type { App } from './support/app.ts';
import type { StoryServer } from './support/server.ts';
import { type People, test } from './support/story.ts';
import { until } from './support/until.ts';

interface Disagreement {
  readonly id: string;
  readonly ada: App;
  readonly grace: App;
}

/** Ada and Grace have changed the same field; Ada, who was offline, is back and is asked. */
async function disagree(server: StoryServer, people: People, title: string): Promise<Disagreement> {
  const id = await server.plan(title, { inspector: 'Before' });
  const { ada, grace } = await people.both(`/inspections/${id}`);
  await ada.workOffline(true);
  await ada.write(ada.field.inspector, 'Mine');
  await ada.untilWaiting(1);
  await grace.write(grace.field.inspector, 'Theirs');
  await until(async () => (await server.inspection(id))?.inspector).toBe('Theirs');
  await ada.workOffline(false);
  await ada.conflict.notice.waitFor();
  return { id, ada, grace };
}

const button = (app: App, name: string) => app.conflict.dialog.getByRole('button', { name });

test('one field changed by two people is shown in its three states, and nothing is overwritten until somebody has chosen', async ({
  server,
  people,
}) => {
  const { id, ada } = await disagree(server, people, 'Three states');
  await ada.conflict.open();
  const { base, yours, theirs } = ada.conflict.field('Inspector');
  expect(await base.innerText()).toMatch(/^Before\s+Before$/);
  expect(await yours.locator('xpath=ancestor::label').innerText()).toMatch(/^Yours\s+Mine$/);
  expect(await theirs.locator('xpath=ancestor::label').innerText()).toMatch(/^Theirs\s+Theirs$/);
  expect(await button(ada, 'Save my choice').isDisabled()).toBe(true);
  await ada.page.keyboard.press('Escape');
  await ada.conflict.dialog.waitFor({ state: 'detached' });

  // It waits for a person, over a reload too; what the person wrote stays on screen.
  await ada.reload();
  await ada.conflict.notice.waitFor();
  expect(await ada.field.inspector.inputValue()).toBe('Mine');
  expect(await ada.field.mark('Inspector').innerText()).toBe('Conflict');
  expect((await server.inspection(id))?.inspector).toBe('Theirs');
});

test('choosing mine: the server gets it, and the other person sees it without a reload', async ({ server, people }) => {
  const { id, ada, grace } = await disagree(server, people, 'Choose mine');
  await ada.conflict.open();
  await ada.conflict.field('Inspector').yours.check();
  await button(ada, 'Save my choice').click();
  await ada.untilSent();
  expect((await server.inspection(id))?.inspector).toBe('Mine');
  await until(() => grace.field.inspector.inputValue()).toBe('Mine');
  expect(await ada.conflict.notice.count()).toBe(0);
});

test('choosing theirs: nothing is sent, and it is what one sees', async ({ server, people }) => {
  const { id, ada, grace } = await disagree(server, people, 'Choose theirs');
  const version = (await server.inspection(id))?._version;
  await ada.conflict.open();
  await button(ada, 'Take all of theirs').click();
  await ada.untilSent();
  await until(() => ada.field.inspector.inputValue()).toBe('Theirs');
  expect(await server.inspection(id)).toMatchObject({ inspector: 'Theirs', _version: version });
  expect(await grace.field.inspector.inputValue()).toBe('Theirs');
});

test('writing it anew from both: the merged value goes to both', async ({ server, people }) => {
  const { id, ada, grace } = await disagree(server, people, 'Choose neither');
  await ada.conflict.open();
  await ada.conflict.field('Inspector').own.check();
  await ada.conflict.dialog.getByRole('textbox', { name: 'Inspector' }).fill('Mine and theirs');
  await button(ada, 'Save my choice').click();
  await ada.untilSent();
  expect((await server.inspection(id))?.inspector).toBe('Mine and theirs');
  await until(() => ada.field.inspector.inputValue()).toBe('Mine and theirs');
  await until(() => grace.field.inspector.inputValue()).toBe('Mine and theirs');
});

test('by keyboard alone: from the notice through the values to the decision, and the focus comes back', async ({ server, people }) => {
  const { id, ada } = await disagree(server, people, 'Keyboard');
  const { keyboard } = ada.page;
  const focused = () => ada.page.locator(':focus');
  /** Moves on by Tab until the focus is on what is named; a person would give up as well. */
  const tabTo = async (name: RegExp): Promise<void> => {
    for (let presses = 0; presses < 60; presses++) {
      await keyboard.press('Tab');
      if ((await focused().count()) > 0 && name.test((await focused().ariaSnapshot()).trim())) return;
    }
    throw new Error(`no way to ${name} by Tab`);
  };
  await ada.page.locator('body').press('Home');
  await tabTo(/button "Compare and choose"/);
  await keyboard.press('Enter');
  await ada.conflict.dialog.waitFor();
  await tabTo(/radio "Yours/);
  await keyboard.press('Space');
  expect(await ada.conflict.field('Inspector').yours.isChecked()).toBe(true);
  await keyboard.press('ArrowRight');
  expect(await ada.conflict.field('Inspector').theirs.isChecked()).toBe(true);
  await keyboard.press('ArrowLeft');
  await tabTo(/button "Save my choice"/);
  await keyboard.press('Enter');
  await ada.untilSent();
  expect((await server.inspection(id))?.inspector).toBe('Mine');
  await ada.conflict.dialog.waitFor({ state: 'detached' });
  // Its notice is gone, so that the focus cannot go back there; but the next Tab goes on in the page, not from its beginning.
  expect(await ada.page.evaluate(() => document.activeElement?.closest('dialog') === null)).toBe(true);
});

test('two fields in conflict are decided one by one', async ({ server, people }) => {
  const id = await server.plan('Two fields', { inspector: 'Before', notes: 'Before' });
  const { ada, grace } = await people.both(`/inspections/${id}`);
  await ada.workOffline(true);
  await ada.write(ada.field.title, 'Two fields, by Ada');
  await ada.write(ada.field.inspector, 'Ada');
  await ada.untilWaiting(2);
  await grace.write(grace.field.title, 'Two fields, by Grace');
  await grace.write(grace.field.inspector, 'Grace');
  await until(async () => (await server.inspection(id))?._version).toBe(3);
  await ada.workOffline(false);
  // The second change waits for the first, so each is asked about in its turn.
  await ada.conflict.open();
  await ada.conflict.field('Title').yours.check();
  await button(ada, 'Save my choice').click();
  await ada.conflict.dialog.waitFor({ state: 'detached' });
  await ada.conflict.open();
  await ada.conflict.field('Inspector').theirs.check();
  await button(ada, 'Save my choice').click();
  await ada.untilSent();
  expect(await server.inspection(id)).toMatchObject({ title: 'Two fields, by Ada', inspector: 'Grace' });
});

test('deleted by the other, edited here: bringing it back restores all of it with the edit', async ({ server, people }) => {
  const id = await server.plan('Deleted there', { inspector: 'Before', tags: ['kept'], visits: 4 });
  const { ada, grace } = await people.both(`/inspections/${id}`);
  await ada.workOffline(true);
  await ada.write(ada.field.inspector, 'Ada needs it');
  await ada.untilWaiting(1);
  await grace.deleteInspection();
  await until(() => server.inspection(id)).toBe(null);
  await ada.workOffline(false);
  await ada.conflict.open();
  expect(await ada.conflict.dialog.innerText()).toContain('Somebody else deleted it while you changed it');
  await button(ada, 'Bring it back with my change').click();
  await ada.untilSent();
  expect(await server.inspection(id)).toMatchObject({ title: 'Deleted there', inspector: 'Ada needs it', tags: ['kept'], visits: 4 });
  await grace.row('Deleted there').waitFor();
});

test('deleted by the other, edited here: letting it go removes it here too', async ({ server, people }) => {
  const id = await server.plan('Let it go');
  const { ada, grace } = await people.both(`/inspections/${id}`);
  await ada.workOffline(true);
  await ada.write(ada.field.inspector, 'Too late');
  await ada.untilWaiting(1);
  await grace.deleteInspection();
  await until(() => server.inspection(id)).toBe(null);
  await ada.workOffline(false);
  await ada.conflict.open();
  await button(ada, 'Let it go').click();
  await ada.untilSent();
  expect(await server.inspection(id)).toBe(null);
  await ada.open('/');
  await ada.row('Roof drainage before winter').waitFor();
  await until(() => ada.row('Let it go').count()).toBe(0);
});

test('edited by the other, deleted here: keeping it shows what the other wrote', async ({ server, people }) => {
  const id = await server.plan('Deleted here');
  const { ada, grace } = await people.both(`/inspections/${id}`);
  await ada.workOffline(true);
  await ada.deleteInspection();
  await ada.untilWaiting(1);
  await until(() => ada.row('Deleted here').count()).toBe(0);
  await grace.write(grace.field.inspector, 'Grace is on it');
  await until(async () => (await server.inspection(id))?.inspector).toBe('Grace is on it');
  await ada.workOffline(false);
  await ada.conflict.open();
  expect(await ada.conflict.dialog.innerText()).toContain('Somebody else changed it while you deleted it');
  await button(ada, 'Keep it').click();
  await ada.untilSent();
  await until(() => ada.row('Deleted here').innerText()).toContain('Grace is on it');
  expect(await server.inspection(id)).toMatchObject({ inspector: 'Grace is on it' });
});

test('edited by the other, deleted here: deleting it anyway removes it for both', async ({ server, people }) => {
  const id = await server.plan('Deleted anyway');
  const { ada, grace } = await people.both(`/inspections/${id}`);
  await ada.workOffline(true);
  await ada.deleteInspection();
  await ada.untilWaiting(1);
  await grace.write(grace.field.inspector, 'In vain');
  await until(async () => (await server.inspection(id))?.inspector).toBe('In vain');
  await ada.workOffline(false);
  await ada.conflict.open();
  await button(ada, 'Delete it anyway').click();
  await ada.untilSent();
  expect(await server.inspection(id)).toBe(null);
  await grace.open('/');
  await grace.row('Roof drainage before winter').waitFor();
  await until(() => grace.row('Deleted anyway').count()).toBe(0);
});
