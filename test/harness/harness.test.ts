import { describe, expect, test } from 'vitest';
import { memoryStorage } from '../../client/adapters/memory.ts';
import { OfflineError } from '../../client/errors.ts';
import {
  createFaultyStorage,
  createMemoryChannelHub,
  createMemoryLocks,
  createNetwork,
  createSeededRandom,
  createSimulatedClock,
} from './index.ts';

const never = new AbortController().signal;

describe('simulated clock', () => {
  test('timers run in order of time, then of arming, with everything that follows each before the next', async () => {
    const clock = createSimulatedClock({ startMs: 0 });
    const seen: string[] = [];
    const at = (label: string) => () => {
      seen.push(`${label}@${clock.now()}`);
      void Promise.resolve().then(() => seen.push(`after ${label}`));
    };
    clock.after(20, at('b'));
    clock.after(10, at('a'));
    clock.after(20, at('c'));
    clock.after(15, at('cancelled'))();
    await clock.advance(20);
    expect(seen).toEqual(['a@10', 'after a', 'b@20', 'after b', 'c@20', 'after c']);
    expect(clock.now()).toBe(20);
  });

  test('a jump of the wall clock does not move timers', async () => {
    const clock = createSimulatedClock({ startMs: 1_000 });
    let fired = false;
    clock.after(100, () => {
      fired = true;
    });
    clock.jump(-500);
    expect(clock.now()).toBe(500);
    await clock.advance(99);
    expect(fired).toBe(false);
    await clock.advance(1);
    expect(fired).toBe(true);
  });

  test('runAll and runUntil say so when the end does not come', async () => {
    const clock = createSimulatedClock();
    const again = (): void => void clock.after(1, again);
    again();
    await expect(clock.runAll(50)).rejects.toThrow('50 have fired');
    await expect(clock.runUntil(() => false, 10)).rejects.toThrow('within 10 ms');
  });

  test('runAll ends when all that is left comes round now and then', async () => {
    const clock = createSimulatedClock();
    const seen: string[] = [];
    const look = (): void => void clock.after(30_000, look);
    look();
    clock.after(45_000, () => seen.push('timer'));
    await clock.runAll();
    expect([seen, clock.pending()]).toEqual([['timer'], 1]);
  });

  test('time does not move on before real work is done', async () => {
    const clock = createSimulatedClock();
    const seen: string[] = [];
    void clock.during(
      (async () => {
        for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
        seen.push('work');
      })(),
    );
    clock.after(1, () => seen.push('timer'));
    await clock.runAll();
    expect(seen).toEqual(['work', 'timer']);
  });
});

