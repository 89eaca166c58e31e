import { ApolloClient, ApolloLink, gql, InMemoryCache, Observable, type StoreObject } from '@apollo/client';
import fc from 'fast-check';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { OfflineCache } from '../../../client/cache/offline-cache.ts';
import { openRootStore } from '../../../client/cache/root-store.ts';
import { page, TODOS, type TodosData, todo } from './fixture.ts';

const TODO = gql`
  query Todo {
    todo(id: "1") { id _version title done }
  }
`;
const answer = (fields: { title?: string; done?: boolean; _version?: number }) => ({
  todo: { __typename: 'Todo', id: '1', _version: 1, title: 'base', done: false, ...fields },
});
const rename = (title: string) => (cache: Pick<InMemoryCache, 'modify'>) =>
  void cache.modify({ id: 'Todo:1', fields: { title: () => title } });

/** Every result that a watcher is told, and each as the fields that matter. */
function watched(cache: InMemoryCache) {
  const seen: string[] = [];
  cache.watch<{ todo: { title: string; done: boolean } }>({
    query: gql`{ todo(id: "1") { title done } }`,
    optimistic: true,
    immediate: true,
    callback: ({ result }) => seen.push(`${result?.todo?.title} ${result?.todo?.done}`),
  });
  return seen;
}
const shown = (cache: InMemoryCache) => cache.readQuery<{ todo: { title: string; done: boolean } }>({ query: TODO }, true)?.todo;

function filled() {
  const cache = new OfflineCache();
  cache.writeQuery({ query: TODO, data: answer({}) });
  return cache;
}

describe('a pending update', () => {
  it('is shown once, and goes without a trace', () => {
    const cache = filled();
    const seen = watched(cache);
    const before = cache.extract();
    cache.showPending('a', 1, rename('edited'));
    expect(cache.extract()).toEqual(before);
    cache.hidePending('a');
    expect(seen).toEqual(['base false', 'edited false', 'base false']);
    expect(cache.extract(true)).toEqual(before);
  });

  it('replaces one of the same id in its place', () => {
    const cache = filled();
    cache.showPending('a', 1, rename('first'));
    cache.showPending('b', 2, rename('second'));
    cache.showPending('a', 1, rename('first again'));
    expect(shown(cache)?.title).toBe('second');
    expect(cache.pendingIds()).toEqual(['a', 'b']);
    cache.hidePending('b');
    expect(shown(cache)?.title).toBe('first again');
  });

  it('applies by position, not by arrival', () => {
    const cache = filled();
    cache.showPending('late', 9, rename('late'));
    cache.showPending('early', 3, rename('early'));
    expect(cache.pendingIds()).toEqual(['early', 'late']);
    expect(shown(cache)?.title).toBe('late');
  });

  it('never hides newer fields of its entity, however old it is', () => {
    const cache = filled();
    const seen = watched(cache);
    cache.showPending('a', 1, rename('edited'));
    cache.writeQuery({ query: TODO, data: answer({ done: true, title: 'theirs', _version: 2 }) });
    expect(seen).toEqual(['base false', 'edited false', 'edited true']);
    cache.hidePending('a');
    expect(seen.at(-1)).toBe('theirs true');
  });

  it('never hides rows that a refetch brings, also in the result of the refetch itself', async () => {
    const cache = new OfflineCache();
    let rows = [todo({ id: '1' })];
    const link = new ApolloLink(() => of({ data: page(rows) }));
    const client = new ApolloClient({ cache, link });
    const results: string[][] = [];
    const query = client.watchQuery({ query: TODOS });
    const subscription = query.subscribe(({ data }) => {
      if (data) results.push((data as ReturnType<typeof page>).todos.nodes.map((node) => `${node.id}:${node.title}`));
    });
    await query.refetch();
    cache.showPending('a', 1, rename('edited'));
    rows = [todo({ id: '1', version: 2, title: 'theirs', done: true }), todo({ id: '2' })];
    await query.refetch();
    expect(results.at(-1)).toEqual(['1:edited', '2:title 2']);
    expect(query.getCurrentResult().data).toMatchObject({ todos: { nodes: [{ title: 'edited', done: true }, { id: '2' }] } });
    expect(cache.readQuery<ReturnType<typeof page>>({ query: TODOS }, true)?.todos.nodes).toMatchObject([
      { title: 'edited', done: true },
      { id: '2' },
    ]);
    subscription.unsubscribe();
  });

  it('of which there are many: one more costs one more, and a layer of somebody else that goes takes none of them along', () => {
    const cache = filled();
    let runs = 0;
    const layers = () =>
      cache.batch({ optimistic: 'theirs', update: (layer) => void layer.modify({ id: 'Todo:1', fields: { done: () => true } }) });
    cache.showPending('0', 0, (target) => {
      runs++;
      rename('edit 0')(target as InMemoryCache);
    });
    layers();
    for (let index = 1; index <= 100; index++) cache.showPending(`${index}`, index, rename(`edit ${index}`));
    expect(runs).toBe(1);
    expect(shown(cache)).toMatchObject({ title: 'edit 100', done: true });
    cache.removeOptimistic('theirs');
    expect(shown(cache)).toMatchObject({ title: 'edit 100', done: false });
    cache.hidePending('100');
    expect(shown(cache)?.title).toBe('edit 99');
  });

  it('is not seen by a transaction that asked for the data alone', () => {
    const cache = filled();
    cache.showPending('a', 1, rename('edited'));
    cache.batch({
      optimistic: false,
      update(data) {
        data.writeQuery({ query: TODO, data: answer({ title: 'written', _version: 2 }) });
        expect(shown(data)?.title).toBe('written');
      },
    });
    expect(shown(cache)?.title).toBe('edited');
  });

  it('that throws is reported, and takes no other with it', () => {
    const cache = filled();
    const failures: unknown[] = [];
    cache.onPendingFailure((failure) => failures.push(failure));
    const error = new Error('broken');
    cache.together(() => {
      cache.showPending('bad', 1, () => {
        throw error;
      });
      cache.showPending('good', 2, rename('edited'));
    });
    expect(shown(cache)?.title).toBe('edited');
    expect(failures).toEqual([{ id: 'bad', error }]);
  });

  it('outlives reset and restore, as the outbox that it comes from does', async () => {
    const cache = filled();
    cache.showPending('a', 1, rename('edited'));
    const data = cache.extract();
    await cache.reset();
    expect(shown(cache)).toBeUndefined();
    cache.restore(data);
    expect(shown(cache)?.title).toBe('edited');
  });

  it('leaves no layer behind: extract, evict and gc are those of the data again', () => {
    const cache = filled();
    cache.showPending('a', 1, rename('edited'));
    cache.hidePending('a');
    expect((cache as unknown as { optimisticData: { constructor: { name: string } } }).optimisticData.constructor.name).toBe('Stump');
  });
});

