import { describe, expect, it } from 'vitest';
import {
  compareRecords,
  decodeRecord,
  encodeRecord,
  holdsIdentity,
  isUnsettled,
  type MutationRecord,
  withInput,
  writtenFields,
} from '../../../client/outbox/record.ts';
import { conflictOf, createViews } from '../../../client/outbox/view.ts';
import { createDesk } from './records.ts';

const record = createDesk().draft('updateSite', { id: 's', _version: 1, name: 'a' });
const stored = JSON.parse(JSON.stringify(encodeRecord(record)));

describe('what is stored', () => {
  it('comes back as it was', () => {
    expect(decodeRecord(stored)).toEqual({ ok: true, record });
  });

  it('"being sent" is never stored: after a crash nobody knows, so it is sent again under the same key', () => {
    const sending: MutationRecord = { ...record, state: 'sending', attempts: 2 };
    expect(encodeRecord(sending)).toEqual({ ...record, attempts: 2 });
    expect(decodeRecord({ ...stored, state: 'sending' })).toMatchObject({ ok: false, code: 'RECORD_UNREADABLE' });
  });

  it('from a newer release is left alone and said so', () => {
    expect(decodeRecord({ ...stored, codec: 2, variables: 'other form' })).toMatchObject({ ok: false, code: 'RECORD_NEWER' });
  });

  it.each([[null], ['text'], [7], [{}], [{ ...stored, codec: 0 }], [{ ...stored, codec: '1' }]])(
    'that is none of ours is unreadable: %j',
    (value) => {
      expect(decodeRecord(value)).toMatchObject({ ok: false, code: 'RECORD_UNREADABLE' });
    },
  );

  it.each(
    Object.entries({
      id: 1,
      sequence: null,
      operationId: undefined,
      clientId: 7,
      mutationId: '7',
      document: null,
      operationName: undefined,
      variables: [],
      field: undefined,
      responseKey: undefined,
      kind: 'upsert',
      typename: 7,
      entityId: undefined,
      inputVariable: {},
      base: 'x',
      writes: [1],
      reads: null,
      priority: 'urgent',
      state: 'done',
      expiresAt: 'soon',
      attempts: null,
      nextAttemptAt: undefined,
      rounds: undefined,
    }),
  )('with a damaged %s is unreadable, and the message names the member', (member, value) => {
    const decoded = decodeRecord({ ...stored, [member]: value });
    expect(decoded).toMatchObject({ ok: false, code: 'RECORD_UNREADABLE', message: expect.stringContaining(member) });
  });
});

describe('the state of a record', () => {
  const inState = (state: MutationRecord['state'], failure: MutationRecord['failure'] = null): MutationRecord => ({
    ...record,
    state,
    failure,
  });

  it('only an acknowledged one holds nobody back', () => {
    expect((['queued', 'sending', 'conflict', 'dead', 'acknowledged'] as const).filter((state) => !isUnsettled(inState(state)))).toEqual([
      'acknowledged',
    ]);
  });

  it('its answer is needed while it may be sent again, and no longer once the server has judged it', () => {
    expect((['queued', 'sending', 'conflict', 'dead', 'acknowledged'] as const).filter((state) => holdsIdentity(inState(state)))).toEqual([
      'queued',
      'sending',
    ]);
    expect(holdsIdentity(inState('dead', { code: 'EXPIRED', message: '', givenUp: true }))).toBe(true);
    expect(holdsIdentity(inState('dead', { code: 'EXPIRED', message: 'the offer is over, said the server' }))).toBe(false);
  });

  it('order is by sequence, then by id: never by a time', () => {
    const other = (sequence: number, id: string, enqueuedAt: number) => ({ ...record, sequence, id, enqueuedAt });
    const sorted = [other(2, 'a', 1), other(1, 'b', 9), other(1, 'a', 10)].sort(compareRecords);
    expect(sorted.map(({ sequence, id }) => `${sequence}${id}`)).toEqual(['1a', '1b', '2a']);
  });

  it('what it writes is its input without identity; a custom one has no input to replace', () => {
    expect(writtenFields(record)).toEqual({ name: 'a' });
    expect(writtenFields(withInput(record, { id: 's', _version: 2, name: null }))).toEqual({ name: null });
    expect(() => withInput({ ...record, inputVariable: null }, {})).toThrow(/no input variable/);
  });
});

describe('what people see of a record', () => {
  it('keeps its identity while nothing in it changed', () => {
    const view = createViews(() => true);
    const seen = view(record, new Set(['x']));
    expect(view(record, new Set(['x']))).toBe(seen);
    expect(view(record, new Set(['y']))).not.toBe(seen);
    expect(view({ ...record }, new Set(['x']))).not.toBe(seen);
    expect(Object.isFrozen(seen)).toBe(true);
    expect(seen).toMatchObject({
      id: record.id,
      kind: 'update',
      typename: 'Site',
      entities: ['Site:s'],
      waitingFor: ['x'],
      state: 'queued',
    });
  });

  it('a parked conflict shows base, local and remote', () => {
    const conflict = {
      code: 'VERSION_MISMATCH',
      message: 'm',
      currentVersion: 4,
      conflictingFields: ['name'],
      remote: { name: 'c' },
      onScreen: null,
    };
    expect(conflictOf({ ...record, base: { name: 'z' }, state: 'conflict', conflict })).toEqual({
      id: record.id,
      operationName: 'M',
      kind: 'update',
      typename: 'Site',
      entityId: 's',
      code: 'VERSION_MISMATCH',
      message: 'm',
      base: { name: 'z' },
      local: { name: 'a' },
      remote: { name: 'c' },
      conflictingFields: ['name'],
    });
    expect(conflictOf(record)).toBeNull();
  });
});
