import { memoryStorage } from '../../../client/adapters/memory.ts';
import { createRules, inputValues } from '../../../client/conflict/strategies.ts';
import { createControl } from '../../../client/control.ts';
import type { OfflineError } from '../../../client/errors.ts';
import { draftContext } from '../../../client/outbox/draft-context.ts';
import { createEditClock } from '../../../client/outbox/edit-clock.ts';
import { createEnqueue } from '../../../client/outbox/enqueue.ts';
import { createOutbox } from '../../../client/outbox/outbox.ts';
import { type MutationRecord, writtenFields } from '../../../client/outbox/record.ts';
import { createTickets, type SettledOperation } from '../../../client/outbox/tickets.ts';
import type { Storage } from '../../../client/ports.ts';
import { createBreaker } from '../../../client/replay/breaker.ts';
import type { BatchLimits } from '../../../client/replay/document-batch.ts';
import { createDrain, type Send } from '../../../client/replay/drain.ts';
import { createLanes } from '../../../client/replay/lanes.ts';
import type { Answer } from '../../../client/replay/outcome.ts';
import type { ReplayRequest } from '../../../client/replay/request.ts';
import type { Screen } from '../../../client/replay/screen.ts';
import { createSettle } from '../../../client/replay/settle.ts';
import {
  createFaultyStorage,
  createSeededRandom,
  createSimulatedClock,
  type FaultyStorage,
  type SimulatedClock,
} from '../../harness/index.ts';
import { manifest } from '../outbox/records.ts';
import { createServerModel, type ServerModel } from './server-model.ts';

type Values = Readonly<Record<string, unknown>>;

/** What happens to one request: `answer` gives the server's answer when it is called (it may not be, or twice). */
export type Wire = (request: ReplayRequest, answer: () => Answer, signal: AbortSignal) => Promise<Answer> | Answer;

export interface Sent {
  readonly atMs: number;
  readonly request: ReplayRequest;
}

export interface ReplayOptions {
  readonly retry?: Partial<{ baseMs: number; maxMs: number; maxAttempts: number; timeoutMs: number; concurrency: number }>;
  readonly maxRounds?: number;
  /** Default: one record in each request. */
  readonly batch?: BatchLimits;
  readonly isCautious?: boolean;
}

/** Outbox, drain and settle over a disk, a simple screen and a server model; no Apollo. */
export interface Replay {
  readonly outbox: ReturnType<typeof createOutbox>;
  readonly control: ReturnType<typeof createControl>;
  readonly settle: ReturnType<typeof createSettle>;
  readonly drain: ReturnType<typeof createDrain>;
  readonly screen: Screen & { readonly rows: ReadonlyMap<string, Values>; readonly broadcasts: readonly (readonly string[])[] };
  readonly sent: readonly Sent[];
  readonly reached: readonly string[];
  readonly events: readonly { readonly code: string }[];
  readonly thrown: readonly unknown[];
  /** In the order told: operation name or record, and how it ended. */
  readonly told: readonly { readonly id: string; readonly how: SettledOperation | OfflineError }[];
  /** Records whose callers in other tabs were told that they are gone. */
  readonly others: readonly string[];
  readonly breaker: ReturnType<typeof createBreaker>;
  /** Dead letters that a fallback would be asked about. */
  readonly expired: readonly string[];
  /** How often it was news that the server has more. */
  readonly stale: number;
  isReady: boolean;
  wire: Wire;
  /** As a tab does: reads what is stored, recovers, leads. */
  start(): Promise<AbortController>;
  /** Queues a mutation of an inspection; resolves with its record when it is durable. */
  mutate(
    field: string,
    input: Values,
    options?: { readonly expiresAfterMs?: number; readonly priority?: 'high' | 'low'; readonly orderingKey?: string },
  ): Promise<MutationRecord>;
}

let seeds = 0;

