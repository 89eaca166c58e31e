// @vitest-environment jsdom
import { ApolloClient, ApolloLink, gql } from '@apollo/client';
import { act, cleanup, render, renderHook, screen } from '@testing-library/react';
import { Profiler, type ReactNode, StrictMode, Suspense, use } from 'react';
import { Observable } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createOffline, type Offline, OfflineCache, OfflineError } from '../../../client/index.ts';
import {
  OfflineProvider,
  useConflicts,
  useOffline,
  useOfflineMutation,
  useOfflineStatus,
  useOutbox,
  usePending,
} from '../../../client/react/index.ts';
import {
  createFaultyStorage,
  createMemoryChannelHub,
  createMemoryLocks,
  createSeededRandom,
  createSimulatedClock,
  createSimulatedConnectivity,
  createSimulatedLifecycle,
} from '../../harness/index.ts';
import { manifest } from '../outbox/records.ts';

const UPDATE = gql`mutation Update($input: UpdateSiteInput!) { updateSite(input: $input) { __typename } }`;
type Variables = { input: { id: string; _version: number; name: string } };
const edit = (id: string, name = 'x'): Variables => ({ input: { id, _version: 1, name } });

afterEach(cleanup);

async function setUp(answer: (operation: ApolloLink.Operation) => ApolloLink.Result | null = () => null) {
  const clock = createSimulatedClock();
  const disk = createFaultyStorage();
  const connectivity = createSimulatedConnectivity({ initial: 'offline', reachable: true });
  const cache = new OfflineCache();
  const offline = createOffline({
    cache,
    manifest,
    owner: 'ada',
    // The server of these tests answers documents of one field.
    batch: false,
    storage: disk,
    connectivity,
    ports: {
      clock,
      random: createSeededRandom(2),
      locks: createMemoryLocks(),
      channel: createMemoryChannelHub().open(),
      lifecycle: createSimulatedLifecycle(),
    },
  });
  const terminating = new ApolloLink(
    (operation) =>
      new Observable((observer) => {
        const result = answer(operation);
        if (!result) return;
        observer.next(result);
        observer.complete();
      }),
  );
  const listening = { now: 0 };
  const counted = <T extends { subscribe(listener: () => void): () => void }>(part: T): T => ({
    ...part,
    subscribe(listener: () => void) {
      listening.now += 1;
      const stop = part.subscribe(listener);
      return () => {
        listening.now -= 1;
        stop();
      };
    },
  });
  const seen: Offline = {
    ...offline,
    status: counted(offline.status),
    outbox: counted(offline.outbox),
    conflicts: counted(offline.conflicts),
  };
  await offline.attach(new ApolloClient({ cache, link: ApolloLink.from([offline.link, terminating]) }));
  await clock.settle();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <StrictMode>
      <OfflineProvider offline={seen}>{children}</OfflineProvider>
    </StrictMode>
  );
  const goOnline = () =>
    act(async () => {
      connectivity.set('online');
      await clock.advance(1_000);
    });
  const mutate = (id: string) => act(async () => void (await offline.mutate({ mutation: UPDATE, variables: edit(id) })));
  return { clock, disk, connectivity, offline, seen, listening, wrapper, goOnline, mutate };
}

describe('useOffline', () => {
  it('says what is missing outside of a provider', () => {
    const quiet = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(() => renderHook(() => useOffline())).toThrow(/expected an <OfflineProvider>/);
    quiet.mockRestore();
  });

  it('gives the provided one', async () => {
    const { seen, wrapper } = await setUp();
    expect(renderHook(() => useOffline(), { wrapper }).result.current).toBe(seen);
  });
});

describe('useOfflineStatus', () => {
  it('shows the state, in strict mode too, and every change of it', async () => {
    const { wrapper, mutate, goOnline } = await setUp(() => ({ data: { updateSite: { __typename: 'UpdateSitePayload' } } }));
    const { result } = renderHook(() => useOfflineStatus(), { wrapper });
    expect(result.current).toMatchObject({ connection: 'offline', pending: 0, deadLetters: 0 });
    await mutate('1');
    await mutate('2');
    expect(result.current).toMatchObject({ pending: 2 });
    await goOnline();
    expect(result.current).toMatchObject({ connection: 'online', pending: 0 });
  });

  it('the snapshot is the same until something in it changes', async () => {
    const { offline, wrapper, mutate } = await setUp();
    const { result, rerender } = renderHook(() => useOfflineStatus(), { wrapper });
    const before = result.current;
    rerender();
    expect(result.current).toBe(before);
    expect(offline.status.get()).toBe(before);
    await mutate('1');
    expect(result.current).not.toBe(before);
    expect(Object.isFrozen(result.current)).toBe(true);
  });
});

