import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../client/adapters/memory.ts';
import { OfflineError } from '../../../client/errors.ts';
import { createEnqueue } from '../../../client/outbox/enqueue.ts';
import { createOutbox } from '../../../client/outbox/outbox.ts';
import { createTickets, type SettledOperation } from '../../../client/outbox/tickets.ts';
import { createFaultyStorage, createSeededRandom } from '../../harness/index.ts';
import { createDesk } from './records.ts';

function holder() {
  const heard: (SettledOperation | OfflineError)[] = [];
  return {
    heard,
    settled: (operation: SettledOperation) => void heard.push(operation),
    failed: (error: OfflineError) => void heard.push(error),
  };
}
const desk = createDesk();
const records = (...keys: readonly string[]) => keys.map((responseKey) => ({ ...desk.draft('updateSite', { id: 's' }), responseKey }));

describe('a ticket', () => {
  it('settles when all records of its operation have, in the order of the document, with every error', () => {
    const tickets = createTickets();
    const [a, b] = records('a', 'b') as [ReturnType<typeof records>[0], ReturnType<typeof records>[0]];
    const waiting = holder();
    tickets.open([a, b], waiting);
    tickets.settle({ ...b, result: 2 }, [{ message: 'half' }]);
    expect(waiting.heard).toEqual([]);
    tickets.settle({ ...a, result: 1 });
    expect(waiting.heard).toEqual([{ data: { a: 1, b: 2 }, errors: [{ message: 'half' }] }]);
    expect(Object.keys((waiting.heard[0] as SettledOperation).data)).toEqual(['a', 'b']);
    tickets.settle(a);
    expect(waiting.heard).toHaveLength(1);
  });

  it('fails once, with the first failure; the other records go on without it', () => {
    const tickets = createTickets();
    const [a, b] = records('a', 'b') as [ReturnType<typeof records>[0], ReturnType<typeof records>[0]];
    const waiting = holder();
    tickets.open([a, b], waiting);
    const error = new OfflineError('MUTATION_REJECTED', 'no');
    tickets.fail(b.id, error);
    tickets.fail(a.id, new OfflineError('DISCARDED', 'no'));
    tickets.settle({ ...a, result: 1 });
    expect(waiting.heard).toEqual([error]);
  });

  it('is told when the layer ends, once each; a closed one hears nothing', () => {
    const tickets = createTickets();
    const [one, two] = [holder(), holder()];
    const closed = records('c');
    tickets.open(records('a', 'b'), one);
    tickets.open(closed, two);
    tickets.close(closed);
    const error = new OfflineError('DISPOSED', 'over');
    tickets.failAll(error);
    tickets.failAll(error);
    expect(one.heard).toEqual([error]);
    expect(two.heard).toEqual([]);
  });
});

describe('taking a mutation in', () => {
  const setUp = (disk = createFaultyStorage(memoryStorage())) => {
    const random = createSeededRandom(3);
    const outbox = createOutbox(
      { storage: disk, random, onEvent: () => undefined },
      { owner: 'ada', limits: { maxRecords: 10, maxRecordLength: 10_000 } },
    );
    const tickets = createTickets();
    const durable: string[] = [];
    const draft = createDesk({ clientId: outbox.clientId, nextMutationId: outbox.nextMutationId, nextSequence: outbox.nextSequence });
    const enqueue = createEnqueue({
      isLoaded: () => true,
      loaded: () => Promise.resolve(),
      outbox,
      tickets,
      draft,
      compaction: null,
      sender: {
        leading: () => null,
        wake: () => durable.push(...outbox.records().map(({ id }) => id)),
        screen: { together: (run) => run(), acknowledge: () => undefined, isKnown: () => false },
        settled: () => undefined,
        onThrow: () => undefined,
      },
    });
    return { disk, outbox, tickets, durable, enqueue };
  };

  it('says that it is durable only when it is', async () => {
    const { disk, outbox, durable, enqueue } = setUp();
    const made = await enqueue({ document: 'mutation M { a b }', variables: {} }, holder());
    expect(disk.log.filter(({ key }) => key.startsWith('record/')).map(({ key }) => key.slice(7))).toEqual(made.map(({ id }) => id));
    expect(durable).toEqual(made.map(({ id }) => id));
    expect(outbox.records()).toEqual(made);
  });

  it('shows it at once, so that the next edit of the same turn is made from what it says', async () => {
    const { outbox, enqueue } = setUp();
    const stored = enqueue({ document: 'mutation M { a }', variables: {} }, holder());
    expect(outbox.records()).toHaveLength(1);
    await stored;
  });

  it('that cannot be stored leaves nothing: no record, no ticket, nothing to send', async () => {
    const { disk, outbox, tickets, durable, enqueue } = setUp();
    disk.faults.failWrites = new OfflineError('STORAGE_UNAVAILABLE', 'private mode');
    const waiting = holder();
    await expect(enqueue({ document: 'mutation M { a b }', variables: {} }, waiting)).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
    tickets.failAll(new OfflineError('DISPOSED', 'over'));
    expect([outbox.records(), durable, waiting.heard]).toEqual([[], [], []]);
  });

  it('whose root fields are all switched off is done at once, instead of waiting for ever', async () => {
    const { enqueue, disk } = setUp();
    const waiting = holder();
    await enqueue({ document: 'mutation M($on: Boolean!) { a @include(if: $on) }', variables: { on: false } }, waiting);
    expect(waiting.heard).toEqual([{ data: {}, errors: [] }]);
    expect(disk.log.filter(({ key }) => key.startsWith('record/'))).toEqual([]);
  });
});