describe('no flicker (I10)', () => {
  it('an acknowledgement with its result is one step', () => {
    const cache = filled();
    const seen = watched(cache);
    cache.showPending('a', 1, rename('edited'));
    cache.together(() => {
      cache.hidePending('a');
      cache.writeQuery({ query: TODO, data: answer({ title: 'edited', _version: 2 }) });
    });
    expect(seen).toEqual(['base false', 'edited false']);
  });

  it('an acknowledgement under a later edit shows nothing at all', () => {
    const cache = filled();
    cache.showPending('a', 1, rename('one'));
    cache.showPending('b', 2, rename('two'));
    const seen = watched(cache);
    cache.together(() => {
      cache.writeQuery({ query: TODO, data: answer({ title: 'one', _version: 2 }) });
      cache.hidePending('a');
    });
    expect(seen).toEqual(['two false']);
  });

  it('client.mutate with an optimistic response under a pending edit: optimistic, then the result, nothing between', async () => {
    const cache = filled();
    let answerNow = (): void => {};
    const result = { rename: { __typename: 'Todo', id: '1', _version: 2, title: 'server' } };
    const link = new ApolloLink(
      () =>
        new Observable((observer) => {
          answerNow = () =>
            cache.together(() => {
              cache.hidePending('a');
              observer.next({ data: result });
              observer.complete();
            });
        }),
    );
    const client = new ApolloClient({ cache, link });
    const seen = watched(cache);
    const mutation = gql`
      mutation {
        rename { id _version title }
      }
    `;
    const done = client.mutate({ mutation, optimisticResponse: { rename: { ...result.rename, _version: 1, title: 'hoped' } } });
    cache.showPending('a', 1, rename('hoped'));
    answerNow();
    await done;
    expect(seen).toEqual(['base false', 'hoped false', 'server false']);
    expect(cache.extract(true)).toEqual(cache.extract());
  });

  it('a thousand acknowledgements in one go are one broadcast', () => {
    const cache = filled();
    const seen = watched(cache);
    cache.together(() => {
      for (let index = 0; index < 1000; index++) cache.showPending(String(index), index, rename(`edit ${index}`));
    });
    cache.together(() => {
      for (let index = 0; index < 1000; index++) cache.hidePending(String(index));
    });
    expect(seen).toEqual(['base false', 'edit 999 false', 'base false']);
  });
});

