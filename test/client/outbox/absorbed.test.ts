import { expect, it } from 'vitest';
import { memoryStorage } from '../../../client/adapters/memory.ts';
import { removeAbsorbed } from '../../../client/outbox/absorbed.ts';
import { createOutbox } from '../../../client/outbox/outbox.ts';
import { createSeededRandom } from '../../harness/index.ts';
import { createDesk } from './records.ts';

it('what has become part of another record is not read, and ended when nothing is sent yet', async () => {
  const storage = memoryStorage();
  const desk = createDesk();
  const [first, second, other] = ['a', 'b', 'c'].map((name) => desk.draft('updateSite', { id: 's', _version: 1, name }));
  if (!first || !second || !other) throw new Error('expected records');
  for (const record of [{ ...first, absorbed: [second.id] }, second, other]) await storage.put(`record/${record.id}`, record);
  const outbox = createOutbox(
    { storage, random: createSeededRandom(1), onEvent: () => undefined },
    { owner: 'ada', limits: { maxRecords: 10, maxRecordLength: 10_000 } },
  );
  await outbox.load();
  expect(outbox.records().map(({ id }) => id)).toEqual([first.id, other.id]);
  expect(await storage.entries('record/')).toHaveLength(3);
  await removeAbsorbed(outbox);
  expect((await storage.entries('record/')).map(([key]) => key)).toEqual([`record/${first.id}`, `record/${other.id}`]);
});
