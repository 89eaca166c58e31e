import { buildSchema, execute as executeGraphQL, parse, print, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { writeEntity } from '../../../client/cache/entity.ts';
import { createJournal } from '../../../client/cache/journal.ts';
import { placeInLists } from '../../../client/cache/lists.ts';
import { OfflineCache } from '../../../client/cache/offline-cache.ts';
import { createDelta } from '../../../client/sync/delta.ts';
import { createDoubts, NO_DOUBTS } from '../../../client/sync/doubts.ts';
import type { PageQueryOptions } from '../../../client/sync/page-query.ts';
import { syncDocument } from '../../../client/sync/sync-document.ts';
import { createFaultyStorage, createSimulatedClock, createSimulatedLifecycle, type FaultyStorage } from '../../harness/index.ts';
import { page as listPage, manifest, TODOS, type TodosData, todo } from '../cache/fixture.ts';

type Row = ReturnType<typeof todo>;
interface Pages {
  readonly changes?: readonly Row[];
  readonly tombstones?: readonly { readonly id: string; readonly version: number; readonly reason?: string }[];
  readonly cursor: string;
  readonly hasMore?: boolean;
  readonly reset?: boolean;
}
const answer = ({ changes = [], tombstones = [], cursor, hasMore = false, reset = false }: Pages) => ({
  sync: {
    changes: changes.map((row) => ({ ...row, tags: [], site: null })),
    tombstones: tombstones.map(({ id, version, reason = 'DELETED' }) => ({ typename: 'Todo', id, _version: version, reason })),
    cursor,
    hasMore,
    reset,
  },
});

const ahead = (since: string, page: Pages) => ({ since, cursor: page.cursor, size: 1, text: JSON.stringify(answer(page)), at: 1 });

/** A server that answers what the test lays out, in order. */
async function world(options: PageQueryOptions & { readonly storage?: FaultyStorage } = {}) {
  const { storage = createFaultyStorage(), ...deltaOptions } = options;
  const cache = new OfflineCache();
  const events: string[] = [];
  const onEvent = ({ code }: { code: string }) => void events.push(code);
  const journal = createJournal({
    cache,
    storage,
    clock: createSimulatedClock(),
    lifecycle: createSimulatedLifecycle(),
    schemaHash: null,
    onEvent,
  });
  await journal.restore();
  await journal.start();
  const asked: unknown[] = [];
  const pages: (Pages | Error | (() => Pages | Promise<Pages>))[] = [];
  let doubted = NO_DOUBTS;
  const doubts = createDoubts({
    cache,
    types: Object.keys(manifest.types),
    load: () => (journal.checkpoint() === null ? null : doubted),
    save: (next) => {
      doubted = next;
    },
  });
  const delta = createDelta(
    {
      cache,
      manifest,
      journal,
      doubts,
      onEvent,
      async execute(_document, { since }) {
        asked.push(since);
        const next = pages.shift();
        if (next === undefined) throw new Error('the test laid out no more pages');
        if (next instanceof Error) throw next;
        return answer(typeof next === 'function' ? await next() : next);
      },
    },
    deltaOptions,
  );
  const store = (rows: readonly Row[], variables = {}) => void cache.writeQuery({ query: TODOS, variables, data: listPage(rows) });
  const ids = (variables = {}, optimistic = true) =>
    cache.readQuery<TodosData>({ query: TODOS, variables }, optimistic)?.todos.nodes.map((node) => node.id);
  return {
    cache,
    journal,
    storage,
    doubts,
    delta,
    pages,
    asked,
    events,
    store,
    ids,
    title: (id: string) => cache.rootEntity(`Todo:${id}`)?.title,
  };
}

describe('a pull', () => {
  it('writes what came, puts it into lists, goes on from page to page and ends with a checkpoint', async () => {
    const { delta, pages, asked, store, ids, journal, cache } = await world();
    store([todo({ id: 'b' })]);
    journal.setCheckpoint('c0');
    pages.push({ changes: [todo({ id: 'a' }), todo({ id: 'b', version: 2, title: 'theirs' })], cursor: 'c1', hasMore: true });
    pages.push({ changes: [todo({ id: 'c' })], tombstones: [{ id: 'a', version: 2 }], cursor: 'c2' });
    expect(await delta.pull()).toEqual({ changes: 3, tombstones: 1, pages: 2, reset: false });
    expect(asked).toEqual(['c0', 'c1']);
    expect(ids()).toEqual(['b', 'c']);
    expect(cache.rootEntity('Todo:b')).toMatchObject({ title: 'theirs', _version: 2 });
    expect(journal.checkpoint()).toBe('c2');
  });

  it('each page is one broadcast (I11)', async () => {
    const { delta, pages, store, cache } = await world();
    store([todo({ id: 'a' }), todo({ id: 'b' })]);
    const told: string[] = [];
    cache.watch<TodosData>({
      query: TODOS,
      optimistic: true,
      immediate: true,
      callback: ({ result }) => told.push((result as TodosData).todos.nodes.map((node) => `${node.id}${node._version}`).join()),
    });
    const change = [todo({ id: 'a', version: 2 }), todo({ id: 'b', version: 2 }), todo({ id: 'c', version: 2 })];
    pages.push(
      { changes: change, cursor: '1', hasMore: true },
      {
        tombstones: [
          { id: 'a', version: 3 },
          { id: 'b', version: 3 },
        ],
        cursor: '2',
      },
    );
    await delta.pull();
    expect(told).toEqual(['a1,b1', 'a2,b2,c2', 'c2']);
  });

  it('older versions change nothing, whichever way the newer one came', async () => {
    const { delta, pages, store, ids, title, journal } = await world();
    store([todo({ id: 'a', version: 5, title: 'newer' })]);
    journal.setCheckpoint('c0');
    pages.push({ changes: [todo({ id: 'a', version: 4, title: 'stale' })], tombstones: [{ id: 'a', version: 3 }], cursor: 'c1' });
    await delta.pull();
    expect(title('a')).toBe('newer');
    expect(ids()).toEqual(['a']);
  });

  it('what was deleted stays deleted: a slow answer from before does not bring it back (I8)', async () => {
    const { delta, pages, store, ids, journal } = await world();
    store([todo({ id: 'a' }), todo({ id: 'b' })]);
    journal.setCheckpoint('c0');
    pages.push({
      tombstones: [
        { id: 'a', version: 2 },
        { id: 'unknown', version: 7 },
      ],
      cursor: 'c1',
    });
    await delta.pull();
    store([todo({ id: 'a' }), todo({ id: 'b' }), todo({ id: 'unknown', version: 6 })], { first: 3 });
    expect(ids({ first: 3 })).toEqual(['a', 'b']);
    expect(ids()).toEqual(['b']);
    pages.push({ changes: [todo({ id: 'a', version: 3, title: 'recreated' })], cursor: 'c2' });
    await delta.pull();
    expect(ids()).toEqual(['a', 'b']);
  });

  it('what was deleted is kept for what refers to it, until nothing does; what is out of scope goes', async () => {
    const { delta, pages, cache, journal, store } = await world();
    journal.setCheckpoint('c0');
    pages.push({ changes: [todo({ id: 'a' }), todo({ id: 'b' })], cursor: 'c1' });
    await delta.pull();
    store([todo({ id: 'a' }), todo({ id: 'b' })]);
    pages.push({
      tombstones: [
        { id: 'a', version: 2 },
        { id: 'b', version: 2, reason: 'OUT_OF_SCOPE' },
      ],
      cursor: 'c2',
    });
    await delta.pull();
    expect(cache.rootEntity('Todo:a')).toMatchObject({ _deleted: true, _version: 2 });
    expect(cache.rootEntity('Todo:b')).toBeUndefined();
    expect(cache.gc()).toEqual(['Todo:a']);
  });

  it('pending edits stay on top of what comes', async () => {
    const { delta, pages, store, cache, journal, ids } = await world();
    journal.setCheckpoint('c0');
    store([todo({ id: 'a' })]);
    cache.showPending('p', 1, (layer) => {
      writeEntity(layer, manifest, 'Todo', { id: 'a', title: 'mine' });
      writeEntity(layer, manifest, 'Todo', todo({ id: 'new', version: 0 }));
      placeInLists(layer, manifest, 'Todo', 'new');
    });
    pages.push({ changes: [todo({ id: 'a', version: 2, title: 'theirs', done: true }), todo({ id: 'b' })], cursor: 'c1' });
    await delta.pull();
    expect(cache.readQuery<TodosData>({ query: TODOS }, true)?.todos.nodes).toMatchObject([
      { title: 'mine', done: true },
      { id: 'b' },
      { id: 'new' },
    ]);
    expect(ids({}, false)).toEqual(['a', 'b']);
  });
});

describe('the checkpoint of a pull', () => {
  it('is never ahead of its data, wherever the process dies', async () => {
    const rows = ['a', 'b', 'c', 'd'].map((id) => todo({ id }));
    let crashes = 0;
    for (let crash = 1; crash <= 5; crash++) {
      const storage = createFaultyStorage();
      storage.crashAt(crash, 'after');
      const first = await world({ storage });
      first.pages.push(
        ...rows.map((row, index) => async () => {
          await first.journal.flush();
          return { changes: [row], cursor: String(index), hasMore: index < 3 };
        }),
      );
      const whole = first.delta.pull().then(() => first.journal.flush());
      await Promise.race([whole, storage.crashed]);
      crashes += storage.isCrashed ? 1 : 0;
      const next = await world({ storage: storage.reload() });
      const covered = next.journal.checkpoint() === null ? 0 : Number(next.journal.checkpoint()) + 1;
      for (const row of rows.slice(0, covered)) expect(next.cache.rootEntity(`Todo:${row.id}`)).toMatchObject({ _version: 1 });
    }
    expect(crashes).toBe(5);
  });

  it('after a page that failed: what came stays, and the next pull goes on from there', async () => {
    const { delta, pages, journal, asked, title } = await world();
    const failure = new Error('no answer');
    pages.push({ changes: [todo({ id: 'a' })], cursor: 'c1', hasMore: true }, failure);
    await expect(delta.pull()).rejects.toBe(failure);
    expect(journal.checkpoint()).toBe('c1');
    pages.push({ changes: [todo({ id: 'b' })], cursor: 'c2' });
    await delta.pull();
    expect(asked).toEqual([null, 'c1', 'c1']);
    expect([title('a'), title('b')]).toEqual(['title a', 'title b']);
  });

  it('that the server has never given out is dropped, and everything fetched again', async () => {
    const { delta, pages, journal, asked, events, store, ids } = await world();
    journal.setCheckpoint('of another server');
    store([todo({ id: 'zombie' })]);
    pages.push(Object.assign(new Error('no'), { errors: [{ extensions: { code: 'BAD_CURSOR' } }] }), {
      changes: [todo({ id: 'a' })],
      cursor: 'c1',
    });
    await delta.pull();
    expect(asked).toEqual(['of another server', null]);
    expect(events).toEqual(['SYNC_CURSOR_REFUSED']);
    expect(ids()).toEqual(['a']);
  });

  it('that does not move on ends the pull instead of repeating one page for ever', async () => {
    const { delta, pages, journal } = await world();
    journal.setCheckpoint('c0');
    pages.push({ cursor: 'c0', hasMore: true });
    await expect(delta.pull()).rejects.toThrow('expected the cursor to move on');
  });
});

describe('a page that was pulled before', () => {
  it('is taken in like any other, asks for nothing, and is refused where it does not go on from the checkpoint', async () => {
    const { delta, asked, store, ids, journal, title } = await world();
    store([todo({ id: 'a' }), todo({ id: 'b' })]);
    journal.setCheckpoint('c0');
    const page = ahead('c0', {
      changes: [todo({ id: 'a', version: 2, title: 'theirs' })],
      tombstones: [{ id: 'b', version: 2 }],
      cursor: 'c1',
    });
    expect(await delta.apply(page)).toBe(true);
    expect(ids()).toEqual(['a']);
    expect(journal.checkpoint()).toBe('c1');
    journal.setCheckpoint('c2');
    expect(await delta.apply(page)).toBe(false);
    expect(await delta.apply(ahead('c2', { changes: [todo({ id: 'a', version: 3, title: 'anew' })], cursor: 'c9', reset: true }))).toBe(
      false,
    );
    expect(journal.checkpoint()).toBe('c2');
    expect(title('a')).toBe('theirs');
    expect(asked).toEqual([]);
  });

  it('waits for a pull under way, and does not go back behind it', async () => {
    const { delta, pages, store, journal } = await world();
    store([todo({ id: 'a' })]);
    journal.setCheckpoint('c0');
    let arrive = (): void => undefined;
    pages.push(
      () =>
        new Promise((resolve) => {
          arrive = () => resolve({ cursor: 'c5' });
        }),
    );
    const pulling = delta.pull();
    const applying = delta.apply(ahead('c0', { cursor: 'c1' }));
    arrive();
    await pulling;
    expect(await applying).toBe(false);
    expect(journal.checkpoint()).toBe('c5');
  });

  it('puts beyond doubt what it bears out, and nothing else: the next pull tells of the rest', async () => {
    const { delta, pages, store, journal, doubts, cache, events } = await world();
    store([todo({ id: 'a' }), todo({ id: 'b' })]);
    journal.setCheckpoint('c0');
    store([todo({ id: 'a', version: 2 }), todo({ id: 'b', version: 2 })]);
    expect(doubts.current().told).toEqual(['Todo:a', 'Todo:b']);
    await delta.apply(ahead('c0', { changes: [todo({ id: 'a', version: 2 })], cursor: 'c1' }));
    expect(doubts.current().told).toEqual(['Todo:b']);
    pages.push({ changes: [todo({ id: 'b', version: 2 })], cursor: 'c2' });
    await delta.pull();
    expect(doubts.current().told).toEqual([]);
    expect(cache.rootEntity('Todo:b')).toMatchObject({ _version: 2 });
    expect(events).toEqual([]);
  });
});

describe('a full resync', () => {
  it('removes what did not come, once the last page is in, and keeps what changed meanwhile by another way', async () => {
    const { delta, pages, journal, store, ids, cache } = await world();
    store([todo({ id: 'acknowledged' }), todo({ id: 'kept' }), todo({ id: 'zombie' })]);
    journal.setCheckpoint('before the horizon');
    pages.push({ changes: [todo({ id: 'kept', version: 2 })], cursor: 'c1', hasMore: true, reset: true });
    pages.push(() => {
      expect(ids()).toEqual(['acknowledged', 'kept', 'zombie']);
      expect(journal.checkpoint()).toBe('before the horizon');
      cache.modify({ id: 'Todo:acknowledged', fields: { _version: () => 2 } });
      return { changes: [todo({ id: 'new' })], cursor: 'c2' };
    });
    expect(await delta.pull()).toMatchObject({ reset: true, pages: 2 });
    expect(ids()).toEqual(['acknowledged', 'kept', 'new']);
    expect(cache.rootEntity('Todo:zombie')).toBeUndefined();
    expect(journal.checkpoint()).toBe('c2');
  });

  it('from a restored backup, whose versions are lower than ours: the server is right', async () => {
    const { delta, pages, journal, store, title, ids } = await world();
    store([todo({ id: 'a', version: 9, title: 'lost with the disk' }), todo({ id: 'b', version: 9 })]);
    journal.setCheckpoint('of the old epoch');
    pages.push({
      changes: [todo({ id: 'a', version: 3, title: 'from the backup' })],
      tombstones: [{ id: 'b', version: 2 }],
      cursor: 'c1',
      reset: true,
    });
    await delta.pull();
    expect(title('a')).toBe('from the backup');
    expect(ids()).toEqual(['a']);
  });

  it('cut off in the middle starts again: nobody would know that something is left to remove', async () => {
    const { delta, pages, journal, asked, store, ids } = await world();
    store([todo({ id: 'zombie' })]);
    journal.setCheckpoint('old');
    pages.push({ changes: [todo({ id: 'a' })], cursor: 'c1', hasMore: true, reset: true }, new Error('cut off'));
    await expect(delta.pull()).rejects.toThrow('cut off');
    expect(journal.checkpoint()).toBe('old');
    pages.push({ changes: [todo({ id: 'a' })], cursor: 'c1', reset: true });
    await delta.pull();
    expect(asked.at(-1)).toBeNull();
    expect(ids()).toEqual(['a']);
    pages.push({ cursor: 'c1' });
    await delta.pull();
    expect(asked.at(-1)).toBe('c1');
  });

  it('cut off in the middle, and the server goes back to the old cursor (a backup): what the pages have brought is not kept', async () => {
    const { delta, pages, journal, store, title } = await world();
    store([todo({ id: 'a', title: 'in the backup' })]);
    journal.setCheckpoint('old');
    const lost = todo({ id: 'a', version: 2, title: 'lost with the server' });
    pages.push({ changes: [lost], cursor: 'c1', hasMore: true, reset: true }, new Error('cut off'));
    await expect(delta.pull()).rejects.toThrow('cut off');
    // From the old cursor the server would tell of nothing.
    pages.push({ changes: [todo({ id: 'a', title: 'in the backup' })], cursor: 'old' });
    expect(await delta.pull()).toMatchObject({ reset: true });
    expect(title('a')).toBe('in the backup');
  });

  it('cut off in the middle shows a page that was pulled ahead, and is made anew all the same', async () => {
    const { delta, pages, asked, journal, title } = await world();
    journal.setCheckpoint('old');
    pages.push({ changes: [todo({ id: 'a' })], cursor: 'c1', hasMore: true, reset: true }, new Error('cut off'));
    await expect(delta.pull()).rejects.toThrow('cut off');
    expect(await delta.apply(ahead('old', { changes: [todo({ id: 'a', version: 2, title: 'ahead' })], cursor: 'c2' }))).toBe(true);
    expect(title('a')).toBe('ahead');
    pages.push({ changes: [todo({ id: 'a', title: 'from the backup' })], cursor: 'c9' });
    await delta.pull();
    expect(asked.at(-1)).toBe(null);
    expect(title('a')).toBe('from the backup');
  });

  it('a first pull over a cache that has rows and no checkpoint sweeps too: a damaged disk may have met a restored backup', async () => {
    const { delta, pages, store, ids, title } = await world();
    store([todo({ id: 'a', version: 5, title: 'lost with the server' }), todo({ id: 'zombie' })]);
    const backup = { changes: [todo({ id: 'a', version: 4, title: 'from the backup' })], cursor: 'c1' };
    // Asked twice: the first answer could be an old one, from a cache on the way.
    pages.push(backup, backup);
    await delta.pull();
    expect(ids()).toEqual(['a']);
    expect(title('a')).toBe('from the backup');
  });

  it('forces nothing on what has changed since it was asked for: an acknowledged write is newer than the page', async () => {
    const { delta, pages, journal, cache, store, title, ids } = await world();
    store([todo({ id: 'a', version: 1, title: 'before' }), todo({ id: 'b' })]);
    journal.setCheckpoint('before the horizon');
    pages.push(() => {
      cache.modify({ id: 'Todo:a', fields: { title: () => 'acknowledged', _version: () => 2 } });
      return { changes: [todo({ id: 'a', version: 1, title: 'before' }), todo({ id: 'b' })], cursor: 'c1', reset: true };
    });
    await delta.pull();
    expect(title('a')).toBe('acknowledged');
    expect(ids()).toEqual(['a', 'b']);
  });
});

describe('several pulls', () => {
  it('one at a time: who asks during one gets the next, and all who ask share it', async () => {
    const { delta, pages, asked } = await world();
    pages.push({ cursor: '1' }, { cursor: '2' }, { cursor: '3' });
    const [first, second, third] = [delta.pull(), delta.pull(), delta.pull()];
    expect(second).toBe(third);
    await first;
    expect(asked).toEqual([null]);
    await second;
    expect(asked).toEqual([null, '1']);
    await delta.pull();
    expect(asked).toEqual([null, '1', '2']);
  });

  it('a failed one does not fail the next', async () => {
    const { delta, pages } = await world();
    pages.push(new Error('no answer'), { cursor: '1' });
    const [first, second] = [delta.pull(), delta.pull()];
    await expect(first).rejects.toThrow('no answer');
    await expect(second).resolves.toMatchObject({ pages: 1 });
  });

  it('after dispose nothing is applied', async () => {
    const { delta, pages, journal } = await world();
    pages.push(() => {
      delta.dispose();
      return { changes: [todo({ id: 'a' })], cursor: '1' };
    });
    await expect(delta.pull()).rejects.toThrow();
    expect(journal.checkpoint()).toBeNull();
  });

  it('an answer that is no page of changes is refused whole', async () => {
    const { cache, journal, doubts } = await world();
    const delta = createDelta({ cache, manifest, journal, doubts, onEvent: () => {}, execute: async () => ({ sync: { changes: null } }) });
    await expect(delta.pull()).rejects.toThrow('expected a page of changes');
  });
});

describe('what came by another way than a pull', () => {
  const pulled = async () => {
    const at = await world();
    at.store([]);
    at.pages.push({ changes: [todo({ id: 'a' }), todo({ id: 'b' })], cursor: 'c1' });
    await at.delta.pull();
    return at;
  };
  const answerOf = (cache: OfflineCache, row: Row) => writeEntity(cache, manifest, 'Todo', row);

  it('is borne out by the next pull, which tells of it again', async () => {
    const { cache, delta, pages, asked, ids, events } = await pulled();
    answerOf(cache, todo({ id: 'c' }));
    answerOf(cache, todo({ id: 'a', version: 2 }));
    pages.push({ changes: [todo({ id: 'c' })], tombstones: [{ id: 'a', version: 3 }], cursor: 'c2' });
    expect(await delta.pull()).toMatchObject({ reset: false });
    expect(asked).toEqual([null, 'c1']);
    expect(ids()).toEqual(['b', 'c']);
    expect(events).toEqual([]);
    // And is not asked of it a second time.
    pages.push({ cursor: 'c2' });
    expect(await delta.pull()).toMatchObject({ reset: false });
  });

  it('and is unknown to the server by then, was lost with its history: everything is fetched again', async () => {
    const { cache, delta, pages, asked, ids, events, title } = await pulled();
    answerOf(cache, todo({ id: 'c' }));
    placeInLists(cache, manifest, 'Todo', 'c');
    answerOf(cache, todo({ id: 'a', version: 2, title: 'lost' }));
    pages.push({ cursor: 'c1' }, { changes: [todo({ id: 'a' }), todo({ id: 'b' })], cursor: 'c1' });
    expect(await delta.pull()).toMatchObject({ reset: true, pages: 2 });
    expect(asked).toEqual([null, 'c1', null]);
    expect(ids()).toEqual(['a', 'b']);
    expect(title('a')).toBe('title a');
    expect(events).toEqual(['SYNC_HISTORY_LOST']);
  });

  it('and is known to the server only as it was before, was lost with its history too', async () => {
    const { cache, delta, pages, events, title } = await pulled();
    answerOf(cache, todo({ id: 'a', version: 3, title: 'lost' }));
    const old = todo({ id: 'a', version: 2, title: 'kept' });
    pages.push({ changes: [old], cursor: 'c2' }, { changes: [old, todo({ id: 'b' })], cursor: 'c2' });
    await delta.pull();
    expect(events).toEqual(['SYNC_HISTORY_LOST']);
    expect(title('a')).toBe('kept');
  });

  it('while the pull was under way is for the next one', async () => {
    const { cache, delta, pages, asked, events } = await pulled();
    pages.push(() => {
      answerOf(cache, todo({ id: 'c' }));
      return { cursor: 'c1' };
    });
    await delta.pull();
    expect(asked).toEqual([null, 'c1']);
    pages.push({ cursor: 'c1' }, { changes: [todo({ id: 'a' }), todo({ id: 'b' })], cursor: 'c1' });
    await delta.pull();
    expect(events).toEqual(['SYNC_HISTORY_LOST']);
    expect(cache.rootEntity('Todo:c')).toBeUndefined();
  });

  it('while the first of all pulls was under way is for the next one too', async () => {
    const { cache, delta, pages, events } = await world();
    pages.push(() => {
      answerOf(cache, todo({ id: 'c' }));
      return { cursor: 'c1' };
    });
    await delta.pull();
    pages.push({ cursor: 'c1' }, { cursor: 'c1' });
    await delta.pull();
    expect(events).toEqual(['SYNC_HISTORY_LOST']);
    expect(cache.rootEntity('Todo:c')).toBeUndefined();
  });

  it('while the first of all pulls was under way is for the next one also when that is cut short', async () => {
    const { cache, delta, pages, store, doubts } = await world();
    store([todo({ id: 'a', version: 5, title: 'lost with the server' })]);
    pages.push(() => {
      answerOf(cache, todo({ id: 'c' }));
      return { changes: [todo({ id: 'a', version: 4 })], cursor: 'c1' };
    }, new Error('cut off'));
    await expect(delta.pull()).rejects.toThrow('cut off');
    expect(doubts.current().told).toEqual(['Todo:c']);
  });

  it('is lost with the history, and the pull that fetches everything again is cut short: the next one fetches it', async () => {
    const { delta, pages, asked, store, title } = await world();
    store([todo({ id: 'a', version: 5, title: 'lost with the server' })]);
    const backup = { changes: [todo({ id: 'a', version: 4, title: 'from the backup' })], cursor: 'c1' };
    pages.push(backup, new Error('cut off'));
    await expect(delta.pull()).rejects.toThrow('cut off');
    expect(title('a')).toBe('lost with the server');
    pages.push(backup);
    await delta.pull();
    expect(asked).toEqual([null, null, null]);
    expect(title('a')).toBe('from the backup');
  });

  it('while the first of all pulls was under way, and is in its pages, is borne out', async () => {
    const { cache, delta, pages, asked, events } = await world();
    pages.push(() => {
      answerOf(cache, todo({ id: 'c' }));
      return { changes: [todo({ id: 'c' })], cursor: 'c1' };
    });
    await delta.pull();
    pages.push({ cursor: 'c1' });
    await delta.pull();
    expect(asked).toEqual([null, 'c1']);
    expect(events).toEqual([]);
  });

  it('while a pull was under way that told of it is borne out by that', async () => {
    const { cache, delta, pages, asked, events } = await pulled();
    pages.push(() => {
      answerOf(cache, todo({ id: 'c' }));
      return { changes: [todo({ id: 'c' })], cursor: 'c2' };
    });
    await delta.pull();
    pages.push({ cursor: 'c2' });
    await delta.pull();
    expect(asked).toEqual([null, 'c1', 'c2']);
    expect(events).toEqual([]);
  });

  it('with nothing new in it (more fields of the same version) needs no proof', async () => {
    const { cache, delta, pages, asked } = await pulled();
    answerOf(cache, todo({ id: 'a', rank: 5 }));
    pages.push({ cursor: 'c1' });
    await delta.pull();
    expect(asked).toEqual([null, 'c1']);
  });

  it('once the server stood by what was merely not here, is fetched anew for that reason no more', async () => {
    const { cache, delta, doubts, pages, asked, events } = await pulled();
    const all = [todo({ id: 'a' }), todo({ id: 'b' })];
    for (let round = 0; round < 2; round++) {
      cache.evict({ id: 'Todo:a' });
      await Promise.resolve();
      doubts.reading(() => answerOf(cache, todo({ id: 'a' })));
      pages.push({ cursor: 'c1' });
      if (round === 0) pages.push({ changes: all, cursor: 'c1' });
      await delta.pull();
    }
    expect(asked).toEqual([null, 'c1', null, 'c1']);
    expect(events).toHaveLength(1);
    // But what a mutation made is put to the test: its answer may be that of long ago.
    answerOf(cache, todo({ id: 'c' }));
    pages.push({ cursor: 'c1' }, { changes: all, cursor: 'c1' });
    await delta.pull();
    expect(events).toHaveLength(2);
    expect(cache.rootEntity('Todo:c')).toBeUndefined();
  });

  it('a row that an answer left out of a list comes back, unless the pull tells that it is gone', async () => {
    const { delta, doubts, pages, store, ids } = await pulled();
    store([]);
    doubts.leftOut(['Todo:a', 'Todo:b']);
    pages.push({ tombstones: [{ id: 'b', version: 2 }], cursor: 'c2' });
    await delta.pull();
    expect(ids()).toEqual(['a']);
  });

  it('what is known by its id alone, because something else refers to it, comes into no list', async () => {
    const { cache, delta, doubts, pages, store, ids } = await pulled();
    store([]);
    cache.evict({ id: 'Todo:a' });
    cache.restore({ ...cache.extract(), 'Todo:a': { __typename: 'Todo', id: 'a' } });
    doubts.leftOut(['Todo:a', 'Todo:b']);
    pages.push({ cursor: 'c2' });
    await delta.pull();
    expect(ids()).toEqual(['b']);
  });
});

describe('the sync query', () => {
  const schema = buildSchema(`
    scalar SyncCursor
    interface Versioned { id: ID! _version: Int! _lastChangedAt: String! _deleted: Boolean! }
    type Todo implements Versioned { id: ID! _version: Int! _lastChangedAt: String! _deleted: Boolean! title: String! done: Boolean! rank: Int tags: [String!]! site: Site }
    type Site implements Versioned { id: ID! _version: Int! _lastChangedAt: String! _deleted: Boolean! name: String! rank: String! }
    type Tombstone { typename: String! id: ID! _version: Int! reason: String! }
    type SyncPage { changes: [Versioned!]! tombstones: [Tombstone!]! cursor: SyncCursor! hasMore: Boolean! reset: Boolean! }
    type Query { sync(since: SyncCursor, types: [String!], limit: Int): SyncPage! }
  `);
  const { document, unalias } = syncDocument(manifest, ['Todo', 'Site']);

  it('is valid also where two types give one field name different types', async () => {
    expect(validate(schema, parse(print(document)))).toEqual([]);
    const site = { __typename: 'Site', id: 's', _version: 1, _lastChangedAt: '', _deleted: false, name: 'n', rank: 'high' };
    const row = { ...todo({ id: 'a', rank: 3 }), tags: [], site };
    const rootValue = { sync: { changes: [row, site], tombstones: [], cursor: 'c', hasMore: false, reset: false } };
    const { data, errors } = await executeGraphQL({ schema, document, rootValue });
    expect(errors).toBeUndefined();
    const changes = (data as unknown as { sync: { changes: Record<string, unknown>[] } }).sync.changes;
    expect(changes.map(unalias)).toMatchObject([
      { id: 'a', rank: 3, title: 'title a', site: { id: 's' } },
      { id: 's', rank: 'high' },
    ]);
  });
});
