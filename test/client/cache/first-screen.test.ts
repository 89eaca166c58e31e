import { gql } from '@apollo/client';
import { describe, expect, it } from 'vitest';
import { firstScreen } from '../../../client/cache/first-screen.ts';
import { createJournal } from '../../../client/cache/journal.ts';
import { OfflineCache } from '../../../client/cache/offline-cache.ts';
import type { Storage } from '../../../client/ports.ts';
import { createFaultyStorage, createSimulatedClock, createSimulatedLifecycle } from '../../harness/index.ts';
import { page, TODOS, todo } from './fixture.ts';

const ref = (id: string) => ({ __ref: id });

describe('what a first screen is', () => {
  const entities = {
    ROOT_QUERY: {
      __typename: 'Query',
      large: [ref('A:1'), ref('A:2'), ref('A:3')],
      small: { nodes: [ref('B:1')], note: null },
      broken: [ref('B:1'), ref('Gone:1')],
      nested: { one: { two: [ref('C:1')] } },
      plain: 7,
    },
    'A:1': { id: '1' },
    'A:2': { id: '2' },
    'A:3': { id: '3' },
    'B:1': { id: '1', c: ref('C:1') },
    'C:1': { id: '1', back: ref('B:1') },
    'D:1': { id: 'nobody asks for it' },
  };
  const fieldsOf = (screen: Record<string, object>) => Object.keys(screen.ROOT_QUERY ?? {});

  it('whole answers only, with everything that they reach', () => {
    expect(firstScreen(entities)).toEqual({
      ...Object.fromEntries(Object.entries(entities).filter(([id]) => !id.startsWith('D'))),
      ROOT_QUERY: { ...entities.ROOT_QUERY, broken: undefined },
    });
  });

  it('as many as fit, those on screen first', () => {
    expect(fieldsOf(firstScreen(entities, { limit: 4 }))).toEqual(['__typename', 'large', 'plain']);
    expect(fieldsOf(firstScreen(entities, { limit: 3 }))).toEqual(['__typename', 'small', 'nested', 'plain']);
    expect(fieldsOf(firstScreen(entities, { limit: 4, wanted: new Set(['small', 'never']) }))).toEqual([
      '__typename',
      'small',
      'nested',
      'plain',
    ]);
  });

  it('nothing, where there is no answer', () => {
    expect(firstScreen({})).toEqual({});
    expect(firstScreen({ ROOT_QUERY: { __typename: 'Query', all: [ref('Gone:1')] } })).toEqual({});
  });
});

