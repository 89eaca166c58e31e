import { describe, expect, it } from 'vitest';
import type { Random } from '../../../client/ports.ts';
import { createLive, type LiveOptions } from '../../../client/sync/live.ts';
import { createSimulatedClock } from '../../harness/index.ts';

function world(options: LiveOptions & { readonly live?: boolean } = {}) {
  const { live: withHints = true, ...liveOptions } = options;
  const clock = createSimulatedClock();
  const random: Random = { next: () => 0.5, id: () => 'id' };
  const opened: { hint: () => void; state: (state: 'open' | 'closed') => void; isClosed: boolean }[] = [];
  let pulls = 0;
  const live = createLive(
    {
      pull: async () => {
        pulls++;
        throw new Error('reported elsewhere');
      },
      subscribe: withHints
        ? (hint, state) => {
            const subscription = { hint, state, isClosed: false };
            opened.push(subscription);
            return () => {
              subscription.isClosed = true;
            };
          }
        : null,
      clock,
      random,
    },
    { intervalMs: 0, ...liveOptions },
  );
  return { live, clock, opened, pulls: () => pulls, last: () => opened.at(-1) as (typeof opened)[number] };
}

describe('live hints', () => {
  it('a burst of hints is one pull', async () => {
    const { live, clock, last, pulls } = world({ coalesceMs: 50 });
    live.start();
    expect(pulls()).toBe(1);
    for (let hint = 0; hint < 20; hint++) last().hint();
    await clock.advance(50);
    expect(pulls()).toBe(2);
    last().hint();
    await clock.advance(50);
    expect(pulls()).toBe(3);
  });

  it('each opening pulls: what happened before it sent no hint', async () => {
    const { live, clock, last, pulls, opened } = world({ minBackoffMs: 1000 });
    live.start();
    last().state('open');
    expect(pulls()).toBe(2);
    last().state('closed');
    await clock.advance(500);
    expect(opened).toHaveLength(2);
    last().state('open');
    expect(pulls()).toBe(3);
  });

  it('a subscription that ends is opened again, ever more rarely, until hints come', async () => {
    const { live, clock, last, opened } = world({ minBackoffMs: 1000, maxBackoffMs: 4000 });
    live.start();
    for (const delayMs of [500, 1000, 2000, 2000]) {
      const before = opened.length;
      last().state('closed');
      expect(opened.at(before - 1)?.isClosed).toBe(true);
      await clock.advance(delayMs - 1);
      expect(opened).toHaveLength(before);
      await clock.advance(1);
      expect(opened).toHaveLength(before + 1);
    }
    last().hint();
    last().state('closed');
    await clock.advance(500);
    expect(opened).toHaveLength(6);
  });

  it('a subscription that is over says no more', async () => {
    const { live, clock, opened, pulls } = world();
    live.start();
    opened[0]?.state('closed');
    opened[0]?.state('closed');
    opened[0]?.state('open');
    opened[0]?.hint();
    await clock.advance(10_000);
    expect(pulls()).toBe(1);
    expect(opened).toHaveLength(2);
  });

  it('the network is back: no waiting for the rest of the backoff', async () => {
    const { live, clock, last, opened, pulls } = world({ minBackoffMs: 10_000 });
    live.start();
    last().state('closed');
    live.wake();
    expect(opened).toHaveLength(2);
    expect(pulls()).toBe(2);
    await clock.advance(60_000);
    expect(opened).toHaveLength(2);
  });

  it('also pulls without hints: a subscription can be dead and look alive', async () => {
    const { live, clock, pulls } = world({ live: false, intervalMs: 1000 });
    live.start();
    await clock.advance(3500);
    expect(pulls()).toBe(4);
  });

  it('after stop nothing happens', async () => {
    const { live, clock, last, opened, pulls } = world({ intervalMs: 1000 });
    live.start();
    last().hint();
    live.stop();
    expect(last().isClosed).toBe(true);
    last().state('closed');
    live.wake();
    await clock.advance(60_000);
    expect([opened.length, pulls(), clock.pending()]).toEqual([1, 1, 0]);
  });
});
