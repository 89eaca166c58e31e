import type { CompiledQuery } from 'kysely';
import { laterVersion, type Version } from '../../schema/version.ts';
import { unknownType } from './engine.ts';
import type { Work } from './handle.ts';
import { readChanges, readHistory } from './postgres-changes.ts';
import type { Connection } from './postgres-connection.ts';
import { createPostgresDialect } from './postgres-dialect.ts';
import { isTaken } from './postgres-errors.ts';
import { createPostgresLeases } from './postgres-leases.ts';
import { mappedStatements } from './postgres-mapped.ts';
import type { PostgresTables } from './postgres-migrations.ts';
import { later, type Place, parsePlace, START, spell } from './postgres-position.ts';
import type { Progress } from './postgres-progress.ts';
import { BOUND, type OwnTables, ownTables, quote } from './postgres-tables.ts';
import { fromColumn, fromText, toColumn, toText } from './postgres-text.ts';
import { createRowReader } from './row.ts';
import { countSql, listSql } from './sql.ts';
import type { FieldVersions, ResultKey, Row, RowLock, StoredResult, StoredRow, StoreStatistics } from './store.ts';
import type { Table } from './tables.ts';

type Values = Record<string, unknown>;

export interface PostgresModel {
  readonly own: OwnTables;
  /** Types are on tables of the application's own: what its SQL changes there belongs to a unit. */
  readonly isMapped: boolean;
  /** What is done on a connection, in the transaction that is open there or without one. */
  work(connection: Connection, progress: Progress): Work;
  /** `selectLocked`: many rows by ids, for update; `null` where no one statement can. */
  entity(typename: string): { readonly selectLocked: string | null; decode(values: Values): StoredRow };
}

const LOCKS: Readonly<Record<RowLock, string>> = { update: ' for update', share: ' for share', none: '' };

