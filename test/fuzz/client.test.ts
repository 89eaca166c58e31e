import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../client/adapters/memory.ts';
import { createJournal } from '../../client/cache/journal.ts';
import { parseListField } from '../../client/cache/list-field.ts';
import { OfflineCache } from '../../client/cache/offline-cache.ts';
import { createOutbox } from '../../client/outbox/outbox.ts';
import type { MutationRecord } from '../../client/outbox/record.ts';
import type { Channel } from '../../client/ports.ts';
import { splitAnswer } from '../../client/replay/document-batch.ts';
import { type Answer, classify } from '../../client/replay/outcome.ts';
import { readPage } from '../../client/sync/page.ts';
import { createTabChannel } from '../../client/tabs/channel.ts';
import { manifest } from '../../demo/generated/offline.ts';
import { createSeededRandom, createSimulatedClock, createSimulatedLifecycle } from '../harness/index.ts';

/** Whatever stands on a disk, in a message or in an answer: nothing throws past its reader, and what is not ours stays where it is. */
const anything = fc.jsonValue({ maxDepth: 4 });
/** Values that are nearly right are harder than noise. */
const nearly = (sound: Readonly<Record<string, unknown>>) =>
  fc.tuple(fc.subarray(Object.keys(sound)), fc.dictionary(fc.constantFrom(...Object.keys(sound)), anything)).map(([kept, changed]) => ({
    ...Object.fromEntries(kept.map((key) => [key, sound[key]])),
    ...changed,
  }));

const RECORD = {
  codec: 1,
  id: 'r',
  sequence: 1,
  owner: 'ada',
  operationId: 'o',
  clientId: 'c',
  mutationId: 1,
  document: 'mutation M { m }',
  operationName: 'M',
  variables: {},
  field: 'm',
  responseKey: 'm',
  schemaHash: null,
  kind: 'custom',
  typename: null,
  entityId: null,
  inputVariable: null,
  base: null,
  optimisticResponse: null,
  writes: ['*'],
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

describe('whatever stands in storage', () => {
  it('the outbox reads what is its own, says what is not, and leaves it there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(anything, nearly(RECORD)), { maxLength: 5 }), async (values) => {
        const stored = values.filter((value) => value !== null);
        const storage = memoryStorage();
        for (const [index, value] of stored.entries()) await storage.put(`record/${index}`, value);
        const events: unknown[] = [];
        const outbox = createOutbox(
          { storage, random: createSeededRandom(1), onEvent: (event) => events.push(event) },
          { owner: 'ada', limits: { maxRecords: 100, maxRecordLength: 10_000 } },
        );
        await outbox.load();
        expect(new Set(outbox.records().map(({ id }) => id)).size + events.length).toBeLessThanOrEqual(stored.length);
        expect((await storage.entries('record/')).map(([, value]) => value)).toEqual(stored);
      }),
      { numRuns: 300 },
    );
  });

  it('the journal restores what is sound, never rejects, and the app goes on', async () => {
    const key = fc.constantFrom('head', 's/0000000001/0000000000', 'j/0000000001/0000000001', 'j/x', 'other');
    const value = fc.oneof(
      anything,
      nearly({
        codec: 1,
        generation: 1,
        chunks: 1,
        retained: [],
        sequence: 1,
        entities: {},
        size: 0,
        removed: [],
        released: [],
        checkpoint: null,
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(key, value), async (stored) => {
        const storage = memoryStorage();
        for (const [name, entry] of Object.entries(stored)) if (entry !== null) await storage.put(name, entry);
        const cache = new OfflineCache();
        const journal = createJournal({
          cache,
          storage,
          clock: createSimulatedClock(),
          lifecycle: createSimulatedLifecycle(),
          schemaHash: null,
          onEvent: () => undefined,
        });
        await journal.restore();
        await journal.start();
        await journal.flush();
        journal.stop();
      }),
      { numRuns: 300 },
    );
  });
});

