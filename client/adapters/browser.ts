import { v7 as uuidv7 } from 'uuid';
import { OfflineError } from '../errors.ts';
import type { Cancel, Channel, Clock, Connectivity, Lifecycle, Locks, Random } from '../ports.ts';
import { memoryLocks, silentChannel } from './memory.ts';
import { nameOf } from './storage-error.ts';

/*
 * The platform behind each port. Each one steps down where the platform lacks something (Node, server rendering, React Native,
 * workers): no tabs to talk to, no page that hides, no opinion about the network.
 */

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    after(delayMs, run) {
      if (delayMs <= 0 && typeof MessageChannel === 'function') return next(run);
      let timer: ReturnType<typeof setTimeout>;
      const arm = (leftMs: number): void => {
        // A longer delay than 2^31 − 1 ms overflows, and the timer would fire at once.
        const stepMs = Math.min(leftMs, 2 ** 31 - 1);
        timer = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : run()), stepMs);
      };
      arm(Math.max(0, delayMs));
      return () => clearTimeout(timer);
    },
  };
}

/** In the next turn. A timer of no delay comes four milliseconds later, and in a hidden tab a second later or a minute. */
function next(run: () => void): Cancel {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    run();
  };
  port2.postMessage(null);
  return () => port1.close();
}

/** @throws OfflineError `INVALID_OPTION` where the platform has no source of unguessable numbers. */
export function systemRandom(): Random {
  if (typeof globalThis.crypto?.getRandomValues !== 'function') {
    throw new OfflineError(
      'INVALID_OPTION',
      'random: expected crypto.getRandomValues on this platform, got none; import a polyfill such as react-native-get-random-values first',
    );
  }
  return { next: () => Math.random(), id: () => uuidv7() };
}

/** Everyone in this process competes for the same ones. */
const processLocks = memoryLocks();

/** Web Locks; where there are none, or this page may not use them, `otherwise`: by default locks within this process. */
export function webLocks(otherwise: Locks = processLocks): Locks {
  const manager = globalThis.navigator?.locks;
  if (manager === undefined) return otherwise;
  return {
    async hold(name, run, abandon, { steal = false } = {}) {
      if (abandon.aborted) return;
      let running: Promise<void> | undefined;
      const over = new AbortController();
      const leave = (): void => over.abort(abandon.reason);
      abandon.addEventListener('abort', leave, { once: true });
      try {
        // A theft is immediate: the platform takes no signal for it.
        await manager.request(name, steal ? { steal } : { signal: abandon }, () => {
          running = run(over.signal);
          return running;
        });
      } catch (error) {
        if (running !== undefined) {
          // Rejected while running: `run` itself failed, or another page stole the lock.
          over.abort(error);
          return await running;
        }
        if (abandon.aborted) return;
        // A page without an origin of its own (a sandboxed frame) has the API and may not use it; it shares no storage either.
        if (nameOf(error) === 'SecurityError') return await otherwise.hold(name, run, abandon, { steal });
        throw error;
      } finally {
        abandon.removeEventListener('abort', leave);
      }
    },
  };
}

/** A BroadcastChannel; a channel to nobody where there is none. */
export function broadcastChannel(name: string): Channel {
  if (typeof BroadcastChannel === 'undefined') return silentChannel();
  const channel = new BroadcastChannel(name);
  // In Node an open channel would keep the process alive.
  if ('unref' in channel && typeof channel.unref === 'function') channel.unref();
  let open = true;
  return {
    post(message) {
      if (open) channel.postMessage(message);
    },
    subscribe(listener) {
      return listen(channel, 'message', (event) => listener((event as MessageEvent<unknown>).data));
    },
    close() {
      open = false;
      channel.close();
    },
  };
}

export interface BrowserConnectivityOptions {
  /** Asks the real network; see `graphqlProbe`. Without one, a probe can only repeat what the platform believes. */
  readonly probe?: () => Promise<boolean>;
}

/** `navigator.onLine` and its events as the hint. A platform without an opinion counts as online. */
export function browserConnectivity(options: BrowserConnectivityOptions = {}): Connectivity {
  const current = (): 'online' | 'offline' => (globalThis.navigator?.onLine === false ? 'offline' : 'online');
  return {
    current,
    subscribe(listener) {
      const cancels = [listen(globalThis, 'online', () => listener('online')), listen(globalThis, 'offline', () => listener('offline'))];
      return () => {
        for (const cancel of cancels) cancel();
      };
    },
    async probe() {
      try {
        return await (options.probe?.() ?? current() === 'online');
      } catch {
        return false;
      }
    },
  };
}

/**
 * When the page hides or is about to go: `pagehide` and a hidden `visibilitychange`, because mobile browsers end a page without
 * ever sending `unload`. Nothing where there is no page.
 */
export function pageLifecycle(): Lifecycle {
  return {
    subscribe(listener) {
      if (typeof document === 'undefined') return () => {};
      const cancels = [
        listen(document, 'visibilitychange', () => listener(document.visibilityState === 'hidden' ? 'hide' : 'show')),
        listen(document, 'freeze', () => listener('freeze')),
        listen(document, 'resume', () => listener('resume')),
        listen(globalThis, 'pagehide', (event) => {
          listener('leave');
          listener('hide');
          // Into the page cache: it may come back, and does nothing until then.
          if ((event as PageTransitionEvent).persisted) listener('freeze');
        }),
        listen(globalThis, 'pageshow', (event) => {
          // The first showing of a fresh page is not a return.
          if (!(event as PageTransitionEvent).persisted) return;
          listener('resume');
          listener('show');
        }),
      ];
      return () => {
        for (const cancel of cancels) cancel();
      };
    },
  };
}

function listen(target: object, type: string, listener: (event: Event) => void): Cancel {
  if (!('addEventListener' in target)) return () => {};
  const events = target as EventTarget;
  events.addEventListener(type, listener);
  return () => events.removeEventListener(type, listener);
}
