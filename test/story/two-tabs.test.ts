import { expect } from 'vitest';
import type { App } from './support/app.ts';
import { test } from './support/story.ts';
import { until } from './support/until.ts';

/** The platform stops the page, or lets it run again, as it does with tabs in the background. */
async function lifecycle({ page, context }: App, state: 'frozen' | 'active'): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state });
}

test('two tabs, the leader is closed mid-drain: the other one takes over at once, and nothing is applied twice', async ({
  server,
  people,
}) => {
  const id = await server.plan('Leader closed');
  const profile = await people.profile('ada');
  const leader = await profile.tab(`/inspections/${id}`);
  const follower = await profile.tab(`/inspections/${id}`);
  await leader.workOffline(true);
  for (let visits = 0; visits < 3; visits++) await leader.visit();
  await follower.untilWaiting(3);
  const gate = server.wire.holdBefore(1);
  await leader.workOffline(false);
  await until(() => gate.waiting.length).toBeGreaterThan(0);
  await leader.page.close();
  gate.open();
  await follower.untilSent();
  expect(await follower.field.visits.innerText()).toBe('3');
  expect(await server.inspection(id)).toMatchObject({ visits: 3, _version: 4 });
});

test('two tabs, the leader is frozen: what the other one changes is sent all the same, and the one that is thawed shows it', async ({
  server,
  people,
}) => {
  const id = await server.plan('Leader frozen');
  const profile = await people.profile('ada');
  const leader = await profile.tab(`/inspections/${id}`);
  const follower = await profile.tab(`/inspections/${id}`);
  await leader.untilSent();
  await lifecycle(leader, 'frozen');
  await follower.page.bringToFront();
  await follower.write(follower.field.title, 'Sent by the other tab');
  await follower.visit();
  await follower.untilSent();
  expect(await server.inspection(id)).toMatchObject({ title: 'Sent by the other tab', visits: 1, _version: 3 });

  await lifecycle(leader, 'active');
  await leader.page.bringToFront();
  await until(() => leader.field.title.inputValue()).toBe('Sent by the other tab');
  await leader.untilSent();
});

test('two tabs agree within a second on what waits and on the connection', async ({ server, people }) => {
  const id = await server.plan('Two that agree');
  const profile = await people.profile('ada');
  const [one, two] = [await profile.tab(`/inspections/${id}`), await profile.tab(`/inspections/${id}`)];
  const within = async (what: () => Promise<unknown>, wanted: unknown): Promise<void> => {
    const since = performance.now();
    await until(what).toBe(wanted);
    // The assertion polls, and the machine of the tests may be busy.
    expect(performance.now() - since).toBeLessThan(3_000);
  };
  await one.workOffline(true);
  await within(() => two.connection(), 'Working offline');
  await two.visit();
  await within(() => one.field.visits.innerText(), '1');
  await within(() => one.waiting(), 1);
  await two.workOffline(false);
  await within(() => one.connection(), 'Online');
  await within(() => one.waiting(), 0);
});

test('two tabs hear of what others write, though one alone listens: also when that one is frozen, and when it is closed', async ({
  server,
  people,
}) => {
  const id = await server.plan('Heard by both');
  const profile = await people.profile('ada');
  const [one, two] = [await profile.tab(`/inspections/${id}`), await profile.tab(`/inspections/${id}`)];
  const other = await (await people.profile('grace')).tab(`/inspections/${id}`);
  const say = async (title: string, by: readonly App[]): Promise<void> => {
    await other.page.bringToFront();
    await other.write(other.field.title, title);
    await other.untilSent();
    for (const app of by) await until(() => app.field.title.inputValue()).toBe(title);
  };
  await say('To both', [one, two]);
  await lifecycle(one, 'frozen');
  await say('To the one that runs', [two]);
  await lifecycle(one, 'active');
  await until(() => one.field.title.inputValue()).toBe('To the one that runs');
  await two.page.close();
  await say('To the one that is left', [one]);
});
