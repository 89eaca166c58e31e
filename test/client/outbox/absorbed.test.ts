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

it('what is being absorbed stands for itself until that is over, also when storage is read meanwhile', async () => {
  const disk = memoryStorage();
  let isWritten = Promise.resolve();
  const { putMany: _, ...one } = disk;
  const put = async (key: string, value: unknown): Promise<void> => {
    await disk.put(key, value);
    await isWritten;
  };
  const outbox = createOutbox(
    { storage: { ...one, put }, random: createSeededRandom(1), onEvent: () => undefined },
    { owner: 'ada', limits: { maxRecords: 10, maxRecordLength: 10_000 } },
  );
  const desk = createDesk();
  const [first, second] = ['a', 'b'].map((name) => desk.draft('updateSite', { id: 's', _version: 1, name }));
  if (!first || !second) throw new Error('expected records');
  await outbox.add([first]);
  await outbox.add([second]);
  let end = (): void => undefined;
  isWritten = new Promise((resolve) => {
    end = resolve;
  });
  const merged = { ...first, variables: second.variables, absorbed: [second.id] };
  const written = outbox.write([merged]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(await outbox.read(first.id)).toMatchObject({ absorbed: [second.id] });
  await outbox.load();
  expect(outbox.records().map(({ id }) => id)).toEqual([first.id, second.id]);
  end();
  await written;
  outbox.note(merged);
  await outbox.load();
  expect(outbox.records().map(({ id }) => id)).toEqual([first.id]);
});
