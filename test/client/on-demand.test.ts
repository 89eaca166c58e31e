import { gql } from '@apollo/client';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { OfflineError } from '../../client/errors.ts';
import { compactionCode, importCode, leaseCode, onDemand, retentionCode, syncCode } from '../../client/on-demand.ts';
import type { OnDemand } from '../../client/ports.ts';
import { createWorld, type World } from '../harness/world.ts';

const CREATE = gql`mutation CreateTodo($input: CreateTodoInput!) { createTodo(input: $input) { ... on CreateTodoPayload { todo { id title } } } }`;
const UPDATE = gql`mutation UpdateTodo($input: UpdateTodoInput!) { updateTodo(input: $input) { ... on UpdateTodoPayload { todo { id title } } } }`;

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

/** As on a page that has lost its network, or its deploy, before it asked for that part; `slow`: it is on its way. The function brings it. */
function withhold(code: OnDemand<unknown>, how: 'refused' | 'slow' = 'refused'): () => void {
  const { loaded } = code;
  let arrive: (code: unknown) => void = () => undefined;
  const coming = new Promise((resolve) => {
    arrive = resolve;
  });
  const load = vi
    .spyOn(code, 'load')
    .mockImplementation(() => (how === 'slow' ? coming : Promise.reject(new OfflineError('CODE_NOT_LOADED', 'gone'))));
  const bring = (): void => {
    Object.assign(code, { loaded });
    arrive(loaded);
    load.mockRestore();
  };
  Object.assign(code, { loaded: null });
  onTestFinished(bring);
  return bring;
}

describe('code that comes when it is needed', () => {
  it('is asked for once, and again only after it could not be had', async () => {
    const bring = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new TypeError('404')).mockResolvedValue('module');
    const code = onDemand('leases', bring);
    await expect(code.load()).rejects.toMatchObject({ code: 'CODE_NOT_LOADED', message: expect.stringContaining('leases') });
    expect(code.loaded).toBe(null);
    expect(await Promise.all([code.load(), code.load()])).toEqual(['module', 'module']);
    expect([code.loaded, bring.mock.calls.length]).toEqual(['module', 2]);
  });

  it('leases: nothing is leased without it, an edit is made all the same, and a later call gets one', async () => {
    const bring = withhold(leaseCode);
    world = await createWorld();
    const tab = await world.device('ada').open();
    await expect(tab.offline.lease('Todo', 't')).rejects.toMatchObject({ code: 'CODE_NOT_LOADED' });
    await tab.client.mutate({ mutation: CREATE, variables: { input: { id: 't', title: 'a', done: false, tags: [], votes: 0 } } });
    bring();
    expect(await tab.offline.lease('Todo', 't')).toMatchObject({ id: 't' });
  });

  it('leases: one that was asked for before the app closed is not held after it', async () => {
    const bring = withhold(leaseCode, 'slow');
    world = await createWorld();
    const device = world.device('ada');
    const tab = await device.open();
    await tab.client.mutate({ mutation: CREATE, variables: { input: { id: 't', title: 'a', done: false, tags: [], votes: 0 } } });
    const asked = tab.offline.lease('Todo', 't');
    const closed = tab.close();
    bring();
    await expect(asked).rejects.toMatchObject({ code: 'DISPOSED' });
    await closed;
    expect(device.network.operations('AcquireLease')).toEqual([]);
  });

  it('sync: says so, and pulls when its time comes again', async () => {
    const bring = withhold(syncCode);
    world = await createWorld();
    const tab = await world.device('ada').open();
    await expect(tab.offline.sync.pull()).rejects.toMatchObject({ code: 'CODE_NOT_LOADED' });
    tab.offline.sync.start({ intervalMs: 1_000 });
    await world.clock.settle();
    expect(tab.events).toContainEqual(expect.objectContaining({ code: 'SYNC_FAILED' }));
    expect(tab.offline.sync.lastSyncedAt()).toBe(null);
    bring();
    await world.clock.advance(2_000);
    expect(tab.offline.sync.lastSyncedAt()).toBeGreaterThan(0);
  });

  it('retention: everything stays without it, and an event says so', async () => {
    withhold(retentionCode);
    world = await createWorld();
    const tab = await world.device('ada').open({ retention: { timeToLiveMs: { '*': 1 } } });
    tab.cache.writeFragment({ id: 'Todo:t', fragment: gql`fragment T on Todo { title }`, data: { __typename: 'Todo', title: 'a' } });
    await world.clock.advance(600_000);
    expect(tab.cache.rootIds()).toContain('Todo:t');
    expect(tab.events).toEqual([expect.objectContaining({ code: 'CACHE_NOT_EVICTED' })]);
  });

  it('compaction: every mutation goes as it was made until it is there', async () => {
    const bring = withhold(compactionCode, 'slow');
    world = await createWorld();
    const device = world.device('ada');
    const tab = await device.open({ compact: true });
    await tab.client.mutate({ mutation: CREATE, variables: { input: { id: 't', title: 'a', done: false, tags: [], votes: 0 } } });
    device.setOnline(false);
    const edit = (title: string) => tab.offline.mutate({ mutation: UPDATE, variables: { input: { id: 't', title } } });
    const titles = () => tab.offline.outbox.records().map(({ variables }) => (variables.input as { readonly title: string }).title);
    await edit('b');
    await edit('c');
    expect(titles()).toEqual(['b', 'c']);
    bring();
    await world.clock.settle();
    // Whether those were sent before it came nobody can tell any more.
    await edit('d');
    await edit('e');
    expect(titles()).toEqual(['b', 'c', 'e']);
    device.setOnline(true);
    await world.clock.advance(60_000);
    expect(await world.query('{ todo(id: "t") { title } }')).toEqual({ todo: { title: 'e' } });
  });

  it('the import of a cache: what is to be imported is left alone, and the app starts without it', async () => {
    withhold(importCode);
    world = await createWorld();
    const getItem = vi.fn();
    const removeItem = vi.fn();
    const tab = await world.device('ada').open({ importCache: { storage: { getItem, removeItem } } });
    await tab.client.mutate({ mutation: CREATE, variables: { input: { title: 'a', done: false, tags: [], votes: 0 } } });
    await tab.close();
    expect(tab.events).toContainEqual(expect.objectContaining({ code: 'CACHE_NOT_IMPORTED', key: 'apollo-cache-persist' }));
    expect([getItem.mock.calls, removeItem.mock.calls]).toEqual([[], []]);
  });
});
