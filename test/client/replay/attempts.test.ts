import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../client/replay/outcome.ts';
import { createReplay, createReplayWorld } from './replay-world.ts';

const unreachable: Answer = { kind: 'unreachable', message: 'Failed to fetch' };
const failing: Answer = { kind: 'status', status: 500, retryAfter: null };

describe('attempts', () => {
  it('are known after a crash in the middle of one, at the cost of one write for all of a request', async () => {
    const { clock, disk, replay, server } = await createReplayWorld({ batch: { maxCount: 100, maxBytes: 100_000 } });
    replay.isReady = false;
    for (const id of ['a', 'b', 'c']) await replay.mutate('createInspection', { id, title: id });
    const writes = disk.log.length;
    replay.wire = () => new Promise(() => undefined);
    replay.isReady = true;
    replay.drain.wake();
    await clock.settle();
    expect([replay.sent.length, disk.log.length - writes]).toEqual([1, 1]);
    disk.crash();
    const next = createReplay(disk.reload(), server, clock);
    await next.outbox.load();
    expect(next.outbox.records().map(({ state, attempts }) => [state, attempts])).toEqual([
      ['queued', 1],
      ['queued', 1],
      ['queued', 1],
    ]);
  });

  it('so an edit after such a crash is no second effect: the write before it may be there', async () => {
    for (const isArrived of [true, false]) {
      const { clock, disk, replay, server } = await createReplayWorld();
      replay.wire = (_request, answer) => {
        if (isArrived) answer();
        return new Promise(() => undefined);
      };
      const record = await replay.mutate('addToken', { token: 'first' });
      await clock.settle();
      disk.crash();
      const next = createReplay(disk.reload(), server, clock);
      await next.outbox.load();
      await next.control.edit(record.id, { input: { token: 'second' } });
      await next.start();
      await clock.runAll();
      expect(server.effects.map(({ input }) => input.token)).toEqual(isArrived ? ['first'] : ['second']);
      expect(next.outbox.get(record.id)?.failure?.code).toBe(isArrived ? 'ALREADY_APPLIED' : undefined);
    }
  });

  it('of a mark that is damaged are unknown, and nothing else suffers', async () => {
    const { clock, disk, replay, server } = await createReplayWorld();
    replay.isReady = false;
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    for (const damaged of [7, { a: 1 }, [['x']], [null]]) {
      await disk.put('outbox/attempts', damaged);
      await replay.outbox.load();
      expect(replay.outbox.records()).toMatchObject([{ attempts: 0 }]);
    }
    replay.isReady = true;
    replay.drain.wake();
    await clock.runAll();
    expect(server.row('i')?.values.title).toBe('B');
  });
});

describe('an endpoint that only fails', () => {
  it('is left in peace after some failures in a row, then asked by one record, and all go on when it answers', async () => {
    const { clock, replay, server } = await createReplayWorld({ retry: { baseMs: 10_000, maxMs: 10_000, concurrency: 4 } });
    replay.wire = () => failing;
    for (let n = 0; n < 8; n += 1) await replay.mutate('createInspection', { id: `n${n}`, title: 't' });
    await clock.settle();
    expect(replay.breaker.state()).toBe('open');
    const sent = replay.sent.length;
    expect(sent).toBeLessThan(9);
    replay.wire = (_request, answer) => answer();
    await clock.advance((replay.breaker.probeAt() as number) - clock.now() - 1);
    expect(replay.sent).toHaveLength(sent);
    await clock.runAll();
    expect([replay.breaker.state(), replay.outbox.records(), server.row('n7')?.version]).toEqual(['closed', [], 1]);
  });

  it('is asked at once when somebody wants to know', async () => {
    const { clock, replay } = await createReplayWorld({ retry: { baseMs: 10_000, maxMs: 10_000 } });
    replay.wire = () => failing;
    for (let n = 0; n < 8; n += 1) await replay.mutate('createInspection', { id: `n${n}`, title: 't' });
    await clock.settle();
    replay.wire = (_request, answer) => answer();
    const flushed = replay.control.flush();
    await clock.settle();
    expect(await flushed).toMatchObject({ applied: 8, remaining: 0 });
    expect(clock.elapsed()).toBe(0);
  });

  it('for one record only does not hold back the others (I15)', async () => {
    const { clock, replay, server } = await createReplayWorld();
    replay.wire = (request, answer) => ((request.variables.input as { id: string }).id === 'poisoned' ? failing : answer());
    await replay.mutate('createInspection', { id: 'poisoned', title: 't' });
    await clock.advance(300_000);
    expect(replay.breaker.state()).toBe('closed');
    await replay.mutate('createInspection', { id: 'n', title: 't' });
    await clock.settle();
    expect(server.row('n')?.version).toBe(1);
  });
});

describe('a deadline', () => {
  it('is one without a network too, whatever the record waits for, and asks for the fallback once', async () => {
    const { clock, replay } = await createReplayWorld();
    replay.isReady = false;
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    const second = await replay.mutate('updateInspection', { id: 'i', title: 'C' }, { expiresAfterMs: 1_000 });
    await clock.advance(999);
    expect(replay.outbox.get(second.id)?.state).toBe('queued');
    await clock.advance(2);
    expect(replay.outbox.get(second.id)).toMatchObject({ state: 'dead', failure: { code: 'EXPIRED', reason: 'expired' } });
    await clock.runAll();
    expect(replay.expired).toEqual([second.id]);
  });

  it('comes before the next attempt, if that is later', async () => {
    const { clock, replay } = await createReplayWorld();
    replay.wire = () => ({ kind: 'status', status: 503, retryAfter: '600' });
    const record = await replay.mutate('updateInspection', { id: 'i', title: 'B' }, { expiresAfterMs: 5_000 });
    await clock.advance(5_001);
    expect(replay.outbox.get(record.id)).toMatchObject({ state: 'dead', attempts: 1, failure: { code: 'EXPIRED', givenUp: true } });
  });
});

describe('what the server said', () => {
  it('of a refusal is kept in full with the dead letter', async () => {
    const { clock, replay, server } = await createReplayWorld();
    server.refuse = () => ({ message: 'no', path: ['updateInspection'], extensions: { code: 'BAD_USER_INPUT', field: 'title' } });
    const record = await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.runAll();
    expect(replay.outbox.get(record.id)?.failure).toMatchObject({
      reason: 'rejected',
      code: 'BAD_USER_INPUT',
      details: [{ message: 'no', extensions: { code: 'BAD_USER_INPUT', field: 'title' } }],
    });
  });

  it('of an answer that it has forgotten starts a pull: nothing here shows what was applied', async () => {
    const { clock, replay } = await createReplayWorld();
    replay.wire = (_request, answer) => {
      answer();
      return unreachable;
    };
    await replay.mutate('addToken', { token: 'x' });
    await clock.settle();
    const code = 'ALREADY_ACKNOWLEDGED';
    replay.wire = () => ({
      kind: 'result',
      data: { addToken: null },
      errors: [{ message: '', path: ['addToken'], extensions: { code } }],
      extensions: {},
    });
    await clock.runAll();
    expect(replay.stale).toBe(1);
  });
});
