import type { Row } from './store.ts';

/** One line of the change log. Lines of one unit follow one another. */
export interface ChangeEntry {
  readonly typename: string;
  readonly id: string;
  /** What was written together and is seen together (I11). */
  readonly unit: unknown;
}

/**
 * How many entries a page takes: up to `limit`, and then to the end of the unit that it ends in. `null`: these entries do not say where
 * that is. `complete`: there are no more.
 */
export function endOfPage(entries: readonly ChangeEntry[], limit: number, complete: boolean): number | null {
  let end = limit;
  while (end < entries.length && entries[end]?.unit === entries[end - 1]?.unit) end += 1;
  if (end < entries.length) return end;
  return complete ? entries.length : null;
}

/** Reads a page and, of the unit that it ends in, as much as it takes. `read`: up to `limit + 1` entries after a position. */
export function readPage<Entry extends ChangeEntry>(
  read: (after: number) => readonly Entry[],
  positionOf: (entry: Entry) => number,
  start: number,
  limit: number,
): { readonly entries: readonly Entry[]; readonly end: number } {
  const entries = [...read(start)];
  for (let complete = entries.length <= limit; ; ) {
    const end = endOfPage(entries, limit, complete);
    const last = entries.at(-1);
    if (end !== null || last === undefined) return { entries, end: end ?? 0 };
    const more = read(positionOf(last));
    entries.push(...more);
    complete = more.length <= limit;
  }
}

/** The same by bytes of JSON: whole units until the next would be too much; always one. `rows`: of the first entries. */
export function endOfBytes(entries: readonly ChangeEntry[], rows: readonly (Row | null)[], maxBytes: number): number {
  let [end, bytes] = [0, 0];
  for (const [at, row] of rows.entries()) {
    if (at > 0 && entries[at]?.unit !== entries[at - 1]?.unit) end = at;
    if (row !== null) bytes += Buffer.byteLength(JSON.stringify(row));
    if (bytes > maxBytes && end > 0) return end;
  }
  return rows.length;
}