describe('together', () => {
  it('tells watchers once, after all, and also when it throws', () => {
    const cache = filled();
    const seen = watched(cache);
    expect(() =>
      cache.together(() => {
        cache.writeQuery({ query: TODO, data: answer({ title: 'one', _version: 2 }) });
        cache.together(() => cache.writeQuery({ query: TODO, data: answer({ title: 'two', _version: 3 }) }));
        expect(seen).toEqual(['base false']);
        throw new Error('after two writes');
      }),
    ).toThrow('after two writes');
    expect(seen).toEqual(['base false', 'two false']);
  });

  it('reads inside see what was written and shown before', () => {
    const cache = filled();
    cache.together(() => {
      cache.showPending('a', 1, rename('edited'));
      expect(shown(cache)?.title).toBe('edited');
      cache.writeQuery({ query: TODO, data: answer({ done: true, _version: 2 }) });
      expect(shown(cache)).toMatchObject({ title: 'edited', done: true });
      cache.hidePending('a');
      expect(shown(cache)?.title).toBe('base');
    });
  });

  it('who is affected by a result is told without anything being drawn, unless somebody looks', () => {
    const cache = filled();
    const seen = watched(cache);
    let runs = 0;
    const asked: string[] = [];
    cache.showPending('a', 1, (target) => {
      runs++;
      rename('edited')(target as InMemoryCache);
    });
    cache.together(() => {
      for (let version = 2; version < 100; version++) {
        cache.batch({
          optimistic: false,
          update: (data) => data.writeQuery({ query: TODO, data: answer({ title: `answer ${version}`, done: true, _version: version }) }),
          onWatchUpdated: (watch) => void asked.push(String(watch.optimistic)),
        });
      }
      expect(runs).toBe(1);
      expect(asked).toHaveLength(98);
      cache.batch({
        optimistic: false,
        update: (data) => data.writeQuery({ query: TODO, data: answer({ done: false, _version: 200 }) }),
        onWatchUpdated: (_, { result }) => void asked.push(`${(result as ReturnType<typeof answer>).todo.title}`),
      });
      expect(asked.at(-1)).toBe('edited');
    });
    expect(seen).toEqual(['base false', 'edited false']);
    cache.hidePending('a');
    expect(seen.at(-1)).toBe('base false');
  });

  it('a watcher that onWatchUpdated holds back is told of what else changed, and of the next change', () => {
    const cache = filled();
    const seen = watched(cache);
    const write = (title: string, more: object = {}) =>
      cache.batch({ update: rename(title), optimistic: false, onWatchUpdated: () => false as const, ...more });
    cache.together(() => write('kept back'));
    expect(seen).toEqual(['base false']);
    cache.together(() => {
      rename('told')(cache);
      write('told as well');
    });
    expect(seen).toEqual(['base false', 'told as well false']);
    cache.together(() => write('kept back again'));
    rename('next')(cache);
    expect(seen).toEqual(['base false', 'told as well false', 'next false']);
  });

  it('onQueryUpdated of a mutation is asked at once, and the watchers are told at the end', async () => {
    const cache = filled();
    const asked: unknown[] = [];
    const seen: unknown[] = [];
    let duringMutation: unknown[] = [];
    const link = new ApolloLink(
      () =>
        new Observable((observer) => {
          queueMicrotask(() => {
            cache.together(() => {
              observer.next({ data: { rename: answer({ title: 'server', _version: 2 }).todo } });
              duringMutation = [...seen];
            });
            observer.complete();
          });
        }),
    );
    const client = new ApolloClient({ cache, link });
    client
      .watchQuery<ReturnType<typeof answer>>({ query: TODO })
      .subscribe(({ data }) => seen.push((data as ReturnType<typeof answer> | undefined)?.todo.title));
    const mutation = gql`
      mutation {
        rename { id _version title done }
      }
    `;
    await client.mutate({
      mutation,
      onQueryUpdated: (query) => {
        asked.push(query.queryName);
      },
    });
    expect(asked).toEqual(['Todo']);
    expect(duringMutation).toEqual(['base']);
    expect(seen).toEqual(['base', 'server']);
  });
});

