import { gql } from '@apollo/client';
import { afterEach, describe, expect, it } from 'vitest';
import { OfflineError } from '../../client/errors.ts';
import type { OfflineOptions } from '../../client/index.ts';
import type { OfflineContext } from '../../server/index.ts';
import { createWorld, type Device, type Tab, type World } from '../harness/world.ts';

const ADD = gql`mutation AddNote($text: String!) { addNote(text: $text) { id text } }`;
const EDIT = gql`mutation EditNote($id: ID!, $text: String!) { editNote(id: $id, text: $text) { id text } }`;
const TAG = gql`mutation TagNotes($notes: [ID!]!, $tag: String!) { tagNotes(notes: $notes, tag: $tag) }`;
const NOTE = gql`fragment Note on Note { id text }`;

/** As unlikely a UUID as any, in a row. */
const temporary = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

let world: World;
let notes: Map<string, string>;
let tagged: (readonly string[])[];
afterEach(() => world.close());

/** A server that numbers its notes itself. */
async function createNumberingWorld(): Promise<Device> {
  notes = new Map();
  tagged = [];
  world = await createWorld({
    typeDefs: /* GraphQL */ `
      type Todo @versioned { id: ID!  title: String! }
      type Note { id: ID!  text: String! }
      extend type Mutation {
        addNote(text: String!): Note
        editNote(id: ID!, text: String!): Note
        tagNotes(notes: [ID!]!, tag: String!): Int
      }
    `,
    resolvers: {
      Mutation: {
        addNote(_: unknown, { text }: { text: string }) {
          const id = `note-${notes.size + 1}`;
          notes.set(id, text);
          return { id, text };
        },
        editNote(_: unknown, { id, text }: { id: string; text: string }) {
          if (!notes.has(id)) throw new Error(`there is no note ${id}`);
          notes.set(id, text);
          return { id, text };
        },
        tagNotes(_: unknown, { notes: ids, tag }: { notes: readonly string[]; tag: string }) {
          tagged.push([tag, ...ids]);
          return ids.length;
        },
      },
    },
  });
  return world.device('ada');
}

type Mutations = NonNullable<OfflineOptions['mutations']>;

function mutations(extra: Partial<Mutations[string]> = {}): Mutations {
  let made = 0;
  return {
    AddNote: {
      kind: 'create',
      typename: 'Note',
      optimisticResponse: ({ text }) => ({ addNote: { __typename: 'Note', id: temporary(++made), text } }),
      resolveId: (data) => (data as { addNote: { id: string } }).addNote.id,
      ...extra,
    },
    EditNote: {
      kind: 'update',
      typename: 'Note',
      optimisticResponse: ({ id, text }) => ({ editNote: { __typename: 'Note', id, text } }),
    },
  };
}

const shown = (tab: Tab, id: string): unknown => tab.cache.readFragment({ fragment: NOTE, id: `Note:${id}` }, true);
const waiting = (tab: Tab): readonly unknown[] =>
  tab.offline.outbox.records().map(({ operationName, state }) => `${operationName} ${state}`);

/** A note, an edit of it, and a mutation that names it deep inside, all without a network. */
async function writeOffline(device: Device, tab: Tab): Promise<void> {
  device.setOnline(false);
  await tab.offline.mutate({ mutation: ADD, variables: { text: 'first' } });
  await tab.offline.mutate({ mutation: EDIT, variables: { id: temporary(1), text: 'second' } });
  await tab.offline.mutate({ mutation: TAG, variables: { notes: ['other', temporary(1)], tag: 'red' } });
}

