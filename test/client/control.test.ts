import { describe, expect, it } from 'vitest';
import { OfflineError } from '../../client/errors.ts';
import type { MutationRecord } from '../../client/outbox/record.ts';
import type { Answer } from '../../client/replay/outcome.ts';
import { inputOf } from './outbox/records.ts';
import { createReplayWorld, type Replay } from './replay/replay-world.ts';

const unreachable: Answer = { kind: 'unreachable', message: 'Failed to fetch' };
const waiting = (replay: Replay): readonly MutationRecord[] => replay.outbox.records().filter(({ state }) => state !== 'acknowledged');
const keys = (replay: Replay): readonly unknown[] =>
  replay.sent.map(({ request }) => Object.values(request.extensions.offline.mutations)[0]?.id);

async function parked() {
  const world = await createReplayWorld();
  world.server.edit('i', { title: 'theirs' });
  const record = await world.replay.mutate('updateInspection', { id: 'i', title: 'mine', visits: 1 });
  await world.clock.runAll();
  expect(world.replay.outbox.get(record.id)?.state).toBe('conflict');
  return { ...world, id: record.id };
}

describe('a record that is not there', () => {
  it('is named in the error, whatever is asked of it', async () => {
    const { replay, clock } = await createReplayWorld();
    const done = await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.runAll();
    for (const id of ['nobody', done.id]) {
      const asks = [
        replay.control.retry(id),
        replay.control.edit(id, {}),
        replay.control.discard(id),
        replay.control.resolve(id, { take: 'local' }),
      ];
      for (const ask of asks) await expect(ask).rejects.toMatchObject({ code: 'UNKNOWN_RECORD', recordId: id });
    }
    expect(replay.control.dependents('nobody')).toEqual([]);
  });
});

describe('retry', () => {
  it('of a record that waits for time sends it now, under its own key', async () => {
    const { clock, replay, server } = await createReplayWorld();
    replay.wire = () => unreachable;
    const record = await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await clock.settle();
    replay.wire = (_request, answer) => answer();
    await replay.control.retry(record.id);
    await clock.settle();
    expect(keys(replay)).toEqual([1, 1]);
    expect(server.row('i')?.values.title).toBe('B');
  });

  it('of a dead letter ends its deadline: it would only expire again', async () => {
    const { clock, replay, server } = await createReplayWorld();
    replay.isReady = false;
    const record = await replay.mutate('updateInspection', { id: 'i', title: 'B' }, { expiresAfterMs: 1_000 });
    await clock.advance(10_000);
    replay.isReady = true;
    replay.drain.wake();
    await clock.settle();
    expect(replay.outbox.get(record.id)).toMatchObject({ state: 'dead', failure: { code: 'EXPIRED' } });
    await replay.control.retry(record.id);
    await clock.runAll();
    expect(keys(replay)).toEqual([1]);
    expect(server.row('i')?.values.title).toBe('B');
  });

  it('of one being sent does nothing, of a parked conflict says what to call', async () => {
    const { clock, replay, id } = await parked();
    await expect(replay.control.retry(id)).rejects.toMatchObject({
      code: 'INVALID_OPERATION',
      message: expect.stringContaining('resolve'),
    });
    const other = await replay.mutate('createInspection', { id: 'a', title: 'a' });
    expect(replay.outbox.get(other.id)?.state).toBe('sending');
    await replay.control.retry(other.id);
    await clock.runAll();
    expect(
      replay.sent.filter(({ request }) => request.variables.input === null || (request.variables.input as { id: string }).id === 'a'),
    ).toHaveLength(1);
  });
});