export function createReplay(disk: Storage, server: ServerModel, clock: SimulatedClock, options: ReplayOptions = {}): Replay {
  const random = createSeededRandom(++seeds);
  const outboxDisk = prefixed(disk, 'outbox/');
  const events: { code: string }[] = [];
  const thrown: unknown[] = [];
  const told: { id: string; how: SettledOperation | OfflineError }[] = [];
  const sent: Sent[] = [];
  const others: string[] = [];
  const reached: string[] = [];
  const outbox = createOutbox(
    { storage: outboxDisk, random, onEvent: (event) => events.push(event) },
    { owner: 'ada', limits: { maxRecords: 10_000, maxRecordLength: 1_000_000 } },
  );
  const tickets = createTickets();
  const rows = new Map<string, Values>();
  const broadcasts: string[][] = [];
  let depth = 0;
  const heard: string[] = [];

  const show = (what: string): void => {
    heard.push(what);
    if (depth === 0) broadcasts.push(heard.splice(0));
  };
  const store = (id: string, values: Values): void => {
    const before = rows.get(id);
    if (before && (before._version as number) > (values._version as number)) return;
    rows.set(id, { ...before, ...values });
  };
  const entityType = manifest.types.Inspection;
  if (!entityType) throw new Error('expected Inspection in the manifest');

  const screen: Replay['screen'] = {
    rows,
    broadcasts,
    read(_typename, id) {
      let seen = rows.get(id) ?? null;
      for (const record of outbox.records()) {
        if (record.entityId !== id || record.state === 'dead' || record.state === 'acknowledged' || record.kind === 'delete') continue;
        seen = { _version: 0, ...seen, id, ...writtenFields(record) };
      }
      return seen;
    },
    together(run) {
      depth += 1;
      try {
        return run();
      } finally {
        depth -= 1;
        if (depth === 0 && heard.length > 0) broadcasts.push(heard.splice(0));
      }
    },
    acknowledge(record) {
      const entity = (record.result as { inspection?: Values } | null)?.inspection;
      if (entity) store(entity.id as string, inputValues(entityType, entity));
      show(`acknowledged ${record.id}`);
    },
    refresh(_typename, entity) {
      store(entity.id as string, inputValues(entityType, entity));
      show(`refreshed ${entity.id}`);
    },
    flush: () => disk.put('cache', [...rows]),
  };

  const breaker = createBreaker({ clock, random }, { baseMs: 1_000, maxMs: 60_000, ...options.retry });
  const expired: string[] = [];
  let stale = 0;
  const settle = createSettle(
    {
      outbox,
      tickets,
      screen,
      clock,
      random,
      news: {
        reached: (how) => reached.push(how),
        endpoint: breaker.take,
        stale: () => (stale += 1),
        expired: ({ id }) => expired.push(id),
        settled: () => undefined,
        failed: () => undefined,
        event: (event) => events.push(event),
      },
    },
    {
      manifest,
      retry: { baseMs: 1_000, maxMs: 60_000, maxAttempts: Number.POSITIVE_INFINITY, ...options.retry },
      rebase: { ruleOf: createRules(manifest, {}, () => undefined), identity: outbox, maxRounds: options.maxRounds ?? 5 },
    },
  );
  const send: Send = async (request, signal) => {
    sent.push({ atMs: clock.elapsed(), request: structuredClone(request) });
    return replay.wire(request, () => structuredClone(server.handle(request)), signal);
  };
  const drain = createDrain(
    {
      outbox,
      lanes: createLanes(outbox),
      breaker,
      clock,
      send,
      ready: () => replay.isReady,
      settle: settle.answer,
      expire: settle.expire,
      onThrow: (error) => thrown.push(error),
    },
    { concurrency: 4, timeoutMs: 30_000, batch: options.batch ?? null, isCautious: options.isCautious ?? false, ...options.retry },
  );
  const ruleOf = createRules(manifest, {}, () => undefined);
  const editClock = createEditClock(clock, outbox.clientId);
  const control = createControl(
    {
      outbox,
      tickets,
      drain,
      identity: outbox,
      editClock,
      ruleOf,
      failed: (record) => others.push(record.id),
      together: screen.together,
      showRemote: (record) => record.conflict?.remote && store(record.entityId as string, record.conflict.remote),
    },
    { manifest, deploy: { appVersion: null, schemaHash: manifest.schemaHash } },
  );
  const enqueue = createEnqueue({
    isLoaded: () => true,
    loaded: () => Promise.resolve(),
    outbox,
    tickets,
    draft: draftContext(outbox, {
      owner: 'ada',
      manifest,
      read: screen.read,
      editClock,
      describes: () => ({}),
      onThrow: (event) => events.push(event),
      clock,
      random,
    }),
    compaction: null,
    sender: {
      leading: drain.leading,
      wake: drain.wake,
      screen: { ...screen, isKnown: () => false },
      settled: (record) => others.push(record.id),
      onThrow: (error) => thrown.push(error),
    },
  });

  const replay: Replay = {
    breaker,
    expired,
    get stale() {
      return stale;
    },
    outbox,
    control,
    settle,
    drain,
    screen,
    sent,
    reached,
    events,
    thrown,
    told,
    others,
    isReady: true,
    wire: async (_request, answer) => {
      await elapse(clock, 10);
      return answer();
    },
    async start() {
      for (const [id, values] of ((await disk.get('cache')) as [string, Values][] | null) ?? []) rows.set(id, values);
      await outbox.load();
      await settle.recover();
      const leading = new AbortController();
      drain.lead(leading.signal);
      return leading;
    },
    async mutate(field, input, callOptions) {
      const type = manifest.mutations[field]?.inputType ?? 'JSON';
      const [record] = await enqueue(
        { document: `mutation M($input: ${type}!) { ${field}(input: $input) }`, variables: { input }, options: callOptions },
        {
          settled: (operation) => told.push({ id: record?.id ?? '', how: operation }),
          failed: (error) => told.push({ id: record?.id ?? '', how: error }),
        },
      );
      return record as MutationRecord;
    },
  };
  return replay;
}

export function elapse(clock: SimulatedClock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

export interface ReplayWorld {
  readonly clock: SimulatedClock;
  readonly server: ServerModel;
  readonly disk: FaultyStorage;
  readonly replay: Replay;
  readonly leading: AbortController;
}

/** A server with one inspection, and a started client that has it in its cache. */
export async function createReplayWorld(options: ReplayOptions = {}): Promise<ReplayWorld> {
  const clock = createSimulatedClock();
  const server = createServerModel();
  server.put('i', { title: 'A', notes: 'n', visits: 0, tags: [], passed: null });
  const disk = createFaultyStorage(memoryStorage());
  const replay = createReplay(disk, server, clock, options);
  const leading = await replay.start();
  replay.screen.refresh('Inspection', { id: 'i', _version: 1, title: 'A', notes: 'n', visits: 0, tags: [], passed: null });
  return { clock, server, disk, replay, leading };
}

function prefixed(storage: Storage, prefix: string): Storage {
  return {
    get: (key) => storage.get(prefix + key),
    put: (key, value) => storage.put(prefix + key, value),
    remove: (key) => storage.remove(prefix + key),
    entries: async (start) => (await storage.entries(prefix + start)).map(([key, value]) => [key.slice(prefix.length), value] as const),
    ...(storage.putMany
      ? { putMany: (pairs) => storage.putMany?.(pairs.map(([key, value]) => [prefix + key, value])) ?? Promise.resolve() }
      : {}),
  };
}
