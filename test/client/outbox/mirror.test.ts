import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMirror } from '../../../client/outbox/mirror.ts';
import { compareRecords, type MutationRecord, type RecordState } from '../../../client/outbox/record.ts';
import { createDesk } from './records.ts';

const template = createDesk().draft('updateSite', { id: 's' });
const STATES = ['queued', 'sending', 'conflict', 'dead', 'acknowledged'] as const satisfies readonly RecordState[];

it('whatever happens to records: counted by what they wait for, in the order made, found by their entity', () => {
  const change = fc.record({
    id: fc.integer({ min: 0, max: 6 }),
    state: fc.option(fc.constantFrom(...STATES)),
    entityId: fc.constantFrom('a', 'b', null),
    temporaryId: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const mirror = createMirror();
      const plain = new Map<string, MutationRecord>();
      for (const { id, state, entityId, temporaryId } of changes) {
        const key = `r${id}`;
        const record = state && { ...template, id: key, sequence: 10 - id, state, entityId, ...(temporaryId ? { temporaryId } : {}) };
        mirror.set(key, record);
        if (record) plain.set(key, record);
        else plain.delete(key);
      }
      const all = [...plain.values()].sort(compareRecords);
      const inState = (...states: readonly RecordState[]): number => all.filter(({ state }) => states.includes(state)).length;
      expect(mirror.sorted()).toEqual(all);
      expect(mirror.size).toBe(all.length);
      expect(mirror.counts).toEqual({
        pending: inState('queued', 'sending'),
        sending: inState('sending'),
        conflicts: inState('conflict'),
        deadLetters: inState('dead'),
      });
      for (const entityId of ['a', 'b', null])
        expect(mirror.ofEntity('Site', entityId)).toEqual(all.filter((record) => record.entityId === entityId));
      const creates = all.filter(({ state, temporaryId }) => temporaryId && (state === 'queued' || state === 'sending'));
      for (const id of ['a', 'b']) expect(mirror.isAwaited(id)).toBe(creates.some(({ entityId }) => entityId === id));
      for (const record of all) expect(mirror.get(record.id)).toBe(record);
    }),
  );
});
