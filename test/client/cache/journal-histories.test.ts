import { gql } from '@apollo/client';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createJournal, type Journal } from '../../../client/cache/journal.ts';
import { OfflineCache } from '../../../client/cache/offline-cache.ts';
import { createFaultyStorage, createSimulatedClock, createSimulatedLifecycle, type FaultyStorage } from '../../harness/index.ts';

const LIST = gql`
  query List($kind: String) { items(kind: $kind) { id title } }
`;
const ITEM = gql`
  fragment Item on Item { id title }
`;
const item = (id: number, title: string) => ({ __typename: 'Item', id: `${id}`, title });

type Op =
  | { readonly op: 'list'; readonly kind: string; readonly ids: readonly number[]; readonly text: string }
  | { readonly op: 'item' | 'modify' | 'pending'; readonly id: number; readonly text: string }
  | { readonly op: 'evict' | 'retain' | 'release'; readonly id: number }
  | { readonly op: 'gc' | 'reset' | 'flush' | 'checkpoint' };

const id = fc.integer({ min: 1, max: 12 });
const text = fc.constantFrom('a', 'b', 'c');
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ op: fc.constant('list' as const), kind: text, ids: fc.uniqueArray(id, { maxLength: 8 }), text }),
  },
  { weight: 4, arbitrary: fc.record({ op: fc.constantFrom('item' as const, 'modify' as const, 'pending' as const), id, text }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constantFrom('evict' as const, 'retain' as const, 'release' as const), id }) },
  { weight: 6, arbitrary: fc.record({ op: fc.constantFrom('flush' as const, 'flush' as const, 'checkpoint' as const, 'gc' as const) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('reset' as const) }) },
);

function boot(storage: FaultyStorage) {
  const cache = new OfflineCache();
  const codes: string[] = [];
  const clock = createSimulatedClock();
  const journal = createJournal(
    { cache, storage, clock, lifecycle: createSimulatedLifecycle(), schemaHash: null, onEvent: ({ code }) => void codes.push(code) },
    { chunkSize: 4, minJournalEntities: 6 },
  );
  return { cache, journal, codes };
}

const stateOf = (cache: OfflineCache, journal: Journal) => ({ data: cache.extract(), checkpoint: journal.checkpoint() });

/** Nothing that was flushed is lost, and nothing is there that never was. */
it('a crash at any put of any history leaves what was flushed last, or what was being flushed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(op, { minLength: 3, maxLength: 30 }),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom('before' as const, 'after' as const),
      async (ops, step, when) => {
        const disk = createFaultyStorage();
        disk.crashAt(step, when);
        const { cache, journal } = boot(disk);
        await journal.restore();
        await journal.start();
        let flushed = stateOf(cache, journal);
        let underWay = flushed;
        let checkpoints = 0;
        for (const each of [...ops, { op: 'flush' } as const]) {
          if (disk.isCrashed) break;
          switch (each.op) {
            case 'list':
              cache.writeQuery({
                query: LIST,
                variables: { kind: each.kind },
                data: { items: each.ids.map((n) => item(n, each.text)) },
              });
              break;
            case 'item':
              cache.writeFragment({ fragment: ITEM, data: item(each.id, each.text) });
              break;
            case 'modify':
              cache.modify({ id: `Item:${each.id}`, fields: { title: () => each.text } });
              break;
            case 'pending':
              cache.showPending(each.text, 1, (layer) => void layer.writeFragment({ fragment: ITEM, data: item(each.id, 'only hoped') }));
              break;
            case 'evict':
              cache.evict({ id: `Item:${each.id}` });
              break;
            case 'retain':
            case 'release':
              cache[each.op](`Item:${each.id}`);
              break;
            case 'gc':
              cache.gc();
              break;
            case 'reset':
              void cache.reset();
              break;
            case 'checkpoint':
              journal.setCheckpoint(++checkpoints);
              break;
            case 'flush':
              underWay = stateOf(cache, journal);
              await Promise.race([journal.flush(), disk.crashed]);
              if (!disk.isCrashed) flushed = underWay;
              break;
          }
        }
        const next = boot(disk.reload());
        let screens = 0;
        await next.journal.restore({ onScreen: () => screens++ });
        expect(screens).toBeGreaterThan(0);
        expect(next.codes).toEqual([]);
        const found = stateOf(next.cache, next.journal);
        const isFlushed = equal(found, flushed);
        if (!isFlushed) expect(found).toEqual(underWay);
      },
    ),
    { numRuns: 300 },
  );
});

function equal(a: unknown, b: unknown): boolean {
  try {
    expect(a).toEqual(b);
    return true;
  } catch {
    return false;
  }
}
