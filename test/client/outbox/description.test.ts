import { describe, expect, it } from 'vitest';
import type { MutationDefaults } from '../../../client/options.ts';
import { createCreatedIds } from '../../../client/outbox/created-ids.ts';
import { draftRecords } from '../../../client/outbox/draft.ts';
import type { MutationRecord } from '../../../client/outbox/record.ts';
import { dependentsOf, planLanes } from '../../../client/replay/lanes.ts';
import { createDesk } from './records.ts';

/** Somebody whose server has no manifest, and who says by hand what its mutations do. */
function createPeasantDesk(mutations: Readonly<Record<string, MutationDefaults>>) {
  const made: MutationRecord[] = [];
  const told: Parameters<Parameters<typeof createCreatedIds>[0]['subscribe']>[0][] = [];
  const events: { readonly code: string; readonly key: string }[] = [];
  const desk = createDesk({
    manifest: null,
    describes: (name) => mutations[name] ?? {},
    records: () => made,
    created: createCreatedIds({
      records: () => made,
      subscribe: (listener) => {
        told.push(listener);
        return () => undefined;
      },
    }),
    onThrow: (event) => events.push(event),
  });
  const make = (field: string, variables: Record<string, unknown> = {}, options = {}, type = 'JSON'): MutationRecord => {
    const declared = Object.keys(variables).map((name) => `$${name}: ${type}`);
    const used = Object.keys(variables).map((name) => `${name}: $${name}`);
    const text = `mutation ${field}${declared.length > 0 ? `(${declared})` : ''} { ${field}${used.length > 0 ? `(${used})` : ''} }`;
    const [record] = draftRecords({ document: text, variables, options }, desk);
    if (!record) throw new Error('expected a record');
    made.push(record);
    for (const listener of told) listener({ id: record.id, before: null, after: record });
    return record;
  };
  const park = (record: MutationRecord): void => void made.splice(made.indexOf(record), 1, { ...record, state: 'conflict' });
  const waits = (): Record<string, readonly unknown[]> => {
    const { waiting } = planLanes(made, 0);
    return Object.fromEntries([...waiting].map(([id, blockers]) => [nameOf(id), [...blockers].map(nameOf)]));
  };
  const nameOf = (id: string): string => made.find((record) => record.id === id)?.field ?? id;
  return { make, made, park, events, waits };
}

const POSTS: Readonly<Record<string, MutationDefaults>> = {
  addPost: { kind: 'create', typename: 'Post' },
  editPost: { kind: 'update', typename: 'Post' },
  likePost: { kind: 'update', typename: 'Post', entityId: ({ post }) => post as string },
  addComment: { kind: 'create', typename: 'Comment', dependsOn: ({ post }) => [`Post:${post}`] },
  linkPosts: { dependsOn: ({ a, b }) => [`Post:${a}`, `Post:${b}`] },
};

