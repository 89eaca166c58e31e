import type { SyncArgs, SyncPage, Tombstone } from '../context.ts';
import { badInput } from '../errors.ts';
import { checkPage } from '../page.ts';
import type { ReadTransaction, Row } from '../store/store.ts';
import { parseSyncCursor, syncCursor } from './cursor.ts';

export interface DeltaDeps {
  readonly reads: ReadTransaction;
  readonly typenames: ReadonlySet<string>;
  readonly mayRead: (row: Row) => Promise<boolean>;
  readonly pageSize: number;
  readonly pageBytes: number;
}

const DEFAULT_LIMIT = 500;

/**
 * One page of what changed after a cursor: each entity once, as it is now.
 *
 * What the reader may not read is not in a first page. In later ones it is an OUT_OF_SCOPE tombstone: the reader may hold it from
 * before, and nothing is kept of who could read what. So a reader can learn the id of an entity that it may not read, and no more.
 */
export async function delta({ reads, typenames, mayRead, pageSize, pageBytes }: DeltaDeps, args: SyncArgs): Promise<SyncPage> {
  const limit = Math.min(checkPage('limit', args.limit ?? DEFAULT_LIMIT, 1), pageSize);
  const after = args.since == null ? null : parseSyncCursor(args.since);
  const { rows, next, hasMore, reset } = await reads.changes({
    after,
    types: checkTypes(typenames, args.types),
    limit,
    maxBytes: pageBytes,
  });

  const changes: Row[] = [];
  const tombstones: Tombstone[] = [];
  for (const row of rows) {
    if (!(await mayRead(row))) {
      if (after !== null && !reset) tombstones.push(tombstone(row, 'OUT_OF_SCOPE'));
    } else if (row._deleted) tombstones.push(tombstone(row, 'DELETED'));
    else changes.push(row);
  }
  return { changes, tombstones, cursor: syncCursor(next), hasMore, reset };
}

/** @throws GraphQLError BAD_USER_INPUT: a type that is not there would be synchronised never, in silence. */
export function checkTypes(typenames: ReadonlySet<string>, types: readonly string[] | null | undefined): readonly string[] | null {
  if (types == null) return null;
  for (const typename of types)
    if (!typenames.has(typename)) throw badInput(`types: ${JSON.stringify(typename).slice(0, 80)} is not a versioned type`);
  return types;
}

function tombstone(row: Row, reason: Tombstone['reason']): Tombstone {
  return { typename: row.__typename, id: row.id, _version: row._version, reason };
}
