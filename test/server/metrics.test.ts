import * as prometheus from 'prom-client';
import { describe, expect, it, vi } from 'vitest';
import { type MutationEvent, memoryStore, OfflineServerError, offlineMetrics, type SyncEvent } from '../../server/index.ts';
import { createWorld } from './world.ts';

const CREATE = 'mutation { createTodo(input: { id: "t", title: "x", tags: [] }) { __typename } }';
const UPDATE = (version: number, title: string) =>
  `mutation { again: updateTodo(input: { id: "t", _version: ${version}, title: "${title}" }) { __typename } }`;
const PULL = 'query ($since: SyncCursor) { sync(since: $since) { cursor changes { id } } }';

describe('whoever watches the server', () => {
  it('is told who did what, and how it ended, repeats and refusals included', async () => {
    const events: MutationEvent[] = [];
    const world = createWorld(memoryStore(), { onMutation: (event) => events.push(event) });
    await world.deliver(CREATE, { createTodo: 1 });
    await world.deliver(CREATE, { createTodo: 1 });
    await world.deliver(UPDATE(1, 'mine'), { again: 2 }, { user: 'bob', client: 'c2' });
    await world.deliver(UPDATE(1, 'other'), { again: 2 });
    await world.deliver(UPDATE(2, 'late'), { again: 3 }, { user: null });
    await world.send({ query: 'mutation { a: act(id: "u", how: "crash") { value } b: act(id: "u", how: "refuse") { value } }' });
    expect(
      events.map(({ user, clientId, mutationId, field, typename, outcome, codes }) => [
        user?.id ?? null,
        clientId,
        mutationId,
        field,
        typename,
        outcome,
        ...codes,
      ]),
    ).toEqual([
      ['ann', 'c1', 1, 'createTodo', 'Todo', 'applied'],
      ['ann', 'c1', 1, 'createTodo', 'Todo', 'duplicate'],
      ['bob', 'c2', 2, 'updateTodo', 'Todo', 'applied'],
      ['ann', 'c1', 2, 'updateTodo', 'Todo', 'conflict'],
      [null, 'c1', 3, 'updateTodo', 'Todo', 'unauthenticated', 'UNAUTHENTICATED'],
      ['ann', null, null, 'act', null, 'failed', 'INTERNAL_SERVER_ERROR'],
      ['ann', null, null, 'act', null, 'rejected', 'FORBIDDEN'],
    ]);
    expect(events.every(({ durationMs }) => durationMs >= 0)).toBe(true);
  });

  it('learns how far behind a reader was, but not of one who begins', async () => {
    const pages: SyncEvent[] = [];
    let now = Date.parse('2026-01-01T00:00:00Z');
    const world = createWorld(memoryStore(), { now: () => now, onSync: (event) => pages.push(event) });
    const pull = async (since: string | null) => (await world.send({ query: PULL, variables: { since } })).data?.sync?.cursor as string;
    const cursor = await pull(null);
    await world.deliver(CREATE, { createTodo: 1 });
    now += 90_000;
    await pull(null);
    await pull(cursor);
    const [, anew, behind] = pages;
    expect(anew).toMatchObject({ changes: 1, lagMs: null });
    expect(behind).toEqual({ user: { id: 'ann' }, changes: 1, tombstones: 0, reset: false, lagMs: 90_000 });
  });

  it('harms no write by throwing', async () => {
    const thrown = vi.fn();
    vi.stubGlobal('queueMicrotask', (run: () => void) => {
      try {
        run();
      } catch (error) {
        thrown(error);
      }
    });
    const world = createWorld(memoryStore(), {
      onMutation: () => {
        throw new Error('the log is full');
      },
    });
    expect((await world.deliver(CREATE, { createTodo: 1 })).outcomes).toEqual({ createTodo: 'applied' });
    vi.unstubAllGlobals();
    expect(thrown).toHaveBeenCalledWith(new Error('the log is full'));
  });
});

describe('offlineMetrics', () => {
  it('counts outcomes, conflicts, lag, and what the store keeps', async () => {
    const registry = new prometheus.Registry();
    const store = memoryStore();
    // The store opens with the schema, which the world makes; nothing is asked of it before somebody reads the figures.
    const world = createWorld(store, {
      onMutation: (event) => metrics.onMutation(event),
      onSync: (event) => metrics.onSync(event),
    });
    const metrics = offlineMetrics({ prometheus, registry, store });
    const start = (await world.send({ query: PULL })).data?.sync?.cursor;
    await world.deliver(CREATE, { createTodo: 1 });
    await world.deliver(CREATE, { createTodo: 1 });
    await world.deliver(UPDATE(1, 'mine'), { again: 2 });
    await world.deliver(UPDATE(1, 'other'), { again: 3 });
    await world.send({ query: PULL, variables: { since: start } });
    await world.deliver('mutation { deleteTodo(input: { id: "t", _version: 2 }) { __typename } }', { deleteTodo: 4 });
    const text = await registry.metrics();
    for (const line of [
      'farside_mutations_total{outcome="applied"} 3',
      'farside_mutations_total{outcome="duplicate"} 1',
      'farside_mutations_total{outcome="conflict"} 1',
      'farside_conflicts_total{type="Todo"} 1',
      'farside_mutation_duration_seconds_count 5',
      'farside_sync_lag_seconds_count 1',
      'farside_dedupe_rows 4',
      'farside_tombstones 1',
    ])
      expect(text.split('\n')).toContain(line);
  });

  it.each([
    [{}, /option prometheus: expected what import/],
    [{ prometheus, registry: {} }, /option registry: expected a registry of prom-client, got \{\}/],
    [{ prometheus, registry: new prometheus.Registry(), shop: 1 }, /check its spelling/],
    [{ prometheus, registry: new prometheus.Registry() }, /option store: expected a store/],
  ])('says which option is wrong: %#', (options, message) => {
    expect(() => offlineMetrics(options as never)).toThrow(message);
    expect(() => offlineMetrics(options as never)).toThrow(OfflineServerError);
  });
});
