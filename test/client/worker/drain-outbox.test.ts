import { gql } from '@apollo/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BackgroundOptions, drainOutbox } from '../../../client/worker/index.ts';
import { createWorld, type Device, type Tab, type World } from '../../harness/world.ts';

const CREATE = gql`
  mutation CreateTodo($input: CreateTodoInput!) {
    createTodo(input: $input) {
      ... on CreateTodoPayload {
        todo {
          id
          title
        }
      }
    }
  }
`;
const UPDATE = gql`
  mutation UpdateTodo($input: UpdateTodoInput!) {
    updateTodo(input: $input) {
      ... on UpdateTodoPayload {
        todo {
          id
        }
      }
    }
  }
`;
const DELETE = gql`
  mutation DeleteTodo($input: DeleteTodoInput!) {
    deleteTodo(input: $input) {
      ... on DeleteTodoPayload {
        todo {
          id
        }
      }
    }
  }
`;
const TODOS = gql`
  query Todos {
    todos {
      nodes {
        id
        title
        done
        note
        tags
        votes
        _version
      }
    }
  }
`;
const OTHERS_UPDATE = 'mutation Theirs($input: UpdateTodoInput!) { updateTodo(input: $input) { __typename } }';
const OTHERS_DELETE = 'mutation Theirs($input: DeleteTodoInput!) { deleteTodo(input: $input) { __typename } }';

interface Todo {
  readonly id: string;
  readonly title: string;
  readonly note: string | null;
  readonly votes: number;
  readonly _version: number;
}

let world: World;
let device: Device;
beforeEach(async () => {
  world = await createWorld();
  device = world.device('ada');
});
afterEach(() => world.close());

const stored = async (): Promise<readonly Todo[]> =>
  (await world.query<{ todos: { nodes: readonly Todo[] } }>('{ todos { nodes { id title note votes _version } } }')).todos.nodes;
const shown = (tab: Tab): readonly Todo[] =>
  (tab.cache.readQuery({ query: TODOS }, true) as { todos: { nodes: readonly Todo[] } } | null)?.todos.nodes ?? [];
const input = { title: 'first', done: false, tags: [], votes: 0 };

/** A tab edits without a network and is closed. */
async function leave(edit: (tab: Tab) => Promise<unknown>): Promise<void> {
  device.setOnline(true);
  const tab = await device.open();
  await tab.client.query({ query: TODOS, fetchPolicy: 'network-only' });
  device.setOnline(false);
  await edit(tab);
  await world.clock.settle();
  await tab.close();
  device.setOnline(true);
}

