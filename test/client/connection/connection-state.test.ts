import { expect, test } from 'vitest';
import { type ConnectionInput, nextConnection, startConnection } from '../../../client/connection/connection-state.ts';

const context = { nowMs: 1_000, waitMs: (attempt: number) => attempt * 10 };
const answered: ConnectionInput = { kind: 'request', outcome: 'answered' };
const unreachable: ConnectionInput = { kind: 'request', outcome: 'unreachable' };
const unauthenticated: ConnectionInput = { kind: 'request', outcome: 'unauthenticated' };
const hint = (state: 'online' | 'offline'): ConnectionInput => ({ kind: 'hint', state });
const probed = (reachable: boolean): ConnectionInput => ({ kind: 'probed', reachable });
const pause: ConnectionInput = { kind: 'pause' };
const resume: ConnectionInput = { kind: 'resume' };

/** Where these inputs lead from an online start: connection, reason, and when the next probe is. */
function after(...inputs: readonly ConnectionInput[]): readonly unknown[] {
  const end = inputs.reduce((state, input) => nextConnection(state, input, context), startConnection('online', context));
  return [end.connection, end.reason, end.nextProbeAt];
}

test.each<[string, readonly ConnectionInput[], readonly unknown[]]>([
  ['it starts online on the hint', [], ['online', 'start', null]],
  ['the first unreachable request is believed', [unreachable], ['offline', 'request', 1_010]],
  ['an "offline" hint is believed at once, and probing begins', [hint('offline')], ['offline', 'hint', 1_010]],
  ['an "online" hint is not believed but asked about at once', [unreachable, hint('online')], ['offline', 'request', 1_000]],
  ['an "online" hint while online changes nothing', [hint('online')], ['online', 'start', null]],
  ['a probe under way is not planned again', [unreachable, { kind: 'probeStarted' }], ['offline', 'request', null]],
  ['failed probes wait longer and longer', [unreachable, probed(false)], ['offline', 'request', 1_020]],
  ['… and longer', [unreachable, probed(false), probed(false)], ['offline', 'request', 1_030]],
  ['an "online" hint starts the waiting anew', [unreachable, probed(false), hint('online'), probed(false)], ['offline', 'request', 1_020]],
  ['a probe that got through is believed, whatever the hint says', [hint('offline'), probed(true)], ['online', 'probe', null]],
  ['a request that got through is believed, whatever the hint says', [hint('offline'), answered], ['online', 'request', null]],
  ['a failed probe does not refute an answered request', [unreachable, answered, probed(false)], ['online', 'request', null]],
  ['more unreachable requests do not postpone the probe', [unreachable, probed(false), unreachable], ['offline', 'request', 1_020]],
  ['want of a sign-in pauses and does not probe', [unauthenticated], ['paused', 'unauthenticated', null]],
  ['an answer after it resumes', [unauthenticated, answered], ['online', 'request', null]],
  ['signing in resumes', [unauthenticated, resume], ['online', 'user', null]],
  [
    'the user’s pause outlives answers, hints and probes',
    [pause, answered, hint('online'), probed(true), unauthenticated],
    ['paused', 'user', null],
  ],
  ['the user’s pause takes over from want of a sign-in', [unauthenticated, pause, answered], ['paused', 'user', null]],
  ['resuming where the network was fine', [pause, resume], ['online', 'user', null]],
  ['answers after a resume do not bring the pause back', [pause, resume, answered], ['online', 'user', null]],
  ['nor do answers while it is still lost', [pause, hint('offline'), resume, answered], ['online', 'request', null]],
  ['want of a sign-in is believed after a resume', [pause, resume, unauthenticated], ['paused', 'unauthenticated', null]],
  ['resuming where it was lost meanwhile asks before it believes', [pause, hint('offline'), resume], ['offline', 'user', 1_000]],
  ['pausing while offline stops the probes', [unreachable, pause], ['paused', 'user', null]],
  ['resuming after that asks at once', [unreachable, pause, resume], ['offline', 'user', 1_000]],
  ['resuming without a pause changes nothing', [unreachable, resume], ['offline', 'request', 1_010]],
  ['a check asks at once', [unreachable, { kind: 'check' }], ['offline', 'request', 1_000]],
])('%s', (_, inputs, expected) => {
  expect(after(...inputs)).toEqual(expected);
});

test('a start with an "offline" hint probes', () => {
  expect(startConnection('offline', context)).toMatchObject({ connection: 'offline', reason: 'hint', nextProbeAt: 1_010 });
});

test('what changes nothing gives the same object, so that nobody is told', () => {
  for (const [inputs, again] of [
    [[], answered],
    [[pause], answered],
    [[pause], pause],
    [[unauthenticated], unauthenticated],
    [[unreachable], unreachable],
    [[unreachable], hint('offline')],
  ] as const) {
    const state = inputs.reduce((now, input) => nextConnection(now, input, context), startConnection('online', context));
    expect(nextConnection(state, again, context)).toBe(state);
  }
});
