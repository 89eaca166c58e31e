import { gql } from '@apollo/client';
import { afterEach, describe, expect, it } from 'vitest';
import type { Migration, OfflineOptions } from '../../client/index.ts';
import { offlineManifest } from '../../schema/index.ts';
import { createOfflineSchema, memoryStore } from '../../server/index.ts';
import { createWorld, type Device, type Tab, type World } from '../harness/world.ts';

let world: World;
afterEach(() => world.close());

/** What the server, and the app, are today. */
const TODAY = /* GraphQL */ `
  type Note @versioned { id: ID!  text: String!  stars: Int! @merge(strategy: COUNTER) }
  extend type Mutation { say(words: String!): String }
`;
/** What they were when the mutations were made: another field, and mutations that are gone. */
const BEFORE = /* GraphQL */ `
  type Note @versioned { id: ID!  body: String!  stars: Int! @merge(strategy: COUNTER) }
  type Label @versioned { id: ID!  name: String! }
`;
const manifestOf = (typeDefs: string, resolvers = {}) =>
  offlineManifest(createOfflineSchema({ typeDefs, resolvers, store: memoryStore() }));
const SAY = { Mutation: { say: (_: unknown, { words }: { words: string }) => words } };
const OLD: Partial<OfflineOptions> = { manifest: manifestOf(BEFORE), appVersion: '1.9.0' };
const CREATE = gql('mutation NewNote($input: CreateNoteInput!) { createNote(input: $input) { __typename } }');
const UPDATE = gql('mutation EditNote($input: UpdateNoteInput!) { updateNote(input: $input) { __typename } }');
const LABEL = gql('mutation NewLabel($input: CreateLabelInput!) { createLabel(input: $input) { __typename } }');
const SHOUT = gql('mutation Shout($text: String!) { shout(text: $text) }');
const NOTES = '{ notes(orderBy: [{ field: text }]) { nodes { id text stars } } }';

const renamed: Migration = {
  before: '2.0',
  migrate({ typename, variables }) {
    if (typename !== 'Note') return null;
    const { body, ...input } = variables.input as { body?: string };
    return body === undefined ? null : { variables: { input: { ...input, text: body } } };
  },
};

/** A device on which the deploy of before has left something waiting. */
async function leftWaiting(make: (tab: Tab) => Promise<unknown>): Promise<Device> {
  world = await createWorld({ typeDefs: TODAY, resolvers: SAY });
  const device = world.device('ada');
  device.setOnline(false);
  const tab = await device.open(OLD);
  await make(tab);
  await tab.close();
  return device;
}
const today = (migrations: readonly Migration[] = [], appVersion = '2.0.0'): Partial<OfflineOptions> => ({ appVersion, migrations });
const create = (tab: Tab, body: string) => tab.offline.mutate({ mutation: CREATE, variables: { input: { id: body, body, stars: 1 } } });
const drained = (tab: Tab) => world.clock.runUntil(() => tab.offline.status.get().pending === 0);

