import type { Cancel, Clock, Random } from '../ports.ts';

/** Pulls when the server hints at news, and now and then without a hint: a subscription can be dead and look alive. */
export interface Live {
  start(): void;
  stop(): void;
  /** Pulls now, and tries the subscription again now if it waits (the network is back). */
  wake(): void;
}

export interface LiveDeps {
  /** Rejections are its caller's to report; here they only mean "later". */
  readonly pull: () => Promise<unknown>;
  /**
   * Opens the hint subscription. `open`: hints come from now on. `closed`: ended or failed, for good; it is opened again from here.
   * The returned function closes it. Null: no live hints, the interval alone.
   */
  readonly subscribe: ((onHint: () => void, onState: (state: 'open' | 'closed') => void) => Cancel) | null;
  readonly clock: Clock;
  readonly random: Random;
}

export interface LiveOptions {
  /** Between two pulls without a hint. Milliseconds, default 60 000; 0: never. */
  readonly intervalMs?: number;
  /** Hints that come within it are one pull. Milliseconds, default 50. */
  readonly coalesceMs?: number;
  /** The most that the first reconnect waits; doubles. Milliseconds, default 1000. */
  readonly minBackoffMs?: number;
  /** The most that any reconnect waits. Milliseconds, default 60 000. */
  readonly maxBackoffMs?: number;
}

export function createLive({ pull, subscribe, clock, random }: LiveDeps, options: LiveOptions = {}): Live {
  const { intervalMs = 60_000, coalesceMs = 50, minBackoffMs = 1000, maxBackoffMs = 60_000 } = options;
  let running = false;
  let failures = 0;
  let close: Cancel | null = null;
  let reconnect: Cancel | null = null;
  let interval: Cancel | null = null;
  let coalesced: Cancel | null = null;

  function pullNow(): void {
    coalesced?.();
    coalesced = null;
    arm();
    pull().catch(() => {});
  }

  /** The interval counts from the last pull, whatever caused it. */
  function arm(): void {
    interval?.();
    interval = running && intervalMs > 0 ? clock.after(intervalMs, pullNow) : null;
  }

  function open(): void {
    reconnect?.();
    reconnect = null;
    if (!running || !subscribe || close) return;
    let isOver = false;
    const undo = subscribe(
      () => {
        if (isOver) return;
        failures = 0;
        coalesced ??= clock.after(coalesceMs, pullNow);
      },
      (state) => {
        if (isOver) return;
        // Whatever happened before it opened sent no hint.
        if (state === 'open') return pullNow();
        isOver = true;
        close?.();
        close = null;
        retry();
      },
    );
    // It may have closed before it returned.
    if (isOver) undo();
    else
      close = () => {
        isOver = true;
        undo();
      };
  }

  /** Full jitter, so that a server's restart is not met by everybody at once. */
  function retry(): void {
    if (!running || reconnect) return;
    const ceilingMs = Math.min(maxBackoffMs, minBackoffMs * 2 ** failures++);
    reconnect = clock.after(random.next() * ceilingMs, open);
  }

  return {
    start() {
      if (running) return;
      running = true;
      failures = 0;
      pullNow();
      open();
    },
    stop() {
      running = false;
      for (const cancel of [close, reconnect, interval, coalesced]) cancel?.();
      close = reconnect = interval = coalesced = null;
    },
    wake() {
      if (!running) return;
      failures = 0;
      pullNow();
      open();
    },
  };
}
