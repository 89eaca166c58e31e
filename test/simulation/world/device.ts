import { type BackgroundReport, handleBackgroundSync } from '../../../client/worker/index.ts';
import {
  createMemoryChannelHub,
  createMemoryLocks,
  createNetwork,
  createSimulatedConnectivity,
  type MemoryChannelHub,
  type MemoryLocks,
  type Network,
  type SimulatedConnectivity,
} from '../../harness/index.ts';
import { createDisk } from './disk.ts';
import { createProxy } from './proxy.ts';
import { openTab, type Tab } from './tab.ts';
import type { SimulatedWorld } from './world.ts';

/** A browser: a disk, a network, a clock of its own, a user who is signed in, and tabs that share them. */
export interface Device {
  readonly name: string;
  /** Its app lets mutations become one. */
  readonly isCompacting: boolean;
  readonly network: Network;
  readonly connectivity: SimulatedConnectivity;
  readonly locks: MemoryLocks;
  readonly hub: MemoryChannelHub;
  /** What lies on its disk; outlives every tab. */
  readonly platter: { readonly outbox: Map<string, unknown>; readonly cache: Map<string, unknown> };
  /** New tabs open in a private window. */
  isPrivate: boolean;
  /** By how much its clock is wrong. */
  skewMs: number;
  user: string;
  /** Version of the app that its next tab runs; those that are open go on with theirs. */
  appVersion: number;
  /** Goes out with every request; the server may have forgotten it. */
  session: string;
  /** Open tabs, the oldest first. */
  readonly tabs: readonly Tab[];
  readonly isAsleep: boolean;
  /** What came due while it slept. */
  defer(run: () => void): void;
  /** Opens a tab; it restores and attaches by itself. */
  open(): Tab;
  forget(tab: Tab): void;
  /** The browser wakes the service worker, as when it finds that the network is back, or now and then. */
  wakeWorker(event?: 'sync' | 'periodicsync'): Promise<{ readonly worker: string; readonly report: BackgroundReport | null }>;
  /** Cuts or mends the wire; `told`: the platform notices. */
  setOnline(online: boolean, told?: boolean): void;
  /** Everything that the server sends is lost. */
  isDeaf: boolean;
  /** Somebody is about to open a tab. */
  isReopening: boolean;
  sleep(): void;
  wake(): void;
  signInAgain(): void;
}

export function createDevice(name: string, user: string, world: SimulatedWorld): Device {
  const { clock, server, chance } = world;
  const tabs: Tab[] = [];
  const deferred: (() => void)[] = [];
  let opened = 0;
  let workers = 0;
  let isAsleep = false;
  let isCut = false;

  const proxy = createProxy((request) => server.handle(request, { device: name, tab: request.headers.get('x-tab') ?? '' }));
  const network = createNetwork(proxy.handle, { clock });
  network.latencyMs = 20 + world.random.fork(`latency of ${name}`).integer(180);
  network.faultOf = (entry) => {
    const fate = chance.request(name, entry);
    if (fate?.kind === 'stale') proxy.repeat(entry.body);
    if (device.isDeaf) return { kind: 'dropResponse' };
    return fate?.kind === 'stale' ? null : fate;
  };

  const device: Device = {
    name,
    isCompacting: world.random.fork(`compaction on ${name}`).chance(0.3),
    network,
    connectivity: createSimulatedConnectivity({ reachable: () => !network.offline && !device.isDeaf && server.isUp }),
    locks: createMemoryLocks(),
    hub: createMemoryChannelHub(),
    platter: { outbox: new Map(), cache: new Map() },
    isPrivate: false,
    skewMs: 0,
    user,
    session: server.signIn(user),
    tabs,
    isDeaf: false,
    isReopening: false,
    appVersion: 1,
    get isAsleep() {
      return isAsleep;
    },
    defer: (run) => void deferred.push(run),
    open() {
      const tab = openTab(`${name}.${++opened}`, device, world);
      tabs.push(tab);
      return tab;
    },
    forget(tab) {
      const at = tabs.indexOf(tab);
      if (at >= 0) tabs.splice(at, 1);
    },
    async wakeWorker(type = 'sync') {
      const worker = `${name}.worker${++workers}`;
      const locks = device.locks.tab();
      const channel = device.hub.open();
      const die = (): void => {
        for (const disk of [disks.outbox, disks.cache]) disk.crash();
        channel.close();
        locks.crash();
      };
      const disks = {
        outbox: createDisk('outbox', device.platter.outbox, {
          fateOf: (write) => chance.write(worker, write),
          crash: die,
          stored: world.merges.stored,
        }),
        cache: createDisk('cache', device.platter.cache, { fateOf: (write) => chance.write(worker, write), crash: die }),
      };
      const event = { tag: 'farside-outbox', type, waitUntil: (work: Promise<unknown>) => void work.catch(() => undefined) };
      const woken = handleBackgroundSync(event, {
        endpoint: 'http://server/graphql',
        headers: () => ({ 'x-session': device.session, 'x-tab': worker }),
        manifest: world.manifest,
        storage: disks,
        fetch: network.fetch,
        ports: { clock, random: world.random.fork(`ids of ${worker}`), locks, channel },
      });
      const report =
        (await woken?.catch((error: unknown) => world.history.note({ kind: 'note', text: `${worker}: ${String(error)}` }))) ?? null;
      channel.close();
      return { worker, report };
    },
    setOnline(online, told = true) {
      isCut = !online;
      network.offline = isCut || isAsleep;
      if (told) device.connectivity.set(online ? 'online' : 'offline');
    },
    sleep() {
      isAsleep = true;
      network.offline = true;
      for (const tab of tabs) tab.lifecycle.emit('hide');
    },
    wake() {
      if (!isAsleep) return;
      isAsleep = false;
      network.offline = isCut;
      for (const run of deferred.splice(0)) run();
      for (const tab of tabs) tab.lifecycle.emit('show');
    },
    signInAgain() {
      device.session = server.signIn(device.user);
    },
  };
  return device;
}