describe('the version guard (I6)', () => {
  it.each([
    ['a query', (cache: OfflineCache, data: ReturnType<typeof answer>) => cache.writeQuery({ query: TODO, data })],
    [
      'a fragment',
      (cache: OfflineCache, data: ReturnType<typeof answer>) =>
        cache.writeFragment({ id: 'Todo:1', fragment: gql`fragment T on Todo { id _version title done }`, data: data.todo }),
    ],
    ['the disk', (cache: OfflineCache, data: ReturnType<typeof answer>) => cache.mergeStored({ 'Todo:1': data.todo })],
  ])('an older version that %s brings is ignored', (_, write) => {
    const cache = filled();
    write(cache, answer({ title: 'newer', _version: 3 }));
    write(cache, answer({ title: 'stale', _version: 2 }));
    expect(cache.rootEntity('Todo:1')).toMatchObject({ title: 'newer', _version: 3 });
    write(cache, answer({ title: 'as new', _version: 3 }));
    expect(cache.rootEntity('Todo:1')).toMatchObject({ title: 'as new' });
  });

  it('a stale answer does not bring back what was buried; a later version does', () => {
    const cache = filled();
    cache.bury('Todo:1', 4);
    cache.writeQuery({ query: TODO, data: answer({ _version: 3 }) });
    expect(cache.rootEntity('Todo:1')).toBeUndefined();
    cache.writeQuery({ query: TODO, data: answer({ title: 'recreated', _version: 5 }) });
    expect(cache.rootEntity('Todo:1')).toMatchObject({ title: 'recreated' });
  });

  it('stands aside for a full resync', () => {
    const cache = filled();
    cache.writeQuery({ query: TODO, data: answer({ title: 'lost history', _version: 9 }) });
    cache.overriding(() => cache.writeQuery({ query: TODO, data: answer({ title: 'backup', _version: 2 }) }));
    expect(cache.rootEntity('Todo:1')).toMatchObject({ title: 'backup', _version: 2 });
  });
});

describe("Apollo's own optimistic layers", () => {
  const history = (cache: InMemoryCache): readonly unknown[] => {
    const seen: unknown[] = [];
    const look = (): void => void seen.push(cache.extract(true), cache.extract());
    cache.writeQuery({ query: TODO, data: answer({}) });
    cache.recordOptimisticTransaction((layer) => rename('below')(layer), 'below');
    cache.recordOptimisticTransaction((layer) => layer.writeQuery({ query: TODO, data: answer({ title: 'above' }) }), 'above');
    cache.writeQuery({ query: TODO, data: answer({ done: true }) });
    look();
    cache.evict({ id: 'Todo:1' });
    look();
    cache.removeOptimistic('above');
    look();
    cache.removeOptimistic('below');
    look();
    return seen;
  };

  it('are as Apollo has them while nothing waits: made again only when one below them goes', () => {
    expect(history(new OfflineCache())).toEqual(history(new InMemoryCache()));
  });

  it('lie with what waits as soon as something does, and then follow the data under them', () => {
    const cache = filled();
    cache.recordOptimisticTransaction((layer) => rename('native')(layer), 'n');
    cache.showPending('a', 1, (layer) => void layer.modify({ id: 'Todo:1', fields: { title: (title) => `${String(title)}!` } }));
    expect(shown(cache)).toMatchObject({ title: 'native!' });
    cache.recordOptimisticTransaction((layer) => void layer.modify({ id: 'Todo:1', fields: { title: (t) => `${String(t)}?` } }), 'm');
    cache.writeQuery({ query: TODO, data: answer({ done: true }) });
    expect(shown(cache)).toMatchObject({ title: 'native!?' });
    cache.removeOptimistic('n');
    expect(shown(cache)).toMatchObject({ title: 'base!?', done: true });
    cache.hidePending('a');
    expect(shown(cache)).toMatchObject({ title: 'base?', done: true });
    cache.removeOptimistic('m');
    expect(shown(cache)).toMatchObject({ title: 'base', done: true });
  });
});

