import { gql } from '@apollo/client';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { OfflineError } from '../../client/errors.ts';
import { createWorld, type Tab, type World } from '../harness/world.ts';

const CREATE = gql`mutation CreateTodo($input: CreateTodoInput!) { createTodo(input: $input) { ... on CreateTodoPayload { todo { id title } } } }`;
const UPDATE = gql`mutation UpdateTodo($input: UpdateTodoInput!) { updateTodo(input: $input) { ... on UpdateTodoPayload { todo { id title done votes } } } }`;
const DELETE = gql`mutation DeleteTodo($input: DeleteTodoInput!) { deleteTodo(input: $input) { ... on DeleteTodoPayload { todo { id } } } }`;
const RENAME = gql`mutation UpdateTodo($input: UpdateTodoInput!) { updateTodo(input: $input) { ... on UpdateTodoPayload { item: todo { id name: title } } } }`;
const TODOS = gql`query Todos { todos(orderBy: [{ field: id }]) { nodes { id title done note tags votes list { id } _version } } }`;
const SHOWN = gql`query Todos { todos(orderBy: [{ field: id }]) { nodes { id title done note votes list { id } } } }`;
const ALL = 'query { todos(orderBy: [{ field: id }]) { nodes { id title done note tags votes list { id } } } }';

interface Todo {
  readonly id: string;
  readonly title: string;
  readonly done: boolean;
  readonly note: string | null;
  readonly tags: readonly string[];
  readonly votes: number;
}

let world: World;
afterEach(() => world.close());

const fresh = (id: string) => ({ id, title: id, done: false, tags: ['a', 'b'], votes: 1 });
const stored = async (of = world) => (await of.query<{ todos: { nodes: readonly Todo[] } }>(ALL)).todos.nodes;
const shown = ({ cache }: Tab, id: string): Todo | undefined =>
  (cache.readQuery({ query: TODOS }, true) as { todos: { nodes: readonly Todo[] } }).todos.nodes.find((todo) => todo.id === id);

/** A device that has fetched the todo `i` and then lost its network. */
async function away(options: Parameters<ReturnType<World['device']>['open']>[0] = {}) {
  world = await createWorld();
  const device = world.device('ada');
  const tab = await device.open({ compact: true, ...options });
  await tab.client.mutate({ mutation: CREATE, variables: { input: fresh('i') } });
  await tab.client.query({ query: TODOS });
  device.setOnline(false);
  const enqueue = (mutation: typeof UPDATE, input: object, offline = {}) =>
    tab.offline.mutate<Record<string, unknown>, Record<string, unknown>>({ mutation, variables: { input }, context: { offline } });
  const edit = (input: object, offline = {}) => enqueue(UPDATE, { id: 'i', ...input }, offline);
  const send = async () => {
    device.setOnline(true);
    await world.clock.advance(60_000);
    device.setOnline(false);
  };
  const waiting = () => tab.offline.outbox.records().map(({ operationName, variables }) => [operationName, variables.input]);
  return { device, tab, enqueue, edit, send, waiting };
}

