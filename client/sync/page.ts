import type { TombstoneReason } from '../../schema/protocol.ts';
import type { Version } from '../../schema/version.ts';

/** One entity as the server has it, by output field name. */
export interface Change {
  readonly __typename: string;
  readonly id: string;
  readonly _version: Version;
  readonly _deleted?: boolean;
  readonly [field: string]: unknown;
}

export interface Tombstone {
  readonly typename: string;
  readonly id: string;
  readonly _version: Version;
  readonly reason: TombstoneReason;
}

export interface SyncPage {
  readonly changes: readonly Change[];
  readonly tombstones: readonly Tombstone[];
  readonly cursor: unknown;
  readonly hasMore: boolean;
  readonly reset: boolean;
}

/** Reads the answer of the sync query. @throws when it is not one: nothing of it is applied then. */
export function readPage(
  data: unknown,
  unalias: (change: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): SyncPage {
  const page = (data as { readonly sync?: Partial<SyncPage> | null } | null | undefined)?.sync;
  const isPage =
    page && Array.isArray(page.changes) && Array.isArray(page.tombstones) && typeof page.hasMore === 'boolean' && page.cursor != null;
  if (
    !isPage ||
    !page.changes?.every((change) => names(change, '__typename')) ||
    !page.tombstones?.every((tombstone) => names(tombstone, 'typename'))
  )
    throw new TypeError('expected a page of changes from the sync query, got something else; is the server of this protocol version?');
  return { ...(page as SyncPage), changes: (page.changes ?? []).map((change) => unalias(change) as Change), reset: page.reset === true };
}

/** Whether it says which entity it is about. */
function names(value: unknown, typename: '__typename' | 'typename'): boolean {
  const item = value as Readonly<Record<string, unknown>> | null | undefined;
  return typeof item?.[typename] === 'string' && typeof item.id === 'string';
}
