import fc from 'fast-check';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../client/replay/outcome.ts';
import type { ReplayRequest } from '../../../client/replay/request.ts';
import { createReplayWorld, type Replay, type ReplayOptions, type ReplayWorld } from './replay-world.ts';

const BATCH = { maxCount: 100, maxBytes: 1_000_000 };
const sizeOf = ({ extensions }: ReplayRequest): number => Object.keys(extensions.offline.mutations).length;
const sizes = (replay: Replay): readonly number[] => replay.sent.map(({ request }) => sizeOf(request));

/** A world with creates of these ids in its outbox, not yet sent. */
async function filled(ids: readonly string[], options: ReplayOptions = {}): Promise<ReplayWorld> {
  const world = await createReplayWorld({ batch: BATCH, ...options });
  world.replay.isReady = false;
  for (const id of ids) await world.replay.mutate('createInspection', { id, title: id });
  world.replay.isReady = true;
  return world;
}
async function drain({ clock, replay }: ReplayWorld): Promise<void> {
  replay.drain.wake();
  await clock.runAll();
}
const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `n${index}`);

describe('batches', () => {
  it('a long outbox costs few round trips, in the order made, each record once', async () => {
    const world = await filled(names(450));
    await drain(world);
    expect(sizes(world.replay)).toEqual([100, 100, 100, 100, 50]);
    expect(world.server.effects.map(({ input }) => input.id)).toEqual(names(450));
    expect(world.replay.outbox.records()).toEqual([]);
    expect(world.replay.told.map(({ how }) => 'data' in how)).toEqual(names(450).map(() => true));
  });

  it('what was made in one breath goes out in one document', async () => {
    const { clock, replay } = await createReplayWorld({ batch: BATCH });
    await Promise.all(names(5).map((id) => replay.mutate('createInspection', { id, title: id })));
    await clock.runAll();
    expect(sizes(replay)).toEqual([5]);
  });

  it('never a record behind one that it waits for: a chain stands on the version that it was answered with', async () => {
    const world = await filled(['a', 'b']);
    world.replay.isReady = false;
    for (const title of ['A', 'AA']) await world.replay.mutate('updateInspection', { id: 'a', title });
    world.replay.isReady = true;
    await drain(world);
    expect(sizes(world.replay)).toEqual([2, 1, 1]);
    expect(world.server.row('a')).toMatchObject({ version: 3, values: { title: 'AA' } });
    expect(world.replay.told).toHaveLength(4);
  });

  it('results, the end of optimism and what stood on them: one broadcast and one write for a document', async () => {
    const world = await filled(names(20));
    const puts: number[] = [];
    const { putMany } = world.disk;
    world.disk.putMany = async (pairs) => {
      puts.push(pairs.length);
      await putMany?.call(world.disk, pairs);
    };
    await drain(world);
    expect(world.replay.screen.broadcasts.filter((heard) => heard.some((what) => what.startsWith('acknowledged')))).toHaveLength(1);
    expect(puts).toEqual([20]);
  });

  it('each record meets its own end', async () => {
    const world = await filled(['fine', 'no', 'taken', 'later', 'last']);
    world.server.put('taken', { title: 'somebody else' });
    let failures = 0;
    world.server.refuse = (_field, { id }) => {
      if (id === 'no') return { rejected: 'NO' };
      return id === 'later' && ++failures === 1 ? { message: 'x', extensions: { code: 'INTERNAL_SERVER_ERROR' } } : null;
    };
    await drain(world);
    expect(sizes(world.replay)).toEqual([5, 1]);
    const left = world.replay.outbox.records().map(({ entityId, state }) => [entityId, state]);
    expect(left).toEqual([
      ['no', 'dead'],
      ['taken', 'conflict'],
    ]);
    expect(world.server.effects.map(({ input }) => input.id)).toEqual(['fine', 'last', 'later']);
  });

  it('what failed together is tried again together', async () => {
    const world = await filled(names(10));
    world.replay.wire = () => ({ kind: 'status', status: 503, retryAfter: null });
    world.replay.drain.wake();
    await world.clock.settle();
    world.replay.wire = (_request, answer) => answer();
    await world.clock.runAll();
    expect(sizes(world.replay)).toEqual([10, 10]);
  });

  it('a server that has not shown that it speaks the protocol gets single mutations', async () => {
    const world = await filled(names(20), { isCautious: true, retry: { concurrency: 2 } });
    await drain(world);
    expect(sizes(world.replay).slice(0, 2)).toEqual([1, 1]);
    expect(Math.max(...sizes(world.replay))).toBeGreaterThan(10);
    const foreign = await filled(names(6), { isCautious: true });
    foreign.replay.wire = (_request, answer) => ({ ...(answer() as Extract<Answer, { kind: 'result' }>), extensions: {} });
    await drain(foreign);
    expect(sizes(foreign.replay)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('a batch whose answer cannot be stored is sent again, and has one effect each', async () => {
    const world = await filled(names(10));
    const { put } = world.disk;
    let works = false;
    const isFull = (value: unknown): boolean => !works && (value as { state?: string }).state === 'acknowledged';
    world.disk.put = async (key, value) => (isFull(value) ? Promise.reject(new Error('disk full')) : put.call(world.disk, key, value));
    world.disk.putMany = async (pairs) => {
      for (const [key, value] of pairs) await world.disk.put(key, value);
    };
    world.replay.drain.wake();
    await world.clock.advance(1_000);
    expect(world.replay.thrown).not.toEqual([]);
    expect(world.replay.told).toEqual([]);
    works = true;
    await world.clock.runAll();
    expect(world.server.effects).toHaveLength(10);
    expect(world.replay.told).toHaveLength(10);
    expect(world.replay.outbox.records()).toEqual([]);
  });
});

describe('a refused document', () => {
  /** A server that will not have a document with one of these in it, nor one with more than so many fields. */
  const picky =
    (bad: ReadonlySet<string>, most: number, refusal: Answer): Replay['wire'] =>
    (request, answer) => {
      const inputs = Object.values(request.variables) as readonly { readonly id: string }[];
      return inputs.length > most || inputs.some(({ id }) => bad.has(id)) ? refusal : answer();
    };
  const refusals = fc.constantFrom<Answer>(
    { kind: 'status', status: 400, retryAfter: null },
    { kind: 'status', status: 413, retryAfter: null },
    { kind: 'result', data: null, errors: [{ message: 'x', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }], extensions: {} },
    { kind: 'result', data: null, errors: [{ message: 'Variable "$m3_input" got invalid value' }], extensions: {} },
  );

  it('is split until each culprit stands alone: it becomes a dead letter, and everything else is applied, once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }).chain((count) => fc.tuple(fc.constant(count), fc.uniqueArray(fc.nat(count - 1), { maxLength: 5 }))),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 50 }),
        refusals,
        async ([count, culprits], most, maxCount, refusal) => {
          const bad = new Set(culprits.map((at) => `n${at}`));
          const world = await filled(names(count), { batch: { maxCount, maxBytes: 1_000_000 } });
          world.replay.wire = picky(bad, most, refusal);
          await drain(world);
          const left = world.replay.outbox.records();
          expect(new Set(left.map(({ entityId }) => entityId))).toEqual(bad);
          for (const { state, attempts } of left) expect([state, attempts]).toEqual(['dead', 1]);
          expect(world.server.effects.map(({ input }) => input.id).sort()).toEqual(
            names(count)
              .filter((id) => !bad.has(id))
              .sort(),
          );
          expect(world.clock.elapsed()).toBeLessThan(60_000);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('teaches what the server takes: the next ones are as large as it had them', async () => {
    const world = await filled(names(400), { retry: { concurrency: 1 } });
    world.server.maxFields = 15;
    await drain(world);
    const asked = sizes(world.replay);
    expect(asked.slice(0, 5)).toEqual([100, 50, 25, 12, 12]);
    expect(asked.filter((size) => size > 15).length).toBeLessThan(10);
    expect(world.replay.outbox.records()).toEqual([]);
  });

  it('one that the server dies of is found too, and delays the others by a few tries', async () => {
    const world = await filled(names(16));
    world.replay.wire = (request, answer) =>
      (Object.values(request.variables) as readonly { readonly id: string }[]).some(({ id }) => id === 'n5')
        ? { kind: 'status', status: 500, retryAfter: null }
        : answer();
    world.replay.drain.wake();
    await world.clock.advance(10 * 60_000);
    expect(world.replay.outbox.records().map(({ entityId }) => entityId)).toEqual(['n5']);
    expect(world.server.effects).toHaveLength(15);
  });

  it('a document is one that GraphQL can read', async () => {
    const world = await filled(names(3));
    await drain(world);
    for (const { request } of world.replay.sent) expect(() => parse(request.document)).not.toThrow();
  });
});
