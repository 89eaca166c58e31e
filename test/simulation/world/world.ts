import type { Channel, Clock, Lifecycle, Locks, Random, Storage } from '../../../client/ports.ts';
import { type OfflineManifest, offlineManifest } from '../../../schema/index.ts';
import { createOfflineSchema, memoryStore, type OfflineResolvers, type Store } from '../../../server/index.ts';
import {
  createSeededRandom,
  createSimulatedClock,
  type NetworkEntry,
  type SeededRandom,
  type SimulatedClock,
} from '../../harness/index.ts';
import { createDecisions, type Decisions } from '../decisions.ts';
import type { Fault, RequestFate } from '../faults/fault.ts';
import { FAULTS } from '../faults/index.ts';
import { createHistory, type History } from '../history.ts';
import type { Plan } from '../plan.ts';
import { RESOLVERS, typesOf } from './app.ts';
import type { Delivery } from './commit-log.ts';
import { createDatabase } from './database.ts';
import { createDevice, type Device } from './device.ts';
import type { DiskWrite, WriteFate } from './disk.ts';
import { createMerges, type Merges } from './merging.ts';
import { type CommitFate, createServer, type Server } from './server.ts';
import { createTickets, type Tickets } from './tickets.ts';

/** Everything of one run. */
export interface SimulatedWorld {
  readonly plan: Plan;
  readonly clock: SimulatedClock;
  readonly random: SeededRandom;
  readonly history: History;
  readonly decisions: Decisions;
  readonly chance: Chance;
  readonly tickets: Tickets;
  readonly merges: Merges;
  readonly manifest: OfflineManifest;
  readonly server: Server;
  readonly devices: readonly Device[];
  readonly disguise: Required<Pick<PlantedBug, 'ports'>>;
  /** Something that ends by itself; healing ends it at once. */
  until(ms: number, end: () => void): void;
  /** The server is started again after so long. */
  restartServer(afterMs: number): void;
  /** Everybody sleeps, and time passes. Who slept before sleeps on. */
  night(ms: number): Promise<void>;
  /** Ends every lasting fault and lets no other strike. */
  heal(): void;
  close(): Promise<void>;
}

/** What strikes where, by the plan. */
export interface Chance {
  request(device: string, entry: NetworkEntry): RequestFate | null;
  write(tab: string, write: DiskWrite): WriteFate | null;
  message(tab: string, message: unknown): boolean;
  commit(delivery: Delivery): CommitFate | null;
}

/** The platform as one tab finds it. */
export interface TabPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly locks: Locks;
  readonly channel: Channel;
  readonly lifecycle: Lifecycle;
  readonly outbox: Storage;
  readonly cache: Storage;
  readonly fetch: typeof globalThis.fetch;
}

/** A known mistake, made by patching what the product stands on. */
export interface PlantedBug {
  readonly name: string;
  /** What somebody who made the mistake would have done. */
  readonly says: string;
  /** Ids of the invariants that it breaks; any other violation is a false alarm. */
  readonly breaks: readonly string[];
  /** Faults that bring it out: it is looked for in worlds where these happen as often as in the worst that are drawn. Default: as drawn. */
  readonly broughtOutBy?: readonly string[];
  readonly ports?: (ports: TabPorts) => TabPorts;
  readonly store?: (store: Store) => Store;
  readonly resolvers?: OfflineResolvers<object>;
}

/** The same for every world, and expensive. */
const manifests = new Map<string, OfflineManifest>();

