import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, engines } from './world.ts';

const { stores, remove } = engines();
afterAll(remove);

describe.each(stores)('versioned writes on %s', (_, makeStore) => {
  let world: ReturnType<typeof createWorld>;
  let next = 1;
  beforeEach(() => {
    next = 1;
    world = createWorld(makeStore());
  });
  afterEach(() => world.store.close());

  const CONFLICT = `... on TodoConflict { conflict: code message expectedVersion currentVersion conflictingFields server { id title done note count tags _version } }`;
  const REJECTED = `... on MutationRejected { code message field }`;
  const todoOf = (kind: string) =>
    `... on ${kind}TodoPayload { mergedFields todo { id title done note severity count tags mine _version _deleted site { id } } }`;
  const send = async (kind: 'Create' | 'Update' | 'Delete', input: object, base?: object) => {
    const id = next++;
    const query = `mutation ($i: ${kind}TodoInput!) { r: ${kind.toLowerCase()}Todo(input: $i) { __typename ${todoOf(kind)} ${CONFLICT} ${REJECTED} } }`;
    const answer = await world.deliver(query, { r: base === undefined ? id : { id, base } }, { variables: { i: input } });
    expect(answer.errors).toBeUndefined();
    return { ...(answer.data?.r as Record<string, unknown>), outcome: answer.outcomes.r } as Record<string, unknown> & {
      todo?: Record<string, unknown>;
    };
  };
  const create = (fields: object = {}) => send('Create', { id: 't', title: 'Milk', tags: [], ...fields });
  const update = (version: unknown, fields: object, base?: object) => send('Update', { id: 't', _version: version, ...fields }, base);

  describe('create', () => {
    it('begins at version 1 with what was given, and nulls for the rest', async () => {
      expect(await create({ done: false, severity: 'HIGH' })).toMatchObject({
        outcome: 'applied',
        mergedFields: [],
        todo: { id: 't', title: 'Milk', done: false, note: null, severity: 'HIGH', _version: 1, _deleted: false },
      });
    });

    it('makes an id when the client has none', async () => {
      const { todo } = await send('Create', { title: 'Milk', tags: [] });
      expect(await world.todo(String(todo?.id))).toMatchObject({ title: 'Milk' });
    });

    it('of an id that exists: a conflict with what is there, and nothing written', async () => {
      await create();
      expect(await create({ title: 'Oat' })).toMatchObject({
        outcome: 'conflict',
        __typename: 'TodoConflict',
        conflict: 'ALREADY_EXISTS',
        expectedVersion: null,
        currentVersion: 1,
        conflictingFields: ['title'],
        server: { title: 'Milk' },
      });
    });

    it('versions outlive deletes: a recreated id goes on from its tombstone', async () => {
      await create({ note: 'old' });
      await update(1, { title: 'Oat' });
      await send('Delete', { id: 't', _version: 2 });
      expect(await create()).toMatchObject({ outcome: 'applied', todo: { _version: 4, note: null } });
      // An edit from before the delete is behind every field of the new life.
      expect(await update(2, { note: 'late' })).toMatchObject({ outcome: 'conflict', conflictingFields: ['note'] });
    });

    it('versions outlive tombstones: whoever still knows a collected one does not take the new entity for older', async () => {
      await create();
      await update(1, { title: 'Oat' });
      await send('Delete', { id: 't', _version: 2 });
      await world.store.write((tx) => tx.collectTombstones('9999-01-01T00:00:00.000Z'));
      expect(await create()).toMatchObject({ outcome: 'applied', todo: { _version: 4 } });
    });

    it('an empty id is refused for good', async () => {
      expect(await create({ id: '' })).toMatchObject({ outcome: 'rejected', code: 'BAD_USER_INPUT', field: ['id'] });
    });
  });

  describe('update', () => {
    beforeEach(() => create({ done: true, note: 'n', count: 5, tags: ['a'] }));

    it('sets what is given, leaves what is absent, nulls what is null', async () => {
      expect(await update(1, { done: null, title: '' })).toMatchObject({
        outcome: 'applied',
        todo: { title: '', done: null, note: 'n', _version: 2 },
      });
    });

    it('edits of different fields both stand, however long after', async () => {
      for (let version = 1; version <= 30; version += 1) await update(version, { title: `title ${version}` });
      expect(await update(1, { note: 'from the field' })).toMatchObject({
        outcome: 'applied',
        mergedFields: [],
        todo: { title: 'title 30', note: 'from the field', _version: 32 },
      });
    });

    it('edits of one field: a conflict with the three versions, and nothing written', async () => {
      await update(1, { title: 'Oat' });
      expect(await update(1, { title: 'Soy', note: 'mine' }, { title: 'Milk', note: 'n' })).toMatchObject({
        outcome: 'conflict',
        __typename: 'TodoConflict',
        conflict: 'VERSION_MISMATCH',
        expectedVersion: 1,
        currentVersion: 2,
        conflictingFields: ['title'],
        server: { title: 'Oat', note: 'n', _version: 2 },
      });
      expect(await world.todo('t')).toMatchObject({ title: 'Oat', note: 'n', _version: 2 });
    });

    it('falsy values are values: false, 0, "" and null conflict and win like any other', async () => {
      for (const [field, theirs, mine] of [
        ['done', false, null],
        ['title', '', 'x'],
        ['note', null, ''],
        ['mine', '', 'x'],
      ] as const) {
        const before = await world.todo('t');
        await update(before?._version, { [field]: theirs });
        const answer = await update(before?._version, { [field]: mine });
        if (field === 'mine') expect(answer).toMatchObject({ outcome: 'applied', mergedFields: ['mine'], todo: { mine: 'x' } });
        else expect(answer).toMatchObject({ outcome: 'conflict', conflictingFields: [field] });
        if (field !== 'mine') expect(await world.todo('t')).toMatchObject({ [field]: theirs });
      }
    });

    it('both wrote the same: no conflict, no new version', async () => {
      await update(1, { title: 'Oat' });
      expect(await update(1, { title: 'Oat' })).toMatchObject({ outcome: 'applied', todo: { title: 'Oat', _version: 2 } });
    });

    it('writing what is there already makes nothing stale', async () => {
      expect(await update(1, { title: 'Milk', done: true })).toMatchObject({ outcome: 'applied', todo: { _version: 1 } });
      const head = await world.store.reads.head();
      await update(1, { title: 'Milk' });
      expect(await world.store.reads.head()).toEqual(head);
    });

    it('sending an unchanged, stale field does not revert the other writer', async () => {
      await update(1, { title: 'Oat' });
      expect(await update(1, { title: 'Milk', note: 'mine' }, { title: 'Milk', note: 'n' })).toMatchObject({
        outcome: 'applied',
        mergedFields: ['title'],
        todo: { title: 'Oat', note: 'mine' },
      });
    });

    it('retrying an own write under a new id does not conflict with oneself', async () => {
      const edit = [1, { title: 'Oat', tags: ['a', 'b'] }, { title: 'Milk', tags: ['a'] }] as const;
      await update(...edit);
      expect(await update(...edit)).toMatchObject({ outcome: 'applied', todo: { title: 'Oat', tags: ['a', 'b'], _version: 2 } });
    });

    it('an edit on top of one that was refused adds only its own', async () => {
      // The editor saw 6 and ['a', 'x'], which the server refused; it still has 5 and ['a'].
      expect(await update(1, { count: 7, tags: ['a', 'x', 'y'] }, { count: 6, tags: ['a', 'x'] })).toMatchObject({
        todo: { count: 6, tags: ['a', 'y'] },
      });
    });

    it('a reference to what is not there, or was deleted, is refused', async () => {
      expect(await update(1, { siteId: 'nowhere' })).toMatchObject({ outcome: 'rejected', code: 'REFERENCE_NOT_FOUND', field: ['siteId'] });
      expect(await send('Create', { id: 'other', title: 'Milk', tags: [], siteId: 'nowhere' })).toMatchObject({
        code: 'REFERENCE_NOT_FOUND',
      });
      expect(await world.todo('other')).toBeNull();
    });

    it('strategies merge at once: counters add, sets unite, the client wins where told', async () => {
      await update(1, { count: 7, tags: ['a', 'b'], mine: 'theirs' });
      expect(await update(1, { count: 6, tags: ['c'], mine: 'own' }, { count: 5, tags: ['a'], mine: null })).toMatchObject({
        outcome: 'applied',
        mergedFields: ['count', 'tags', 'mine'],
        todo: { count: 8, tags: ['b', 'c'], mine: 'own' },
      });
    });

    it('a counter without a base is for a person to decide', async () => {
      await update(1, { count: 7 });
      expect(await update(1, { count: 6 })).toMatchObject({ outcome: 'conflict', conflictingFields: ['count'] });
    });

    it('of what is deleted, or was never there: DELETED without a row; nothing is created', async () => {
      await send('Delete', { id: 't', _version: 1 });
      expect(await update(1, { title: 'late' })).toMatchObject({
        outcome: 'conflict',
        conflict: 'DELETED',
        expectedVersion: 1,
        currentVersion: 2,
        server: null,
      });
      expect(await send('Update', { id: 'never', _version: 3, title: 'x' })).toMatchObject({
        outcome: 'conflict',
        conflict: 'DELETED',
        currentVersion: null,
        server: null,
      });
      expect(await world.todo('never')).toBeNull();
    });

    it('a version from the future, or none at all, is refused for good', async () => {
      expect(await update(9, { title: 'x' })).toMatchObject({ outcome: 'rejected', code: 'BAD_USER_INPUT', field: ['_version'] });
      expect(await update('1', { title: 'x' })).toMatchObject({ outcome: 'rejected', code: 'BAD_USER_INPUT', field: ['_version'] });
    });

    it('null for a field that is never null is refused for good', async () => {
      expect(await update(1, { title: null })).toMatchObject({ outcome: 'rejected', code: 'BAD_USER_INPUT', field: ['title'] });
    });

    it('references are written by id and conflict by their input name', async () => {
      await world.send({
        query: `mutation { a: createSite(input: { id: "s1", name: "S1" }) { __typename } b: createSite(input: { id: "s2", name: "S2" }) { __typename } }`,
      });
      expect(await update(1, { siteId: 's1' })).toMatchObject({ todo: { site: { id: 's1' } } });
      expect(await update(1, { siteId: 's2' })).toMatchObject({ outcome: 'conflict', conflictingFields: ['siteId'] });
    });
  });

  describe('delete', () => {
    beforeEach(() => create());
    const remove = (version: number, id = 't') => send('Delete', { id, _version: version });

    it('leaves a tombstone that no list shows', async () => {
      expect(await remove(1)).toMatchObject({ outcome: 'applied', todo: { id: 't', _deleted: true, _version: 2 } });
      expect((await world.send({ query: '{ todo(id: "t") { id } todos { totalCount nodes { id } } }' })).data).toEqual({
        todo: null,
        todos: { totalCount: 0, nodes: [] },
      });
    });

    it('conflicts when somebody changed it meanwhile', async () => {
      await update(1, { note: 'still needed' });
      expect(await remove(1)).toMatchObject({
        outcome: 'conflict',
        conflict: 'VERSION_MISMATCH',
        conflictingFields: ['note'],
        server: { note: 'still needed' },
      });
    });

    it('of what is deleted already is applied, at the version that it has', async () => {
      await remove(1);
      expect(await remove(1)).toMatchObject({ outcome: 'applied', todo: { _version: 2 } });
      expect(await remove(1, 'never')).toMatchObject({ outcome: 'conflict', conflict: 'DELETED' });
    });
  });

  it('a conflict in one field of a batch leaves its neighbours alone, and a repeat gets it again', async () => {
    await create();
    await update(1, { title: 'Oat' });
    const query = `mutation {
      a: updateTodo(input: { id: "t", _version: 1, title: "Soy" }) { __typename ... on TodoConflict { currentVersion } }
      b: updateTodo(input: { id: "t", _version: 2, note: "b" }) { __typename ... on TodoConflict { currentVersion } }
    }`;
    const first = await world.deliver(query, { a: 90, b: 91 });
    expect(first).toMatchObject({
      data: { a: { __typename: 'TodoConflict', currentVersion: 2 }, b: { __typename: 'UpdateTodoPayload' } },
      outcomes: { a: 'conflict', b: 'applied' },
    });
    const repeat = await world.deliver(query, { a: 90, b: 91 });
    expect(repeat.outcomes).toEqual({ a: 'duplicate', b: 'duplicate' });
    expect(JSON.stringify(repeat.data)).toBe(JSON.stringify(first.data));
  });
});
