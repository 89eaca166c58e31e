import type { Cancel, Clock } from '../../client/ports.ts';
import './zero-timeouts.ts';

/** A clock that stands still until a test moves it. */
export interface SimulatedClock extends Clock {
  /** Moves on by `ms`, running each timer at its own time, and everything that follows from it, before the next. */
  advance(ms: number): Promise<void>;
  /**
   * Runs timers until none is left but those that only come round: whoever looks now and then, and has found nothing to do several times.
   * @throws after `maxTimers` (default 10 000): something else re-arms itself for ever.
   */
  runAll(maxTimers?: number): Promise<void>;
  /** Moves on from timer to timer until `done()`. @throws when `limitMs` of simulated time (default one hour) were not enough. */
  runUntil(done: () => boolean, limitMs?: number): Promise<void>;
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
  /** Someone sets the device's clock: `now()` jumps, forwards or back; timers keep their remaining time. */
  jump(ms: number): void;
  /** Real work in progress outside the simulation (a server in process): time does not move on before it is done. */
  during<T>(work: Promise<T>): Promise<T>;
  /** Real work that waits for nothing in the simulation, however slow the machine: nothing else happens before it is done. */
  finish<T>(work: Promise<T>): Promise<T>;
  /** Timers that are armed. */
  pending(): number;
  /** Milliseconds that have passed, whatever `jump` did to `now()`. */
  elapsed(): number;
}

interface Timer {
  readonly dueMs: number;
  readonly delayMs: number;
  readonly order: number;
  readonly run: () => void;
}

export function createSimulatedClock(options: { readonly startMs?: number } = {}): SimulatedClock {
  const timers = new Set<Timer>();
  let wallOffsetMs = options.startMs ?? Date.UTC(2026, 0, 1);
  let elapsedMs = 0;
  let order = 0;
  let busy = 0;
  const unfinished = new Set<Promise<unknown>>();

  const earliest = (): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (first === undefined || timer.dueMs < first.dueMs || (timer.dueMs === first.dueMs && timer.order < first.order)) first = timer;
    }
    return first;
  };

  async function settle(): Promise<void> {
    // A turn drains every microtask. Several, because in-process servers and fake-indexeddb answer over a few turns.
    for (let idle = 0, turns = 0; idle < SETTLED_TURNS && turns < MAX_TURNS; turns++) {
      await turn();
      if (unfinished.size > 0) await Promise.allSettled(unfinished);
      idle = busy > 0 ? 0 : idle + 1;
    }
  }

  /** All that came of it is that it is armed again, for as long as before; a timer without a delay is no look now and then. */
  const comesRound = (timer: Timer, before: ReadonlySet<Timer>): boolean => {
    const added = [...timers].filter((each) => !before.has(each));
    return timer.delayMs >= 1_000 && timers.size === before.size && added.length === 1 && added[0]?.delayMs === timer.delayMs;
  };

  async function fire(timer: Timer): Promise<void> {
    timers.delete(timer);
    elapsedMs = Math.max(elapsedMs, timer.dueMs);
    timer.run();
    await settle();
  }

  return {
    now: () => wallOffsetMs + elapsedMs,
    after(delayMs, run): Cancel {
      const timer: Timer = { dueMs: elapsedMs + Math.max(0, delayMs), delayMs, order: order++, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const untilMs = elapsedMs + ms;
      await settle();
      for (let timer = earliest(); timer !== undefined && timer.dueMs <= untilMs; timer = earliest()) await fire(timer);
      elapsedMs = untilMs;
      await settle();
    },
    async runAll(maxTimers = 10_000) {
      await settle();
      let rounds = 0;
      for (let fired = 0, timer = earliest(); timer !== undefined && rounds < ROUNDS * timers.size; fired++, timer = earliest()) {
        if (fired >= maxTimers) throw new Error(`expected the timers to run out, ${maxTimers} have fired; use advance() if one repeats`);
        const others = new Set(timers);
        await fire(timer);
        rounds = comesRound(timer, others) ? rounds + 1 : 0;
      }
    },
    async runUntil(done, limitMs = 3_600_000) {
      const untilMs = elapsedMs + limitMs;
      await settle();
      while (!done()) {
        const timer = earliest();
        if (timer === undefined) throw new Error('expected the condition to come true; no timer is left and it has not');
        if (timer.dueMs > untilMs) throw new Error(`expected the condition within ${limitMs} ms of simulated time; it has not come true`);
        await fire(timer);
      }
    },
    settle,
    jump(ms) {
      wallOffsetMs += ms;
    },
    finish(work) {
      const done = work.finally(() => unfinished.delete(done));
      unfinished.add(done);
      return done;
    },
    async during(work) {
      busy++;
      try {
        return await work;
      } finally {
        busy--;
      }
    },
    pending: () => timers.size,
    elapsed: () => elapsedMs,
  };
}

const ROUNDS = 3;
const SETTLED_TURNS = 4;
/** Work that itself waits for simulated time would hold the clock for ever: after this many turns time moves on. */
const MAX_TURNS = 2_000;

/** One turn of the event loop, with the platform's real timers: fake ones would never come. */
const turn: () => Promise<void> =
  typeof setImmediate === 'function' ? immediateTurn(setImmediate) : () => new Promise((resolve) => setTimeout(resolve, 0));

function immediateTurn(immediate: typeof setImmediate): () => Promise<void> {
  return () => new Promise((resolve) => void immediate(() => resolve()));
}
