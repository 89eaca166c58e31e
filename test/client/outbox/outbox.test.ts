import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../client/adapters/memory.ts';
import { OfflineError } from '../../../client/errors.ts';
import { createOutbox, type OutboxChange, type OutboxEvent } from '../../../client/outbox/outbox.ts';
import type { MutationRecord } from '../../../client/outbox/record.ts';
import type { Storage } from '../../../client/ports.ts';
import { createFaultyStorage, createSeededRandom } from '../../harness/index.ts';
import { createDesk } from './records.ts';

const LIMITS = { maxRecords: 100, maxRecordLength: 100_000 };
let seed = 0;

function open(storage: Storage, options: { owner?: string | null; limits?: Partial<typeof LIMITS> } = {}) {
  const events: OutboxEvent[] = [];
  const changes: OutboxChange[] = [];
  const random = createSeededRandom(++seed);
  const owner = options.owner === undefined ? 'ada' : options.owner;
  const outbox = createOutbox(
    { storage, random, onEvent: (event) => events.push(event) },
    { owner, limits: { ...LIMITS, ...options.limits } },
  );
  outbox.subscribe((change) => changes.push(change));
  const desk = createDesk({
    owner,
    clientId: outbox.clientId,
    nextMutationId: outbox.nextMutationId,
    nextSequence: outbox.nextSequence,
    random,
  });
  const make = (name = 'a', id = name): MutationRecord => desk.draft('updateSite', { id, _version: 1, name });
  return { outbox, events, changes, make, ids: () => outbox.records().map(({ id }) => id) };
}

/** A storage whose writes and reads take until the test lets them go on. */
function gated(inner: Storage) {
  const waiting: { readonly key: string; readonly go: () => void }[] = [];
  const gate = (key: string): Promise<void> => new Promise((go) => void waiting.push({ key, go }));
  let isOpen = false;
  const storage: Storage = {
    get: (key) => inner.get(key),
    async put(key, value) {
      if (!isOpen) await gate(`put ${key}`);
      return inner.put(key, value);
    },
    async remove(key) {
      if (!isOpen) await gate(`remove ${key}`);
      return inner.remove(key);
    },
    async entries(prefix) {
      const found = await inner.entries(prefix);
      if (!isOpen) await gate(`entries ${prefix}`);
      return found;
    },
  };
  return {
    storage,
    /** Lets the first operation whose name begins so go on, once it is there. */
    async pass(start: string) {
      for (let turn = 0; turn < 50; turn += 1) {
        const at = waiting.findIndex(({ key }) => key.startsWith(start));
        if (at >= 0) {
          waiting.splice(at, 1)[0]?.go();
          await settle();
          return;
        }
        await settle();
      }
      throw new Error(`expected ${start}, waiting are ${waiting.map(({ key }) => key).join(', ')}`);
    },
    openUp() {
      isOpen = true;
      for (const { go } of waiting.splice(0)) go();
    },
  };
}
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('taking records in', () => {
  it('shows them at once and is done when they are durable; the client is known to storage before its first record', async () => {
    const disk = createFaultyStorage();
    const { outbox, make, ids } = open(disk);
    const record = make();
    const added = outbox.add([record]);
    expect(ids()).toEqual([record.id]);
    await added;
    expect(disk.log.map(({ key }) => key)).toEqual([`client/${outbox.clientId}`, `record/${record.id}`]);
    await outbox.add([make('b')]);
    expect(disk.log).toHaveLength(3);
  });

  it('when the storage is full nothing is kept, on screen or on disk, and the caller learns why', async () => {
    const disk = createFaultyStorage();
    const { outbox, make, changes } = open(disk);
    await outbox.add([make()]);
    disk.faults.quotaBytes = 3_000;
    const [one, two] = [make('b'), make('x'.repeat(3_000), 'c')];
    await expect(outbox.add([one, two])).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    expect(outbox.records()).toHaveLength(1);
    expect((await disk.entries('record/')).map(([key]) => key)).toEqual([`record/${outbox.records()[0]?.id}`]);
    expect(changes.at(-1)).toMatchObject({ id: two.id, after: null });
  });

  it('a failure to announce the client fails the record, and the next one tries again', async () => {
    const disk = createFaultyStorage();
    const { outbox, make } = open(disk);
    disk.failAt(1);
    await expect(outbox.add([make()])).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await outbox.add([make()]);
    expect((await disk.entries('client/')).length).toBe(1);
  });

  it('refuses more than the limits allow, before anything is shown', async () => {
    const { outbox, make, changes } = open(memoryStorage(), { limits: { maxRecords: 1, maxRecordLength: 2_000 } });
    await expect(outbox.add([make('y'.repeat(2_000))])).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' });
    await outbox.add([make()]);
    await expect(outbox.add([make('b')])).rejects.toMatchObject({ code: 'OUTBOX_FULL' });
    expect(changes).toHaveLength(1);
  });

  it('is not durable, so not to be sent, until storage has it; the same for every rewrite and removal', async () => {
    const gate = gated(memoryStorage());
    const { outbox, make } = open(gate.storage);
    const record = make();
    const added = outbox.add([record]);
    expect(outbox.isDurable(record.id)).toBe(false);
    expect(outbox.isStored(record.id)).toBe(false);
    expect(outbox.counts).toMatchObject({ pending: 1, storing: 1 });
    gate.openUp();
    await added;
    expect(outbox.isDurable(record.id)).toBe(true);
    expect(outbox.isStored(record.id)).toBe(true);
    expect(outbox.counts).toMatchObject({ pending: 1, storing: 0 });
    const put = outbox.put({ ...record, attempts: 1 });
    expect(outbox.isDurable(record.id)).toBe(false);
    // A crash would bring back the one before.
    expect(outbox.isStored(record.id)).toBe(true);
    expect(outbox.counts).toMatchObject({ pending: 1, storing: 0 });
    await put;
    const removed = outbox.remove(record.id);
    expect(outbox.isDurable(record.id)).toBe(false);
    await removed;
    expect(outbox.get(record.id)).toBeNull();
  });
});