describe('useOutbox', () => {
  it('lists what waits, in the order made; a record that did not change is the same object', async () => {
    const { offline, wrapper, mutate } = await setUp();
    const { result } = renderHook(() => useOutbox(), { wrapper });
    expect(result.current).toEqual([]);
    await mutate('1');
    const [first] = result.current;
    await mutate('2');
    expect(result.current.map(({ entities }) => entities)).toEqual([['Site:1'], ['Site:2']]);
    expect(result.current[0]).toBe(first);
    await act(() => offline.outbox.discard(first?.id as string));
    expect(result.current.map(({ entities }) => entities)).toEqual([['Site:2']]);
  });
});

describe('usePending', () => {
  function Row({ id, renders }: { id: string; renders: string[] }) {
    renders.push(id);
    return <li data-testid={id}>{usePending({ __typename: 'Site', id }) ?? 'saved'}</li>;
  }

  it('re-renders only the row that waits, and only when that changes', async () => {
    const { offline, seen, mutate } = await setUp();
    const renders: string[] = [];
    render(
      <OfflineProvider offline={seen}>
        {['1', '2', '3'].map((id) => (
          <Row key={id} id={id} renders={renders} />
        ))}
      </OfflineProvider>,
    );
    renders.length = 0;
    await mutate('2');
    // Once as it is made, once as it is kept.
    expect(renders).toEqual(['2', '2']);
    expect(screen.getByTestId('2').textContent).toBe('queued');
    await mutate('2');
    await mutate('elsewhere');
    expect(renders).toEqual(['2', '2']);
    renders.length = 0;
    await act(async () => {
      for (const { id } of offline.outbox.records()) await offline.outbox.discard(id);
    });
    expect(renders).toEqual(['2']);
    expect(screen.getByTestId('2').textContent).toBe('saved');
  });

  it('shows the most pressing state, and takes a cache id', async () => {
    const rejected = { data: { updateSite: { __typename: 'MutationRejected', code: 'NO', message: 'no' } } };
    const { wrapper, mutate, goOnline, connectivity } = await setUp(() => rejected);
    const { result } = renderHook(() => usePending('Site:1'), { wrapper });
    await mutate('1');
    await goOnline();
    expect(result.current).toBe('dead');
    act(() => connectivity.set('offline'));
    await mutate('1');
    expect(result.current).toBe('dead');
    expect(renderHook(() => usePending('Site:2'), { wrapper }).result.current).toBeNull();
  });
});

describe('useConflicts', () => {
  it('shows what a person has to decide, with the three sides, and no longer when it is decided', async () => {
    const conflict = {
      __typename: 'SiteConflict',
      conflictCode: 'VERSION_MISMATCH',
      message: 'm',
      currentVersion: 4,
      conflictingFields: ['name'],
      server: { __typename: 'Site', id: '1', _version: 4, name: 'theirs' },
    };
    const { offline, wrapper, mutate, goOnline } = await setUp(() => ({ data: { updateSite: conflict } }));
    const { result } = renderHook(() => useConflicts(), { wrapper });
    expect(result.current).toEqual([]);
    await mutate('1');
    await goOnline();
    expect(result.current).toMatchObject([
      { typename: 'Site', entityId: '1', local: { name: 'x' }, remote: { name: 'theirs' }, conflictingFields: ['name'] },
    ]);
    await act(() => offline.conflicts.resolve(result.current[0]?.id as string, { take: 'remote' }));
    expect(result.current).toEqual([]);
  });
});

