import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../client/adapters/memory.ts';
import { OfflineError } from '../../../client/errors.ts';
import type { MutationRecord } from '../../../client/outbox/record.ts';
import type { Answer } from '../../../client/replay/outcome.ts';
import { createFaultyStorage } from '../../harness/index.ts';
import { inputOf } from '../outbox/records.ts';
import { createReplay, createReplayWorld, elapse, type Replay, type ReplayWorld } from './replay-world.ts';

const unreachable: Answer = { kind: 'unreachable', message: 'Failed to fetch' };
const failure = (code: string): Answer => ({
  kind: 'result',
  data: null,
  errors: [{ message: 'said', extensions: { code } }],
  extensions: {},
});
const states = (replay: Replay): readonly string[] => replay.outbox.records().map(({ state }) => state);
const waiting = (replay: Replay): readonly MutationRecord[] => replay.outbox.records().filter(({ state }) => state !== 'acknowledged');

describe('an acknowledged write', () => {
  it('is on disk as acknowledged before the screen changes, and is removed only after the cache on disk holds it', async () => {
    const { clock, disk, replay } = await createReplayWorld();
    const record = await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    const from = disk.log.length;
    await clock.runAll();
    const key = `outbox/record/${record.id}`;
    expect(disk.log.slice(from).map((step) => [step.kind, step.key])).toEqual([
      ['put', key],
      ['put', 'cache'],
      ['remove', key],
    ]);
    expect(replay.screen.rows.get('i')).toMatchObject({ title: 'B', _version: 2 });
    expect(replay.told).toMatchObject([{ how: { data: { updateInspection: { __typename: 'UpdateInspectionPayload' } }, errors: [] } }]);
  });

  it('stays while the cache cannot be written, and goes with the next one', async () => {
    const { clock, disk, replay } = await createReplayWorld();
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    disk.failAt(disk.log.length + 2);
    await clock.runAll();
    expect(states(replay)).toEqual(['acknowledged']);
    expect(replay.events).toMatchObject([{ code: 'SWEEP_FAILED' }]);
    await replay.mutate('updateInspection', { id: 'i', notes: 'x' });
    await clock.runAll();
    expect(states(replay)).toEqual([]);
  });

  it('is not removed by a flush that began before its result was in the cache', async () => {
    const { clock, disk, replay } = await createReplayWorld();
    const { put } = disk;
    replay.isReady = false;
    const first = await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    const second = await replay.mutate('createInspection', { id: 'a', title: 'a' });
    replay.wire = async (request, answer) => {
      await elapse(clock, Object.keys(request.extensions.offline.mutations)[0] === 'createInspection' ? 5 : 10);
      return answer();
    };
    replay.isReady = true;
    replay.drain.wake();
    // The second one's acknowledgement takes longest to write; meanwhile the first is swept.
    disk.put = async (key, value) => {
      if (key.endsWith(second.id)) await elapse(clock, 500);
      return put(key, value);
    };
    await clock.advance(100);
    expect(replay.outbox.get(first.id)).toBeNull();
    expect(replay.outbox.get(second.id)).not.toBeNull();
    await clock.runAll();
    const stored = new Map((await disk.get('cache')) as [string, unknown][]);
    expect(stored.get('a')).toMatchObject({ title: 'a' });
    expect(replay.outbox.records()).toEqual([]);
  });

  it('that cannot be written down is asked for again, and answered once: nobody waits for ever', async () => {
    const { clock, disk, replay, server } = await createReplayWorld();
    const record = await replay.mutate('updateInspection', { id: 'i', visits: 1 });
    disk.failAt(disk.log.length + 1, new OfflineError('STORAGE_FULL', 'no'));
    await clock.advance(20);
    expect(replay.thrown).toMatchObject([{ code: 'STORAGE_FULL' }]);
    expect(replay.outbox.get(record.id)).toMatchObject({ state: 'queued' });
    await clock.runAll();
    expect(server.effects).toHaveLength(1);
    expect(replay.sent).toHaveLength(2);
    expect(replay.told).toHaveLength(1);
    expect(replay.screen.rows.get('i')).toMatchObject({ visits: 1 });
  });

  it('its result, the end of its optimism and its caller’s promise are one broadcast', async () => {
    const { clock, replay } = await createReplayWorld();
    const record = await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    const before = replay.screen.broadcasts.length;
    await clock.runAll();
    expect(replay.screen.broadcasts.slice(before)).toEqual([[`acknowledged ${record.id}`]]);
  });

  it('whose answer the server has forgotten leaves the outbox', async () => {
    const { clock, replay } = await createReplayWorld();
    replay.wire = () => failure('ALREADY_ACKNOWLEDGED');
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.runAll();
    expect(states(replay)).toEqual([]);
    expect(replay.events).toMatchObject([{ code: 'ANSWER_FORGOTTEN' }]);
  });
});