describe('a server that makes the ids itself', () => {
  it('is sent its own ids in what was made before they were known, in order, and the screen follows', async () => {
    const device = await createNumberingWorld();
    const tab = await device.open({ mutations: mutations() });
    await writeOffline(device, tab);
    expect(shown(tab, temporary(1))).toMatchObject({ text: 'second' });
    expect(tab.offline.lookup(temporary(1))).toBeNull();
    device.setOnline(true);
    await world.clock.runAll();
    expect([...notes]).toEqual([['note-1', 'second']]);
    expect(tagged).toEqual([['red', 'other', 'note-1']]);
    expect(waiting(tab)).toEqual([]);
    expect(tab.offline.lookup(temporary(1))).toBe('note-1');
    expect(shown(tab, 'note-1')).toMatchObject({ text: 'second' });
    expect(shown(tab, temporary(1))).toBeNull();
    expect(tab.events).toEqual([]);
  });

  it('never has a temporary id in the data, on disk or in memory: only what is pending lies on top of it', async () => {
    const device = await createNumberingWorld();
    const tab = await device.open({ mutations: mutations() });
    await writeOffline(device, tab);
    expect(JSON.stringify(tab.cache.extract())).not.toContain(temporary(1));
    device.setOnline(true);
    await world.clock.runAll();
    expect(JSON.stringify([tab.cache.extract(true), await tab.disks.cache.entries('')])).not.toContain(temporary(1));
  });

  it('shows what waits under the server’s id from the moment that it is known: nobody sees the value before it', async () => {
    const device = await createNumberingWorld();
    const tab = await device.open({ mutations: mutations() });
    await writeOffline(device, tab);
    const seen: unknown[] = [];
    const watched = tab.client.watchFragment<{ text?: string }>({ fragment: NOTE, from: 'Note:note-1' });
    const subscription = watched.subscribe(({ data }) => seen.push(data?.text));
    device.network.faultOf = ({ body }) => (/EditNote|TagNotes/.test(JSON.stringify(body)) ? { kind: 'dropRequest' } : null);
    device.setOnline(true);
    await world.clock.advance(10);
    subscription.unsubscribe();
    expect(seen).toContain('second');
    expect(seen).not.toContain('first');
    expect(shown(tab, temporary(1))).toBeNull();
    const edit = tab.offline.outbox.records().find(({ operationName }) => operationName === 'EditNote');
    expect(edit?.variables).toMatchObject({ id: 'note-1' });
  });

  it('is sent its own id also in a record that is edited to name the temporary one', async () => {
    const device = await createNumberingWorld();
    const tab = await device.open({ mutations: mutations() });
    await writeOffline(device, tab);
    device.setOnline(true);
    await world.clock.runAll();
    device.setOnline(false);
    const ticket = await tab.offline.mutate({ mutation: EDIT, variables: { id: 'note-0', text: 'third' } });
    await tab.offline.outbox.edit(ticket.id, { id: temporary(1) });
    device.setOnline(true);
    await world.clock.runAll();
    expect([...notes]).toEqual([['note-1', 'third']]);
  });

  it('takes what is still made under the temporary id afterwards, and after a reload', async () => {
    const device = await createNumberingWorld();
    const tab = await device.open({ mutations: mutations() });
    await writeOffline(device, tab);
    device.setOnline(true);
    await world.clock.runAll();
    await tab.close();
    const again = await device.open({ mutations: mutations() });
    expect(again.offline.lookup(temporary(1))).toBe('note-1');
    const ticket = await again.offline.mutate({ mutation: EDIT, variables: { id: temporary(1), text: 'third' } });
    await world.clock.runAll();
    await ticket.settled;
    expect([...notes]).toEqual([['note-1', 'third']]);
  });

  it('is remembered by the temporary id that was shown, also when the page is loaded again before anything is sent', async () => {
    const device = await createNumberingWorld();
    const tab = await device.open({ mutations: mutations() });
    await writeOffline(device, tab);
    await tab.close();
    // What it would make up now is another id.
    const other = mutations();
    other.AddNote?.optimisticResponse?.({ text: '' });
    const again = await device.open({ mutations: other });
    expect(shown(again, temporary(1))).toMatchObject({ text: 'second' });
    device.setOnline(true);
    await world.clock.runAll();
    expect([...notes]).toEqual([['note-1', 'second']]);
  });

  it('is the same for every tab: the one that does not send knows the id when its promise resolves', async () => {
    const device = await createNumberingWorld();
    const leader = await device.open({ mutations: mutations() });
    const tab = await device.open({ mutations: mutations() });
    await writeOffline(device, tab);
    const ticket = await tab.offline.mutate({ mutation: ADD, variables: { text: 'another' } });
    const known = ticket.settled.then(() => tab.offline.lookup(temporary(2)));
    device.setOnline(true);
    await world.clock.runAll();
    expect(await known).toMatch(/^note-/);
    expect(leader.offline.lookup(temporary(1))).toBe(tab.offline.lookup(temporary(1)));
    expect([...notes.values()].sort()).toEqual(['another', 'second']);
    expect([...waiting(tab), ...waiting(leader)]).toEqual([]);
  });

  it('… which shows what waits under the server’s id at once, too', async () => {
    const device = await createNumberingWorld();
    await device.open({ mutations: mutations() });
    const tab = await device.open({ mutations: mutations() });
    device.setOnline(false);
    await tab.offline.mutate({ mutation: ADD, variables: { text: 'first' } });
    for (const text of ['second', 'third']) await tab.offline.mutate({ mutation: EDIT, variables: { id: temporary(1), text } });
    const seen = new Set<unknown>();
    const watched = tab.client.watchFragment<{ text?: string }>({ fragment: NOTE, from: 'Note:note-1' });
    const subscription = watched.subscribe(({ data }) => seen.add(data?.text));
    device.setOnline(true);
    await world.clock.runAll();
    subscription.unsubscribe();
    expect([...seen]).toEqual([undefined, 'third']);
  });

  it('sends the same after a crash between the id and what it is put into', async () => {
    const device = await createNumberingWorld();
    const tab = await device.open({ mutations: mutations() });
    await writeOffline(device, tab);
    // The id and the answer are stored, what waits is not rewritten any more.
    const writes = tab.disks.outbox.log.length;
    const stored = (): boolean => tab.disks.outbox.log.slice(writes).some(({ key }) => key.includes('assigned/'));
    device.setOnline(true);
    for (let step = 0; step < 200 && !stored(); step += 1) await Promise.resolve();
    tab.disks.outbox.crashAt(tab.disks.outbox.log.length + 2, 'before');
    await world.clock.advance(10);
    tab.crash();
    const again = await device.open({ mutations: mutations() });
    await world.clock.runAll();
    expect([...notes]).toEqual([['note-1', 'second']]);
    expect(tagged).toEqual([['red', 'other', 'note-1']]);
    expect(waiting(again)).toEqual([]);
  });

  it('leaves it to a tab, with all that names it, where a worker sends: only the page knows how to read the id', async () => {
    const device = await createNumberingWorld();
    const tab = await device.open({ mutations: mutations() });
    device.setOnline(false);
    await tab.offline.mutate({ mutation: EDIT, variables: { id: 'note-0', text: 'x' } });
    await writeOffline(device, tab);
    await tab.close();
    notes.set('note-0', '');
    device.setOnline(true);
    expect(await device.wakeWorker()).toMatchObject({ applied: 1, remaining: 3 });
    expect([...notes]).toEqual([['note-0', 'x']]);
    await device.open({ mutations: mutations() });
    await world.clock.runAll();
    expect([...notes.values()]).toEqual(['x', 'second']);
  });
});

