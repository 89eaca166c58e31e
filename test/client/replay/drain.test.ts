import { describe, expect, it } from 'vitest';
import { OfflineError } from '../../../client/errors.ts';
import { isDrained } from '../../../client/replay/drain.ts';
import type { Answer } from '../../../client/replay/outcome.ts';
import { createReplayWorld, elapse, type Replay } from './replay-world.ts';

const unreachable: Answer = { kind: 'unreachable', message: 'Failed to fetch' };
const titles = (replay: Replay): readonly unknown[] =>
  replay.sent.map(
    ({ request }) => (request.variables.input as { title?: unknown; id: unknown }).title ?? (request.variables.input as { id: unknown }).id,
  );
const ids = (replay: Replay): readonly unknown[] => replay.sent.map(({ request }) => (request.variables.input as { id: unknown }).id);

describe('sending', () => {
  it('one entity in the order made, others beside it, never more at once than allowed', async () => {
    const { clock, replay } = await createReplayWorld({ retry: { concurrency: 2 } });
    let underWay = 0;
    let most = 0;
    replay.wire = async (_request, answer) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await elapse(clock, 10);
      underWay -= 1;
      return answer();
    };
    replay.isReady = false;
    for (const id of ['a', 'b', 'c', 'd']) await replay.mutate('createInspection', { id, title: id });
    for (const title of ['B', 'C', 'D']) await replay.mutate('updateInspection', { id: 'a', title });
    replay.isReady = true;
    replay.drain.wake();
    await clock.runAll();
    expect(most).toBe(2);
    expect(titles(replay).filter((title) => ['a', 'B', 'C', 'D'].includes(title as string))).toEqual(['a', 'B', 'C', 'D']);
    expect(replay.outbox.records()).toEqual([]);
  });

  it('high priority first, low last', async () => {
    const { clock, replay } = await createReplayWorld({ retry: { concurrency: 1 } });
    replay.isReady = false;
    await replay.mutate('createInspection', { id: 'low', title: 't' }, { priority: 'low' });
    await replay.mutate('createInspection', { id: 'normal', title: 't' });
    await replay.mutate('createInspection', { id: 'high', title: 't' }, { priority: 'high' });
    replay.isReady = true;
    replay.drain.wake();
    await clock.runAll();
    expect(ids(replay)).toEqual(['high', 'normal', 'low']);
  });

  it('nothing while nothing makes sense, and again when told; a second "online" event does not send twice', async () => {
    const { clock, replay } = await createReplayWorld();
    replay.isReady = false;
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.runAll();
    expect(replay.sent).toEqual([]);
    replay.isReady = true;
    replay.drain.wake();
    replay.drain.wake();
    replay.drain.wake();
    await clock.runAll();
    expect(replay.sent).toHaveLength(1);
  });

  it('nothing that is not durable yet, and nothing that could not be made durable', async () => {
    const { clock, disk, replay, server } = await createReplayWorld();
    const { put } = disk;
    let works = true;
    disk.put = async (key, value) => {
      await elapse(clock, 50);
      if (!works) throw new OfflineError('STORAGE_FULL', 'no');
      return put(key, value);
    };
    const first = replay.mutate('createInspection', { id: 'a', title: 'a' });
    await clock.advance(60);
    expect(replay.outbox.records()).toHaveLength(1);
    replay.drain.wake();
    expect(replay.sent).toEqual([]);
    await clock.advance(60);
    await first;
    await clock.advance(60);
    expect(ids(replay)).toEqual(['a']);

    works = false;
    const second = replay.mutate('createInspection', { id: 'b', title: 'b' }).catch((error: unknown) => error);
    await clock.settle();
    expect(replay.screen.read('Inspection', 'b')).not.toBeNull();
    replay.drain.wake();
    await clock.advance(60);
    expect(await second).toMatchObject({ code: 'STORAGE_FULL' });
    works = true;
    await clock.runAll();
    expect(ids(replay)).not.toContain('b');
    expect(server.row('b')).toBeUndefined();
    expect(replay.screen.read('Inspection', 'b')).toBeNull();
  });

  it('tells which clients are gone, and forgets them once a server that speaks the protocol has heard it', async () => {
    const { clock, disk, replay } = await createReplayWorld();
    await disk.put('outbox/client/gone', { codec: 1 });
    await replay.outbox.load();
    replay.outbox.leave('gone');
    replay.wire = () => ({
      kind: 'result',
      data: null,
      errors: [{ message: 'x', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
      extensions: {},
    });
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.settle();
    expect(replay.sent[0]?.request.extensions.offline.retired).toEqual(['gone']);
    expect(await disk.get('outbox/client/gone')).not.toBeNull();
    replay.wire = (_request, answer) => answer();
    await clock.runAll();
    expect(await disk.get('outbox/client/gone')).toBeNull();
    expect(replay.outbox.retired()).toEqual([]);
  });
});

describe('an attempt without an answer', () => {
  it('is lost after the time-out, cancelled, and repeated as it was', async () => {
    const { clock, replay, server } = await createReplayWorld({ retry: { timeoutMs: 5_000 } });
    let aborted = 0;
    replay.wire = (_request, answer, signal) => {
      answer();
      signal.addEventListener('abort', () => (aborted += 1));
      return new Promise(() => undefined);
    };
    await replay.mutate('updateInspection', { id: 'i', visits: 1 });
    await clock.advance(5_000);
    expect(aborted).toBe(1);
    expect(replay.outbox.records()).toMatchObject([{ state: 'queued', attempts: 1, failure: { code: 'UNREACHABLE' } }]);
    replay.wire = (_request, answer) => answer();
    await clock.runAll();
    const [first, second] = replay.sent.map(({ request }) => ({
      ...request,
      extensions: { offline: { ...request.extensions.offline, ackedThrough: 0 } },
    }));
    expect(second).toEqual(first);
    expect(server.row('i')?.values.visits).toBe(1);
    expect(server.effects).toHaveLength(1);
  });

  it('or whose transport broke the rules (threw, rejected) counts as none', async () => {
    const { clock, replay, server } = await createReplayWorld();
    const wires = [
      () => Promise.reject(new Error('broken')),
      () => {
        throw new Error('broken');
      },
    ];
    replay.wire = (_request, answer) => (wires.shift() ?? answer)() as Answer;
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.runAll();
    expect(replay.sent).toHaveLength(3);
    expect(server.row('i')?.values.title).toBe('B');
  });

  it('backs off with jitter, and never beyond the most', async () => {
    const { clock, replay } = await createReplayWorld({ retry: { baseMs: 1_000, maxMs: 8_000 } });
    replay.wire = () => unreachable;
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.advance(120_000);
    const at = replay.sent.map(({ atMs }) => atMs);
    const waits = at.slice(1).map((ms, index) => ms - (at[index] as number));
    expect(waits.length).toBeGreaterThan(10);
    for (const [index, wait] of waits.entries()) expect(wait).toBeLessThanOrEqual(Math.min(8_000, 1_000 * 2 ** index));
    expect(new Set(waits).size).toBeGreaterThan(5);
  });

  it('waits as long as the server asks, but a year is not believed', async () => {
    const { clock, replay } = await createReplayWorld();
    const asked = ['120', String(365 * 86_400)];
    replay.wire = (_request, answer) =>
      asked.length > 0 ? { kind: 'status', status: 429, retryAfter: asked.shift() as string } : answer();
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.advance(119_999);
    expect(replay.sent).toHaveLength(1);
    await clock.advance(1);
    expect(replay.sent).toHaveLength(2);
    await clock.advance(3_600_000);
    expect(replay.sent).toHaveLength(3);
    expect(replay.outbox.records()).toEqual([]);
  });

  it('is not put off for years when somebody sets the clock back', async () => {
    const { clock, replay } = await createReplayWorld();
    replay.wire = () => unreachable;
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.settle();
    replay.wire = (_request, answer) => answer();
    clock.jump(-73 * 365 * 86_400_000);
    await clock.advance(60_000);
    expect(replay.outbox.records()).toEqual([]);
  });
});

describe('who leads no more', () => {
  it('gives up what is under way and sends nothing after', async () => {
    const { clock, replay, leading, server } = await createReplayWorld();
    replay.wire = async (_request, answer) => {
      const late = answer();
      await elapse(clock, 1_000);
      return late;
    };
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await replay.mutate('createInspection', { id: 'a', title: 'a' });
    await clock.settle();
    leading.abort();
    await clock.runAll();
    expect(replay.outbox.records().map(({ state }) => state)).toEqual(['queued', 'queued']);
    expect(replay.told).toEqual([]);
    expect(server.effects).toHaveLength(2);

    // The next leader sends the same again, and it has its one effect.
    const next = new AbortController();
    replay.drain.lead(next.signal);
    await clock.runAll();
    expect(server.effects).toHaveLength(2);
    expect(replay.outbox.records()).toEqual([]);
    expect(replay.told).toHaveLength(2);
  });

  it('leaves nothing behind on the signal: thousands of attempts do not pile up', async () => {
    const { clock, replay } = await createReplayWorld();
    const signal = new AbortController().signal;
    let listeners = 0;
    const counting = new Proxy(signal, {
      get(target, key) {
        const change = key === 'addEventListener' ? 1 : key === 'removeEventListener' ? -1 : 0;
        const member: unknown = Reflect.get(target, key, target);
        if (change === 0 || typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          listeners += change;
          return member.apply(target, args);
        };
      },
    });
    replay.drain.lead(counting);
    const before = listeners;
    for (let n = 0; n < 20; n += 1) await replay.mutate('updateInspection', { id: 'i', title: `t${n}` });
    await clock.runAll();
    expect(replay.sent.length).toBeGreaterThanOrEqual(20);
    expect(listeners).toBe(before);
  });

  it('what a lost network left hanging waits again at once', async () => {
    const { clock, replay } = await createReplayWorld();
    replay.wire = () => new Promise(() => undefined);
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.settle();
    replay.isReady = false;
    replay.drain.abandon();
    await clock.settle();
    expect(replay.outbox.records()).toMatchObject([{ state: 'queued', attempts: 1, nextAttemptAt: null }]);
  });
});

describe('a deadline', () => {
  it('makes a dead letter of what was not sent in time, at its time, without sending it', async () => {
    const { clock, replay } = await createReplayWorld();
    replay.wire = () => ({ kind: 'status', status: 503, retryAfter: '3000' });
    const late = await replay.mutate('updateInspection', { id: 'i', title: 'B' }, { expiresAfterMs: 10_000 });
    await clock.advance(3_000_000);
    expect(replay.sent).toHaveLength(1);
    expect(replay.outbox.get(late.id)).toMatchObject({ state: 'dead', failure: { code: 'EXPIRED', givenUp: true } });
    expect(replay.told).toMatchObject([{ how: { code: 'EXPIRED', recordId: late.id } }]);
  });

  it('passes while offline too', async () => {
    const { clock, replay } = await createReplayWorld();
    replay.isReady = false;
    await replay.mutate('updateInspection', { id: 'i', title: 'B' }, { expiresAfterMs: 10_000 });
    await clock.advance(20_000);
    replay.isReady = true;
    replay.drain.wake();
    await clock.settle();
    expect(replay.sent).toEqual([]);
    expect(replay.outbox.records()).toMatchObject([{ state: 'dead' }]);
  });

  it('that storage would not note is tried again after a while, not at once for ever', async () => {
    const { clock, disk, replay } = await createReplayWorld();
    replay.isReady = false;
    await replay.mutate('updateInspection', { id: 'i', title: 'B' }, { expiresAfterMs: 10 });
    disk.faults.failWrites = new OfflineError('STORAGE_UNAVAILABLE', 'no');
    const writes = disk.log.length;
    await clock.advance(1_000);
    expect(disk.log.length - writes).toBe(1);
    disk.faults.failWrites = null;
    await clock.runAll();
    expect(replay.outbox.records()).toMatchObject([{ state: 'dead' }]);
  });
});

describe('idle', () => {
  it('is when all is sent, or waits for time, network or people', async () => {
    const { clock, replay } = await createReplayWorld();
    let idle = 0;
    const listen = (): void => void replay.drain.idle().then(() => (idle += 1));
    listen();
    await clock.settle();
    expect(idle).toBe(1);
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    listen();
    await clock.settle();
    expect(idle).toBe(1);
    await clock.advance(10);
    expect(idle).toBe(2);
    expect(isDrained(replay.outbox)).toBe(true);
    replay.wire = () => unreachable;
    await replay.mutate('updateInspection', { id: 'i', title: 'C' });
    listen();
    await clock.settle();
    expect(idle).toBe(3);
    expect(isDrained(replay.outbox)).toBe(false);
  });
});