describe('a chain of edits', () => {
  it('made offline arrives whole and in order, without asking; each is sent against the version after the one before', async () => {
    const { clock, replay, server } = await createReplayWorld();
    server.normalise = (values) => ('title' in values ? { ...values, title: String(values.title).trim() } : values);
    replay.isReady = false;
    for (const title of [' B ', ' C', 'D']) await replay.mutate('updateInspection', { id: 'i', title });
    await replay.mutate('updateInspection', { id: 'i', visits: 2, tags: ['a'] });
    replay.isReady = true;
    replay.drain.wake();
    await clock.runAll();
    expect(replay.sent.map(({ request }) => inputOf({ variables: request.variables } as MutationRecord)._version)).toEqual([1, 2, 3, 4]);
    expect(server.row('i')).toMatchObject({ version: 5, values: { title: 'D', visits: 2, tags: ['a'] } });
    expect(waiting(replay)).toEqual([]);
  });

  it('under which somebody else changed the same field asks once, and loses nothing', async () => {
    const { clock, replay, server } = await createReplayWorld();
    replay.isReady = false;
    const first = await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await replay.mutate('updateInspection', { id: 'i', notes: 'mine' });
    server.edit('i', { title: 'theirs', visits: 10 });
    replay.isReady = true;
    replay.drain.wake();
    await clock.runAll();
    expect(replay.outbox.get(first.id)).toMatchObject({
      state: 'conflict',
      conflict: { conflictingFields: ['title'], remote: { title: 'theirs' }, onScreen: { title: 'B', notes: 'mine' } },
    });
    expect(states(replay)).toEqual(['conflict', 'queued']);
    expect(replay.told).toMatchObject([{ how: { code: 'CONFLICT_PARKED', recordId: first.id } }]);
    expect(server.row('i')?.values).toMatchObject({ title: 'theirs' });
    await replay.control.resolve(first.id, { take: 'local' });
    await clock.runAll();
    expect(server.row('i')?.values).toMatchObject({ title: 'B', notes: 'mine', visits: 10 });
    expect(waiting(replay)).toEqual([]);
  });

  it('under which somebody else changed another field merges without asking', async () => {
    const { clock, replay, server } = await createReplayWorld();
    replay.isReady = false;
    await replay.mutate('updateInspection', { id: 'i', title: 'B', visits: 1, tags: ['mine'] });
    await replay.mutate('updateInspection', { id: 'i', visits: 3 });
    server.edit('i', { notes: 'theirs', visits: 10, tags: ['theirs'] });
    replay.isReady = true;
    replay.drain.wake();
    await clock.runAll();
    expect(server.row('i')?.values).toEqual({ title: 'B', notes: 'theirs', visits: 13, tags: ['theirs', 'mine'], passed: null });
    expect(waiting(replay)).toEqual([]);
  });

  it('ending in a delete asks before it takes an unseen change with it', async () => {
    const { clock, replay, server } = await createReplayWorld();
    replay.isReady = false;
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    const gone = await replay.mutate('deleteInspection', { id: 'i' });
    server.edit('i', { notes: 'theirs' });
    replay.isReady = true;
    replay.drain.wake();
    await clock.runAll();
    expect(replay.outbox.get(gone.id)).toMatchObject({ state: 'conflict' });
    expect(server.row('i')).toMatchObject({ deleted: false, values: { title: 'B', notes: 'theirs' } });
    await replay.control.resolve(gone.id, { take: 'local' });
    await clock.runAll();
    expect(server.row('i')).toMatchObject({ deleted: true });
  });

  it('goes on over a dead letter in it, and is not compared with that', async () => {
    const { clock, replay, server } = await createReplayWorld();
    server.normalise = (values) => ('title' in values ? { ...values, title: String(values.title).trim() } : values);
    server.refuse = (_field, input) => (input.title === 'bad' ? { rejected: 'RUDE' } : null);
    replay.isReady = false;
    for (const title of ['bad', ' B ', 'C']) await replay.mutate('updateInspection', { id: 'i', title });
    replay.isReady = true;
    replay.drain.wake();
    await clock.runAll();
    expect(states(replay)).toEqual(['dead']);
    expect(server.row('i')).toMatchObject({ version: 3, values: { title: 'C' } });
  });

  it('adds up without what was refused or discarded in it', async () => {
    const { clock, replay, server } = await createReplayWorld();
    server.refuse = (_field, input) => (input.title === 'bad' ? { rejected: 'RUDE' } : null);
    replay.isReady = false;
    await replay.mutate('updateInspection', { id: 'i', title: 'bad', visits: 1, tags: ['refused'] });
    await replay.mutate('updateInspection', { id: 'i', visits: 2, tags: ['refused', 'b'] });
    const dropped = await replay.mutate('updateInspection', { id: 'i', visits: 3, tags: ['refused', 'b', 'discarded'] });
    await replay.mutate('updateInspection', { id: 'i', visits: 4, tags: ['refused', 'b', 'discarded', 'c'] });
    await replay.mutate('updateInspection', { id: 'i', visits: 5 });
    await replay.control.discard(dropped.id);
    replay.isReady = true;
    replay.drain.wake();
    await clock.runAll();
    expect(states(replay)).toEqual(['dead']);
    expect(server.row('i')?.values).toMatchObject({ title: 'A', visits: 3, tags: ['b', 'c'] });
  });

  it('keeps its order over a restart in the middle of two acknowledgements', async () => {
    const { clock, disk, replay, server } = await createReplayWorld();
    replay.isReady = false;
    for (const title of ['B', 'C', 'D']) await replay.mutate('updateInspection', { id: 'i', title });
    const { put } = disk;
    let acknowledged = 0;
    disk.put = async (key, value) => {
      if (key === 'cache') throw new OfflineError('STORAGE_FULL', 'no');
      const { state, sequence } = value as MutationRecord;
      if (state === 'acknowledged') acknowledged += 1;
      if (acknowledged === 1 && server.row('i')?.version === 2) server.edit('i', { notes: 'theirs' });
      // Both are acknowledged, neither is swept, and what stands on them has not moved yet.
      if (acknowledged === 2 && state === 'queued' && sequence === 3) disk.crash();
      return put(key, value);
    };
    replay.isReady = true;
    replay.drain.wake();
    await clock.runAll();
    expect(disk.isCrashed).toBe(true);
    const next = createReplay(disk.reload(), server, clock);
    await next.start();
    await clock.runAll();
    expect(next.outbox.records()).toEqual([]);
    expect(server.row('i')?.values).toMatchObject({ title: 'D', notes: 'theirs' });
  });

  it('from a create to a delete arrives as made', async () => {
    const { clock, replay, server } = await createReplayWorld();
    replay.isReady = false;
    await replay.mutate('createInspection', { id: 'n', title: 'a', siteId: 's' });
    await replay.mutate('updateInspection', { id: 'n', title: 'b' });
    await replay.mutate('updateInspection', { id: 'n', title: 'c' });
    await replay.mutate('deleteInspection', { id: 'n' });
    replay.isReady = true;
    replay.drain.wake();
    await clock.runAll();
    expect(server.effects.map(({ field }) => field)).toEqual([
      'createInspection',
      'updateInspection',
      'updateInspection',
      'deleteInspection',
    ]);
    expect(waiting(replay)).toEqual([]);
    expect(replay.told).toHaveLength(4);
  });
});