describe('an id that cannot be made out', () => {
  it.each([
    ['throws', () => JSON.parse('{') as string],
    ['finds nothing', () => undefined as unknown as string],
  ])('resolveId %s: the record is kept with its answer, what names it waits, and the rest goes on', async (_name, resolveId) => {
    const device = await createNumberingWorld();
    const tab = await device.open({ mutations: mutations({ resolveId }) });
    await writeOffline(device, tab);
    notes.set('note-0', '');
    const other = await tab.offline.mutate({ mutation: EDIT, variables: { id: 'note-0', text: 'x' } });
    device.setOnline(true);
    await world.clock.runAll();
    await other.settled;
    expect(waiting(tab)).toEqual(['AddNote dead', 'EditNote queued', 'TagNotes queued']);
    const [dead] = tab.offline.outbox.records();
    expect(dead).toMatchObject({ failure: { code: 'RESOLVE_ID_FAILED', details: { id: 'note-2', text: 'first' } } });
    expect(tab.events).toEqual([expect.objectContaining({ code: 'RESOLVE_ID_FAILED', key: dead?.id })]);

    // The next release reads it: the same write, asked for again, is not made twice.
    await tab.close();
    const fixed = await device.open({ mutations: mutations() });
    await fixed.offline.outbox.retry(dead?.id as string);
    await world.clock.runAll();
    expect(waiting(fixed)).toEqual([]);
    expect([...notes.values()]).toEqual(['x', 'second']);
  });

  it('is one that was never known: a temporary id that could be a word of a text is refused where it is made up', async () => {
    const device = await createNumberingWorld();
    const tab = await device.open({ mutations: mutations() });
    const optimisticResponse = { addNote: { __typename: 'Note', id: 'new', text: 'a' } };
    const failed = await tab.offline
      .mutate({ mutation: ADD, variables: { text: 'a' }, optimisticResponse })
      .catch((error: unknown) => error);
    expect(OfflineError.is(failed, 'INVALID_OPERATION')).toBe(true);
    expect(waiting(tab)).toEqual([]);
  });

  it('is asked for again when it could not be stored', async () => {
    const device = await createNumberingWorld();
    const tab = await device.open({ mutations: mutations() });
    await writeOffline(device, tab);
    device.network.latencyMs = 5;
    device.setOnline(true);
    await world.clock.advance(1);
    tab.disks.outbox.faults.failWrites = new Error('broken');
    await world.clock.advance(1_000);
    expect([...notes]).toEqual([['note-1', 'first']]);
    expect(tab.offline.lookup(temporary(1))).toBeNull();
    tab.disks.outbox.faults.failWrites = null;
    await world.clock.runAll();
    expect([...notes]).toEqual([['note-1', 'second']]);
    expect(waiting(tab)).toEqual([]);
  });
});

