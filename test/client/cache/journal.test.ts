import { gql, Scalar } from '@apollo/client';
import { describe, expect, it } from 'vitest';
import { createJournal, type Journal, type JournalOptions } from '../../../client/cache/journal.ts';
import { OfflineCache } from '../../../client/cache/offline-cache.ts';
import { OfflineError } from '../../../client/errors.ts';
import type { Storage } from '../../../client/ports.ts';
import { createFaultyStorage, createSimulatedClock, createSimulatedLifecycle, type FaultyStorage } from '../../harness/index.ts';
import { page, TODOS, type TodoRow, todo } from './fixture.ts';

/** One start of the page over a disk. */
function boot(storage: Storage = createFaultyStorage(), options: JournalOptions & { readonly schemaHash?: string | null } = {}) {
  const { schemaHash = 'hash-1', ...journalOptions } = options;
  const cache = new OfflineCache();
  const clock = createSimulatedClock();
  const lifecycle = createSimulatedLifecycle();
  const events: { code: string; key: string }[] = [];
  const onEvent = ({ code, key }: { code: string; key: string }) => void events.push({ code, key });
  const journal = createJournal({ cache, storage, clock, lifecycle, schemaHash, onEvent }, journalOptions);
  return { cache, clock, lifecycle, events, journal, codes: () => events.map(({ code }) => code) };
}
async function lead(...args: Parameters<typeof boot>) {
  const tab = boot(...args);
  await tab.journal.restore();
  await tab.journal.start();
  return tab;
}
const write = (cache: OfflineCache, ...rows: TodoRow[]) => void cache.writeQuery({ query: TODOS, data: page(rows.map(todo)) });
const stateOf = (cache: OfflineCache, journal: Journal) => JSON.stringify([sorted(cache.extract()), journal.checkpoint()]);
const sorted = (value: object) => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