describe('a conflict that merges', () => {
  /** A server that locks whole rows, and somebody who is always faster. */
  const wholeRows = (): Answer => {
    version += 1;
    const server = { __typename: 'Inspection', id: 'i', _version: version, title: 'A', notes: `n${version}`, visits: version };
    return {
      kind: 'result',
      data: {
        updateInspection: {
          __typename: 'InspectionConflict',
          conflictCode: 'VERSION_MISMATCH',
          message: '',
          currentVersion: version,
          conflictingFields: [],
          server,
        },
      },
      errors: [],
      extensions: {},
    };
  };
  let version = 1;

  it('goes out again under a new id and against the new version, at once, and never before that is durable', async () => {
    const { clock, disk, replay } = await createReplayWorld();
    version = 1;
    let rounds = 0;
    const stored: unknown[] = [];
    replay.wire = async (request, answer) => {
      const record = (await disk.get(`outbox/record/${made}`)) as MutationRecord;
      const entry = Object.values(request.extensions.offline.mutations)[0];
      expect(record).toMatchObject({ mutationId: entry?.id, variables: request.variables });
      stored.push([record.mutationId, inputOf(record)._version, inputOf(record).visits]);
      return rounds++ < 2 ? wholeRows() : answer();
    };
    replay.isReady = false;
    const made = (await replay.mutate('updateInspection', { id: 'i', title: 'B', visits: 1 })).id;
    replay.isReady = true;
    replay.drain.wake();
    await clock.settle();
    expect(stored).toEqual([
      [1, 1, 1],
      [2, 2, 3],
      [3, 3, 4],
    ]);
    expect(replay.told).toMatchObject([{ how: { data: { updateInspection: { __typename: 'UpdateInspectionPayload' } } } }]);
  });

  it('is not merged for ever: after so many rounds a person is asked, and the write is kept', async () => {
    const { clock, replay } = await createReplayWorld({ maxRounds: 3 });
    version = 1;
    replay.wire = wholeRows;
    const record = await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.runAll();
    expect(replay.sent).toHaveLength(4);
    expect(replay.outbox.get(record.id)).toMatchObject({ state: 'conflict', rounds: 3, variables: { input: { title: 'B' } } });
    expect(replay.told).toMatchObject([{ how: { code: 'CONFLICT_PARKED' } }]);
  });

  it('of a custom mutation cannot be chosen in, and becomes a dead letter that can be retried', async () => {
    const { clock, replay } = await createReplayWorld();
    replay.wire = () => ({
      kind: 'result',
      data: null,
      errors: [{ message: 'm', extensions: { code: 'CONFLICT', conflict: { code: 'VERSION_MISMATCH', message: 'stale' } } }],
      extensions: {},
    });
    const record = await replay.mutate('closeBooks', {});
    await clock.settle();
    expect(replay.outbox.get(record.id)).toMatchObject({ state: 'dead', failure: { code: 'VERSION_MISMATCH', message: 'stale' } });
    expect(replay.told).toMatchObject([{ how: { code: 'MUTATION_REJECTED' } }]);
    replay.wire = (_request, answer) => answer();
    await replay.control.retry(record.id);
    await clock.runAll();
    expect(waiting(replay)).toEqual([]);
  });
});