describe('an entity of a generated type that the server numbers', () => {
  const ADD_TODO = gql`mutation AddTodo($ref: ID!, $title: String!) { addTodo(ref: $ref, title: $title) { id title _version _deleted } }`;
  const EDIT_TODO = gql`mutation EditTodo($input: UpdateTodoInput!) { updateTodo(input: $input) { __typename } }`;
  const title = async (id: string): Promise<unknown> =>
    (await world.query<{ todo: { title: string } | null }>(`{ todo(id: "${id}") { title } }`)).todo?.title;

  async function open(): Promise<{ readonly device: Device; readonly tab: Tab; readonly again: () => Promise<Tab> }> {
    world = await createWorld({
      typeDefs: /* GraphQL */ `
        type Todo @versioned { id: ID!  title: String! }
        extend type Mutation { addTodo(ref: ID!, title: String!): Todo }
      `,
      resolvers: {
        Mutation: {
          async addTodo(_: unknown, { ref, title: text }: { ref: string; title: string }, { offline }: OfflineContext) {
            const written = await offline.write.create('Todo', { id: `todo-${ref}`, title: text });
            return (written as { readonly todo?: unknown }).todo;
          },
        },
      },
    });
    const device = world.device('ada');
    const again = (): Promise<Tab> =>
      device.open({
        mutations: {
          AddTodo: {
            kind: 'create',
            typename: 'Todo',
            optimisticResponse: ({ ref, title: text }) => ({
              addTodo: { __typename: 'Todo', id: ref, title: text, _version: 0, _deleted: false },
            }),
            resolveId: (data) => (data as { addTodo: { id: string } }).addTodo.id,
          },
        },
      });
    return { device, tab: await again(), again };
  }

  /** A create with an edit behind it. Its answer is not stored, and the server's name for it is. */
  async function answeredInVain(device: Device, tab: Tab): Promise<void> {
    device.setOnline(false);
    await tab.offline.mutate({ mutation: ADD_TODO, variables: { ref: temporary(1), title: 'first' } });
    await tab.offline.mutate({ mutation: EDIT_TODO, variables: { input: { id: temporary(1), title: 'second' } } });
    tab.disks.outbox.failAt(tab.disks.outbox.log.length + 3);
    device.setOnline(true);
    await world.clock.advance(1);
    expect(tab.offline.lookup(temporary(1))).toBe(`todo-${temporary(1)}`);
  }

  it('takes the edits made before its name was known: they stand on the version that the server gave', async () => {
    const { device, tab } = await open();
    device.setOnline(false);
    await tab.offline.mutate({ mutation: ADD_TODO, variables: { ref: temporary(1), title: 'first' } });
    await tab.offline.mutate({ mutation: EDIT_TODO, variables: { input: { id: temporary(1), title: 'second' } } });
    await tab.offline.mutate({ mutation: EDIT_TODO, variables: { input: { id: temporary(1), title: 'third' } } });
    device.setOnline(true);
    await world.clock.runAll();
    expect(waiting(tab)).toEqual([]);
    expect(await title(`todo-${temporary(1)}`)).toBe('third');
  });

  it('is not edited before its answer is stored, though its name is known already', async () => {
    const { device, tab } = await open();
    device.network.latencyMs = 10;
    await tab.offline.mutate({ mutation: ADD_TODO, variables: { ref: temporary(1), title: 'first' } });
    // Next are the attempt, the name, and the answer, which is not stored.
    tab.disks.outbox.failAt(tab.disks.outbox.log.length + 3);
    await world.clock.advance(100);
    expect(tab.offline.lookup(temporary(1))).toBe(`todo-${temporary(1)}`);
    expect(waiting(tab)).toHaveLength(1);
    await tab.offline.mutate({ mutation: EDIT_TODO, variables: { input: { id: temporary(1), title: 'second' } } });
    await world.clock.advance(100);
    await world.clock.runAll();
    expect(waiting(tab)).toEqual([]);
    expect(await title(`todo-${temporary(1)}`)).toBe('second');
  });

  it.each(['goes on', 'is loaded again'])('nor is it by what waited for it already, when the page %s', async (how) => {
    const { device, tab, again } = await open();
    await answeredInVain(device, tab);
    if (how === 'is loaded again') {
      tab.crash();
      await again();
    }
    let attempts = 0;
    device.network.faultOf = () => (++attempts === 1 ? { kind: 'dropRequest' } : null);
    await world.clock.runAll();
    const sent = device.network.log.filter(({ body }) => /EditTodo/.test(JSON.stringify(body)));
    expect(sent).toHaveLength(1);
    // Of the version that the create was answered with, which is known when that answer is stored.
    expect(sent[0]?.body).toMatchObject({ variables: { input: { id: `todo-${temporary(1)}`, _version: 1 } } });
    expect(await title(`todo-${temporary(1)}`)).toBe('second');
  });

  it.each(['the server’s', 'the temporary'])('and what is made meanwhile under %s name comes after that', async (whose) => {
    const { device, tab } = await open();
    await answeredInVain(device, tab);
    const id = whose === 'the temporary' ? temporary(1) : `todo-${temporary(1)}`;
    // A pull may have brought it by now.
    await tab.client.query({ query: gql`query Todos { todos { nodes { id title _version _deleted } } }`, fetchPolicy: 'network-only' });
    await tab.offline.mutate({ mutation: EDIT_TODO, variables: { input: { id, title: 'third' } } });
    await world.clock.runAll();
    const sent = device.network.log.flatMap(({ body }) =>
      /EditTodo/.test(JSON.stringify(body)) ? [(body as { readonly variables: unknown }).variables] : [],
    );
    expect(sent).toMatchObject([{ input: { title: 'second' } }, { input: { title: 'third' } }]);
    expect(waiting(tab)).toEqual([]);
    expect(await title(`todo-${temporary(1)}`)).toBe('third');
  });
});
