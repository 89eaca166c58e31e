import { equal } from '../../schema/equal.ts';
import { ErrorCode, HIDDEN_FIELDS } from '../../schema/protocol.ts';
import { nextVersion, type Version } from '../../schema/version.ts';
import type { MutationRejected, OfflineWrite } from '../context.ts';
import type { Action } from '../plugin-options.ts';
import type { FieldVersions, Row, StoredRow, WriteTransaction } from '../store/store.ts';
import { alreadyExists, conflictOf, deleted, fencedOff, payload, rejected, versionMismatch } from './conflict.ts';
import type { Edit } from './edit.ts';
import type { Fence } from './fence.ts';
import type { MergePolicy } from './merge-policy.ts';
import { changedSince, givenFields, refuseFuture, refuseNulls, target, type WritableType } from './precondition.ts';
import type { Tell } from './visible.ts';

export interface WriteDeps {
  readonly transaction: WriteTransaction;
  readonly typeOf: (typename: string) => WritableType;
  readonly policy: MergePolicy;
  readonly may: (action: Action, row: Row) => Promise<boolean>;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly authority: string;
  readonly newId: () => string;
  /** Whether what a row was is to be remembered: where not everybody may read everything, `sync` asks who may have read it. */
  readonly keepsPasts: boolean;
  /** Of the mutation root field at hand. */
  readonly edit: () => Edit;
  readonly fence: Fence;
  readonly tell: Tell;
}

