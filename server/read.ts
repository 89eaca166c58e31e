import { HIDDEN_FIELDS } from '../schema/protocol.ts';
import type { Connection, OfflineRead } from './context.ts';
import type { Sight } from './mutation/visible.ts';
import { checkPage } from './page.ts';
import type { Action } from './plugin-options.ts';
import type { Awaitable } from './steps.ts';
import { unknownType } from './store/engine.ts';
import { keysOf, pageCursor, parsePageCursor } from './store/page-cursor.ts';
import { checkFilter, checkOrder, fieldsIn } from './store/query.ts';
import type { ReadTransaction, Row } from './store/store.ts';
import type { Table } from './store/tables.ts';

export interface ReadDeps {
  readonly reads: ReadTransaction;
  readonly tables: ReadonlyMap<string, Table>;
  /** `null`: everyone may do everything, and nobody has to be asked row by row. */
  readonly may: ((action: Action, row: Row) => Awaitable<boolean>) | null;
  readonly sight: Sight;
  readonly pageSize: number;
}

const DEFAULT_FIRST = 100;

/** `context.offline.read`: what the caller may not read is not there. */
export function createRead({ reads, tables, may, sight, pageSize }: ReadDeps): OfflineRead {
  const readable = async (rows: readonly Row[]): Promise<readonly Row[]> => {
    if (may === null) return rows;
    const kept: Row[] = [];
    for (const row of rows) if (await may('read', row)) kept.push(row);
    return kept;
  };

  return {
    async get(typename, id, options) {
      const stored = await reads.get(typename, id);
      if (stored === null || (stored.row._deleted && options?.deleted !== true)) return null;
      return (await readable([stored.row]))[0] ?? null;
    },

    async list(typename, args): Promise<Connection> {
      const table = tables.get(typename);
      if (table === undefined) throw unknownType(typename, tables);
      const first = Math.min(checkPage('first', args.first ?? DEFAULT_FIRST, 0), pageSize);
      const [filter, order] = [args.filter ?? null, args.orderBy ?? []];
      checkFilter(table, filter);
      checkOrder(table, order);

      // Whether a row is found by a value, or where it stands, would say what its reader may not see: such a row is not found by it at all.
      const guarded = sight.guarded(typename, [...new Set([...fieldsIn(filter), ...order.map(({ field }) => field)])]);
      const found = async (rows: readonly Row[]): Promise<readonly Row[]> => {
        if (guarded.length === 0) return rows;
        const kept: Row[] = [];
        for (const row of rows) if (!(await sight.tell(row, guarded)).includes(HIDDEN_FIELDS)) kept.push(row);
        return kept;
      };
      /** Up to `count` rows that may be read; rows that may not are passed over, page by page. */
      const take = async (after: readonly unknown[] | null, count: number): Promise<readonly Row[]> => {
        const taken: Row[] = [];
        for (let from = after; ; ) {
          const limit = Math.min(count - taken.length, pageSize + 1);
          const rows = await reads.list(typename, { filter, order, after: from, limit });
          taken.push(...(await found(await readable(rows))));
          const last = rows.at(-1);
          if (last === undefined || rows.length < limit || taken.length >= count) return taken;
          from = keysOf(order, last);
        }
      };
      const after = args.after == null ? null : parsePageCursor(table, order, args.after);
      // One more than asked for says whether there is a next page.
      const rows = await take(after, first + 1);
      const nodes = rows.slice(0, first);
      const last = nodes.at(-1);
      return {
        nodes,
        pageInfo: { hasNextPage: rows.length > first, endCursor: last === undefined ? null : pageCursor(order, last) },
        totalCount: async () =>
          may === null && guarded.length === 0 ? reads.count(typename, filter) : (await take(null, Number.POSITIVE_INFINITY)).length,
      };
    },
  };
}
