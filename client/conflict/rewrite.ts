import { type Merged, mergeFields } from '../../schema/merge.ts';
import { HIDDEN_FIELDS } from '../../schema/protocol.ts';
import type { Version } from '../../schema/version.ts';
import { type MutationRecord, withInput, writtenFields } from '../outbox/record.ts';
import { type Identity, identify, requeue } from '../outbox/requeue.ts';
import type { RuleOf } from './strategies.ts';

/** The server's state of one entity, by input field names. */
export type ServerEntity = Readonly<Record<string, unknown>>;

/**
 * The three-way merge of what a record writes, from what its editor saw. `refused`: fields that the server has said it cannot merge.
 */
export function mergeAgainst(record: MutationRecord, remote: ServerEntity, ruleOf: RuleOf, refused: readonly string[] = []): Merged {
  const typename = record.typename as string;
  const base = record.base ?? {};
  // A field that the answer does not hold is one that nobody has heard of a change in.
  const merged = mergeFields({
    typename,
    base,
    local: writtenFields(record),
    remote: { ...base, ...remote },
    ruleOf: (field) => ruleOf(typename, field, record.id),
  });
  // Against a version that this client names, the server could not tell an edit without a base from one that saw everything.
  const undecided = merged.deferredFields.filter((field) => base[field] === undefined || refused.includes(field));
  // Changed to what this client is not told, perhaps because its user may not see it; then a server does not even name the field.
  const isUnnamed = (field: string): boolean => refused.includes(HIDDEN_FIELDS) && remote[field] == null;
  const isUnseen = (field: string): boolean => (refused.includes(field) && remote[field] === undefined) || isUnnamed(field);
  const decided = Object.keys(merged.values).filter((field) => !undecided.includes(field) && !merged.conflictingFields.includes(field));
  const unseen = decided.filter((field) => merged.values[field] !== undefined && isUnseen(field));
  return {
    ...merged,
    values: Object.fromEntries(Object.entries(merged.values).filter(([field]) => !unseen.includes(field))),
    conflictingFields: [...merged.conflictingFields, ...undecided, ...unseen],
    deferredFields: merged.deferredFields.filter((field) => !undecided.includes(field)),
  };
}

/**
 * The record against another version of the entity. `identity` null: it has never been sent, so its key is still unused. `deferredFields`:
 * what the server merges, from the base that the editor saw.
 */
export function rewrite(
  record: MutationRecord,
  { values, deferredFields }: Pick<Merged, 'values' | 'deferredFields'>,
  remote: ServerEntity,
  version: Version,
  identity: Identity | null,
): MutationRecord {
  const seen = { ...record.base, ...remote, ...pick(record.base ?? {}, deferredFields) };
  const base = record.kind === 'update' ? pick(seen, Object.keys(values)) : null;
  const moved = withInput({ ...record, base }, { id: record.entityId, _version: version, ...values });
  return requeue(identity === null ? moved : identify(moved, identity));
}

export function pick(values: Readonly<Record<string, unknown>>, fields: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.filter((field) => values[field] !== undefined).map((field) => [field, values[field]]));
}