describe('edit', () => {
  it('replaces what it names, keeps entity, version and base, and sends it as another write', async () => {
    const { clock, replay, server } = await createReplayWorld();
    replay.isReady = false;
    const record = await replay.mutate('updateInspection', { id: 'i', title: 'B', notes: 'mine' });
    await replay.control.edit(record.id, { input: { id: 'somebody else', _version: 99, title: '', notes: undefined, passed: false } });
    const edited = replay.outbox.get(record.id) as MutationRecord;
    expect(inputOf(edited)).toEqual({ id: 'i', _version: 1, title: '', passed: false });
    expect(edited).toMatchObject({ entityId: 'i', base: { title: 'A', notes: 'n' }, mutationId: 2, attempts: 0, state: 'queued' });
    replay.isReady = true;
    replay.drain.wake();
    await clock.runAll();
    expect(server.row('i')?.values).toMatchObject({ title: '', passed: false, notes: 'n' });
  });

  it('brings a refused record back', async () => {
    const { clock, replay, server } = await createReplayWorld();
    server.refuse = (_field, input) => (input.title === 'bad' ? { rejected: 'RUDE' } : null);
    const record = await replay.mutate('updateInspection', { id: 'i', title: 'bad' });
    await clock.runAll();
    await replay.control.edit(record.id, { input: { title: 'good' } });
    await clock.runAll();
    expect(server.row('i')?.values.title).toBe('good');
    expect(waiting(replay)).toEqual([]);
  });

  it('waits for what it refers to now: a site that is still to be created', async () => {
    const { replay } = await createReplayWorld();
    replay.isReady = false;
    const site = await replay.mutate('createSite', { id: 's2', name: 's' });
    const record = await replay.mutate('createInspection', { id: 'n', title: 'n', siteId: 's1' });
    expect(record.reads).toEqual(['Site:s1']);
    await replay.control.edit(record.id, { input: { title: 'n', siteId: 's2' } });
    expect(replay.outbox.get(record.id)?.reads).toEqual(['Site:s2']);
    expect(replay.control.dependents(site.id).map(({ id }) => id)).toEqual([record.id]);
  });

  it('of a write that may have arrived never counts twice in silence: it ends in a conflict to choose from', async () => {
    const { clock, replay, server } = await createReplayWorld();
    replay.wire = (_request, answer) => {
      answer();
      return unreachable;
    };
    const record = await replay.mutate('updateInspection', { id: 'i', visits: 1 });
    await clock.settle();
    replay.wire = (_request, answer) => answer();
    await replay.control.edit(record.id, { input: { visits: 2 } });
    await clock.runAll();
    expect(server.row('i')?.values.visits).toBe(1);
    expect(replay.outbox.get(record.id)).toMatchObject({
      state: 'conflict',
      conflict: { conflictingFields: ['visits'], remote: { visits: 1 } },
    });
  });

  it('of a custom mutation whose answer was lost is not a second effect: the server says that it has it, and a person decides', async () => {
    for (const isArrived of [true, false]) {
      const { clock, replay, server } = await createReplayWorld();
      const tokens = () => server.effects.map(({ input }) => input.token);
      replay.wire = (_request, answer) => {
        if (isArrived) answer();
        return unreachable;
      };
      const record = await replay.mutate('addToken', { token: 'first' });
      await clock.settle();
      replay.wire = (_request, answer) => answer();
      await replay.control.edit(record.id, { input: { token: 'second' } });
      await clock.runAll();
      expect(keys(replay)).toEqual([1, 1]);
      expect(tokens()).toEqual(isArrived ? ['first'] : ['second']);
      if (!isArrived) continue;
      expect(replay.outbox.get(record.id)).toMatchObject({ state: 'dead', failure: { code: 'ALREADY_APPLIED' } });
      await replay.control.retry(record.id);
      await clock.runAll();
      expect(tokens()).toEqual(['first', 'second']);
      expect(waiting(replay)).toEqual([]);
    }
  });

  it('of a custom mutation replaces the variables that it has', async () => {
    const { replay } = await createReplayWorld();
    replay.isReady = false;
    const record = await replay.mutate('addToken', { token: 'a' });
    await replay.control.edit(record.id, { input: { token: 'b' }, stranger: 1 });
    expect(replay.outbox.get(record.id)).toMatchObject({ variables: { input: { token: 'b' } }, mutationId: 2 });
  });

  it('refuses what no mutation could set, and what is on its way', async () => {
    const { replay } = await createReplayWorld();
    replay.wire = () => new Promise(() => undefined);
    const record = await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await expect(replay.control.edit(record.id, { input: { title: 'C' } })).rejects.toMatchObject({
      code: 'INVALID_OPERATION',
      message: expect.stringContaining('being sent'),
    });
    replay.drain.abandon();
    replay.isReady = false;
    await Promise.resolve();
    for (const input of [{ titel: 'C' }, null, 'text'])
      await expect(replay.control.edit(record.id, { input })).rejects.toMatchObject({ code: 'INVALID_OPERATION', recordId: record.id });
    expect(inputOf(replay.outbox.get(record.id) as MutationRecord)).toMatchObject({ title: 'B' });
  });

  it('that cannot be stored leaves the record as it was, and says so', async () => {
    const { disk, replay } = await createReplayWorld();
    replay.isReady = false;
    const record = await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    disk.faults.failWrites = new OfflineError('STORAGE_FULL', 'no');
    await expect(replay.control.edit(record.id, { input: { title: 'C' } })).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    expect(replay.outbox.get(record.id)).toEqual(record);
  });
});

