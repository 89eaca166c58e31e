import type { SyncArgs, SyncPage, Tombstone } from '../context.ts';
import { badInput } from '../errors.ts';
import { checkPage } from '../page.ts';
import type { Awaitable } from '../steps.ts';
import type { Position, ReadTransaction, Row } from '../store/store.ts';
import { parseSyncCursor, syncCursor } from './cursor.ts';

export interface DeltaDeps {
  readonly reads: ReadTransaction;
  readonly typenames: ReadonlySet<string>;
  readonly mayRead: (row: Row) => Awaitable<boolean>;
  readonly pageSize: number;
  readonly pageBytes: number;
}

const DEFAULT_LIMIT = 500;

/**
 * One page of what changed after a cursor: each entity once, as it is now.
 *
 * What the reader may not read is in no page. If it was something that this reader could have read where it stands, it is an OUT_OF_SCOPE
 * tombstone: the reader may hold it from before. Of what it never could read it learns nothing, not even an id.
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

  const hidden = new Set<Row>();
  for (const row of rows) if (!(await mayRead(row))) hidden.add(row);
  const left = after === null || reset || hidden.size === 0 ? new Set<string>() : await readableBefore(reads, mayRead, [...hidden], after);

  const changes: Row[] = [];
  const tombstones: Tombstone[] = [];
  for (const row of rows) {
    if (hidden.has(row)) {
      if (left.has(keyOf(row))) tombstones.push(tombstone(row, 'OUT_OF_SCOPE'));
    } else if (row._deleted) tombstones.push(tombstone(row, 'DELETED'));
    else changes.push(row);
  }
  return { changes, tombstones, cursor: syncCursor(next), hasMore, reset };
}

/** Which of these were, at or after a position, something that the reader may read. */
async function readableBefore(
  reads: ReadTransaction,
  mayRead: DeltaDeps['mayRead'],
  rows: readonly Row[],
  after: Position,
): Promise<ReadonlySet<string>> {
  const readable = new Set<string>();
  // Who is on the way through a first reading holds nothing from before it.
  const { epoch, position, begun = position } = after;
  for (const past of await reads.pasts(rows, { epoch, position: begun })) {
    const key = keyOf(past);
    if (!readable.has(key) && !past._deleted && (await mayRead(past))) readable.add(key);
  }
  return readable;
}

const keyOf = ({ __typename, id }: Row): string => `${__typename} ${id}`;

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