export function createPostgresModel(schema: string, { tables, mappings }: PostgresTables): PostgresModel {
  const own = ownTables(schema);
  const dialect = createPostgresDialect(schema);
  const entities = new Map(
    [...tables].map(([typename, table]) => {
      const mapping = mappings.get(typename);
      return [typename, mapping ? mappedStatements(own, table, mapping) : entityStatements(own, table)];
    }),
  );
  const entity = (typename: string) => {
    const found = entities.get(typename);
    if (found === undefined) throw unknownType(typename, tables);
    return found;
  };

  const work = (connection: Connection, progress: Progress): Work => {
    const compiled = async (query: CompiledQuery): Promise<Values[]> => (await connection.query(query.sql, query.parameters)).rows;
    const noteXid = (rows: readonly { readonly xid: string }[]): void => {
      progress.xid = rows[0]?.xid ?? progress.xid;
    };

    const acknowledge = async (user: string, clientId: string, through: number): Promise<number> => {
      const key = [toText(user), clientId];
      // Locks the client, raised or not: its deliveries run one after another, wherever they arrive.
      const [raised] = await connection.rows<{ watermark: number; xid: string }>(
        `with gone as (delete from ${own.result} where "user" = $1 and client = $2 and mutation <= $3)
         insert into ${own.client} as c values ($1, $2, $3) on conflict ("user", client)
         do update set watermark = excluded.watermark where c.watermark < excluded.watermark
         returning watermark, pg_current_xact_id()::text as xid`,
        [...key, through],
        true,
      );
      if (raised !== undefined) {
        noteXid([raised]);
        return raised.watermark;
      }
      const [known] = await connection.rows<{ watermark: number }>(
        `select watermark from ${own.client} where "user" = $1 and client = $2`,
        key,
        true,
      );
      return known?.watermark ?? through;
    };

    const versionFloor = async (typename: string): Promise<Version | null> => {
      const [row] = await connection.rows<{ value: string }>(`select value from ${own.meta} where key = $1`, [floorKey(typename)], true);
      return row === undefined ? null : (JSON.parse(row.value) as Version);
    };

    const saveResults = async (results: readonly (readonly [ResultKey, StoredResult])[]): Promise<void> => {
      const column = (of: (key: ResultKey, result: StoredResult) => unknown): readonly unknown[] => results.map((each) => of(...each));
      const columns = [
        column(({ user }) => toText(user)),
        column(({ clientId }) => clientId),
        column(({ mutationId }) => mutationId),
        column((_, { fingerprint }) => fingerprint),
        column((_, { outcome }) => outcome),
        column((_, { answer }) => answer),
      ];
      noteXid(
        await connection.rows(
          `insert into ${own.result} select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[])
           returning pg_current_xact_id()::text as xid`,
          columns,
          true,
        ),
      );
    };

    const leases = createPostgresLeases(connection, own, noteXid);

    return {
      ...leases,
      versionFloor,
      async get(typename, id, lock = 'none') {
        const { find, decode } = entity(typename);
        const values = await find(connection, toText(id), LOCKS[lock]);
        const key = `${typename} ${id}`;
        if (values === undefined) {
          if (lock === 'update') progress.absent.add(key);
          return null;
        }
        progress.absent.delete(key);
        return decode(values);
      },
      async list(typename, query) {
        const { table, row } = entity(typename);
        return (await compiled(listSql(dialect, table, query))).map(row);
      },
      async count(typename, filter) {
        return Number((await compiled(countSql(dialect, entity(typename).table, filter)))[0]?.count ?? 0);
      },
      changes: (query) =>
        readChanges(connection, own, query, async (typename, ids) => {
          const found = entities.get(typename);
          return found === undefined ? [] : (await connection.rows<Values>(found.selectMany, [ids], true)).map(found.row);
        }),
      async head() {
        const { epoch, head } = await readHistory(connection, own);
        return { epoch, position: spell(head) };
      },
      async statistics() {
        const tombstones = [...entities.values()].map((each) => each.tombstones).join(' + ');
        const [row] = await connection.rows<StoreStatistics>(
          `select (select count(*) from ${own.result}) as results, ${tombstones || '0'} as tombstones`,
        );
        return row ?? { results: 0, tombstones: 0 };
      },
      async pasts(asked, after) {
        const { xid, number } = parsePlace(after.position) ?? START;
        const rows = await connection.rows<{ typename: string; id: string; row: string }>(
          `select p.typename, p.id, p.row from unnest($1::text[], $2::text[]) as asked (typename, id)
           join ${own.past} p on p.typename = asked.typename and p.id = asked.id and (p.xid, p.number) > ($3::text::xid8, $4::bigint)`,
          [asked.map(({ __typename }) => __typename), asked.map(({ id }) => toText(id)), xid, number],
          true,
        );
        return rows.map(({ typename, id, row }) => entity(typename).past(JSON.parse(row), fromText(id)));
      },
      async put(typename, stored, past) {
        const { put } = entity(typename);
        const key = `${typename} ${stored.row.id}`;
        const isNew = progress.absent.has(key);
        const written = put(connection, stored, progress.unit, isNew);
        const rows = await written.catch((error: unknown) => {
          // Somebody else made it since we looked. Looked at again, it is there.
          if (isNew && isTaken(error)) progress.doom ??= error;
          throw error;
        });
        noteXid(rows);
        progress.typenames.add(typename);
        progress.absent.delete(key);
        progress.unit ??= rows[0]?.number ?? null;
        if (past !== undefined)
          await connection.rows(
            `insert into ${own.past} values ($1, $2, pg_current_xact_id(), $3, $4, $5)`,
            [typename, toText(stored.row.id), rows[0]?.number, stored.row._lastChangedAt, JSON.stringify(past)],
            true,
          );
      },
      async findResult({ user, clientId, mutationId }) {
        const [row] = await connection.rows<StoredResult>(
          `select fingerprint, outcome, answer from ${own.result} where "user" = $1 and client = $2 and mutation = $3`,
          [toText(user), clientId, mutationId],
          true,
        );
        return row ?? null;
      },
      saveResult: (key, result) => saveResults([[key, result]]),
      saveResults,
      async hasResults(user, clientId, first, last) {
        const rows = await connection.rows(
          `select 1 from ${own.result} where "user" = $1 and client = $2 and mutation between $3 and $4 limit 1`,
          [toText(user), clientId, first, last],
          true,
        );
        return rows.length > 0;
      },
      acknowledge,
      async countResults(user, clientId) {
        const [row] = await connection.rows<{ count: number }>(
          `select count(*) as count from ${own.result} where "user" = $1 and client = $2`,
          [toText(user), clientId],
          true,
        );
        return row?.count ?? 0;
      },
      async retire(user, clientId) {
        await leases.endLeasesOf(user, clientId);
        const [row] = await connection.rows<{ highest: number | null }>(
          `select max(mutation) as highest from ${own.result} where "user" = $1 and client = $2`,
          [toText(user), clientId],
          true,
        );
        if (row !== undefined && row.highest !== null) await acknowledge(user, clientId, row.highest);
      },
      async collectTombstones(before) {
        let collected = 0;
        const [meta] = await connection.rows<{ value: string }>(`select value from ${own.meta} where key = 'horizon' for update`);
        let horizon: Place = parsePlace(meta?.value ?? '') ?? START;
        for (const [typename, { table, collect }] of entities) {
          let floor = await versionFloor(typename);
          for (const { xid, number, version } of await connection.rows<Place & { version: Version }>(collect, [typename, before])) {
            horizon = later(horizon, { xid, number });
            floor = laterVersion(table.version, floor, version);
            collected += 1;
          }
          if (floor !== null)
            await connection.rows(`insert into ${own.meta} values ($1, $2) on conflict (key) do update set value = excluded.value`, [
              floorKey(typename),
              JSON.stringify(floor),
            ]);
        }
        for (const place of await connection.rows<Place>(
          `delete from ${own.past} where at < $1 and xid < ${BOUND} returning xid::text, number`,
          [before],
        ))
          horizon = later(horizon, place);
        noteXid(
          await connection.rows(`update ${own.meta} set value = $1 where key = 'horizon' returning pg_current_xact_id()::text as xid`, [
            spell(horizon),
          ]),
        );
        return collected;
      },
    };
  };
  return { own, isMapped: mappings.size > 0, work, entity };
}