describe('discard', () => {
  it('takes what cannot stand without it, and tells everyone who waits; the last is never dropped in place of one not found', async () => {
    const { clock, disk, replay } = await createReplayWorld();
    replay.isReady = false;
    const create = await replay.mutate('createInspection', { id: 'n', title: 'n' });
    const edit = await replay.mutate('updateInspection', { id: 'n', title: 'm' });
    const other = await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await expect(replay.control.discard('nobody')).rejects.toMatchObject({ code: 'UNKNOWN_RECORD' });
    expect(await replay.control.discard(create.id)).toEqual({ discarded: [create.id, edit.id] });
    expect(replay.told.map(({ id, how }) => [id, (how as OfflineError).code])).toEqual([
      [edit.id, 'DISCARDED'],
      [create.id, 'DISCARDED'],
    ]);
    // The caller may wait in another tab.
    expect(replay.others).toEqual([edit.id, create.id]);
    expect(replay.outbox.records().map(({ id }) => id)).toEqual([other.id]);
    expect((await disk.entries('outbox/record/')).map(([key]) => key)).toEqual([`outbox/record/${other.id}`]);
    replay.isReady = true;
    replay.drain.wake();
    await clock.runAll();
    expect(replay.sent).toHaveLength(1);
  });

  it('that storage refuses half-way leaves nothing without its ground', async () => {
    const { disk, replay } = await createReplayWorld();
    replay.isReady = false;
    const create = await replay.mutate('createInspection', { id: 'n', title: 'n' });
    await replay.mutate('updateInspection', { id: 'n', title: 'm' });
    disk.failAt(disk.log.length + 2);
    await expect(replay.control.discard(create.id)).rejects.toThrow();
    expect(replay.outbox.records().map(({ id }) => id)).toEqual([create.id]);
    expect(replay.told).toHaveLength(1);
  });

  it('of what waits frees what waited for it', async () => {
    const { clock, replay, server } = await createReplayWorld();
    replay.isReady = false;
    const first = await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    await replay.mutate('updateInspection', { id: 'i', title: 'C' });
    replay.isReady = true;
    await replay.control.discard(first.id);
    await clock.runAll();
    expect(server.row('i')).toMatchObject({ version: 2, values: { title: 'C' } });
  });
});

describe('resolve', () => {
  it('local writes it over what the other has; remote drops it and shows what the server has', async () => {
    for (const take of ['local', 'remote'] as const) {
      const { clock, replay, server, id } = await parked();
      await replay.control.resolve(id, { take });
      await clock.runAll();
      expect(waiting(replay)).toEqual([]);
      expect(server.row('i')?.values).toMatchObject(take === 'local' ? { title: 'mine', visits: 1 } : { title: 'theirs', visits: 0 });
      expect(replay.screen.rows.get('i')).toMatchObject({ title: server.row('i')?.values.title });
      expect(keys(replay)).toEqual(take === 'local' ? [1, 2] : [1]);
    }
  });

  it('with values of one’s own', async () => {
    const { clock, replay, server, id } = await parked();
    await replay.control.resolve(id, { value: { title: 'both' } });
    await clock.runAll();
    expect(server.row('i')?.values).toMatchObject({ title: 'both', visits: 1 });
  });

  it('refuses what is no parked conflict, and what no mutation could set', async () => {
    const { replay, id } = await parked();
    await expect(replay.control.resolve(id, { value: { titel: 'x' } })).rejects.toMatchObject({ code: 'INVALID_OPERATION' });
    replay.isReady = false;
    const other = await replay.mutate('createInspection', { id: 'a' });
    await expect(replay.control.resolve(other.id, { take: 'local' })).rejects.toMatchObject({ code: 'INVALID_OPERATION' });
    expect(replay.outbox.get(id)?.state).toBe('conflict');
  });
});

describe('flush', () => {
  it('tries everything now and says what became of it', async () => {
    const { clock, replay, server } = await createReplayWorld();
    replay.wire = () => ({ kind: 'status', status: 503, retryAfter: '600' });
    await replay.mutate('updateInspection', { id: 'i', notes: 'mine' });
    await replay.mutate('createInspection', { id: 'bad', title: 'bad' });
    await replay.mutate('createInspection', { id: 'good', title: 'good' });
    await clock.settle();
    server.refuse = (_field, input) => (input.title === 'bad' ? { rejected: 'RUDE' } : null);
    server.edit('i', { notes: 'theirs' });
    replay.wire = (request, answer) => ((request.variables.input as { id: string }).id === 'late' ? unreachable : answer());
    const flushing = replay.control.flush();
    await replay.mutate('createInspection', { id: 'late', title: 'late' });
    await clock.settle();
    expect(await flushing).toEqual({ sent: 3, applied: 1, conflicts: 1, rejected: 1, remaining: 1 });
    expect(clock.elapsed()).toBe(0);
  });

  it('says at once what remains when nothing can be sent', async () => {
    const { replay } = await createReplayWorld();
    replay.isReady = false;
    await replay.mutate('updateInspection', { id: 'i', title: 'B' });
    expect(await replay.control.flush()).toEqual({ sent: 0, applied: 0, conflicts: 0, rejected: 0, remaining: 1 });
  });
});
