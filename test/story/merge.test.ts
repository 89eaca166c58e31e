import { expect } from 'vitest';
import { test } from './support/story.ts';
import { until } from './support/until.ts';

test('different fields changed by two people merge without asking, and both see all of it without a reload', async ({ server, people }) => {
  const id = await server.plan('Two people', { inspector: 'Nobody yet' });
  const { ada, grace } = await people.both(`/inspections/${id}`);
  await ada.workOffline(true);
  await ada.setStatus('Done');
  await ada.setOutcome('Failed');
  await ada.untilWaiting(2);
  await grace.write(grace.field.inspector, 'Grace');
  await grace.write(grace.field.title, 'Two people, one inspection');
  await grace.untilSent();

  await ada.workOffline(false);
  await ada.untilSent();
  expect(await server.inspection(id)).toMatchObject({
    status: 'DONE',
    passed: false,
    inspector: 'Grace',
    title: 'Two people, one inspection',
  });
  for (const app of [ada, grace]) {
    await until(() => app.field.status('Done').isChecked()).toBe(true);
    await until(() => app.field.outcome('Failed').isChecked()).toBe(true);
    await until(() => app.field.inspector.inputValue()).toBe('Grace');
    await until(() => app.field.title.inputValue()).toBe('Two people, one inspection');
    expect(await app.conflict.notice.count()).toBe(0);
  }
});

test('tags and counters of both people survive', async ({ server, people }) => {
  const id = await server.plan('Sums and sets', { visits: 10, tags: ['old', 'kept'] });
  const { ada, grace } = await people.both(`/inspections/${id}`);
  await ada.workOffline(true);
  await ada.visit();
  await ada.visit();
  await ada.tag('from ada');
  await ada.untilWaiting(3);
  await grace.visit();
  await grace.tag('from grace');
  await grace.page.getByRole('button', { name: 'Remove tag old' }).click();
  await grace.untilSent();
  await until(async () => (await server.inspection(id))?._version).toBe(4);

  await ada.workOffline(false);
  await ada.untilSent();
  const result = await server.inspection(id);
  expect(result?.visits).toBe(13);
  expect([...(result?.tags ?? [])].sort()).toEqual(['from ada', 'from grace', 'kept']);
  for (const app of [ada, grace]) {
    await until(() => app.field.visits.innerText()).toBe('13');
    await until(async () => (await app.field.tags.allInnerTexts()).map((text) => text.trim()).sort()).toEqual([
      'from ada',
      'from grace',
      'kept',
    ]);
  }
});

test('the same change made by both is no conflict', async ({ server, people }) => {
  const id = await server.plan('Of one mind', { inspector: 'Nobody yet' });
  const { ada, grace } = await people.both(`/inspections/${id}`);
  await ada.workOffline(true);
  await ada.write(ada.field.inspector, 'Grace');
  await ada.untilWaiting(1);
  await grace.write(grace.field.inspector, 'Grace');
  await until(async () => (await server.inspection(id))?.inspector).toBe('Grace');
  await ada.workOffline(false);
  await ada.untilSent();
  expect(await ada.conflict.notice.count()).toBe(0);
});

test('emptying a field is a change like any other: it arrives, and it conflicts', async ({ server, people }) => {
  const id = await server.plan('Falsy', { inspector: 'Somebody', passed: true });
  const { ada, grace } = await people.both(`/inspections/${id}`);
  await ada.workOffline(true);
  await ada.write(ada.field.inspector, '');
  await ada.setOutcome('Undecided');
  await ada.untilWaiting(2);
  await grace.setOutcome('Failed');
  await until(async () => (await server.inspection(id))?.passed).toBe(false);

  await ada.workOffline(false);
  await ada.conflict.open();
  const outcome = ada.conflict.field('Outcome');
  expect(await outcome.base.innerText()).toContain('Passed');
  await outcome.yours.check();
  await ada.page.getByRole('button', { name: 'Save my choice' }).click();
  await ada.untilSent();
  expect(await server.inspection(id)).toMatchObject({ inspector: null, passed: null });
});

test('two quick edits of one field, the second before the first has arrived: the second stays', async ({ server, people }) => {
  const id = await server.plan('Quick edits');
  const ada = await people.open('ada', `/inspections/${id}`);
  const gate = server.wire.holdAfter(0);
  await ada.write(ada.field.inspector, 'First thought');
  await until(() => gate.waiting.length).toBe(1);
  await ada.write(ada.field.inspector, 'Second thought');
  await ada.untilWaiting(2);
  gate.open();
  await ada.untilSent();
  expect(await ada.field.inspector.inputValue()).toBe('Second thought');
  expect(await server.inspection(id)).toMatchObject({ inspector: 'Second thought', _version: 3 });
  expect(await ada.conflict.notice.count()).toBe(0);
});

test('news of others comes in again after the network was lost, and after the server was started anew, without a reload', async ({
  server,
  people,
}) => {
  const id = await server.plan('News', { inspector: 'Before' });
  const { ada, grace } = await people.both(`/inspections/${id}`);
  const news = async (text: string): Promise<void> => {
    await grace.write(grace.field.inspector, text);
    await until(async () => (await server.inspection(id))?.inspector).toBe(text);
  };
  await news('while both are there');
  await until(() => ada.field.inspector.inputValue()).toBe('while both are there');

  await ada.context.setOffline(true);
  await ada.untilConnection('Offline');
  await news('while ada is away');
  await ada.context.setOffline(false);
  await until(() => ada.field.inspector.inputValue()).toBe('while ada is away');
  await news('after ada is back');
  await until(() => ada.field.inspector.inputValue()).toBe('after ada is back');

  await server.kill();
  await server.restart();
  await grace.untilSent();
  await news('after the restart');
  await until(() => ada.field.inspector.inputValue()).toBe('after the restart');
});