describe('the cache on disk', () => {
  it('is there again after a reload, with its checkpoint and what gc keeps', async () => {
    const disk = createFaultyStorage();
    const { cache, journal } = await lead(disk);
    write(cache, { id: '1' }, { id: '2' });
    cache.writeFragment({ id: 'Todo:3', fragment: gql`fragment T on Todo { id }`, data: { __typename: 'Todo', id: '3' } });
    journal.setCheckpoint('cursor-1');
    await journal.flush();
    cache.evict({ id: 'Todo:2' });
    cache.modify({ id: 'Todo:1', fields: { title: () => 'changed' } });
    await journal.flush();

    const next = boot(disk.reload());
    expect(await next.journal.restore()).toEqual({ entities: 3, checkpoint: 'cursor-1' });
    expect(next.cache.extract()).toEqual(cache.extract());
    expect(next.cache.gc()).toEqual([]);
    expect(next.codes()).toEqual([]);
    expect([...next.cache.takeChanged()]).toEqual([]);
  });

  it('tells the watchers what it brought', async () => {
    const disk = createFaultyStorage();
    const { cache, journal } = await lead(disk);
    write(cache, { id: '1' });
    await journal.flush();
    const next = boot(disk.reload());
    const told: boolean[] = [];
    next.cache.watch({ query: TODOS, optimistic: true, callback: ({ complete }) => told.push(complete) });
    await next.journal.restore();
    expect(told).toEqual([true]);
  });

  it('never holds anything optimistic, whenever it is written', async () => {
    const disk = createFaultyStorage();
    const { cache, journal, clock } = await lead(disk, { debounceMs: 0, maxWaitMs: 0 });
    write(cache, { id: '1' });
    cache.showPending('a', 1, (layer) => layer.modify({ id: 'Todo:1', fields: { title: () => 'only hoped' } }));
    const flushed: Promise<void>[] = [];
    cache.recordOptimisticTransaction((layer) => {
      layer.modify({ id: 'Todo:1', fields: { done: () => true } });
      flushed.push(journal.flush());
    }, 'native');
    cache.modify({ id: 'Todo:1', fields: { rank: () => 7 } });
    await Promise.all(flushed);
    await clock.advance(10);
    const next = boot(disk.reload());
    await next.journal.restore();
    expect(next.cache.rootEntity('Todo:1')).toMatchObject({ title: 'title 1', done: false, rank: 7 });
  });

  it('is written after a quiet moment, at the latest after the longest wait, and when the page goes', async () => {
    const disk = createFaultyStorage();
    const { cache, clock, lifecycle } = await lead(disk, { debounceMs: 100, maxWaitMs: 250 });
    write(cache, { id: '1' });
    await clock.advance(99);
    expect(disk.log).toHaveLength(0);
    await clock.advance(1);
    const afterFirst = disk.log.length;
    expect(afterFirst).toBeGreaterThan(0);

    for (let step = 0; step < 3; step++) {
      cache.modify({ id: 'Todo:1', fields: { rank: () => step } });
      await clock.advance(80);
    }
    expect(disk.log).toHaveLength(afterFirst);
    cache.modify({ id: 'Todo:1', fields: { rank: () => 9 } });
    await clock.advance(10);
    expect(disk.log).toHaveLength(afterFirst + 1);

    cache.modify({ id: 'Todo:1', fields: { rank: () => 10 } });
    lifecycle.emit('hide');
    await clock.settle();
    expect(disk.log).toHaveLength(afterFirst + 2);
    await clock.advance(1000);
    expect(disk.log).toHaveLength(afterFirst + 2);
  });

  it('takes one put for a change, however large the cache is', async () => {
    const disk = createFaultyStorage();
    const { cache, journal } = await lead(disk, { chunkSize: 10 });
    write(cache, ...Array.from({ length: 100 }, (_, index) => ({ id: String(index) })));
    await journal.flush();
    const before = disk.log.length;
    expect(before).toBe(12);
    cache.modify({ id: 'Todo:5', fields: { title: () => 'changed' } });
    await journal.flush();
    await journal.flush();
    expect(disk.log.slice(before)).toMatchObject([{ kind: 'put' }]);
    const [, entry] = (await disk.entries('j/'))[0] ?? [];
    expect(Object.keys((entry as { entities: object }).entities)).toEqual(['Todo:5']);
  });

  it('stays a bounded multiple of the cache: a journal that outgrows its snapshot becomes one (I16)', async () => {
    const disk = createFaultyStorage();
    const { cache, journal } = await lead(disk, { minJournalEntities: 5 });
    write(cache, { id: '1' });
    for (let step = 0; step < 300; step++) {
      cache.modify({ id: 'Todo:1', fields: { rank: () => step } });
      await journal.flush();
      expect((await disk.entries('')).length).toBeLessThan(10);
    }
    const next = boot(disk.reload());
    await next.journal.restore();
    expect(next.cache.extract()).toEqual(cache.extract());
  });

  it('does not keep what operations leave behind at the other roots', async () => {
    const disk = createFaultyStorage();
    const { cache, journal } = await lead(disk);
    cache.writeQuery({ id: 'ROOT_MUTATION', query: gql`{ done }`, data: { done: true } });
    await journal.flush();
    cache.writeQuery({ id: 'ROOT_MUTATION', query: gql`{ done }`, data: { done: false } });
    await journal.flush();
    expect(JSON.stringify(await disk.entries(''))).not.toContain('done');
  });
});

describe('a crash at any put leaves the last flushed state', () => {
  /** A life of flushes; the states that were durable, and the one that was under way. */
  async function live(disk: Storage) {
    const flushed: string[] = [];
    let underWay: string | null = null;
    const { cache, journal } = boot(disk, { chunkSize: 2, minJournalEntities: 4 });
    await journal.restore();
    flushed.push(stateOf(cache, journal));
    await journal.start();
    const steps: (() => void)[] = [
      () => write(cache, { id: '1' }, { id: '2' }, { id: '3' }),
      () => cache.modify({ id: 'Todo:1', fields: { rank: () => 1 } }),
      () => cache.evict({ id: 'Todo:2' }),
      () => write(cache, { id: '1', version: 2 }, { id: '4' }),
      () => cache.gc(),
      () => cache.modify({ id: 'Todo:1', fields: { rank: () => 2 } }),
      () => write(cache, { id: '5' }, { id: '6' }),
    ];
    const run = async () => {
      for (const [index, step] of steps.entries()) {
        step();
        journal.setCheckpoint(`cursor-${index}`);
        underWay = stateOf(cache, journal);
        await journal.flush();
        flushed.push(underWay);
        underWay = null;
      }
    };
    return { done: run(), flushed, underWay: () => underWay };
  }

  it('whichever put it is', async () => {
    const whole = createFaultyStorage();
    await (await live(whole)).done;
    const steps = whole.log.length;
    expect(steps).toBeGreaterThan(15);
    for (let step = 1; step <= steps; step++) {
      for (const when of ['before', 'after'] as const) {
        const disk = createFaultyStorage();
        disk.crashAt(step, when);
        const life = await live(disk);
        await Promise.race([life.done, disk.crashed]);
        const next = boot(disk.reload());
        await next.journal.restore();
        const found = stateOf(next.cache, next.journal);
        expect([life.flushed.at(-1), life.underWay()], `crash ${when} write ${step}`).toContain(found);
        expect(next.codes()).toEqual([]);
        // And it goes on from there.
        await next.journal.start();
        write(next.cache, { id: '9' });
        await next.journal.flush();
      }
    }
  });

  it('a disk that fails once, at whichever write, loses nothing: the next flush has it all', async () => {
    for (let step = 1; step <= 20; step++) {
      const disk = createFaultyStorage();
      disk.failAt(step);
      const { cache, journal } = await lead(disk, { chunkSize: 2, minJournalEntities: 4 });
      for (let round = 0; round < 8; round++) {
        write(cache, { id: String(round), version: round }, { id: '1', rank: round, version: round });
        journal.setCheckpoint(round);
        await journal.flush().catch(() => {});
      }
      await journal.flush();
      const next = boot(disk.reload());
      await next.journal.restore();
      expect(stateOf(next.cache, next.journal), `write ${step}`).toBe(stateOf(cache, journal));
    }
  });
});

