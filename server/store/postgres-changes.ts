import { type ChangeEntry, endOfBytes, endOfPage } from './change-page.ts';
import { nextPosition } from './position.ts';
import type { Connection } from './postgres-connection.ts';
import { isBefore, later, type Place, parsePlace, START, spell } from './postgres-position.ts';
import { BOUND, type OwnTables } from './postgres-tables.ts';
import { toText } from './postgres-text.ts';
import type { Changes, ChangesQuery, Position, Row } from './store.ts';

interface Entry extends ChangeEntry, Place {}

interface History {
  /** The newest stretch. */
  readonly epoch: string;
  readonly horizon: Place;
  /** The newest place that a reader may stand at. */
  readonly head: Place;
}

/**
 * The change log up to the oldest transaction that still runs, in the order of transactions: one that took its number early and commits
 * late is never behind a reader. It also holds back what came after it until it ends.
 */
export async function readHistory(connection: Connection, own: OwnTables): Promise<History> {
  const [row] = await connection.rows<{ epoch: string; horizon: string; xid: string | null; number: number | null }>(
    `select (select name from ${own.epoch} order by number desc limit 1) as epoch,
       (select value from ${own.meta} where key = 'horizon') as horizon, c.xid::text, c.number
     from (select 1) one left join lateral
       (select xid, number from ${own.change} where xid < ${BOUND} order by xid desc, number desc limit 1) c on true`,
    [],
    true,
  );
  const horizon = parsePlace(row?.horizon ?? '') ?? START;
  const newest = row === undefined || row.xid === null || row.number === null ? START : { xid: row.xid, number: row.number };
  // The newest change may be a tombstone that was collected.
  return { epoch: row?.epoch ?? '', horizon, head: later(newest, horizon) };
}

/** The types of what was changed after a place, as far as readers may stand. */
export async function changedTypes(connection: Connection, own: OwnTables, position: string): Promise<ReadonlySet<string>> {
  const { xid, number } = parsePlace(position) ?? START;
  const rows = await connection.rows<{ typename: string }>(
    `select distinct typename from ${own.change} where (xid, number) > ($1::text::xid8, $2::bigint) and xid < ${BOUND}`,
    [xid, number],
    true,
  );
  return new Set(rows.map(({ typename }) => typename));
}

/** The place to continue after, or `null` when nothing can be continued from there. */
async function continuable(
  connection: Connection,
  own: OwnTables,
  { epoch, position, begun = position }: Position,
  horizon: Place,
): Promise<Place | null> {
  const [place, covered] = [parsePlace(position), parsePlace(begun)];
  if (place === null || covered === null || isBefore(covered, place)) return null;
  const [row] = await connection.rows<{ known: boolean }>(
    `select e.name is not null and coalesce($2::text::xid8 < n.xid and $3 <= n.start, $3 <= (select last_value from ${own.number})) as known
     from (select 1) one
     left join ${own.epoch} e on e.name = $1
     left join lateral (select xid, start from ${own.epoch} where number > e.number order by number limit 1) n on true`,
    [epoch, covered.xid, covered.number],
    true,
  );
  return row?.known === true && !isBefore(covered, horizon) ? place : null;
}

/** `readRows`: the rows of a type, by ids. Everything has to happen in one snapshot. */
export async function readChanges(
  connection: Connection,
  own: OwnTables,
  { after, types, limit, maxBytes }: ChangesQuery,
  readRows: (typename: string, ids: readonly string[]) => Promise<readonly Row[]>,
): Promise<Changes> {
  const { epoch, horizon, head } = await readHistory(connection, own);
  const start = after === null ? START : await continuable(connection, own, after, horizon);

  const fetch = (from: Place, count: number) =>
    connection.rows<Entry>(
      `select typename, id, xid::text, number, xid::text || '.' || unit as unit from ${own.change}
       where (xid, number) > ($1::text::xid8, $2::bigint) and xid < ${BOUND} and ($3::text[] is null or typename = any($3))
       order by ${own.change}.xid, ${own.change}.number limit $4`,
      [from.xid, from.number, types, count],
      true,
    );
  const entries: Entry[] = [...(await fetch(start ?? START, limit + 1))];
  let complete = entries.length <= limit;
  let end = endOfPage(entries, limit, complete);
  while (end === null) {
    const more = await fetch(entries.at(-1) ?? START, limit + 1);
    entries.push(...more);
    complete = more.length <= limit;
    end = endOfPage(entries, limit, complete);
  }

  const page = entries.slice(0, end);
  const rows = await rowsOf(page, readRows);
  const kept = maxBytes === undefined ? end : endOfBytes(page, rows, maxBytes);
  const hasMore = kept < entries.length;
  const last = page[kept - 1];
  // Told already, and told again when the cursor gets there: whoever wrote them must not think that they are lost.
  const ahead = hasMore ? [] : await heldBack(connection, own, types, limit);
  const aheadRows = await rowsOf(ahead, readRows);
  const told = [
    ...rows.slice(0, kept),
    ...aheadRows.slice(0, maxBytes === undefined ? ahead.length : endOfBytes(ahead, aheadRows, maxBytes)),
  ];
  return {
    rows: told.filter((row) => row !== null),
    next:
      hasMore && last !== undefined
        ? nextPosition(start === null ? null : after, { epoch, position: spell(head) }, spell(last), isSpelledBefore)
        : { epoch, position: spell(start === null ? head : later(start, head)) },
    hasMore,
    reset: start === null,
  };
}

/** What is committed and stays behind the bound, because an older transaction still runs: whole units, as many as a page takes. */
async function heldBack(connection: Connection, own: OwnTables, types: readonly string[] | null, limit: number): Promise<readonly Entry[]> {
  const entries = await connection.rows<Entry>(
    `select typename, id, xid::text, number, xid::text || '.' || unit as unit from ${own.change}
     where xid >= ${BOUND} and ($1::text[] is null or typename = any($1)) order by ${own.change}.xid, ${own.change}.number limit $2`,
    [types, limit + 1],
    true,
  );
  if (entries.length <= limit) return entries;
  let end = limit;
  while (end > 0 && entries[end]?.unit === entries[end - 1]?.unit) end -= 1;
  return entries.slice(0, end);
}

async function rowsOf(
  page: readonly Entry[],
  readRows: (typename: string, ids: readonly string[]) => Promise<readonly Row[]>,
): Promise<readonly (Row | null)[]> {
  const found = new Map<string, Row>();
  for (const typename of new Set(page.map((entry) => entry.typename))) {
    const ids = page.filter((entry) => entry.typename === typename).map(({ id }) => id);
    for (const row of await readRows(typename, ids)) found.set(`${typename} ${toText(row.id)}`, row);
  }
  return page.map(({ typename, id }) => found.get(`${typename} ${id}`) ?? null);
}

function isSpelledBefore(position: string, other: string): boolean {
  const [a, b] = [parsePlace(position), parsePlace(other)];
  return a !== null && b !== null && isBefore(a, b);
}
