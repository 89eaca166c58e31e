import type { ManifestField, ManifestType } from '../../schema/manifest.ts';
import { ErrorCode } from '../../schema/protocol.ts';
import { compareVersions, isAhead, isVersion, type Version } from '../../schema/version.ts';
import type { MutationRejected } from '../context.ts';
import { OfflineServerError } from '../errors.ts';
import type { FieldVersions, StoredRow, TypeModel } from '../store/store.ts';
import { rejected } from './conflict.ts';

/** Other programs may have made longer ones than `create` takes. */
const MAX_ID = 1000;

type Input = Readonly<Record<string, unknown>>;

/** A versioned type with its fields by input name. */
export interface WritableType {
  readonly typename: string;
  readonly type: ManifestType;
  readonly fields: ReadonlyMap<string, ManifestField>;
}

/** The types of a model, ready to be written. Naming another one is a mistake of the resolver's. */
export function writableTypes(types: TypeModel): (typename: string) => WritableType {
  const byName = new Map(
    Object.entries(types).map(([typename, type]) => [
      typename,
      { typename, type, fields: new Map(Object.values(type.fields).map((field) => [field.input, field])) },
    ]),
  );
  return (typename) => {
    const found = byName.get(typename);
    if (found === undefined)
      throw new OfflineServerError(
        'UNKNOWN_TYPE',
        `expected a versioned type (${[...byName.keys()].join(', ')}), got ${JSON.stringify(typename)}`,
      );
    return found;
  };
}

/**
 * The fields that an input sets, as JSON values; `id` and `_version` left out. `undefined` is absent.
 * @throws OfflineServerError `UNKNOWN_FIELD`: dropping a value in silence would lose it.
 */
export function givenFields({ typename, fields }: WritableType, input: Input): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || name === 'id' || name === '_version') continue;
    if (!fields.has(name))
      throw new OfflineServerError(
        'UNKNOWN_FIELD',
        `${typename}: expected stored fields by input name (${[...fields.keys()].join(', ')}), got ${JSON.stringify(name)}`,
      );
    // Dates and other objects of a scalar's own become what they are on the wire.
    given[name] = typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : value;
  }
  return given;
}

/** A field that may not be null is set to null. */
export function refuseNulls({ fields }: WritableType, values: Input): MutationRejected | null {
  for (const [name, value] of Object.entries(values)) {
    if (value === null && fields.get(name)?.nullable === false)
      return rejected(ErrorCode.BAD_USER_INPUT, `${name}: expected a value, got null.`, [name]);
  }
  return null;
}

/** The id and version that a write was made against, or why they cannot be. */
export function target(
  { typename, type }: WritableType,
  input: Input,
): { readonly id: string; readonly version: Version } | MutationRejected {
  const { id, _version: version } = input;
  // Answers name the id and are kept: not one that fills the store.
  if (typeof id !== 'string' || id === '' || id.length > MAX_ID)
    return rejected(ErrorCode.BAD_USER_INPUT, `${typename}: expected an id of 1 to ${MAX_ID} characters.`, ['id']);
  if (!isVersion(type.version, version))
    return rejected(ErrorCode.BAD_USER_INPUT, `${typename} ${id}: expected the _version that was last seen of it.`, ['_version']);
  return { id, version };
}

/** A version that this entity never had: of what other authorities gave out, a server need not have heard. */
export function refuseFuture(
  { typename, type }: WritableType,
  { row }: StoredRow,
  version: Version,
  authority: string,
): MutationRejected | null {
  if (!isAhead(type.version, version, row._version, authority)) return null;
  return rejected(
    ErrorCode.BAD_USER_INPUT,
    `${typename} ${row.id}: expected a _version up to ${row._version}, got ${version}, which the server has not given out.`,
    ['_version'],
  );
}

/** Which fields changed after a version. */
export function changedSince({ type, fields }: WritableType, fieldVersions: FieldVersions, version: Version): ReadonlySet<string> {
  const since = (field: string): boolean => {
    const order = compareVersions(type.version, fieldVersions[field] ?? fieldVersions['*'] ?? version, version);
    return order === 'after' || order === 'concurrent';
  };
  return new Set([...fields.keys()].filter(since));
}