describe('a large cache comes in slices', () => {
  /** A disk with 1000 rows, and a start of the page on which every look at the clock finds that time for a break. */
  async function start(between: (cache: OfflineCache, journal: Journal, turn: number) => void) {
    const disk = createFaultyStorage();
    const before = await lead(disk);
    write(before.cache, ...Array.from({ length: 1_000 }, (_, row) => ({ id: `${row}`, version: 5 })));
    before.journal.setCheckpoint('cursor');
    await before.journal.flush();
    before.journal.stop();

    const cache = new OfflineCache();
    let now = 0;
    let turns = 0;
    const clock = {
      now: () => (now += 100),
      after: (_: number, run: () => void) => {
        between(cache, journal, ++turns);
        run();
        return () => {};
      },
    };
    const onEvent = () => {};
    const lifecycle = createSimulatedLifecycle();
    const journal: Journal = createJournal({ cache, storage: disk.reload(), clock, lifecycle, schemaHash: 'hash-1', onEvent });
    const restored = await journal.restore();
    return { cache, journal, restored, turns, before };
  }
  const rows = (cache: OfflineCache) => cache.readQuery<{ todos: { nodes: readonly unknown[] } }>({ query: TODOS })?.todos.nodes.length;

  it('the page lives in between, finds a list whole or not at all, and is told once', async () => {
    const found = new Set<number | undefined>();
    const told: number[] = [];
    const { cache, restored, turns, before } = await start((meanwhile, _, turn) => {
      found.add(rows(meanwhile));
      const callback = ({ result }: { result: unknown }) => void told.push((result as { todos: { nodes: unknown[] } }).todos.nodes.length);
      if (turn === 1) meanwhile.watch({ query: TODOS, optimistic: true, callback });
    });
    expect(turns).toBeGreaterThan(10);
    expect([...found]).toEqual([undefined]);
    expect(told).toEqual([1_000]);
    expect(restored).toEqual({ entities: 1_001, checkpoint: 'cursor' });
    expect(sorted(cache.extract())).toEqual(sorted(before.cache.extract()));
    expect([...cache.takeChanged()]).toEqual([]);
  });

  it('what the application does meanwhile stands: newer data, and what it takes away', async () => {
    const { cache } = await start((meanwhile, _, turn) => {
      if (turn === 5) {
        meanwhile.mergeStored({ 'Todo:0': { ...todo({ id: '0', title: 'newer', version: 9 }) } });
        meanwhile.mergeStored({ 'Todo:999': { ...todo({ id: '999', version: 9 }) } });
      }
      if (turn === 6) meanwhile.evict({ id: 'Todo:999' });
    });
    expect(cache.rootEntity('Todo:0')).toMatchObject({ title: 'newer', _version: 9 });
    expect(cache.rootEntity('Todo:999')).toBeUndefined();
    expect(cache.rootEntity('Todo:998')).toBeDefined();
    // And it goes to disk.
    expect(rows(cache)).toBe(999);
  });

  it('who signs out meanwhile leaves nothing behind that would still come', async () => {
    const cleared: Promise<void>[] = [];
    const { cache, restored, journal } = await start((meanwhile, reading, turn) => {
      if (turn !== 5) return;
      cleared.push(reading.clear());
      void meanwhile.reset();
    });
    await Promise.all(cleared);
    expect(cache.rootIds()).toEqual([]);
    expect(restored).toEqual({ entities: 0, checkpoint: null });
    expect(journal.checkpoint()).toBeNull();
  });
});

