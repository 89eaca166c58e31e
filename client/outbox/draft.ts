import type { DocumentNode } from 'graphql';
import type { ManifestMutation, OfflineManifest } from '../../schema/manifest.ts';
import { OfflineError } from '../errors.ts';
import type { Clock, Random } from '../ports.ts';
import type { AssignedIds } from './assigned-ids.ts';
import { writtenVariable } from './by-hand.ts';
import { type CallOptions, checkCall } from './call-options.ts';
import { type CreatedIds, isUuid } from './created-ids.ts';
import { type Described, type DescriptionFunction, describe, isCacheId, type MutationDescription } from './description.ts';
import { parseDocument } from './document.ts';
import type { EditClock } from './edit-clock.ts';
import { cacheId, EVERYTHING, idKey, referencesOf } from './lane-keys.ts';
import { type OperationPart, splitOperation } from './operation.ts';
import { plain, plainVariables } from './plain.ts';
import { type MutationRecord, RECORD_CODEC } from './record.ts';

/** A mutation as the application made it. */
export interface MutationCall {
  readonly document: DocumentNode | string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly optimisticResponse?: unknown;
  readonly options?: CallOptions | undefined;
}

/** An entity as it is on screen, pending edits included, by input field names; null when the cache does not hold it. */
export type ReadEntity = (typename: string, id: string) => Readonly<Record<string, unknown>> | null;

interface Expectation {
  readonly optimisticResponse?: (variables: Record<string, unknown>) => unknown;
}

