import { gql, InMemoryCache, type Reference } from '@apollo/client';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OfflineCache } from '../../../client/cache/offline-cache.ts';

const LIST = gql`
  query List($kind: String) { items(kind: $kind) { id title owner { id name } } }
`;
const ITEM = gql`
  fragment Item on Item { id title owner { id name } }
`;
const NAME = gql`
  fragment Name on Owner { id name }
`;
const owner = (n: number) => ({ __typename: 'Owner', id: String(n), name: `owner ${n}` });
const item = (n: number, title: string) => ({ __typename: 'Item', id: String(n), title, owner: n % 3 === 0 ? null : owner(n % 2) });

type Op =
  | { readonly op: 'list'; readonly kind: string | null; readonly ids: readonly number[]; readonly text: string; readonly quiet: boolean }
  | { readonly op: 'item'; readonly id: number; readonly text: string; readonly quiet: boolean }
  | {
      readonly op: 'modify';
      readonly id: number;
      readonly how: 'set' | 'delete' | 'invalidate' | 'deleteAll' | 'same';
      readonly text: string;
    }
  | { readonly op: 'unlist'; readonly id: number }
  | { readonly op: 'evict'; readonly id: number; readonly field: 'title' | 'owner' | null; readonly quiet: boolean }
  | { readonly op: 'evictList'; readonly kind: string | null }
  | { readonly op: 'gc'; readonly reset: boolean }
  | { readonly op: 'retain' | 'release'; readonly id: number }
  | { readonly op: 'layer'; readonly layer: number; readonly id: number; readonly text: string }
  | { readonly op: 'removeLayer'; readonly layer: number }
  | { readonly op: 'watch'; readonly optimistic: boolean; readonly kind: string | null }
  | { readonly op: 'unwatch'; readonly at: number }
  | { readonly op: 'reset'; readonly discard: boolean }
  | { readonly op: 'restore' }
  | { readonly op: 'batch'; readonly ops: readonly Op[]; readonly throws: boolean };

const id = fc.integer({ min: 1, max: 5 });
const text = fc.constantFrom('a', 'b', 'c');
const kind = fc.constantFrom('x', null);
const quiet = fc.boolean();
const layer = fc.integer({ min: 1, max: 3 });
const change: fc.Arbitrary<Op> = fc.oneof(
  fc.record({ op: fc.constant('list' as const), kind, ids: fc.uniqueArray(id, { maxLength: 4 }), text, quiet }),
  fc.record({ op: fc.constant('item' as const), id, text, quiet }),
  fc.record({
    op: fc.constant('modify' as const),
    id,
    how: fc.constantFrom('set' as const, 'delete' as const, 'invalidate' as const, 'deleteAll' as const, 'same' as const),
    text,
  }),
  fc.record({ op: fc.constant('unlist' as const), id }),
  fc.record({ op: fc.constant('evict' as const), id, field: fc.constantFrom('title' as const, 'owner' as const, null), quiet }),
  fc.record({ op: fc.constant('evictList' as const), kind }),
);
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 8, arbitrary: change },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('layer' as const), layer, id, text }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('removeLayer' as const), layer }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('watch' as const), optimistic: fc.boolean(), kind }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('unwatch' as const), at: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('gc' as const), reset: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('retain' as const, 'release' as const), id }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('reset' as const), discard: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('restore' as const) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('batch' as const), ops: fc.array(change, { maxLength: 3 }), throws: fc.boolean() }) },
);

/** One cache, what its watchers were told, and what each step gave. */
function createSubject(cache: InMemoryCache) {
  const told: unknown[] = [];
  let stops: (() => void)[] = [];
  let watchers = 0;

  const run = (step: Op): unknown => {
    switch (step.op) {
      case 'list': {
        const data = { items: step.ids.map((each) => item(each, step.text)) };
        return cache.writeQuery({ query: LIST, variables: { kind: step.kind }, data, broadcast: !step.quiet });
      }
      case 'item':
        return cache.writeFragment({ fragment: ITEM, data: item(step.id, step.text), broadcast: !step.quiet });
      case 'modify':
        return cache.modify({
          id: `Item:${step.id}`,
          fields:
            step.how === 'deleteAll'
              ? (_, { DELETE }) => DELETE
              : {
                  title: (title, { DELETE, INVALIDATE }) =>
                    ({ set: step.text, delete: DELETE, invalidate: INVALIDATE, same: title })[step.how as 'set'],
                },
        });
      case 'unlist':
        return cache.modify({
          fields: {
            items: (refs, { readField }) => (refs as readonly Reference[]).filter((ref) => readField('id', ref) !== String(step.id)),
          },
        });
      case 'evict':
        return cache.evict({ id: `Item:${step.id}`, ...(step.field ? { fieldName: step.field } : {}), broadcast: !step.quiet });
      case 'evictList':
        return cache.evict({ fieldName: 'items', args: { kind: step.kind } });
      case 'gc':
        return cache.gc({ resetResultCache: step.reset }).sort();
      case 'retain':
        return cache.retain(`Item:${step.id}`);
      case 'release':
        return cache.release(`Item:${step.id}`);
      case 'layer':
        // Whole: a layer of Apollo's hides what is written under it later, and ours lets that through, as it is there to do.
        return cache.recordOptimisticTransaction(
          (target) => void target.writeFragment({ fragment: NAME, data: { ...owner(step.id % 2), name: `hoped ${step.text}` } }),
          String(step.layer),
        );
      case 'removeLayer':
        return cache.removeOptimistic(String(step.layer));
      case 'watch': {
        const name = watchers++;
        const { optimistic } = step;
        const stop = cache.watch({
          query: LIST,
          variables: { kind: step.kind },
          optimistic,
          returnPartialData: true,
          immediate: true,
          callback: ({ result, complete }) => told.push([name, result, complete]),
        });
        return void stops.push(stop);
      }
      case 'unwatch':
        return stops[step.at]?.();
      case 'reset':
        if (step.discard) stops = [];
        return void cache.reset({ discardWatches: step.discard });
      case 'restore':
        return void cache.restore(cache.extract());
      case 'batch':
        return cache.batch({
          update() {
            const given = step.ops.map(run);
            if (step.throws) throw new Error('planned');
            return given;
          },
        });
    }
  };

  return {
    step(each: Op): unknown {
      told.length = 0;
      try {
        return run(each);
      } catch (error) {
        return String(error);
      }
    },
    look: () => [
      told,
      cache.extract(),
      cache.extract(true),
      ...[true, false].map((optimistic) => {
        const diff = cache.diff({ query: LIST, variables: { kind: 'x' }, optimistic, returnPartialData: true });
        return [diff.result, diff.complete, diff.missing?.message];
      }),
      cache.readFragment({ id: 'Owner:1', fragment: NAME }),
    ],
  };
}

describe('after any history of its public methods', () => {
  // Apollo warns of what such a history does; what it says is compared elsewhere (in-memory-cache.test.ts).
  beforeEach(() => {
    for (const level of ['warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(() => undefined);
  });
  afterEach(() => void vi.restoreAllMocks());

  it('OfflineCache is what InMemoryCache is, says what it says, and tells its watchers the same', () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 30 }), (steps) => {
        const [native, ours] = [createSubject(new InMemoryCache()), createSubject(new OfflineCache())] as const;
        for (const each of steps) {
          const expected = [native.step(each), native.look()];
          expect([ours.step(each), ours.look()]).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });
});
