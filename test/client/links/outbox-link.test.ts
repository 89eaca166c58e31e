import { ApolloClient, ApolloLink, gql } from '@apollo/client';
import { print } from 'graphql';
import { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createOffline, OfflineCache, OfflineError, type OfflineOptions } from '../../../client/index.ts';
import type { Answer } from '../../../client/replay/outcome.ts';
import type { ReplayRequest } from '../../../client/replay/request.ts';
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
import { createServerModel } from '../replay/server-model.ts';

const UPDATE = gql`
  mutation Update($input: UpdateInspectionInput!) {
    updateInspection(input: $input) {
      ... on UpdateInspectionPayload { inspection { id title } }
    }
  }
`;
const TOKEN = gql`mutation Token($input: JSON) { addToken(input: $input) }`;
const WHOLE = gql`query I { inspection(id: "i") { id _version title notes } }`;

/** A real Apollo Client with the whole layer on it; the rest of its chain is a server in a few lines. */
async function setUp(extra: Partial<OfflineOptions> = {}, whileLoading: (client: ApolloClient) => void = () => undefined) {
  const clock = createSimulatedClock();
  const server = createServerModel();
  server.put('i', {
    title: 'A',
    notes: 'n',
    status: 'OPEN',
    severity: null,
    inspector: null,
    dueOn: null,
    tags: [],
    visits: 0,
    passed: null,
    siteId: 's',
  });
  const disk = createFaultyStorage();
  const cache = new OfflineCache();
  const connectivity = createSimulatedConnectivity();
  const operations: ApolloLink.Operation[] = [];
  const state: { respond: ((operation: ApolloLink.Operation, answer: () => Answer) => Answer) | null } = { respond: null };
  const terminating = new ApolloLink(
    (operation) =>
      new Observable((observer) => {
        operations.push(operation);
        const serve = (): Answer =>
          operation.extensions.offline
            ? server.handle({
                document: print(operation.query),
                operationName: '',
                variables: operation.variables,
                extensions: operation.extensions as ReplayRequest['extensions'],
              })
            : { kind: 'result', data: { addToken: true, updateInspection: null }, errors: [], extensions: {} };
        const answer = (state.respond ?? ((_operation, make) => make()))(operation, serve);
        return clock.after(10, () => {
          if (answer.kind !== 'result') return observer.error(new TypeError('Failed to fetch'));
          observer.next(
            structuredClone({
              data: answer.data,
              errors: answer.errors.length > 0 ? answer.errors : undefined,
              extensions: answer.extensions,
            }) as ApolloLink.Result,
          );
          observer.complete();
        });
      }),
  );
  const offline = createOffline({
    cache,
    manifest,
    owner: 'ada',
    storage: disk,
    connectivity,
    ports: {
      clock,
      random: createSeededRandom(5),
      locks: createMemoryLocks(),
      channel: createMemoryChannelHub().open(),
      lifecycle: createSimulatedLifecycle(),
    },
    ...extra,
  });
  const client = new ApolloClient({ cache, link: ApolloLink.from([offline.link, terminating]) });
  const attached = offline.attach(client);
  whileLoading(client);
  await attached;
  cache.writeQuery({ query: WHOLE, data: { inspection: { __typename: 'Inspection', id: 'i', _version: 1, title: 'A', notes: 'n' } } });
  await clock.settle();
  const shown = (): unknown =>
    (client.readQuery<{ inspection: { title: string } }>({ query: WHOLE }, true) as { inspection: { title: string } }).inspection.title;
  const update = (title: string, context = {}) => {
    const result = client.mutate({ mutation: UPDATE, variables: { input: { id: 'i', title } }, context });
    const heard: { data?: unknown; error?: unknown } = {};
    result.then(
      ({ data }) => (heard.data = data),
      (error: unknown) => (heard.error = error),
    );
    return heard;
  };
  return { clock, server, disk, cache, connectivity, operations, state, offline, client, shown, update };
}

