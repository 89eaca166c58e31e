import { createRules } from '../../../client/conflict/strategies.ts';
import { type DraftContext, draftRecords, type MutationCall } from '../../../client/outbox/draft.ts';
import { createEditClock } from '../../../client/outbox/edit-clock.ts';
import type { MutationRecord } from '../../../client/outbox/record.ts';
import { manifest as demo } from '../../../demo/generated/offline.ts';
import type { OfflineManifest } from '../../../schema/manifest.ts';
import { createSeededRandom, createSimulatedClock } from '../../harness/index.ts';

/** The demo's: an Inspection has a title, notes, a flag, a set (tags), a counter (visits) and a reference (siteId). */
export const manifest: OfflineManifest = demo;

export const ruleOf = createRules(manifest, {}, () => undefined);

type Entity = Readonly<Record<string, unknown>>;

export interface Desk extends DraftContext {
  /** What is on screen, by cache id and input field names; a test changes it. */
  readonly screen: Map<string, Entity>;
  draft(mutation: string, input: Readonly<Record<string, unknown>>, options?: MutationCall['options']): MutationRecord;
}

/** Somebody who makes mutations; the screen shows what the test says. */
export function createDesk(options: Partial<DraftContext> = {}): Desk {
  const screen = new Map<string, Entity>();
  let mutationId = 0;
  let sequence = 0;
  const context: DraftContext = {
    owner: 'ada',
    manifest,
    clientId: 'desk',
    nextMutationId: () => ++mutationId,
    nextSequence: () => ++sequence,
    read: (typename, id) => screen.get(`${typename}:${id}`) ?? null,
    describes: () => ({}),
    records: () => [],
    created: { namedIn: () => [] },
    onThrow: () => undefined,
    editClock: createEditClock(createSimulatedClock(), 'desk'),
    clock: createSimulatedClock(),
    random: createSeededRandom(7),
    ...options,
  };
  return {
    ...context,
    screen,
    draft(mutation, input, callOptions) {
      const known = context.manifest?.mutations[mutation];
      const type = known?.inputType ?? 'JSON';
      const [record] = draftRecords(
        {
          document: `mutation M($input: ${type}!) { ${mutation}(input: $input) { __typename } }`,
          variables: { input },
          options: callOptions,
        },
        context,
      );
      if (!record) throw new Error('expected a record');
      // What is on screen from now on, as the next editor sees it.
      if (record.typename && record.entityId && record.kind !== 'delete') {
        const key = `${record.typename}:${record.entityId}`;
        const { _version, ...values } = record.variables.input as Record<string, unknown>;
        screen.set(key, { ...(screen.get(key) ?? { _version: 0 }), ...values });
      }
      return record;
    },
  };
}

/** The record as the server acknowledged it: `entity` is the state that it left behind, by output field names. */
export function acknowledged(record: MutationRecord, entity: Entity, mergedFields: readonly string[] = []): MutationRecord {
  const mutation = manifest.mutations[record.field];
  if (!mutation) throw new Error(`expected a generated mutation, got ${record.field}`);
  return {
    ...record,
    state: 'acknowledged',
    attempts: 1,
    result: { __typename: mutation.payload, [mutation.entity]: entity, mergedFields },
  };
}

export const inputOf = (record: MutationRecord): Readonly<Record<string, unknown>> =>
  record.variables.input as Readonly<Record<string, unknown>>;

/** An identity that starts far from the drafts', so that a test sees which is which. */
export function createIdentity(clientId = 'rebaser', from = 100) {
  let last = from;
  return { clientId, nextMutationId: () => ++last };
}