describe('with no tab open', () => {
  it('what was left is sent in order and once, and is on screen in the next tab without asking anybody', async () => {
    await leave(async (tab) => {
      const { entityIds } = await tab.offline.mutate({ mutation: CREATE, variables: { input } });
      await tab.offline.mutate({ mutation: UPDATE, variables: { input: { id: entityIds.createTodo, title: 'second', votes: 1 } } });
      await tab.offline.mutate({ mutation: UPDATE, variables: { input: { id: entityIds.createTodo, votes: 3 } } });
    });
    expect(await device.wakeWorker()).toEqual({ ended: 'drained', sent: 3, applied: 3, conflicts: 0, rejected: 0, remaining: 0 });
    expect(await stored()).toMatchObject([{ title: 'second', votes: 3, _version: 3 }]);
    expect(await device.wakeWorker()).toMatchObject({ ended: 'drained', sent: 0 });

    const sent = device.network.log.length;
    device.setOnline(false);
    const tab = await device.open();
    expect(shown(tab)).toMatchObject([{ title: 'second', votes: 3, _version: 3 }]);
    expect(tab.offline.status.get().pending).toBe(0);
    // The results are in the cache on disk, so that their records can go.
    await world.clock.advance(10_000);
    expect(await tab.disks.outbox.entries('user:ada/record/')).toEqual([]);
    expect(device.network.log.length).toBe(sent);
  });

  it('carries the headers of the moment of sending, and stores nothing of them', async () => {
    await leave((tab) => tab.offline.mutate({ mutation: CREATE, variables: { input } }));
    let asked = 0;
    const headers = () => ({ 'x-user': 'ada', authorization: `token ${++asked}` });
    await device.wakeWorker({ headers });
    expect(device.network.operations('CreateTodo').at(-1)?.headers).toMatchObject({ authorization: 'token 1' });
    const tab = await device.open();
    expect(JSON.stringify(await tab.disks.outbox.entries(''))).not.toContain('token');
  });

  it('an encrypted outbox is sent by whoever has its key, and by nobody else', async () => {
    const key = new Uint8Array(32).fill(7);
    device.setOnline(false);
    const tab = await device.open({ encryption: key });
    await tab.offline.mutate({ mutation: CREATE, variables: { input } });
    await tab.close();
    device.setOnline(true);
    expect(await device.wakeWorker({ encryption: () => null })).toMatchObject({ ended: 'nobody', sent: 0 });
    expect(await device.wakeWorker({ encryption: async () => key })).toMatchObject({ ended: 'drained', applied: 1 });
    expect(await stored()).toHaveLength(1);
  });

  it('a conflict merges by the rules of the schema, and what does not merge is parked for the next tab', async () => {
    await world.query('mutation ($input: CreateTodoInput!) { createTodo(input: $input) { __typename } }', {
      input: { ...input, id: 'merges', votes: 10 },
    });
    await world.query('mutation ($input: CreateTodoInput!) { createTodo(input: $input) { __typename } }', {
      input: { ...input, id: 'parks' },
    });
    await leave(async (tab) => {
      await tab.offline.mutate({ mutation: UPDATE, variables: { input: { id: 'merges', _version: 1, note: 'mine', votes: 11 } } });
      await tab.offline.mutate({ mutation: UPDATE, variables: { input: { id: 'parks', _version: 1, title: 'mine' } } });
    });
    await world.query(OTHERS_UPDATE, { input: { id: 'merges', _version: 1, title: 'theirs', votes: 12 } });
    await world.query(OTHERS_UPDATE, { input: { id: 'parks', _version: 1, title: 'theirs' } });
    expect(await device.wakeWorker()).toMatchObject({ ended: 'drained', applied: 1, conflicts: 1, remaining: 0 });
    expect((await stored()).find(({ id }) => id === 'merges')).toMatchObject({ title: 'theirs', note: 'mine', votes: 13 });

    const tab = await device.open();
    const [conflict] = tab.offline.conflicts.records();
    expect(conflict).toMatchObject({ base: { title: 'first' }, local: { title: 'mine' }, remote: { title: 'theirs' } });
    await tab.offline.conflicts.resolve(conflict?.id ?? '', { take: 'local' });
    await world.clock.settle();
    expect((await stored()).find(({ id }) => id === 'parks')).toMatchObject({ title: 'mine' });
  });

  it('a conflict with a delete can be decided for the edit, though no screen was there to keep a copy from', async () => {
    await world.query('mutation ($input: CreateTodoInput!) { createTodo(input: $input) { __typename } }', {
      input: { ...input, id: 'gone', note: 'kept' },
    });
    await leave((tab) => tab.offline.mutate({ mutation: UPDATE, variables: { input: { id: 'gone', _version: 1, title: 'mine' } } }));
    await world.query(OTHERS_DELETE, { input: { id: 'gone', _version: 1 } });
    await device.wakeWorker();
    const tab = await device.open();
    await world.clock.settle();
    const [conflict] = tab.offline.conflicts.records();
    await tab.offline.conflicts.resolve(conflict?.id ?? '', { take: 'local' });
    await world.clock.settle();
    expect(await stored()).toMatchObject([{ id: 'gone', title: 'mine', note: 'kept' }]);
  });

  it('a delete that is refused waits among the dead letters, and holds up nobody else', async () => {
    await leave(async (tab) => {
      await tab.offline.mutate({ mutation: DELETE, variables: { input: { id: 'never there', _version: 1 } } });
      await tab.offline.mutate({ mutation: CREATE, variables: { input } });
    });
    expect(await device.wakeWorker()).toMatchObject({ ended: 'drained', applied: 1 });
    expect(await stored()).toHaveLength(1);
  });

  it('gives up at the first sign that there is no network, and leaves everything as it was', async () => {
    await leave(async (tab) => {
      for (const title of ['a', 'b', 'c', 'd', 'e', 'f'])
        await tab.offline.mutate({ mutation: CREATE, variables: { input: { ...input, title } } });
    });
    device.network.offline = true;
    expect(await device.wakeWorker()).toMatchObject({ ended: 'unreachable', sent: 0, remaining: 6 });
    expect(device.network.operations('CreateTodo').length).toBeLessThanOrEqual(4);
    device.network.offline = false;
    // What waits because the network was gone does not wait out its backoff.
    expect(await device.wakeWorker()).toMatchObject({ ended: 'drained', applied: 6 });
  });

  it('an answer that was lost after the commit: sent again under the same key, applied once', async () => {
    await leave((tab) => tab.offline.mutate({ mutation: CREATE, variables: { input } }));
    device.network.next({ kind: 'dropResponse' });
    expect(await device.wakeWorker()).toMatchObject({ ended: 'unreachable', remaining: 1 });
    expect(await device.wakeWorker()).toMatchObject({ ended: 'drained', applied: 1 });
    expect(await stored()).toMatchObject([{ _version: 1 }]);
  });

  it('leaves to whoever is next what is to be tried again later: it has no lock by then', async () => {
    await leave((tab) => tab.offline.mutate({ mutation: CREATE, variables: { input } }));
    const body = JSON.stringify({ data: null, errors: [{ message: 'busy', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] });
    device.network.next({ kind: 'status', status: 200, headers: { 'content-type': 'application/json' }, body });
    expect(await device.wakeWorker()).toMatchObject({ ended: 'drained', remaining: 1 });
    await world.clock.advance(60_000);
    expect(device.network.operations('CreateTodo')).toHaveLength(1);
    expect(await device.wakeWorker()).toMatchObject({ ended: 'drained', applied: 1 });
  });

  it('sends nothing while its owner works offline on purpose', async () => {
    await leave(async (tab) => {
      tab.offline.outbox.pause();
      await tab.offline.mutate({ mutation: CREATE, variables: { input } });
    });
    expect(await device.wakeWorker()).toMatchObject({ ended: 'paused', sent: 0 });
    expect(device.network.operations('CreateTodo')).toEqual([]);
  });
});

describe('whose records', () => {
  it.each(['keep', 'flush', 'discard'] as const)(
    'I14: after signing out (%s) it sends nothing, and asks for no headers',
    async (pending) => {
      const tab = await device.open();
      device.setOnline(false);
      await tab.offline.mutate({ mutation: CREATE, variables: { input } });
      await world.clock.settle();
      await tab.offline.signOut({ pending });
      device.setOnline(true);
      const headers = () => expect.unreachable('asked for headers');
      expect(await device.wakeWorker({ headers })).toMatchObject({ ended: 'nobody', sent: 0 });
      expect(device.network.operations('CreateTodo')).toEqual([]);
    },
  );

  it('I14: it sends what the one who is signed in has left, not what others have', async () => {
    await leave((tab) => tab.offline.mutate({ mutation: CREATE, variables: { input: { ...input, title: "ada's" } } }));
    device.setOnline(false);
    const other = await device.open({ owner: 'grace' });
    await other.offline.mutate({ mutation: CREATE, variables: { input: { ...input, title: "grace's" } } });
    await other.close();
    device.setOnline(true);
    await device.wakeWorker();
    expect(await stored()).toMatchObject([{ title: "grace's" }]);
  });

  it('the application may know that nobody is signed in any more', async () => {
    await leave((tab) => tab.offline.mutate({ mutation: CREATE, variables: { input } }));
    expect(await device.wakeWorker({ headers: () => null })).toMatchObject({ ended: 'nobody', sent: 0, remaining: 1 });
  });

  it('a session that has ended spends nothing, and waits for a sign-in', async () => {
    await leave((tab) => tab.offline.mutate({ mutation: CREATE, variables: { input } }));
    device.network.next({ kind: 'status', status: 401 });
    expect(await device.wakeWorker()).toMatchObject({ ended: 'unauthenticated', sent: 0, remaining: 1 });
    const tab = await device.open();
    await world.clock.settle();
    expect(tab.offline.status.get().pending).toBe(0);
    expect(await stored()).toHaveLength(1);
  });
});

describe('beside tabs', () => {
  it('stands in line behind the tab that sends, and leaves it to it', async () => {
    const tab = await device.open();
    device.setOnline(false);
    await tab.offline.mutate({ mutation: CREATE, variables: { input } });
    const worker = device.wakeWorker();
    await world.clock.advance(6_000);
    expect(await worker).toMatchObject({ ended: 'elsewhere', sent: 0, remaining: 1 });
  });

  it('takes over when the last tab goes while it stands in line', async () => {
    const tab = await device.open();
    device.setOnline(false);
    await tab.offline.mutate({ mutation: CREATE, variables: { input } });
    await world.clock.settle();
    device.network.offline = false;
    const worker = device.wakeWorker();
    await world.clock.settle();
    tab.crash();
    await world.clock.settle();
    expect(await worker).toMatchObject({ ended: 'drained', applied: 1 });
  });

  it('lets go when a tab is opened: the request under way is repeated by the tab under the same key', async () => {
    await leave((tab) => tab.offline.mutate({ mutation: CREATE, variables: { input } }));
    device.network.next({ kind: 'delay', responseMs: 20_000 });
    const worker = device.wakeWorker();
    await world.clock.advance(1_000);
    const tab = await device.open();
    await world.clock.settle();
    expect(await worker).toMatchObject({ ended: 'elsewhere' });
    expect(tab.offline.status.get()).toMatchObject({ leader: true, pending: 0 });
    expect(device.network.operations('CreateTodo')).toHaveLength(2);
    expect(await stored()).toHaveLength(1);
  });
});

describe('bad input', () => {
  it.each([
    ['endpoint', { endpoint: '' }],
    ['headers', { headers: {} }],
    ['timeoutMs', { timeoutMs: Number.NaN }],
    ['manifest', { manifest: { protocol: 99 } }],
  ])('option %s', async (name, options) => {
    await expect(drainOutbox(options as unknown as BackgroundOptions)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining(name),
    });
  });

  it('what cannot be read is reported and left alone, and the rest is sent', async () => {
    await leave(async (tab) => {
      await tab.offline.mutate({ mutation: CREATE, variables: { input } });
      await tab.disks.outbox.put('user:ada/record/damaged', 'not a record');
    });
    const codes: string[] = [];
    expect(await device.wakeWorker({ onEvent: ({ code }) => codes.push(code) })).toMatchObject({ applied: 1 });
    expect(codes).toEqual(['RECORD_UNREADABLE']);
    const tab = await device.open();
    expect(await tab.disks.outbox.get('user:ada/record/damaged')).toBe('not a record');
  });
});