describe('client.mutate', () => {
  it('means what it always meant: it resolves when the server has acknowledged, with what the server said', async () => {
    const { clock, disk, operations, update, shown, offline } = await setUp();
    const heard = update('B');
    await clock.settle();
    expect(heard).toEqual({});
    expect(shown()).toBe('B');
    expect((await disk.entries('')).filter(([key]) => key.includes('record/'))).toHaveLength(1);
    await clock.advance(10);
    expect(heard.data).toMatchObject({ updateInspection: { inspection: { id: 'i', title: 'B' } } });
    expect(operations.map((operation) => operation.operationName)).toEqual(['Update']);
    expect(operations[0]?.extensions).toMatchObject({ offline: { mutations: { updateInspection: { id: 1, base: { title: 'A' } } } } });
    await clock.advance(5_000);
    expect(offline.outbox.records()).toEqual([]);
  });

  it('stays pending while offline, never fakes an answer, and resolves when it comes', async () => {
    const { clock, connectivity, operations, update, shown, offline } = await setUp();
    connectivity.reachable = false;
    connectivity.set('offline');
    const heard = update('B');
    await clock.advance(60_000);
    expect([heard, shown(), operations.length, offline.status.get().pending]).toEqual([{}, 'B', 0, 1]);
    connectivity.reachable = true;
    connectivity.set('online');
    await clock.advance(60_000);
    expect(heard.data).toBeDefined();
    expect(operations).toHaveLength(1);
  });

  it('rejects with NOT_DURABLE when it could not be stored: nothing is sent, nothing stays on screen, and the cause says why', async () => {
    for (const code of ['STORAGE_UNAVAILABLE', 'STORAGE_FULL'] as const) {
      const { clock, disk, operations, update, shown } = await setUp();
      disk.faults.failWrites = new OfflineError(code, 'private mode');
      const heard = update('B');
      await clock.advance(1_000);
      expect(heard.error).toMatchObject({ code: 'NOT_DURABLE', cause: { code } });
      expect(shown()).toBe('A');
      expect(operations).toEqual([]);
    }
  });

  it('rejects with the limit that it broke', async () => {
    const { clock, update, connectivity } = await setUp({ limits: { maxRecords: 1, maxRecordLength: 3_000 } });
    connectivity.reachable = false;
    connectivity.set('offline');
    const [tooLong, first, second] = [update('x'.repeat(3_000)), update('B'), update('C')];
    await clock.settle();
    expect(tooLong.error).toMatchObject({ code: 'RECORD_TOO_LARGE' });
    expect(first).toEqual({});
    expect(second.error).toMatchObject({ code: 'OUTBOX_FULL' });
  });

  it('rejects when the server refuses, and the record is kept', async () => {
    const { clock, server, update, offline, shown } = await setUp();
    server.refuse = () => ({ rejected: 'RUDE' });
    const heard = update('B');
    await clock.advance(1_000);
    expect(heard.error).toMatchObject({ code: 'MUTATION_REJECTED', recordId: offline.outbox.records()[0]?.id });
    expect(offline.outbox.records()).toMatchObject([{ state: 'dead', failure: { code: 'RUDE' } }]);
    expect(shown()).toBe('A');
  });

  it('rejects when a person has to choose, and the choice settles the record', async () => {
    const { clock, server, update, offline, shown } = await setUp();
    server.edit('i', { title: 'theirs' });
    const heard = update('mine');
    await clock.advance(1_000);
    expect(heard.error).toMatchObject({ code: 'CONFLICT_PARKED' });
    expect(offline.conflicts.records()).toMatchObject([
      { base: { title: 'A' }, local: { title: 'mine' }, remote: { title: 'theirs', siteId: 's' }, conflictingFields: ['title'] },
    ]);
    expect(shown()).toBe('mine');
    await offline.conflicts.resolve((heard.error as OfflineError).recordId as string, { take: 'remote' });
    await clock.advance(1_000);
    expect(shown()).toBe('theirs');
    expect(offline.conflicts.records()).toEqual([]);
  });

  it('rejects when it is discarded, expires, or the layer ends', async () => {
    const { clock, connectivity, update, offline } = await setUp();
    connectivity.reachable = false;
    connectivity.set('offline');
    const discarded = update('B');
    await clock.settle();
    await offline.outbox.discard(offline.outbox.records()[0]?.id as string);
    await clock.settle();
    expect(discarded.error).toMatchObject({ code: 'DISCARDED' });
    const expiring = update('C', { offline: { expiresAfterMs: 1_000 } });
    await clock.advance(2_000);
    connectivity.reachable = true;
    connectivity.set('online');
    await clock.advance(100);
    expect(expiring.error).toMatchObject({ code: 'EXPIRED' });
    connectivity.reachable = false;
    connectivity.set('offline');
    const waiting = update('D');
    await clock.settle();
    await offline.dispose();
    await clock.settle();
    expect(waiting.error).toMatchObject({ code: 'DISPOSED' });
  });

  it('gives errors that came beside the data by the error policy', async () => {
    const { clock, client, state } = await setUp();
    state.respond = (_operation, answer) => {
      const made = answer();
      return made.kind === 'result'
        ? { ...made, errors: [{ message: 'half', path: ['updateInspection', 'inspection', 'notes'], extensions: { code: 'FORBIDDEN' } }] }
        : made;
    };
    const variables = { input: { id: 'i', title: 'B' } };
    const all = client.mutate({ mutation: UPDATE, variables, errorPolicy: 'all' });
    await clock.advance(1_000);
    expect(await all).toMatchObject({
      data: { updateInspection: { inspection: { title: 'B' } } },
      error: { errors: [{ message: 'half' }] },
    });
    const none = client.mutate({ mutation: UPDATE, variables }).catch((error: unknown) => error);
    await clock.advance(1_000);
    expect(await none).toMatchObject({ errors: [{ message: 'half' }] });
  });

  it('goes on when nobody listens any more', async () => {
    const { clock, server, client, offline } = await setUp();
    const context = { offline: {} };
    const subscription = ApolloLink.execute(
      client.link,
      { query: UPDATE, variables: { input: { id: 'i', title: 'B' } }, context },
      { client },
    ).subscribe({});
    await clock.settle();
    subscription.unsubscribe();
    await clock.advance(1_000);
    expect(server.row('i')?.values.title).toBe('B');
    expect(offline.status.get().pending).toBe(0);
  });

  it('of several root fields resolves once, with all of them, in the order of the document', async () => {
    const { clock, client, server } = await setUp();
    const both = gql`mutation Both($a: UpdateInspectionInput!, $b: UpdateInspectionInput!) {
      one: updateInspection(input: $a) { ... on UpdateInspectionPayload { inspection { title } } }
      two: updateInspection(input: $b) { ... on UpdateInspectionPayload { inspection { notes } } }
    }`;
    const result = client.mutate({ mutation: both, variables: { a: { id: 'i', title: 'B' }, b: { id: 'i', notes: 'm' } } });
    await clock.advance(1_000);
    const { data } = await result;
    expect(Object.keys(data as object)).toEqual(['one', 'two']);
    expect(data).toMatchObject({ one: { inspection: { title: 'B' } }, two: { inspection: { notes: 'm' } } });
    expect(server.effects).toHaveLength(2);
  });

  it('before the layer is attached rejects at once, instead of being lost', async () => {
    const offline = createOffline({
      cache: new OfflineCache(),
      owner: null,
      storage: createFaultyStorage(),
      connectivity: createSimulatedConnectivity(),
      ports: {
        clock: createSimulatedClock(),
        random: createSeededRandom(1),
        locks: createMemoryLocks(),
        channel: createMemoryChannelHub().open(),
        lifecycle: createSimulatedLifecycle(),
      },
    });
    const client = new ApolloClient({ cache: new OfflineCache(), link: offline.link });
    await expect(client.mutate({ mutation: TOKEN })).rejects.toMatchObject({ code: 'INVALID_OPERATION' });
  });

  it('keeps an optimistic answer that a function gives: functions do not survive a reload, what they return does', async () => {
    const { clock, client, connectivity, disk } = await setUp();
    connectivity.reachable = false;
    connectivity.set('offline');
    void client
      .mutate({
        mutation: TOKEN,
        variables: { input: { n: 1 } },
        optimisticResponse: ({ input }) => ({ addToken: `token ${(input as { n: number }).n}` }),
      })
      .catch(() => undefined);
    await clock.settle();
    const [[, stored] = []] = (await disk.entries('')).filter(([key]) => key.includes('record/'));
    expect(stored).toMatchObject({ kind: 'custom', optimisticResponse: { addToken: 'token 1' } });
  });
});