export interface DraftContext {
  readonly owner: string | null;
  readonly manifest: OfflineManifest | null;
  /** Default: none. */
  readonly appVersion?: string | null;
  readonly clientId: string;
  nextMutationId(): number;
  nextSequence(): number;
  readonly read: ReadEntity;
  readonly editClock: EditClock;
  /** The fencing token of the lease under which these entities are written, if there is one. Default: there are none. */
  readonly leaseOf?: (writes: readonly string[]) => number | null;
  /** By operation name: what the application says of mutations that the manifest does not know. */
  readonly describes: (operationName: string) => MutationDescription & Expectation;
  /** The records that wait before this one. */
  readonly records: () => readonly MutationRecord[];
  readonly created: CreatedIds;
  /** Default: no server assigns ids. */
  readonly assigned?: Pick<AssignedIds, 'translate' | 'translateBack'>;
  readonly onThrow: (event: { readonly code: string; readonly message: string; readonly key: string }) => void;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Makes the records of one call; nothing is stored yet. A create without an id gets one (UUIDv7), an update or delete
 * without a `_version` gets that of the cache, and an update remembers the values that the editor saw.
 */
export function draftRecords(call: MutationCall, context: DraftContext): readonly MutationRecord[] {
  const document = typeof call.document === 'string' ? parseDocument(call.document) : call.document;
  const options = call.options ?? {};
  const now = context.clock.now();
  const operationId = context.random.id();
  let previous: string | null = null;

  const translate = context.assigned?.translate ?? (<T>(value: T): T => value);
  const variables = translate(plainVariables(call.variables));
  // The server's name is known, from a pull or from an answer that is still under way to the disk.
  const awaited = context.assigned?.translateBack(variables) ?? variables;
  const makers = awaited === variables ? [] : context.created.namedIn(awaited);
  return splitOperation(document, variables, context.manifest).map((original, index, all) => {
    const part = original.mutation ? withIdentity(original, original.mutation, context) : original;
    const input = inputValue(part);
    const id = context.random.id();
    const said = context.describes(part.operationName);
    const expected = translate(plain(call.optimisticResponse)) ?? (part.mutation ? null : madeUp(part, said)) ?? null;
    const described = describedBy(part, id, expected, context);
    const entityId = part.mutation ? (typeof input.id === 'string' ? input.id : null) : described.entityId;
    const keys = options.orderingKey === undefined ? [] : [`key:${options.orderingKey}`];
    const temporary = !part.mutation && said.resolveId !== undefined && entityId !== null ? temporaryId(part.operationName, entityId) : {};
    const needs = [...described.needs, ...(options.dependsOn ?? [])].flatMap((need) => keysOf(need, context.records));
    const chained = chain(previous, index < all.length - 1 ? id : null);
    previous = id;
    checkCall(call.options, part.operationName);
    const writes = [recordKey(id), ...chained.writes, ...writesOf(part, entityId, described, keys)];
    const written = part.mutation ? null : writtenByHand(part, described, context);
    const lease = context.leaseOf?.(writes) ?? null;
    const references = referencesOf(part.mutation?.typename ?? null, input, context.manifest);
    const reads = [...chained.reads, ...references, ...context.created.namedIn(part.variables), ...makers, ...idsOf(part), ...needs];
    return {
      codec: RECORD_CODEC,
      id,
      sequence: context.nextSequence(),
      owner: context.owner,
      operationId,
      clientId: context.clientId,
      mutationId: context.nextMutationId(),
      document: part.document,
      operationName: part.operationName,
      variables: part.variables,
      field: part.field,
      responseKey: part.responseKey,
      schemaHash: context.manifest?.schemaHash ?? null,
      appVersion: context.appVersion ?? null,
      kind: part.mutation?.kind ?? described.kind,
      typename: part.mutation?.typename ?? described.typename,
      entityId,
      ...temporary,
      inputVariable: part.inputVariable,
      ...(written ? { writtenVariable: written.variable } : {}),
      base:
        part.mutation?.kind === 'update' && entityId !== null
          ? baseOf(part.mutation.typename, entityId, input, context.read)
          : (written?.base ?? null),
      ...(isTimed(part.mutation?.typename ?? null, context.manifest) ? { clock: context.editClock() } : {}),
      ...(lease === null ? {} : { lease }),
      optimisticResponse: expected,
      writes,
      reads: [...new Set(reads)].filter((key) => !writes.includes(key)),
      priority: options.priority ?? 'normal',
      state: 'queued',
      enqueuedAt: now,
      expiresAt: options.expiresAfterMs === undefined ? null : now + options.expiresAfterMs,
      attempts: 0,
      nextAttemptAt: null,
      rounds: 0,
      failure: null,
      conflict: null,
      result: null,
    } satisfies MutationRecord;
  });
}

/** The key by which a record waits for another record, whatever the two touch. */
function recordKey(id: string): string {
  return `record:${id}`;
}

function withIdentity(part: OperationPart, mutation: ManifestMutation, context: DraftContext): OperationPart {
  const complete: Record<string, unknown> = { ...inputValue(part) };
  // ID takes integers too, and answers with text.
  if (typeof complete.id === 'number') complete.id = String(complete.id);
  if (mutation.kind === 'create') complete.id ??= context.random.id();
  else if (typeof complete.id === 'string' && complete._version == null) {
    const version = context.read(mutation.typename, complete.id)?._version;
    if (version === undefined) delete complete._version;
    else complete._version = version;
  }
  return { ...part, variables: { ...part.variables, [part.inputVariable as string]: complete } };
}

/** Of a generated mutation the schema knows what it touches; a custom one may touch whatever it takes the id of. */
function idsOf({ mutation, variables, idVariables }: OperationPart): readonly string[] {
  if (mutation) return [];
  const ids = idVariables.flatMap((name) => variables[name]).flat(Number.POSITIVE_INFINITY);
  return ids.flatMap((id) => (typeof id === 'string' || typeof id === 'number' ? [idKey(String(id))] : []));
}

/**
 * The values that the editor saw. Known only when the cache still shows the version that the edit names: a form opened
 * before newer data arrived saw older values than the cache has now, and must not pass them off as its base.
 */
function baseOf(
  typename: string,
  id: string,
  input: Readonly<Record<string, unknown>>,
  read: ReadEntity,
): Readonly<Record<string, unknown>> | null {
  const seen = read(typename, id);
  if (!seen || seen._version !== input._version) return null;
  const base: Record<string, unknown> = {};
  for (const field of Object.keys(input)) {
    if (field !== 'id' && field !== '_version' && seen[field] !== undefined) base[field] = seen[field];
  }
  return base;
}

/** An update described by hand is merged like a generated one, where its input holds nothing but fields of its entity. */
function writtenByHand({ variables }: OperationPart, { kind, typename, entityId }: Described, { manifest, read }: DraftContext) {
  if (kind !== 'update' || typename === null || entityId === null) return null;
  const variable = writtenVariable(typename, variables, manifest);
  return variable === null ? null : { variable, base: baseOf(typename, entityId, variables[variable] as typeof variables, read) };
}

/** Whether it may matter when an entity of this type was edited. */
function isTimed(typename: string | null, manifest: OfflineManifest | null): boolean {
  const fields = typename === null ? undefined : manifest?.types[typename]?.fields;
  return Object.values(fields ?? {}).some(({ strategy }) => strategy === 'LAST_WRITE_WINS');
}

/** Fields of one operation are carried out one after another, each whatever became of the one before (GraphQL, "Mutation"). */
function chain(previous: string | null, id: string | null) {
  return { writes: id === null ? [] : [`after:${id}`], reads: previous === null ? [] : [`after:${previous}`] };
}

/** An id made up in there has to be the same one after a reload, so that it runs once. One that throws is told of where it is shown. */
function madeUp(part: OperationPart, { resolveId, optimisticResponse }: MutationDescription & Expectation): unknown {
  if (!resolveId) return null;
  try {
    return plain(optimisticResponse?.(part.variables as Record<string, unknown>));
  } catch {
    return null;
  }
}

function partOf(expected: unknown, { responseKey }: OperationPart): unknown {
  return (expected as Readonly<Record<string, unknown>> | null)?.[responseKey];
}

/** Wherever it stands it will be replaced, so it must not be a word of anything else. */
function temporaryId(operationName: string, id: string): { readonly temporaryId: true } {
  if (isUuid(id)) return { temporaryId: true };
  const message = `${operationName}: expected a temporary id that is a UUID, got ${JSON.stringify(id)}; make it by crypto.randomUUID()`;
  throw new OfflineError('INVALID_OPERATION', message);
}

/** Of a mutation of the manifest only what it needs is news. */
function describedBy(part: OperationPart, id: string, expected: unknown, context: DraftContext): Described {
  const { kind, typename } = part.mutation ?? {};
  const said = context.describes(part.operationName);
  return describe({ ...part, expected: partOf(expected, part) }, kind && typename ? { ...said, kind, typename } : said, (which, error) =>
    context.onThrow({
      code: THREW[which],
      message: `${part.operationName}: mutations.${part.operationName}.${which}: ${String(error)}`,
      key: id,
    }),
  );
}

const THREW: Readonly<Record<DescriptionFunction, string>> = { entityId: 'ENTITY_ID_THREW', dependsOn: 'DEPENDS_ON_THREW' };

/** A ticket stands for all records of its operation. One that is not there any more has been sent, or is gone. */
function keysOf(need: string, records: DraftContext['records']): readonly string[] {
  if (isCacheId(need)) return [need];
  const all = records();
  const operationId = all.find((record) => record.id === need)?.operationId;
  return all.flatMap((record) => (operationId !== undefined && record.operationId === operationId ? [recordKey(record.id)] : []));
}

function writesOf(part: OperationPart, entityId: string | null, described: Described, keys: readonly string[]): readonly string[] {
  if (part.mutation && entityId !== null) return [cacheId(part.mutation.typename, entityId), ...keys];
  if (!part.mutation && described.touches) return [...described.touches, ...keys];
  return keys.length > 0 ? keys : [EVERYTHING];
}

function inputValue(part: OperationPart): Readonly<Record<string, unknown>> {
  const value = part.inputVariable === null ? null : part.variables[part.inputVariable];
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
