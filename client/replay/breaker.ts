import type { MutationRecord } from '../outbox/record.ts';
import type { Clock, Random } from '../ports.ts';
import { type BackoffOptions, backoff } from './backoff.ts';
import { type Circuit, type CircuitInput, CLOSED, nextCircuit, passage } from './circuit.ts';

/** Failures in a row, of several requests, until an endpoint is left in peace. */
const THRESHOLD = 5;

/** The circuit of one endpoint, kept. */
export interface Breaker {
  state(): Circuit['state'];
  /** When a probe may go out; null: nothing has to wait for one. Milliseconds since the Unix epoch. */
  probeAt(): number | null;
  passage(): 'all' | 'probe' | 'none';
  /** Another record than the last probe first: that one may be what is wrong. */
  order(records: Iterable<MutationRecord>): Iterable<MutationRecord>;
  take(input: CircuitInput): void;
}

export function createBreaker(deps: { readonly clock: Clock; readonly random: Random }, options: BackoffOptions): Breaker {
  const { clock, random } = deps;
  let circuit: Circuit = CLOSED;
  const waitMs = (opened: number): number => backoff(opened, options, random);
  return {
    state: () => circuit.state,
    probeAt: () => circuit.probeAt,
    passage: () => passage(circuit, clock.now()),
    *order(records) {
      if (circuit.state === 'closed') return yield* records;
      const last: MutationRecord[] = [];
      for (const record of records) {
        if (record.id === circuit.probe) last.push(record);
        else yield record;
      }
      yield* last;
    },
    take(input) {
      circuit = nextCircuit(circuit, input, { nowMs: clock.now(), threshold: THRESHOLD, waitMs });
    },
  };
}