describe('a permanent failure', () => {
  it('is kept as a dead letter, with what the server said, and its caller is told; nothing deletes it', async () => {
    const { clock, disk, replay, server } = await createReplayWorld();
    server.refuse = (_field, input) => (input.title === 'bad' ? { rejected: 'TOO_RUDE' } : null);
    const bad = await replay.mutate('updateInspection', { id: 'i', title: 'bad' });
    const behind = await replay.mutate('updateInspection', { id: 'i', title: 'good' });
    await replay.mutate('updateInspection', { id: 'i', title: 'better' });
    const beside = await replay.mutate('createInspection', { id: 'a', title: 'a' });
    await clock.runAll();
    expect(replay.outbox.get(bad.id)).toMatchObject({ state: 'dead', failure: { code: 'TOO_RUDE' } });
    for (const { id } of [behind, beside]) expect(replay.outbox.get(id)).toBeNull();
    expect(server.row('i')?.values.title).toBe('better');
    expect(await disk.get(`outbox/record/${bad.id}`)).toMatchObject({ state: 'dead' });
    expect(replay.told.find(({ id }) => id === bad.id)).toMatchObject({
      how: { code: 'MUTATION_REJECTED', recordId: bad.id, message: expect.stringContaining('TOO_RUDE') },
    });
  });

  it('of a create holds back what needs it, until a person decides', async () => {
    const { clock, replay, server } = await createReplayWorld();
    server.refuse = (_field, input) => (input.title === 'bad' ? { rejected: 'TOO_RUDE' } : null);
    const bad = await replay.mutate('createInspection', { id: 'n', title: 'bad' });
    const edit = await replay.mutate('updateInspection', { id: 'n', notes: 'more' });
    await clock.runAll();
    expect(replay.outbox.get(edit.id)).toMatchObject({ state: 'queued', attempts: 0 });
    await replay.control.edit(bad.id, { input: { title: 'good' } });
    await clock.runAll();
    expect(server.row('n')?.values).toMatchObject({ title: 'good', notes: 'more' });
  });

  it('that a person retries is a new write: the refusal has consumed the id', async () => {
    const { clock, replay, server } = await createReplayWorld();
    server.refuse = () => ({ rejected: 'CLOSED' });
    const record = await replay.mutate('updateInspection', { id: 'i', title: 'B' }, { expiresAfterMs: 1_000 });
    await clock.advance(5_000);
    server.refuse = null;
    await replay.control.retry(record.id);
    await clock.runAll();
    expect(server.row('i')?.values.title).toBe('B');
    expect(replay.sent.map(({ request }) => Object.values(request.extensions.offline.mutations)[0]?.id)).toEqual([1, 2]);
  });

  it("is not confused with the client's own: a server may call its refusal EXPIRED", async () => {
    const { clock, replay, server } = await createReplayWorld();
    server.refuse = () => ({ rejected: 'EXPIRED' });
    const record = await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.runAll();
    expect(replay.told).toMatchObject([{ how: { code: 'MUTATION_REJECTED' } }]);
    server.refuse = null;
    await replay.control.retry(record.id);
    await clock.runAll();
    expect(server.row('i')?.values.title).toBe('B');
  });

  it('after so many attempts is given up unjudged: a retry keeps its key, so that it cannot be applied twice', async () => {
    const { clock, replay, server } = await createReplayWorld({ retry: { maxAttempts: 3 } });
    replay.wire = (_request, answer) => {
      answer();
      return { kind: 'status', status: 500, retryAfter: null };
    };
    const record = await replay.mutate('updateInspection', { id: 'i', visits: 1 });
    await clock.runAll();
    expect(replay.sent).toHaveLength(3);
    expect(replay.outbox.get(record.id)).toMatchObject({ state: 'dead', attempts: 3, failure: { code: 'HTTP_500', givenUp: true } });
    // Its answer is not acknowledged away by what is sent meanwhile.
    replay.wire = (_request, answer) => answer();
    await replay.mutate('createInspection', { id: 'a', title: 'a' });
    await clock.runAll();
    expect(replay.sent.at(-1)?.request.extensions.offline.ackedThrough).toBe(0);
    await replay.control.retry(record.id);
    await clock.runAll();
    expect(server.row('i')?.values.visits).toBe(1);
    expect(server.late).toEqual([]);
    expect(waiting(replay)).toEqual([]);
  });

  it('of the network alone never gives up: offline for a month is no fault of the write', async () => {
    const { clock, replay } = await createReplayWorld({ retry: { maxAttempts: 3 } });
    replay.wire = () => unreachable;
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.advance(3_600_000);
    expect(states(replay)).toEqual(['queued']);
    expect(replay.reached.every((how) => how === 'unreachable')).toBe(true);
  });
});