describe('the checkpoint', () => {
  it('is never ahead of its data: both lie in one put', async () => {
    const disk = createFaultyStorage();
    const { cache, journal } = await lead(disk);
    write(cache, { id: '1' });
    await journal.flush();
    cache.together(() => {
      write(cache, { id: '1', version: 2 });
      journal.setCheckpoint('after version 2');
    });
    disk.crashAt(disk.log.length + 1, 'before');
    void journal.flush();
    await disk.crashed;
    const next = boot(disk.reload());
    expect((await next.journal.restore()).checkpoint).toBeNull();
    expect(next.cache.rootEntity('Todo:1')).toMatchObject({ _version: 1 });
  });

  it('that alone moved is written too', async () => {
    const disk = createFaultyStorage();
    const { journal } = await lead(disk);
    journal.setCheckpoint('moved');
    await journal.flush();
    expect((await boot(disk.reload()).journal.restore()).checkpoint).toBe('moved');
  });

  it('counts for nothing when a part of its data is missing', async () => {
    const disk = createFaultyStorage();
    const { cache, journal } = await lead(disk, { chunkSize: 1 });
    write(cache, { id: '1' }, { id: '2' });
    journal.setCheckpoint('cursor');
    await journal.flush();
    const [key] = (await disk.entries('s/'))[1] ?? [''];
    await disk.remove(key);
    const next = boot(disk.reload());
    const { entities, checkpoint } = await next.journal.restore();
    expect([entities, checkpoint]).toEqual([2, null]);
    expect(next.events).toEqual([{ code: 'CACHE_UNREADABLE', key }]);
  });
});

describe('what is found on disk', () => {
  const COUNT = gql`
    fragment Count on Query { count }
  `;

  async function filledDisk() {
    const disk = createFaultyStorage();
    const { cache, journal } = await lead(disk);
    write(cache, { id: '1' });
    cache.writeFragment({ id: 'ROOT_QUERY', fragment: COUNT, data: { __typename: 'Query', count: 'stored' } });
    journal.setCheckpoint('snapshot');
    await journal.flush();
    for (const rank of [1, 2, 3]) {
      cache.modify({ id: 'Todo:1', fields: { rank: () => rank } });
      journal.setCheckpoint(`entry ${rank}`);
      await journal.flush();
    }
    return disk.reload();
  }
  const second = 'j/0000000001/0000000002';

  it.each([
    ['nothing', async (disk: FaultyStorage) => disk.remove(second), 'CACHE_UNREADABLE'],
    [
      'a torn entry',
      async (disk: FaultyStorage) => disk.put(second, { ...((await disk.get(second)) as object), entities: {} }),
      'CACHE_UNREADABLE',
    ],
    ['rubbish', async (disk: FaultyStorage) => disk.put(second, 'rubbish'), 'CACHE_UNREADABLE'],
    ['somebody else', async (disk: FaultyStorage) => disk.put(second, { codec: 'x', entities: {} }), 'CACHE_UNREADABLE'],
    ['a newer release', async (disk: FaultyStorage) => disk.put(second, { codec: 99 }), 'CACHE_NEWER'],
  ])('%s in the middle of the journal: what came before it holds, and its checkpoint', async (_, damage, code) => {
    const disk = await filledDisk();
    await damage(disk);
    const { cache, journal, codes } = boot(disk);
    expect((await journal.restore()).checkpoint).toBe('entry 1');
    expect(cache.rootEntity('Todo:1')).toMatchObject({ rank: 1 });
    expect(codes()).toEqual([code]);
    await journal.start();
    await journal.flush();
  });

  it.each([
    ['rubbish', 7, 'CACHE_UNREADABLE'],
    ['a newer release', { codec: 2 }, 'CACHE_NEWER'],
    ['half a head', { codec: 1, generation: 1 }, 'CACHE_UNREADABLE'],
  ])('%s as the head: the app starts empty and stores again', async (_, head, code) => {
    const disk = await filledDisk();
    await disk.put('head', head);
    const { cache, journal, codes } = boot(disk);
    expect(await journal.restore()).toEqual({ entities: 0, checkpoint: null });
    expect(codes()).toEqual([code]);
    await journal.start();
    write(cache, { id: '7' });
    await journal.flush();
    const next = boot(disk.reload());
    await next.journal.restore();
    expect(next.cache.extract()).toEqual(cache.extract());
  });

  it('made with another schema: dropped, said, and written afresh', async () => {
    const disk = await filledDisk();
    const { cache, journal, codes } = await lead(disk, { schemaHash: 'hash-2' });
    expect(cache.extract()).toEqual({});
    expect(codes()).toContain('CACHE_SCHEMA_CHANGED');
    write(cache, { id: '2' });
    await journal.flush();
    expect((await disk.entries('j/')).length).toBe(0);
    const next = boot(disk.reload(), { schemaHash: 'hash-2' });
    expect(await next.journal.restore()).toMatchObject({ entities: 2 });
  });

  it('comes under what the application fetched before: newer versions stay', async () => {
    const disk = await filledDisk();
    const { cache, journal } = boot(disk);
    cache.writeQuery({ query: TODOS, variables: { first: 1 }, data: page([todo({ id: '1', version: 5, title: 'fetched' })]) });
    cache.writeFragment({ id: 'ROOT_QUERY', fragment: COUNT, data: { __typename: 'Query', count: 'fetched' } });
    await journal.restore();
    expect(cache.readFragment({ id: 'ROOT_QUERY', fragment: COUNT })).toMatchObject({ count: 'fetched' });
    expect(cache.rootEntity('Todo:1')).toMatchObject({ title: 'fetched', _version: 5 });
    expect(cache.readQuery({ query: TODOS })).not.toBeNull();
    expect(cache.readQuery({ query: TODOS, variables: { first: 1 } })).not.toBeNull();
  });
});