describe('compaction', () => {
  it('sends an hour of typing as one write, and tells everybody who waits', async () => {
    const { tab, edit, send, waiting } = await away();
    const tickets = [
      await edit({ title: 'o' }),
      await edit({ title: 'on', votes: 4 }),
      await edit({ done: true, votes: 3, tags: ['a', 'c'] }),
    ];
    expect(waiting()).toEqual([['UpdateTodo', { id: 'i', _version: 1, title: 'on', votes: 3, done: true, tags: ['a', 'c'] }]]);
    expect(shown(tab, 'i')).toMatchObject({ title: 'on', votes: 3, done: true });
    expect(new Set(tickets.map(({ id }) => id)).size).toBe(1);
    await world.query('mutation { updateTodo(input: { id: "i", _version: 1, votes: 11, tags: ["a", "b", "x"] }) { __typename } }');
    await send();
    expect(await stored()).toMatchObject([{ title: 'on', done: true, votes: 13, tags: ['a', 'x', 'c'] }]);
    for (const { settled } of tickets)
      expect((await settled).data).toMatchObject({ updateTodo: { todo: { id: 'i', title: 'on', done: true, votes: 13 } } });
  });

  it('puts updates into the create that they wait for, and both callers get what they asked for', async () => {
    const { enqueue, send, waiting } = await away();
    const created = await enqueue(CREATE, fresh('n'));
    const updated = await enqueue(UPDATE, { id: 'n', title: 'N', votes: 5, note: 'x' });
    expect(waiting()).toEqual([['CreateTodo', { ...fresh('n'), title: 'N', votes: 5, note: 'x' }]]);
    await send();
    expect((await stored())[1]).toMatchObject({ id: 'n', title: 'N', votes: 5, note: 'x' });
    expect((await created.settled).data).toMatchObject({ createTodo: { __typename: 'CreateTodoPayload', todo: { title: 'N' } } });
    expect((await updated.settled).data).toMatchObject({ updateTodo: { __typename: 'UpdateTodoPayload', todo: { title: 'N', votes: 5 } } });
  });

  it('does not send an update of what is deleted next', async () => {
    const { edit, enqueue, send, waiting } = await away();
    const edited = await edit({ title: 'x' });
    const deleted = await enqueue(DELETE, { id: 'i' });
    expect(waiting()).toEqual([['DeleteTodo', { id: 'i', _version: 1 }]]);
    await send();
    expect(await stored()).toEqual([]);
    expect((await deleted.settled).data).toMatchObject({ deleteTodo: { todo: { id: 'i' } } });
    expect((await edited.settled).data).toMatchObject({ updateTodo: { __typename: 'UpdateTodoPayload', todo: { id: 'i' } } });
  });

  it('sends nothing of what was deleted before it was sent, and both callers hear how it ended', async () => {
    const { device, tab, enqueue, send, waiting } = await away();
    const pull = async () => {
      device.setOnline(true);
      await world.clock.advance(1_000);
      await tab.offline.sync.pull();
    };
    await pull();
    device.setOnline(false);
    const sent: unknown[] = [];
    device.network.faultOf = ({ body }) => {
      if (String((body as { query?: string } | null)?.query).includes('mutation')) sent.push(body);
      return null;
    };
    const made = await enqueue(CREATE, { title: 'n', done: false, tags: [], votes: 0 });
    const id = made.entityIds.createTodo ?? '';
    const edited = await enqueue(UPDATE, { id, title: 'N' });
    const gone = await enqueue(DELETE, { id });
    expect(waiting()).toEqual([]);
    expect(shown(tab, id)).toBeUndefined();
    const todo = { id, title: 'N', _version: 0, _deleted: true };
    expect((await made.settled).data).toMatchObject({ createTodo: { __typename: 'CreateTodoPayload', todo } });
    expect((await edited.settled).data).toMatchObject({ updateTodo: { __typename: 'UpdateTodoPayload', todo } });
    expect((await gone.settled).data).toMatchObject({ deleteTodo: { __typename: 'DeleteTodoPayload', todo } });
    await send();
    await pull();
    expect(sent).toEqual([]);
    expect(await stored()).toHaveLength(1);
    // Nobody misses it at the server.
    expect(tab.events).toEqual([]);
  });

  it.each([
    ['whose id somebody else may have chosen', 'n'],
    ['whose id says what it stands for', '74738ff5-5367-5958-9aee-98fffdcd1876'],
  ])('asks the server about a new entity %s', async (_what, id) => {
    const { enqueue, send, waiting } = await away();
    const made = await enqueue(CREATE, fresh(id));
    const gone = await enqueue(DELETE, { id });
    expect(waiting()).toHaveLength(2);
    await send();
    expect((await made.settled).data).toMatchObject({ createTodo: { todo: { id } } });
    expect((await gone.settled).data).toMatchObject({ deleteTodo: { todo: { id } } });
    expect(await stored()).toHaveLength(1);
  });

  it('keeps the create when it cannot be taken out of storage', async () => {
    const { tab, enqueue, send, waiting } = await away();
    const { entityIds } = await enqueue(CREATE, { title: 'n', done: false, tags: [], votes: 0 });
    const id = entityIds.createTodo ?? '';
    tab.disks.outbox.failAt(tab.disks.outbox.log.length + 1, new OfflineError('STORAGE_UNAVAILABLE', 'broken'));
    await expect(enqueue(DELETE, { id })).rejects.toMatchObject({ code: 'NOT_DURABLE' });
    expect(waiting()).toHaveLength(1);
    expect(shown(tab, id)).toMatchObject({ title: 'n' });
    await send();
    expect(await stored()).toHaveLength(2);
  });

  it.each<[string, (at: Awaited<ReturnType<typeof away>>) => Promise<unknown>]>([
    ['taken back', ({ edit }) => edit({ title: 'i' })],
    ['a label taken back', async ({ edit }) => edit({ tags: ['a', 'b'] })],
    ['under a deadline', ({ edit }) => edit({ done: true }, { expiresAfterMs: 1_000 })],
    ['in an ordering', ({ edit }) => edit({ done: true }, { orderingKey: 'k' })],
    ['more urgent', ({ edit }) => edit({ done: true }, { priority: 'high' })],
    ['asked for by another document', ({ enqueue }) => enqueue(RENAME, { id: 'i', done: true })],
    ['of another version', ({ edit }) => edit({ done: true, _version: 7 })],
    [
      'behind one that refers to it',
      async ({ edit, enqueue }) => {
        await enqueue(CREATE, fresh('n'), { dependsOn: ['Todo:i'] });
        return edit({ done: true });
      },
    ],
  ])('leaves alone what is %s', async (_what, next) => {
    const at = await away();
    await at.edit({ title: 'x', tags: ['a', 'b', 'c'] });
    const before = at.waiting()[0];
    await next(at);
    expect(at.waiting().length).toBeGreaterThan(1);
    expect(at.waiting()[0]).toEqual(before);
  });

  it('never takes anything into what may be at the server', async () => {
    const { device, tab, edit, send } = await away();
    device.network.faultOf = () => ({ kind: 'dropResponse' });
    await edit({ votes: 2 });
    device.setOnline(true);
    await world.clock.advance(100);
    await edit({ votes: 3 });
    expect(tab.offline.outbox.records()).toHaveLength(2);
    device.network.faultOf = () => null;
    await world.clock.advance(60_000);
    await send();
    expect(await stored()).toMatchObject([{ votes: 3 }]);
  });

  it('leaves each mutation to itself where the application says so, or does something with each', async () => {
    const off = await away({ compact: false });
    await off.edit({ title: 'x' });
    await off.edit({ title: 'y' });
    expect(off.waiting()).toHaveLength(2);
    await world.close();
    const special = await away({ mutations: { UpdateTodo: { update: () => undefined } } });
    await special.edit({ title: 'x' });
    await special.edit({ title: 'y' });
    expect(special.waiting()).toHaveLength(2);
  });

  it('fails everybody who waits when the one write is discarded', async () => {
    const { tab, edit } = await away();
    const tickets = [await edit({ title: 'x' }), await edit({ title: 'y' })];
    await tab.offline.outbox.discard(tickets[1]?.id ?? '');
    for (const { settled } of tickets) await expect(settled).rejects.toMatchObject({ code: 'DISCARDED' });
    expect(shown(tab, 'i')).toMatchObject({ title: 'i' });
  });

  it('keeps the first when the second cannot be stored', async () => {
    const { tab, edit, send, waiting } = await away();
    const first = await edit({ title: 'x' });
    tab.disks.outbox.failAt(tab.disks.outbox.log.length + 1, new OfflineError('STORAGE_UNAVAILABLE', 'broken'));
    await expect(edit({ title: 'y' })).rejects.toMatchObject({ code: 'NOT_DURABLE' });
    expect(waiting()).toEqual([['UpdateTodo', { id: 'i', _version: 1, title: 'x' }]]);
    await send();
    expect((await first.settled).data).toMatchObject({ updateTodo: { todo: { title: 'x' } } });
  });

  it.each(['before', 'after'] as const)('has the first or both after a crash %s the write', async (when) => {
    const { device, tab, edit } = await away();
    await edit({ votes: 2 });
    tab.disks.outbox.crashAt(tab.disks.outbox.log.length + 1, when);
    void edit({ votes: 5 });
    await tab.disks.outbox.crashed;
    tab.crash();
    const next = await device.open({ compact: true });
    expect(next.offline.outbox.records()).toHaveLength(1);
    device.setOnline(true);
    await world.clock.advance(60_000);
    expect(await stored()).toMatchObject([{ votes: when === 'before' ? 2 : 5 }]);
  });

  it('settles in the tab that waits when another tab sends', async () => {
    const { device, tab, edit } = await away();
    const other = await device.open({ compact: true });
    const tickets = [await edit({ title: 'x' }), await edit({ title: 'y' })];
    expect(tickets[0]?.id).toBe(tickets[1]?.id);
    tab.lifecycle.emit('freeze');
    await world.clock.advance(1_000);
    device.setOnline(true);
    await world.clock.advance(60_000);
    expect(other.offline.outbox.records()).toEqual([]);
    tab.lifecycle.emit('resume');
    await world.clock.advance(60_000);
    for (const { settled } of tickets) expect((await settled).data).toMatchObject({ updateTodo: { todo: { title: 'y' } } });
  });

  it('does as much for the tabs that do not send, and tells them', async () => {
    const { device, tab, send } = await away();
    const other = await device.open({ compact: true });
    device.setOnline(true);
    await world.clock.advance(10_000);
    await other.client.query({ query: TODOS });
    device.setOnline(false);
    const inOther = (mutation: typeof UPDATE, input: object) =>
      other.offline.mutate<Record<string, unknown>, Record<string, unknown>>({ mutation, variables: { input } });
    const edits = [await inOther(UPDATE, { id: 'i', votes: 4 }), await inOther(UPDATE, { id: 'i', title: 'y', votes: 2 })];
    const made = await inOther(CREATE, { title: 'n', done: false, tags: [], votes: 0 });
    const id = made.entityIds.createTodo ?? '';
    const gone = await inOther(DELETE, { id });
    await world.clock.advance(1_000);
    for (const { offline } of [tab, other])
      expect(offline.outbox.records().map(({ variables }) => variables.input)).toEqual([{ id: 'i', _version: 1, title: 'y', votes: 2 }]);
    for (const each of [tab, other]) expect([shown(each, 'i'), shown(each, id)]).toMatchObject([{ title: 'y', votes: 2 }, undefined]);
    expect((await made.settled).data).toMatchObject({ createTodo: { todo: { id, _deleted: true } } });
    expect((await gone.settled).data).toMatchObject({ deleteTodo: { __typename: 'DeleteTodoPayload', todo: { id } } });
    await world.query('mutation { updateTodo(input: { id: "i", _version: 1, votes: 11 }) { __typename } }');
    await send();
    expect(await stored()).toMatchObject([{ id: 'i', title: 'y', votes: 12 }]);
    for (const { settled } of edits) expect((await settled).data).toMatchObject({ updateTodo: { todo: { title: 'y', votes: 12 } } });
  });

  it('makes one of what was made in one breath', async () => {
    const { tab, edit, waiting } = await away();
    const before = tab.disks.outbox.log.length;
    const tickets = await Promise.all(['a', 'b', 'c', 'd'].map((title) => edit({ title })));
    await world.clock.advance(1_000);
    expect(waiting()).toEqual([['UpdateTodo', { id: 'i', _version: 1, title: 'd' }]]);
    expect(tab.disks.outbox.log.length - before).toBeLessThan(12);
    await tab.offline.outbox.discard(tickets[0]?.id ?? '');
    for (const { settled } of tickets) await expect(settled).rejects.toMatchObject({ code: 'DISCARDED' });
  });

  it('comes to the same after a crash in the middle of that', async () => {
    for (let step = 1; step < 12; step++) {
      const { device, tab, edit } = await away();
      tab.disks.outbox.crashAt(tab.disks.outbox.log.length + step, 'after');
      const done = Promise.all([2, 5, 9].map((votes) => edit({ votes })));
      await Promise.race([done.then(() => world.clock.advance(1_000)), tab.disks.outbox.crashed]);
      tab.crash();
      await device.open({ compact: true });
      device.setOnline(true);
      await world.clock.advance(60_000);
      const [{ votes = 0 } = {}] = await stored();
      expect([1, 2, 5, 9], `after write ${step}`).toContain(votes);
      if (step > 4) expect(votes, `after write ${step}`).toBe(9);
      const next = await device.open({ compact: true });
      expect(next.offline.outbox.records()).toEqual([]);
      expect((await next.disks.outbox.entries('')).filter(([key]) => key.includes('record/'))).toEqual([]);
      await world.close();
    }
    world = await createWorld();
  });

  it('never takes anything into what another tab may have sent', async () => {
    const { device, tab } = await away();
    const next = await device.open({ compact: true });
    const edit = (votes: number) => next.offline.mutate({ mutation: UPDATE, variables: { input: { id: 'i', votes } } });
    await edit(2);
    tab.crash();
    await world.clock.advance(1_000);
    await edit(3);
    await edit(7);
    expect(next.offline.outbox.records().map(({ variables }) => variables.input)).toMatchObject([{ votes: 2 }, { votes: 7 }]);
  });

  it('lets the server forget what is settled (I16)', async () => {
    const { device, edit, send } = await away();
    await edit({ title: 'x' });
    await edit({ title: 'y' });
    await send();
    await edit({ title: 'z' });
    await send();
    const acked: number[] = [];
    device.network.faultOf = ({ body }) => {
      const offline = (body as { extensions?: { offline?: { ackedThrough: number } } } | null)?.extensions?.offline;
      if (offline) acked.push(offline.ackedThrough);
      return null;
    };
    await edit({ title: 'u' });
    await send();
    expect(acked).toEqual([4]);
  });
});

