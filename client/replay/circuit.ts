/**
 * Whether an endpoint that answers, but only with failures of its own, is left in peace for a while. Records back off one by
 * one; a hundred of them would still knock a hundred times on a server that is just getting up.
 *
 *   closed ──(failures in a row, of several requests)──▶ open ──(time)──▶ halfOpen ──(any answer but a failure)──▶ closed
 *                                                          ▲                  └──(failure: a longer time)──┐
 *                                                          └──────────────────────────────────────────────┘
 *
 * One record that fails for ever is its own affair (I15): failures of one and the same do not open it, and half-open each probe
 * is another record's.
 */
export interface Circuit {
  readonly state: 'closed' | 'open' | 'halfOpen';
  /** Failures in a row. */
  readonly failures: number;
  /** The first that failed, and whether others did too. */
  readonly suspect: string | null;
  readonly isGeneral: boolean;
  /** Times that it opened without closing in between. */
  readonly opened: number;
  /** When a probe may go out, in the clock's milliseconds; null unless open. */
  readonly probeAt: number | null;
  /** The record that was the last probe. */
  readonly probe: string | null;
}

export type CircuitInput =
  /** A failure that may pass, answered by the endpoint itself. `record`: the request's first. */
  | { readonly kind: 'failed'; readonly record: string; readonly retryAfterMs: number | null }
  /** Anything else that it answered: it does its work. */
  | { readonly kind: 'answered' }
  /** No answer at all says nothing of the endpoint; whether there is a network is for the connection to find out. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'probing'; readonly record: string }
  /** Somebody wants to know now. */
  | { readonly kind: 'hurry' };

export interface CircuitContext {
  readonly nowMs: number;
  /** Failures in a row until it opens. */
  readonly threshold: number;
  /** How long it stays open when it opens for the nth time (1-based). */
  readonly waitMs: (opened: number) => number;
}

export const CLOSED: Circuit = {
  state: 'closed',
  failures: 0,
  suspect: null,
  isGeneral: false,
  opened: 0,
  probeAt: null,
  probe: null,
};

export function nextCircuit(circuit: Circuit, input: CircuitInput, context: CircuitContext): Circuit {
  const { nowMs, threshold, waitMs } = context;
  const open = (after: Circuit, retryAfterMs: number | null): Circuit => {
    const opened = circuit.opened + 1;
    return { ...after, state: 'open', opened, probeAt: nowMs + Math.max(retryAfterMs ?? 0, waitMs(opened)) };
  };
  switch (input.kind) {
    case 'answered':
      return CLOSED;
    case 'failed': {
      if (circuit.state === 'halfOpen') return open(circuit, input.retryAfterMs);
      // What was under way when it opened is no news.
      if (circuit.state === 'open') return circuit;
      const suspect = circuit.suspect ?? input.record;
      const isGeneral = circuit.isGeneral || suspect !== input.record;
      const next: Circuit = { ...circuit, failures: circuit.failures + 1, suspect, isGeneral };
      return isGeneral && next.failures >= threshold ? open(next, input.retryAfterMs) : next;
    }
    case 'lost':
      return circuit.state === 'halfOpen' ? { ...circuit, state: 'open', probeAt: nowMs } : circuit;
    case 'probing':
      return circuit.state === 'open' ? { ...circuit, state: 'halfOpen', probeAt: null, probe: input.record } : circuit;
    case 'hurry':
      return circuit.state === 'open' && circuit.probeAt !== null && circuit.probeAt > nowMs ? { ...circuit, probeAt: nowMs } : circuit;
  }
}

/** What may be sent now: anything, one record to find out, or nothing. */
export function passage(circuit: Circuit, nowMs: number): 'all' | 'probe' | 'none' {
  if (circuit.state === 'closed') return 'all';
  return circuit.state === 'open' && circuit.probeAt !== null && circuit.probeAt <= nowMs ? 'probe' : 'none';
}