describe('the first screen of a large cache', () => {
  const ALL = gql`
    query All { all { id _version title } }
  `;
  const row = (n: number) => ({ __typename: 'Todo', id: `${n}`, _version: 1, title: `row ${n}` });
  const titles = (cache: OfflineCache) =>
    cache.readQuery<{ todos: { nodes: readonly { title: string }[] } }>({ query: TODOS })?.todos.nodes.map(({ title }) => title);
  const all = (cache: OfflineCache) => cache.readQuery<{ all: readonly unknown[] }>({ query: ALL })?.all.length;

  function boot(disk: Storage, between: (cache: OfflineCache, turn: number) => void = () => {}) {
    const cache = new OfflineCache();
    const events: string[] = [];
    let now = 0;
    let turns = 0;
    const clock = {
      now: () => (now += 100),
      after: (_: number, run: () => void) => {
        between(cache, ++turns);
        run();
        return () => {};
      },
    };
    const journal = createJournal(
      {
        cache,
        storage: disk,
        clock,
        lifecycle: createSimulatedLifecycle(),
        schemaHash: null,
        onEvent: ({ code }) => void events.push(code),
      },
      { chunkSize: 10 },
    );
    return { cache, journal, events };
  }

  /** A hundred rows in one list, of which two are on screen too. */
  async function filled() {
    const disk = createFaultyStorage();
    const cache = new OfflineCache();
    const clock = createSimulatedClock();
    const lifecycle = createSimulatedLifecycle();
    const journal = createJournal({ cache, storage: disk, clock, lifecycle, schemaHash: null, onEvent: () => {} }, { chunkSize: 10 });
    cache.writeQuery({ query: ALL, data: { all: Array.from({ length: 100 }, (_, n) => row(n)) } });
    cache.writeQuery({ query: TODOS, data: page([todo({ id: '3', version: 2 }), todo({ id: '99', version: 2 })]) });
    cache.watch({ query: TODOS, optimistic: true, callback: () => {} });
    await journal.start();
    journal.setCheckpoint('cursor');
    await journal.flush();
    return { disk, cache, journal, reload: () => disk.reload() };
  }

  it('is there before the rest, whole; then all is', async () => {
    const { cache: before, reload } = await filled();
    const { cache, journal, events } = boot(reload());
    const seen: unknown[] = [];
    const restored = await journal.restore({ onScreen: () => seen.push([titles(cache), all(cache), cache.rootIds().length]) });
    expect(seen[0]).toEqual([['title 3', 'title 99'], undefined, 3]);
    expect(restored).toEqual({ entities: 101, checkpoint: 'cursor' });
    expect(sorted(cache.extract())).toEqual(sorted(before.extract()));
    expect([...cache.takeChanged()]).toEqual([]);
    expect(events).toEqual([]);
  });

  it('watchers hear of it at once, and of the rest at the end', async () => {
    const { reload } = await filled();
    const told: string[] = [];
    const { cache, journal } = boot(reload());
    cache.watch({ query: TODOS, optimistic: true, callback: ({ complete }) => complete && told.push('screen') });
    cache.watch({ query: ALL, optimistic: true, callback: ({ complete }) => complete && told.push('all') });
    await journal.restore({ onScreen: () => told.push('on screen') });
    expect(told).toEqual(['on screen', 'screen', 'all']);
  });

  it('is as new as the journal: a row that changed, one that left, one that came', async () => {
    const { disk, cache: writer, journal, reload } = await filled();
    writer.writeQuery({ query: TODOS, data: page([todo({ id: '99', version: 3, title: 'changed' }), todo({ id: 'new' })]) });
    writer.evict({ id: 'Todo:3' });
    await journal.flush();
    expect(disk.log.filter(({ key }) => key.startsWith('j/'))).toHaveLength(1);
    const { cache, journal: next } = boot(reload());
    const seen: unknown[] = [];
    await next.restore({ onScreen: () => seen.push(titles(cache)) });
    expect(seen[0]).toEqual(['changed', 'title new']);
    expect(sorted(cache.extract())).toEqual(sorted(writer.extract()));
  });

  it('what another tab stores between the two looks at the disk stands', async () => {
    const { disk, cache: writer, journal } = await filled();
    let writing = Promise.resolve();
    const afterWriting: Storage = {
      ...disk,
      get: (key) => writing.then(() => disk.get(key)),
      entries: (prefix) => writing.then(() => disk.entries(prefix)),
    };
    const reader = boot(afterWriting);
    let looks = 0;
    await reader.journal.restore({
      onScreen: () => {
        if (++looks > 1) return;
        expect(titles(reader.cache)).toEqual(['title 3', 'title 99']);
        writer.writeQuery({ query: TODOS, data: page([todo({ id: '99', version: 2 })]) });
        writer.evict({ id: 'Todo:3' });
        writer.modify({ id: 'Todo:99', fields: { done: () => true } });
        writing = journal.flush();
      },
    });
    expect(titles(reader.cache)).toEqual(['title 99']);
    expect(sorted(reader.cache.extract())).toEqual(sorted(writer.extract()));
  });

  it('what the application does between the two stands too, and who goes is not followed', async () => {
    const { reload } = await filled();
    const { cache, journal } = boot(reload());
    await journal.restore({
      onScreen: () => {
        if (cache.rootIds().length > 3) return;
        cache.evict({ id: 'Todo:3' });
        cache.writeQuery({ query: TODOS, data: page([todo({ id: '99', version: 9, title: 'fetched' })]) });
      },
    });
    expect(titles(cache)).toEqual(['fetched']);
    expect(cache.rootEntity('Todo:3')).toBeUndefined();
    expect(all(cache)).toBe(99);

    const signal = new AbortController();
    const gone = boot((await filled()).reload(), (_, turn) => turn === 4 && signal.abort());
    await gone.journal.restore({ signal: signal.signal, onScreen: () => undefined });
    expect(all(gone.cache)).toBeUndefined();
    expect(gone.cache.rootIds().length).toBeLessThan(60);
  });

  it('damaged, of another schema, or none: the rest is read as ever', async () => {
    const { reload, cache: before } = await filled();
    const disk = reload();
    const first = (await disk.entries('s/'))[0]?.[0] as string;
    await disk.put(first, 'rubbish');
    const { cache, journal, events } = boot(disk);
    const seen: unknown[] = [];
    await journal.restore({ onScreen: () => seen.push(titles(cache)) });
    expect(seen).toHaveLength(1);
    expect(events).toEqual(['CACHE_UNREADABLE']);
    // Two rows were in it alone.
    expect(cache.rootIds().length).toBe(before.rootIds().length - 2);
  });
});

const sorted = (value: object) => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
