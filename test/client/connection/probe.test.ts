import { expect, test } from 'vitest';
import { type ConnectionOptions, createConnection } from '../../../client/connection/probe.ts';
import { createSeededRandom, createSimulatedClock, createSimulatedConnectivity } from '../../harness/index.ts';

function setUp(options: ConnectionOptions & { readonly initial?: 'online' | 'offline' } = {}) {
  const clock = createSimulatedClock();
  const connectivity = createSimulatedConnectivity({ initial: options.initial ?? 'online' });
  const connection = createConnection({ clock, connectivity, random: createSeededRandom(1) }, options);
  const seen: string[] = [];
  connection.subscribe(({ connection: state, reason }) => {
    if (seen.at(-1) !== `${state}: ${reason}`) seen.push(`${state}: ${reason}`);
  });
  return { clock, connectivity, connection, seen };
}

test('navigator.onLine says online and the network is dead: the first failed request is enough, and probing finds the way back', async () => {
  const { clock, connectivity, connection, seen } = setUp();
  connectivity.reachable = false;
  connection.report('unreachable');
  expect(connection.state().connection).toBe('offline');
  await clock.advance(120_000);
  const asked = connectivity.probes;
  expect(asked).toBeGreaterThan(3);
  connectivity.reachable = true;
  await clock.advance(30_000);
  expect(connection.state()).toMatchObject({ connection: 'online', reason: 'probe', nextProbeAt: null });
  expect(connectivity.probes).toBe(asked + 1);
  expect(seen).toEqual(['offline: request', 'online: probe']);
  await clock.advance(600_000);
  expect(connectivity.probes).toBe(asked + 1);
});

test('navigator.onLine says offline and the network is fine: probing finds out', async () => {
  const { clock, connectivity, connection } = setUp({ initial: 'offline' });
  expect(connection.state().connection).toBe('offline');
  connectivity.reachable = true;
  await clock.advance(1_000);
  expect(connection.state()).toMatchObject({ connection: 'online', reason: 'probe' });
});

test('an online event is asked about at once and believed only then', async () => {
  const { clock, connectivity, connection } = setUp();
  connectivity.reachable = false;
  connectivity.set('offline');
  await clock.advance(60_000);
  const before = connectivity.probes;
  connectivity.set('online');
  expect(connection.state().connection).toBe('offline');
  await clock.advance(0);
  expect(connectivity.probes).toBe(before + 1);
  expect(connection.state().connection).toBe('offline');
  connectivity.reachable = true;
  connectivity.set('online');
  await clock.advance(0);
  expect(connection.state().connection).toBe('online');
});

test('two online events do not make it probe twice over for ever', async () => {
  const { clock, connectivity } = setUp({ probeBaseMs: 10_000, probeMaxMs: 10_000 });
  connectivity.reachable = false;
  connectivity.set('offline');
  connectivity.set('online');
  connectivity.set('online');
  await clock.advance(0);
  expect(connectivity.probes).toBeLessThanOrEqual(2);
  expect(clock.pending()).toBe(1);
});

test('a no that was asked before the network came back does not count', async () => {
  const { clock, connectivity, connection } = setUp();
  const answers: ((answer: boolean) => void)[] = [];
  connectivity.probe = () => new Promise((resolve) => void answers.push(resolve));
  connection.report('unreachable');
  connection.check();
  await clock.advance(0);
  connectivity.set('online');
  await clock.advance(0);
  expect(answers).toHaveLength(2);
  answers[0]?.(false);
  await clock.settle();
  expect(connection.state().nextProbeAt).toBe(null);
  answers[1]?.(true);
  await clock.settle();
  expect(connection.state().connection).toBe('online');
});

test('a probe that never answers counts as a no, and another one follows', async () => {
  const { clock, connectivity, connection } = setUp({ probeTimeoutMs: 5_000, probeBaseMs: 1_000 });
  let asked = 0;
  connectivity.probe = () => {
    asked++;
    return new Promise(() => {});
  };
  connection.report('unreachable');
  connection.check();
  await clock.advance(4_999);
  expect([asked, connection.state().nextProbeAt]).toEqual([1, null]);
  await clock.advance(2_001);
  expect(asked).toBe(2);
});

test('no probe is sent while the user has paused, and resuming asks at once', async () => {
  const { clock, connectivity, connection, seen } = setUp();
  connection.report('unreachable');
  connection.pause();
  await clock.advance(600_000);
  expect(connectivity.probes).toBe(0);
  connection.resume();
  await clock.advance(0);
  expect(seen).toEqual(['offline: request', 'paused: user', 'offline: user', 'online: probe']);
});

test('after dispose nothing is armed, heard or told', async () => {
  const { clock, connectivity, connection, seen } = setUp();
  connection.report('unreachable');
  connection.dispose();
  connectivity.set('online');
  connection.report('answered');
  await clock.advance(60_000);
  expect(clock.pending()).toBe(0);
  expect(connectivity.probes).toBe(0);
  expect(seen).toEqual(['offline: request']);
});