describe('a want of sign-in', () => {
  it('spends nothing and drops nothing; the same is sent after it, under the same key', async () => {
    const { clock, replay, server } = await createReplayWorld({ retry: { maxAttempts: 1 } });
    replay.wire = () => {
      replay.isReady = false;
      return { kind: 'status', status: 401, retryAfter: null };
    };
    const record = await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.runAll();
    expect(replay.reached).toEqual(['unauthenticated']);
    expect(replay.outbox.get(record.id)).toMatchObject({
      state: 'queued',
      attempts: 0,
      mutationId: 1,
      nextAttemptAt: null,
      failure: { code: 'UNAUTHENTICATED' },
    });
    replay.wire = (_request, answer) => answer();
    replay.isReady = true;
    replay.drain.wake();
    await clock.runAll();
    expect(server.effects.map(({ key }) => key)).toEqual([`${replay.outbox.clientId}:1`]);
  });
});

describe('a key that belongs to another write (a cloned store)', () => {
  it('is given up for a new one, after a while, and the write is not lost', async () => {
    const { clock, replay, server } = await createReplayWorld();
    let times = 0;
    replay.wire = (_request, answer) => (times++ < 3 ? failure('IDEMPOTENCY_KEY_REUSED') : answer());
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.settle();
    expect(replay.sent.length).toBeLessThan(3);
    await clock.runAll();
    // Each time under another client: this session may be a copy itself.
    expect(new Set(replay.sent.map(({ request }) => request.extensions.offline.clientId)).size).toBe(4);
    expect(server.row('i')?.values.title).toBe('B');
  });

  it('a sum, which the server could not know for a repeat, waits for a person instead of being counted twice', async () => {
    const { clock, replay } = await createReplayWorld();
    replay.wire = () => failure('IDEMPOTENCY_KEY_REUSED');
    await replay.mutate('updateInspection', { id: 'i', visits: 1 });
    await clock.runAll();
    expect(replay.sent).toHaveLength(1);
    expect(replay.outbox.records()).toMatchObject([{ state: 'dead', failure: { code: 'IDEMPOTENCY_KEY_REUSED' } }]);
  });
});

