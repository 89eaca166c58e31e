import { gql } from '@apollo/client';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OfflineCache } from '../../../client/cache/offline-cache.ts';
import { createRetention, SWEEP_MS } from '../../../client/cache/retention.ts';
import { createUsage } from '../../../client/cache/usage.ts';
import { createSimulatedClock } from '../../harness/index.ts';

const LIST = gql`
  query List($kind: String) { items(kind: $kind) { nodes { key: id text: title box { id label } } total } }
`;
const TOTAL = gql`
  query Total($kind: String) { items(kind: $kind) { total } }
`;
const BOX = gql`
  query Box($id: ID) { box(id: $id) { id label items { id title } } }
`;
interface ListData {
  readonly items: { readonly nodes: readonly { readonly key: string; readonly text: string }[]; readonly total: number };
}
interface BoxData {
  readonly box: { readonly items: readonly { readonly id: string }[] };
}

type Op =
  | { readonly op: 'list' | 'box'; readonly kind: string; readonly ids: readonly number[] }
  | { readonly op: 'read' | 'watch' | 'watchTotal' | 'leave'; readonly kind: string }
  | { readonly op: 'edit' | 'settle'; readonly id: number }
  | { readonly op: 'wait'; readonly ms: number }
  | { readonly op: 'offline' | 'online' };

const kind = fc.constantFrom('a', 'b', 'c');
const id = fc.integer({ min: 1, max: 12 });
const ids = fc.uniqueArray(id, { maxLength: 6 });
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constantFrom('list' as const, 'list' as const, 'box' as const), kind, ids }) },
  {
    weight: 5,
    arbitrary: fc.record({ op: fc.constantFrom('read' as const, 'watch' as const, 'watchTotal' as const, 'leave' as const), kind }),
  },
  { weight: 3, arbitrary: fc.record({ op: fc.constantFrom('edit' as const, 'settle' as const), id }) },
  { weight: 5, arbitrary: fc.record({ op: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 4 * SWEEP_MS }) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('offline' as const, 'online' as const) }) },
);

const item = (n: number) => ({ __typename: 'Item', id: `${n}`, title: `title ${n}` });
const box = (name: string) => ({ __typename: 'Box', id: name, label: `box ${name}` });

