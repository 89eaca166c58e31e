import { equal } from '../../schema/equal.ts';
import { ErrorCode, HIDDEN_FIELDS } from '../../schema/protocol.ts';
import { nextVersion, type Version } from '../../schema/version.ts';
import type { ConflictResult, MutationRejected, OfflineWrite, UpdateOptions, WriteResult } from '../context.ts';
import type { Action, May } from '../plugin-options.ts';
import { type Awaitable, run, type Steps, wait } from '../steps.ts';
import type { FieldVersions, Row, StoredRow, WriteTransaction } from '../store/store.ts';
import { alreadyExists, conflictOf, deleted, fencedOff, payload, rejected, versionMismatch } from './conflict.ts';
import type { Edit } from './edit.ts';
import type { Fence } from './fence.ts';
import type { MergePolicy } from './merge-policy.ts';
import { changedSince, givenFields, refuseFuture, refuseNulls, target, type WritableType } from './precondition.ts';
import type { Sight } from './visible.ts';

export interface WriteDeps {
  readonly transaction: WriteTransaction;
  readonly typeOf: (typename: string) => WritableType;
  readonly policy: MergePolicy;
  readonly may: May;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly authority: string;
  readonly newId: () => string;
  /** Whether what a row was is to be remembered: where not everybody may read everything, `sync` asks who may have read it. */
  readonly keepsPasts: boolean;
  /** Of the mutation root field at hand. */
  readonly edit: () => Edit;
  readonly fence: Fence;
  readonly tell: Sight['tell'];
}

type Input = Readonly<Record<string, unknown>>;

/**
 * The writes of one mutation root field, every one checked against the version it was made from; done at once where the store and
 * `authorize` answer at once. A class, because every request makes one: methods that all of them share cost nothing to make.
 */
export class VersionedWrite {
  private readonly deps: WriteDeps;

  constructor(deps: WriteDeps) {
    this.deps = deps;
  }

  create(typename: string, input: Input): Awaitable<WriteResult> {
    return run(this.creating(typename, input));
  }
  update(typename: string, input: Input, options?: UpdateOptions): Awaitable<WriteResult> {
    return run(this.updating(typename, input, options));
  }
  delete(typename: string, input: Input): Awaitable<WriteResult> {
    return run(this.deleting(typename, input));
  }
  expectVersion(typename: string, id: string, version: Version): Awaitable<ConflictResult | MutationRejected | null> {
    return run(this.expecting(typename, id, version));
  }

  private *creating(typename: string, input: Input): Steps<WriteResult> {
    const { transaction, typeOf, policy, may, newId, edit, tell } = this.deps;
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

    const lost = yield* this.dangling(kind, values);
    if (lost !== null) return lost;

    const before = yield* wait(transaction.get(typename, id));
    // Who still remembers one that was collected must not take the new one for older (I6).
    const version = this.next(kind, before?.row._version ?? (yield* wait(transaction.versionFloor(typename))));
    const row = { __typename: typename, id, ...values, _version: version, _lastChangedAt: this.instant(), _deleted: false };
    // Before anything is said of what has the id: who may make nothing learns nothing of it.
    if (!(yield* wait(may('create', row)))) return forbidden(typename, 'create');
    const readable = before === null || (yield* wait(may('read', before.row)));
    // What was deleted unseen is not brought back as something else, nor its version told.
    if (before !== null && !(before.row._deleted && readable)) {
      const different = Object.keys(values).filter((field) => !equal(values[field], before.row[field]));
      // Whether a hidden value equals a guess is nobody's business: here not even that there is one.
      const told = readable ? (yield* wait(tell(before.row, different))).filter((field) => field !== HIDDEN_FIELDS) : [];
      return alreadyExists(typename, id, readable ? before.row : null, told);
    }
    return payload('create', yield* this.save(row, { '*': version, ...policy.clocksOfCreate(kind, edit()) }));
  }

  private *updating(typename: string, input: Input, options?: UpdateOptions): Steps<WriteResult> {
    const { typeOf, policy, may, authority, edit, fence, tell } = this.deps;
    const kind = typeOf(typename);
    const at = target(kind, input);
    if ('code' in at) return at;
    const given = givenFields(kind, input);
    const refused = refuseNulls(kind, given);
    if (refused !== null) return refused;
    const stored = yield* this.find(typename, at.id);
    if (stored === null) return deleted(typename, at.id, at.version, null);
    if (stored.row._deleted) return deleted(typename, at.id, at.version, stored.row._version);
    const tooNew = refuseFuture(kind, stored, at.version, authority);
    if (tooNew !== null) return tooNew;
    if (!(yield* wait(may('update', stored.row, given)))) return forbidden(typename, 'update');
    const fenced = yield* wait(fence(stored.row));
    if (fenced !== null) return fencedOff(stored.row, at.version, fenced);

    const { row, fieldVersions } = stored;
    const { values, mergedFields, conflictingFields, clocks } = policy.merge(kind, stored, {
      given,
      version: at.version,
      edit: options?.base === undefined ? edit() : { ...edit(), base: options.base },
    });
    if (conflictingFields.length > 0) return yield* this.mismatch(row, at.version, conflictingFields);
    const merged = mergedFields.length > 0 ? yield* wait(tell(row, mergedFields)) : mergedFields;

    const changed = Object.keys(values).filter((field) => !equal(values[field], row[field]));
    if (changed.length === 0) {
      // The same change, made later than the one that is there: the row stays, at its version, and so do others' edits.
      if (!equal(clocks, fieldVersions)) yield* this.save(row, clocks);
      return payload('update', row, merged);
    }
    const references = changed.filter((field) => kind.fields.get(field)?.kind === 'reference');
    const lost =
      references.length === 0 ? null : yield* this.dangling(kind, Object.fromEntries(references.map((field) => [field, values[field]])));
    if (lost !== null) return lost;
    const version = this.next(kind, row._version);
    const versions: Record<string, Version> = { ...clocks };
    for (const field of changed) versions[field] = version;
    const next = { ...row, ...values, _version: version, _lastChangedAt: this.instant() };
    return payload('update', yield* this.save(next, versions, row), merged);
  }

