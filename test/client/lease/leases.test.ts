import { gql } from '@apollo/client';
import { afterEach, describe, expect, it } from 'vitest';
import type { NetworkEntry, NetworkFault } from '../../harness/network.ts';
import type { Tab, World } from '../../harness/world.ts';
import { createWorld } from '../../harness/world.ts';

const UPDATE = gql`mutation UpdateTodo($input: UpdateTodoInput!) { updateTodo(input: $input) { ... on UpdateTodoPayload { todo { id title note } } } }`;
const TODO = gql`query One { todo(id: "t") { id title note done votes _version } }`;
const MINUTE = 60_000;

/** What happens to mutations, and to nothing else. */
const ofUpdates =
  (fault: NetworkFault) =>
  ({ body }: NetworkEntry): NetworkFault | null =>
    (body as { readonly operationName?: string } | null)?.operationName === 'UpdateTodo' ? fault : null;

describe.each(['union', 'errors'] as const)('a lease, where conflicts are %s', (conflicts) => {
  const closing: World[] = [];
  afterEach(async () => {
    for (const world of closing.splice(0)) await world.close();
  });

  /** Ann and Bob, each with a device, both looking at the same todo. */
  const scene = async (options: Parameters<typeof createWorld>[0] = {}) => {
    const world = await createWorld({ conflicts, server: { leaseHolder: ({ holderId }) => `Dr ${holderId}` }, ...options });
    closing.push(world);
    await world.query('mutation { createTodo(input: { id: "t", title: "a", done: false, tags: [], votes: 0 }) { __typename } }');
    const [annDevice, bobDevice] = [world.device('ann'), world.device('bob')];
    const [ann, bob] = [await annDevice.open(), await bobDevice.open()];
    for (const { client } of [ann, bob]) await client.query({ query: TODO });
    const at = async () =>
      (await world.query<{ todo: { note: string | null; title: string; _version: number } }>('{ todo(id: "t") { title note _version } }'))
        .todo;
    return { world, annDevice, bobDevice, ann, bob, at, ...world };
  };
  const write = (tab: Tab, fields: object) => tab.offline.mutate({ mutation: UPDATE, variables: { input: { id: 't', ...fields } } });
  const records = (tab: Tab) => tab.offline.outbox.records().map(({ state }) => state);
  const codes = (tab: Tab) => tab.events.map(({ code }) => code);

  it('shuts others out, who are told who and until when; what is written under it arrives', async () => {
    const { ann, bob, bobDevice, at, clock } = await scene();
    const lease = await ann.offline.lease('Todo', 't', { ttlMs: MINUTE });
    const refused = {
      code: 'LEASE_HELD',
      lease: { holder: 'Dr ann', isYours: false, expiresAt: new Date(clock.now() + MINUTE).toISOString() },
    };
    await expect(bob.offline.lease('Todo', 't')).rejects.toMatchObject(refused);
    await write(bob, { note: 'b' });
    await write(ann, { note: 'a' });
    await clock.settle();
    expect(await at()).toMatchObject({ note: 'a', _version: 2 });
    expect(bob.offline.conflicts.records()).toMatchObject([
      { code: 'LEASE_HELD', local: { note: 'b' }, base: { note: null }, lease: refused.lease },
    ]);
    expect(bobDevice.network.operations('UpdateTodo')).toHaveLength(1);
    expect(records(ann)).toEqual([]);
    expect(lease.lost.aborted).toBe(false);
  });

  it('that is released goes to the next one, and a person can send what was parked', async () => {
    const { ann, bob, at, clock } = await scene();
    const first = await ann.offline.lease('Todo', 't');
    await write(bob, { note: 'b' });
    await clock.settle();
    await first.release();
    await first.release();
    const second = await bob.offline.lease('Todo', 't');
    expect(second.fencingToken).toBeGreaterThan(first.fencingToken);
    const [parked] = bob.offline.conflicts.records();
    await bob.offline.conflicts.resolve(parked?.id ?? '', { take: 'local' });
    await clock.settle();
    expect(await at()).toMatchObject({ note: 'b' });
  });

  it('is renewed by itself for as long as it is held, and no longer', async () => {
    const { ann, bob, clock, annDevice } = await scene();
    const lease = await ann.offline.lease('Todo', 't', { ttlMs: MINUTE });
    await clock.advance(10 * MINUTE);
    await expect(bob.offline.lease('Todo', 't')).rejects.toMatchObject({ code: 'LEASE_HELD' });
    expect(lease.expiresAt).toBeGreaterThan(clock.now());
    expect(lease.lost.aborted).toBe(false);
    const renewals = annDevice.network.operations('RenewLease').length;
    expect(renewals).toBeGreaterThanOrEqual(20);
    await lease.release();
    await clock.advance(10 * MINUTE);
    expect(annDevice.network.operations('RenewLease')).toHaveLength(renewals);
  });

  it('outlives lost renewals as long as one of them arrives in time', async () => {
    const { ann, annDevice, clock } = await scene();
    const lease = await ann.offline.lease('Todo', 't', { ttlMs: MINUTE });
    annDevice.network.next({ kind: 'dropRequest' }, { kind: 'dropResponse' }, { kind: 'status', status: 503 });
    await clock.advance(2 * MINUTE);
    expect(lease.lost.aborted).toBe(false);
  });

  it('without a network is refused with a clear error; one that is held is lost when its time is over, and says so', async () => {
    const { ann, bob, annDevice, clock } = await scene();
    const lease = await ann.offline.lease('Todo', 't', { ttlMs: MINUTE });
    annDevice.setOnline(false);
    await expect(ann.offline.lease('Todo', 'u')).rejects.toMatchObject({ code: 'OFFLINE' });
    await clock.advance(MINUTE - 1);
    expect(lease.lost.aborted).toBe(false);
    await clock.advance(1);
    expect(lease.lost.aborted).toBe(true);
    expect(lease.lost.reason).toMatchObject({ code: 'LEASE_LOST' });
    expect(ann.events.filter(({ code }) => code === 'LEASE_LOST')).toMatchObject([{ key: 'Todo:t' }]);
    expect(await bob.offline.lease('Todo', 't')).toMatchObject({ id: 't' });
    await lease.release();
  });

  it('an answer that does not come is none', async () => {
    const { ann, annDevice, clock } = await scene();
    annDevice.network.next({ kind: 'delay', requestMs: 10 * MINUTE });
    const asked = ann.offline.lease('Todo', 't', { ttlMs: MINUTE }).catch((error: unknown) => error);
    await clock.advance(MINUTE);
    expect(await asked).toMatchObject({ code: 'OFFLINE' });
    // The lost answer of this client does not lock it out.
    annDevice.network.next({ kind: 'dropResponse' });
    await expect(ann.offline.lease('Todo', 't')).rejects.toMatchObject({ code: 'OFFLINE' });
    await clock.advance(30_000);
    expect(await ann.offline.lease('Todo', 't')).toMatchObject({ id: 't' });
  });

  describe('that is over when a queued write arrives', () => {
    const lateWrite = async (meanwhile: (s: Awaited<ReturnType<typeof scene>>) => Promise<unknown>) => {
      const s = await scene();
      await s.ann.offline.lease('Todo', 't', { ttlMs: MINUTE });
      s.annDevice.setOnline(false);
      await write(s.ann, { note: 'under the lease' });
      await s.clock.advance(2 * MINUTE);
      await meanwhile(s);
      s.annDevice.setOnline(true);
      await s.clock.advance(MINUTE);
      return s;
    };

    it('sends it on where nobody came in between', async () => {
      const { ann, at, annDevice } = await lateWrite(async () => undefined);
      expect(await at()).toMatchObject({ note: 'under the lease', _version: 2 });
      expect(records(ann)).toEqual([]);
      const sent = annDevice.network
        .operations('UpdateTodo')
        .map(({ body }) => (body as { extensions: { offline: { mutations: object } } }).extensions.offline.mutations);
      expect(sent).toEqual([
        { updateTodo: expect.objectContaining({ id: 1, lease: expect.any(Number) }) },
        { updateTodo: expect.not.objectContaining({ lease: expect.anything() }) },
      ]);
    });

    it('leaves it to a person where somebody did, also in another field', async () => {
      const { ann, at, clock } = await lateWrite(async ({ bob, clock: time }) => {
        const lease = await bob.offline.lease('Todo', 't');
        await write(bob, { title: 'b' });
        await time.settle();
        await lease.release();
      });
      expect(await at()).toMatchObject({ title: 'b', note: null });
      const [conflict] = ann.offline.conflicts.records();
      expect(conflict).toMatchObject({ code: 'LEASE_EXPIRED', local: { note: 'under the lease' }, remote: { title: 'b' } });
      await ann.offline.conflicts.resolve(conflict?.id ?? '', { take: 'local' });
      await clock.settle();
      expect(await at()).toMatchObject({ title: 'b', note: 'under the lease' });
    });

    it('leaves it to a person while somebody else holds one', async () => {
      const { ann, at } = await lateWrite(({ bob }) => bob.offline.lease('Todo', 't'));
      expect(await at()).toMatchObject({ note: null });
      expect(ann.offline.conflicts.records()).toMatchObject([{ code: 'LEASE_HELD', local: { note: 'under the lease' } }]);
    });
  });

  it('asked for twice on one page is one, released with the last of them', async () => {
    const { ann, bob, annDevice } = await scene();
    const [a, b] = await Promise.all([ann.offline.lease('Todo', 't'), ann.offline.lease('Todo', 't')]);
    expect(a?.fencingToken).toBe(b?.fencingToken);
    expect(annDevice.network.operations('AcquireLease')).toHaveLength(1);
    await a?.release();
    await expect(bob.offline.lease('Todo', 't')).rejects.toMatchObject({ code: 'LEASE_HELD' });
    await b?.release();
    expect(await bob.offline.lease('Todo', 't')).toMatchObject({ id: 't' });
  });

  it('is released after what was written under it, also when that is called first', async () => {
    const { ann, bob, annDevice, at, clock } = await scene();
    const lease = await ann.offline.lease('Todo', 't');
    annDevice.network.faultOf = ofUpdates({ kind: 'delay', requestMs: 5_000 });
    await write(ann, { note: 'a' });
    const released = lease.release();
    await clock.advance(4_000);
    await expect(bob.offline.lease('Todo', 't')).rejects.toMatchObject({ code: 'LEASE_HELD' });
    await clock.advance(2_000);
    await released;
    expect(await at()).toMatchObject({ note: 'a', _version: 2 });
    expect(annDevice.network.operations('UpdateTodo')).toHaveLength(1);
    expect(await bob.offline.lease('Todo', 't')).toMatchObject({ id: 't' });
  });

  it('is given back when the page is left, or the offline layer disposed of', async () => {
    const { ann, bob, clock } = await scene();
    const lease = await ann.offline.lease('Todo', 't');
    ann.lifecycle.emit('hide');
    await clock.settle();
    expect(lease.lost.aborted).toBe(false);
    ann.lifecycle.emit('leave');
    await clock.settle();
    expect(lease.lost.reason).toMatchObject({ code: 'LEASE_LOST' });
    const next = await bob.offline.lease('Todo', 't');
    await bob.offline.dispose();
    expect(next.lost.reason).toMatchObject({ code: 'DISPOSED' });
    await next.release();
    await clock.settle();
    expect(await ann.offline.lease('Todo', 't')).toMatchObject({ id: 't' });
  });

  it('is kept when the page is left while a write under it waits: the next page sends it in time', async () => {
    const { ann, bob, annDevice, at, clock } = await scene();
    await ann.offline.lease('Todo', 't', { ttlMs: MINUTE });
    annDevice.network.faultOf = ofUpdates({ kind: 'dropRequest' });
    await write(ann, { note: 'a' });
    await clock.settle();
    ann.lifecycle.emit('leave');
    await ann.close();
    annDevice.network.faultOf = null;
    await expect(bob.offline.lease('Todo', 't')).rejects.toMatchObject({ code: 'LEASE_HELD' });
    await annDevice.open();
    await clock.advance(5_000);
    expect(await at()).toMatchObject({ note: 'a' });
    expect(annDevice.network.operations('UpdateTodo').filter(({ reached }) => reached)).toHaveLength(1);
  });

  it('of a tab that crashed is free for the next tab of the same device', async () => {
    const { ann, annDevice, clock } = await scene();
    await write(ann, { note: 'a' });
    await clock.settle();
    await ann.offline.lease('Todo', 't', { ttlMs: 10 * MINUTE });
    ann.crash();
    const again = await annDevice.open();
    await clock.advance(1_000);
    expect(await again.offline.lease('Todo', 't')).toMatchObject({ id: 't' });
  });

  it('is no better for a clock that is wrong: the server alone says when it is over', async () => {
    const { ann, bob, annDevice, at, clock } = await scene({ server: {} });
    const lease = await ann.offline.lease('Todo', 't', { ttlMs: MINUTE });
    annDevice.setOnline(false);
    await clock.advance(2 * MINUTE);
    expect(lease.lost.aborted).toBe(true);
    await bob.offline.lease('Todo', 't');
    await write(ann, { note: 'without' });
    annDevice.setOnline(true);
    await clock.advance(MINUTE);
    expect(await at()).toMatchObject({ note: null });
    expect(codes(ann)).toContain('LEASE_LOST');
  });

  it('the server refuses is LEASE_REFUSED with the reason; arguments that are none are INVALID_OPTION', async () => {
    const { ann } = await scene();
    await expect(ann.offline.lease('Todo', 'none')).rejects.toMatchObject({
      code: 'LEASE_REFUSED',
      message: expect.stringContaining('DELETED'),
    });
    await expect(ann.offline.lease('Nope', 't')).rejects.toMatchObject({
      code: 'LEASE_REFUSED',
      message: expect.stringContaining('typename'),
    });
    for (const [typename, id, ttlMs] of [
      ['', 't', MINUTE],
      ['Todo', '', MINUTE],
      ['Todo', 't', 999],
      ['Todo', 't', 1.5e3 + 0.5],
      ['Todo', 't', 2 ** 40],
    ] as const)
      await expect(ann.offline.lease(typename, id, { ttlMs })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('lasts no longer than the server gives', async () => {
    const { ann, annDevice, clock } = await scene({ server: { limits: { leaseMs: 5_000 } } });
    const lease = await ann.offline.lease('Todo', 't', { ttlMs: 10 * MINUTE });
    expect(lease.expiresAt).toBe(clock.now() + 5_000);
    await clock.advance(20_000);
    expect(lease.lost.aborted).toBe(false);
    annDevice.setOnline(false);
    await clock.advance(5_000);
    expect(lease.lost.aborted).toBe(true);
  });

  it('of a person who signs out is given back', async () => {
    const { ann, bob, clock } = await scene();
    await ann.offline.lease('Todo', 't');
    await ann.offline.signOut({ pending: 'flush' });
    await clock.settle();
    expect(await bob.offline.lease('Todo', 't')).toMatchObject({ id: 't' });
  });
});