describe('an outbox that was copied to another device', () => {
  /** Another device, set up from a copy of this one's disk. */
  const copied = async ({ disk, server, clock }: ReplayWorld): Promise<Replay> => {
    const copy = memoryStorage();
    for (const [key, value] of await disk.entries('')) await copy.put(key, structuredClone(value));
    return createReplay(createFaultyStorage(copy), server, clock);
  };
  const lead = async (replay: Replay, { clock }: ReplayWorld): Promise<void> => {
    replay.isReady = true;
    replay.drain.wake();
    await clock.runAll();
  };

  it('sends the same keys: what waited is applied once, and leaves both', async () => {
    const world = await createReplayWorld();
    const { clock, replay, server } = world;
    replay.isReady = false;
    await replay.mutate('updateInspection', { id: 'i', visits: 1 });
    await replay.mutate('createInspection', { id: 'n', title: 'a', siteId: 's' });
    await replay.mutate('addToken', { token: 'x' });
    const other = await copied(world);
    await other.start();
    await clock.runAll();
    await lead(replay, world);
    expect(server.effects.map(({ field }) => field).sort()).toEqual(['addToken', 'createInspection', 'updateInspection']);
    expect([states(replay), states(other)]).toEqual([[], []]);
  });

  it('decided about there in another way: what stands on it goes under another key, and is not done twice', async () => {
    const world = await createReplayWorld();
    const { clock, replay, server } = world;
    replay.isReady = false;
    const first = await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await replay.mutate('updateInspection', { id: 'i', notes: 'x' });
    const other = await copied(world);
    server.edit('i', { title: 'theirs' });
    await lead(replay, world);
    await replay.control.resolve(first.id, { take: 'local' });
    await clock.runAll();
    const { version } = server.row('i') ?? {};
    await other.start();
    await clock.runAll();
    expect(other.events).toContainEqual(expect.objectContaining({ code: 'IDEMPOTENCY_KEY_REUSED' }));
    expect(server.row('i')).toMatchObject({ version, values: { title: 'B', notes: 'x' } });
    expect([states(replay), states(other)]).toEqual([[], []]);
  });

  it('a sum that stands on another write is never counted twice: the second copy asks a person', async () => {
    const world = await createReplayWorld();
    const { clock, replay, server } = world;
    replay.isReady = false;
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await replay.mutate('updateInspection', { id: 'i', visits: 1 });
    const other = await copied(world);
    await other.start();
    await clock.runAll();
    await lead(replay, world);
    expect(server.row('i')?.values).toMatchObject({ title: 'B', visits: 1 });
    expect(replay.outbox.records()).toMatchObject([{ state: 'dead', failure: { code: 'IDEMPOTENCY_KEY_REUSED' } }]);
    await replay.control.discard(replay.outbox.records()[0]?.id ?? '');
    expect(states(replay)).toEqual([]);
  });
});