  private *deleting(typename: string, input: Input): Steps<WriteResult> {
    const { typeOf, may, authority, fence } = this.deps;
    const kind = typeOf(typename);
    const at = target(kind, input);
    if ('code' in at) return at;
    const stored = yield* this.find(typename, at.id);
    if (stored === null) return deleted(typename, at.id, at.version, null);
    const tooNew = refuseFuture(kind, stored, at.version, authority);
    if (tooNew !== null) return tooNew;
    // Both wanted it gone, and it is.
    if (stored.row._deleted) return payload('delete', stored.row);
    if (!(yield* wait(may('delete', stored.row)))) return forbidden(typename, 'delete');
    const fenced = yield* wait(fence(stored.row));
    if (fenced !== null) return fencedOff(stored.row, at.version, fenced);
    const changed = changedSince(kind, stored.fieldVersions, at.version);
    if (changed.size > 0) return yield* this.mismatch(stored.row, at.version, [...changed]);
    const version = this.next(kind, stored.row._version);
    const next = { ...stored.row, _version: version, _lastChangedAt: this.instant(), _deleted: true };
    return payload('delete', yield* this.save(next, { '*': version }, stored.row));
  }

  private *expecting(typename: string, id: string, version: Version): Steps<ConflictResult | MutationRejected | null> {
    const { typeOf, authority, fence } = this.deps;
    const kind = typeOf(typename);
    const at = target(kind, { id, _version: version });
    if ('code' in at) return at;
    const stored = yield* this.find(typename, id);
    if (stored === null || stored.row._deleted) return deleted(typename, id, version, stored?.row._version ?? null);
    const tooNew = refuseFuture(kind, stored, version, authority);
    if (tooNew !== null) return tooNew;
    const fenced = yield* wait(fence(stored.row));
    if (fenced !== null) return fencedOff(stored.row, version, fenced);
    const changed = changedSince(kind, stored.fieldVersions, version);
    return stored.row._version === version ? null : yield* this.mismatch(stored.row, version, [...changed]);
  }

  /** The entity as this user may know it: `null` when it never was, was collected, or may not be read. */
  private *find(typename: string, id: string): Steps<StoredRow | null> {
    const { transaction, may } = this.deps;
    const stored = yield* wait(transaction.get(typename, id));
    return stored !== null && (yield* wait(may('read', stored.row))) ? stored : null;
  }

  /** A reference to what is not there: what hangs on it would be lost to sight. */
  private *dangling({ typename, fields }: WritableType, values: Input): Steps<MutationRejected | null> {
    for (const [name, id] of Object.entries(values)) {
      const field = fields.get(name);
      if (field?.kind !== 'reference' || typeof id !== 'string') continue;
      const target = yield* this.find(field.type, id);
      if (target === null || target.row._deleted)
        return rejected(ErrorCode.REFERENCE_NOT_FOUND, `${typename}.${name}: there is no ${field.type} ${id}, or it was deleted.`, [name]);
    }
    return null;
  }

  private *mismatch(row: Row, version: Version, changed: readonly string[]): Steps<ConflictResult> {
    return versionMismatch(row, version, yield* wait(this.deps.tell(row, changed)));
  }

  private *save(row: Row, fieldVersions: FieldVersions, before?: Row): Steps<Row> {
    const { transaction, keepsPasts } = this.deps;
    const stored = { row: Object.freeze(row), fieldVersions };
    yield* wait(transaction.put(row.__typename, stored, keepsPasts ? before : undefined));
    return row;
  }

  private next({ type }: WritableType, current: Version | null): Version {
    const { now, authority } = this.deps;
    return nextVersion(type.version, current, { now: now(), authority });
  }

  private instant(): string {
    return isoOf(this.deps.now());
  }
}

const forbidden = (typename: string, action: Action): MutationRejected =>
  rejected(ErrorCode.FORBIDDEN, `You may not ${action} this ${typename}.`, null);

/** `context.offline.write` of one mutation root field. */
export function createOfflineWrite(write: VersionedWrite, transaction: WriteTransaction): OfflineWrite {
  return {
    create: async (typename, input) => write.create(typename, input),
    update: async (typename, input, options) => write.update(typename, input, options),
    delete: async (typename, input) => write.delete(typename, input),
    expectVersion: async (typename, id, version) => write.expectVersion(typename, id, version),
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
