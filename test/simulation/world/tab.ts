import { ApolloClient, ApolloLink, HttpLink } from '@apollo/client';
import { createOffline, type Offline, OfflineCache, OfflineError } from '../../../client/index.ts';
import type { Channel, Clock } from '../../../client/ports.ts';
import '../../harness/on-demand.ts';
import { createSimulatedLifecycle, type SimulatedLifecycle } from '../../harness/index.ts';
import type { Listed } from '../history.ts';
import { documentOf, LISTS, MUTATIONS, TODOS } from './app.ts';
import type { Device } from './device.ts';
import { createDisk } from './disk.ts';
import { createFreezer } from './freezer.ts';
import { createInstead } from './instead.ts';
import { type Intent, variablesOf } from './intent.ts';
import { madeIn } from './merging.ts';
import { type Screen, watchScreen } from './screen.ts';
import type { SimulatedWorld } from './world.ts';

/** One open page of the application, from its opening to its closing or its crash. */
export interface Tab {
  readonly name: string;
  readonly user: string;
  readonly device: Device;
  readonly client: ApolloClient;
  readonly offline: Offline;
  readonly cache: OfflineCache;
  readonly lifecycle: SimulatedLifecycle;
  readonly screen: Screen;
  /** Attached, open, and not on its way out. */
  readonly isReady: boolean;
  /** Makes a mutation; what comes of it is noted. `plain`: by `client.mutate`, which says nothing before the server has. */
  mutate(intent: Intent, how?: MutateHow): void;
  outbox(): readonly Listed[];
  /** Stopped without being ended. `told`: the platform says so first. */
  freeze(told: boolean): void;
  thaw(): void;
  /** Gone without a word. */
  crash(): void;
  close(): Promise<void>;
  signOut(pending: 'flush' | 'keep' | 'discard'): Promise<void>;
}

export interface MutateHow {
  readonly plain?: boolean;
  readonly priority?: 'high' | 'low';
  readonly queue?: false;
  readonly expiresAfterMs?: number;
}

