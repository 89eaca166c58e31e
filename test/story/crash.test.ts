import { expect } from 'vitest';
import type { App } from './support/app.ts';
import type { StoryServer } from './support/server.ts';
import { test } from './support/story.ts';
import { until } from './support/until.ts';

/** Six changes that show it when one is lost or applied twice. */
async function makeSixChanges(app: App): Promise<void> {
  await app.visit();
  await app.visit();
  await app.visit();
  await app.tag('first');
  await app.tag('second');
  await app.write(app.field.inspector, 'Ada was here');
  await app.untilWaiting(6);
}

async function expectSixChanges(server: StoryServer, id: string): Promise<void> {
  expect(await server.inspection(id)).toMatchObject({ visits: 3, tags: ['first', 'second'], inspector: 'Ada was here', _version: 7 });
}

/** The tab's process dies, as when it runs out of memory. Nothing that it holds gets a chance to be written. */
async function crash({ page, context }: App): Promise<void> {
  const session = await context.newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  session.send('Page.crash').catch(() => undefined);
  await crashed;
  await page.close();
}

test('a tab that crashes right after an edit: what was shown as waiting is there in the next tab, and arrives', async ({
  server,
  people,
}) => {
  const id = await server.plan('Crash after an edit');
  const profile = await people.profile('ada');
  const before = await profile.tab(`/inspections/${id}`);
  server.wire.cut = true;
  await before.visit();
  await before.untilConnection('Offline');
  await before.write(before.field.notes, 'Written a moment before the crash');
  await until(() => before.field.mark('Notes').innerText()).toBe('Waiting');
  await crash(before);

  server.wire.cut = false;
  const after = await profile.tab(`/inspections/${id}`);
  await until(() => after.field.notes.inputValue()).toBe('Written a moment before the crash');
  await after.untilSent();
  expect(await server.inspection(id)).toMatchObject({ notes: 'Written a moment before the crash', visits: 1, _version: 3 });
});

test('the sending tab crashes mid-drain, after the server has committed: the second tab takes over, and nothing is applied twice', async ({
  server,
  people,
}) => {
  const id = await server.plan('Crash mid-drain');
  const profile = await people.profile('ada');
  const leader = await profile.tab(`/inspections/${id}`);
  const follower = await profile.tab(`/inspections/${id}`);
  await leader.workOffline(true);
  await makeSixChanges(leader);
  await follower.untilWaiting(6);

  const since = server.wire.mutations.length;
  const gate = server.wire.holdAfter(2);
  await leader.workOffline(false);
  await until(() => gate.waiting.length).toBe(1);
  await crash(leader);
  gate.open();
  await follower.untilSent();
  await expectSixChanges(server, id);
  expect(await follower.field.visits.innerText()).toBe('3');
  // The third was sent by both.
  const third = server.wire.mutations
    .slice(since)
    .filter(({ mutationIds }) => mutationIds[0] === server.wire.mutations[since + 2]?.mutationIds[0]);
  expect(third).toHaveLength(2);
});

test('the sending tab is reloaded mid-drain, before the server has heard of the change: it goes on where it stopped', async ({
  server,
  people,
}) => {
  const id = await server.plan('Reload mid-drain');
  const ada = await people.open('ada', `/inspections/${id}`);
  await ada.workOffline(true);
  await makeSixChanges(ada);
  for (const letThrough of [1, 0, 2]) {
    const gate = server.wire.holdBefore(letThrough);
    if ((await ada.connection()) === 'Working offline') await ada.workOffline(false);
    else await ada.reload();
    await until(() => gate.waiting.length).toBeGreaterThan(0);
    gate.open();
  }
  await ada.untilSent();
  await expectSixChanges(server, id);
});

test('the server is killed mid-drain, between commit and answer, and started again on the same data', async ({ server, people }) => {
  const id = await server.plan('Killed after the commit');
  const ada = await people.open('ada', `/inspections/${id}`);
  await ada.workOffline(true);
  await makeSixChanges(ada);
  const gate = server.wire.holdAfter(2);
  await ada.workOffline(false);
  await until(() => gate.waiting.length).toBe(1);
  server.wire.cut = true;
  await server.kill();
  gate.open();
  await ada.untilConnection('Offline');
  expect(await ada.waiting()).toBe(4);

  await server.restart();
  server.wire.cut = false;
  await ada.untilSent();
  await expectSixChanges(server, id);
});

test('the server is killed in the middle of a long drain, wherever it stands', async ({ server, people }) => {
  const ids = await Promise.all(['North', 'East', 'South', 'West'].map((side) => server.plan(`Long drain, ${side}`)));
  const ada = await people.open('ada', '/');
  await ada.workOffline(true);
  for (const [at, id] of ids.entries()) {
    await ada.openInspection(id);
    for (let visit = 1; visit <= 6; visit++) await ada.visit();
    await ada.untilWaiting((at + 1) * 6);
  }
  const since = server.wire.mutations.length;
  await ada.workOffline(false);
  // Records of different inspections share a document: six documents in all.
  await until(() => server.wire.mutations.length - since).toBeGreaterThan(2);
  await server.kill();
  await ada.untilConnection('Offline');
  expect(await ada.waiting()).toBeGreaterThan(0);

  await server.restart();
  await ada.untilSent();
  for (const id of ids) expect(await server.inspection(id)).toMatchObject({ visits: 6, _version: 7 });
});
