import { type FieldNode, Kind, visit } from 'graphql';
import { equal } from '../../schema/equal.ts';
import type { ManifestMutation, OfflineManifest } from '../../schema/manifest.ts';
import type { MergeFunction, MergeStrategy } from '../../schema/merge.ts';
import { VERSIONED_FIELDS } from '../../schema/protocol.ts';
import { isUuid } from './created-ids.ts';
import { parseDocument } from './document.ts';
import { EVERYTHING } from './lane-keys.ts';
import { sizeOf } from './plain.ts';
import { compareRecords, inputOf, isGenerated, isUnsettled, type MutationRecord, maybeSent, withInput, writtenFields } from './record.ts';

export interface CompactionRules {
  readonly manifest: OfflineManifest;
  readonly ruleOf: (typename: string, field: string) => MergeStrategy | MergeFunction;
  /** The application has functions of its own for what this operation shows and brings: each of its mutations counts. */
  readonly isSpecial: (operationName: string) => boolean;
  /** Whether the server has told of this entity. */
  readonly isKnown: (typename: string, id: string) => boolean;
}

/**
 * One record that does what a waiting one and the next of the same entity would do one after the other: an update takes in a later
 * update or becomes the delete, a create takes in an update. `'nothing'`: what the one creates the other deletes, and nobody else will
 * ever have known of it. `null`: it would not be the same, so both go.
 *
 * It keeps the place and the id of the first, and what its editor saw, and has the idempotency key of the second: should the first be
 * on its way after all, its answer is that of another write (I3).
 *
 * `records`: the outbox, in order. `waiting` must never have been sent, as far as whoever sends knows.
 */
export function compacted(
  waiting: MutationRecord,
  next: MutationRecord,
  records: readonly MutationRecord[],
  rules: CompactionRules,
): MutationRecord | 'nothing' | null {
  if (!isUntouched(waiting) || !isUntouched(next) || !isAlike(waiting, next) || isInTheWay(waiting, next, records)) return null;
  if ([waiting, next].some((record) => isTied(record) || rules.isSpecial(record.operationName))) return null;
  const isSeenTogether = inputOf(next)._version === (waiting.kind === 'create' ? 0 : inputOf(waiting)._version);
  if (!isSeenTogether || inputOf(next)._version === undefined || !isAnswerable(waiting, next, rules.manifest)) return null;
  const { id, sequence, operationId, enqueuedAt, writes, absorbed } = waiting;
  const reads = [...new Set([...waiting.reads, ...next.reads])];
  const place = { id, sequence, operationId, enqueuedAt, writes, reads, ...(absorbed ? { absorbed } : {}) };
  if (waiting.kind === 'update' && next.kind === 'delete') return { ...next, ...place };
  if (waiting.kind === 'create' && next.kind === 'delete') return isUnheardOf(waiting, rules) ? 'nothing' : null;
  if (next.kind !== 'update' || (waiting.kind !== 'update' && waiting.kind !== 'create')) return null;
  if (!isContinued(waiting, next, rules)) return null;
  const input = { ...inputOf(waiting), ...writtenFields(next) };
  if (waiting.kind === 'create') return withInput({ ...waiting, ...identityOf(next), reads }, input);
  // What the first editor saw stays what was seen: a sum counts from there.
  return withInput({ ...next, ...place, base: { ...next.base, ...waiting.base } }, input);
}

const identityOf = ({ clientId, mutationId }: MutationRecord) => ({ clientId, mutationId });

/** Neither sent nor judged, nor anything but as it was made. */
export function isUntouched(record: MutationRecord): boolean {
  const { state, failure, conflict, nextAttemptAt, rounds, edits } = record;
  return state === 'queued' && !maybeSent(record) && !failure && !conflict && nextAttemptAt === null && rounds === 0 && !edits;
}

function isAlike(a: MutationRecord, b: MutationRecord): boolean {
  if (!isGenerated(a) || !isGenerated(b) || a.entityId === null) return false;
  return ALIKE.every((key) => a[key] === b[key]) && compareRecords(a, b) < 0;
}

const ALIKE = [
  'owner',
  'clientId',
  'typename',
  'entityId',
  'priority',
  'schemaHash',
  'appVersion',
  'lease',
] as const satisfies (keyof MutationRecord)[];

/** Part of an operation or an ordering, under a deadline, with files: then it is more than a change of its entity. */
function isTied({ id, typename, entityId, writes, expiresAt, variables }: MutationRecord): boolean {
  const own = new Set([`record:${id}`, `${typename}:${entityId}`]);
  return writes.some((key) => !own.has(key)) || expiresAt !== null || sizeOf(variables).bytes > 0;
}

/** The later write would come before what came before it, or the earlier one would wait for what it does not need. */
function isInTheWay(waiting: MutationRecord, next: MutationRecord, records: readonly MutationRecord[]): boolean {
  const known = new Set(waiting.reads);
  const news = next.reads.filter((key) => !known.has(key));
  const touched = new Set([...waiting.writes, ...next.writes, ...next.reads]);
  return records.some((other) => {
    if (other.id === waiting.id || other.id === next.id || !isUnsettled(other)) return false;
    if (other.writes.some((key) => news.includes(key))) return true;
    if (compareRecords(other, waiting) < 0) return news.length > 0 && other.writes.includes(EVERYTHING);
    return [...other.writes, ...other.reads].some((key) => key === EVERYTHING || touched.has(key));
  });
}

