import { equal } from '../../schema/equal.ts';
import { compareClocks } from '../../schema/hybrid-clock.ts';
import {
  type ConflictRules,
  MERGED_FROM_BASE,
  type Merged,
  type MergeFunction,
  type MergeStrategy,
  mergeFields,
} from '../../schema/merge.ts';
import { mergeText } from '../../schema/text-merge.ts';
import type { Version } from '../../schema/version.ts';
import type { FieldVersions, StoredRow } from '../store/store.ts';
import type { Edit } from './edit.ts';
import { changedSince, type WritableType } from './precondition.ts';

type Values = Readonly<Record<string, unknown>>;

const NONE: ReadonlySet<string> = new Set();

/** How an update comes together with what others have written since. */
export interface MergePolicy {
  /** `clocks`: the row's field versions with the clocks of this edit, where it is the last one of a field. */
  merge(
    kind: WritableType,
    stored: StoredRow,
    update: { readonly given: Values; readonly version: Version; readonly edit: Edit },
  ): Merged & { readonly clocks: FieldVersions };
  clocksOfCreate(kind: WritableType, edit: Edit): FieldVersions;
}

/** The schema's strategies, under the application's own rules. */
export function createMergePolicy(rules: ConflictRules): MergePolicy {
  const ruleOf = ({ typename, fields }: WritableType, field: string): MergeStrategy | MergeFunction =>
    rules[typename]?.[field] ?? rules[typename]?.['*'] ?? fields.get(field)?.strategy ?? 'REPORT';
  const isTimed = (kind: WritableType, field: string): boolean => ruleOf(kind, field) === 'LAST_WRITE_WINS';

  return {
    merge(kind, { row, fieldVersions }, { given, version, edit }) {
      const stale = version === row._version ? NONE : changedSince(kind, fieldVersions, version);
      // What nobody else has changed since is its own base: it merges to what the editor left. But where the base says what the
      // editor did, it may have been done to an earlier edit that was refused, or merged.
      const says = (field: string) => edit.base[field] !== undefined && MERGED_FROM_BASE.has(ruleOf(kind, field));
      const fields = Object.keys(given);
      const own = fields.filter((field) => !stale.has(field) && !says(field));
      if (own.length === fields.length && !fields.some((field) => isTimed(kind, field)))
        return { values: given, mergedFields: [], conflictingFields: [], deferredFields: [], clocks: fieldVersions };
      const merged = mergeFields({
        typename: kind.typename,
        base: { ...edit.base, ...Object.fromEntries(own.map((field) => [field, row[field]])) },
        local: given,
        remote: row,
        ruleOf: (field) => ruleOf(kind, field),
        knowledgeOf: (field) => ({ mergeText, clocks: { local: edit.clock(), remote: clockOf(fieldVersions, field) } }),
      });
      const later = fields.filter((field) => {
        const last = clockOf(fieldVersions, field);
        const isNews = isTimed(kind, field) && !equal(edit.base[field], given[field]) && equal(merged.values[field], given[field]);
        return isNews && (!equal(given[field], row[field]) || last === null || compareClocks(edit.clock(), last) === 'after');
      });
      return { ...merged, clocks: { ...fieldVersions, ...Object.fromEntries(later.map((field) => [`@${field}`, edit.clock()])) } };
    },
    clocksOfCreate: (kind, edit) => ([...kind.fields.keys()].some((field) => isTimed(kind, field)) ? { '@*': edit.clock() } : {}),
  };
}

/** The hybrid clock of the edit that last wrote a field; `null`: from before clocks were kept. */
function clockOf(fieldVersions: FieldVersions, field: string): string | null {
  const clock = fieldVersions[`@${field}`] ?? fieldVersions['@*'];
  return typeof clock === 'string' ? clock : null;
}
