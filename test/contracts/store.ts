import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compareRows, type Filter, matches, type Order } from '../../schema/list.ts';
import type { Position, Row, Store, StoredLease, WriteTransaction } from '../../server/store/store.ts';
import { site, todo, types } from '../server/model.ts';

/**
 * What every engine promises. `make` gives a new, empty, unopened store. `concurrent`: writers that do not meet run side by side. `runs`: of the
 * property test, which makes a store each time.
 */
export function storeContract(name: string, make: () => Promise<Store>, { concurrent = false, runs = 150 } = {}): void {
  describe(`Store contract: ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await make();
      await store.open(types);
    });
    afterEach(() => store.close());
    const put = (...rows: ReturnType<typeof todo>[]) =>
      store.write(async (tx) => {
        for (const stored of rows) await tx.put(stored.row.__typename, stored);
      });
    const ids = (rows: readonly Row[]) => rows.map(({ id }) => id);

    describe('rows', () => {
      it('come back as they were written, falsy values and field versions included', async () => {
        const stored = todo('a', {
          title: '',
          done: false,
          priority: 0,
          weight: 1.5,
          severity: 'HIGH',
          count: 2 ** 31 - 1,
          tags: ['x', '', 'ß😀\u0000'],
          note: { deep: [null, false, 0, ''] },
          siteId: 's',
          _version: 7,
        });
        await put({ ...stored, fieldVersions: { '*': 3, title: 7 } });
        expect(await store.reads.get('Todo', 'a')).toEqual({ row: stored.row, fieldVersions: { '*': 3, title: 7 } });
        expect(await store.reads.get('Todo', 'b')).toBeNull();
        expect(await store.reads.get('Site', 'a')).toBeNull();
      });

      it.each([[true], [false], ['text'], [5], [0.5], [[1, 'two', null]], [{ a: 1 }]])(
        'a scalar of the application keeps %j',
        async (note) => {
          await put(todo('a', { note }));
          expect((await store.reads.get('Todo', 'a'))?.row.note).toEqual(note);
        },
      );

      it('an unknown type is named', async () => {
        await expect(store.reads.get('Nope', 'a')).rejects.toMatchObject({ code: 'UNKNOWN_TYPE' });
        await expect(
          store.write((tx) => tx.put('Nope', { ...site('a'), row: { ...site('a').row, __typename: 'Nope' } })),
        ).rejects.toMatchObject({ code: 'UNKNOWN_TYPE' });
      });
    });

    describe('transactions', () => {
      it('a write that throws leaves nothing', async () => {
        const failing = store.write(async (tx) => {
          await tx.put('Todo', todo('a'));
          await tx.saveResult({ user: 'u', clientId: 'c', mutationId: 1 }, { fingerprint: 'f', outcome: 'applied', answer: '{}' });
          throw new Error('no');
        });
        await expect(failing).rejects.toThrow('no');
        expect(await store.reads.get('Todo', 'a')).toBeNull();
        await store.write(async (tx) => expect(await tx.findResult({ user: 'u', clientId: 'c', mutationId: 1 })).toBeNull());
      });

      it('a savepoint is undone alone, nested ones too', async () => {
        await store.write(async (tx) => {
          await tx.put('Todo', todo('a'));
          const failing = tx.savepoint(async (part) => {
            await part.put('Todo', todo('b'));
            await part.savepoint((inner) => inner.put('Todo', todo('c')));
            expect(await part.get('Todo', 'c')).not.toBeNull();
            throw new Error('no');
          });
          await expect(failing).rejects.toThrow('no');
          await tx.savepoint((part) => part.put('Todo', todo('d')));
        });
        expect(ids(await store.reads.list('Todo', { filter: null, order: [], after: null, limit: 9 }))).toEqual(['a', 'd']);
      });

      it('readers see committed data only, the writer sees its own', async () => {
        await store.write(async (tx) => {
          await tx.put('Todo', todo('a'));
          expect(await tx.get('Todo', 'a')).not.toBeNull();
          expect(await tx.count('Todo', null)).toBe(1);
          expect(await store.reads.get('Todo', 'a')).toBeNull();
        });
        expect(await store.reads.get('Todo', 'a')).not.toBeNull();
      });

      it('writers that meet in a row run one after another, and a failing one harms no other', async () => {
        await put(todo('hot', { count: 0 }));
        const increment = (fails: boolean) =>
          store.write(async (tx) => {
            const before = await tx.get('Todo', 'hot');
            await new Promise((resolve) => setImmediate(resolve));
            await tx.put('Todo', todo('hot', { count: Number(before?.row.count) + 1 }));
            if (fails) throw new Error('no');
          });
        const settled = await Promise.allSettled([false, true, false, false, true, false].map(increment));
        expect(settled.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, true, false, true]);
        expect((await store.reads.get('Todo', 'hot'))?.row.count).toBe(4);
      });

      it('of two that make the same entity the second finds it made', async () => {
        const make = (name: string) =>
          store.write(async (tx) => {
            if ((await tx.get('Todo', 'a')) !== null) return 'found';
            await new Promise((resolve) => setImmediate(resolve));
            await tx.put('Todo', todo('a', { title: name }));
            return 'made';
          });
        expect((await Promise.all([make('x'), make('y')])).sort()).toEqual(['found', 'made']);
      });

      it.skipIf(!concurrent)('… also when it looked before the first was done, and writes after', async () => {
        let looks = 0;
        const second = store.write(async (tx) => {
          if ((await tx.get('Todo', 'a')) !== null) return 'found';
          if (looks++ === 0) await store.write((first) => first.put('Todo', todo('a', { title: 'x' })));
          await tx.put('Todo', todo('a', { title: 'y' }));
          return 'made';
        });
        expect(await second).toBe('found');
        expect((await store.reads.get('Todo', 'a'))?.row.title).toBe('x');
      });

      it('deliveries of one client run one after another', async () => {
        const key = { user: 'u', clientId: 'c', mutationId: 1 };
        const deliver = () =>
          store.write(async (tx) => {
            await tx.acknowledge('u', 'c', 0);
            if ((await tx.findResult(key)) !== null) return 'repeat';
            await new Promise((resolve) => setImmediate(resolve));
            await tx.saveResult(key, { fingerprint: 'f', outcome: 'applied', answer: '{}' });
            return 'first';
          });
        expect((await Promise.all([deliver(), deliver(), deliver()])).sort()).toEqual(['first', 'repeat', 'repeat']);
      });

      it.skipIf(concurrent)('writers that overlap in time run one after another, in order, and a failing one harms no other', async () => {
        const trace: string[] = [];
        const job = (name: string, fails = false) =>
          store.write(async (tx) => {
            trace.push(`${name} begins`);
            await tx.put('Todo', todo(name));
            await new Promise((resolve) => setImmediate(resolve));
            trace.push(`${name} ends`);
            if (fails) throw new Error(name);
          });
        const settled = await Promise.allSettled([job('a'), job('b', true), job('c')]);
        expect(trace).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
        expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
        expect(ids(await store.reads.list('Todo', { filter: null, order: [], after: null, limit: 9 }))).toEqual(['a', 'c']);
      });

      it('a handle is closed when its part ends: late work cannot leak into what comes after', async () => {
        let late: (() => Promise<void>) | undefined;
        await store.write(async (tx) => {
          await tx.savepoint(async (part) => {
            late = async () => part.put('Todo', todo('late'));
          });
          await expect(late?.()).rejects.toMatchObject({ code: 'TRANSACTION_CLOSED' });
        });
        await expect(late?.()).rejects.toMatchObject({ code: 'TRANSACTION_CLOSED' });
        expect(await store.reads.get('Todo', 'late')).toBeNull();
      });

      it('a nested part that outlives its parent ends without touching anything', async () => {
        let release: () => void = () => undefined;
        let nested: Promise<unknown> = Promise.resolve();
        await store.write(async (tx) => {
          const outer = tx.savepoint(async (part) => {
            nested = part.savepoint(() => new Promise<void>((resolve) => (release = resolve)));
            nested.catch(() => undefined);
            throw new Error('timed out');
          });
          await expect(outer).rejects.toThrow('timed out');
          await tx.put('Todo', todo('a'));
          release();
          await expect(nested).rejects.toMatchObject({ code: 'TRANSACTION_CLOSED' });
        });
        expect(await store.reads.get('Todo', 'a')).not.toBeNull();
      });
    });

    describe('lists', () => {
      const text = fc.oneof(
        fc.constantFrom('', 'a', 'A', 'ab', 'AB%_', 'é', 'É', '😀', '\uff01', '\u0000x'),
        fc.string({ unit: 'binary', maxLength: 4 }),
      );
      const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
      const fields = {
        title: text,
        done: maybe(fc.boolean()),
        priority: maybe(fc.integer({ min: -2, max: 2 })),
        weight: maybe(fc.constantFrom(-1.5, 0, 0.1, 1e300)),
        severity: maybe(fc.constantFrom('HIGH', 'LOW', 'low')),
        siteId: maybe(text),
      };
      const rowsOf = fc.array(
        fc.record({ ...fields, tags: fc.array(text, { maxLength: 3 }), _deleted: fc.constantFrom(false, false, false, true) }),
        { maxLength: 12 },
      );
      type Name = keyof typeof fields;
      const names = Object.keys(fields) as Name[];
      const condition = (name: Name): fc.Arbitrary<Filter> => {
        const operand = maybe(fields[name] as fc.Arbitrary<unknown>);
        const operators = fc.record(
          {
            eq: operand,
            ne: operand,
            in: maybe(fc.array(operand, { maxLength: 3 })),
            lt: operand,
            lte: operand,
            gt: operand,
            gte: operand,
            contains: maybe(text),
          },
          { requiredKeys: [] },
        );
        // One or two operators at a time: more would hardly ever match a row.
        return operators.map((all) => ({ [name]: Object.fromEntries(Object.entries(all).slice(0, 2)) }));
      };
      const tags = fc
        .oneof(fc.record({ contains: maybe(text) }), fc.record({ eq: fc.constant(null) }), fc.record({ ne: fc.constant(null) }))
        .map((of) => ({ tags: of }));
      const leaf: fc.Arbitrary<Filter> = fc.oneof(fc.constant({}), tags, ...names.map(condition));
      const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
        filter: fc.oneof(
          { maxDepth: 3, withCrossShrink: true },
          leaf,
          fc.record(
            {
              and: maybe(fc.array(tie('filter'), { maxLength: 2 })),
              or: maybe(fc.array(tie('filter'), { maxLength: 2 })),
              not: maybe(tie('filter')),
            },
            { requiredKeys: [] },
          ),
        ),
      }));
      const order: fc.Arbitrary<Order[]> = fc.array(
        fc.record({
          field: fc.constantFrom(...names, '_version', 'id'),
          direction: fc.constantFrom('ASC' as const, 'DESC' as const, null),
        }),
        { maxLength: 3 },
      );

      it('filter, order and page exactly as schema/list.ts says', async () => {
        await fc.assert(
          fc.asyncProperty(rowsOf, filter, order, fc.integer({ min: 1, max: 4 }), async (given, where, by, limit) => {
            const target = await make();
            await target.open(types);
            const rows = given.map((of, index) => todo(`id${index}`, { ...of, _version: (index % 3) + 1 }));
            await target.write(async (tx) => {
              for (const stored of rows) await tx.put('Todo', stored);
            });
            const read = (row: Row) => (field: string) => row[field];
            const wanted = rows
              .map(({ row }) => row)
              .filter((row) => !row._deleted && matches(where, read(row)) === true)
              .sort((a, b) => compareRows(by, read(a), read(b)));
            const got: Row[] = [];
            for (let after: unknown[] | null = null; ; ) {
              const page: readonly Row[] = await target.reads.list('Todo', { filter: where, order: by, after, limit });
              got.push(...page);
              const last = page.at(-1);
              if (last === undefined || page.length < limit) break;
              after = [...by.map(({ field }) => last[field]), last.id];
            }
            expect(ids(got)).toEqual(ids(wanted));
            expect(await target.reads.count('Todo', where)).toBe(wanted.length);
            await target.close();
          }),
          { numRuns: runs },
        );
      }, 60_000);

      it.each([
        ['an unknown field', { nope: { eq: 1 } }],
        ['an unknown operator', { title: { like: 'x' } }],
        ['a value of another type', { title: { eq: 5 } }],
        ['an order on lists', { tags: { lt: 'x' } }],
        ['a list of everything', { title: { in: Array.from({ length: 1001 }, () => 'x') } }],
        ['six levels', { not: { not: { not: { not: { not: { not: { title: { eq: 'x' } } } } } } } }],
      ])('refuses %s as bad input', async (_, where) => {
        await expect(store.reads.list('Todo', { filter: where, order: [], after: null, limit: 1 })).rejects.toMatchObject({
          extensions: { code: 'BAD_USER_INPUT' },
        });
        await expect(store.reads.count('Todo', where)).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
      });

      it('refuses an order by a list', async () => {
        await expect(store.reads.list('Todo', { filter: null, order: [{ field: 'tags' }], after: null, limit: 1 })).rejects.toMatchObject({
          extensions: { code: 'BAD_USER_INPUT' },
        });
      });
    });

    describe('changes', () => {
      const pull = async (after: Position | null, limit: number, only: readonly string[] | null = null) => {
        const rows: Row[] = [];
        for (let at = after; ; ) {
          const page = await store.reads.changes({ after: at, types: only, limit });
          rows.push(...page.rows);
          at = page.next;
          if (!page.hasMore) return { rows, next: at, reset: page.reset };
        }
      };

      it('give each entity once, as it is now, in the order of commits, tombstones included', async () => {
        await put(todo('a'), todo('b'), site('s'));
        await put(todo('a', { title: 'new', _version: 2 }));
        await put(todo('b', { _deleted: true, _version: 2 }));
        const { rows } = await pull(null, 1);
        expect(rows.map(({ __typename, id, _version, _deleted }) => [__typename, id, _version, _deleted])).toEqual([
          ['Site', 's', 1, false],
          ['Todo', 'a', 2, false],
          ['Todo', 'b', 2, true],
        ]);
      });

      it('pages from any position hold every commit after it', async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 12 }),
            fc.nat(11),
            fc.integer({ min: 1, max: 3 }),
            async (writes, cut, limit) => {
              const from = await store.reads.head();
              const before = writes.slice(0, cut % writes.length);
              const after = writes.slice(before.length);
              for (const id of before) await put(todo(id));
              const middle = await store.reads.head();
              for (const id of after) await put(todo(id));
              expect(new Set(ids((await pull(middle, limit)).rows))).toEqual(new Set(after));
              expect(new Set(ids((await pull(from, limit)).rows))).toEqual(new Set(writes));
            },
          ),
          { numRuns: 30 },
        );
      });

      it('a type filter leaves others out and still moves past them', async () => {
        for (const stored of [todo('a'), site('s'), site('t')]) await put(stored);
        const { rows, next } = await pull(null, 1, ['Site']);
        expect(ids(rows)).toEqual(['s', 't']);
        expect(next).toEqual(await store.reads.head());
      });

      it('an entity that changes between two pages is not skipped', async () => {
        for (const id of ['a', 'b', 'c']) await put(todo(id));
        const first = await store.reads.changes({ after: null, types: null, limit: 2 });
        await put(todo('a', { _version: 2 }));
        const rest = await pull(first.next, 2);
        expect(rest.rows.map(({ id, _version }) => [id, _version])).toEqual([
          ['c', 1],
          ['a', 2],
        ]);
      });

      it('a page ends where a unit ends: after a write, or after each outermost part of one', async () => {
        const page = async (limit: number, maxBytes?: number) =>
          ids((await store.reads.changes({ after: null, types: null, limit, ...(maxBytes === undefined ? {} : { maxBytes }) })).rows).join(
            '',
          );
        await put(todo('a'));
        await put(todo('b'), site('c'), todo('d'));
        expect([await page(1), await page(2), await page(3), await page(4)]).toEqual(['a', 'abcd', 'abcd', 'abcd']);
        await store.write(async (tx) => {
          await tx.savepoint(async (part) => {
            await part.put('Todo', todo('e'));
            await part.savepoint((inner) => inner.put('Todo', todo('f')));
          });
          const undone = tx.savepoint(async (part) => {
            await part.put('Todo', todo('g'));
            throw new Error('no');
          });
          await undone.catch(() => undefined);
          await tx.savepoint((part) => part.put('Todo', todo('h')));
        });
        expect([await page(5), await page(6), await page(7)]).toEqual(['abcdef', 'abcdef', 'abcdefh']);
        await store.write(async (tx) => {
          await tx.put('Todo', todo('i'));
          tx.beginUnit();
          await tx.put('Todo', todo('j'));
          await tx.put('Todo', todo('k'));
        });
        expect([await page(8), await page(9)]).toEqual(['abcdefhi', 'abcdefhijk']);
        // A unit longer than any page that was read at once.
        await put(...Array.from({ length: 20 }, (_, index) => todo(`z${index}`)));
        expect((await store.reads.changes({ after: null, types: null, limit: 11 })).rows).toHaveLength(30);
        // A todo is about 200 bytes. At least one unit, however long it is.
        expect([await page(12, 1), await page(12, 700), await page(12, 100_000)]).toEqual([
          'a',
          'a',
          expect.stringMatching(/^abcdefhijkz/),
        ]);
        expect((await pull(null, 2)).rows).toHaveLength(30);
      });

      it('remember what a row was, where they are told, until it is collected', async () => {
        const before = await store.reads.head();
        const [first, second] = [todo('a', { title: 'first' }), todo('a', { title: 'second', _version: 2 })];
        await put(first, todo('b'));
        const middle = await store.reads.head();
        await store.write((tx) => tx.put('Todo', second, first.row));
        const last = todo('a', { title: 'third', _version: 3, _lastChangedAt: '2026-06-01T00:00:00.000Z' });
        await store.write((tx) => tx.put('Todo', last, second.row));
        const titles = async (after: Position) => {
          const pasts = await store.reads.pasts([last.row, todo('b').row, site('a').row], after);
          return pasts.map(({ title }) => title).sort();
        };
        expect([await titles(before), await titles(middle), await titles(await store.reads.head())]).toEqual([
          ['first', 'second'],
          ['first', 'second'],
          [],
        ]);
        expect((await store.reads.pasts([last.row], middle)).find(({ title }) => title === 'first')).toEqual(first.row);
        await store.write((tx) => tx.collectTombstones('2026-02-01T00:00:00.000Z'));
        expect(await titles(before)).toEqual(['second']);
        // Whoever stood before what is forgotten begins anew.
        const reset = async (after: Position) => (await store.reads.changes({ after, types: null, limit: 9 })).reset;
        expect([await reset(middle), await reset(await store.reads.head())]).toEqual([true, false]);
      });

      it('a position that this history does not know begins again', async () => {
        await put(todo('a'));
        const head = await store.reads.head();
        for (const after of [
          { ...head, epoch: 'other' },
          { ...head, position: String(Number(head.position) + 1) },
          { ...head, position: 'x' },
        ]) {
          const page = await store.reads.changes({ after, types: null, limit: 9 });
          expect(page).toMatchObject({ reset: true });
          expect(ids(page.rows)).toEqual(['a']);
        }
        expect(await store.reads.changes({ after: head, types: null, limit: 9 })).toMatchObject({ reset: false, rows: [] });
      });

      it('a position older than the horizon of collected tombstones begins again; a newer one goes on', async () => {
        const start = await store.reads.head();
        await put(todo('a'), todo('b'));
        await put(todo('a', { _deleted: true, _version: 2, _lastChangedAt: '2026-02-01T00:00:00.000Z' }));
        const head = await store.reads.head();
        expect(await store.write((tx) => tx.collectTombstones('2026-01-15T00:00:00.000Z'))).toBe(0);
        expect(await store.reads.versionFloor('Todo')).toBeNull();
        expect(await store.write((tx) => tx.collectTombstones('2026-03-01T00:00:00.000Z'))).toBe(1);
        expect(await store.reads.versionFloor('Todo')).toBe(2);
        expect(await store.reads.get('Todo', 'a')).toBeNull();
        const page = await store.reads.changes({ after: start, types: null, limit: 9 });
        expect(page.reset).toBe(true);
        expect(ids(page.rows)).toEqual(['b']);
        expect((await store.reads.changes({ after: head, types: null, limit: 9 })).reset).toBe(false);
        await put(todo('c'));
        expect(ids((await store.reads.changes({ after: head, types: null, limit: 9 })).rows)).toEqual(['c']);
      });

      it('a first reading in several pages ends, though what lies behind its first pages was forgotten', async () => {
        await put(todo('a'));
        await put(todo('b'));
        await put(todo('gone'));
        await put(todo('gone', { _deleted: true, _version: 2, _lastChangedAt: '2026-02-01T00:00:00.000Z' }));
        await store.write((tx) => tx.collectTombstones('2026-03-01T00:00:00.000Z'));
        const read = (after: Position | null) => store.reads.changes({ after, types: null, limit: 1 });
        const first = await read(null);
        expect([ids(first.rows), first.hasMore, first.reset]).toEqual([['a'], true, false]);
        // Told of it already: its tombstone has to come.
        await put(todo('a', { _deleted: true, _version: 2, _lastChangedAt: '2026-04-01T00:00:00.000Z' }));
        const second = await read(first.next);
        expect([ids(second.rows), second.hasMore, second.reset]).toEqual([['b'], true, false]);
        const third = await read(second.next);
        expect([third.rows, third.hasMore, third.reset]).toMatchObject([[{ id: 'a', _deleted: true }], false, false]);
        expect(third.next).toEqual(await store.reads.head());
        // Forgotten before it came to it: the reader has to begin anew.
        await store.write((tx) => tx.collectTombstones('2026-05-01T00:00:00.000Z'));
        expect(await read(second.next)).toMatchObject({ reset: true });
        const { begun = '' } = first.next;
        expect(await read({ ...first.next, begun: begun.replace(/^\d+/, '999') })).toMatchObject({ reset: true });
      });

      it('a commit is announced after it is visible, with its types; a write that changes nothing is not', async () => {
        const heard: unknown[] = [];
        const stop = store.onCommit(({ position, typenames }) => heard.push([position, [...typenames]]));
        await put(todo('a'), site('s'));
        const head = await store.reads.head();
        await store.write(async (tx) => void (await tx.acknowledge('u', 'c', 1)));
        const undone = store.write(async (tx) => {
          await tx.put('Todo', todo('x'));
          throw new Error('no');
        });
        await undone.catch(() => undefined);
        await vi.waitFor(() => expect(heard).toHaveLength(1));
        stop();
        await put(todo('b'));
        expect(heard).toEqual([[head, ['Todo', 'Site']]]);
      });
    });

    describe('results of mutations', () => {
      const key = (mutationId: number, clientId = 'c', user = 'u') => ({ user, clientId, mutationId });
      const result = { fingerprint: 'f', outcome: 'applied', answer: '{"ü":"\\u0000"}' } as const;

      it('are saved together or not at all, and come back each by itself', async () => {
        const all = [1, 2, 3].map((id) => [key(id), { ...result, answer: `{"id":${id}}` }] as const);
        await store.write((tx) => tx.saveResults(all));
        await store.write((tx) => tx.saveResults([]));
        for (const [which, saved] of all) await store.write(async (tx) => expect(await tx.findResult(which)).toEqual(saved));
        await expect(
          store.write((tx) =>
            tx.saveResults([
              [key(4), result],
              [key(2), result],
            ]),
          ),
        ).rejects.toThrow();
        expect(await store.write((tx) => tx.findResult(key(4)))).toBeNull();
        expect(await store.write((tx) => tx.countResults('u', 'c'))).toBe(3);
      });

      it('come back byte for byte, per user, client and id', async () => {
        await store.write((tx) => tx.saveResult(key(1), result));
        await store.write(async (tx) => {
          expect(await tx.findResult(key(1))).toEqual(result);
          expect(await tx.findResult(key(1, 'c', 'other'))).toBeNull();
          expect(await tx.findResult(key(1, 'other'))).toBeNull();
          expect(await tx.findResult(key(2))).toBeNull();
          expect([
            await tx.hasResults('u', 'c', 1, 1),
            await tx.hasResults('u', 'c', 2, 9),
            await tx.hasResults('u', 'other', 1, 9),
          ]).toEqual([true, false, false]);
        });
      });

      it('an id is consumed once', async () => {
        await store.write((tx) => tx.saveResult(key(1), result));
        await expect(store.write((tx) => tx.saveResult(key(1), result))).rejects.toThrow();
      });

      it('the watermark only rises, and forgets what is below it', async () => {
        await store.write(async (tx) => {
          for (const id of [1, 2, 10]) await tx.saveResult(key(id), result);
          await tx.saveResult(key(1, 'other'), result);
          expect(await tx.acknowledge('u', 'c', 0)).toBe(0);
          expect(await tx.countResults('u', 'c')).toBe(3);
          expect(await tx.acknowledge('u', 'c', 2)).toBe(2);
          expect(await tx.acknowledge('u', 'c', 1)).toBe(2);
          expect(await tx.countResults('u', 'c')).toBe(1);
          expect(await tx.findResult(key(10))).toEqual(result);
          expect(await tx.countResults('u', 'other')).toBe(1);
        });
      });

      it('is counted, and so are tombstones', async () => {
        const before = await store.reads.statistics();
        await store.write(async (tx) => {
          for (const id of [1, 2, 10]) await tx.saveResult(key(id), result);
          await tx.acknowledge('u', 'c', 1);
          await tx.put('Todo', todo('counted', { _version: 2, _deleted: true }));
          await tx.put('Todo', todo('alive'));
        });
        expect(await store.reads.statistics()).toEqual({ results: before.results + 2, tombstones: before.tombstones + 1 });
        await store.write((tx) => tx.collectTombstones('2027-01-01T00:00:00.000Z'));
        expect(await store.reads.statistics()).toEqual({ results: before.results + 2, tombstones: 0 });
      });

      it('a retired client leaves its highest id as its watermark', async () => {
        await store.write(async (tx) => {
          for (const id of [3, 12]) await tx.saveResult(key(id), result);
          await tx.retire('u', 'c');
          await tx.retire('u', 'never seen');
          expect(await tx.countResults('u', 'c')).toBe(0);
          expect(await tx.acknowledge('u', 'c', 0)).toBe(12);
          expect(await tx.acknowledge('u', 'never seen', 0)).toBe(0);
        });
      });
    });

    describe('leases', () => {
      const lease = (id: string, more: Partial<StoredLease> = {}) => ({
        typename: 'Todo',
        id,
        user: 'ann',
        clientId: 'c',
        expiresAt: 1_000,
        ...more,
      });
      const grant = (id: string, more: Partial<StoredLease> = {}, atLeast = 0) =>
        store.write((tx) => tx.grantLease(lease(id, more), atLeast));
      const find = (which: Parameters<WriteTransaction['findLease']>[0]) => store.write((tx) => tx.findLease(which));

      it('an entity has its last one, which its token names too', async () => {
        const first = await grant('ß\u0000');
        expect(await find({ token: first.token })).toEqual(first);
        const second = await grant('ß\u0000', { user: 'bo\u0000b', clientId: null, expiresAt: 2 ** 42 });
        expect(await find({ typename: 'Todo', id: 'ß\u0000' })).toEqual(second);
        expect(second).toMatchObject({ id: 'ß\u0000', user: 'bo\u0000b', clientId: null, expiresAt: 2 ** 42 });
        for (const none of [{ token: first.token }, { token: 0 }, { typename: 'Site', id: 'ß\u0000' }, { typename: 'Todo', id: 'x' }])
          expect(await find(none)).toBeNull();
      });

      it('tokens only grow: over entities, ends and collections, and never below what was asked for', async () => {
        const tokens = [(await grant('a')).token, (await grant('b')).token];
        await store.write((tx) => tx.endLease(tokens[1] ?? 0));
        tokens.push((await grant('b')).token);
        await store.write((tx) => tx.collectLeases(2_000));
        tokens.push((await grant('a')).token, (await grant('c', {}, 1_780_000_000_000)).token, (await grant('d', {}, 5)).token);
        expect(tokens.every((token, index) => Number.isSafeInteger(token) && token > (tokens[index - 1] ?? 0))).toBe(true);
        expect(tokens.slice(-2)).toEqual([1_780_000_000_000, 1_780_000_000_001]);
      });

      it('a grant that is undone leaves the last lease, and two at a time get two tokens', async () => {
        const before = await grant('a');
        const failing = store.write(async (tx) => {
          await tx.grantLease(lease('a', { user: 'bob' }), 0);
          throw new Error('no');
        });
        await expect(failing).rejects.toThrow('no');
        expect(await find({ typename: 'Todo', id: 'a' })).toEqual(before);
        const granted = await Promise.all(['b', 'c', 'd', 'e'].map((id) => grant(id)));
        expect(new Set(granted.map(({ token }) => token)).size).toBe(4);
      });

      it('are extended, ended, counted by user and collected when they are over', async () => {
        const [a, b] = [await grant('a'), await grant('b', { expiresAt: 3_000 })];
        await grant('c', { user: 'bob', expiresAt: 9_000 });
        await store.write(async (tx) => {
          await tx.extendLease(a.token, 2_000);
          await tx.extendLease(0, 99_000);
          expect([await tx.countLeases('ann', 0), await tx.countLeases('ann', 2_000), await tx.countLeases('nobody', 0)]).toEqual([
            2, 1, 0,
          ]);
          expect(await tx.collectLeases(2_000)).toBe(0);
          expect(await tx.collectLeases(2_001)).toBe(1);
          await tx.endLease(b.token);
          await tx.endLease(b.token);
          expect(await tx.countLeases('ann', 0)).toBe(0);
          expect(await tx.findLease({ typename: 'Todo', id: 'c' })).toMatchObject({ user: 'bob' });
        });
      });

      it('of a client that is retired are ended, and of no other', async () => {
        await grant('mine');
        await grant('theirs', { user: 'bob' });
        await grant('elsewhere', { clientId: 'd' });
        await store.write((tx) => tx.retire('ann', 'c'));
        const left = await Promise.all(['mine', 'theirs', 'elsewhere'].map((id) => find({ typename: 'Todo', id })));
        expect(left.map((each) => each !== null)).toEqual([false, true, true]);
      });

      it('whoever waited for the row sees the lease that was given meanwhile', async () => {
        await put(todo('a'));
        let looking: Promise<StoredLease | null> = Promise.resolve(null);
        const given = await store.write(async (tx) => {
          await tx.get('Todo', 'a');
          looking = store.write(async (other) => {
            await other.get('Todo', 'a');
            return other.findLease({ typename: 'Todo', id: 'a' });
          });
          // Time enough to come to the lock, wherever the database is.
          for (let round = 0; round < 20; round++) await store.reads.head();
          return tx.grantLease(lease('a'), 0);
        });
        expect(await looking).toEqual(given);
      });
    });

    describe('what is expected to be written', () => {
      const expected = ['a', 'gone', 'none', 'ß\u0000'].map((id) => ({ __typename: 'Todo', id }));
      const expecting = (tx: WriteTransaction) => tx.expect([...expected, { __typename: 'Site', id: 's' }]);

      it('is found as it would be one by one, with its leases', async () => {
        await put(todo('a'), todo('gone', { _deleted: true }), todo('ß\u0000', { count: 3 }), site('s'));
        const lease = { typename: 'Todo', id: 'ß\u0000', user: 'ann', clientId: 'c', expiresAt: 5 };
        await store.write((tx) => tx.grantLease(lease, 0));
        const look = async (tx: WriteTransaction) => ({
          rows: await Promise.all([...expected.map(({ id }) => tx.get('Todo', id)), tx.get('Site', 's')]),
          leases: await Promise.all(expected.map(({ id }) => tx.findLease({ typename: 'Todo', id }))),
        });
        const alone = await store.write(look);
        expect(alone.rows.map((row) => row !== null)).toEqual([true, true, false, true, true]);
        expect(alone.leases.map((found) => found !== null)).toEqual([false, false, false, true]);
        const [together, again] = await store.write(async (tx) => {
          await expecting(tx);
          return [await look(tx), await look(tx)];
        });
        expect([together, again]).toEqual([alone, alone]);
      });

      it('is as this transaction has left it', async () => {
        await put(todo('a'), todo('ß\u0000'));
        await store.write(async (tx) => {
          await expecting(tx);
          await tx.put('Todo', todo('a', { count: 1 }));
          expect((await tx.get('Todo', 'a'))?.row.count).toBe(1);
          const lease = await tx.grantLease({ typename: 'Todo', id: 'a', user: 'ann', clientId: null, expiresAt: 5 }, 0);
          expect(await tx.findLease({ typename: 'Todo', id: 'a' })).toEqual(lease);
          await tx.endLease(lease.token);
          expect(await tx.findLease({ typename: 'Todo', id: 'a' })).toBeNull();
        });
        await store.write(async (tx) => {
          await expecting(tx);
          await tx
            .savepoint(async (part) => {
              await part.put('Todo', todo('a', { count: 2 }));
              throw new Error('no');
            })
            .catch(() => undefined);
          expect((await tx.get('Todo', 'a'))?.row.count).toBe(1);
        });
      });

      it('is as others have left it who held it meanwhile, and is held from then on', async () => {
        await put(todo('a'), todo('ß\u0000'));
        let looking: Promise<unknown> = Promise.resolve(null);
        const given = await store.write(async (tx) => {
          await tx.get('Todo', 'a');
          looking = store.write(async (other) => {
            await expecting(other);
            const [row, lease] = [await other.get('Todo', 'a'), await other.findLease({ typename: 'Todo', id: 'a' })];
            await other.put('Todo', todo('a', { count: Number(row?.row.count) + 1 }));
            return lease;
          });
          for (let round = 0; round < 20; round++) await store.reads.head();
          await tx.put('Todo', todo('a', { count: 10 }));
          return tx.grantLease({ typename: 'Todo', id: 'a', user: 'ann', clientId: 'c', expiresAt: 9 }, 0);
        });
        expect(await looking).toEqual(given);
        const increment = () =>
          store.write(async (tx) => {
            await expecting(tx);
            await tx.put('Todo', todo('a', { count: Number((await tx.get('Todo', 'a'))?.row.count) + 1 }));
          });
        await Promise.all([increment(), increment(), increment()]);
        expect((await store.reads.get('Todo', 'a'))?.row.count).toBe(14);
      });
    });

    describe('life', () => {
      it('opens twice with one model, and refuses a second', async () => {
        await store.open(types);
        await store.ready();
        await expect(store.open({ Site: types.Site })).rejects.toMatchObject({ code: 'BAD_OPTION' });
      });

      it('says so when it is not open', async () => {
        const unopened = await make();
        await expect(unopened.ready()).rejects.toMatchObject({ code: 'STORE_NOT_OPEN' });
        await expect(unopened.write(async () => 1)).rejects.toMatchObject({ code: 'STORE_NOT_OPEN' });
        await unopened.close();
      });

      it('finishes what has begun before it closes, and refuses what comes after', async () => {
        const write = store.write(async (tx) => {
          await new Promise((resolve) => setImmediate(resolve));
          await tx.put('Todo', todo('a'));
          return 'written';
        });
        await store.close();
        expect(await write).toBe('written');
        await expect(store.write(async () => 1)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
        expect(() => store.reads).toThrow(expect.objectContaining({ code: 'STORE_CLOSED' }));
        await store.close();
      });

      it.each(['a', 'A'])('refuses types that a database cannot tell apart (%s)', async (name) => {
        const other = await make();
        await expect(other.open({ a: types.Site, A: types.Site, [name]: types.Site })).rejects.toMatchObject({
          code: 'STORE_INCOMPATIBLE',
        });
        await other.close();
      });
    });
  });
}