export function openTab(name: string, device: Device, world: SimulatedWorld): Tab {
  const { clock, history, chance, tickets } = world;
  const { user, isPrivate: isShut } = device;
  const cache = new OfflineCache();
  const lifecycle = createSimulatedLifecycle();
  const locks = device.locks.tab();
  const freezer = createFreezer();
  let isDead = false;
  let isAttached = false;
  let isLeaving = false;

  /** Gone, or being cut off the world: nothing of it can be heard any more. */
  function vanish(): void {
    isDead = true;
    world.merges.gone(name);
    for (const disk of [disks.outbox, disks.cache]) disk.crash();
    channel.close();
    locks.crash();
    client.stop();
    device.forget(tab);
  }

  const disks = {
    outbox: createDisk('outbox', device.platter.outbox, {
      fateOf: (write) => chance.write(name, write),
      crash: () => tab.crash(),
      stored: world.merges.stored,
      isShut,
    }),
    cache: createDisk('cache', device.platter.cache, { fateOf: (write) => chance.write(name, write), crash: () => tab.crash(), isShut }),
  };
  const channel = lossy(device.hub.open(), (message) => chance.message(name, message));
  const ports = freezer.wrap(
    world.disguise.ports({
      clock: tabClock(clock, device, () => isDead),
      random: world.random.fork(`ids of ${name}`),
      locks,
      channel,
      lifecycle,
      outbox: disks.outbox,
      cache: disks.cache,
      fetch: tabFetch(device, name, () => isDead),
    }),
  );
  const offline = createOffline({
    cache,
    manifest: world.manifest,
    owner: user,
    mutations: { ...MUTATIONS, UrgentlyUpdateTodo: { fallback: (expired) => (isDead ? null : instead.fallback(expired)) } },
    // The same in all tabs of a device; small ones make many documents of few records.
    batch: world.random.fork(`batches of ${device.name}`).pick([{}, {}, { maxCount: 2 }, { maxCount: 3 }, false]),
    compact: device.isCompacting,
    // Little devices keep little.
    ...world.random
      .fork(`retention on ${device.name}`)
      .pick([{}, {}, { retention: { maxEntities: 4 } }, { retention: { timeToLiveMs: { '*': 600_000 } } }]),
    appVersion: String(device.appVersion),
    migrations: [{ migrate: ({ variables }) => ({ variables }) }],
    storage: { outbox: ports.outbox, cache: ports.cache },
    connectivity: {
      current: () => device.connectivity.current(),
      subscribe: (listener) => device.connectivity.subscribe((state) => void (isDead || listener(state))),
      probe: () => device.connectivity.probe(),
    },
    ports: { clock: ports.clock, random: ports.random, locks: ports.locks, channel: ports.channel, lifecycle: ports.lifecycle },
  });
  const instead = createInstead({ name, device: device.name, screen: () => screen }, world);
  offline.events.subscribe(({ code, message, key }) => {
    if (isDead) return;
    history.note({ kind: 'event', tab: name, code, message });
    if (code === 'FALLBACK_QUEUED') instead.queued(key ?? '');
  });
  const client = new ApolloClient({
    cache,
    link: ApolloLink.from([offline.link, new HttpLink({ uri: 'http://server/graphql', fetch: ports.fetch })]),
  });
  const screen = watchScreen(cache, (entities) => void (isDead || history.note({ kind: 'shown', tab: name, entities })));

  const tab: Tab = {
    name,
    user,
    device,
    client,
    offline,
    cache,
    lifecycle,
    screen,
    get isReady() {
      return isAttached && !isLeaving && !isDead && !freezer.isFrozen;
    },
    mutate(intent, { plain = false, ...options } = {}) {
      const ticket = tickets.open(name, intent);
      const variables = variablesOf(intent);
      const isMergeable = device.isCompacting && intent.kind !== 'pair' && !intent.urgent && !intent.live && !intent.numbered;
      const call = {
        mutation: documentOf(intent, !isMergeable),
        variables: isMergeable ? variables : { ...variables, ticket },
        context: { offline: options },
      };
      history.note({ kind: 'made', ticket, tab: name, intent });
      const settled = (result: { readonly data?: unknown }): void =>
        void (isDead || history.note({ kind: 'settled', ticket, data: result.data ?? null }));
      const failed = (error: unknown): void => void (isDead || history.note({ kind: 'failed', ticket, code: codeOf(error) }));
      if (options.queue === false)
        return void client.mutate(call).then((result) => (isApplied(result) ? settled(result) : failed(result.data)), failed);
      if (plain && !isMergeable) return void client.mutate(call).then(settled, failed);
      let issuing: ReturnType<Offline['mutate']> | undefined;
      const record = madeIn(tab, () => {
        issuing = offline.mutate(call);
      });
      if (isMergeable && record !== null) world.merges.made(record, ticket, name);
      issuing?.then(
        (issued) => {
          if (isDead) return;
          tickets.durable(ticket, issued.id);
          history.note({ kind: 'durable', ticket, record: issued.id });
          issued.settled.then(settled, failed);
        },
        (error: unknown) => void (isDead || history.note({ kind: 'refused', ticket, code: codeOf(error) })),
      );
    },
    outbox: () =>
      offline.outbox.records().map((record) => ({
        record: record.id,
        ticket:
          tickets.ofRecord(record.id) ??
          (typeof record.variables.ticket === 'string' ? record.variables.ticket : world.merges.lastIn(record.id)),
        state: record.state,
        code: record.failure?.code ?? null,
        waitingFor: record.waitingFor,
      })),
    freeze(told) {
      if (told) lifecycle.emit('freeze');
      freezer.freeze();
    },
    thaw() {
      if (isDead) return;
      freezer.thaw();
      lifecycle.emit('resume');
    },
    crash() {
      if (isDead) return;
      history.note({ kind: 'closed', tab: name, how: 'crashed' });
      vanish();
    },
    async close() {
      if (isDead || isLeaving) return;
      isLeaving = true;
      await offline.dispose();
      if (isDead) return;
      history.note({ kind: 'closed', tab: name, how: 'closed' });
      vanish();
    },
    async signOut(pending) {
      if (isDead || isLeaving) return;
      isLeaving = true;
      history.note({ kind: 'leaving', tab: name, pending });
      // The application goes to its sign-in page, in every tab, also when this one does not live to see it.
      const others = device.tabs.filter((other) => other !== tab);
      clock.after(LEAVING_MS, () => others.forEach((other) => void other.crash()));
      await offline.signOut({ pending });
      if (isDead) return;
      history.note({ kind: 'closed', tab: name, how: 'signed out' });
      for (const other of others) other.crash();
      vanish();
    },
  };

  history.note({ kind: 'opened', tab: name, user });
  offline.attach(client).then(
    () => {
      if (isDead) return;
      isAttached = true;
      for (const query of [TODOS, LISTS]) {
        const page = client.watchQuery({ query, fetchPolicy: 'cache-and-network', nextFetchPolicy: 'cache-first' });
        // A page that could not load has a button to try again, and people press it.
        page.subscribe(({ error }) => void (error && ports.clock.after(AGAIN_MS, () => void page.refetch().catch(() => undefined))));
      }
      offline.sync.start({ intervalMs: world.plan.pullEveryMs });
    },
    (error: unknown) => history.note({ kind: 'event', tab: name, code: codeOf(error), message: 'attach failed' }),
  );
  return tab;
}

const AGAIN_MS = 20_000;
const LEAVING_MS = 1_000;

/** Of a mutation past the outbox: a conflict or a refusal is its result like any other. */
function isApplied({ data }: { readonly data?: unknown }): boolean {
  return Object.values(data ?? {}).every((value: { readonly __typename?: string } | null) => value?.__typename?.endsWith('Payload'));
}

function codeOf(error: unknown): string {
  if (OfflineError.is(error)) return error.code;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** The device's own time. It stands still while the device sleeps, and stops for good with the tab. */
function tabClock(clock: Clock, device: Device, isDead: () => boolean): Clock {
  return {
    now: () => clock.now() + device.skewMs,
    after(delayMs, run) {
      let isCancelled = false;
      const due = (): void => {
        if (isCancelled || isDead()) return;
        if (device.isAsleep) device.defer(due);
        else run();
      };
      const cancel = clock.after(delayMs, due);
      return () => {
        isCancelled = true;
        cancel();
      };
    },
  };
}

/** The platform's fetch: it adds who is signed in, and a dead tab neither sends nor hears. */
function tabFetch(device: Device, tab: string, isDead: () => boolean): typeof globalThis.fetch {
  const never = <T>(): Promise<T> => new Promise<T>(() => {});
  return async (input, init) => {
    if (isDead()) return never();
    const request = new Request(input, init);
    request.headers.set('x-session', device.session);
    request.headers.set('x-tab', tab);
    try {
      const response = await device.network.fetch(request);
      return isDead() ? never<Response>() : response;
    } catch (error) {
      if (isDead()) return never();
      throw error;
    }
  };
}

function lossy(channel: Channel, isLost: (message: unknown) => boolean): Channel {
  return { ...channel, post: (message) => void (isLost(message) || channel.post(message)) };
}
