import type { Cancel, Clock } from '../../client/ports.ts';

/**
 * Puts simulated time and seeded chance in the place of the platform's, for libraries that take neither: `setTimeout`,
 * `setInterval`, `Date`, `Math.random` and `crypto.randomUUID`. Returns what puts the real ones back.
 */
export function installGlobalTime(clock: Clock, random: { next(): number; id(): string }): Cancel {
  const real = { setTimeout, setInterval, clearTimeout, clearInterval, Date, random: Math.random };
  const running = new Set<Timer>();

  function start(run: () => void, delayMs: unknown, isRepeated: boolean): Timer {
    const timer = new Timer(clock, running, run, Math.max(LEAST_MS, Number(delayMs) || 0), isRepeated);
    timer.arm();
    return timer;
  }
  function stop(timer: unknown): void {
    if (timer instanceof Timer) timer.stop();
  }

  class SimulatedDate extends real.Date {
    constructor(...args: readonly unknown[]) {
      // Every overload of the constructor that names a moment is passed on as it is.
      super(...((args.length === 0 ? [clock.now()] : args) as [number]));
    }
    static override now(): number {
      return clock.now();
    }
  }

  const hooks = {
    setTimeout: (run: (...args: unknown[]) => void, ms?: unknown, ...args: unknown[]) => start(() => run(...args), ms, false),
    setInterval: (run: (...args: unknown[]) => void, ms?: unknown, ...args: unknown[]) => start(() => run(...args), ms, true),
    clearTimeout: stop,
    clearInterval: stop,
    Date: SimulatedDate,
  };
  Object.assign(globalThis, hooks);
  Math.random = () => random.next();
  const realUUID = Object.getOwnPropertyDescriptor(crypto, 'randomUUID');
  Object.defineProperty(crypto, 'randomUUID', { configurable: true, value: () => random.id() });

  return () => {
    const { random: realRandom, ...platform } = real;
    Object.assign(globalThis, platform);
    Math.random = realRandom;
    if (realUUID) Object.defineProperty(crypto, 'randomUUID', realUUID);
    else Reflect.deleteProperty(crypto, 'randomUUID');
    for (const timer of running) timer.stop();
  };
}

/** As browsers do it with timers that set timers. Some of the libraries ask every moment whether they may go on. */
const LEAST_MS = 4;

/** Like Node's an object, because some libraries let it go by `unref`. */
class Timer {
  readonly #clock: Clock;
  readonly #running: Set<Timer>;
  readonly #run: () => void;
  readonly #ms: number;
  readonly #isRepeated: boolean;
  #cancel: Cancel = () => {};

  constructor(clock: Clock, running: Set<Timer>, run: () => void, ms: number, isRepeated: boolean) {
    this.#clock = clock;
    this.#running = running;
    this.#run = run;
    this.#ms = ms;
    this.#isRepeated = isRepeated;
  }
  arm(): void {
    this.#running.add(this);
    this.#cancel = this.#clock.after(this.#ms, () => {
      if (this.#isRepeated) this.arm();
      else this.#running.delete(this);
      this.#run();
    });
  }
  stop(): void {
    this.#cancel();
    this.#running.delete(this);
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}
