import {
  createNetwork,
  createSimulatedConnectivity,
  type NetworkEntry,
  type NetworkFault,
  type SeededRandom,
  type SimulatedClock,
} from '../../test/harness/index.ts';
import type { Change } from './change.ts';
import type { Contestant, Observer, Page } from './contestant.ts';
import { createDisk } from './disk.ts';
import type { PeerServer } from './server.ts';

/** A browser with one page: a disk, a network, and what the platform believes of it. */
export interface Device {
  readonly name: string;
  open(): void;
  /** The page is gone without a word; the disk stays. */
  crash(): void;
  make(change: Change): void;
  setOnline(online: boolean, isTold: boolean): void;
  isDeaf: boolean;
  readonly isOpen: boolean;
  /** `null`: no page, or one that is still opening. */
  waiting(): readonly string[] | null;
}

export interface DeviceDeps {
  readonly clock: SimulatedClock;
  readonly random: SeededRandom;
  readonly server: PeerServer;
  /** Notes that are there from the beginning. */
  readonly shared: readonly string[];
  readonly faultOf: (entry: NetworkEntry) => NetworkFault | null;
  readonly observer: Observer & { made(device: string, change: Change): void };
}

interface OpenPage {
  isDead: boolean;
  page: Page | null;
  readonly opening: Promise<void>;
  readonly kill: () => void;
}

export function createDevice(
  { name, latencyMs }: { readonly name: string; readonly latencyMs: number },
  contestant: Contestant,
  { clock, random, server, shared, faultOf, observer }: DeviceDeps,
): Device {
  const network = createNetwork((request) => server.handle(request), { clock });
  network.latencyMs = latencyMs;
  network.faultOf = (entry) => (device.isDeaf ? { kind: 'dropResponse' } : faultOf(entry));
  const connectivity = createSimulatedConnectivity({ reachable: () => !network.offline && !device.isDeaf });
  const platter = new Map<string, string>();
  const openPage = contestant.browser();
  const notes = new Set(shared);
  let current: OpenPage | null = null;
  let pages = 0;

  const device: Device = {
    name,
    isDeaf: false,
    get isOpen() {
      return current !== null;
    },
    open() {
      const disk = createDisk(platter, clock);
      const unless =
        <T extends readonly unknown[]>(run: (...args: T) => void) =>
        (...args: T) =>
          void (opened.isDead || run(...args));
      const fetch = livingFetch(network.fetch, name, () => opened.isDead);
      const opening = openPage({
        user: name,
        url: 'http://server/graphql',
        fetch,
        disk,
        clock,
        random: random.fork(`page ${++pages}`),
        platform: {
          isOnline: () => connectivity.current() === 'online',
          subscribe: (listener) => connectivity.subscribe(unless(listener)),
          probe: () => connectivity.probe(),
        },
        observer: { stored: unless(observer.stored), acknowledged: unless(observer.acknowledged), failed: unless(observer.failed) },
      }).then((page) => {
        opened.page = page;
        if (opened.isDead) page.crash();
      });
      const opened: OpenPage = {
        isDead: false,
        page: null,
        opening,
        kill() {
          opened.isDead = true;
          disk.crash();
          opened.page?.crash();
        },
      };
      current = opened;
    },
    crash() {
      current?.kill();
      current = null;
    },
    make(change) {
      const opened = current;
      void opened?.opening.then(() => {
        if (opened.isDead) return;
        // Nobody edits a note that could not be added, because there was no page then.
        if (change.kind === 'add') notes.add(change.id);
        else if (!notes.has(change.id)) return;
        observer.made(name, change);
        opened.page?.make(change);
      });
    },
    setOnline(online, isTold) {
      network.offline = !online;
      if (isTold) connectivity.set(online ? 'online' : 'offline');
    },
    waiting: () => current?.page?.waiting() ?? null,
  };
  return device;
}

/** The platform's fetch. A dead page neither sends nor hears; what it has sent is on its way. */
function livingFetch(fetch: typeof globalThis.fetch, user: string, isDead: () => boolean): typeof globalThis.fetch {
  const never = <T>(): Promise<T> => new Promise<T>(() => {});
  return async (input, init) => {
    if (isDead()) return never();
    const request = new Request(input, init);
    request.headers.set('x-user', user);
    try {
      const response = await fetch(request);
      return isDead() ? never<Response>() : response;
    } catch (error) {
      if (isDead()) return never();
      throw error;
    }
  };
}
