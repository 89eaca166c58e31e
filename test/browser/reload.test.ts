import { ApolloClient, ApolloLink, gql } from '@apollo/client';
import { expect, test, vi } from 'vitest';
import { localforageStorage } from '../../client/adapters/localforage.ts';
import { createOffline, OfflineCache, type OfflineOptions } from '../../client/index.ts';
import { uploadLink } from '../harness/upload-link.ts';

const ATTACH = gql`
  mutation Attach($to: ID!, $photo: File!, $scan: File) {
    attach(to: $to, photo: $photo, scan: $scan)
  }
`;
const PIXELS = Uint8Array.from({ length: 200_000 }, (_, at) => (at * 31) % 256);
const KEY = Uint8Array.from({ length: 32 }, (_, at) => at);

/** What one page load makes of the application: nothing but IndexedDB outlives it. */
function pageLoad(name: string, options: { readonly online: boolean } & Partial<OfflineOptions>) {
  const { online, ...rest } = options;
  const received: FormData[] = [];
  const cache = new OfflineCache();
  const offline = createOffline({
    cache,
    owner: 'ada',
    storage: { outbox: localforageStorage({ name: `${name}-outbox` }), cache: localforageStorage({ name: `${name}-cache` }) },
    connectivity: { current: () => (online ? 'online' : 'offline'), subscribe: () => () => undefined, probe: async () => online },
    ...rest,
  });
  const server: typeof fetch = async (input, init) => {
    received.push(await new Request(new URL(String(input), location.href), init).formData());
    return Response.json({ data: { attach: 1 } });
  };
  const client = new ApolloClient({ cache, link: ApolloLink.from([offline.link, uploadLink('/graphql', server)]) });
  return { offline, client, received, attached: offline.attach(client) };
}

test.each([
  ['in the clear', {}],
  ['encrypted', { encryption: KEY }],
])('a Blob in variables survives a reload, %s, and is sent whole in a multipart request', async (_, options) => {
  const name = `reload-${Date.now()}-${Object.keys(options).length}`;
  const before = pageLoad(name, { online: false, ...options });
  await before.attached;
  const photo = new File([PIXELS], 'Riß.png', { type: 'image/png', lastModified: 12 });
  await before.offline.mutate({
    mutation: ATTACH,
    variables: { to: 'bridge-7', photo, scan: new Blob(['scanned'], { type: 'text/plain' }) },
  });
  await before.offline.dispose();

  const after = pageLoad(name, { online: true, ...options });
  await after.attached;
  await vi.waitFor(() => expect(after.offline.status.get().pending).toBe(0));
  expect(after.received).toHaveLength(1);
  const [form] = after.received as [FormData];
  expect(JSON.parse(String(form.get('operations')))).toMatchObject({ operationName: 'Attach', variables: { to: 'bridge-7', photo: null } });
  expect(JSON.parse(String(form.get('map')))).toEqual({ 0: ['variables.photo'], 1: ['variables.scan'] });
  const [sent, scan] = [form.get('0') as File, form.get('1') as File];
  expect([sent.name, sent.type, await scan.text()]).toEqual(['Riß.png', 'image/png', 'scanned']);
  const bytes = new Uint8Array(await sent.arrayBuffer());
  expect(bytes.length === PIXELS.length && bytes.every((byte, at) => byte === PIXELS[at])).toBe(true);
  await after.offline.dispose();
});

test('old records after a deploy: rewritten, left to a person with their data, or left alone for the version that made them', async () => {
  const name = `deploy-${Date.now()}`;
  const mutate = (page: ReturnType<typeof pageLoad>, text: string, variables: Record<string, unknown>) =>
    page.offline.mutate({ mutation: gql(text), variables });
  const before = pageLoad(name, { online: false, appVersion: '1.9' });
  await before.attached;
  await mutate(before, 'mutation Save($text: String!) { save(text: $text) }', { text: 'rewritten' });
  await mutate(before, 'mutation Drop($id: ID!) { drop(id: $id) }', { id: 'bridge-7' });
  await before.offline.dispose();

  const migrations = [
    {
      operationName: 'Save',
      before: '2.0',
      migrate: ({ variables }: { variables: Readonly<Record<string, unknown>> }) => ({
        document: 'mutation Store($body: String!) { attach: store(body: $body) }',
        variables: { body: variables.text },
      }),
    },
    { operationName: 'Drop', migrate: () => 'park' as const },
  ];
  const after = pageLoad(name, { online: true, appVersion: '2.0', migrations });
  await after.attached;
  await vi.waitFor(() => expect(after.received).toHaveLength(1));
  await vi.waitFor(() => expect(after.offline.status.get().pending).toBe(0));
  expect(JSON.parse(String(after.received[0]?.get('operations')))).toMatchObject({
    operationName: 'Store',
    variables: { body: 'rewritten' },
  });
  expect(after.offline.outbox.records()).toMatchObject([
    { state: 'dead', operationName: 'Drop', variables: { id: 'bridge-7' }, failure: { code: 'MIGRATION_PARKED' } },
  ]);
  await after.offline.dispose();
});
