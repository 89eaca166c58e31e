import { ApolloLink, gql } from '@apollo/client';
import { afterEach, expect, test } from 'vitest';
import { memoryStorage } from '../../client/adapters/memory.ts';
import { fromCachePersist } from '../../client/adapters/persist-storage.ts';
import type { Storage } from '../../client/index.ts';
import { uploadLink } from '../harness/upload-link.ts';
import { createWorld, type Device, type Tab, type World } from '../harness/world.ts';

let world: World;
afterEach(() => world.close());

const ATTACH = gql`
  mutation Attach($to: ID!, $photos: [File!]!, $note: NoteInput) {
    attach(to: $to, photos: $photos, note: $note)
  }
`;
const PNG = Uint8Array.from({ length: 5_000 }, (_, at) => (at * 31) % 256);

interface Attached {
  readonly to: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** A server that takes files as Yoga does: by multipart requests. */
async function createPhotoWorld(): Promise<Attached[]> {
  const attached: Attached[] = [];
  const read = async (to: string, file: File): Promise<Attached> => ({
    to,
    name: file.name,
    type: file.type,
    bytes: new Uint8Array(await file.arrayBuffer()),
  });
  world = await createWorld({
    typeDefs: /* GraphQL */ `
      scalar File
      input NoteInput { text: String!  scan: File }
      type Todo @versioned { id: ID!  title: String! }
      extend type Mutation { attach(to: ID!, photos: [File!]!, note: NoteInput): Int }
    `,
    resolvers: {
      Mutation: {
        async attach(_: unknown, { to, photos, note }: { to: string; photos: File[]; note?: { scan?: File } }) {
          for (const file of [...photos, ...(note?.scan ? [note.scan] : [])]) attached.push(await read(to, file));
          return photos.length;
        },
      },
    },
  });
  return attached;
}

/** Files only go out through a link that knows how. */
function withUploads(tab: Tab, device: Device): Tab {
  tab.client.setLink(ApolloLink.from([tab.offline.link, uploadLink('http://server/graphql', device.network.fetch, { 'x-user': 'ada' })]));
  return tab;
}

const photo = (name = 'crack.png'): File => new File([PNG], name, { type: 'image/png' });

test.each<[string, () => Storage]>([
  ['structured values', (cells = new Map<string, unknown>()) => memoryStorage(cells)],
  ['strings only', (items = new Map<string, string>()) => fromCachePersist(strings(items))],
])('a Blob in variables survives a reload and goes out whole, as a multipart request, from a storage that keeps %s', async (_, create) => {
  const attached = await createPhotoWorld();
  const storage = create();
  const device = world.device('ada');
  device.setOnline(false);
  const before = await device.open({ storage });
  const note = { text: 'seen from below', scan: new Blob(['scanned'], { type: 'text/plain' }) };
  await before.offline.mutate({ mutation: ATTACH, variables: { to: 'bridge-7', photos: [photo(), photo('rust.png')], note } });
  before.crash();

  const after = withUploads(await device.open({ storage }), device);
  expect(after.offline.outbox.records()).toMatchObject([{ operationName: 'Attach', variables: { to: 'bridge-7' } }]);
  device.setOnline(true);
  await world.clock.runUntil(() => after.offline.status.get().pending === 0);
  expect(attached).toEqual([
    { to: 'bridge-7', name: 'crack.png', type: 'image/png', bytes: PNG },
    { to: 'bridge-7', name: 'rust.png', type: 'image/png', bytes: PNG },
    { to: 'bridge-7', name: 'blob', type: expect.stringMatching(/^text\/plain/), bytes: new TextEncoder().encode('scanned') },
  ]);
  expect(after.offline.outbox.records()).toEqual([]);
});

test('the worker sends files too', async () => {
  const attached = await createPhotoWorld();
  const device = world.device('ada');
  device.setOnline(false);
  const before = await device.open();
  const note = { text: 'seen from below', scan: new Blob(['scanned'], { type: 'text/plain' }) };
  await before.offline.mutate({ mutation: ATTACH, variables: { to: 'bridge-7', photos: [photo()], note } });
  before.crash();
  device.setOnline(true);
  expect(await device.wakeWorker()).toMatchObject({ ended: 'drained', applied: 1 });
  expect(attached).toMatchObject([
    { to: 'bridge-7', name: 'crack.png', type: 'image/png', bytes: PNG },
    { to: 'bridge-7', name: 'blob' },
  ]);
});

test('an upload whose answer was lost is repeated under its key, and the files arrive once', async () => {
  const attached = await createPhotoWorld();
  const device = world.device('ada');
  const tab = withUploads(await device.open(), device);
  device.network.next({ kind: 'dropResponse' });
  const ticket = await tab.offline.mutate<{ attach: number }>({ mutation: ATTACH, variables: { to: 'bridge-7', photos: [photo()] } });
  await world.clock.runUntil(() => tab.offline.status.get().pending === 0);
  expect((await ticket.settled).data).toEqual({ attach: 1 });
  expect(device.network.log.filter(({ reached }) => reached)).toHaveLength(2);
  expect(attached).toHaveLength(1);
  expect(tab.events).toEqual([]);
});

test('with no tab open the worker sends files as the tabs do', async () => {
  const attached = await createPhotoWorld();
  const device = world.device('ada');
  device.setOnline(false);
  const tab = await device.open();
  await tab.offline.mutate({ mutation: ATTACH, variables: { to: 'bridge-7', photos: [photo()] } });
  await tab.close();
  device.setOnline(true);
  expect(await device.wakeWorker()).toMatchObject({ ended: 'drained', applied: 1 });
  expect(attached).toEqual([{ to: 'bridge-7', name: 'crack.png', type: 'image/png', bytes: PNG }]);
});

test('files that are too large are refused at once, and nothing of them is kept', async () => {
  await createPhotoWorld();
  const device = world.device('ada');
  const tab = await device.open({ limits: { maxFileBytes: 2 * PNG.length } });
  device.setOnline(false);
  const attach = (...photos: File[]) => tab.offline.mutate({ mutation: ATTACH, variables: { to: 'bridge-7', photos } });
  await expect(attach(photo(), photo(), photo())).rejects.toMatchObject({
    code: 'RECORD_TOO_LARGE',
    message: expect.stringContaining('expected a mutation of at most 10000 bytes in files (limits.maxFileBytes), got 15000 (Attach)'),
  });
  expect(await tab.disks.outbox.entries('user:ada/record/')).toEqual([]);
  await attach(photo(), photo());
  expect(tab.offline.status.get().pending).toBe(1);
});

test('buffers and typed arrays in variables are kept as they are', async () => {
  await createPhotoWorld();
  const device = world.device('ada');
  device.setOnline(false);
  const before = await device.open();
  const variables = { to: 'x', photos: [], raw: PNG.slice(0, 4), whole: PNG.slice(0, 8).buffer, node: Buffer.from('node') };
  const mutation = gql`
    mutation Raw($to: ID!, $raw: Bytes, $whole: Bytes, $node: Bytes) {
      raw(to: $to, raw: $raw, whole: $whole, node: $node)
    }
  `;
  await before.offline.mutate({ mutation, variables });
  before.crash();
  const after = await device.open();
  const [record] = after.offline.outbox.records();
  expect(record?.variables).toMatchObject({ raw: PNG.slice(0, 4), whole: PNG.slice(0, 8).buffer });
  expect(new TextDecoder().decode(record?.variables.node as Uint8Array)).toBe('node');
});

function strings(items: Map<string, string>) {
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
}