/** `context.offline.write` of one mutation root field: every write checked against the version it was made from. */
export function createVersionedWrite(deps: WriteDeps): OfflineWrite {
  const { transaction, typeOf, policy, may, now, authority, newId, keepsPasts, edit, fence, tell } = deps;
  const forbidden = (typename: string, action: Action): MutationRejected =>
    rejected(ErrorCode.FORBIDDEN, `You may not ${action} this ${typename}.`, null);

  /** The entity as this user may know it: `null` when it never was, was collected, or may not be read. */
  const find = async (typename: string, id: string): Promise<StoredRow | null> => {
    const stored = await transaction.get(typename, id);
    return stored !== null && (await may('read', stored.row)) ? stored : null;
  };

  /** A reference to what is not there: what hangs on it would be lost to sight. */
  const dangling = async (
    { typename, fields }: WritableType,
    values: Readonly<Record<string, unknown>>,
  ): Promise<MutationRejected | null> => {
    for (const [name, id] of Object.entries(values)) {
      const field = fields.get(name);
      if (field?.kind !== 'reference' || typeof id !== 'string') continue;
      const target = await find(field.type, id);
      if (target === null || target.row._deleted)
        return rejected(ErrorCode.REFERENCE_NOT_FOUND, `${typename}.${name}: there is no ${field.type} ${id}, or it was deleted.`, [name]);
    }
    return null;
  };

  const mismatch = async (row: Row, version: Version, changed: readonly string[]) =>
    versionMismatch(row, version, await tell(row, changed));

  const next = ({ type }: WritableType, current: Version | null): Version => nextVersion(type.version, current, { now: now(), authority });
  const instant = (): string => isoOf(now());

  const save = async (row: Row, fieldVersions: FieldVersions, before?: Row): Promise<Row> => {
    const stored = { row: Object.freeze(row), fieldVersions };
    await (keepsPasts && before !== undefined ? transaction.put(row.__typename, stored, before) : transaction.put(row.__typename, stored));
    return row;
  };

  return {
    async create(typename, input) {
      const kind = typeOf(typename);
      const id = input.id ?? newId();
      if (typeof id !== 'string' || id === '' || id.length > 200)
        return rejected(ErrorCode.BAD_USER_INPUT, `${typename}: expected an id of 1 to 200 characters.`, ['id']);
      const given = givenFields(kind, input);
      const values = Object.fromEntries(
        [...kind.fields.values()].map((field) => [field.input, given[field.input] ?? (field.list && !field.nullable ? [] : null)]),
      );
      const refused = refuseNulls(kind, { ...values, ...given });
      if (refused !== null) return refused;

      const lost = await dangling(kind, values);
      if (lost !== null) return lost;

      const before = await transaction.get(typename, id);
      if (before !== null && !before.row._deleted) {
        const readable = await may('read', before.row);
        const different = Object.keys(values).filter((field) => !equal(values[field], before.row[field]));
        // Whether a hidden value equals a guess is nobody's business: here not even that there is one.
        const told = readable ? (await tell(before.row, different)).filter((field) => field !== HIDDEN_FIELDS) : [];
        return alreadyExists(typename, id, readable ? before.row : null, told);
      }
      // Who still remembers one that was collected must not take the new one for older (I6).
      const version = next(kind, before?.row._version ?? (await transaction.versionFloor(typename)));
      const row = { __typename: typename, id, ...values, _version: version, _lastChangedAt: instant(), _deleted: false };
      if (!(await may('create', row))) return forbidden(typename, 'create');
      return payload('create', await save(row, { '*': version, ...policy.clocksOfCreate(kind, edit()) }));
    },

    async update(typename, input, options) {
      const kind = typeOf(typename);
      const at = target(kind, input);
      if ('code' in at) return at;
      const given = givenFields(kind, input);
      const refused = refuseNulls(kind, given);
      if (refused !== null) return refused;
      const stored = await find(typename, at.id);
      if (stored === null) return deleted(typename, at.id, at.version, null);
      if (stored.row._deleted) return deleted(typename, at.id, at.version, stored.row._version);
      const tooNew = refuseFuture(kind, stored, at.version, authority);
      if (tooNew !== null) return tooNew;
      if (!(await may('update', stored.row))) return forbidden(typename, 'update');
      const fenced = await fence(stored.row);
      if (fenced !== null) return fencedOff(stored.row, at.version, fenced);

      const { row, fieldVersions } = stored;
      const { values, mergedFields, conflictingFields, clocks } = policy.merge(kind, stored, {
        given,
        version: at.version,
        edit: options?.base === undefined ? edit() : { ...edit(), base: options.base },
      });
      if (conflictingFields.length > 0) return mismatch(row, at.version, conflictingFields);
      const merged = mergedFields.length > 0 ? await tell(row, mergedFields) : mergedFields;

      const changed = Object.keys(values).filter((field) => !equal(values[field], row[field]));
      if (changed.length === 0) {
        // The same change, made later than the one that is there: the row stays, at its version, and so do others' edits.
        if (!equal(clocks, fieldVersions)) await save(row, clocks);
        return payload('update', row, merged);
      }
      const references = changed.filter((field) => kind.fields.get(field)?.kind === 'reference');
      const lost =
        references.length === 0 ? null : await dangling(kind, Object.fromEntries(references.map((field) => [field, values[field]])));
      if (lost !== null) return lost;
      const version = next(kind, row._version);
      const versions: Record<string, Version> = { ...clocks };
      for (const field of changed) versions[field] = version;
      return payload('update', await save({ ...row, ...values, _version: version, _lastChangedAt: instant() }, versions, row), merged);
    },

    async delete(typename, input) {
      const kind = typeOf(typename);
      const at = target(kind, input);
      if ('code' in at) return at;
      const stored = await find(typename, at.id);
      if (stored === null) return deleted(typename, at.id, at.version, null);
      const tooNew = refuseFuture(kind, stored, at.version, authority);
      if (tooNew !== null) return tooNew;
      // Both wanted it gone, and it is.
      if (stored.row._deleted) return payload('delete', stored.row);
      if (!(await may('delete', stored.row))) return forbidden(typename, 'delete');
      const fenced = await fence(stored.row);
      if (fenced !== null) return fencedOff(stored.row, at.version, fenced);
      const changed = changedSince(kind, stored.fieldVersions, at.version);
      if (changed.size > 0) return mismatch(stored.row, at.version, [...changed]);
      const version = next(kind, stored.row._version);
      return payload(
        'delete',
        await save({ ...stored.row, _version: version, _lastChangedAt: instant(), _deleted: true }, { '*': version }, stored.row),
      );
    },

    async expectVersion(typename: string, id: string, version: Version) {
      const kind = typeOf(typename);
      const at = target(kind, { id, _version: version });
      if ('code' in at) return at;
      const stored = await find(typename, id);
      if (stored === null || stored.row._deleted) return deleted(typename, id, version, stored?.row._version ?? null);
      const tooNew = refuseFuture(kind, stored, version, authority);
      if (tooNew !== null) return tooNew;
      const fenced = await fence(stored.row);
      if (fenced !== null) return fencedOff(stored.row, version, fenced);
      const changed = changedSince(kind, stored.fieldVersions, version);
      return stored.row._version === version ? null : mismatch(stored.row, version, [...changed]);
    },

    conflict: conflictOf,
    reject: (code, message, field) => rejected(code, message, field ?? null),
    get native() {
      return transaction.native;
    },
  };
}

let lastInstant = { at: Number.NaN, text: '' };
/** Many writes fall into one millisecond. */
function isoOf(at: number): string {
  if (lastInstant.at !== at) lastInstant = { at, text: new Date(at).toISOString() };
  return lastInstant.text;
}
