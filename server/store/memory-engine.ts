import { compareRows, matches } from '../../schema/list.ts';
import { laterVersion, type Version } from '../../schema/version.ts';
import { type ChangeEntry, endOfBytes, endOfPage } from './change-page.ts';
import { type Engine, unknownType } from './engine.ts';
import type { Layer } from './layer.ts';
import { createMemoryLeases } from './memory-leases.ts';
import { isPlaceBefore, nextPosition, placeOf } from './position.ts';
import { checkFilter, checkOrder } from './query.ts';
import type { ChangesQuery, ListQuery, Position, ResultKey, Row, StoredResult, StoredRow } from './store.ts';
import type { Table } from './tables.ts';

interface Change extends ChangeEntry {
  readonly position: number;
}
/** A row that was replaced, by the change at this position. */
interface Past {
  readonly position: number;
  readonly at: string;
  readonly row: Row;
}
interface Epoch {
  readonly name: string;
  readonly start: number;
}

/** The engine on whichever layer is on top when it is called. */
export function createMemoryEngine(layer: () => Layer, tables: ReadonlyMap<string, Table>): Engine {
  /** The position of the first change of the unit at hand. */
  let unit: number | null = null;
  const number = (name: string): number => (layer().get('meta', name) as number | undefined) ?? 0;
  const epochs = (): readonly Epoch[] => (layer().get('meta', 'epochs') as readonly Epoch[] | undefined) ?? [];
  const head = (): Position => ({ epoch: epochs().at(-1)?.name ?? '', position: String(number('position')) });
  const table = (typename: string): Table => {
    const found = tables.get(typename);
    if (found === undefined) throw unknownType(typename, tables);
    return found;
  };
  const stored = (typename: string, id: string) => layer().get(`row:${typename}`, id) as StoredRow | undefined;
  const live = (typename: string, filter: ListQuery['filter']): Row[] => {
    checkFilter(table(typename), filter);
    const rows = [...layer().values(`row:${typename}`)].map((value) => (value as StoredRow).row);
    return rows.filter((row) => !row._deleted && matches(filter, (field) => row[field]) === true);
  };
  const resultsOf = (user: string, clientId: string): string => `result:${JSON.stringify([user, clientId])}`;
  const mutationIds = (user: string, clientId: string): number[] => [...layer().keys(resultsOf(user, clientId))].map(Number);
  const acknowledge = (user: string, clientId: string, through: number): number => {
    const key = JSON.stringify([user, clientId]);
    const watermark = (layer().get('client', key) as number | undefined) ?? 0;
    if (through <= watermark) return watermark;
    layer().set('client', key, through);
    for (const id of mutationIds(user, clientId)) {
      if (id > through) continue;
      layer().set(resultsOf(user, clientId), String(id), undefined);
      layer().set('meta', 'results', number('results') - 1);
    }
    return through;
  };
  const leases = createMemoryLeases(layer);
  const versionFloor = (typename: string) => (layer().get('meta', `floor:${typename}`) as Version | undefined) ?? null;
  const continuable = ({ epoch, position, begun = position }: Position): number | null => {
    const known = epochs();
    const index = known.findIndex(({ name }) => name === epoch);
    const [place, covered] = [placeOf(position), placeOf(begun)];
    if (index < 0 || place === null || covered === null || place > covered) return null;
    return covered <= (known[index + 1]?.start ?? number('position')) && covered >= number('horizon') ? place : null;
  };

  const saveResult = ({ user, clientId, mutationId }: ResultKey, result: StoredResult): void => {
    const results = resultsOf(user, clientId);
    if (layer().get(results, String(mutationId)) !== undefined)
      throw new Error(`the result of mutation ${mutationId} of client ${clientId} is there already`);
    layer().set(results, String(mutationId), result);
    layer().set('meta', 'results', number('results') + 1);
  };

  return {
    ...leases,
    get(typename, id) {
      table(typename);
      return stored(typename, id) ?? null;
    },
    list(typename, { filter, order, after, limit }) {
      checkOrder(table(typename), order);
      const rows = live(typename, filter).sort((a, b) => compareRows(order, reader(a), reader(b)));
      if (after === null) return rows.slice(0, limit);
      const keys = new Map([...order.map(({ field }, index) => [field, after[index]] as const), ['id', after.at(-1)]]);
      return rows.filter((row) => compareRows(order, reader(row), (field) => keys.get(field)) > 0).slice(0, limit);
    },
    count: (typename, filter) => live(typename, filter).length,
    changes({ after, types, limit, maxBytes }: ChangesQuery) {
      const start = after === null ? 0 : continuable(after);
      const entries = ([...layer().values('change')] as Change[])
        .filter(({ position, typename }) => position > (start ?? 0) && (types === null || types.includes(typename)))
        .sort((a, b) => a.position - b.position);
      const end = endOfPage(entries, limit, true) ?? entries.length;
      const rows = entries.slice(0, end).map(({ typename, id }) => (tables.has(typename) ? (stored(typename, id)?.row ?? null) : null));
      const kept = maxBytes === undefined ? end : endOfBytes(entries, rows, maxBytes);
      const hasMore = kept < entries.length;
      const last = entries[kept - 1];
      return {
        rows: rows.slice(0, kept).filter((row) => row !== null),
        next:
          hasMore && last !== undefined
            ? nextPosition(start === null ? null : after, head(), String(last.position), isPlaceBefore)
            : head(),
        hasMore,
        reset: start === null,
      };
    },
    head,
    versionFloor,
    statistics: () => ({
      results: number('results'),
      tombstones: [...tables.keys()]
        .flatMap((typename) => [...layer().values(`row:${typename}`)] as StoredRow[])
        .filter(({ row }) => row._deleted).length,
    }),
    beginUnit() {
      unit = null;
    },
    pasts(asked, after) {
      const start = continuable(after) ?? 0;
      return ([...layer().values('past')] as Past[])
        .filter(
          ({ position, row }) => position > start && asked.some(({ __typename, id }) => row.__typename === __typename && row.id === id),
        )
        .map(({ row }) => row);
    },
    put(typename, value, past) {
      table(typename);
      const position = number('position') + 1;
      layer().set(`row:${typename}`, value.row.id, value);
      layer().set('meta', 'position', position);
      layer().set('change', JSON.stringify([typename, value.row.id]), {
        position,
        typename,
        id: value.row.id,
        unit: unit ?? position,
      } satisfies Change);
      unit ??= position;
      if (past !== undefined) layer().set('past', String(position), { position, at: value.row._lastChangedAt, row: past } satisfies Past);
    },
    findResult: ({ user, clientId, mutationId }) =>
      (layer().get(resultsOf(user, clientId), String(mutationId)) as StoredResult | undefined) ?? null,
    hasResults: (user, clientId, first, last) => mutationIds(user, clientId).some((id) => id >= first && id <= last),
    saveResult,
    saveResults: (results) => {
      for (const each of results) saveResult(...each);
    },
    acknowledge,
    countResults: (user, clientId) => mutationIds(user, clientId).length,
    retire(user, clientId) {
      leases.endLeasesOf(user, clientId);
      const highest = Math.max(0, ...mutationIds(user, clientId));
      if (highest > 0) acknowledge(user, clientId, highest);
    },
    collectTombstones(before) {
      let collected = 0;
      for (const { position, typename, id } of [...layer().values('change')] as Change[]) {
        const row = stored(typename, id)?.row;
        if (row === undefined || !row._deleted || row._lastChangedAt >= before) continue;
        layer().set(`row:${typename}`, id, undefined);
        layer().set('change', JSON.stringify([typename, id]), undefined);
        layer().set('meta', 'horizon', Math.max(number('horizon'), position));
        layer().set('meta', `floor:${typename}`, laterVersion(table(typename).version, versionFloor(typename), row._version));
        collected += 1;
      }
      for (const { position, at } of [...layer().values('past')] as Past[]) {
        if (at >= before) continue;
        layer().set('past', String(position), undefined);
        layer().set('meta', 'horizon', Math.max(number('horizon'), position));
      }
      return collected;
    },
    beginEpoch: (name, after) => layer().set('meta', 'epochs', [...epochs().slice(-1000), { name, start: Number(after) } satisfies Epoch]),
  };
}

const reader = (row: Row) => (field: string) => row[field];