describe('a server without a manifest', () => {
  it('gets a lane for each entity that a mutation is said to touch, wherever its id stands', () => {
    const { make, waits } = createPeasantDesk(POSTS);
    expect(make('addPost', { id: '1', title: 'a' })).toMatchObject({ kind: 'create', typename: 'Post', entityId: '1' });
    expect(make('editPost', { input: { id: 1, title: 'b' } })).toMatchObject({ kind: 'update', entityId: '1' });
    make('likePost', { post: '2' });
    expect(waits()).toEqual({ editPost: ['addPost'] });
  });

  it('is sent nothing before what it depends on: an edit does not reach the server before its create', () => {
    const { make, waits } = createPeasantDesk(POSTS);
    make('addPost', { id: '1' });
    make('addComment', { post: '1', text: 'first' });
    make('linkPosts', { a: '1', b: '2' });
    make('likePost', { post: '2' });
    expect(waits()).toEqual({ addComment: ['addPost'], linkPosts: ['addPost', 'addComment'], likePost: ['linkPosts'] });
  });

  it('is sent nothing that names an id before the record that creates it, though nobody said that it depends', () => {
    const { make, made, waits } = createPeasantDesk(POSTS);
    const id = '0198a2b4-0000-7000-8000-000000000001';
    const post = make('addPost', { id });
    const tag = make('tagAnything', { targets: [{ kind: 'post', id }], tag: 'x' }, { orderingKey: 'tags' });
    make('tagSomething', { targets: [id.replace('1', '2')] }, { orderingKey: 'others' });
    expect(waits()).toEqual({ tagAnything: ['addPost'] });
    expect(dependentsOf(made, post.id)).toEqual([tag]);
  });

  it('is sent nothing that takes an id past an edit of that entity which waits for a person; a mere word is no id', () => {
    const { make, park, waits } = createPeasantDesk(POSTS);
    park(make('editPost', { input: { id: 'a', title: 'b' } }));
    make('swapPosts', { first: 'a', second: 'c' }, {}, 'ID!');
    make('mergePosts', { all: ['c', 'a'] }, { orderingKey: 'merges' }, '[ID!]!');
    make('search', { words: 'a' });
    expect(waits()).toEqual({ swapPosts: ['editPost'], mergePosts: ['editPost'] });
  });

  it('keeps the order of all others where nothing is said', () => {
    const { make, waits } = createPeasantDesk(POSTS);
    make('editPost', { id: '1' });
    make('anything');
    make('editPost', { id: '2' });
    expect(waits()).toMatchObject({ anything: ['editPost'], editPost: ['anything'] });
  });

  it('creates without an id wait for nobody, and nobody for them', () => {
    const { make, waits } = createPeasantDesk(POSTS);
    make('addPost', { title: 'a' });
    make('addPost', { title: 'b' });
    make('editPost', { id: '1' });
    expect(waits()).toEqual({});
  });
});

describe('dependsOn of one call', () => {
  it('names a ticket: it waits for all of its operation, also when that was refused, and goes with it', () => {
    const { make, made, waits } = createPeasantDesk(POSTS);
    const first = make('editPost', { id: '1' });
    const second = make('editPost', { id: '2' }, { dependsOn: [first.id] });
    make('editPost', { id: '3' }, { dependsOn: ['0198a2b4-0000-7000-8000-00000000dead'] });
    made[0] = { ...first, state: 'dead' };
    expect(waits()).toEqual({ editPost: ['editPost'] });
    expect(dependentsOf(made, first.id)).toEqual([second]);
  });

  it('or options that nothing could carry out are refused, by name', () => {
    const { make } = createPeasantDesk(POSTS);
    for (const [options, named] of [
      [{ priority: 'urgent' }, "priority: expected 'high', 'normal' or 'low', got \"urgent\""],
      [{ expiresAfterMs: -1 }, 'expiresAfterMs: expected a number of milliseconds > 0, got -1'],
      [{ expiresAfterMs: Number.NaN }, 'expiresAfterMs'],
      [{ orderingKey: '' }, 'orderingKey'],
      [{ dependsOn: 'Post:1' }, 'dependsOn: expected a list'],
    ] as const)
      expect(() => make('editPost', { id: '1' }, options)).toThrowError(
        expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(named) }),
      );
  });
});

const boom = (): never => {
  throw new TypeError('boom');
};

describe('a description that throws', () => {
  it.each([
    ['dependsOn', 'DEPENDS_ON_THREW', () => [boom()]],
    ['dependsOn', 'DEPENDS_ON_THREW', () => 'Post:1'],
    ['entityId', 'ENTITY_ID_THREW', boom],
    ['entityId', 'ENTITY_ID_THREW', () => ({})],
  ] as unknown as readonly [string, string, () => never][])(
    '%s: an event names the record, which keeps its place among all others',
    (which, code, wrong) => {
      const { make, events, waits } = createPeasantDesk({ ...POSTS, wrong: { kind: 'update', typename: 'Post', [which]: wrong } });
      make('editPost', { id: '1' });
      const record = make('wrong', { id: '2' });
      expect(events).toEqual([
        expect.objectContaining({ code, key: record.id, message: expect.stringContaining(`mutations.wrong.${which}`) }),
      ]);
      expect(waits()).toEqual({ wrong: ['editPost'] });
    },
  );
});
