import { expect, test } from 'vitest';
import { createLeader } from '../../../client/tabs/leader.ts';
import { createMemoryLocks, createSimulatedClock, createSimulatedLifecycle } from '../../harness/index.ts';

function setUp() {
  const locks = createMemoryLocks();
  const clock = createSimulatedClock();
  const log: string[] = [];
  const thrown: unknown[] = [];
  const open = (name: string) => {
    const tab = locks.tab();
    const lifecycle = createSimulatedLifecycle();
    const leader = createLeader({ locks: tab, lifecycle, onThrow: (error) => thrown.push(error) }, 'drain');
    leader.onLead(async (signal) => {
      log.push(`${name} leads`);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      log.push(`${name} stops`);
    });
    return { tab, leader, lifecycle };
  };
  return { clock, locks, log, thrown, open };
}

test('one tab leads; when it closes the next one takes over (TanStack: nobody did)', async () => {
  const { clock, log, open } = setUp();
  const [a, b, c] = [open('a'), open('b'), open('c')];
  await clock.settle();
  expect([a, b, c].map(({ leader }) => leader.isLeader())).toEqual([true, false, false]);
  await a.leader.dispose();
  await clock.settle();
  expect([a, b, c].map(({ leader }) => leader.isLeader())).toEqual([false, true, false]);
  expect(log).toEqual(['a leads', 'a stops', 'b leads']);
});

test('a crashed tab is succeeded too', async () => {
  const { clock, log, open } = setUp();
  const [a, b] = [open('a'), open('b')];
  await clock.settle();
  a.tab.crash();
  await clock.settle();
  expect(b.leader.isLeader()).toBe(true);
  expect(log).toContain('b leads');
});

test('a tab that leaves the line never leads', async () => {
  const { clock, locks, log, open } = setUp();
  const [a, b, c] = [open('a'), open('b'), open('c')];
  await clock.settle();
  await b.leader.dispose();
  expect(locks.waiting('drain')).toBe(1);
  await a.leader.dispose();
  await clock.settle();
  expect(c.leader.isLeader()).toBe(true);
  expect(log).toEqual(['a leads', 'a stops', 'c leads']);
});

test('the next tab leads only after what ran here has ended', async () => {
  const { clock, locks, log, open } = setUp();
  const first = createLeader({ locks: locks.tab(), lifecycle: createSimulatedLifecycle(), onThrow: () => {} }, 'drain');
  let finish = (): void => {};
  first.onLead(async () => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    log.push('first has ended');
  });
  await clock.settle();
  open('b');
  const disposed = first.dispose();
  await clock.settle();
  expect(log).toEqual([]);
  finish();
  await disposed;
  await clock.settle();
  expect(log).toEqual(['first has ended', 'b leads']);
});

test('a tab whose lock was taken by force stops, and stands in line again', async () => {
  const { clock, log, open } = setUp();
  const [a, b] = [open('a'), open('b')];
  await clock.settle();
  a.tab.lose();
  await clock.settle();
  expect([a.leader.isLeader(), b.leader.isLeader()]).toEqual([false, true]);
  b.tab.crash();
  await clock.settle();
  expect(a.leader.isLeader()).toBe(true);
  expect(log.filter((entry) => entry.startsWith('a'))).toEqual(['a leads', 'a stops', 'a leads']);
});

test('what throws is reported and does not end the lead; what comes later runs at once', async () => {
  const { clock, locks, thrown } = setUp();
  const leader = createLeader({ locks, lifecycle: createSimulatedLifecycle(), onThrow: (error) => thrown.push(error) }, 'drain');
  const broken = new Error('broken');
  leader.onLead(() => {
    throw broken;
  });
  await clock.settle();
  expect(thrown).toEqual([broken]);
  expect(leader.isLeader()).toBe(true);
  let ran = false;
  leader.onLead(async () => {
    ran = true;
  });
  await clock.settle();
  expect(ran).toBe(true);
});

test('a tab that is about to be frozen lets go at once, also with work under way, and stands at the end of the line when it is back', async () => {
  const { clock, log, open } = setUp();
  const [a, b] = [open('a'), open('b')];
  await clock.settle();
  a.leader.onLead(() => new Promise(() => {}));
  a.lifecycle.emit('freeze');
  await clock.settle();
  expect([a, b].map(({ leader }) => leader.isLeader())).toEqual([false, true]);
  a.lifecycle.emit('resume');
  await clock.settle();
  expect(b.leader.isLeader()).toBe(true);
  await b.leader.dispose();
  await clock.settle();
  expect(a.leader.isLeader()).toBe(true);
  expect(log.filter((line) => line.endsWith('leads'))).toEqual(['a leads', 'b leads', 'a leads']);
});

test('a tab that is frozen in line does not lead, and one that goes while it is frozen is gone', async () => {
  const { clock, open } = setUp();
  const [a, b, c] = [open('a'), open('b'), open('c')];
  await clock.settle();
  b.lifecycle.emit('freeze');
  await a.leader.dispose();
  await clock.settle();
  expect([b, c].map(({ leader }) => leader.isLeader())).toEqual([false, true]);
  await b.leader.dispose();
  await c.leader.dispose();
  await clock.settle();
  expect(b.leader.isLeader()).toBe(false);
});

test('the lead can be taken from a tab that does not answer; that one leads again when its turn comes', async () => {
  const { clock, log, open } = setUp();
  const [a, b] = [open('a'), open('b')];
  await clock.settle();
  b.leader.claim();
  await clock.settle();
  expect([a, b].map(({ leader }) => leader.isLeader())).toEqual([false, true]);
  b.leader.claim();
  await b.leader.dispose();
  await clock.settle();
  expect(a.leader.isLeader()).toBe(true);
  expect(log).toContain('a stops');
});
