import { describe, expect, it } from 'vitest';
import { memoryStore, type OfflineContext, syncPage, useOffline } from '../../server/index.ts';
import { createWorld } from './world.ts';

const identify = () => null;
const store = memoryStore();

describe('options', () => {
  it.each([
    [undefined, 'useOffline: expected an options object, got nothing'],
    [{ identify }, 'useOffline: option store: expected a store, as sqliteStore({ file }) makes it, got nothing'],
    [{ store }, 'useOffline: option identify: expected a function that answers { id } or null, got nothing'],
    [{ store, identify, authorise: identify }, 'got "authorise"'],
    [{ store, identify, authorize: true }, 'useOffline: option authorize: expected a function, got true'],
    [{ store, identify, now: 5 }, 'useOffline: option now: expected a function, got 5'],
    [
      { store, identify, limits: { fieldTimeoutMs: 0 } },
      'useOffline: option limits.fieldTimeoutMs: expected an integer from 1 to 600000, got 0',
    ],
    [
      { store, identify, limits: { unacknowledgedResults: 10 } },
      'useOffline: option limits.unacknowledgedResults: expected an integer from 500 to 1000000, got 10',
    ],
    [{ store, identify, limits: { pagesize: 10 } }, 'got "pagesize"'],
  ])('%#: name the option, what was expected, what came', (options, message) => {
    const make = () => useOffline(options as never);
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });

  it('memoryStore checks its own', () => {
    expect(() => memoryStore({ newId: 'x' } as never)).toThrow('memoryStore: option newId: expected a function, got "x"');
  });
});

describe('context.offline', () => {
  it('is missed with a word on how it gets there', () => {
    expect(() => syncPage({}, {})).toThrow(
      expect.objectContaining({ code: 'NOT_INSTALLED', message: expect.stringContaining('useOffline') }),
    );
  });

  it('writes nowhere but in a mutation', async () => {
    let caught: unknown;
    const resolvers = {
      Query: {
        ping: (_root: unknown, _args: unknown, context: OfflineContext) => {
          try {
            return String(context.offline.write);
          } catch (error) {
            caught = error;
            throw error;
          }
        },
      },
    };
    const world = createWorld(memoryStore(), { resolvers });
    await world.send({ query: '{ ping }' });
    expect(caught).toMatchObject({ code: 'NOT_IN_MUTATION' });
  });

  it('a custom mutation joins the transaction: several writes stand or fall together', async () => {
    const resolvers = {
      Mutation: {
        act: async (_root: unknown, { how }: { how: string }, { offline }: OfflineContext) => {
          await offline.write.create('Site', { id: 's', name: 'new' });
          const conflict = await offline.write.expectVersion('Todo', 't', Number(how));
          if (conflict !== null) throw new Error(conflict.code);
          return { value: (await offline.read.list('Site', {})).nodes.length };
        },
      },
    };
    const world = createWorld(memoryStore(), { resolvers });
    await world.send({ query: 'mutation { createTodo(input: { id: "t", title: "x", tags: [] }) { __typename } }' });
    expect((await world.deliver('mutation { act(id: "t", how: "0") { value } }', { act: 1 })).data).toEqual({ act: null });
    expect(await world.store.reads.get('Site', 's')).toBeNull();
    expect((await world.deliver('mutation { act(id: "t", how: "1") { value } }', { act: 1 })).data).toEqual({ act: { value: 1 } });
    expect(await world.store.reads.get('Site', 's')).not.toBeNull();
  });

  it('a field that is not stored is not dropped in silence', async () => {
    let caught: unknown;
    const resolvers = {
      Mutation: {
        signIn: async (_root: unknown, _args: unknown, { offline }: OfflineContext) => {
          caught = await offline.write.create('Site', { name: 'x', nmae: 'y' }).catch((error: unknown) => error);
          return null;
        },
      },
    };
    const world = createWorld(memoryStore(), { resolvers });
    await world.send({ query: 'mutation { signIn }' });
    expect(caught).toMatchObject({ code: 'UNKNOWN_FIELD', message: expect.stringContaining('"nmae"') });
  });
});
