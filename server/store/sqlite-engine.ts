import type Database from 'better-sqlite3';
import type { CompiledQuery } from 'kysely';
import { laterVersion, type Version } from '../../schema/version.ts';
import { type ChangeEntry, endOfBytes, readPage } from './change-page.ts';
import { type Engine, unknownType } from './engine.ts';
import { isPlaceBefore, nextPosition, placeOf } from './position.ts';
import { createRowReader, createTupleReader } from './row.ts';
import { countSql, listSql } from './sql.ts';
import { fromColumn, sqliteDialect, toColumn } from './sqlite-dialect.ts';
import { createSqliteLeases } from './sqlite-leases.ts';
import { mappedStatements } from './sqlite-mapped.ts';
import { quote, type SqliteModel } from './sqlite-migrations.ts';
import type { Changes, ChangesQuery, FieldVersions, ListQuery, Position, ResultKey, Row, StoredResult, StoredRow } from './store.ts';
import type { Table } from './tables.ts';

type Values = Record<string, unknown>;

/** Compiled statements of lists are kept up to this many: filters come in unboundedly many shapes. */
const KEPT_STATEMENTS = 200;

/** The engine on one connection. */
export function createSqliteEngine(database: Database.Database, { tables, mappings }: SqliteModel): Engine {
  const entities = new Map(
    [...tables].map(([typename, table]) => {
      const mapping = mappings.get(typename);
      return [typename, mapping ? mappedStatements(database, table, mapping) : entityStatements(database, table)];
    }),
  );
  const own = ownStatements(database);
  const leases = createSqliteLeases(database);
  const compiled = new Map<string, Database.Statement>();
  /** The position of the first change of the unit at hand. */
  let unit: number | null = null;

  const entity = (typename: string) => {
    const found = entities.get(typename);
    if (found === undefined) throw unknownType(typename, tables);
    return found;
  };
  const run = (query: CompiledQuery): Values[] => {
    let statement = compiled.get(query.sql);
    if (statement === undefined) {
      if (compiled.size >= KEPT_STATEMENTS) compiled.clear();
      statement = database.prepare(query.sql);
      compiled.set(query.sql, statement);
    }
    return statement.all(...query.parameters) as Values[];
  };

  const head = (): Position => {
    const { epoch, position } = own.head.get() ?? { epoch: null, position: null };
    return { epoch: epoch ?? '', position: String(position ?? 0) };
  };

  /** The number to continue after, or `null` when nothing can be continued from there. */
  const continuable = ({ epoch, position, begun = position }: Position): number | null => {
    const [place, covered] = [placeOf(position), placeOf(begun)];
    const known = own.epochByName.get(epoch);
    if (place === null || covered === null || place > covered || known === undefined) return null;
    const end = own.epochAfter.get(known.number)?.start ?? Number(head().position);
    return covered <= end && covered >= Number(own.horizon.get()?.value ?? 0) ? place : null;
  };

  const changes = database.transaction(({ after, types, limit, maxBytes }: ChangesQuery): Changes => {
    const start = after === null ? 0 : continuable(after);
    const read = (from: number): readonly Entry[] =>
      types === null ? own.changes.all(from, limit + 1) : own.changesOf.all(from, JSON.stringify(types), limit + 1);
    const { entries, end } = readPage(read, ({ position }) => position, start ?? 0, limit);
    const rows = entries.slice(0, end).map(({ typename, id }) => entities.get(typename)?.get(id)?.row ?? null);
    const kept = maxBytes === undefined ? end : endOfBytes(entries, rows, maxBytes);
    const hasMore = kept < entries.length;
    const last = entries[kept - 1];
    return {
      rows: rows.slice(0, kept).filter((row) => row !== null),
      next:
        hasMore && last !== undefined ? nextPosition(start === null ? null : after, head(), String(last.position), isPlaceBefore) : head(),
      hasMore,
      reset: start === null,
    };
  });

  const versionFloor = (typename: string): Version | null => {
    const found = own.meta.get(floorKey(typename));
    return found === undefined ? null : (JSON.parse(found.value) as Version);
  };

  const acknowledge = (user: string, clientId: string, through: number): number => {
    const watermark = own.watermark.get(user, clientId)?.watermark ?? 0;
    if (through <= watermark) return watermark;
    own.setWatermark.run(user, clientId, through);
    own.forget.run(user, clientId, through);
    return through;
  };

  const unitStart = { position: 0, dataVersion: -1 };
  /** What SQL of the application's own changed in tables that others write too is seen together with the unit that it is part of. */
  const joinUnit = (first: number | null): void => {
    const dataVersion = Number(database.pragma('data_version', { simple: true }));
    const { position } = unitStart;
    // What other programs wrote between two transactions is in no unit of ours.
    if (dataVersion === unitStart.dataVersion) own.joinUnit.run(first, position, position);
    unitStart.dataVersion = dataVersion;
    unitStart.position = Number(head().position);
  };

  return {
    ...leases,
    get: (typename: string, id: string): StoredRow | null => entity(typename).get(id),
    list: (typename: string, query: ListQuery): readonly Row[] => {
      const { table, decode } = entity(typename);
      return run(listSql(sqliteDialect, table, query)).map(decode);
    },
    count: (typename: string, filter: ListQuery['filter']): number =>
      Number(run(countSql(sqliteDialect, entity(typename).table, filter))[0]?.count ?? 0),
    changes: (query: ChangesQuery): Changes => changes(query),
    head,
    versionFloor,
    statistics: () => ({
      results: own.countAll.get()?.count ?? 0,
      tombstones: [...entities.values()].reduce((sum, { countTombstones }) => sum + (countTombstones.get()?.count ?? 0), 0),
    }),
    beginUnit() {
      if (mappings.size > 0) joinUnit(unit);
      unit = null;
    },
    put(typename: string, stored: StoredRow, past?: Row): void {
      entity(typename).put(stored);
      const { lastInsertRowid } = own.change.run(typename, stored.row.id, unit);
      unit ??= Number(lastInsertRowid);
      if (past !== undefined) own.addPast.run(lastInsertRowid, typename, stored.row.id, stored.row._lastChangedAt, JSON.stringify(past));
    },
    pasts: (asked, after) =>
      asked.flatMap(({ __typename, id }) =>
        own.pasts.all(__typename, id, continuable(after) ?? 0).map(({ row }) => entity(__typename).past(JSON.parse(row), id)),
      ),
    findResult: ({ user, clientId, mutationId }: ResultKey): StoredResult | null => own.findResult.get(user, clientId, mutationId) ?? null,
    hasResults: (user: string, clientId: string, first: number, last: number): boolean =>
      own.hasResults.get(user, clientId, first, last) !== undefined,
    saveResult({ user, clientId, mutationId }: ResultKey, { fingerprint, outcome, answer }: StoredResult): void {
      own.saveResult.run(user, clientId, mutationId, fingerprint, outcome, answer);
    },
    saveResults(results: readonly (readonly [ResultKey, StoredResult])[]): void {
      for (const [{ user, clientId, mutationId }, { fingerprint, outcome, answer }] of results)
        own.saveResult.run(user, clientId, mutationId, fingerprint, outcome, answer);
    },
    acknowledge,
    countResults: (user: string, clientId: string): number => own.countResults.get(user, clientId)?.count ?? 0,
    retire(user: string, clientId: string): void {
      leases.endLeasesOf(user, clientId);
      const highest = own.highest.get(user, clientId)?.highest ?? null;
      if (highest !== null) acknowledge(user, clientId, highest);
    },
    collectTombstones(before: string): number {
      let collected = 0;
      let horizon = Number(own.horizon.get()?.value ?? 0);
      for (const [typename, { table, tombstones, remove }] of entities) {
        let floor = versionFloor(typename);
        for (const { id, _version: version } of tombstones.all(before)) {
          floor = laterVersion(table.version, floor, version);
          const position = own.positionOf.get(typename, id)?.position ?? 0;
          horizon = Math.max(horizon, position);
          remove.run(id);
          own.forgetChange.run(typename, id);
          collected += 1;
        }
        if (floor !== null) own.setMeta.run(floorKey(typename), JSON.stringify(floor));
      }
      horizon = Math.max(horizon, own.lastPast.get(before)?.position ?? 0);
      own.forgetPasts.run(before);
      own.setMeta.run('horizon', String(horizon));
      return collected;
    },
    beginEpoch(name: string, after: string): void {
      own.addEpoch.run(name, Number(after));
      own.pruneEpochs.run();
    },
  };
}