describe('changes of the data', () => {
  it('are found whatever made them, and optimistic ones never are', async () => {
    const cache = filled();
    cache.takeChanged();
    cache.showPending('a', 1, rename('edited'));
    cache.recordOptimisticTransaction((layer) => rename('native')(layer), 'n');
    cache.batch({ optimistic: 'mine', update: (layer) => rename('mine')(layer) });
    cache.removeOptimistic('mine');
    expect([...cache.takeChanged()]).toEqual([]);

    cache.modify({ id: 'Todo:1', fields: { done: () => true } });
    expect([...cache.takeChanged()]).toEqual(['Todo:1']);
    cache.batch({ update: (target) => void target.evict({ id: 'Todo:1' }) });
    expect([...cache.takeChanged()]).toEqual(['Todo:1']);
    expect(cache.rootEntity('Todo:1')).toBeUndefined();
    cache.writeQuery({ query: TODO, data: answer({}) });
    expect([...cache.takeChanged()]).toEqual(['Todo:1']);
    cache.evict({ id: 'ROOT_QUERY', fieldName: 'todo' });
    cache.gc();
    expect([...cache.takeChanged()].sort()).toEqual(['ROOT_QUERY', 'Todo:1']);
    cache.restore({ 'Todo:2': { __typename: 'Todo', id: '2' } });
    expect([...cache.takeChanged()].sort()).toEqual(['ROOT_QUERY', 'Todo:2']);
    await cache.reset();
    expect([...cache.takeChanged()]).toEqual(['Todo:2']);
  });

  it('are announced once a turn, and not when nothing changed', async () => {
    const cache = filled();
    await null;
    cache.takeChanged();
    let calls = 0;
    cache.onChanged(() => calls++);
    cache.writeQuery({ query: TODO, data: answer({}) });
    await null;
    expect(calls).toBe(0);
    cache.writeQuery({ query: TODO, data: answer({ done: true }) });
    cache.modify({ id: 'Todo:1', fields: { title: () => 'again' } });
    await null;
    expect(calls).toBe(1);
  });

  it('are found by comparison when the private parts of the cache are not as expected', () => {
    const inner = filled();
    const opaque = { extract: () => inner.extract(), restore: (data: object) => inner.restore(data as never) } as unknown as InMemoryCache;
    const changed: string[] = [];
    const root = openRootStore(opaque, { changed: (id) => changed.push(id), refuses: () => false });
    inner.modify({ id: 'Todo:1', fields: { title: () => 'again' } });
    root.poll();
    root.poll();
    expect(changed).toEqual(['Todo:1']);
    expect(root.get('Todo:1')).toMatchObject({ title: 'again' });
    root.merge({ 'Todo:2': { __typename: 'Todo', id: '2' } });
    root.poll();
    expect(changed).toContain('Todo:2');
  });
});

