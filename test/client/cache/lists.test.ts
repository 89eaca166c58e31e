import { gql } from '@apollo/client';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeEntity } from '../../../client/cache/entity.ts';
import { parseListField } from '../../../client/cache/list-field.ts';
import { placeInLists, removeFromLists } from '../../../client/cache/lists.ts';
import { OfflineCache } from '../../../client/cache/offline-cache.ts';
import { compareRows, type Filter, matches, type Order } from '../../../schema/list.ts';
import { manifest, page, TODOS, type TodoRow, type TodosData, todo } from './fixture.ts';

type Variables = Readonly<Record<string, unknown>>;
const ids = (cache: OfflineCache, variables: Variables = {}, optimistic = false) =>
  cache.readQuery<TodosData>({ query: TODOS, variables }, optimistic)?.todos.nodes.map((node) => node.id);
const total = (cache: OfflineCache, variables: Variables = {}) => cache.readQuery<TodosData>({ query: TODOS, variables })?.todos.totalCount;
const store = (cache: OfflineCache, variables: Variables, rows: readonly TodoRow[], options?: Parameters<typeof page>[1]) =>
  cache.writeQuery({ query: TODOS, variables, data: page(rows.map(todo), options) });
/** A change arrives, as a pull or an acknowledgement brings it. */
function change(cache: OfflineCache, row: TodoRow): void {
  writeEntity(cache, manifest, 'Todo', todo(row));
  placeInLists(cache, manifest, 'Todo', row.id);
}
const BY_TITLE: Variables = { orderBy: [{ field: 'title', direction: 'ASC' }] };
const OPEN: Variables = { filter: { done: { eq: false } }, orderBy: [{ field: 'title', direction: 'DESC' }] };