export async function createSimulatedWorld(plan: Plan, planted: PlantedBug | null): Promise<SimulatedWorld> {
  const clock = createSimulatedClock();
  const random = createSeededRandom(plan.seed);
  const history = createHistory(clock.elapsed);
  const decisions = createDecisions(plan.seed, {
    only: plan.only,
    onStruck: ({ fault, site }) => history.note({ kind: 'fault', fault, site }),
  });
  const chance = createChance(plan, decisions);
  const ending = new Set<() => void>();
  /** At night nothing ends: nobody is there to end it. */
  let morning: (() => void)[] | null = null;
  const { versions, conflicts } = plan;
  const kind = `${versions} ${conflicts}`;
  const manifest =
    manifests.get(kind) ??
    offlineManifest(createOfflineSchema({ typeDefs: typesOf(versions), store: memoryStore(), resolvers: RESOLVERS, conflicts }));
  manifests.set(kind, manifest);

  const merges = createMerges();
  const server = await createServer({
    carriedBy: merges.carriedBy,
    clock,
    history,
    database: createDatabase(plan.database, random.fork('database')),
    versions,
    conflicts,
    pageBytes: plan.pageBytes,
    fateAt: chance.commit,
    onDeath: () => world.restartServer(random.fork(`restart at ${clock.elapsed()}`).integer(10_000)),
    disguise: planted?.store,
    resolvers: planted?.resolvers,
  });
  const devices: Device[] = [];
  const world: SimulatedWorld = {
    plan,
    clock,
    random,
    history,
    decisions,
    chance,
    tickets: createTickets(),
    merges,
    manifest,
    server,
    devices,
    disguise: { ports: planted?.ports ?? ((ports) => ports) },
    until(ms, end) {
      let cancel = (): void => {};
      const once = (): void => {
        cancel();
        if (morning !== null) morning.push(once);
        else if (ending.delete(once)) end();
      };
      ending.add(once);
      cancel = clock.after(ms, once);
    },
    restartServer: (afterMs) => world.until(afterMs, () => void server.start()),
    async night(ms) {
      const awake = devices.filter(({ isAsleep }) => !isAsleep);
      for (const device of awake) device.sleep();
      const late: (() => void)[] = [];
      morning = late;
      await clock.advance(ms);
      morning = null;
      for (const device of awake) device.wake();
      for (const end of late) end();
    },
    heal() {
      decisions.heal();
      for (const end of [...ending]) end();
    },
    async close() {
      for (const device of devices) for (const tab of [...device.tabs]) tab.crash();
      await server.close();
    },
  };
  for (const { name, user } of plan.devices) devices.push(createDevice(name, user, world));
  return world;
}

function createChance(plan: Plan, decisions: Decisions): Chance {
  const counts = new Map<string, number>();
  const site = (name: string): string => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return `${name}#${count}`;
  };
  const rate = ({ name, rate: base }: { readonly name: string; readonly rate: number }): number => base * (plan.intensity[name] ?? 0);
  const at = <K extends Fault['at']>(kind: K) => FAULTS.filter((fault): fault is Extract<Fault, { readonly at: K }> => fault.at === kind);
  const [requests, writes, commits, messages] = [at('request'), at('write'), at('commit'), at('message')];

  return {
    request(device, entry) {
      const operation = (entry.body as { readonly operationName?: string } | null)?.operationName ?? 'request';
      const place = site(`${device} ${operation}`);
      for (const fault of requests) {
        if (fault.applies?.(entry) === false) continue;
        if (decisions.strikes(fault.name, place, rate(fault))) return fault.strike(decisions.draw(fault.name, place), entry);
      }
      return null;
    },
    write(tab, write) {
      const place = site(`${tab} ${write.disk} ${write.kind}`);
      for (const fault of writes) {
        if (fault.applies?.(write) === false) continue;
        if (decisions.strikes(fault.name, place, rate(fault))) return fault.fate;
      }
      return null;
    },
    message(tab) {
      const place = site(`${tab} message`);
      return messages.some((fault) => decisions.strikes(fault.name, place, rate(fault)));
    },
    commit({ device, operation }) {
      const place = site(`${device} ${operation} commit`);
      return commits.find((fault) => decisions.strikes(fault.name, place, rate(fault)))?.fate ?? null;
    },
  };
}
