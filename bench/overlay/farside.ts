import { systemClock } from '../../client/adapters/browser.ts';
import { createScreen } from '../../client/cache/screen.ts';
import { createRules } from '../../client/conflict/strategies.ts';
import { OfflineCache } from '../../client/index.ts';
import type { OutboxChange } from '../../client/outbox/outbox.ts';
import { type MutationRecord, RECORD_CODEC } from '../../client/outbox/record.ts';
import { offlineManifest } from '../../schema/index.ts';
import { createOfflineSchema, memoryStore } from '../../server/index.ts';
import { answered, idOf, NOTES, type NotesData, notes, type Overlay, rowOf, TYPES, titleOf } from './notes.ts';

const manifest = offlineManifest(createOfflineSchema({ typeDefs: TYPES, store: memoryStore() }));

/** The cache, the screen and its pace as an app has them, over an outbox that is only a list. */
export function farside(): Overlay {
  const cache = new OfflineCache();
  cache.writeQuery({ query: NOTES, data: notes() });
  let told: NotesData | undefined;
  let redraws = 0;
  cache.watch<NotesData>({
    query: NOTES,
    optimistic: true,
    immediate: true,
    callback({ result }) {
      told = result as NotesData;
      redraws++;
    },
  });
  const records = new Map<string, MutationRecord>();
  const listeners = new Set<(change: OutboxChange) => void>();
  const set = (record: MutationRecord, after: MutationRecord | null): void => {
    const before = records.get(record.id) ?? null;
    if (after) records.set(record.id, after);
    else records.delete(record.id);
    for (const listener of listeners) listener({ id: record.id, before, after });
  };
  const screen = createScreen(
    {
      cache,
      outbox: {
        records: () => [...records.values()],
        get size() {
          return records.size;
        },
        subscribe(listener) {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
      },
      clock: systemClock(),
      flush: async () => undefined,
      complete: (document) => document,
      onEvent: ({ code, message }) => {
        throw new Error(`${code}: ${message}`);
      },
    },
    { manifest, defaults: () => ({}), ruleOf: createRules(manifest, {}, () => undefined) },
  );
  let stop = (): void => undefined;
  return {
    name: 'farside',
    rehydrate(count) {
      for (let index = 0; index < count; index++) set(edit(index), edit(index));
      stop = screen.start();
    },
    async add(index) {
      set(edit(index), edit(index));
      // Shown at the end of the turn.
      await null;
    },
    settle(from, to) {
      screen.together(() => {
        for (let index = from; index < to; index++) {
          const record = acknowledged(index);
          set(record, record);
          screen.acknowledge(record);
        }
      });
      // Swept once the cache is on disk.
      for (let index = from; index < to; index++) set(edit(index), null);
    },
    finish: () => stop(),
    titles: () => told?.notes.nodes.map(({ title }) => title) ?? [],
    redraws: () => redraws,
  };
}

const DOCUMENT =
  'mutation Edit($input: UpdateNoteInput!) { updateNote(input: $input) { __typename mergedFields ... on UpdateNotePayload { note { __typename id title done _version _lastChangedAt _deleted } } } }';

function edit(index: number): MutationRecord {
  const id = idOf(rowOf(index));
  return {
    codec: RECORD_CODEC,
    id: `record-${index}`,
    sequence: index,
    owner: null,
    operationId: `operation-${index}`,
    clientId: 'bench',
    mutationId: index + 1,
    document: DOCUMENT,
    operationName: 'Edit',
    variables: { input: { id, title: titleOf(index) } },
    field: 'updateNote',
    responseKey: 'updateNote',
    schemaHash: null,
    appVersion: null,
    kind: 'update',
    typename: 'Note',
    entityId: id,
    inputVariable: 'input',
    base: { title: `note ${rowOf(index)}` },
    optimisticResponse: null,
    writes: [`Note:${id}`],
    reads: [],
    priority: 'normal',
    state: 'queued',
    enqueuedAt: 0,
    expiresAt: null,
    attempts: 0,
    nextAttemptAt: null,
    rounds: 0,
    failure: null,
    conflict: null,
    result: null,
  };
}

function acknowledged(index: number): MutationRecord {
  return {
    ...edit(index),
    state: 'acknowledged',
    result: { __typename: 'UpdateNotePayload', mergedFields: [], note: answered(index) },
  };
}