describe('a storage that fails', () => {
  it('unreadable: the app starts without it, says so, and overwrites nothing that it has not read', async () => {
    const disk = createFaultyStorage();
    disk.faults.failReads = new OfflineError('STORAGE_UNAVAILABLE', 'no');
    const { cache, clock, journal, codes } = boot(disk);
    expect(await journal.restore()).toEqual({ entities: 0, checkpoint: null });
    await journal.start();
    write(cache, { id: '1' });
    await expect(journal.flush()).rejects.toMatchObject({ code: 'NOT_DURABLE' });
    expect(disk.log).toHaveLength(0);
    expect(codes()).toContain('CACHE_NOT_READ');
    disk.faults.failReads = null;
    await clock.advance(60_000);
    const next = boot(disk.reload());
    await next.journal.restore();
    expect(next.cache.extract()).toEqual(cache.extract());
  });

  it('full: the app goes on in memory, is told, and all is written once there is room', async () => {
    const disk = createFaultyStorage();
    const { cache, clock, journal, codes } = await lead(disk, { retryMs: 1000 });
    write(cache, { id: '1' });
    await journal.flush();
    disk.faults.quotaBytes = 10;
    write(cache, { id: '1', version: 2 }, { id: '2' });
    await expect(journal.flush()).rejects.toSatisfy((error: unknown) => OfflineError.is(error, 'NOT_DURABLE'));
    const attempts = disk.log.length;
    cache.modify({ id: 'Todo:1', fields: { rank: () => 5 } });
    await clock.advance(900);
    expect(disk.log).toHaveLength(attempts);
    expect(codes()).toEqual(['CACHE_NOT_STORED']);
    disk.faults.quotaBytes = null;
    await clock.advance(200);
    const next = boot(disk.reload());
    await next.journal.restore();
    expect(next.cache.extract()).toEqual(cache.extract());
  });

  it('for ever: asked ever more rarely, and never an unhandled rejection', async () => {
    const disk = createFaultyStorage();
    disk.faults.failWrites = new OfflineError('STORAGE_FULL', 'no');
    const { cache, clock } = await lead(disk, { retryMs: 1000 });
    write(cache, { id: '1' });
    await clock.advance(3_600_000);
    const puts = disk.log.filter(({ kind }) => kind === 'put').length;
    expect(puts).toBeGreaterThan(5);
    expect(puts).toBeLessThan(70);
  });
});

