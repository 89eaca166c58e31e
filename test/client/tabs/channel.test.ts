import { expect, test } from 'vitest';
import { createTabChannel, TAB_PROTOCOL, type TabMessage } from '../../../client/tabs/channel.ts';
import { createMemoryChannelHub } from '../../harness/index.ts';

const messages: readonly TabMessage[] = [
  { kind: 'enqueued', id: 'r1' },
  { kind: 'changed', id: 'r1' },
  { kind: 'changed', id: 'r1', also: ['r2', 'r3'] },
  { kind: 'settled', id: 'r1', result: { updateTodo: null }, errors: [] },
  { kind: 'settled', id: 'r1', result: null, errors: [{ message: 'no' }] },
  { kind: 'failed', id: 'r1', code: 'MUTATION_REJECTED', message: 'no' },
  { kind: 'connection', connection: 'paused', reason: 'user' },
  { kind: 'opened' },
  { kind: 'signedOut', owner: null },
  { kind: 'command', command: 'flush', request: 'q1' },
  { kind: 'commandDone', request: 'q1', report: { sent: 1 } },
];

function setUp() {
  const hub = createMemoryChannelHub();
  const heard: TabMessage[] = [];
  const listening = createTabChannel(hub.open());
  const cancel = listening.subscribe((message) => heard.push(message));
  return { raw: hub.open(), speaking: createTabChannel(hub.open()), listening, heard, cancel };
}

test('every kind of message arrives as it was sent, and not at its sender', async () => {
  const { speaking, heard } = setUp();
  const echo: TabMessage[] = [];
  speaking.subscribe((message) => echo.push(message));
  for (const message of messages) speaking.post(message);
  await Promise.resolve();
  expect(heard).toEqual(messages);
  expect(echo).toEqual([]);
});

test('what is not a message of this version is ignored: other deploys, other scripts of the origin, torn forms', async () => {
  const { raw, heard } = setUp();
  const good = { kind: 'enqueued', id: 'r1' };
  for (const envelope of [
    null,
    'enqueued',
    [],
    good,
    { farside: TAB_PROTOCOL + 1, message: good },
    { farside: TAB_PROTOCOL },
    { farside: TAB_PROTOCOL, message: null },
    { farside: TAB_PROTOCOL, message: { kind: 'unknown', id: 'r1' } },
    { farside: TAB_PROTOCOL, message: { kind: 'toString' } },
    { farside: TAB_PROTOCOL, message: { kind: 'enqueued' } },
    { farside: TAB_PROTOCOL, message: { kind: 'enqueued', id: 7 } },
    { farside: TAB_PROTOCOL, message: { kind: 'settled', id: 'r1', result: 1, errors: 'none' } },
    { farside: TAB_PROTOCOL, message: { kind: 'connection', connection: 'perhaps', reason: '' } },
    { farside: TAB_PROTOCOL, message: { kind: 'command', command: 'format c:', request: 'q1' } },
  ]) {
    raw.post(envelope);
  }
  await Promise.resolve();
  expect(heard).toEqual([]);
  raw.post({ farside: TAB_PROTOCOL, message: good });
  await Promise.resolve();
  expect(heard).toEqual([good]);
});

test('a cancelled listener and a closed channel hear nothing more', async () => {
  const { speaking, listening, heard, cancel } = setUp();
  cancel();
  const late: TabMessage[] = [];
  listening.subscribe((message) => late.push(message));
  listening.close();
  speaking.post({ kind: 'changed', id: 'r1' });
  await Promise.resolve();
  expect([heard, late]).toEqual([[], []]);
});