describe('a changed entity in stored lists', () => {
  it('comes, moves and goes as the filter and the order say', () => {
    const cache = new OfflineCache();
    store(cache, OPEN, [
      { id: '1', title: 'c' },
      { id: '2', title: 'a' },
    ]);
    change(cache, { id: '3', title: 'b' });
    expect(ids(cache, OPEN)).toEqual(['1', '3', '2']);
    change(cache, { id: '3', title: 'd', version: 2 });
    expect(ids(cache, OPEN)).toEqual(['3', '1', '2']);
    expect(total(cache, OPEN)).toBe(3);
    change(cache, { id: '3', title: 'd', done: true, version: 3 });
    expect(ids(cache, OPEN)).toEqual(['1', '2']);
    expect(total(cache, OPEN)).toBe(2);
  });

  it('is shown where it belongs while it is pending, and the data stay as they were', () => {
    const cache = new OfflineCache();
    store(cache, BY_TITLE, [
      { id: '1', title: 'a' },
      { id: '2', title: 'c' },
    ]);
    const before = cache.extract();
    cache.showPending('create', 1, (layer) => {
      writeEntity(layer, manifest, 'Todo', todo({ id: '3', title: 'b', version: 0 }));
      placeInLists(layer, manifest, 'Todo', '3');
    });
    cache.showPending('delete', 2, (layer) => removeFromLists(layer, manifest, 'Todo', '1'));
    expect(ids(cache, BY_TITLE, true)).toEqual(['3', '2']);
    expect(cache.extract()).toEqual(before);
    // A refetch that does not know of them yet.
    store(cache, BY_TITLE, [
      { id: '1', title: 'a' },
      { id: '2', title: 'c' },
      { id: '4', title: 'd' },
    ]);
    expect(ids(cache, BY_TITLE, true)).toEqual(['3', '2', '4']);
    cache.hidePending('create');
    cache.hidePending('delete');
    expect(ids(cache, BY_TITLE, true)).toEqual(['1', '2', '4']);
  });

  it('is found by the id inside its reference: the filter says siteId, the cache stores site', () => {
    const cache = new OfflineCache();
    const atSite: Variables = { filter: { siteId: { eq: 's1' } } };
    store(cache, atSite, []);
    writeEntity(cache, manifest, 'Todo', { ...todo({ id: '1' }), siteId: 's1' });
    placeInLists(cache, manifest, 'Todo', '1');
    expect(ids(cache, atSite)).toEqual(['1']);
    writeEntity(cache, manifest, 'Todo', { id: '1', site: { __typename: 'Site', id: 's2' } });
    placeInLists(cache, manifest, 'Todo', '1');
    expect(ids(cache, atSite)).toEqual([]);
  });

  it('stays as it is where filter or order need a field that nobody fetched', () => {
    const cache = new OfflineCache();
    const tagged: Variables = { filter: { tags: { contains: 'x' } } };
    const bySite: Variables = { orderBy: [{ field: 'siteId' }] };
    store(cache, tagged, [{ id: '1' }]);
    store(cache, bySite, [{ id: '1' }]);
    change(cache, { id: '1', title: 'changed', version: 2 });
    change(cache, { id: '2' });
    expect(ids(cache, tagged)).toEqual(['1']);
    expect(ids(cache, bySite)).toEqual(['1']);
  });

  it('is not appended past the last row of a page that is not the last, nor put before the first of a later one', () => {
    const cache = new OfflineCache();
    const later: Variables = { ...BY_TITLE, after: 'cursor' };
    store(
      cache,
      BY_TITLE,
      [
        { id: '1', title: 'b' },
        { id: '2', title: 'd' },
      ],
      { hasNextPage: true, totalCount: 4 },
    );
    store(cache, later, [
      { id: '3', title: 'f' },
      { id: '4', title: 'h' },
    ]);
    change(cache, { id: '5', title: 'e' });
    expect([ids(cache, BY_TITLE), ids(cache, later)]).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    change(cache, { id: '6', title: 'c' });
    change(cache, { id: '7', title: 'g' });
    change(cache, { id: '8', title: 'i' });
    expect([ids(cache, BY_TITLE), ids(cache, later)]).toEqual([
      ['1', '6', '2'],
      ['3', '7', '4', '8'],
    ]);
    expect(total(cache, BY_TITLE)).toBe(5);
  });

  it('goes by the page size where nobody asked whether there is more', () => {
    const cache = new OfflineCache();
    const query = gql`
      query ($first: Int) {
        todos(first: $first) { nodes { id } }
      }
    `;
    const write = (first: number | undefined, rows: readonly string[]) =>
      cache.writeQuery({
        query,
        variables: { first },
        data: { todos: { __typename: 'TodoConnection', nodes: rows.map((id) => ({ __typename: 'Todo', id })) } },
      });
    write(2, ['1', '2']);
    write(3, ['1', '2']);
    change(cache, { id: '3' });
    const read = (first: number) => cache.readQuery<TodosData>({ query, variables: { first } })?.todos.nodes.map((node) => node.id);
    expect([read(2), read(3)]).toEqual([
      ['1', '2'],
      ['1', '2', '3'],
    ]);
  });

  it('that is marked deleted, or gone, leaves every list and its own query field', () => {
    const cache = new OfflineCache();
    const ONE = gql`
      query {
        todo(id: "1") { id }
      }
    `;
    store(cache, {}, [{ id: '1' }, { id: '2' }]);
    cache.writeQuery({ query: ONE, data: { todo: { __typename: 'Todo', id: '1' } } });
    writeEntity(cache, manifest, 'Todo', { id: '2', _deleted: true });
    placeInLists(cache, manifest, 'Todo', '2');
    expect(ids(cache)).toEqual(['1']);
    cache.evict({ id: 'Todo:1' });
    removeFromLists(cache, manifest, 'Todo', ['1']);
    expect([ids(cache), total(cache)]).toEqual([[], 0]);
    expect(cache.readQuery({ query: ONE })).toEqual({ todo: null });
    change(cache, { id: '1', version: 5 });
    expect(cache.readQuery({ query: ONE })).toEqual({ todo: { __typename: 'Todo', id: '1' } });
  });

  it('nobody is told when nothing moved', () => {
    const cache = new OfflineCache();
    store(cache, BY_TITLE, [{ id: '1', title: 'a' }]);
    cache.takeChanged();
    placeInLists(cache, manifest, 'Todo', '1');
    removeFromLists(cache, manifest, 'Todo', 'nobody');
    expect([...cache.takeChanged()]).toEqual([]);
  });

  const condition = fc.oneof(
    fc.constant({}),
    fc.record({ done: fc.record({ eq: fc.boolean() }) }),
    fc.record({ rank: fc.record({ gte: fc.integer({ min: 0, max: 3 }) }) }),
    fc.record({ title: fc.record({ contains: fc.constantFrom('a', 'B') }) }),
  );
  const filter: fc.Arbitrary<Filter> = fc.oneof(
    condition,
    fc.record({ or: fc.array(condition, { minLength: 1, maxLength: 2 }) }),
    fc.record({ not: condition }),
  );
  const order: fc.Arbitrary<readonly Order[]> = fc.array(
    fc.record({ field: fc.constantFrom('title', 'rank', 'done', 'id'), direction: fc.constantFrom('ASC' as const, 'DESC' as const) }),
    { maxLength: 2 },
  );
  const row = fc.record({
    id: fc.constantFrom('1', '2', '3', '4', '5', '6'),
    title: fc.constantFrom('a', 'ab', 'b', 'B', 'c'),
    done: fc.boolean(),
    rank: fc.constantFrom(null, 0, 1, 2, 3),
  });

  it('lists are what schema/list.ts says, after any changes of any rows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ filter, orderBy: order }), { minLength: 1, maxLength: 3 }),
        fc.array(row, { maxLength: 25 }),
        (lists, changes) => {
          const cache = new OfflineCache();
          const server = new Map<string, ReturnType<typeof todo>>();
          for (const variables of lists) store(cache, variables, []);
          changes.forEach((each, version) => {
            server.set(each.id, todo({ ...each, version }));
            change(cache, { ...each, version });
            for (const variables of lists) {
              const reader = (one: object) => (field: string) => (one as Record<string, unknown>)[field];
              const expected = [...server.values()]
                .filter((one) => matches(variables.filter, reader(one)))
                .sort((a, b) => compareRows(variables.orderBy, reader(a), reader(b)))
                .map((one) => one.id);
              expect(ids(cache, variables)).toEqual(expected);
              expect(total(cache, variables)).toBe(expected.length);
            }
          });
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('the name under which a list is stored', () => {
  it.each([
    ['todos', {}],
    ['todos({})', {}],
    ['todos({"first":3})', { first: 3 }],
    ['todos:{"filter":{"done":{"eq":true}}}', { filter: { done: { eq: true } } }],
    ['todos({"filter":', null],
    ['todos@key', undefined],
    ['todosOfMine({"first":3})', undefined],
    ['sites', undefined],
  ])('%s', (name, args) => {
    expect(parseListField(name, 'todos')).toEqual(args === undefined ? null : { args });
  });

  it('with a keyArgs policy the key is read, and a list that merges pages is kept right', () => {
    const cache = new OfflineCache({ typePolicies: { Query: { fields: { todos: { keyArgs: ['filter', 'orderBy'] } } } } });
    store(cache, { ...OPEN, first: 10 }, [{ id: '1', title: 'a' }]);
    change(cache, { id: '2', title: 'b' });
    expect(ids(cache, { ...OPEN, first: 20 })).toEqual(['2', '1']);
  });
});