describe("against Apollo's own layers", () => {
  /** One random history, told to both caches. */
  type Step =
    | { readonly kind: 'show'; readonly id: number; readonly entity: number; readonly field: 'title' | 'done'; readonly value: number }
    | { readonly kind: 'append'; readonly id: number; readonly value: number }
    | { readonly kind: 'hide'; readonly id: number }
    | { readonly kind: 'settle'; readonly id: number }
    | { readonly kind: 'write'; readonly entity: number; readonly value: number; readonly list: boolean };

  const entity = fc.integer({ min: 1, max: 4 });
  const value = fc.integer({ min: 0, max: 99 });
  const id = fc.integer({ min: 0, max: 12 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('show' as const),
        id,
        entity,
        field: fc.constantFrom('title' as const, 'done' as const),
        value,
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('append' as const), id, value }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('hide' as const), id }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('settle' as const), id }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('write' as const), entity, value, list: fc.boolean() }) },
  );
  const LIST = gql`
    query {
      items { id title done }
    }
  `;
  const ITEM = gql`
    fragment Item on Item { id title done }
  `;
  const item = (n: number, title: string) => ({ __typename: 'Item', id: String(n), title, done: `${title}?` });

  function updateOf(each: Extract<Step, { kind: 'show' | 'append' }>) {
    return (cache: Pick<InMemoryCache, 'modify' | 'writeFragment'>): void => {
      if (each.kind === 'show') cache.modify({ id: `Item:${each.entity}`, fields: { [each.field]: () => `edit ${each.value}` } });
      else {
        const ref = cache.writeFragment({
          id: `Item:new${each.value}`,
          fragment: ITEM,
          data: { ...item(0, `new ${each.value}`), id: `new${each.value}` },
        });
        cache.modify({ fields: { items: (items: unknown) => [...(items as unknown[]), ref] } });
      }
    };
  }

  it('shows the same after any history, and nobody sees anything else on the way (I10)', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const ours = new OfflineCache();
        const base = new InMemoryCache();
        let live: { id: number; update: ReturnType<typeof updateOf> }[] = [];
        for (const cache of [ours, base]) cache.writeQuery({ query: LIST, data: { items: [1, 2].map((n) => item(n, 'base')) } });
        let seen: unknown[] = [];
        const callback = ({ result }: { result: unknown }): void => void seen.push(result);
        ours.watch({ query: LIST, optimistic: true, returnPartialData: true, immediate: true, callback });
        let last = seen.at(-1);
        for (const each of steps) {
          seen = [];
          if (each.kind === 'show' || each.kind === 'append') {
            const update = updateOf(each);
            live = [...live.filter((other) => other.id !== each.id), { id: each.id, update }].sort((a, b) => a.id - b.id);
            ours.showPending(String(each.id), each.id, update);
          } else if (each.kind === 'hide' || each.kind === 'settle') {
            const settled = each.kind === 'settle' ? live.find((other) => other.id === each.id) : undefined;
            live = live.filter((other) => other.id !== each.id);
            ours.together(() => {
              ours.hidePending(String(each.id));
              settled?.update(ours);
            });
            settled?.update(base);
          } else {
            for (const cache of [ours, base]) {
              cache.writeFragment({
                broadcast: cache === base || !each.list,
                id: `Item:${each.entity}`,
                fragment: ITEM,
                data: item(each.entity, `data ${each.value}`),
              });
              if (each.list) cache.writeQuery({ query: LIST, data: { items: [1, each.entity].map((n) => item(n, `list ${each.value}`)) } });
            }
          }
          // Native layers freeze what lay under them; rebuilt from nothing they are what they should be.
          const native = new InMemoryCache().restore(base.extract());
          for (const other of live) native.recordOptimisticTransaction((layer) => other.update(layer), String(other.id));
          const expected = native.diff({ query: LIST, optimistic: true, returnPartialData: true });
          expect(ours.diff({ query: LIST, optimistic: true, returnPartialData: true }).result).toEqual(expected.result);
          for (const result of seen) expect(result).toEqual(expected.result);
          last = seen.at(-1) ?? last;
          expect(last).toEqual(expected.result);
          expect(ours.extract()).toEqual(base.extract());
        }
      }),
      { numRuns: 150 },
    );
  });
});

it('what comes from a disk is seen by whoever had looked for it before, without a broadcast too', () => {
  const cache = new OfflineCache({
    typePolicies: {
      Query: { fields: { first: { read: (_, { readField, toReference }) => readField('title', toReference('Todo:1')) ?? 'none' } } },
    },
  });
  const FIRST = gql`query First { first @client }`;
  const told: unknown[] = [];
  cache.watch({ query: TODOS, optimistic: true, callback: ({ complete }) => told.push(complete) });
  cache.watch({ query: FIRST, optimistic: true, immediate: true, callback: ({ result }) => told.push(result) });
  expect(cache.readQuery({ query: TODOS })).toBeNull();
  const source = new OfflineCache();
  source.writeQuery({ query: TODOS, data: page([todo({ id: '1' })]) });
  const { __META, ...stored } = source.extract();
  cache.mergeStored(stored as Record<string, StoreObject>, { broadcast: false });
  expect(told).toEqual([{ first: 'none' }]);
  expect(cache.readQuery<TodosData>({ query: TODOS })?.todos.nodes).toHaveLength(1);
  expect(cache.readQuery({ query: FIRST })).toEqual({ first: 'title 1' });
  cache.together(() => {});
  expect(told).toEqual([{ first: 'none' }, true, { first: 'title 1' }]);
});
