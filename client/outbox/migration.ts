import type { DocumentNode } from 'graphql';
import type { OfflineManifest } from '../../schema/manifest.ts';
import { isBefore } from './app-version.ts';
import { parseDocument } from './document.ts';
import { EVERYTHING, referencesOf } from './lane-keys.ts';
import { splitOperation } from './operation.ts';
import { plainVariables } from './plain.ts';
import { holdsIdentity, inputOf, type MutationKind, type MutationRecord } from './record.ts';
import { type Identity, identify, requeue } from './requeue.ts';

/** The deploy that runs here, as records carry it. */
export interface Deploy {
  readonly appVersion: string | null;
  readonly schemaHash: string | null;
}

/** A waiting mutation as an earlier deploy has stored it. */
export interface StoredMutation extends Deploy {
  readonly id: string;
  readonly operationName: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly kind: MutationKind;
  readonly typename: string | null;
  readonly entityId: string | null;
  /** Milliseconds since the Unix epoch. */
  readonly enqueuedAt: number;
}

/** The same mutation in today's form; what is absent stays. */
export interface MigratedMutation {
  /** One mutation with one root field. */
  readonly document?: DocumentNode | string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Brings what an earlier deploy has left waiting into the form of this one. */
export interface Migration {
  /** Mutations of this operation name. Default: all. */
  readonly operationName?: string;
  /** Mutations made by app versions before this one. Default: by any other version, or for another schema. */
  readonly before?: string;
  /**
   * What is different today; nothing: nothing is. `'park'`: it waits for a person, among the dead letters, with all its data.
   * Runs whenever such a mutation is read, in every tab: it must be pure. If it throws, the mutation is parked.
   */
  readonly migrate: (mutation: StoredMutation) => MigratedMutation | 'park' | null | undefined;
}

export interface MigrationEvent {
  readonly code: 'MIGRATION_THREW' | 'MIGRATION_PARKED' | 'UNKNOWN_MUTATION';
  readonly message: string;
  readonly key: string;
}

/** Brings a stored record into today's form, or parks it: then it is dead in memory only, and the next deploy may know better. */
export type Migrate = (record: MutationRecord) => MutationRecord;

export function createMigrate(deps: {
  readonly deploy: Deploy;
  readonly manifest: OfflineManifest | null;
  /** In the order in which they are applied. */
  readonly migrations: readonly Migration[];
  readonly onEvent: (event: MigrationEvent) => void;
}): Migrate {
  const { deploy, manifest, migrations, onEvent } = deps;
  const reported = new Set<string>();

  const park = (record: MutationRecord, code: MigrationEvent['code'], message: string): MutationRecord => {
    if (!reported.has(record.id))
      onEvent({ code, message: `${record.operationName}: ${message}; it is kept among the dead letters`, key: record.id });
    reported.add(record.id);
    // Whether an earlier deploy has sent what was waiting is unknown, so that its key is not spent.
    const failure = { code, message, ...(holdsIdentity(record) ? { givenUp: true as const } : {}) };
    return { ...record, state: 'dead', nextAttemptAt: null, failure };
  };

  return (record) => {
    if (record.state === 'acknowledged' || !isOfAnother(record, deploy)) return record;
    let current = record;
    for (const { operationName, before, migrate } of migrations) {
      if (operationName !== undefined && operationName !== current.operationName) continue;
      if (before !== undefined && !isBefore(record.appVersion, before)) continue;
      try {
        const change = migrate(asStored(current));
        if (change === 'park') return park(record, 'MIGRATION_PARKED', 'this release of the app leaves it to a person');
        if (change) current = rewritten(current, change, manifest);
      } catch (error) {
        return park(record, 'MIGRATION_THREW', `its migration failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (manifest && current.inputVariable !== null && !manifest.mutations[current.field] && current.state !== 'dead')
      return park(record, 'UNKNOWN_MUTATION', `expected the schema to have the mutation ${current.field}, it has not any more`);
    return current === record ? record : { ...current, ...deploy };
  };
}

/** Rewriting what a newer deploy has made could only lose what this one does not know. */
export function isOfNewer(record: MutationRecord, deploy: Deploy): boolean {
  return record.schemaHash !== deploy.schemaHash && deploy.appVersion !== null && isBefore(deploy.appVersion, record.appVersion);
}

/**
 * A record in the form in which it is stored from now on. Of a parked conflict the old form is what stood against each other: the server
 * is asked again. Under a new key, because the old one is spent, and its answer may be forgotten: that would look like a write that was
 * applied.
 */
export function inNewForm(record: MutationRecord, identity: Identity): MutationRecord {
  return record.state === 'conflict' ? { ...requeue(identify(record, identity)), rounds: 0 } : record;
}

function isOfAnother(record: MutationRecord, deploy: Deploy): boolean {
  return record.schemaHash !== deploy.schemaHash || record.appVersion !== deploy.appVersion;
}

function asStored(record: MutationRecord): StoredMutation {
  const { id, operationName, document, variables, kind, typename, entityId, enqueuedAt, appVersion, schemaHash } = record;
  return Object.freeze({ id, operationName, document, variables, kind, typename, entityId, enqueuedAt, appVersion, schemaHash });
}

/**
 * The record with another document or other variables. It keeps its place, its key and its lane: whether the old form has reached the
 * server is unknown, and the server knows the key. A parked conflict stays one until it is stored, see {@link inNewForm}.
 */
function rewritten(record: MutationRecord, { document, variables }: MigratedMutation, manifest: OfflineManifest | null): MutationRecord {
  const node = document === undefined || typeof document === 'string' ? parseDocument(document ?? record.document) : document;
  const [part, ...more] = splitOperation(node, variables === undefined ? record.variables : plainVariables(variables), manifest);
  if (!part || more.length > 0) throw new TypeError(`expected a mutation with one root field, got ${more.length + (part ? 1 : 0)}`);
  const { mutation, inputVariable } = part;
  const given = inputVariable === null ? {} : (part.variables[inputVariable] as Readonly<Record<string, unknown>>);
  const { _version } = inputOf(record);
  const isUpdate = mutation?.kind === 'update' || mutation?.kind === 'delete';
  const input = {
    ...(record.entityId === null ? {} : { id: record.entityId }),
    ...(isUpdate && _version !== undefined ? { _version } : {}),
    ...given,
  };
  const wasGenerated = record.inputVariable !== null;
  const known = mutation
    ? { kind: mutation.kind, typename: mutation.typename, entityId: String(input.id) }
    : wasGenerated
      ? { kind: 'custom' as const, typename: null, entityId: null }
      : { kind: record.kind, typename: record.typename, entityId: record.entityId };
  const own = mutation ? [`${known.typename}:${known.entityId}`] : [];
  const stale = referencesOf(record.typename, inputOf(record), manifest);
  return {
    ...record,
    ...known,
    document: part.document,
    operationName: part.operationName,
    field: part.field,
    responseKey: part.responseKey,
    inputVariable,
    variables: inputVariable === null ? part.variables : { ...part.variables, [inputVariable]: input },
    base: mutation?.kind === 'update' ? baseOf(record, input) : null,
    optimisticResponse: document === undefined ? record.optimisticResponse : null,
    writes: [...new Set([...record.writes.filter((key) => !mutation || key !== EVERYTHING), ...own])],
    reads: [...new Set([...record.reads.filter((key) => !stale.includes(key)), ...referencesOf(known.typename, input, manifest)])],
  };
}

/** What the editor saw, as far as the fields have kept their names. */
function baseOf(record: MutationRecord, input: Readonly<Record<string, unknown>>): MutationRecord['base'] {
  return record.base && Object.fromEntries(Object.entries(record.base).filter(([field]) => Object.hasOwn(input, field)));
}
