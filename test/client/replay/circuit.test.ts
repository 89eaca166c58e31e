import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Circuit, type CircuitInput, CLOSED, nextCircuit, passage } from '../../../client/replay/circuit.ts';

const run = (inputs: readonly CircuitInput[], nowMs = 0, from: Circuit = CLOSED): Circuit =>
  inputs.reduce((circuit, input) => nextCircuit(circuit, input, { nowMs, threshold: 3, waitMs: (opened) => opened * 1_000 }), from);
const failed = (record: string, retryAfterMs: number | null = null): CircuitInput => ({ kind: 'failed', record, retryAfterMs });
const OPEN = run([failed('a'), failed('b'), failed('a')]);

describe('a circuit', () => {
  it('opens after so many failures in a row, and an answer in between starts the count anew', () => {
    expect(OPEN).toMatchObject({ state: 'open', probeAt: 1_000 });
    expect(run([failed('a'), failed('b'), { kind: 'answered' }, failed('a'), failed('b')]).state).toBe('closed');
  });

  it('is not opened by one record that fails for ever, nor by a network that is gone', () => {
    expect(run(Array.from({ length: 50 }, () => failed('poisoned'))).state).toBe('closed');
    expect(run(Array.from({ length: 50 }, () => ({ kind: 'lost' }) as const))).toBe(CLOSED);
  });

  it('lets one probe through when its time has come, and closes on any answer to it', () => {
    expect([passage(OPEN, 999), passage(OPEN, 1_000)]).toEqual(['none', 'probe']);
    const probing = run([{ kind: 'probing', record: 'c' }], 1_000, OPEN);
    expect([probing.state, passage(probing, 9_999)]).toEqual(['halfOpen', 'none']);
    expect(run([{ kind: 'answered' }], 1_100, probing)).toBe(CLOSED);
  });

  it('opens for longer when the probe fails, and at once again when it is lost', () => {
    const probing = run([{ kind: 'probing', record: 'c' }], 1_000, OPEN);
    expect(run([failed('c')], 1_100, probing)).toMatchObject({ state: 'open', probeAt: 3_100, probe: 'c' });
    expect(run([failed('c', 60_000)], 1_100, probing)).toMatchObject({ state: 'open', probeAt: 61_100 });
    expect(run([{ kind: 'lost' }], 1_100, probing)).toMatchObject({ state: 'open', probeAt: 1_100 });
  });

  it('takes no news from what was under way when it opened, and hurries when somebody wants to know', () => {
    expect(run([failed('d'), failed('e', 99_000)], 500, OPEN)).toBe(OPEN);
    expect(run([{ kind: 'hurry' }], 500, OPEN)).toMatchObject({ state: 'open', probeAt: 500 });
    expect(run([{ kind: 'hurry' }])).toBe(CLOSED);
  });

  it('never stays shut: from wherever it is, time, a probe and an answer close it', () => {
    const input = fc.oneof(
      fc.record({ kind: fc.constant('failed' as const), record: fc.constantFrom('a', 'b'), retryAfterMs: fc.option(fc.nat(9_000)) }),
      fc.constantFrom<CircuitInput>({ kind: 'lost' }, { kind: 'answered' }, { kind: 'hurry' }, { kind: 'probing', record: 'a' }),
    );
    fc.assert(
      fc.property(fc.array(input, { maxLength: 40 }), (inputs) => {
        const circuit = run(inputs);
        const at = circuit.probeAt ?? 0;
        if (circuit.state === 'open') expect(passage(circuit, at)).toBe('probe');
        expect(run([{ kind: 'probing', record: 'z' }, { kind: 'answered' }], at, circuit)).toBe(CLOSED);
      }),
    );
  });
});
