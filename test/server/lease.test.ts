import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { collectGarbage, type OfflineContext } from '../../server/index.ts';
import { createWorld, type Delivery, engines, type Options } from './world.ts';

const { stores, remove } = engines();
afterAll(remove);

const START = Date.parse('2026-01-01T00:00:00.000Z');
const RESULT = `__typename ... on Lease { typename id fencingToken expiresAt } ... on LeaseHeld { message holder isYours expiresAt } ... on MutationRejected { code message }`;
const WRITTEN = (kind: string) =>
  `__typename ... on ${kind}TodoPayload { todo { id note _version } } ... on TodoConflict { conflict: code message currentVersion conflictingFields server { id note } lease { holder isYours expiresAt message } } ... on MutationRejected { code message }`;

describe.each(stores)('leases on %s', (_name, open) => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  /** Two people, each with a client of their own, and a todo of everybody's. */
  const worldOf = async (options: Options = {}) => {
    let time = START;
    const pass = (ms: number): void => {
      time += ms;
    };
    const world = createWorld(open(), { now: () => time, ...options });
    closing.push(() => world.store.close());
    const ids = new Map<string, number>();
    const as = (user: string, client = `${user}-1`) => {
      const ask = async (field: string, args: string, selection: string): Promise<Record<string, unknown>> => {
        const query = `mutation { r: ${field}(${args}) ${selection} }`;
        const { data, errors } = await world.send(
          { query, extensions: { offline: { protocol: 1, clientId: client, ackedThrough: 0, mutations: {} } } },
          user,
        );
        expect(errors).toBeUndefined();
        return data?.r as Record<string, unknown>;
      };
      const write = async (kind: 'Create' | 'Update' | 'Delete', input: string, lease?: unknown, more: Delivery = {}) => {
        const id = (ids.get(client) ?? 0) + 1;
        ids.set(client, id);
        const query = `mutation { r: ${kind.toLowerCase()}Todo(input: { ${input} }) { ${WRITTEN(kind)} } }`;
        const answer = await world.deliver(
          query,
          { r: lease === undefined ? id : { id, lease: Number(lease) } },
          { user, client, ...more },
        );
        expect(answer.errors).toBeUndefined();
        return { outcome: answer.outcomes.r, ...(answer.data?.r as Record<string, unknown>) } as Record<string, unknown>;
      };
      return {
        acquire: (id = 't', ttlMs = 60_000, typename = 'Todo') =>
          ask('acquireLease', `typename: "${typename}", id: "${id}", ttlMs: ${ttlMs}`, `{ ${RESULT} }`),
        renew: (token: unknown, ttlMs = 60_000, id = 't') =>
          ask('renewLease', `typename: "Todo", id: "${id}", fencingToken: ${token}, ttlMs: ${ttlMs}`, `{ ${RESULT} }`),
        release: (token: unknown, id = 't') => ask('releaseLease', `typename: "Todo", id: "${id}", fencingToken: ${token}`, ''),
        create: (id: string, more = '') => write('Create', `id: "${id}", title: "x", tags: []${more}`),
        update: (version: number, note: string, lease?: unknown, id = 't') =>
          write('Update', `id: "${id}", _version: ${version}, note: "${note}"`, lease),
        delete: (version: number, lease?: unknown) => write('Delete', `id: "t", _version: ${version}`, lease),
      };
    };
    await as('ann').create('t');
    return { ...world, as, ann: as('ann'), bob: as('bob'), pass };
  };

  it('while one is held others get LEASE_HELD, with until when, and nothing is written', async () => {
    const { ann, bob, todo } = await worldOf();
    const lease = await ann.acquire();
    expect(lease).toMatchObject({ __typename: 'Lease', typename: 'Todo', id: 't', expiresAt: '2026-01-01T00:01:00.000Z' });
    const until = { holder: null, isYours: false, expiresAt: '2026-01-01T00:01:00.000Z' };
    expect(await bob.acquire()).toMatchObject({ __typename: 'LeaseHeld', ...until });
    const refused = {
      outcome: 'conflict',
      conflict: 'LEASE_HELD',
      currentVersion: 1,
      conflictingFields: [],
      server: { id: 't', note: null },
      lease: until,
    };
    expect(await bob.update(1, 'b')).toMatchObject(refused);
    expect(await bob.delete(1)).toMatchObject(refused);
    expect(await todo('t')).toMatchObject({ _version: 1, note: null });
    expect(await ann.update(1, 'a', lease.fencingToken)).toMatchObject({ outcome: 'applied', todo: { note: 'a', _version: 2 } });
    expect(await ann.delete(2, lease.fencingToken)).toMatchObject({ outcome: 'applied' });
  });

  it('has a whole number for a token, by whatever clock', async () => {
    const { ann } = await worldOf({ now: () => START + 0.7 });
    const { fencingToken } = await ann.acquire();
    expect(Number.isSafeInteger(fencingToken)).toBe(true);
    expect(await ann.update(1, 'a', fencingToken)).toMatchObject({ outcome: 'applied' });
  });

  it('goes to one of those who ask at the same time, and to nobody who writes meanwhile', async () => {
    const { ann, as } = await worldOf();
    const people = ['bob', 'cid', 'dan', 'eve'].map((user) => as(user));
    const [, ...asked] = await Promise.all([ann.update(1, 'a'), ...people.map((person) => person.acquire())]);
    expect(asked.map(({ __typename }) => __typename).sort()).toEqual(['Lease', 'LeaseHeld', 'LeaseHeld', 'LeaseHeld']);
    const held = asked.findIndex(({ __typename }) => __typename === 'Lease');
    const written = await Promise.all(people.map((person, index) => person.update(1, 'b', asked[index]?.fencingToken)));
    expect(written.map(({ conflict }, index) => (index === held && conflict !== 'LEASE_HELD' ? 'LEASED' : conflict))).toEqual(
      people.map((_, index) => (index === held ? 'LEASED' : 'LEASE_HELD')),
    );
  });

  it('is handed over when it is released: the next one has a larger token, and the old one is worth nothing', async () => {
    const { ann, bob } = await worldOf();
    const { fencingToken: first } = await ann.acquire();
    expect(await ann.release(first)).toBe(true);
    expect(await ann.release(first)).toBe(false);
    const { fencingToken: second } = await bob.acquire();
    expect(Number(second)).toBeGreaterThan(Number(first));
    expect(await bob.update(1, 'b', second)).toMatchObject({ outcome: 'applied' });
    expect(await ann.update(1, 'a', first)).toMatchObject({
      outcome: 'conflict',
      conflict: 'STALE_FENCING_TOKEN',
      currentVersion: 2,
      server: { note: 'b' },
      lease: { isYours: false },
    });
    await bob.release(second);
    expect(await ann.update(2, 'a', first)).toMatchObject({ conflict: 'LEASE_EXPIRED', lease: null });
    expect(await ann.update(2, 'a')).toMatchObject({ outcome: 'applied' });
  });

  it('expires by the clock of the server alone, and is renewed before that or never', async () => {
    const { ann, bob, pass } = await worldOf();
    const { fencingToken } = await ann.acquire();
    pass(59_999);
    expect(await ann.renew(fencingToken)).toMatchObject({ __typename: 'Lease', fencingToken, expiresAt: '2026-01-01T00:01:59.999Z' });
    pass(59_999);
    expect(await ann.update(1, 'a', fencingToken)).toMatchObject({ outcome: 'applied' });
    expect(await bob.acquire()).toMatchObject({ __typename: 'LeaseHeld' });
    pass(1);
    expect(await ann.update(2, 'b', fencingToken)).toMatchObject({ conflict: 'LEASE_EXPIRED', currentVersion: 2, lease: null });
    expect(await ann.renew(fencingToken)).toMatchObject({ __typename: 'MutationRejected', code: 'LEASE_EXPIRED' });
    expect(await bob.acquire()).toMatchObject({ __typename: 'Lease' });
    expect(await ann.renew(fencingToken)).toMatchObject({ __typename: 'LeaseHeld', isYours: false });
    expect(await ann.release(fencingToken)).toBe(false);
  });

  it('tokens grow also when the clock of the server is set back, and after a collection of garbage', async () => {
    const { ann, bob, pass, store } = await worldOf();
    const first = Number((await ann.acquire()).fencingToken);
    await ann.release(first);
    pass(-86_400_000);
    const second = Number((await bob.acquire()).fencingToken);
    pass(61_000);
    expect(await collectGarbage(store, { tombstonesOlderThanMs: 0, now: () => START })).toEqual({ tombstones: 0, leases: 1 });
    const third = Number((await ann.acquire()).fencingToken);
    expect([second > first, third > second]).toEqual([true, true]);
    expect(await ann.update(1, 'a', first)).toMatchObject({ conflict: 'STALE_FENCING_TOKEN' });
    expect(await bob.update(1, 'b', second)).toMatchObject({ conflict: 'STALE_FENCING_TOKEN' });
    expect(await ann.update(1, 'a', third)).toMatchObject({ outcome: 'applied' });
  });

  it('a restored backup gives out no token again', async () => {
    const { ann, pass } = await worldOf();
    const before = Number((await ann.acquire()).fencingToken);
    expect(before).toBeGreaterThanOrEqual(START);
    pass(5_000);
    expect(Number((await ann.acquire()).fencingToken)).toBeGreaterThanOrEqual(START + 5_000);
  });

  it('of the same user elsewhere is as good as of somebody else, and says so', async () => {
    const { ann, as } = await worldOf();
    await ann.acquire();
    const elsewhere = as('ann', 'ann-2');
    expect(await elsewhere.acquire()).toMatchObject({ __typename: 'LeaseHeld', isYours: true });
    expect(await elsewhere.update(1, 'b')).toMatchObject({ conflict: 'LEASE_HELD', lease: { isYours: true } });
    expect(await ann.update(1, 'made before the lease was there')).toMatchObject({ outcome: 'applied' });
  });

  it('whose client asks again gets a new one for it: an answer may be lost', async () => {
    const { ann } = await worldOf();
    const { fencingToken: first } = await ann.acquire();
    const { fencingToken: second } = await ann.acquire();
    expect(Number(second)).toBeGreaterThan(Number(first));
    expect(await ann.renew(first)).toMatchObject({ __typename: 'LeaseHeld', isYours: true });
    expect(await ann.update(1, 'a', first)).toMatchObject({ conflict: 'STALE_FENCING_TOKEN' });
    expect(await ann.update(1, 'a', second)).toMatchObject({ outcome: 'applied' });
  });

  it('of a client that is gone ends when its user says so', async () => {
    const { ann, as, deliver } = await worldOf();
    await ann.acquire();
    await deliver('mutation { signIn }', {}, { user: 'bob', retired: ['ann-1'] });
    expect(await as('ann', 'ann-2').acquire()).toMatchObject({ __typename: 'LeaseHeld' });
    await deliver('mutation { signIn }', {}, { user: 'ann', client: 'ann-2', retired: ['ann-1'] });
    expect(await as('ann', 'ann-2').acquire()).toMatchObject({ __typename: 'Lease' });
  });

  it('a mutation of several entities writes under the token of one, past no other lease', async () => {
    const { ann, bob, deliver, todo } = await worldOf({
      resolvers: {
        Mutation: {
          act: async (_root: unknown, _args: unknown, { offline }: OfflineContext) => {
            for (const id of ['t', 'u']) {
              const row = await offline.read.get('Todo', id);
              const written = await offline.write.update('Todo', { id, _version: row?._version, note: 'both' });
              if ('code' in written) throw new Error(String(written.code));
            }
            return { value: 1 };
          },
        },
      },
    });
    await ann.create('u');
    const { fencingToken: lease } = await ann.acquire();
    const act = (id: number) =>
      deliver('mutation { act(id: "t", how: "") { value } }', { act: { id, lease: Number(lease) } }, { client: 'x' });
    const theirs = await bob.acquire('u');
    expect((await act(1)).data?.act).toBeNull();
    expect(await todo('t')).toMatchObject({ note: null });
    await bob.release(theirs.fencingToken, 'u');
    expect((await act(2)).data?.act).toEqual({ value: 1 });
  });

  describe('somebody else', () => {
    it('gets past none with a token that is not theirs', async () => {
      const { ann, bob, todo } = await worldOf();
      await ann.create('u');
      const token = Number((await ann.acquire()).fencingToken);
      const own = Number((await bob.acquire('u')).fencingToken);
      for (const forged of [token, own, token + 1, token - 1, 0, Number.MAX_SAFE_INTEGER])
        expect(await bob.update(1, 'b', forged), String(forged)).toMatchObject({ outcome: 'conflict' });
      expect(await todo('t')).toMatchObject({ note: null });
      expect(await bob.renew(token)).toMatchObject({ __typename: 'LeaseHeld' });
      expect(await bob.release(token)).toBe(false);
      expect(await ann.update(1, 'a', token)).toMatchObject({ outcome: 'applied' });
    });

    it('with an expired token of another entity gets in nowhere', async () => {
      const { ann, bob, pass } = await worldOf();
      await ann.create('u');
      const { fencingToken } = await bob.acquire('u', 1_000);
      pass(1_000);
      expect(await bob.update(1, 'b', fencingToken)).toMatchObject({ conflict: 'LEASE_EXPIRED' });
    });

    it('cannot lock, nor tell from what never was, what they may not see; nor lock what they may not change', async () => {
      const { ann, bob } = await worldOf({
        authorize: ({ user, action, row }) => (row.mine === null || row.mine === user.id) && (user.id !== 'bob' || action !== 'update'),
      });
      await ann.create('anns', ', mine: "ann"');
      const { fencingToken } = await ann.acquire('anns');
      const told = async (id: string) =>
        JSON.stringify([
          await bob.acquire(id),
          await bob.renew(fencingToken, 60_000, id),
          await bob.release(fencingToken, id),
          await bob.update(1, 'x', fencingToken, id),
        ]).replaceAll(id, 'ID');
      expect(await told('anns')).toBe(await told('none'));
      expect(await bob.acquire('t')).toMatchObject({ __typename: 'MutationRejected', code: 'FORBIDDEN' });
      expect(await bob.acquire('t', 60_000, 'Nope')).toMatchObject({ code: 'BAD_USER_INPUT' });
      expect(await ann.renew(fencingToken, 60_000, 'anns')).toMatchObject({ __typename: 'Lease' });
    });

    it('is told the name of the holder as far as the application says', async () => {
      const { ann, bob } = await worldOf({
        leaseHolder: ({ user, holderId, row }) => (row.id === 't' && user.id === 'bob' ? `Dr ${holderId}` : null),
      });
      await ann.create('u');
      await ann.acquire('t');
      await ann.acquire('u');
      expect([(await bob.acquire('t')).holder, (await bob.acquire('u')).holder]).toEqual(['Dr ann', null]);
      expect(await bob.update(1, 'b')).toMatchObject({ lease: { holder: 'Dr ann', message: expect.stringContaining('Dr ann') } });
    });

    it('is stopped who would lock everything, or for ever', async () => {
      const { ann, bob, as, pass } = await worldOf({ limits: { leasesPerUser: 2, leaseMs: 5_000 } });
      for (const id of ['u', 'v']) await ann.create(id);
      expect(await bob.acquire('t', 2 ** 31 - 1)).toMatchObject({ expiresAt: '2026-01-01T00:00:05.000Z' });
      await bob.acquire('u');
      expect(await as('bob', 'another').acquire('v')).toMatchObject({ code: 'TOO_MANY_LEASES' });
      expect(await bob.acquire('u')).toMatchObject({ __typename: 'Lease' });
      pass(5_000);
      expect(await bob.acquire('v')).toMatchObject({ __typename: 'Lease' });
      for (const ttlMs of [0, -1, 999]) expect(await bob.acquire('v', ttlMs)).toMatchObject({ code: 'BAD_USER_INPUT' });
    });

    it('who is nobody gets none', async () => {
      const { send } = await worldOf();
      const { errors } = await send({ query: 'mutation { acquireLease(typename: "Todo", id: "t", ttlMs: 60000) { __typename } }' }, null);
      expect(errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    });

    it('whose right was withdrawn meanwhile renews no more', async () => {
      let allowed = true;
      const { ann } = await worldOf({ authorize: ({ action }) => action !== 'update' || allowed });
      const { fencingToken } = await ann.acquire();
      allowed = false;
      expect(await ann.renew(fencingToken)).toMatchObject({ code: 'FORBIDDEN' });
    });
  });

  it('of an entity that is gone there is none', async () => {
    const { ann } = await worldOf();
    expect(await ann.acquire('none')).toMatchObject({ __typename: 'MutationRejected', code: 'DELETED' });
    await ann.delete(1);
    expect(await ann.acquire()).toMatchObject({ __typename: 'MutationRejected', code: 'DELETED' });
  });

  it('is no matter of a client that knows nothing of this protocol: a user who asks twice waits for the first', async () => {
    const { send } = await worldOf();
    const ask = async () =>
      (await send({ query: `mutation { r: acquireLease(typename: "Todo", id: "t", ttlMs: 60000) { ${RESULT} } }` })).data?.r;
    expect(await ask()).toMatchObject({ __typename: 'Lease' });
    expect(await ask()).toMatchObject({ __typename: 'LeaseHeld', isYours: true });
  });
});