describe('an answer that arrives after its record was', () => {
  const slow = (replay: Replay, clock: { after(ms: number, run: () => void): void }, make: (answer: () => Answer) => Answer): void => {
    replay.wire = async (_request, answer) => {
      const late = make(answer);
      await new Promise<void>((resolve) => clock.after(1_000, resolve));
      return late;
    };
  };
  const answers: readonly (readonly [string, (answer: () => Answer) => Answer])[] = [
    ['applied', (answer) => answer()],
    ['unreachable', () => unreachable],
    ['401', () => ({ kind: 'status', status: 401, retryAfter: null })],
    ['a reused key', () => failure('IDEMPOTENCY_KEY_REUSED')],
    ['a refusal', () => failure('FORBIDDEN')],
    [
      'a conflict',
      () => ({
        kind: 'result',
        data: {
          updateInspection: {
            __typename: 'InspectionConflict',
            conflictCode: 'VERSION_MISMATCH',
            currentVersion: 4,
            conflictingFields: ['notes'],
            server: { id: 'i', _version: 4, title: 'x', notes: 'theirs' },
          },
        },
        errors: [],
        extensions: {},
      }),
    ],
  ];

  it.each(answers)('discarded does not bring it back: %s', async (_name, make) => {
    const { clock, disk, replay } = await createReplayWorld();
    slow(replay, clock, make);
    const record = await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.advance(100);
    await replay.control.discard(record.id);
    await clock.runAll();
    expect(replay.outbox.records()).toEqual([]);
    expect(await disk.get(`outbox/record/${record.id}`)).toBeNull();
    expect(replay.told).toMatchObject([{ how: { code: 'DISCARDED' } }]);
  });

  it('discarded still shows what the server has of it', async () => {
    const { clock, replay } = await createReplayWorld();
    slow(replay, clock, (answer) => answer());
    const record = await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.advance(100);
    await replay.control.discard(record.id);
    await clock.runAll();
    expect(replay.screen.rows.get('i')).toMatchObject({ title: 'B', _version: 2 });
  });

  it.each(answers.slice(0, 5))('edited in another tab leaves the edit as it is: %s', async (name, make) => {
    const { clock, disk, replay, server } = await createReplayWorld();
    slow(replay, clock, make);
    const record = await replay.mutate('updateInspection', { id: 'i', title: 'B', visits: 1 });
    await clock.advance(100);
    const edited: MutationRecord = {
      ...record,
      clientId: 'other-tab',
      mutationId: 1,
      variables: { input: { id: 'i', _version: 1, title: 'C', visits: 3 } },
    };
    await disk.put(`outbox/record/${record.id}`, edited);
    replay.outbox.mirror(record.id, edited);
    replay.wire = (_request, answer) => answer();
    await clock.runAll();
    expect(replay.sent.at(-1)?.request.extensions.offline).toMatchObject({
      clientId: 'other-tab',
      mutations: { updateInspection: { id: 1 } },
    });
    expect(waiting(replay)).toEqual([]);
    // Its editor saw what it said before, and that is what the server has.
    expect(server.row('i')?.values).toMatchObject({ title: 'C', visits: 3 });
    expect(server.effects).toHaveLength(name === 'applied' ? 2 : 1);
  });
});

describe('a start', () => {
  it('applies what was acknowledged but had not reached the cache on disk, once more, and moves what stood on it', async () => {
    const { clock, disk, replay, server } = await createReplayWorld();
    replay.isReady = false;
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await replay.mutate('updateInspection', { id: 'i', title: 'C' });
    disk.crashAt(disk.log.length + 2, 'after');
    replay.isReady = true;
    replay.drain.wake();
    await clock.runAll();
    expect(disk.isCrashed).toBe(true);
    const next = createReplay(disk.reload(), server, clock);
    await next.start();
    expect(next.screen.rows.get('i')).toMatchObject({ title: 'B', _version: 2 });
    await clock.runAll();
    expect(next.outbox.records()).toEqual([]);
    expect(server.row('i')).toMatchObject({ version: 3, values: { title: 'C' } });
  });

  it('sends also when something acknowledged cannot be moved', async () => {
    const { clock, disk, replay, server } = await createReplayWorld();
    replay.isReady = false;
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await replay.mutate('updateInspection', { id: 'i', title: 'C' });
    disk.crashAt(disk.log.length + 2, 'after');
    replay.isReady = true;
    replay.drain.wake();
    await clock.runAll();
    const nextDisk = disk.reload();
    const next = createReplay(nextDisk, server, clock);
    nextDisk.failAt(1);
    await next.start();
    await clock.runAll();
    expect(next.events).toMatchObject([{ code: 'RECOVERY_FAILED' }]);
    expect(next.outbox.records()).toEqual([]);
    expect(server.row('i')?.values.title).toBe('C');
  });
});
