import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createWriteGroup, type Write } from '../../../client/adapters/write-group.ts';

function scene(options: { readonly isWhole?: boolean; readonly isOpen?: boolean; readonly isEager?: boolean } = {}) {
  let openings = 0;
  const cells = new Map<string, unknown>();
  const transactions: number[] = [];
  const log: (string | number)[] = [];
  const apply = ({ key, ...write }: Write): void => {
    if (write.value === 'bad') throw new Error(`cannot write ${key}`);
    if ('value' in write) cells.set(key, write.value);
    else cells.delete(key);
  };
  const group = createWriteGroup({
    async ready() {
      openings += 1;
      if (options.isOpen === false) throw new Error('closed');
    },
    begin() {
      if (!options.isEager) return null;
      const batch: Write[] = [];
      log.push('begin');
      return {
        add(writes) {
          log.push(writes.length);
          batch.push(...writes);
        },
        async commit() {
          log.push('commit');
          await Promise.resolve();
          if (options.isWhole === false || batch.some(({ value }) => value === 'bad')) throw new Error('one of them is bad');
          transactions.push(batch.length);
          for (const write of batch) apply(write);
        },
      };
    },
    async together(writes) {
      await Promise.resolve();
      if (options.isWhole === false) return false;
      if (writes.some(({ value }) => value === 'bad')) throw new Error('one of them is bad');
      transactions.push(writes.length);
      for (const write of writes) apply(write);
      return true;
    },
    async alone(write) {
      await Promise.resolve();
      transactions.push(1);
      apply(write);
    },
  });
  return { cells, transactions, log, group, openings: () => openings };
}

it('what comes in one turn is one transaction; what comes while it is written is the next', async () => {
  const { cells, transactions, group } = scene();
  const first = Array.from({ length: 1_000 }, (_, index) => group.write({ key: `k${index}`, value: index }));
  await first[0];
  await Promise.all([...first, group.write({ key: 'k0' }), group.write({ key: 'last', value: 1 })]);
  expect(transactions).toEqual([1_000, 2]);
  expect(cells.size).toBe(1_000);
  expect(cells.has('k0')).toBe(false);
});

const many = (group: ReturnType<typeof scene>['group'], count: number, value: unknown = 1) =>
  Array.from({ length: count }, (_, index) => group.write({ key: `k${index}`, value }));

it('a burst goes to the engine in parts while it is made, in one transaction; what comes after the turn goes with the next', async () => {
  const { cells, log, transactions, group } = scene({ isEager: true });
  const first = many(group, 300);
  expect(log).toEqual(['begin', 128, 128]);
  await Promise.resolve();
  expect(log).toEqual(['begin', 128, 128, 44, 'commit']);
  const later = many(group, 140, 2);
  // Behind a transaction that has not ended nothing is begun.
  expect(log).toHaveLength(5);
  await Promise.all([...first, ...later]);
  expect([transactions, cells.get('k0'), cells.get('k299')]).toEqual([[300, 140], 2, 1]);
  await Promise.all(many(group, 127));
  expect(log).toHaveLength(5);
  await Promise.all(many(group, 128));
  expect(log.slice(5)).toEqual(['begin', 128, 0, 'commit']);
});

it.each([true, false])('one of a burst that fails keeps out none of the others (transactions: %s)', async (isWhole) => {
  const { cells, group } = scene({ isEager: true, isWhole });
  const ended = await Promise.allSettled([...many(group, 200), group.write({ key: 'bad', value: 'bad' }), ...many(group, 200, 2)]);
  expect(ended.flatMap(({ status }, index) => (status === 'rejected' ? index : []))).toEqual([200]);
  expect([cells.size, cells.get('k0'), cells.has('bad')]).toEqual([200, 2, false]);
});

it.each([true, false])('one that fails keeps out none of the others, and hears of it alone (transactions: %s)', async (isWhole) => {
  const { cells, group } = scene({ isWhole });
  const ended = await Promise.allSettled(['a', 'bad', 'c'].map((value) => group.write({ key: value, value })));
  expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect([...cells.keys()]).toEqual(['a', 'c']);
});

it('a storage that cannot be opened is asked once for all', async () => {
  const { group, openings, transactions } = scene({ isOpen: false });
  const ended = await Promise.allSettled(['a', 'b', 'c'].map((value) => group.write({ key: value, value })));
  expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(openings()).toBe(1);
  expect(transactions).toEqual([]);
});

it('whatever is asked for: everything takes effect in the order asked for, and whoever reads afterwards reads it', async () => {
  const step = fc.oneof(
    fc.record({ key: fc.constantFrom('a', 'b'), value: fc.constantFrom<unknown>(1, 2, 'bad') }),
    fc.record({ key: fc.constantFrom('a', 'b') }),
    fc.constantFrom('other' as const, 'read' as const, 'pause' as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const { cells, group } = scene();
      const expected = new Map<string, unknown>();
      const asked: Promise<unknown>[] = [];
      for (const [index, each] of steps.entries()) {
        if (each === 'pause') await Promise.resolve();
        else if (each === 'read') {
          await group.settled();
          expect(cells).toEqual(expected);
        } else if (each === 'other') {
          asked.push(group.inTurn(async () => void cells.set('a', index)));
          expected.set('a', index);
        } else {
          asked.push(group.write(each).catch(() => undefined));
          if (!('value' in each)) expected.delete(each.key);
          else if (each.value !== 'bad') expected.set(each.key, each.value);
        }
      }
      await Promise.all(asked);
      expect(cells).toEqual(expected);
    }),
  );
});