function entityStatements(database: Database.Database, table: Table) {
  const name = quote(table.typename);
  const columns = [...table.columns.map((column) => column.name), '_version', '_lastChangedAt', '_deleted', '_fieldVersions'];
  // As an array: names of columns would be made into strings for every row that is read.
  const select = database
    .prepare<[string], readonly unknown[]>(`select id, ${columns.map(quote).join(', ')} from ${name} where id = ?`)
    .raw();
  const upsert = database.prepare(
    `insert into ${name} (id, ${columns.map(quote).join(', ')}) values (?${', ?'.repeat(columns.length)})
     on conflict (id) do update set ${columns.map((column) => `${quote(column)} = excluded.${quote(column)}`).join(', ')}`,
  );
  const decode = createRowReader(table, fromColumn);
  const decodeTuple = createTupleReader(table, fromColumn);
  return {
    table,
    decode,
    past: (noted: Row): Row => noted,
    get(id: string): StoredRow | null {
      const values = select.get(id);
      return values === undefined
        ? null
        : { row: decodeTuple(values), fieldVersions: JSON.parse(values.at(-1) as string) as FieldVersions };
    },
    put({ row, fieldVersions }: StoredRow): void {
      const own = table.columns.map(({ name: column, kind }) => toColumn(kind, row[column]));
      upsert.run(row.id, ...own, row._version, row._lastChangedAt, row._deleted ? 1 : 0, JSON.stringify(fieldVersions));
    },
    tombstones: database.prepare<[string], { id: string; _version: Version }>(
      `select id, _version from ${name} where _deleted = 1 and _lastChangedAt < ?`,
    ),
    countTombstones: database.prepare<[], { count: number }>(`select count(*) as count from ${name} where _deleted = 1`),
    remove: database.prepare<[string]>(`delete from ${name} where id = ?`),
  };
}

