import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../client/adapters/memory.ts';
import { createAhead, type PageAhead } from '../../../client/cache/ahead.ts';
import { OfflineError } from '../../../client/errors.ts';
import { createTakeAhead } from '../../../client/sync/take-ahead.ts';
import { createSimulatedClock } from '../../harness/index.ts';

/** Three pages in a row, and a cache that stands where the first goes on from. */
async function world() {
  const storage = memoryStorage();
  const events: string[] = [];
  const onEvent = ({ code }: { readonly code: string }) => void events.push(code);
  const ahead = createAhead({ storage, schemaHash: 'h', onEvent });
  for (const at of [0, 1, 2]) await ahead.put({ since: `c${at}`, cursor: `c${at + 1}`, size: 1, text: '{}', at });
  const state = {
    cursor: 'c0',
    isOver: false,
    taken: 0,
    flush: async (): Promise<void> => undefined,
    apply: async ({ cursor }: PageAhead): Promise<boolean> => {
      state.cursor = cursor as string;
      return true;
    },
    load: async (): Promise<void> => undefined,
  };
  const taking = createTakeAhead({
    ahead,
    journal: { flush: () => state.flush() },
    clock: createSimulatedClock(),
    cursor: () => state.cursor,
    delta: () => state.load().then(() => ({ apply: (page: PageAhead) => state.apply(page) })),
    isOver: () => state.isOver,
    onTaken: () => state.taken++,
    onEvent,
  });
  return { state, taking, storage, events, kept: async () => (await storage.entries('a/')).length };
}

describe('what was pulled with no tab open', () => {
  it('is taken in page by page, from where the cache stands', async () => {
    const { state, taking, kept } = await world();
    state.cursor = 'c1';
    await taking.read()();
    expect(state).toMatchObject({ cursor: 'c3', taken: 2 });
    expect(await kept()).toBe(3);
  });

  it('is what lay there when it was looked for, though it has been removed since', async () => {
    const { state, taking, storage } = await world();
    const take = taking.read();
    for (const [key] of await storage.entries('a/')) await storage.remove(key);
    await take();
    expect(state.cursor).toBe('c3');
  });

  it('is removed once the cache that contains it is stored, and not before', async () => {
    const { state, taking, kept } = await world();
    let store = (): void => undefined;
    state.flush = () =>
      new Promise((resolve) => {
        store = resolve;
      });
    const settled = taking.settle();
    await new Promise((resolve) => setImmediate(resolve));
    expect(state.cursor).toBe('c3');
    expect(await kept()).toBe(3);
    store();
    await settled;
    expect(await kept()).toBe(0);
  });

  it('stays when that could not be stored', async () => {
    const { state, taking, kept } = await world();
    state.flush = () => Promise.reject(new OfflineError('NOT_DURABLE', 'the disk fails'));
    await taking.settle();
    expect(await kept()).toBe(3);
  });

  it('stays when the code that takes it in cannot be loaded', async () => {
    const { state, taking, events, kept } = await world();
    state.load = () => Promise.reject(new OfflineError('CODE_NOT_LOADED', 'no network'));
    await taking.settle();
    expect(events).toEqual(['SYNC_FAILED']);
    expect(await kept()).toBe(3);
  });

  it('is said and removed when it turns out to be no page', async () => {
    const { state, taking, events, kept } = await world();
    state.apply = () => Promise.reject(new TypeError('expected a page of changes'));
    await taking.settle();
    expect(events).toEqual(['SYNC_FAILED']);
    expect(await kept()).toBe(0);
  });

  it('is not taken in by a tab that has ended meanwhile, and stays', async () => {
    const { state, taking, events, kept } = await world();
    state.load = async () => {
      state.isOver = true;
    };
    await taking.settle();
    expect(state.taken).toBe(0);
    expect(events).toEqual([]);
    expect(await kept()).toBe(3);
  });

  it('needs no code when there is nothing to take in', async () => {
    const { state, taking } = await world();
    state.cursor = 'elsewhere';
    state.load = () => Promise.reject(new Error('not wanted'));
    await taking.settle();
    expect(state.taken).toBe(0);
  });
});
