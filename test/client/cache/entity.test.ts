import { gql, InMemoryCache } from '@apollo/client';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readEntity, writeEntity } from '../../../client/cache/entity.ts';
import { OfflineCache } from '../../../client/cache/offline-cache.ts';
import { manifest } from './fixture.ts';

describe('one entity', () => {
  it('is written and read by input names, a reference by its id', () => {
    const cache = new OfflineCache();
    const values = { id: '1', _version: 1, title: '', done: false, rank: null, tags: [], siteId: 's1' };
    writeEntity(cache, manifest, 'Todo', { ...values, unknown: 'skipped' });
    expect(cache.rootEntity('Todo:1')).toEqual({
      __typename: 'Todo',
      id: '1',
      _version: 1,
      title: '',
      done: false,
      rank: null,
      tags: [],
      site: { __ref: 'Site:s1' },
    });
    expect(readEntity(cache, manifest, 'Todo', '1')).toEqual(values);
    expect(readEntity(cache, manifest, 'Todo', '2')).toBeNull();
  });

  it('takes the output form too, and leaves alone what is not named', () => {
    const cache = new OfflineCache();
    writeEntity(cache, manifest, 'Todo', { id: '1', title: 'kept', siteId: 's1' });
    writeEntity(cache, manifest, 'Todo', { __typename: 'Todo', id: '1', site: { __typename: 'Site', id: 's2', name: 'not this way' } });
    expect(readEntity(cache, manifest, 'Todo', '1')).toEqual({ id: '1', title: 'kept', siteId: 's2' });
    writeEntity(cache, manifest, 'Todo', { id: '1', siteId: null });
    expect(readEntity(cache, manifest, 'Todo', '1')).toMatchObject({ siteId: null });
  });

  it('makes no stub of what it refers to, so that nobody takes a stub for the entity', () => {
    const cache = new OfflineCache();
    writeEntity(cache, manifest, 'Todo', { id: '1', siteId: 's1' });
    expect(cache.rootEntity('Site:s1')).toBeUndefined();
    const fragment = gql`
      fragment T on Todo { id site { id } }
    `;
    expect(cache.readFragment({ id: 'Todo:1', fragment })).toBeNull();
  });

  it('is read with what is pending, and inside a pending update with what comes before it', () => {
    const cache = new OfflineCache();
    writeEntity(cache, manifest, 'Todo', { id: '1', rank: 1 });
    const add = (n: number) => (layer: Parameters<typeof readEntity>[0]) => {
      const before = readEntity(layer, manifest, 'Todo', '1', { optimistic: true });
      writeEntity(layer, manifest, 'Todo', { id: '1', rank: (before?.rank as number) + n });
    };
    cache.showPending('a', 1, add(10));
    cache.showPending('b', 2, add(100));
    expect(readEntity(cache, manifest, 'Todo', '1')).toMatchObject({ rank: 1 });
    expect(readEntity(cache, manifest, 'Todo', '1', { optimistic: true })).toMatchObject({ rank: 111 });
    writeEntity(cache, manifest, 'Todo', { id: '1', rank: 2 });
    expect(readEntity(cache, manifest, 'Todo', '1', { optimistic: true })).toMatchObject({ rank: 112 });
  });

  it.each([
    ['none', {}],
    ['a read function', { title: { read: (title: unknown) => `${String(title)}!` } }],
    ['a merge function', { tags: { merge: (before: readonly string[] = [], tags: readonly string[]) => [...before, ...tags] } }],
    ['another name', { title: { keyArgs: () => 'title:de' } }],
  ])(
    "is stored as Apollo's own writeFragment does it, in a pending update and in the data, whatever the policy of its fields: %s",
    (_, fields) => {
      const [shown, stored] = [0, 1].map(() => new OfflineCache({ typePolicies: { Todo: { fields } } })) as [OfflineCache, OfflineCache];
      const native = new InMemoryCache({ typePolicies: { Todo: { fields } } });
      const steps = [
        { id: '1', _version: 1, title: 'a', tags: ['x'], siteId: 's1' },
        { id: '1', title: 'b', tags: ['y'], siteId: null },
      ];
      for (const [index, values] of steps.entries()) {
        const { siteId, ...plain } = values;
        const data = { __typename: 'Todo', ...plain, site: siteId === null ? null : { __ref: `Site:${siteId}` } };
        const fragment = parse(`fragment Stored on Todo { ${Object.keys(data).join(' ')} }`);
        native.writeFragment({ id: 'Todo:1', fragment, data });
        writeEntity(stored, manifest, 'Todo', values);
        shown.showPending(`p${index}`, index, (layer) => writeEntity(layer, manifest, 'Todo', values));
      }
      expect(stored.extract()).toEqual(native.extract());
      expect(shown.extract(true)).toEqual(native.extract());
      expect(shown.extract()).toEqual({});
      stored.gc();
      shown.gc();
      expect(readEntity(stored, manifest, 'Todo', '1')).toEqual(readEntity(native, manifest, 'Todo', '1'));
      expect(readEntity(shown, manifest, 'Todo', '1', { optimistic: true })).toEqual(readEntity(native, manifest, 'Todo', '1'));
    },
  );

  it('is told to watchers, once for all that is written together', () => {
    const cache = new OfflineCache();
    const titles: unknown[] = [];
    const fragment = gql`fragment Title on Todo { title }`;
    cache.watchFragment({ fragment, from: { __typename: 'Todo', id: '1' } }).subscribe(({ data }) => titles.push(data));
    writeEntity(cache, manifest, 'Todo', { id: '1', title: 'a' });
    cache.together(() => {
      writeEntity(cache, manifest, 'Todo', { id: '1', title: 'b' });
      writeEntity(cache, manifest, 'Todo', { id: '1', title: 'c' });
    });
    expect(titles.slice(-2)).toEqual([
      { __typename: 'Todo', title: 'a' },
      { __typename: 'Todo', title: 'c' },
    ]);
  });

  it('is read raw, past the read functions that an application defines for its screens', () => {
    const cache = new OfflineCache({
      typePolicies: { Todo: { fields: { title: { read: (title: string | undefined) => title?.toUpperCase() } } } },
    });
    writeEntity(cache, manifest, 'Todo', { id: '1', title: 'as stored' });
    expect(readEntity(cache, manifest, 'Todo', '1')).toMatchObject({ title: 'as stored' });
  });

  it('misuse says what was expected', () => {
    const cache = new OfflineCache();
    expect(() => writeEntity(cache, manifest, 'Todo', { title: 'no id' })).toThrow('expected a Todo with an id, got none');
    expect(() => readEntity(cache, manifest, 'Nope', '1')).not.toThrow();
    expect(() => writeEntity(cache, manifest, 'Nope', { id: '1' })).toThrow('expected a versioned type of the manifest, got Nope');
  });
});