describe('tabs', () => {
  it('a tab that does not lead writes nothing', async () => {
    const disk = createFaultyStorage();
    const { cache, journal, clock } = boot(disk);
    await journal.restore();
    write(cache, { id: '1' });
    await clock.advance(60_000);
    await expect(journal.flush()).rejects.toMatchObject({ code: 'NOT_DURABLE' });
    expect(disk.log).toHaveLength(0);
  });

  it('the tab that takes over keeps what the other wrote meanwhile and what it fetched itself, and pulls from its own checkpoint', async () => {
    const disk = createFaultyStorage();
    const first = await lead(disk);
    write(first.cache, { id: '1' });
    first.journal.setCheckpoint('old');
    await first.journal.flush();

    const second = boot(disk);
    await second.journal.restore();
    second.cache.writeQuery({
      query: TODOS,
      variables: { first: 9 },
      data: page([todo({ id: 'mine' }), todo({ id: '1', version: 7, title: 'mine' })]),
    });

    write(first.cache, { id: '1', version: 2 }, { id: 'theirs' });
    first.journal.setCheckpoint('new');
    await first.journal.flush();
    first.journal.stop();

    await second.journal.start();
    await second.journal.flush();
    const next = boot(disk.reload());
    expect((await next.journal.restore()).checkpoint).toBe('old');
    for (const { cache } of [second, next]) {
      expect(cache.rootEntity('Todo:1')).toMatchObject({ _version: 7, title: 'mine' });
      expect(cache.rootEntity('Todo:theirs')).toBeDefined();
      expect(cache.rootEntity('Todo:mine')).toBeDefined();
      expect(cache.readQuery({ query: TODOS })).not.toBeNull();
    }
  });

  it('a tab that lost the lead and does not know it writes where nobody reads', async () => {
    const disk = createFaultyStorage();
    const frozen = await lead(disk);
    write(frozen.cache, { id: '1' });
    await frozen.journal.flush();
    const leader = await lead(disk);
    write(leader.cache, { id: '1', version: 2 });
    leader.journal.setCheckpoint('leader');
    await leader.journal.flush();
    write(frozen.cache, { id: '1', version: 2, title: 'frozen' });
    await frozen.journal.flush();
    const next = boot(disk.reload());
    expect((await next.journal.restore()).checkpoint).toBe('leader');
    expect(next.cache.rootEntity('Todo:1')).toMatchObject({ title: 'title 1' });
  });
});

describe('signing out', () => {
  it('leaves nothing on disk, also after dispose, and a later start begins empty', async () => {
    const disk = createFaultyStorage();
    const { cache, journal, clock } = await lead(disk);
    write(cache, { id: '1' });
    journal.setCheckpoint('cursor');
    await journal.flush();
    cache.modify({ id: 'Todo:1', fields: { rank: () => 1 } });
    journal.stop();
    await journal.clear();
    await clock.advance(60_000);
    expect(await disk.entries('')).toEqual([]);
    expect(journal.checkpoint()).toBeNull();
    expect(await boot(disk.reload()).journal.restore()).toEqual({ entities: 0, checkpoint: null });
  });

  it('a crash in the middle leaves no half of a cache', async () => {
    const disk = createFaultyStorage();
    const { cache, journal } = await lead(disk, { chunkSize: 1 });
    write(cache, { id: '1' }, { id: '2' });
    await journal.flush();
    disk.crashAt(disk.log.length + 2, 'after');
    void journal.clear();
    await disk.crashed;
    const next = await lead(disk.reload(), { chunkSize: 1 });
    expect(next.cache.extract()).toEqual({});
    write(next.cache, { id: '3' });
    await next.journal.flush();
    expect(next.codes()).toEqual([]);
  });
});

it('scalars that the application parses are stored as the wire spells them', async () => {
  const disk = createFaultyStorage();
  const DateTime = new Scalar<string, Date>({
    serialize: (date) => date.toISOString(),
    parse: (text) => new Date(text),
    is: (value) => value instanceof Date,
  });
  const options = { scalars: { DateTime }, typePolicies: { Event: { fields: { at: { scalar: 'DateTime' } } } } };
  const build = () => {
    const cache = new OfflineCache(options as never);
    const journal = createJournal({
      cache,
      storage: disk,
      clock: createSimulatedClock(),
      lifecycle: createSimulatedLifecycle(),
      schemaHash: null,
      onEvent: () => {},
    });
    return { cache, journal };
  };
  const { cache, journal } = build();
  await journal.restore();
  await journal.start();
  const query = gql`
    query {
      event { id at }
    }
  `;
  cache.writeQuery({ query, data: { event: { __typename: 'Event', id: '1', at: '2026-01-01T00:00:00.000Z' } } });
  await journal.flush();
  expect(JSON.stringify(await disk.entries('s/'))).toContain('"at":"2026-01-01T00:00:00.000Z"');
  const next = build();
  await next.journal.restore();
  expect(next.cache.extract()).toEqual(cache.extract());
});
