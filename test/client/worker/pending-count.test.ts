import { describe, expect, test } from 'vitest';
import { ownerAreas } from '../../../client/adapters/area.ts';
import { memoryStorage } from '../../../client/adapters/memory.ts';
import { createOutbox } from '../../../client/outbox/outbox.ts';
import { type MutationRecord, RECORD_CODEC, type RecordState } from '../../../client/outbox/record.ts';
import { pendingCount } from '../../../client/worker/index.ts';
import { createSeededRandom } from '../../harness/index.ts';

const random = createSeededRandom(1);

function record(owner: string | null, state: RecordState): MutationRecord {
  return {
    codec: RECORD_CODEC,
    id: random.id(),
    sequence: 1,
    owner,
    operationId: 'operation',
    clientId: 'client',
    mutationId: 1,
    document: 'mutation Save { save }',
    operationName: 'Save',
    variables: {},
    field: 'save',
    responseKey: 'save',
    schemaHash: null,
    appVersion: null,
    kind: 'custom',
    typename: null,
    entityId: null,
    inputVariable: null,
    base: null,
    optimisticResponse: null,
    writes: [],
    reads: [],
    priority: 'normal',
    state,
    enqueuedAt: 0,
    expiresAt: null,
    attempts: 0,
    nextAttemptAt: null,
    rounds: 0,
    failure: null,
    conflict: null,
    result: null,
  };
}

/** What a tab of `owner` leaves on disk. */
async function leave(cells: Map<string, unknown>, owner: string | null, states: readonly RecordState[]): Promise<void> {
  const outbox = createOutbox(
    { storage: ownerAreas(memoryStorage(cells), owner).outbox, random, onEvent: () => undefined },
    { owner, limits: { maxRecords: 100, maxRecordLength: 10_000 } },
  );
  await outbox.add(states.map((state) => record(owner, state)));
}

describe('pendingCount', () => {
  test('counts what waits for the network, not what waits for a person or for the cache', async () => {
    const cells = new Map<string, unknown>();
    await leave(cells, 'ada', ['queued', 'sending', 'acknowledged', 'conflict', 'dead']);
    expect(await pendingCount({ owner: 'ada', storage: memoryStorage(cells) })).toBe(2);
  });

  test("I14: another owner's records are not counted", async () => {
    const cells = new Map<string, unknown>();
    await leave(cells, 'ada', ['queued']);
    await leave(cells, null, ['queued', 'queued']);
    expect(await pendingCount({ owner: 'ada', storage: memoryStorage(cells) })).toBe(1);
    expect(await pendingCount({ owner: null, storage: memoryStorage(cells) })).toBe(2);
    expect(await pendingCount({ owner: 'bob', storage: memoryStorage(cells) })).toBe(0);
  });

  test('leaves storage as it was, damaged and newer records included', async () => {
    const cells = new Map<string, unknown>();
    await leave(cells, 'ada', ['queued']);
    const storage = memoryStorage(cells);
    const { outbox } = ownerAreas(storage, 'ada');
    await outbox.put('record/damaged', 'not a record');
    await outbox.put('record/newer', { codec: RECORD_CODEC + 1 });
    const before = structuredClone([...cells]);
    expect(await pendingCount({ owner: 'ada', storage })).toBe(1);
    expect([...cells]).toEqual(before);
  });

  test.each([undefined, '', 7])('refuses the owner %j and says what it expects', async (owner) => {
    await expect(pendingCount({ owner: owner as string })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('owner'),
    });
  });
});
