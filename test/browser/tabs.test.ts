import { expect, test, vi } from 'vitest';
import { broadcastChannel, browserConnectivity, pageLifecycle, systemRandom, webLocks } from '../../client/adapters/browser.ts';
import { createTabChannel, TAB_PROTOCOL, type TabMessage } from '../../client/tabs/channel.ts';
import { createLeader } from '../../client/tabs/leader.ts';

/** Another window of the same origin, with locks of its own that end with it. */
function openWindow(): { readonly window: Window & typeof globalThis; close(): void } {
  const frame = document.body.appendChild(document.createElement('iframe'));
  return { window: frame.contentWindow as Window & typeof globalThis, close: () => frame.remove() };
}

let names = 0;
const unique = (): string => `farside-${Date.now()}-${names++}`;

test('Web Locks: when the window that leads goes, the one in line leads; when that steps down, the next', async () => {
  const name = unique();
  const first = openWindow();
  await new Promise<void>((held) => {
    void first.window.navigator.locks.request(name, () => {
      held();
      return new Promise(() => {});
    });
  });
  const seen: string[] = [];
  const leader = createLeader({ locks: webLocks(), lifecycle: pageLifecycle(), onThrow: (error) => seen.push(String(error)) }, name);
  leader.onLead(async (signal) => {
    seen.push('leads');
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    seen.push('stops');
  });
  expect((await navigator.locks.query()).pending?.map((lock) => lock.name)).toContain(name);
  expect(leader.isLeader()).toBe(false);
  first.close();
  await vi.waitFor(() => expect(leader.isLeader()).toBe(true));

  const third = openWindow();
  const next = third.window.navigator.locks.request(name, () => seen.push('the next leads'));
  await leader.dispose();
  await next;
  third.close();
  expect(seen).toEqual(['leads', 'stops', 'the next leads']);
});

test('Web Locks: leaving the line, and losing the lock by force', async () => {
  const name = unique();
  const holder = openWindow();
  await new Promise<void>((held) => {
    void holder.window.navigator.locks.request(name, () => {
      held();
      return new Promise(() => {});
    });
  });
  const leaving = new AbortController();
  const run = vi.fn(async () => {});
  const abandoned = webLocks().hold(name, run, leaving.signal);
  leaving.abort();
  await abandoned;
  expect(run).not.toHaveBeenCalled();
  holder.close();

  const lost = await new Promise<AbortSignal>((resolve) => {
    void webLocks().hold(
      name,
      async (signal) => {
        const aborted = new Promise<void>((done) => signal.addEventListener('abort', () => done()));
        await navigator.locks.request(name, { steal: true }, () => {});
        await aborted;
        resolve(signal);
      },
      new AbortController().signal,
    );
  });
  expect(lost.aborted).toBe(true);
});

test('BroadcastChannel: what another window says arrives, and nothing of our own comes back', async () => {
  const name = unique();
  const other = openWindow();
  const theirs = new other.window.BroadcastChannel(name);
  const ours = createTabChannel(broadcastChannel(name));
  const heard: TabMessage[] = [];
  ours.subscribe((message) => heard.push(message));
  const echoed = new Promise((resolve) => {
    theirs.onmessage = (event) => resolve(event.data);
  });
  ours.post({ kind: 'enqueued', id: 'r1' });
  expect(await echoed).toEqual({ farside: TAB_PROTOCOL, message: { kind: 'enqueued', id: 'r1' } });
  theirs.postMessage({ farside: TAB_PROTOCOL, message: { kind: 'changed', id: 'r2' } });
  await vi.waitFor(() => expect(heard).toEqual([{ kind: 'changed', id: 'r2' }]));
  ours.close();
  theirs.close();
  other.close();
});

test('the platform’s hint and ids', () => {
  expect(browserConnectivity().current()).toBe('online');
  const ids = Array.from({ length: 1_000 }, () => systemRandom().id());
  expect(new Set(ids).size).toBe(1_000);
  expect([...ids].sort()).toEqual(ids);
});
