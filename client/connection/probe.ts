import type { Cancel, Clock, Connectivity, Random } from '../ports.ts';
import { backoff } from '../replay/backoff.ts';
import {
  type ConnectionInput,
  type ConnectionMachine,
  type ConnectionState,
  nextConnection,
  type RequestOutcome,
  startConnection,
} from './connection-state.ts';

export interface ConnectionOptions {
  /** The most that the first probe after losing the connection waits, in milliseconds; doubles from there. Default 1000. */
  readonly probeBaseMs?: number;
  /** The most that any probe waits, in milliseconds. Default 30 000: half a minute after the network is back, at the latest. */
  readonly probeMaxMs?: number;
  /** Milliseconds until a probe without an answer counts as a no. Default 10 000. */
  readonly probeTimeoutMs?: number;
}

/** Whether requests make sense now: one state, learnt from requests, hints and probes. */
export interface Connection {
  /** The same object until something changes. */
  state(): ConnectionState;
  /** Whether a query should try the network: also while mutations wait for a sign-in, because signing in is a request too. */
  allowsQueries(): boolean;
  subscribe(listener: (state: ConnectionState) => void): Cancel;
  /** Every request tells how it ended. */
  report(outcome: RequestOutcome): void;
  /** Offline by choice, until {@link resume}. */
  pause(): void;
  /** Ends a pause, also that for want of a sign-in. */
  resume(): void;
  /** Asks now, if it is offline: the page came back, or a person wants to know. */
  check(): void;
  dispose(): void;
}

export function createConnection(
  deps: { readonly connectivity: Connectivity; readonly clock: Clock; readonly random: Random },
  options: ConnectionOptions = {},
): Connection {
  const { connectivity, clock, random } = deps;
  const { probeBaseMs = 1_000, probeMaxMs = 30_000, probeTimeoutMs = 10_000 } = options;
  const context = () => ({
    nowMs: clock.now(),
    waitMs: (attempt: number) => backoff(attempt, { baseMs: probeBaseMs, maxMs: probeMaxMs }, random),
  });
  const listeners = new Set<(state: ConnectionState) => void>();
  let machine: ConnectionMachine = startConnection(connectivity.current(), context());
  let cancelProbe: Cancel = () => {};
  let probes = 0;
  let disposed = false;

  function take(input: ConnectionInput): void {
    if (disposed) return;
    const before = machine;
    machine = nextConnection(before, input, context());
    if (machine === before) return;
    if (machine.nextProbeAt !== before.nextProbeAt) schedule();
    for (const listener of [...listeners]) listener(machine);
  }

  function schedule(): void {
    cancelProbe();
    if (machine.nextProbeAt !== null) cancelProbe = clock.after(Math.max(0, machine.nextProbeAt - clock.now()), () => void probe());
  }

  async function probe(): Promise<void> {
    const mine = ++probes;
    take({ kind: 'probeStarted' });
    const reachable = await new Promise<boolean>((resolve) => {
      const stop = clock.after(probeTimeoutMs, () => resolve(false));
      void connectivity.probe().then((answer) => {
        stop();
        resolve(answer);
      });
    });
    // A no is out of date once a newer probe has begun: that one was asked because something has changed.
    if (reachable || mine === probes) take({ kind: 'probed', reachable });
  }

  const unsubscribe = connectivity.subscribe((state) => take({ kind: 'hint', state }));
  schedule();

  return {
    state: () => machine,
    allowsQueries: () => machine.connection === 'online' || machine.reason === 'unauthenticated',
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    report: (outcome) => take({ kind: 'request', outcome }),
    pause: () => take({ kind: 'pause' }),
    resume: () => take({ kind: 'resume' }),
    check: () => take({ kind: 'check' }),
    dispose() {
      disposed = true;
      unsubscribe();
      cancelProbe();
      listeners.clear();
    },
  };
}
