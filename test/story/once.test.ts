import { expect } from 'vitest';
import type { App } from './support/app.ts';
import type { StoryServer } from './support/server.ts';
import { test } from './support/story.ts';
import { until } from './support/until.ts';

/** Of the mutations that came by since the mark: how many different ones there were. */
const different = (server: StoryServer, since: number): number =>
  new Set(server.wire.mutations.slice(since).flatMap(({ clientId, mutationIds }) => mutationIds.map((id) => `${clientId} ${id}`))).size;

/** Eight changes of one inspection, among them some that show it when they are applied twice. */
async function makeEightChanges(app: App): Promise<void> {
  for (let visit = 1; visit <= 4; visit++) await app.visit();
  await app.tag('first');
  await app.tag('second');
  await app.setStatus('Done');
  await app.write(app.field.title, 'Once each, renamed');
  await app.untilWaiting(8);
}
const EIGHT_CHANGES = { visits: 9, tags: ['first', 'second'], status: 'DONE', title: 'Once each, renamed' };

test('edits made offline arrive once each after reconnecting, in the order made', async ({ server, people }) => {
  const id = await server.plan('Once each', { visits: 5 });
  const ada = await people.open('ada', `/inspections/${id}`);
  const since = server.wire.mutations.length;
  await ada.workOffline(true);
  await makeEightChanges(ada);
  expect((await server.inspection(id))?._version).toBe(1);

  await ada.workOffline(false);
  await ada.untilSent();
  expect(await server.inspection(id)).toMatchObject(EIGHT_CHANGES);
  // Each mutation that was sent is one version; none was sent twice.
  const sent = server.wire.mutations.slice(since);
  expect((await server.inspection(id))?._version).toBe(1 + sent.length);
  expect(different(server, since)).toBe(sent.length);
  const order = sent.flatMap(({ mutationIds }) => mutationIds);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

test('however often the connection flaps while they are sent, each edit is applied once', async ({ server, people }) => {
  const id = await server.plan('Flapping', { visits: 5 });
  const ada = await people.open('ada', `/inspections/${id}`);
  const since = server.wire.mutations.length;
  await ada.context.setOffline(true);
  await ada.untilConnection('Offline');
  await makeEightChanges(ada);
  for (let flap = 1; flap <= 4; flap++) {
    const before = server.wire.mutations.length;
    // In the middle of it: one has reached the server, and its answer never gets through.
    const gate = server.wire.holdAfter(flap % 2);
    await ada.context.setOffline(false);
    await until(() => server.wire.mutations.length).toBeGreaterThan(before);
    await until(() => gate.waiting.length).toBe(1);
    await ada.context.setOffline(true);
    await ada.untilConnection('Offline');
    gate.open();
  }
  await ada.context.setOffline(false);
  await ada.untilSent();
  expect(await server.inspection(id)).toMatchObject(EIGHT_CHANGES);
  expect((await server.inspection(id))?._version).toBe(1 + different(server, since));
  // The test has done what it says: some were sent again.
  expect(server.wire.mutations.length - since).toBeGreaterThan(different(server, since));
});

test('when the answer is lost after the server has committed, the repeat changes nothing', async ({ server, people }) => {
  const id = await server.plan('Answer lost', { visits: 5 });
  const ada = await people.open('ada', `/inspections/${id}`);
  const since = server.wire.mutations.length;
  server.wire.loseAnswers(2);
  await ada.visit();
  await until(async () => (await server.inspection(id))?.visits).toBe(6);
  await ada.untilSent();
  expect(server.wire.mutations.slice(since).map(({ fate }) => fate)).toEqual(['answer lost', 'answer lost', 'answered']);
  expect(different(server, since)).toBe(1);
  expect(await server.inspection(id)).toMatchObject({ visits: 6, _version: 2 });
  expect(await ada.field.visits.innerText()).toBe('6');
});

test('two tabs of one profile keep their edits in one outbox, and each is sent once', async ({ server, people }) => {
  const id = await server.plan('Two tabs', { visits: 0 });
  const profile = await people.profile('ada');
  const first = await profile.tab(`/inspections/${id}`);
  const second = await profile.tab(`/inspections/${id}`);
  const since = server.wire.mutations.length;
  await first.workOffline(true);
  await second.untilConnection('Working offline');
  await first.visit();
  await second.untilWaiting(1);
  await until(() => second.field.visits.innerText()).toBe('1');
  await second.visit();
  await second.write(second.field.inspector, 'Ada');
  await first.untilWaiting(3);
  expect(await first.field.visits.innerText()).toBe('2');

  await second.workOffline(false);
  await first.untilSent();
  await second.untilSent();
  expect(await server.inspection(id)).toMatchObject({ visits: 2, inspector: 'Ada', _version: 4 });
  expect(server.wire.mutations.length - since).toBe(3);
  expect(different(server, since)).toBe(3);
});

test('one user on two devices: what both did offline is all there', async ({ server, people }) => {
  const id = await server.plan('Two devices', { visits: 1 });
  const phone = await people.open('ada', `/inspections/${id}`);
  const laptop = await people.open('ada', `/inspections/${id}`);
  await phone.workOffline(true);
  await laptop.workOffline(true);
  await phone.visit();
  await phone.tag('phone');
  await laptop.visit();
  await laptop.tag('laptop');
  await phone.untilWaiting(2);
  await laptop.untilWaiting(2);
  await phone.workOffline(false);
  await laptop.workOffline(false);
  await phone.untilSent();
  await laptop.untilSent();
  const result = await server.inspection(id);
  expect(result).toMatchObject({ visits: 3, _version: 5 });
  expect([...(result?.tags ?? [])].sort()).toEqual(['laptop', 'phone']);
});