test('the same seed gives the same numbers and ids; ids are version 7 and in order', () => {
  const draw = (seed: number): unknown[] => {
    const random = createSeededRandom(seed);
    return [random.next(), random.id(), random.fork('a').next(), random.pick([1, 2, 3]), random.id()];
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  const random = createSeededRandom(1);
  const ids = Array.from({ length: 100 }, () => random.id());
  expect([...ids].sort()).toEqual(ids);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

describe('faulty storage', () => {
  test('a crash before the write loses it, after the write keeps it, and the dead process learns neither', async () => {
    for (const when of ['before', 'after'] as const) {
      const storage = createFaultyStorage(memoryStorage());
      storage.crashAt(2, when);
      await storage.put('a', 1);
      let answered = false;
      void storage.put('b', 2).then(() => {
        answered = true;
      });
      await storage.crashed;
      const next = storage.reload();
      expect(await next.entries('')).toEqual(
        when === 'before'
          ? [['a', 1]]
          : [
              ['a', 1],
              ['b', 2],
            ],
      );
      expect(answered).toBe(false);
    }
  });

  test('a crash in the middle of putMany tears it', async () => {
    const storage = createFaultyStorage();
    storage.crashAt(2, 'before');
    void storage.putMany?.([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    await storage.crashed;
    expect(await storage.reload().entries('')).toEqual([['a', 1]]);
  });

  test('quota, lost writes and planned failures', async () => {
    const storage = createFaultyStorage();
    storage.faults.quotaBytes = 10;
    await storage.put('a', '12345678');
    await expect(storage.put('b', 1)).rejects.toSatisfy((error) => OfflineError.is(error, 'STORAGE_FULL'));
    await storage.put('a', '1');
    storage.faults.loseWrite = (key) => key === 'b';
    await storage.put('b', 1);
    expect(await storage.get('b')).toBe(null);
    storage.failAt(5);
    await expect(storage.put('c', 1)).rejects.toThrow('write 5');
    expect(storage.log.map(({ key }) => key)).toEqual(['a', 'b', 'a', 'b', 'c']);
  });
});

describe('memory locks', () => {
  test('first come, first served; a crashed tab passes its lock on', async () => {
    const locks = createMemoryLocks();
    const [a, b, c] = [locks.tab(), locks.tab(), locks.tab()];
    const seen: string[] = [];
    const lost: string[] = [];
    const lead = (name: string) => (signal: AbortSignal) => {
      seen.push(name);
      signal.addEventListener('abort', () => lost.push(name));
      return new Promise<void>(() => {});
    };
    void a.hold('lead', lead('a'), never);
    const leaving = new AbortController();
    const left = b.hold('lead', lead('b'), leaving.signal);
    void c.hold('lead', lead('c'), never);
    await Promise.resolve();
    expect(seen).toEqual(['a']);
    expect(locks.waiting('lead')).toBe(2);
    leaving.abort();
    await left;
    a.crash();
    await Promise.resolve();
    expect(seen).toEqual(['a', 'c']);
    expect(lost).toEqual(['a']);
  });

  test('the lock is free again when run has settled, also with an error', async () => {
    const locks = createMemoryLocks();
    await expect(locks.hold('x', () => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
    expect(locks.isHeld('x')).toBe(false);
  });
});

test('channel hub: everyone but the sender hears a copy', async () => {
  const hub = createMemoryChannelHub();
  const [a, b, c] = [hub.open(), hub.open(), hub.open()];
  const heard: unknown[] = [];
  for (const [name, end] of Object.entries({ a, b, c })) end.subscribe((message) => heard.push([name, message]));
  a.post({ n: 1 });
  await Promise.resolve();
  c.close();
  hub.lossy = true;
  a.post({ n: 2 });
  hub.lossy = false;
  b.post({ n: 3 });
  await Promise.resolve();
  expect(heard).toEqual([
    ['b', { n: 1 }],
    ['c', { n: 1 }],
    ['a', { n: 3 }],
  ]);
});

describe('network', () => {
  const setUp = () => {
    const clock = createSimulatedClock();
    let served = 0;
    const network = createNetwork(async (request) => Response.json({ got: await request.json(), served: ++served }), { clock });
    const post = (value: unknown, signal?: AbortSignal): Promise<Response> =>
      network.fetch('http://server/graphql', { method: 'POST', body: JSON.stringify(value), ...(signal ? { signal } : {}) });
    return { clock, network, post, served: () => served };
  };

  test('answers, and logs what went over the wire', async () => {
    const { network, post } = setUp();
    const response = await post({ operationName: 'Get' });
    expect(await response.json()).toEqual({ got: { operationName: 'Get' }, served: 1 });
    expect(network.operations('Get')).toMatchObject([{ method: 'POST', reached: true, outcome: 200 }]);
  });

  test('dropped requests never reach the server; dropped responses do', async () => {
    const { network, post, served } = setUp();
    network.next({ kind: 'dropRequest' }, { kind: 'dropResponse' }, { kind: 'duplicate' });
    await expect(post(1)).rejects.toThrow(TypeError);
    expect(served()).toBe(0);
    await expect(post(1)).rejects.toThrow(TypeError);
    expect(served()).toBe(1);
    expect(network.log.map(({ reached, outcome }) => [reached, outcome])).toEqual([
      [false, 'failed'],
      [true, 'failed'],
    ]);
    await post(1);
    expect(served()).toBe(3);
  });

  test('proxies, portals and torn answers', async () => {
    const { network, post } = setUp();
    network.next({ kind: 'status', status: 503, headers: { 'retry-after': '2' } }, { kind: 'html' }, { kind: 'truncated' });
    const unavailable = await post(1);
    expect([unavailable.status, unavailable.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await (await post(1)).text()).toContain('<!doctype html>');
    await expect((await post(1)).json()).rejects.toThrow(SyntaxError);
  });

  test('going offline loses an answer that is under way', async () => {
    const { clock, network, post, served } = setUp();
    network.next({ kind: 'delay', requestMs: 10, responseMs: 10 });
    const answer = post(1);
    const failed = expect(answer).rejects.toThrow(TypeError);
    await clock.advance(15);
    expect(served()).toBe(1);
    network.offline = true;
    await clock.advance(10);
    await failed;
  });

  test('a request can be aborted while it is under way', async () => {
    const { clock, network, post } = setUp();
    network.latencyMs = 1_000;
    const controller = new AbortController();
    const failed = expect(post(1, controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
    await clock.advance(10);
    controller.abort();
    await failed;
  });

  test('going offline breaks an open event stream', async () => {
    const clock = createSimulatedClock();
    const network = createNetwork(
      () =>
        new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\n')) }), {
          headers: { 'content-type': 'text/event-stream' },
        }),
      { clock },
    );
    const reader = ((await network.fetch('http://server/live')).body as ReadableStream<Uint8Array>).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: 1\n\n');
    const broken = expect(reader.read()).rejects.toThrow(TypeError);
    network.offline = true;
    await broken;
  });
});