describe('whatever comes in', () => {
  it('an answer has exactly one outcome', () => {
    const mutation = manifest.mutations.updateSite;
    const error = fc.record(
      {
        message: fc.string(),
        path: fc.oneof(fc.constant(undefined), fc.array(fc.oneof(fc.string(), fc.nat()))),
        extensions: fc.oneof(fc.constant(undefined), fc.dictionary(fc.constantFrom('code', 'conflict'), anything)),
      },
      { requiredKeys: ['message'] },
    );
    const field = fc.oneof(
      anything,
      nearly({
        __typename: mutation.conflict,
        conflictCode: 'DELETED',
        message: '',
        currentVersion: 1,
        conflictingFields: [],
        server: null,
      }),
    );
    const answer = fc.record({
      kind: fc.constant('result' as const),
      data: fc.oneof(fc.constant(null), fc.dictionary(fc.constantFrom('updateSite', 'other'), field)),
      errors: fc.array(error as never, { maxLength: 3 }),
      extensions: fc.dictionary(
        fc.constant('offline'),
        fc.oneof(anything, nearly({ protocol: 1, mutations: { updateSite: { outcome: 'applied' } } })),
      ),
    });
    fc.assert(
      fc.property(
        answer,
        (given) => void expect(classify(given as never, { responseKey: 'updateSite', mutation }, 0).kind).toBeTypeOf('string'),
      ),
      { numRuns: 1_000 },
    );
  });

  it('a page of changes is one or is refused before any of it is applied', () => {
    const page = fc.oneof(
      anything,
      nearly({ changes: [{ __typename: 'Site', id: '1', _version: 1 }], tombstones: [], cursor: 'c', hasMore: false, reset: false }),
    );
    fc.assert(
      fc.property(page, (sync) => {
        try {
          for (const change of readPage({ sync }, (each) => each).changes)
            expect([typeof change.__typename, typeof change.id]).toEqual(['string', 'string']);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          expect((error as Error).message).toContain('expected a page of changes');
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('a message between tabs is understood or ignored', () => {
    let listener: (message: unknown) => void = () => undefined;
    const wire: Channel = {
      post: () => undefined,
      subscribe(given) {
        listener = given;
        return () => undefined;
      },
      close: () => undefined,
    };
    const heard: { readonly kind: string }[] = [];
    createTabChannel(wire).subscribe((message) => heard.push(message));
    const message = nearly({ kind: 'settled', id: 'r', result: null, errors: [] });
    fc.assert(
      fc.property(fc.oneof(anything, fc.record({ farside: fc.oneof(fc.constant(1), anything), message })), (given) => listener(given)),
      { numRuns: 1_000 },
    );
    for (const { kind } of heard) expect(kind).toBe('settled');
  });

  it('a stored field name is a list, another field, or unknown', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `todos(${text})`),
          fc.string().map((text) => `todos:{${text}}`),
        ),
        (name) => void parseListField(name, 'todos'),
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('whatever a server answers to a batch', () => {
  it('each record hears something that can be judged, and nobody another one\u2019s value', () => {
    const keys = ['m0', 'm1', 'm2'];
    const records = keys.map((key, index) => ({ ...RECORD, id: key, responseKey: index === 1 ? 'm' : key }) as unknown as MutationRecord);
    const path = fc.option(fc.array(fc.oneof(fc.constantFrom<string | number>('m0', 'm1', 'm2', 'other'), fc.nat(3)), { maxLength: 3 }), {
      nil: undefined,
    });
    const answers = fc.record({
      kind: fc.constant('result' as const),
      data: fc.option(fc.dictionary(fc.constantFrom(...keys, 'other'), anything)),
      errors: fc.array(
        fc.record({
          message: fc.string(),
          path,
          extensions: fc.option(fc.dictionary(fc.constantFrom('code'), anything), { nil: undefined }),
        }),
      ),
      extensions: fc.dictionary(
        fc.constantFrom('offline', 'x'),
        fc.oneof(anything, fc.record({ mutations: fc.dictionary(fc.constantFrom(...keys), anything) })),
      ),
    });
    fc.assert(
      fc.property(answers, (answer) => {
        const split = splitAnswer(answer as Answer, records, keys);
        if (split === 'refused') return;
        expect(split).toHaveLength(3);
        for (const [index, own] of split.entries()) {
          const { responseKey } = records[index] as MutationRecord;
          expect(() => classify(own, { responseKey, mutation: null }, 0)).not.toThrow();
          if (own === answer || own.kind !== 'result') continue;
          expect(own.data?.[responseKey] ?? null).toEqual(answer.data?.[keys[index] as string] ?? null);
        }
      }),
      { numRuns: 500 },
    );
  });
});
