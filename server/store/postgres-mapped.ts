import { badInput } from '../errors.ts';
import { ADDED, LEAVING } from './mapping.ts';
import type { Connection } from './postgres-connection.ts';
import { columnsOf, keyFrom, type PostgresMapping, written } from './postgres-mapping.ts';
import { BOUND, type OwnTables, quote } from './postgres-tables.ts';
import { fromColumn, toColumn, toText } from './postgres-text.ts';
import { createRowReader } from './row.ts';
import type { FieldVersions, Row, StoredRow } from './store.ts';
import type { Table } from './tables.ts';

type Values = Record<string, unknown>;

/** What the engine does with the rows of a type, on a table that other programs write too. Tombstones stand beside it. */
export function mappedStatements(own: OwnTables, table: Table, mapping: PostgresMapping) {
  const { typename, fields } = mapping;
  const name = own.of(mapping.name);
  const key = quote(mapping.key);
  const live = createRowReader(table, fromColumn);
  const row = (values: Values): Row => {
    const { _row, ...rest } = values;
    return live(typeof _row === 'string' ? { ...rest, ...(JSON.parse(_row) as Values) } : rest);
  };
  const select = `select ${columnsOf(mapping).join(', ')} from ${name} where ${key} = ${keyFrom(mapping, '$1::text')}`;
  const grave = `id, ${fields.map(() => 'null').join(', ')}${fields.length > 0 ? ', ' : ''}version, changed_at, true, field_versions, row from ${own.tombstone} where typename = '${typename}'`;
  const change = (unit: string): string => `
    with n as materialized (select nextval('${own.number}') as number),
    change as (
      insert into ${own.change} (typename, id, xid, number, unit)
      select '${typename}', $1::text, pg_current_xact_id(), n.number, coalesce(${unit}::bigint, n.number) from n
      on conflict (typename, id) do update set xid = excluded.xid, number = excluded.number, unit = excluded.unit
    )`;
  const answer = 'pg_current_xact_id()::text as xid, (select number from n) as number';
  const own_ = [ADDED.version, ADDED.changedAt, ADDED.fieldVersions];
  const [first, last] = [2, fields.length + own_.length + 1];
  const taken = [
    ...fields.map((field, index) => [quote(field.column), written(mapping, field, `$${first + index}`)] as const),
    ...own_.map((column, index) => [column, `$${first + fields.length + index}::${column === ADDED.version ? 'bigint' : 'text'}`] as const),
  ];
  const at = `${key} = ${keyFrom(mapping, '$1::text')}`;
  const update = `${change(`$${last + 1}`)}
    update ${name} set ${taken.map(([column, value]) => `${column} = ${value}`).join(', ')}, ${ADDED.write} = abs(coalesce(${ADDED.write}, 0)) + 1
    where ${at} returning ${answer}`;
  const insert = `${change(`$${last + 1}`)}, grave as (delete from ${own.tombstone} where typename = '${typename}' and id = $1::text)
    insert into ${name} (${key}, ${taken.map(([column]) => column).join(', ')}, ${ADDED.write})
    values (${keyFrom(mapping, '$1::text')}, ${taken.map(([, value]) => value).join(', ')}, 1) returning ${answer}`;
  const leave = `update ${name} set ${ADDED.write} = ${LEAVING} where ${at}`;
  const bury = `${change('$6')}, gone as (delete from ${name} where ${at})
    insert into ${own.tombstone} values ('${typename}', $1::text, $2, $3, $4, $5)
    on conflict (typename, id) do update set version = excluded.version, changed_at = excluded.changed_at, field_versions = excluded.field_versions, row = excluded.row
    returning ${answer}`;

  const valuesOf = (values: Readonly<Record<string, unknown>>): unknown[] =>
    fields.map(({ name: field, kind }) => toColumn(kind, values[field]));

  return {
    table,
    row,
    decode: (values: Values): StoredRow => ({
      row: row(values),
      fieldVersions: JSON.parse(values._fieldVersions as string) as FieldVersions,
    }),
    /** What a trigger noted of a row: its columns, as the table has them. */
    past(noted: Row, id: string): Row {
      const { _columns, ...rest } = noted as Row & { readonly _columns?: Values };
      return _columns === undefined ? noted : live({ ...rest, ..._columns, id, _deleted: false });
    },
    async find(connection: Connection, id: string, lock: string): Promise<Values | undefined> {
      const [values] = await connection.rows<Values>(select + lock, [id], true);
      if (values !== undefined) return values;
      const [buried] = await connection.rows<Values>(
        `select id, version as "_version", changed_at as "_lastChangedAt", true as "_deleted", field_versions as "_fieldVersions", row as "_row" from ${own.tombstone} where typename = '${typename}' and id = $1${lock}`,
        [id],
        true,
      );
      return buried;
    },
    selectLocked: null,
    selectMany: `select ${columnsOf(mapping).join(', ')}, null as "_row" from ${name} where ${key} = any (array(select ${keyFrom(mapping, 'asked')} from unnest($1::text[]) asked))
      union all select ${grave} and id = any ($1)`,
    /** Writes the row and notes the change. `isNew`: it was not there when it was looked for, and must not be there now. */
    async put(connection: Connection, { row: { id, ...values }, fieldVersions }: StoredRow, unit: number | null, isNew: boolean) {
      const own = [values._version, values._lastChangedAt, JSON.stringify(fieldVersions)];
      const known = toText(id);
      try {
        if (values._deleted) {
          await connection.rows(leave, [known], true);
          const columns = Object.fromEntries(
            fields.map(({ name: field, kind }) => [field, kind === 'json' ? values[field] : toColumn(kind, values[field])]),
          );
          return await connection.rows<Written>(bury, [known, ...own, JSON.stringify(columns), unit], true);
        }
        const parameters = [known, ...valuesOf(values), ...own, unit];
        const updated = isNew ? [] : await connection.rows<Written>(update, parameters, true);
        return updated.length > 0 ? updated : await connection.rows<Written>(insert, parameters, true);
      } catch (error) {
        throw refusal(typename, mapping.key, error) ?? error;
      }
    },
    tombstones: `(select count(*) from ${own.tombstone} where typename = '${typename}')`,
    // None beyond the bound: the horizon is a place that readers may stand at.
    collect: `
      with gone as (
        delete from ${own.tombstone} t using ${own.change} c
        where t.typename = $1 and t.changed_at < $2 and c.typename = $1 and c.id = t.id and c.xid < ${BOUND} returning t.id, t.version
      )
      delete from ${own.change} c using gone where c.typename = $1 and c.id = gone.id returning c.xid::text, c.number, gone.version`,
  };
}

interface Written {
  readonly xid: string;
  readonly number: number;
}

/**
 * What the table's own rules refuse, or its columns cannot hold, nobody can write, however often it is tried. Not so a key that somebody
 * else has taken meanwhile: looked at again, it is there.
 */
function refusal(typename: string, key: string, error: unknown): ReturnType<typeof badInput> | null {
  const { code, detail = '' } = error as { readonly code?: unknown; readonly detail?: string };
  if (typeof code !== 'string' || !/^2[23]/.test(code)) return null;
  if (code === '23505' && [`(${key})=`, `(${quote(key)})=`].some((of) => detail.includes(of))) return null;
  return badInput(`${typename}: the rules of its table refuse this (${code}).`);
}