describe('records of an earlier deploy', () => {
  it('carry app version, schema hash and codec', async () => {
    const device = await leftWaiting((tab) => create(tab, 'a'));
    const tab = await device.open(today());
    const [[, record]] = (await tab.disks.outbox.entries('user:ada/record/')) as [[string, unknown]];
    expect(record).toMatchObject({ codec: 1, appVersion: '1.9.0', schemaHash: OLD.manifest?.schemaHash });
  });

  it('are brought into the form of today, shown and sent in it, in their order, once, and stored in it', async () => {
    const device = await leftWaiting(async (tab) => {
      await create(tab, 'a');
      await tab.offline.mutate({ mutation: UPDATE, variables: { input: { id: 'a', body: 'b', stars: 3 } } });
    });
    const tab = await device.open(today([renamed]));
    await world.clock.settle();
    expect(tab.offline.outbox.records().map(({ variables }) => variables.input)).toMatchObject([
      { id: 'a', text: 'a' },
      { id: 'a', text: 'b' },
    ]);
    for (const [, record] of await tab.disks.outbox.entries('user:ada/record/'))
      expect(record).toMatchObject({ appVersion: '2.0.0', variables: { input: { text: expect.any(String) } } });
    device.setOnline(true);
    await drained(tab);
    expect(await world.query(NOTES)).toEqual({ notes: { nodes: [{ id: 'a', text: 'b', stars: 3 }] } });
    expect(tab.events).toEqual([]);
  });

  it('may become another mutation altogether', async () => {
    const device = await leftWaiting((tab) => tab.offline.mutate({ mutation: SHOUT, variables: { text: 'hello' } }));
    const tab = await device.open(
      today([
        {
          operationName: 'Shout',
          migrate: ({ variables }) => ({
            document: 'mutation Say($words: String!) { say(words: $words) }',
            variables: { words: variables.text },
          }),
        },
      ]),
    );
    device.setOnline(true);
    await drained(tab);
    expect(device.network.operations('Say')).toMatchObject([{ body: { variables: { words: 'hello' } }, outcome: 200 }]);
    expect(tab.offline.status.get()).toMatchObject({ deadLetters: 0 });
  });

  it.each<[string, Migration, string]>([
    ['that is left to a person', { migrate: () => 'park' }, 'MIGRATION_PARKED'],
    [
      'whose migration throws',
      {
        migrate: () => {
          throw new TypeError('no body');
        },
      },
      'MIGRATION_THREW',
    ],
    ['whose migration makes no mutation of it', { migrate: () => ({ document: 'query { notes { nodes { id } } }' }) }, 'MIGRATION_THREW'],
    [
      'whose migration makes two of it',
      { migrate: () => ({ document: 'mutation { a: say(words: "") b: say(words: "") }' }) },
      'MIGRATION_THREW',
    ],
  ])('one %s is parked with its data, and the others go on', async (_, migration, code) => {
    const device = await leftWaiting(async (tab) => {
      await create(tab, 'a');
      await tab.offline.mutate({ mutation: SHOUT, variables: { text: 'hello' } });
      await create(tab, 'b');
    });
    const migrations = [renamed, { ...migration, operationName: 'Shout' }];
    const tab = await device.open(today(migrations));
    device.setOnline(true);
    await drained(tab);
    expect(await world.query(NOTES)).toMatchObject({ notes: { nodes: [{ id: 'a' }, { id: 'b' }] } });
    const [parked] = tab.offline.outbox.records();
    expect(parked).toMatchObject({ state: 'dead', operationName: 'Shout', variables: { text: 'hello' }, failure: { code } });
    expect(tab.events).toEqual([expect.objectContaining({ code, key: parked?.id })]);

    // The next deploy knows better: nobody has decided yet.
    await tab.close();
    const next = await device.open(
      today([{ operationName: 'Shout', migrate: () => ({ document: 'mutation Say($text: String!) { say(words: $text) }' }) }], '2.0.1'),
    );
    await drained(next);
    expect(next.offline.outbox.records()).toEqual([]);
    expect(device.network.operations('Say')).toHaveLength(1);
  });

  it('of a mutation that the schema has no more is parked with its data, by the manifest without asking anybody', async () => {
    const device = await leftWaiting((tab) => tab.offline.mutate({ mutation: LABEL, variables: { input: { id: 'l', name: 'urgent' } } }));
    device.setOnline(true);
    const tab = await device.open(today());
    await world.clock.settle();
    expect(tab.offline.outbox.records()).toMatchObject([
      { state: 'dead', variables: { input: { name: 'urgent' } }, failure: { code: 'UNKNOWN_MUTATION' } },
    ]);
    expect(device.network.operations('NewLabel')).toEqual([]);
    expect(tab.events).toMatchObject([{ code: 'UNKNOWN_MUTATION' }]);
  });

  it('… or, when only the server knows that, by its refusal', async () => {
    const device = await leftWaiting((tab) => tab.offline.mutate({ mutation: SHOUT, variables: { text: 'hello' } }));
    device.setOnline(true);
    const tab = await device.open(today());
    await drained(tab);
    expect(tab.offline.outbox.records()).toMatchObject([
      { state: 'dead', variables: { text: 'hello' }, failure: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
  });

  describe('a parked conflict', () => {
    /** Parked, and acknowledged with what came after it: the server has forgotten what it answered. */
    async function parked(): Promise<Device> {
      world = await createWorld({ typeDefs: TODAY, resolvers: SAY });
      const device = world.device('ada');
      const tab = await device.open(today());
      await tab.offline.mutate({ mutation: CREATE, variables: { input: { id: 'a', text: 'first', stars: 0 } } });
      await drained(tab);
      await world.query('mutation { updateNote(input: { id: "a", text: "theirs", _version: 1 }) { __typename } }');
      await tab.offline.mutate({ mutation: UPDATE, variables: { input: { id: 'a', text: 'mine', _version: 1 } } });
      await drained(tab);
      await tab.offline.mutate({ mutation: gql('mutation Say($w: String!) { say(words: $w) }'), variables: { w: 'hi' } });
      await drained(tab);
      expect(tab.offline.conflicts.records()).toMatchObject([{ remote: { text: 'theirs' } }]);
      await tab.close();
      return device;
    }

    it('is put to the server again in the form of today, and stays until somebody has decided', async () => {
      const device = await parked();
      const louder: Migration = { operationName: 'EditNote', migrate: () => ({ variables: { input: { id: 'a', text: 'MINE' } } }) };
      const tab = await device.open(today([louder], '2.0.1'));
      await drained(tab);
      expect(tab.events).toEqual([]);
      const [record] = tab.offline.conflicts.records();
      expect(record).toMatchObject({ local: { text: 'MINE' }, remote: { text: 'theirs' } });
      await tab.offline.conflicts.resolve(record?.id as string, { take: 'local' });
      await drained(tab);
      expect(await world.query(NOTES)).toMatchObject({ notes: { nodes: [{ id: 'a', text: 'MINE' }] } });
    });

    it('that a release leaves to a person is sent when that person wants it', async () => {
      const device = await parked();
      const tab = await device.open(today([{ operationName: 'EditNote', migrate: () => 'park' }], '2.0.1'));
      await world.clock.settle();
      const [record] = tab.offline.outbox.records();
      expect(record).toMatchObject({ state: 'dead', failure: { code: 'MIGRATION_PARKED' } });
      await tab.offline.outbox.retry(record?.id as string);
      await drained(tab);
      expect(tab.offline.conflicts.records()).toMatchObject([{ remote: { text: 'theirs' } }]);
    });
  });

  it('a person may edit what was parked: then it is of today, and no migration touches it again', async () => {
    const device = await leftWaiting((tab) => create(tab, 'a'));
    let runs = 0;
    const parking: Migration = { migrate: () => (++runs > 0 ? 'park' : null) };
    const first = await device.open(today([parking]));
    const [parked] = first.offline.outbox.records();
    await first.offline.outbox.edit(parked?.id as string, { input: { text: 'by hand', stars: 0 } });
    await first.close();
    const before = runs;
    const second = await device.open(today([parking]));
    device.setOnline(true);
    await drained(second);
    expect(runs).toBe(before);
    expect(await world.query(NOTES)).toMatchObject({ notes: { nodes: [{ id: 'a', text: 'by hand' }] } });
  });

  it('without a migration go out as they are', async () => {
    const device = await leftWaiting((tab) =>
      tab.offline.mutate({ mutation: gql('mutation Say($w: String!) { say(words: $w) }'), variables: { w: 'hi' } }),
    );
    const tab = await device.open(today());
    device.setOnline(true);
    await drained(tab);
    expect(tab.offline.outbox.records()).toEqual([]);
  });
});

describe('what this release cannot take', () => {
  it('records of a newer app for another schema are left alone by an older one, which says so, and sent by the newer', async () => {
    world = await createWorld({ typeDefs: TODAY, resolvers: SAY });
    const device = world.device('ada');
    device.setOnline(false);
    const newer = await device.open(today());
    await newer.offline.mutate({ mutation: CREATE, variables: { input: { id: 'a', text: 'new', stars: 0 } } });
    await newer.close();
    device.setOnline(true);

    const older = await device.open(OLD);
    await world.clock.advance(60_000);
    expect(older.offline.status.get()).toMatchObject({ pending: 0 });
    expect(older.events.map(({ code }) => code)).toContain('RECORD_NEWER');
    expect(older.offline.outbox.quarantined()).toMatchObject([{ code: 'RECORD_NEWER', value: { appVersion: '2.0.0' } }]);
    expect(await world.query(NOTES)).toEqual({ notes: { nodes: [] } });
    await older.close();

    const again = await device.open(today());
    await drained(again);
    expect(await world.query(NOTES)).toMatchObject({ notes: { nodes: [{ text: 'new' }] } });
    expect(again.offline.outbox.quarantined()).toEqual([]);
  });

  it('an older app sends what a newer one has stored for the same schema', async () => {
    world = await createWorld({ typeDefs: TODAY, resolvers: SAY });
    const device = world.device('ada');
    device.setOnline(false);
    const newer = await device.open({ appVersion: '10.0' });
    await newer.offline.mutate({ mutation: CREATE, variables: { input: { id: 'a', text: 'new', stars: 0 } } });
    await newer.close();
    device.setOnline(true);
    const older = await device.open({ appVersion: '9.1' });
    await drained(older);
    expect(await world.query(NOTES)).toMatchObject({ notes: { nodes: [{ text: 'new' }] } });
  });

  it('damaged records, those of an unknown codec and of another owner are listed, never sent, never deleted', async () => {
    world = await createWorld();
    const device = world.device('ada');
    device.setOnline(false);
    const first = await device.open();
    const { id } = await first.offline.mutate({ mutation: gql('mutation { createList(input: { name: "theirs" }) { __typename } }') });
    await first.close();
    const disk = first.disks.outbox.reload();
    const mine = (await disk.get(`user:ada/record/${id}`)) as object;
    await disk.remove(`user:ada/record/${id}`);
    const bad = {
      'record/1': 'half of what was wri',
      'record/2': { codec: 99, id: '2' },
      'record/3': { codec: 0 },
      'record/4': { ...mine, id: '4', owner: 'grace' },
    };
    device.setOnline(true);
    for (const [key, value] of Object.entries(bad)) await disk.put(`user:ada/${key}`, value);
    const tab = await device.open();
    await world.clock.advance(60_000);
    expect(tab.offline.outbox.quarantined()).toMatchObject([
      { key: 'record/1', code: 'RECORD_UNREADABLE', value: 'half of what was wri' },
      { key: 'record/2', code: 'RECORD_NEWER', value: { codec: 99 } },
      { key: 'record/3', code: 'RECORD_UNREADABLE', value: { codec: 0 } },
      { key: 'record/4', code: 'WRONG_OWNER', value: null },
    ]);
    await tab.offline.outbox.flush();
    await tab.close();
    expect(await world.query('{ lists { nodes { id } } }')).toEqual({ lists: { nodes: [] } });
    expect((await disk.entries('user:ada/record/')).map(([, value]) => value)).toEqual(Object.values(bad));
  });
});
