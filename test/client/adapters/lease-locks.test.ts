import { expect, test } from 'vitest';
import { leaseLocks } from '../../../client/adapters/lease-locks.ts';
import { memoryStorage } from '../../../client/adapters/memory.ts';
import type { Clock } from '../../../client/ports.ts';
import { createSeededRandom, createSimulatedClock, type SimulatedClock } from '../../harness/index.ts';

const never = new AbortController().signal;

function setUp() {
  const clock = createSimulatedClock();
  const storage = memoryStorage();
  let seeds = 1;
  /** A tab of a browser without Web Locks. Frozen, its clock does not fire. */
  const open = (of: Clock = clock) => leaseLocks({ storage, clock: of, random: createSeededRandom(seeds++) });
  return { clock, storage, open };
}

function holder(log: string[], name: string, until: Promise<void> = new Promise(() => {})) {
  return async (signal: AbortSignal): Promise<void> => {
    log.push(`${name} holds`);
    await Promise.race([until, new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))]);
    log.push(`${name} ${signal.aborted ? 'lost it' : 'is done'}`);
  };
}

function stoppable(clock: SimulatedClock): Clock & { stopped: boolean } {
  return {
    stopped: false,
    now: () => clock.now(),
    after(ms, run) {
      return clock.after(ms, () => void (this.stopped || run()));
    },
  };
}

test('one tab at a time, also when two ask at once; the next when the first is done', async () => {
  const { clock, open } = setUp();
  const log: string[] = [];
  let finish = (): void => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  void open().hold('drain', holder(log, 'a', done), never);
  void open().hold('drain', holder(log, 'b', done), never);
  await clock.advance(60_000);
  expect(log.filter((line) => line.endsWith('holds'))).toHaveLength(1);
  finish();
  await clock.advance(10_000);
  expect(log.filter((line) => line.endsWith('holds'))).toHaveLength(2);
  expect(log).not.toContain('a lost it');
});

test('a tab that is gone or frozen is succeeded after its lease, and knows when it is back', async () => {
  const { clock, open } = setUp();
  const log: string[] = [];
  const frozen = stoppable(clock);
  void open(frozen).hold('drain', holder(log, 'a'), never);
  await clock.advance(1_000);
  void open().hold('drain', holder(log, 'b'), never);
  await clock.advance(60_000);
  expect(log).toEqual(['a holds']);
  frozen.stopped = true;
  await clock.advance(18_000);
  expect(log).toEqual(['a holds', 'b holds']);
});

test('a lease that another tab has taken is lost at the next renewal', async () => {
  const { clock, open } = setUp();
  const log: string[] = [];
  void open().hold('drain', holder(log, 'a'), never);
  await clock.advance(1_000);
  void open().hold('drain', holder(log, 'b'), never, { steal: true });
  await clock.advance(6_000);
  expect(log).toEqual(['a holds', 'b holds', 'a lost it']);
});

test('who gives up in line, or while holding, leaves nothing behind', async () => {
  const { clock, storage, open } = setUp();
  const log: string[] = [];
  const [first, second] = [new AbortController(), new AbortController()];
  const held = open().hold('drain', holder(log, 'a'), first.signal);
  await clock.advance(1_000);
  const waiting = open().hold('drain', holder(log, 'b'), second.signal);
  second.abort();
  await waiting;
  first.abort();
  await held;
  expect(log).toEqual(['a holds', 'a lost it']);
  expect(await storage.entries('lock/')).toEqual([]);
});

test('a lease from the future was made by a clock that has been put back', async () => {
  const { clock, storage, open } = setUp();
  await storage.put('lock/drain', { by: 'somebody', until: clock.now() + 10 * 365 * 86_400_000 });
  const log: string[] = [];
  void open().hold('drain', holder(log, 'a'), never);
  await clock.advance(1_000);
  expect(log).toEqual(['a holds']);
});

test('something else under its key is no lease', async () => {
  const { clock, storage, open } = setUp();
  await storage.put('lock/drain', 'mine!');
  const log: string[] = [];
  void open().hold('drain', holder(log, 'a'), never);
  await clock.advance(1_000);
  expect(log).toEqual(['a holds']);
});
