import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  broadcastChannel,
  browserConnectivity,
  pageLifecycle,
  systemClock,
  systemRandom,
  webLocks,
} from '../../../client/adapters/browser.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('clock', () => {
  test('a delay of more than 2^31 − 1 ms does not fire at once', () => {
    vi.useFakeTimers();
    const run = vi.fn();
    systemClock().after(2 ** 31 + 10, run);
    vi.advanceTimersByTime(2 ** 31);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10);
    expect(run).toHaveBeenCalledOnce();
  });

  test('a cancelled timer does not fire, also in the second part of a long delay', () => {
    vi.useFakeTimers();
    const run = vi.fn();
    const cancel = systemClock().after(2 ** 31 + 10, run);
    vi.advanceTimersByTime(2 ** 31);
    cancel();
    cancel();
    vi.advanceTimersByTime(100);
    expect(run).not.toHaveBeenCalled();
  });
});

describe('random', () => {
  test('ids are UUIDv7', () => {
    expect(systemRandom().id()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('a platform without unguessable numbers is told what it lacks', () => {
    vi.stubGlobal('crypto', undefined);
    expect(() => systemRandom()).toThrow('crypto.getRandomValues');
  });
});

describe('where the platform has no browser', () => {
  test('locks exclude within the process, first come, first served', async () => {
    const never = new AbortController().signal;
    const seen: string[] = [];
    const staying = new AbortController();
    const first = webLocks().hold(
      'x',
      (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
      staying.signal,
    );
    const leaving = new AbortController();
    const given = webLocks().hold('x', async () => void seen.push('abandoned'), leaving.signal);
    const second = webLocks().hold('x', async () => void seen.push('second'), never);
    leaving.abort();
    await given;
    expect(seen).toEqual([]);
    staying.abort();
    await Promise.all([first, second]);
    expect(seen).toEqual(['second']);
  });

  test('a failing run frees the lock and rejects', async () => {
    const never = new AbortController().signal;
    await expect(webLocks().hold('y', () => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
    const run = vi.fn(async () => {});
    await webLocks().hold('y', run, never);
    expect(run).toHaveBeenCalledOnce();
  });

  test('no navigator, no document, no BroadcastChannel: online, never hidden, nobody to talk to', async () => {
    vi.stubGlobal('navigator', undefined);
    vi.stubGlobal('BroadcastChannel', undefined);
    expect(browserConnectivity().current()).toBe('online');
    browserConnectivity().subscribe(() => {})();
    pageLifecycle().subscribe(() => {})();
    const channel = broadcastChannel('x');
    channel.subscribe(() => {})();
    channel.post({});
    channel.close();
  });
});

test('a channel that is closed takes no message and throws nothing', () => {
  const channel = broadcastChannel('closed');
  channel.close();
  expect(() => channel.post({})).not.toThrow();
});

describe('Web Locks', () => {
  const grant = (request: (name: string, options: LockOptions, run: () => Promise<void>) => Promise<void>): void => {
    vi.stubGlobal('navigator', { locks: { request } });
  };
  const never = new AbortController().signal;

  test('a stolen lock aborts the signal, and hold waits for run to end', async () => {
    const thief = new AbortController();
    grant((_, __, run) => {
      void run();
      return new Promise((_, reject) => thief.signal.addEventListener('abort', () => reject(thief.signal.reason)));
    });
    const seen: string[] = [];
    const held = webLocks().hold(
      'x',
      async (signal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        seen.push('stopped');
      },
      never,
    );
    thief.abort();
    await held;
    expect(seen).toEqual(['stopped']);
  });

  test('abandoned in line: resolves without running', async () => {
    grant((_, { signal }) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))));
    const leaving = new AbortController();
    const run = vi.fn(async () => {});
    const held = webLocks().hold('x', run, leaving.signal);
    leaving.abort();
    await held;
    expect(run).not.toHaveBeenCalled();
  });

  test('abandoned while running: the signal aborts', async () => {
    grant((_, __, run) => run());
    const leaving = new AbortController();
    const held = webLocks().hold(
      'x',
      (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
      leaving.signal,
    );
    leaving.abort();
    await held;
  });

  test('a page that may not use locks still gets its work done', async () => {
    grant(() => Promise.reject(new DOMException('opaque origin', 'SecurityError')));
    const run = vi.fn(async () => {});
    await webLocks().hold('x', run, never);
    expect(run).toHaveBeenCalledOnce();
  });
});

describe('connectivity', () => {
  test('the hint follows navigator.onLine and its events', () => {
    const target = new EventTarget();
    vi.stubGlobal('addEventListener', target.addEventListener.bind(target));
    vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target));
    vi.stubGlobal('navigator', { onLine: false });
    const connectivity = browserConnectivity();
    expect(connectivity.current()).toBe('offline');
    const seen: string[] = [];
    const cancel = connectivity.subscribe((state) => seen.push(state));
    target.dispatchEvent(new Event('online'));
    target.dispatchEvent(new Event('offline'));
    cancel();
    target.dispatchEvent(new Event('online'));
    expect(seen).toEqual(['online', 'offline']);
  });

  test('a probe that throws is a no; without one the platform is believed', async () => {
    expect(await browserConnectivity({ probe: () => Promise.reject(new Error('no')) }).probe()).toBe(false);
    expect(await browserConnectivity({ probe: async () => true }).probe()).toBe(true);
    vi.stubGlobal('navigator', { onLine: false });
    expect(await browserConnectivity().probe()).toBe(false);
  });
});

test('lifecycle: hiding, leaving and coming back from the page cache', () => {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
  vi.stubGlobal('document', document);
  const seen: string[] = [];
  pageLifecycle().subscribe((event) => seen.push(event));
  document.visibilityState = 'hidden';
  document.dispatchEvent(new Event('visibilitychange'));
  document.visibilityState = 'visible';
  document.dispatchEvent(new Event('visibilitychange'));
  window.dispatchEvent(new Event('pagehide'));
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  expect(seen.splice(0)).toEqual(['hide', 'show', 'leave', 'hide', 'resume', 'show']);
  window.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: true }));
  document.dispatchEvent(new Event('freeze'));
  document.dispatchEvent(new Event('resume'));
  expect(seen).toEqual(['leave', 'hide', 'freeze', 'freeze', 'resume']);
});