describe('rewriting a record', () => {
  it('that storage refuses leaves memory as storage is', async () => {
    const disk = createFaultyStorage();
    const { outbox, make } = open(disk);
    const record = make();
    await outbox.add([record]);
    outbox.note({ ...record, state: 'sending', attempts: 1 });
    disk.faults.failWrites = new OfflineError('STORAGE_UNAVAILABLE', 'no');
    await expect(outbox.put({ ...record, state: 'acknowledged' })).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(outbox.get(record.id)).toMatchObject({ state: 'sending', attempts: 1 });
    await expect(outbox.remove(record.id)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(outbox.get(record.id)).not.toBeNull();
  });

  it('that storage refuses does not undo a later one', async () => {
    const disk = createFaultyStorage();
    const { outbox, make } = open(disk);
    const record = make();
    await outbox.add([record]);
    disk.failAt(3);
    const failing = outbox.put({ ...record, attempts: 1 });
    await outbox.put({ ...record, attempts: 2 });
    await expect(failing).rejects.toThrow();
    expect(outbox.get(record.id)?.attempts).toBe(2);
  });

  it('a note is memory only', async () => {
    const disk = createFaultyStorage();
    const { outbox, make } = open(disk);
    const record = make();
    await outbox.add([record]);
    outbox.note({ ...record, attempts: 4 });
    expect(disk.log).toHaveLength(2);
    expect(await outbox.read(record.id)).toEqual(record);
  });

  it('tells other tabs only once storage has it', async () => {
    const gate = gated(memoryStorage());
    const { outbox, make } = open(gate.storage);
    const written: string[] = [];
    outbox.onWritten((id) => written.push(id));
    const record = make();
    const added = outbox.add([record]);
    await gate.pass('put client/');
    expect(written).toEqual([]);
    await gate.pass('put record/');
    await added;
    expect(written).toEqual([record.id]);
    gate.openUp();
    await outbox.remove(record.id);
    expect(written).toEqual([record.id, record.id]);
  });
});

describe('a start over what is stored', () => {
  it('finds every record in the order made, whatever the clock said', async () => {
    const disk = memoryStorage();
    const first = open(disk);
    const made = ['a', 'b', 'c'].map((name) => first.make(name));
    for (const [index, record] of [...made].reverse().entries()) await first.outbox.add([{ ...record, enqueuedAt: index }]);
    const second = open(disk);
    await second.outbox.load();
    expect(second.ids()).toEqual(made.map(({ id }) => id));
    const next = second.make('d');
    expect(next.sequence).toBeGreaterThan(made[2]?.sequence as number);
  });

  it('sequences go on from what other tabs have, so that order holds across tabs', async () => {
    const disk = memoryStorage();
    const [one, two] = [open(disk), open(disk)];
    for (const name of ['a', 'b', 'c']) await one.outbox.add([one.make(name)]);
    for (const record of one.outbox.records()) two.outbox.mirror(record.id, record);
    expect(two.make('d').sequence).toBe(4);
  });

  it.each([
    ['newer', (stored: object) => ({ ...stored, codec: 9 }), 'RECORD_NEWER'],
    ['damaged', (stored: object) => ({ ...stored, writes: null }), 'RECORD_UNREADABLE'],
    ['foreign', () => 'not ours', 'RECORD_UNREADABLE'],
    ["another owner's", (stored: object) => ({ ...stored, owner: 'grace' }), 'WRONG_OWNER'],
  ])('leaves a record that is %s where it is, does not show it, and says so', async (_name, spoil, code) => {
    const disk = memoryStorage();
    const first = open(disk);
    const [bad, good] = [first.make('a'), first.make('b')];
    await first.outbox.add([bad, good]);
    const spoilt = spoil((await disk.get(`record/${bad.id}`)) as object);
    await disk.put(`record/${bad.id}`, spoilt);
    const second = open(disk);
    await second.outbox.load();
    expect(second.ids()).toEqual([good.id]);
    expect(second.events).toMatchObject([{ code, key: `record/${bad.id}` }]);
    expect(await disk.get(`record/${bad.id}`)).toEqual(spoilt);
  });

  it('an anonymous session does not send the records of a user, nor the other way round', async () => {
    const disk = memoryStorage();
    const user = open(disk);
    await user.outbox.add([user.make()]);
    const nobody = open(disk, { owner: null });
    await nobody.outbox.load();
    expect(nobody.outbox.records()).toEqual([]);
  });
});

describe('loading while things happen: storage is the truth, but what happens here is newer', () => {
  const setUp = async () => {
    const disk = memoryStorage();
    const before = open(disk);
    const record = before.make('old');
    await before.outbox.add([record]);
    const gate = gated(disk);
    const tab = open(gate.storage);
    const loaded = tab.outbox.load();
    gate.openUp();
    await loaded;
    const slow = gated(disk);
    return { record, disk, slow };
  };

  it('a record that is added meanwhile stays', async () => {
    const { slow } = await setUp();
    const tab = open(slow.storage);
    const loading = tab.outbox.load();
    await slow.pass('entries client/');
    const added = tab.make('new');
    const adding = tab.outbox.add([added]);
    await slow.pass('entries record/');
    await loading;
    expect(tab.ids()).toContain(added.id);
    slow.openUp();
    await adding;
    expect(tab.ids()).toHaveLength(2);
  });

  it('a record that is discarded meanwhile does not come back', async () => {
    const { record, slow } = await setUp();
    const tab = open(slow.storage);
    const first = tab.outbox.load();
    await slow.pass('entries client/');
    await slow.pass('entries record/');
    await first;
    const second = tab.outbox.load();
    await slow.pass('entries client/');
    await settle();
    const removing = tab.outbox.remove(record.id);
    await slow.pass('remove record/');
    await removing;
    await slow.pass('entries record/');
    await second;
    expect(tab.outbox.records()).toEqual([]);
  });

  it('a record that is edited meanwhile keeps the edit', async () => {
    const { record, slow } = await setUp();
    const tab = open(slow.storage);
    const first = tab.outbox.load();
    await slow.pass('entries client/');
    await slow.pass('entries record/');
    await first;
    const second = tab.outbox.load();
    await slow.pass('entries client/');
    await settle();
    const editing = tab.outbox.put({ ...record, mutationId: 9 });
    await slow.pass('put record/');
    await editing;
    await slow.pass('entries record/');
    await second;
    expect(tab.outbox.get(record.id)?.mutationId).toBe(9);
  });

  it('a record that another tab has removed goes', async () => {
    const disk = memoryStorage();
    const [one, two] = [open(disk), open(disk)];
    await one.outbox.add([one.make()]);
    await two.outbox.load();
    expect(two.ids()).toHaveLength(1);
    await one.outbox.remove(one.ids()[0] as string);
    await two.outbox.load();
    expect(two.ids()).toEqual([]);
    expect(two.changes.at(-1)).toMatchObject({ after: null });
  });

  it('an unchanged record is no change', async () => {
    const disk = memoryStorage();
    const { outbox, make, changes } = open(disk);
    await outbox.add([make()]);
    changes.length = 0;
    await outbox.load();
    expect(changes).toEqual([]);
  });
});

describe('which answers the server may forget', () => {
  it('all below the oldest record that may still be sent, whatever is settled above it', async () => {
    const { outbox, make } = open(memoryStorage());
    const records = ['a', 'b', 'c', 'd'].map((name) => make(name));
    await outbox.add(records);
    const at = (index: number) => records[index] as MutationRecord;
    expect(outbox.ackedThrough(outbox.clientId)).toBe(0);
    await outbox.remove(at(1).id);
    expect(outbox.ackedThrough(outbox.clientId)).toBe(0);
    await outbox.put({ ...at(0), state: 'acknowledged' });
    expect(outbox.ackedThrough(outbox.clientId)).toBe(2);
    await outbox.put({ ...at(2), state: 'conflict' });
    expect(outbox.ackedThrough(outbox.clientId)).toBe(3);
    await outbox.put({ ...at(3), state: 'dead', failure: { code: 'EXPIRED', message: '', givenUp: true } });
    expect(outbox.ackedThrough(outbox.clientId)).toBe(3);
    await outbox.put({ ...at(3), state: 'dead', failure: { code: 'FORBIDDEN', message: '' } });
    expect(outbox.ackedThrough(outbox.clientId)).toBe(4);
    expect(outbox.ackedThrough('stranger')).toBe(0);
  });

  it('not before the rewritten record is durable: a crash would bring back the old one', async () => {
    const gate = gated(memoryStorage());
    const { outbox, make } = open(gate.storage);
    const record = make();
    const added = outbox.add([record]);
    await gate.pass('put client/');
    await gate.pass('put record/');
    await added;
    const rebased = outbox.put({ ...record, clientId: 'other', mutationId: 1 });
    expect(outbox.ackedThrough(outbox.clientId)).toBe(0);
    await gate.pass('put record/');
    await rebased;
    expect(outbox.ackedThrough(outbox.clientId)).toBe(1);
  });

  it('not beyond a record of another tab that has not been heard of: messages may be lost', async () => {
    const disk = memoryStorage();
    const [leader, follower] = [open(disk), open(disk)];
    const [lost, heard] = [follower.make('a'), follower.make('b')];
    await follower.outbox.add([lost, heard]);
    expect([lost, heard].map(leader.outbox.follows)).toEqual([true, false]);
    leader.outbox.mirror(heard.id, heard);
    expect(leader.outbox.ackedThrough(follower.outbox.clientId)).toBe(0);
    await leader.outbox.load();
    expect(leader.outbox.follows(follower.make('c'))).toBe(true);
    expect(leader.ids()).toEqual([lost.id, heard.id]);
    await leader.outbox.remove(lost.id);
    expect(leader.outbox.ackedThrough(follower.outbox.clientId)).toBe(1);
  });

  it('not beyond a record that only a newer release can read, and its client is not retired', async () => {
    const disk = memoryStorage();
    const first = open(disk);
    const [newer, plain] = [first.make('a'), first.make('b')];
    await first.outbox.add([newer, plain]);
    await disk.put(`record/${newer.id}`, { ...((await disk.get(`record/${newer.id}`)) as object), codec: 2 });
    const second = open(disk);
    await second.outbox.load();
    expect(second.outbox.ackedThrough(first.outbox.clientId)).toBe(0);
    await second.outbox.remove(plain.id);
    expect(second.outbox.retired()).toEqual([]);
    second.outbox.leave(first.outbox.clientId);
    expect(second.outbox.retired()).toEqual([]);
    await disk.remove(`record/${newer.id}`);
    await second.outbox.load();
    expect(second.outbox.retired()).toEqual([first.outbox.clientId]);
  });

  it('all of a client that has nothing left, until the server has been told; never of this session itself', async () => {
    const disk = memoryStorage();
    const gone = open(disk);
    const record = gone.make();
    await gone.outbox.add([record]);
    const now = open(disk);
    await now.outbox.add([now.make('b')]);
    await now.outbox.load();
    expect(now.outbox.retired()).toEqual([]);
    expect(now.outbox.otherClients()).toEqual([gone.outbox.clientId]);
    await now.outbox.remove(record.id);
    // As long as its tab lives, it may be about to send.
    expect(now.outbox.retired()).toEqual([]);
    now.outbox.leave(gone.outbox.clientId);
    expect(now.outbox.retired()).toEqual([gone.outbox.clientId]);
    await now.outbox.forget(now.outbox.retired());
    expect(now.outbox.retired()).toEqual([]);
    expect((await disk.entries('client/')).map(([key]) => key)).toEqual([`client/${now.outbox.clientId}`]);
  });
});

it('clearing removes all of it, from memory and disk, and the next record announces its client again', async () => {
  const disk = createFaultyStorage();
  const { outbox, make } = open(disk);
  await outbox.setPaused(true);
  await outbox.add([make(), make('b')]);
  await outbox.clear();
  expect(outbox.records()).toEqual([]);
  expect(await disk.entries('')).toEqual([]);
  expect(await outbox.isPaused()).toBe(false);
  await outbox.add([make('c')]);
  expect((await disk.entries('')).length).toBe(2);
});