/** What people do to three entities: some there before, some not. */
type Deed =
  | { readonly do: 'create' | 'delete'; readonly id: string }
  | { readonly do: 'edit'; readonly id: string; readonly by: Partial<Record<'title' | 'done' | 'note' | 'votes' | 'tags', number>> };

/** Made by chance, as ids are: what is deleted before it was sent is never sent. */
const NEW = '0198c0de-0000-7000-8000-00000000000n'.replace('n', '1');
const id = fc.constantFrom('i', 'j', NEW);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('create' as const, 'delete' as const), id }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      id,
      by: fc.record(
        { title: fc.nat(3), done: fc.nat(1), note: fc.nat(2), votes: fc.integer({ min: -3, max: 3 }), tags: fc.nat(4) },
        { requiredKeys: [] },
      ),
    }),
  },
);
/** Somebody else's, meanwhile: what has a rule of its own, and for some a plain field that asks for a person. */
const others = fc.array(fc.record({ id: fc.constantFrom('i', 'j'), votes: fc.nat(3), tag: fc.nat(4), title: fc.boolean() }), {
  maxLength: 3,
});

async function live(
  deeds: readonly Deed[],
  theirs: readonly { id: string; votes: number; tag: number; title: boolean }[],
  compact: boolean,
  inOther: boolean,
) {
  const own = await createWorld();
  const device = own.device('ada');
  const sender = await device.open({ compact });
  const tab = inOther ? await device.open({ compact }) : sender;
  for (const each of ['i', 'j']) await tab.client.mutate({ mutation: CREATE, variables: { input: fresh(each) } });
  await tab.client.query({ query: TODOS });
  device.setOnline(false);
  let most = 0;
  let heard = 0;
  for (const each of deeds) {
    const seen = shown(tab, each.id);
    if (each.do === 'create' ? seen : !seen) continue;
    const input: Record<string, unknown> = each.do === 'create' ? fresh(each.id) : { id: each.id };
    if (each.do === 'edit' && seen) {
      const { title, done, note, votes, tags } = each.by;
      if (title !== undefined) input.title = `title ${title}`;
      if (done !== undefined) input.done = done === 1;
      if (note !== undefined) input.note = note === 0 ? null : `note ${note}`;
      if (votes !== undefined) input.votes = seen.votes + votes;
      const tag = `tag ${tags}`;
      if (tags !== undefined) input.tags = seen.tags.includes(tag) ? seen.tags.filter((other) => other !== tag) : [...seen.tags, tag];
    }
    const mutation = { create: CREATE, edit: UPDATE, delete: DELETE }[each.do];
    const { settled } = await tab.offline.mutate({ mutation, variables: { input } });
    most += 1;
    const told = (): void => {
      heard += 1;
    };
    settled.then(told, told);
  }
  await own.clock.advance(1_000);
  const waiting = tab.offline.outbox.records().length;
  for (const [at, { id: of, votes, tag, title }] of theirs.entries()) {
    const now = (await stored(own)).find((todo) => todo.id === of) as Todo & { _version?: number };
    const version = (await own.query<{ todo: { _version: number } }>(`query { todo(id: "${of}") { _version } }`)).todo._version;
    const input = {
      id: of,
      _version: version,
      votes: now.votes + votes,
      tags: [...new Set([...now.tags, `tag ${tag}`])],
      ...(title ? { title: `theirs ${at}` } : {}),
    };
    await own.query('mutation($input: UpdateTodoInput!) { updateTodo(input: $input) { __typename } }', { input });
  }
  device.setOnline(true);
  for (let round = 0; round < 20; round++) {
    await own.clock.advance(30_000);
    const [parked] = tab.offline.conflicts.records();
    if (!parked) break;
    await tab.offline.conflicts.resolve(parked.id, { take: 'local' });
  }
  const left = tab.offline.outbox.records().map(({ state, failure }) => [state, failure?.code]);
  const rows = (await stored(own)).map((row) => ({ ...row, tags: [...row.tags].sort() }));
  const screens = [tab, sender].map(({ cache }) => JSON.stringify(cache.readQuery({ query: SHOWN }, true)));
  const unheard = most - heard;
  await own.close();
  return { rows, left, screens, unheard, waiting };
}

const RUNS = Number(process.env.RUNS ?? 25);

describe('compaction and the server (I16)', () => {
  it(
    'comes to the same as sending everything',
    async () => {
      world = await createWorld();
      const spared = { own: 0, others: 0 };
      await fc.assert(
        fc.asyncProperty(fc.array(deed, { minLength: 2, maxLength: 14 }), others, fc.boolean(), async (deeds, theirs, inOther) => {
          const [{ waiting: all, ...whole }, { waiting: few, ...less }] = [
            await live(deeds, theirs, false, inOther),
            await live(deeds, theirs, true, inOther),
          ];
          spared[inOther ? 'others' : 'own'] += all - few;
          expect(less).toEqual(whole);
          expect(less.unheard).toBe(0);
        }),
        { numRuns: RUNS },
      );
      expect(spared.own).toBeGreaterThan(5);
      expect(spared.others).toBeGreaterThan(5);
    },
    5_000 * RUNS,
  );
});