describe('what people look at', () => {
  it('is sent first of what waits', async () => {
    const { clock, client, connectivity, operations, update } = await setUp({ batch: false, retry: { concurrency: 1 } });
    const watching = client.watchQuery({ query: WHOLE, fetchPolicy: 'cache-only' }).subscribe(() => undefined);
    connectivity.set('offline');
    const ids = ['before', 'i', 'after'];
    for (const id of ids) void client.mutate({ mutation: UPDATE, variables: { input: { id, title: id } } }).catch(() => undefined);
    update('later');
    await clock.settle();
    connectivity.set('online');
    await clock.advance(1_000);
    expect(operations.map(({ variables }) => variables.input.title)).toEqual(['i', 'later', 'before', 'after']);
    watching.unsubscribe();
  });
});

describe('past the outbox', () => {
  it('queue: false is sent at once or not at all: no identity, no record, the network’s own error', async () => {
    const { clock, client, operations, state, offline } = await setUp();
    const call = () => client.mutate({ mutation: TOKEN, variables: { input: {} }, context: { offline: { queue: false } } });
    const sent = call();
    await clock.advance(10);
    expect((await sent).data).toEqual({ addToken: true });
    expect(operations[0]?.extensions.offline).toBeUndefined();
    state.respond = () => ({ kind: 'unreachable', message: '' });
    const failed = call().catch((error: unknown) => error);
    await clock.advance(10);
    expect(await failed).toBeInstanceOf(TypeError);
    await clock.advance(120_000);
    expect(operations).toHaveLength(2);
    expect(offline.outbox.records()).toEqual([]);
  });

  const live = (client: ApolloClient, id: string, offline = {}) =>
    client
      .mutate({ mutation: UPDATE, variables: { input: { id, title: 'live' } }, context: { offline: { queue: false, ...offline } } })
      .catch((error: unknown) => error);
  const sent = (operations: readonly ApolloLink.Operation[]) => operations.map(({ variables }) => variables.input.title ?? variables.input);

  it('queue: false does not overtake what is queued for its entity or ordering key, and waits for nothing else', async () => {
    const { clock, client, operations, update } = await setUp();
    update('queued');
    void live(client, 'i');
    void live(client, 'other', { orderingKey: 'k' });
    await clock.settle();
    expect(sent(operations).sort()).toEqual(['live', 'queued']);
    await clock.advance(1_000);
    expect(sent(operations)[2]).toBe('live');
    update('keyed', { offline: { orderingKey: 'k' } });
    void live(client, 'another', { orderingKey: 'k' });
    await clock.settle();
    expect(sent(operations).slice(3)).toEqual(['keyed']);
    await clock.advance(1_000);
    expect(sent(operations).slice(3)).toEqual(['keyed', 'live']);
  });

  it('queue: false does not overtake what may be about anything either, unless it may be about anything itself', async () => {
    const { clock, client, operations } = await setUp();
    void client.mutate({ mutation: TOKEN, variables: { input: { queued: true } } }).catch(() => undefined);
    void live(client, 'i');
    void client.mutate({ mutation: TOKEN, variables: { input: {} }, context: { offline: { queue: false } } });
    await clock.settle();
    expect(sent(operations)).toEqual([{}, { queued: true }]);
    await clock.advance(1_000);
    expect(sent(operations).slice(2)).toEqual(['live']);
  });

  it('queue: false fails at once where there is no network to empty its lane, also when that goes while it waits', async () => {
    const { clock, client, operations, update, connectivity } = await setUp();
    update('queued');
    const waiting = live(client, 'i');
    await clock.settle();
    connectivity.reachable = false;
    connectivity.set('offline');
    expect(await waiting).toMatchObject({ code: 'OFFLINE', recordId: expect.any(String) });
    expect(await live(client, 'i')).toMatchObject({ code: 'OFFLINE' });
    expect(sent(operations)).toEqual(['queued']);
    // Of what names no entity nobody knows what it would overtake: it is tried.
    void client.mutate({ mutation: TOKEN, variables: { input: 'token' }, context: { offline: { queue: false } } });
    await clock.settle();
    expect(sent(operations)).toEqual(['queued', 'token']);
  });

  it('queue: false waits for stored records to be read: what an earlier session has queued goes first', async () => {
    const first = await setUp();
    first.connectivity.set('offline');
    first.update('queued');
    await first.clock.settle();
    await first.offline.dispose();
    const { clock, operations } = await setUp({ storage: first.disk }, (client) => void live(client, 'i'));
    await clock.settle();
    expect(sent(operations)).toEqual(['queued']);
    await clock.advance(1_000);
    expect(sent(operations)).toEqual(['queued', 'live']);
  });

  it('queue: false is sent without a session, and after the end of one', async () => {
    const { clock, client, operations, update, offline, connectivity } = await setUp();
    connectivity.set('offline');
    update('queued');
    await clock.settle();
    await offline.dispose();
    void live(client, 'i');
    await clock.settle();
    expect(sent(operations)).toEqual(['live']);
  });

  it('queue: false: an option of the wrong kind is told whether or not anything waits', async () => {
    const { client } = await setUp();
    expect(await live(client, 'i', { orderingKey: '' })).toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('what the drain sends is not taken in again', async () => {
    const { clock, operations, update, offline } = await setUp();
    const seen: number[] = [];
    offline.outbox.subscribe(() => seen.push(offline.outbox.records().length));
    update('B');
    await clock.advance(5_000);
    expect(Math.max(...seen)).toBe(1);
    expect(operations).toHaveLength(1);
    expect(operations[0]?.getContext().offline).toEqual({ replay: true });
  });
});

describe('a live write never overtakes a queued one', () => {
  it('made while the queue is being sent, it waits for its turn', async () => {
    const { clock, server, connectivity, update } = await setUp();
    connectivity.reachable = false;
    connectivity.set('offline');
    for (const title of ['B', 'C', 'D']) update(title);
    await clock.settle();
    connectivity.reachable = true;
    connectivity.set('online');
    await clock.advance(1);
    const last = update('live');
    await clock.advance(60_000);
    expect(server.effects.map(({ input }) => input.title)).toEqual(['B', 'C', 'D', 'live']);
    expect(last.data).toMatchObject({ updateInspection: { inspection: { title: 'live' } } });
  });
});