/** A UUID made by chance: whoever else has an entity of this id got it from here, and the server has not said that anybody has. */
function isUnheardOf({ typename, entityId }: MutationRecord, { isKnown }: CompactionRules): boolean {
  return isUuid(entityId as string) && /^.{14}[47]/.test(entityId as string) && !isKnown(typename as string, entityId as string);
}

/** Every field that the second sets goes on from where the first has left it, and by its rule the two steps come to the same as one. */
function isContinued(waiting: MutationRecord, next: MutationRecord, { ruleOf }: CompactionRules): boolean {
  const first = writtenFields(waiting);
  if (next.base === null || (waiting.kind === 'update' && waiting.base === null)) return false;
  const rules = [waiting, next].flatMap((record) =>
    Object.keys(writtenFields(record)).map((field) => ruleOf(next.typename as string, field)),
  );
  // Of two edits each has its time; a rule of the application's own may look at the whole entity.
  if (rules.some((rule) => typeof rule === 'function' || rule === 'LAST_WRITE_WINS')) return false;
  return Object.entries(writtenFields(next)).every(([field, value]) => {
    const seen = next.base?.[field];
    if (seen === undefined) return false;
    if (!(field in first)) return true;
    if (!equal(seen, first[field])) return false;
    return waiting.kind === 'create' || isOneStep(ruleOf(next.typename as string, field), waiting.base?.[field], seen, value);
  });
}

function isOneStep(rule: MergeStrategy | MergeFunction, from: unknown, over: unknown, to: unknown): boolean {
  if (typeof rule === 'function' || rule === 'TEXT') return false;
  if (rule === 'COUNTER') return [from, over, to].every((value) => typeof value === 'number');
  if (rule === 'SET_UNION') {
    if (!Array.isArray(from) || !Array.isArray(over) || !Array.isArray(to)) return false;
    const has = (list: readonly unknown[], item: unknown): boolean => list.some((other) => equal(other, item));
    // What was added and taken out again is taken out also where somebody else had added it.
    return over.every((item) => has(from, item) || has(to, item)) && from.every((item) => has(over, item) || !has(to, item));
  }
  // Taken back, it would be no change at all, and somebody else's would stand. Nested values merge key by key.
  return from !== undefined && !equal(from, to) && [from, over, to].every((value) => typeof value !== 'object' || value === null);
}

/** Whether the answer to the one record answers the callers of both. */
function isAnswerable(waiting: MutationRecord, next: MutationRecord, manifest: OfflineManifest): boolean {
  const others = ({ variables, inputVariable }: MutationRecord): unknown => ({ ...variables, [inputVariable as string]: null });
  if (waiting.field === next.field)
    return waiting.document === next.document && waiting.responseKey === next.responseKey && equal(others(waiting), others(next));
  return [waiting, next].every((record) => Object.keys(record.variables).length === 1 && isWithinEntity(record, manifest));
}

const WITHIN: ReadonlySet<string> = new Set(['__typename', 'mergedFields', 'server', ...VERSIONED_FIELDS]);
const OF_FAILURE: ReadonlySet<string> = new Set(['code', 'message', 'field', 'expectedVersion', 'currentVersion', 'conflictingFields']);

/** Asks for nothing but plain fields of the entity, under their own names: every answer holds those (completion.ts). */
function isWithinEntity(record: MutationRecord, manifest: OfflineManifest): boolean {
  const mutation = manifest.mutations[record.field];
  const type = mutation && manifest.types[mutation.typename];
  if (!type) return false;
  let isWithin = true;
  const check = ({ name, alias, arguments: args = [], directives = [], selectionSet }: FieldNode): void => {
    const field = type.fields[name.value];
    const isKnown = field !== undefined || name.value === mutation.entity || WITHIN.has(name.value) || OF_FAILURE.has(name.value);
    const isReference = field?.kind === 'reference';
    const inner = selectionSet?.selections.every(
      (selection) => selection.kind === Kind.FIELD && ['id', '__typename'].includes(selection.name.value) && !selection.alias,
    );
    if (!isKnown || args.length > 0 || directives.length > 0 || (isReference && !inner)) isWithin = false;
    const isRenamed = alias !== undefined && alias.value !== name.value;
    if (isRenamed && !OF_FAILURE.has(name.value)) isWithin = false;
  };
  visit(parseDocument(record.document), {
    Directive: () => {
      isWithin = false;
    },
    Field: (node) => {
      if (node.name.value !== record.field) check(node);
    },
  });
  return isWithin;
}

/** What the callers of a create are told when it was deleted before it was sent: the entity as they made it, of version 0, and gone. */
export function unsentResult(create: MutationRecord, manifest: OfflineManifest): unknown {
  const { payload, entity, typename } = manifest.mutations[create.field] as ManifestMutation;
  const input = inputOf(create);
  const fields = Object.entries(manifest.types[typename]?.fields ?? {}).map(([name, field]) => {
    const value = input[field.input] ?? (field.list && !field.nullable ? [] : null);
    const reference = (id: unknown): unknown => (id === null ? null : { __typename: field.type, id });
    if (field.kind !== 'reference') return [name, value];
    return [name, Array.isArray(value) ? value.map(reference) : reference(value)];
  });
  const versioned = { _version: 0, _lastChangedAt: new Date(create.enqueuedAt).toISOString(), _deleted: true };
  const row = { __typename: typename, id: create.entityId, ...Object.fromEntries(fields), ...versioned };
  return { __typename: payload, [entity]: row, mergedFields: [] };
}