describe('useOfflineMutation', () => {
  const hook = () => useOfflineMutation<unknown, Variables>(UPDATE);

  it('resolves when the write is durable, offline too, so that a form may close', async () => {
    const { disk, wrapper } = await setUp();
    const { result } = renderHook(hook, { wrapper });
    expect(result.current[1]).toEqual({ ticket: null, saving: false, error: null });
    let done: Promise<unknown> = Promise.resolve();
    act(() => {
      done = result.current[0]({ variables: edit('1') });
    });
    expect(result.current[1]).toMatchObject({ saving: true, ticket: null });
    await act(async () => void (await done));
    expect(result.current[1]).toMatchObject({ saving: false, error: null, ticket: { entityIds: { updateSite: '1' } } });
    expect((await disk.entries('')).some(([key]) => key.endsWith(result.current[1].ticket?.id as string))).toBe(true);
  });

  it('rejects, and says why, when the write could not be stored', async () => {
    const { disk, wrapper } = await setUp();
    disk.faults.failWrites = new OfflineError('STORAGE_FULL', 'no');
    const { result } = renderHook(hook, { wrapper });
    const failed = await act(() => result.current[0]({ variables: edit('1') }).catch((error: unknown) => error));
    expect(failed).toMatchObject({ code: 'NOT_DURABLE' });
    expect(result.current[1]).toEqual({ ticket: null, saving: false, error: failed });
  });

  it('shows what the server said later; an older call does not speak for a newer one', async () => {
    const rejected = { data: { updateSite: { __typename: 'MutationRejected', code: 'NO', message: 'no' } } };
    const fine = { data: { updateSite: { __typename: 'UpdateSitePayload' } } };
    const { wrapper, goOnline } = await setUp((operation) => ((operation.variables as Variables).input.name === 'bad' ? rejected : fine));
    const one = renderHook(hook, { wrapper });
    await act(async () => void (await one.result.current[0]({ variables: edit('1', 'bad') })));
    const two = renderHook(hook, { wrapper });
    await act(async () => void (await two.result.current[0]({ variables: edit('2', 'bad') })));
    await act(async () => void (await two.result.current[0]({ variables: edit('3', 'good') })));
    await goOnline();
    expect(one.result.current[1].error).toMatchObject({ code: 'MUTATION_REJECTED' });
    expect(two.result.current[1]).toMatchObject({ error: null, ticket: { entityIds: { updateSite: '3' } } });
  });

  it('gives the same function on every render', async () => {
    const { wrapper } = await setUp();
    const { result, rerender } = renderHook(hook, { wrapper });
    const [before] = result.current;
    rerender();
    expect(result.current[0]).toBe(before);
  });

  it('may be left before it is done', async () => {
    const { offline, wrapper } = await setUp();
    const { result, unmount } = renderHook(hook, { wrapper });
    let done: Promise<unknown> = Promise.resolve();
    act(() => {
      done = result.current[0]({ variables: edit('1') });
    });
    unmount();
    await done;
    expect(offline.status.get().pending).toBe(1);
  });
});

it('nothing listens after unmounting, strict mode included', async () => {
  const { wrapper, listening } = await setUp();
  const { unmount } = renderHook(() => [useOfflineStatus(), useOutbox(), useConflicts(), usePending('Site:1')], { wrapper });
  expect(listening.now).toBe(4);
  unmount();
  expect(listening.now).toBe(0);
});

it('works below Suspense, and a burst of changes is not a burst of renders', async () => {
  const { offline, seen } = await setUp();
  let open: (value: string) => void = () => undefined;
  const promise = new Promise<string>((resolve) => (open = resolve));
  const Late = () => <p data-testid="late">{`${use(promise)} ${useOfflineStatus().pending}`}</p>;
  let commits = 0;
  await act(
    async () =>
      void render(
        <OfflineProvider offline={seen}>
          <Suspense fallback="…">
            <Profiler id="late" onRender={() => (commits += 1)}>
              <Late />
            </Profiler>
          </Suspense>
        </OfflineProvider>,
      ),
  );
  await act(async () => open('ready'));
  expect(screen.getByTestId('late').textContent).toBe('ready 0');
  commits = 0;
  await act(
    async () => void (await Promise.all(['1', '2', '3', '4'].map((id) => offline.mutate({ mutation: UPDATE, variables: edit(id) })))),
  );
  expect(screen.getByTestId('late').textContent).toBe('ready 4');
  expect(commits).toBeLessThanOrEqual(4);
});
