import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { draftRecords } from '../../../client/outbox/draft.ts';
import { createDesk, inputOf, manifest } from './records.ts';

const SCREEN = { id: 'i', _version: 3, title: 'A', notes: null, passed: false, visits: 0, tags: [], siteId: 's' };

describe('identity is filled in', () => {
  it('a create without an id gets a UUIDv7, one with an id keeps it', () => {
    const desk = createDesk();
    const record = desk.draft('createSite', { name: 'a', region: 'EAST' });
    expect(record.entityId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(inputOf(record).id).toBe(record.entityId);
    expect(desk.draft('createSite', { id: 'mine', name: 'a' })).toMatchObject({ kind: 'create', entityId: 'mine', base: null });
    expect(desk.draft('createSite', { id: null, name: 'a' }).entityId).toEqual(expect.any(String));
  });

  it('an update or delete without a version gets that of the screen; one with a version keeps it', () => {
    const desk = createDesk();
    desk.screen.set('Inspection:i', SCREEN);
    for (const _version of [undefined, null]) expect(inputOf(desk.draft('deleteInspection', { id: 'i', _version }))._version).toBe(3);
    expect(inputOf(desk.draft('updateInspection', { id: 'i', title: 'B' }))._version).toBe(3);
    expect(inputOf(desk.draft('updateInspection', { id: 'i', _version: 0, title: 'B' }))._version).toBe(0);
    expect(inputOf(desk.draft('updateInspection', { id: 'elsewhere', title: 'B' }))).not.toHaveProperty('_version');
  });

  it('an integer id is the text that the server answers with', () => {
    const desk = createDesk();
    desk.screen.set('Inspection:7', { ...SCREEN, id: '7' });
    const record = desk.draft('updateInspection', { id: 7, title: 'B' });
    expect(record).toMatchObject({ entityId: '7', base: { title: 'A' } });
    expect(record.writes).toContain('Inspection:7');
    expect(inputOf(record)).toMatchObject({ id: '7', _version: 3 });
  });
});

describe('the base is what the editor saw', () => {
  it('of the written fields only, falsy values included', () => {
    const desk = createDesk();
    desk.screen.set('Inspection:i', SCREEN);
    const record = desk.draft('updateInspection', { id: 'i', notes: 'x', passed: true, visits: 1, tags: ['a'], siteId: 't' });
    expect(record.base).toEqual({ notes: null, passed: false, visits: 0, tags: [], siteId: 's' });
  });

  it('pending edits included: the second editor saw the first one’s value', () => {
    const desk = createDesk();
    desk.screen.set('Inspection:i', SCREEN);
    desk.draft('updateInspection', { id: 'i', title: 'B' });
    expect(desk.draft('updateInspection', { id: 'i', title: 'C' }).base).toEqual({ title: 'B' });
  });

  it('a form that was opened before newer data arrived saw other values than the cache has: they are not passed off as its base', () => {
    const desk = createDesk();
    desk.screen.set('Inspection:i', SCREEN);
    expect(desk.draft('updateInspection', { id: 'i', _version: 2, title: 'B' }).base).toBeNull();
    expect(desk.draft('updateInspection', { id: 'i', _version: 3, title: 'B' }).base).toEqual({ title: 'B' });
  });

  it('unknown values are absent, not null', () => {
    const desk = createDesk();
    desk.screen.set('Inspection:i', { id: 'i', _version: 3, title: 'A' });
    expect(desk.draft('updateInspection', { id: 'i', title: 'B', notes: 'x' }).base).toEqual({ title: 'A' });
    expect(desk.draft('updateInspection', { id: 'other', title: 'B' }).base).toBeNull();
  });
});

describe('the lane', () => {
  it('is the entity that is written, and needs the entities that are referred to', () => {
    const desk = createDesk();
    const record = desk.draft('createInspection', { id: 'i', title: 'A', siteId: 's' });
    expect(record.writes).toEqual([`record:${record.id}`, 'Inspection:i']);
    expect(record.reads).toEqual(['Site:s']);
    expect(desk.draft('updateInspection', { id: 'i', siteId: null }).reads).toEqual([]);
    expect(desk.draft('updateInspection', { id: 'i', siteId: 12 }).reads).toEqual(['Site:12']);
  });

  it('of an unknown entity is everything, or the ordering key alone where one is given', () => {
    const desk = createDesk();
    expect(desk.draft('archive', {}).writes.slice(1)).toEqual(['*']);
    expect(desk.draft('archive', {}, { orderingKey: 'a' }).writes.slice(1)).toEqual(['key:a']);
    expect(desk.draft('updateSite', { id: 's' }, { orderingKey: 'a' }).writes.slice(1)).toEqual(['Site:s', 'key:a']);
  });

  it('of several root fields is a chain: each follows the one before', () => {
    const records = draftRecords({ document: 'mutation M { a b c }', variables: {} }, createDesk());
    expect(records.map(({ reads }) => reads)).toEqual([[], [`after:${records[0]?.id}`], [`after:${records[1]?.id}`]]);
    expect(new Set(records.map(({ operationId }) => operationId)).size).toBe(1);
    expect(records.map(({ mutationId, sequence }) => [mutationId, sequence])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });
});

describe('a record', () => {
  it('is plain JSON, as the wire carries it, and a copy: what the caller does to the variables later does not reach it', () => {
    const variables = { input: { id: 'i', _version: 3, title: 'B', notes: undefined, dueOn: new Date(0), tags: ['a', undefined] } };
    const [record] = draftRecords(
      { document: parse('mutation M($input: UpdateInspectionInput!) { updateInspection(input: $input) { __typename } }'), variables },
      createDesk(),
    );
    variables.input.title = 'changed';
    variables.input.tags.push('b');
    expect(record?.variables).toEqual({
      input: { id: 'i', _version: 3, title: 'B', dueOn: '1970-01-01T00:00:00.000Z', tags: ['a', null] },
    });
    expect(Object.keys(inputOf(record as never))).not.toContain('notes');
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  it('knows its owner, its schema, its deadline and its rank', () => {
    const desk = createDesk({ owner: null });
    const record = desk.draft('createSite', { name: 'a' }, { priority: 'high', expiresAfterMs: 1000 });
    expect(record).toMatchObject({
      owner: null,
      schemaHash: manifest.schemaHash,
      priority: 'high',
      state: 'queued',
      attempts: 0,
      clientId: 'desk',
    });
    expect(record.expiresAt).toBe(record.enqueuedAt + 1000);
    expect(desk.draft('createSite', { name: 'a' })).toMatchObject({ priority: 'normal', expiresAt: null });
  });

  it('without a manifest is custom and still goes out', () => {
    const desk = createDesk({ manifest: null });
    expect(desk.draft('createSite', { name: 'a' })).toMatchObject({
      kind: 'custom',
      typename: null,
      entityId: null,
      schemaHash: null,
      variables: { input: { name: 'a' } },
    });
  });
});