/** Whatever the history: pending edits stay, who watches loses nothing, nobody gets a part for the whole, and the budget holds at rest. */
it('what goes is missed by nobody', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(op, { minLength: 5, maxLength: 40 }),
      fc.record({
        maxEntities: fc.integer({ min: 1, max: 12 }),
        timeToLiveMs: fc.constantFrom({}, { Item: 3 * SWEEP_MS }, { '*': 2 * SWEEP_MS }, { Box: 1, '*': 5 * SWEEP_MS }),
      }),
      async (ops, options) => {
        // An answer replaces a list, as it does without a merge function; this way without a warning.
        const cache = new OfflineCache({ typePolicies: { Box: { fields: { items: { merge: false } } } } });
        const clock = createSimulatedClock();
        const pending = new Set<string>();
        let isOnline = true;
        const gone: string[] = [];
        const retention = createRetention(
          {
            cache,
            clock,
            usage: createUsage(clock),
            online: () => isOnline,
            pending: () => pending,
            onEvicted: (evicted) => gone.push(...evicted.keys()),
            onEvent: () => {},
          },
          options,
        );
        const ended = new AbortController();
        retention.run(ended.signal);

        const lists = new Map<string, readonly number[]>();
        const boxes = new Map<string, readonly number[]>();
        const watches = new Map<string, () => void>();
        const incomplete: string[] = [];
        const watch = (name: string, query: typeof LIST, variables: { kind: string }) => {
          if (watches.has(name) || !lists.has(variables.kind) || !cache.diff({ query, variables, optimistic: true }).complete) return;
          const callback = ({ complete }: { complete?: boolean }) => void (complete || incomplete.push(name));
          watches.set(name, cache.watch({ query, variables, optimistic: true, immediate: true, callback }));
        };
        const look = () => {
          for (const [key, expected] of lists) {
            const read = cache.diff<ListData>({ query: LIST, variables: { kind: key }, optimistic: true });
            if (read.complete) expect(read.result?.items.nodes.map((node) => Number(node.key))).toEqual(expected);
            else expect([...watches.keys()]).not.toContain(`list ${key}`);
            if (watches.has(`total ${key}`))
              expect(cache.diff({ query: TOTAL, variables: { kind: key }, optimistic: true }).complete).toBe(true);
          }
          for (const [name, expected] of boxes) {
            const read = cache.diff<BoxData>({ query: BOX, variables: { id: name }, optimistic: true });
            if (read.complete) expect(read.result?.box.items.map((each) => Number(each.id))).toEqual(expected);
          }
        };

        for (const step of ops) {
          if (step.op === 'list') {
            lists.set(step.kind, step.ids);
            const nodes = step.ids.map((n) => ({ key: `${n}`, text: `title ${n}`, ...item(n), box: box(`${n % 3}`) }));
            // As an answer of the server that selects the id under its own name as well.
            cache.writeQuery({
              query: gql`query List($kind: String) { items(kind: $kind) { nodes { id title box { id label } } total } }`,
              variables: { kind: step.kind },
              data: { items: { __typename: 'Items', nodes, total: nodes.length } },
            });
          } else if (step.op === 'box') {
            boxes.set(step.kind, step.ids);
            cache.writeQuery({ query: BOX, variables: { id: step.kind }, data: { box: { ...box(step.kind), items: step.ids.map(item) } } });
          } else if (step.op === 'read') cache.readQuery({ query: LIST, variables: { kind: step.kind } });
          else if (step.op === 'watch') watch(`list ${step.kind}`, LIST, { kind: step.kind });
          else if (step.op === 'watchTotal') watch(`total ${step.kind}`, TOTAL, { kind: step.kind });
          else if (step.op === 'leave') {
            for (const name of [`list ${step.kind}`, `total ${step.kind}`]) {
              watches.get(name)?.();
              watches.delete(name);
            }
          } else if (step.op === 'edit') {
            if (!cache.rootEntity(`Item:${step.id}`) || pending.has(`Item:${step.id}`)) continue;
            pending.add(`Item:${step.id}`);
            cache.showPending(`${step.id}`, step.id, (layer) => {
              layer.modify({ id: `Item:${step.id}`, fields: { title: () => 'edited' } });
            });
          } else if (step.op === 'settle') {
            pending.delete(`Item:${step.id}`);
            cache.hidePending(`${step.id}`);
          } else if (step.op === 'wait') await clock.advance(step.ms);
          else isOnline = step.op === 'online';
          look();
          for (const key of pending) {
            expect(cache.rootEntity(key)).toBeDefined();
            expect(cache.readFragment({ id: key, fragment: gql`fragment T on Item { title }` }, true)).toMatchObject({ title: 'edited' });
          }
        }

        isOnline = true;
        await clock.advance(12 * SWEEP_MS);
        look();
        expect(incomplete).toEqual([]);
        for (const leave of watches.values()) leave();
        await clock.advance(3 * SWEEP_MS);
        const left = cache.rootIds().filter((key) => !key.startsWith('ROOT_'));
        // An edit touches what its item refers to as well.
        const boxOf = (key: string) => (cache.rootEntity(key)?.box as { readonly __ref: string } | undefined)?.__ref;
        const touched = new Set([...pending].flatMap((key) => [key, boxOf(key) ?? key]));
        expect(left.length).toBeLessThanOrEqual(Math.max(options.maxEntities, touched.size));
        ended.abort();
        expect(clock.pending()).toBe(0);
      },
    ),
    { numRuns: 150 },
  );
});
