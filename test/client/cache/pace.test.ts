import { describe, expect, it } from 'vitest';
import { OfflineCache } from '../../../client/cache/offline-cache.ts';
import { createPace } from '../../../client/cache/pace.ts';
import { createSimulatedClock } from '../../harness/index.ts';

const scene = (pending: number) => {
  const cache = new OfflineCache();
  const clock = createSimulatedClock();
  const drawn: string[] = [];
  let redrawMs = 0;
  const hold = cache.hold.bind(cache);
  cache.hold = () => {
    const release = hold();
    return () => {
      release();
      clock.jump(redrawMs);
      drawn.push('drawn');
    };
  };
  const pace = createPace({ cache, clock, pending: () => pending });
  // `together` holds and releases as well; only what the pace itself holds is counted.
  cache.together = (run) => run();
  return { clock, drawn, pace, slow: (ms: number) => (redrawMs = ms) };
};

describe('redrawing in proportion', () => {
  it('with little pending, every result is shown at once', () => {
    const { drawn, pace, clock } = scene(3);
    pace.together(() => undefined);
    expect(drawn).toEqual([]);
    expect(clock.pending()).toBe(0);
  });

  it('with much pending, results of one turn are one redraw, and a slow redraw makes the next one wait', async () => {
    const { drawn, pace, clock, slow } = scene(500);
    slow(100);
    pace.together(() => undefined);
    pace.together(() => undefined);
    await clock.advance(0);
    expect(drawn).toHaveLength(1);
    pace.together(() => undefined);
    await clock.advance(399);
    expect(drawn).toHaveLength(1);
    await clock.advance(1);
    expect(drawn).toHaveLength(2);
  });

  it('never waits longer than five seconds', async () => {
    const { drawn, pace, clock, slow } = scene(500);
    slow(60_000);
    pace.together(() => undefined);
    await clock.advance(0);
    pace.together(() => undefined);
    await clock.advance(5_000);
    expect(drawn).toHaveLength(2);
  });

  it('shows everything at once when a person does something', async () => {
    const { drawn, pace, clock } = scene(500);
    pace.together(() => undefined);
    pace.catchUp();
    expect(drawn).toHaveLength(1);
    expect(clock.pending()).toBe(0);
    pace.catchUp();
    expect(drawn).toHaveLength(1);
  });

  it('what comes in one breath is shown together, at its end, with what waited', async () => {
    const { drawn, pace, clock } = scene(500);
    pace.together(() => undefined);
    for (let count = 0; count < 100; count++) pace.soon();
    expect(drawn).toEqual([]);
    await Promise.resolve();
    expect(drawn).toHaveLength(2);
    expect(clock.pending()).toBe(0);
  });
});