const floorKey = (typename: string): string => `floor:${typename}`;

function entityStatements(own: OwnTables, table: Table) {
  const name = own.of(table.typename);
  const columns = [...table.columns.map((column) => column.name), '_version', '_lastChangedAt', '_deleted', '_fieldVersions'];
  const selected = ['id', ...columns].map(quote).join(', ');
  const row = createRowReader(table, fromColumn);
  // One number for both: the change and, if it is the first of its unit, the unit.
  const write = (onConflict: string): string => `
    with n as materialized (select nextval('${own.number}') as number),
    change as (
      insert into ${own.change} (typename, id, xid, number, unit)
      select '${table.typename}', $1, pg_current_xact_id(), n.number, coalesce($${columns.length + 2}::bigint, n.number) from n
      on conflict (typename, id) do update set xid = excluded.xid, number = excluded.number, unit = excluded.unit
    )
    insert into ${name} (${selected}) values (${['id', ...columns].map((_, index) => `$${index + 1}`).join(', ')})${onConflict}
    returning pg_current_xact_id()::text as xid, (select number from n) as number`;
  const select = `select ${selected} from ${name} where id = $1`;
  const insert = write('');
  const upsert = write(
    ` on conflict (id) do update set ${columns.map((column) => `${quote(column)} = excluded.${quote(column)}`).join(', ')}`,
  );
  return {
    table,
    row,
    decode: (values: Values): StoredRow => ({
      row: row(values),
      fieldVersions: JSON.parse(values._fieldVersions as string) as FieldVersions,
    }),
    past: (noted: Row): Row => noted,
    tombstones: `(select count(*) from ${name} where "_deleted")`,
    find: async (connection: Connection, id: string, lock: string) => (await connection.rows<Values>(select + lock, [id], true))[0],
    selectMany: `select ${selected} from ${name} where id = any($1)`,
    selectLocked: `select ${selected} from ${name} where id = any($1) order by id for update`,
    put: (connection: Connection, { row: { id, ...values }, fieldVersions }: StoredRow, unit: number | null, isNew: boolean) => {
      const given = table.columns.map(({ name: column, kind }) => toColumn(kind, values[column]));
      const system = [values._version, values._lastChangedAt, values._deleted, JSON.stringify(fieldVersions)];
      return connection.rows<{ xid: string; number: number }>(isNew ? insert : upsert, [toText(id), ...given, ...system, unit], true);
    },
    // None beyond the bound: the horizon is a place that readers may stand at.
    collect: `
      with gone as (
        delete from ${name} t using ${own.change} c
        where t."_deleted" and t."_lastChangedAt" < $2 and c.typename = $1 and c.id = t.id and c.xid < ${BOUND} returning t.id, t."_version" as version
      )
      delete from ${own.change} c using gone where c.typename = $1 and c.id = gone.id returning c.xid::text, c.number, gone.version`,
  };
}