const floorKey = (typename: string): string => `floor:${typename}`;

interface Entry extends ChangeEntry {
  readonly position: number;
}

/** The store's own tables are few and fixed, so their SQL is written out and prepared once. */
function ownStatements(database: Database.Database) {
  return {
    change: database.prepare<[string, string, number | null]>(
      'insert or replace into farside_change (typename, id, unit) values (?, ?, ?)',
    ),
    joinUnit: database.prepare<[number | null, number, number]>(
      'update farside_change set unit = coalesce(?, (select min(position) from farside_change where position > ?)) where position > ? and unit is null',
    ),
    changes: database.prepare<[number, number], Entry>(
      'select position, typename, id, coalesce(unit, position) as unit from farside_change where position > ? order by position limit ?',
    ),
    changesOf: database.prepare<[number, string, number], Entry>(
      'select position, typename, id, coalesce(unit, position) as unit from farside_change where position > ? and typename in (select value from json_each(?)) order by position limit ?',
    ),
    positionOf: database.prepare<[string, string], { position: number }>(
      'select position from farside_change where typename = ? and id = ?',
    ),
    forgetChange: database.prepare<[string, string]>('delete from farside_change where typename = ? and id = ?'),
    addPast: database.prepare<[number | bigint, string, string, string, string]>('insert into farside_past values (?, ?, ?, ?, ?)'),
    pasts: database.prepare<[string, string, number], { row: string }>(
      'select row from farside_past where typename = ? and id = ? and position > ?',
    ),
    lastPast: database.prepare<[string], { position: number | null }>('select max(position) as position from farside_past where at < ?'),
    forgetPasts: database.prepare<[string]>('delete from farside_past where at < ?'),
    // Not max(position): the newest change may be a tombstone that was collected.
    head: database.prepare<[], { epoch: string | null; position: number | null }>(
      `select (select name from farside_epoch order by number desc limit 1) as epoch,
       (select seq from sqlite_sequence where name = 'farside_change') as position`,
    ),
    horizon: database.prepare<[], { value: string }>(`select value from farside_meta where key = 'horizon'`),
    meta: database.prepare<[string], { value: string }>('select value from farside_meta where key = ?'),
    setMeta: database.prepare<[string, string]>('insert or replace into farside_meta values (?, ?)'),
    epochByName: database.prepare<[string], { number: number }>('select number from farside_epoch where name = ?'),
    epochAfter: database.prepare<[number], { start: number }>('select start from farside_epoch where number > ? order by number limit 1'),
    addEpoch: database.prepare<[string, number]>('insert into farside_epoch (name, start) values (?, ?)'),
    pruneEpochs: database.prepare('delete from farside_epoch where number <= (select max(number) from farside_epoch) - 1000'),
    watermark: database.prepare<[string, string], { watermark: number }>(
      'select watermark from farside_client where user = ? and client = ?',
    ),
    setWatermark: database.prepare<[string, string, number]>('insert or replace into farside_client values (?, ?, ?)'),
    forget: database.prepare<[string, string, number]>('delete from farside_result where user = ? and client = ? and mutation <= ?'),
    highest: database.prepare<[string, string], { highest: number | null }>(
      'select max(mutation) as highest from farside_result where user = ? and client = ?',
    ),
    countResults: database.prepare<[string, string], { count: number }>(
      'select count(*) as count from farside_result where user = ? and client = ?',
    ),
    countAll: database.prepare<[], { count: number }>('select count(*) as count from farside_result'),
    findResult: database.prepare<[string, string, number], StoredResult>(
      'select fingerprint, outcome, answer from farside_result where user = ? and client = ? and mutation = ?',
    ),
    hasResults: database.prepare<[string, string, number, number], unknown>(
      'select 1 from farside_result where user = ? and client = ? and mutation between ? and ? limit 1',
    ),
    saveResult: database.prepare<[string, string, number, string, string, string]>('insert into farside_result values (?, ?, ?, ?, ?, ?)'),
  };
}
