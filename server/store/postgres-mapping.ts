import { hash } from '../../schema/hash.ts';
import { ADDED, checkMapping, type FoundColumn, LEAVING, type MappedField, type Mapping } from './mapping.ts';
import type { Connection } from './postgres-connection.ts';
import { type OwnTables, quote } from './postgres-tables.ts';

const text = (value: string): string => `'${value}'`;
const UTC = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const NOW = `to_char(clock_timestamp() at time zone 'utc', ${UTC})`;
/** A hybrid clock of now, in the name of the database. */
const CLOCK = `lpad(to_hex(floor(extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '-00000000-database'`;

/** A mapping with what the database says of its columns. */
export interface PostgresMapping extends Mapping {
  /** Type by column, without its length. */
  readonly types: ReadonlyMap<string, string>;
}

/**
 * What has to be run before the store can work on a table: columns for versions, the rows that are there, triggers for the writes of
 * other programs. No statements: nothing. Only reads.
 * @throws OfflineServerError `STORE_TABLE_MISSING`, `STORE_COLUMN_MISSING`, `STORE_INCOMPATIBLE`
 */
export async function planPostgresMapping(
  connection: Connection,
  own: OwnTables,
  mapping: Mapping,
): Promise<{ readonly mapping: PostgresMapping; readonly statements: readonly string[] }> {
  const table = own.of(mapping.name);
  const found = await connection.rows<FoundColumn & { readonly isUnique: boolean; readonly isEnum: boolean }>(
    `select a.attname as name, format_type(a.atttypid, null) as type, a.attnotnull as "notNull", t.typtype = 'e' as "isEnum",
       exists (select 1 from pg_index i where i.indrelid = a.attrelid and i.indisunique and i.indnkeyatts = 1 and i.indpred is null and i.indkey[0] = a.attnum) as "isUnique"
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped`,
    [table],
  );
  const enums = new Set(found.filter(({ isEnum }) => isEnum).map(({ type }) => type));
  const isUnique = found.some((column) => column.name === mapping.key && column.isUnique);
  checkMapping(mapping, found, isUnique, (field, column) => fits(field, column, enums));
  const complete: PostgresMapping = { ...mapping, types: new Map(found.map(({ name, type }) => [name, type])) };
  const added = Object.values(ADDED).filter((column) => !complete.types.has(column));
  const view = own.of(mapping.view);
  const objects = [viewSql(complete, own), ...triggers(complete, own)];
  // What stands there says by its comment what it was made from.
  const mark = hash(objects.join());
  const [there] = await connection.rows<{ mark: string | null }>(`select obj_description(to_regclass($1), 'pg_class') as mark`, [view]);
  const isWhole = added.length === 0 && (await connection.rows(`select 1 from ${table} where ${ADDED.write} is null limit 1`)).length === 0;
  return {
    mapping: complete,
    statements: [
      ...added.map(
        (column) => `ALTER TABLE ${table} ADD COLUMN ${column} ${column === ADDED.version || column === ADDED.write ? 'bigint' : 'text'}`,
      ),
      ...(isWhole ? [] : existing(complete, own)),
      ...(there?.mark === mark ? [] : [`DROP VIEW IF EXISTS ${view}`, ...objects, `COMMENT ON VIEW ${view} IS ${text(mark)}`]),
    ],
  };
}

const TEXTS: readonly string[] = ['text', 'character varying', 'character', 'citext', 'uuid'];
const INTEGERS: readonly string[] = ['smallint', 'integer', 'bigint'];
const INSTANTS: readonly string[] = ['timestamp with time zone', 'timestamp without time zone'];

const FITTING: Readonly<Record<MappedField['kind'], readonly string[]>> = {
  text: TEXTS,
  integer: INTEGERS,
  real: ['real', 'double precision', 'numeric', ...INTEGERS],
  boolean: ['boolean'],
  json: ['jsonb', 'json', 'text[]'],
  any: TEXTS,
};

function fits({ kind, reference, type }: MappedField, column: FoundColumn, enums: ReadonlySet<string>): string | null {
  if (FITTING[kind].includes(column.type)) return null;
  if (reference && INTEGERS.includes(column.type)) return null;
  if (kind === 'any' && (type === 'DateTime' ? INSTANTS.includes(column.type) : enums.has(column.type))) return null;
  const wanted = [...FITTING[kind], ...(reference ? INTEGERS : []), ...(type === 'DateTime' ? INSTANTS : [])];
  return `a column of ${wanted.join(', ')}`;
}

const typeOf = ({ types }: PostgresMapping, column: string): string => types.get(column) ?? 'text';

/** A value as the store's own tables hold it. */
function read(mapping: PostgresMapping, field: MappedField, row: string): string {
  const column = `${row}${quote(field.column)}`;
  const type = typeOf(mapping, field.column);
  if (field.kind === 'json') {
    const list = type === 'jsonb' ? column : type === 'json' ? `${column}::jsonb` : `to_jsonb(${column})`;
    return field.nullable ? list : `coalesce(${list}, '[]'::jsonb)`;
  }
  if (type === 'timestamp with time zone') return `to_char(${column} at time zone 'utc', ${UTC}) collate "C"`;
  if (type === 'timestamp without time zone') return `to_char(${column}, ${UTC}) collate "C"`;
  if (field.kind === 'text' || field.kind === 'any') return `${column}::text collate "C"`;
  return field.kind === 'real' && type !== 'double precision' ? `${column}::double precision` : column;
}

/** A parameter as the column takes it. The type stands without its length: what is too long is refused, not cut. */
export function written(mapping: PostgresMapping, field: MappedField, parameter: string): string {
  const type = typeOf(mapping, field.column);
  if (field.kind === 'json' && type === 'text[]')
    return `case when ${parameter}::jsonb is not null then array(select jsonb_array_elements_text(${parameter}::jsonb)) end`;
  if (field.kind === 'json') return `${parameter}::${type}`;
  if (type === 'timestamp without time zone') return `(${parameter}::text::timestamptz at time zone 'utc')`;
  return field.kind === 'text' || field.kind === 'any' ? `${parameter}::text::${type}` : `${parameter}::${type}`;
}

/** The key that an id stands for; null where the column could not hold it. */
export function keyFrom(mapping: PostgresMapping, id: string): string {
  const type = typeOf(mapping, mapping.key);
  if (INTEGERS.includes(type)) return `case when ${id} ~ '^(0|-?[1-9][0-9]{0,17})$' then ${id}::bigint end`;
  if (type === 'uuid') return `case when ${id} ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ${id}::uuid end`;
  return id;
}

const idOf = (mapping: PostgresMapping, row: string): string => `${row}${quote(mapping.key)}::text`;

/** The columns of the store's own tables, over a row of this one. */
export function columnsOf(mapping: PostgresMapping, row = ''): readonly string[] {
  return [
    `${idOf(mapping, row)} collate "C" as id`,
    ...mapping.fields.map((field) => `${read(mapping, field, row)} as ${quote(field.name)}`),
    `${row}${ADDED.version} as "_version"`,
    `${row}${ADDED.changedAt} collate "C" as "_lastChangedAt"`,
    'false as "_deleted"',
    `${row}${ADDED.fieldVersions} as "_fieldVersions"`,
  ];
}

function viewSql(mapping: PostgresMapping, own: OwnTables): string {
  return `CREATE VIEW ${own.of(mapping.view)} AS SELECT ${columnsOf(mapping).join(', ')} FROM ${own.of(mapping.name)}`;
}

/** The rows that are there already. */
function existing(mapping: PostgresMapping, own: OwnTables): readonly string[] {
  const [table, version] = [own.of(mapping.name), `${floorOf(mapping, own)} + 1`];
  return [
    `UPDATE ${table} SET ${ADDED.version} = ${version}, ${ADDED.changedAt} = ${NOW}, ${ADDED.fieldVersions} = json_build_object('*', ${version})::text, ${ADDED.write} = 1 WHERE ${ADDED.write} IS NULL`,
    `INSERT INTO ${own.change} (typename, id, xid, number, unit) SELECT ${text(mapping.typename)}, ${idOf(mapping, '')}, pg_current_xact_id(), nextval('${own.number}'), 0 FROM ${table} ON CONFLICT (typename, id) DO NOTHING`,
  ];
}

const floorOf = ({ typename }: Mapping, own: OwnTables): string =>
  `coalesce((SELECT value::bigint FROM ${own.meta} WHERE key = ${text(`floor:${typename}`)}), 0)`;

/**
 * Whatever is written without a new number in the column `write` was written by another program, and gets a number below zero, by which
 * what is run after it knows. Changes of one transaction are one unit; those that the store's own transactions make by SQL, of theirs.
 */
function triggers(mapping: PostgresMapping, own: OwnTables): readonly string[] {
  const { typename, name, key, fields } = mapping;
  const table = own.of(name);
  const [before, after] = [own.of(`farside_${typename}_before`), own.of(`farside_${typename}_after`)];
  const define = (of: string, declarations: string, body: string): string =>
    // As the owner of the store's tables: the old program need not have any right to them.
    `CREATE OR REPLACE FUNCTION ${of}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $farside$\n${declarations}BEGIN\n${body}\nEND $farside$`;
  const buried = `typename = ${text(typename)} AND id = ${idOf(mapping, 'NEW.')}`;
  const anyTimed = fields.some(({ timed }) => timed);
  const value = (field: MappedField, row: string): string =>
    `${row}${quote(field.column)}${typeOf(mapping, field.column) === 'json' ? '::text' : ''}`;
  const differs = (field: MappedField): string => `${value(field, 'NEW.')} IS DISTINCT FROM ${value(field, 'OLD.')}`;
  const values = `json_build_object(${fields.map((field) => `${text(field.name)}, ${read(mapping, field, 'OLD.')}`).join(', ')})`;
  const note = (id: string): string => `INSERT INTO ${own.change} (typename, id, xid, number, unit)
    VALUES (${text(typename)}, ${id}, pg_current_xact_id(), nextval('${own.number}'), coalesce(nullif(current_setting('farside.unit', true), '')::bigint, 0))
    ON CONFLICT (typename, id) DO UPDATE SET xid = excluded.xid, number = excluded.number, unit = excluded.unit RETURNING number INTO at;`;
  const bury = `INSERT INTO ${own.tombstone} (typename, id, version, changed_at, field_versions, row)
    VALUES (${text(typename)}, ${idOf(mapping, 'OLD.')}, coalesce(OLD.${ADDED.version}, 0) + 1, ${NOW}, json_build_object('*', coalesce(OLD.${ADDED.version}, 0) + 1)::text, ${values}::text)
    ON CONFLICT (typename, id) DO UPDATE SET version = excluded.version, changed_at = excluded.changed_at, field_versions = excluded.field_versions, row = excluded.row;`;
  const isRenamed = `NEW.${quote(key)} IS DISTINCT FROM OLD.${quote(key)}`;
  const isOwn = `NEW.${ADDED.write} IS DISTINCT FROM OLD.${ADDED.write}`;
  const anyDiffers = [`(${isRenamed})`, ...fields.map((field) => `(${differs(field)})`)].join(' OR ');
  const trigger = (what: string, when: string, run: string): readonly string[] => [
    `DROP TRIGGER IF EXISTS ${quote(`farside_${typename}_${what}`)} ON ${table}`,
    `CREATE TRIGGER ${quote(`farside_${typename}_${what}`)} ${when} EXECUTE FUNCTION ${run}()`,
  ];
  return [
    define(
      before,
      '',
      `  IF TG_OP = 'INSERT' OR ${isRenamed} THEN
    NEW.${ADDED.version} := 1 + coalesce((SELECT version FROM ${own.tombstone} WHERE ${buried}), ${floorOf(mapping, own)});
    NEW.${ADDED.fieldVersions} := json_build_object('*', NEW.${ADDED.version}${anyTimed ? `, '@*', ${CLOCK}` : ''})::text;
  ELSE
    NEW.${ADDED.version} := coalesce(OLD.${ADDED.version}, 0) + 1;
${fields
  .map(
    (field) => `    IF ${differs(field)} THEN
      NEW.${ADDED.fieldVersions} := (coalesce(NEW.${ADDED.fieldVersions}, '{}')::jsonb || jsonb_build_object(${text(field.name)}, NEW.${ADDED.version}${field.timed ? `, ${text(`@${field.name}`)}, ${CLOCK}` : ''}))::text;
    END IF;`,
  )
  .join('\n')}
  END IF;
  NEW.${ADDED.changedAt} := ${NOW};
  NEW.${ADDED.write} := CASE TG_OP WHEN 'INSERT' THEN -1 ELSE -abs(coalesce(OLD.${ADDED.write}, 0)) - 1 END;
  RETURN NEW;`,
    ),
    define(
      after,
      'DECLARE at bigint;\n',
      `  IF TG_OP = 'DELETE' THEN
    ${bury}
    ${note(idOf(mapping, 'OLD.'))}
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' AND ${isRenamed} THEN
    ${bury}
    ${note(idOf(mapping, 'OLD.'))}
  END IF;
  IF TG_OP = 'INSERT' OR ${isRenamed} THEN
    DELETE FROM ${own.tombstone} WHERE ${buried};
  END IF;
  ${note(idOf(mapping, 'NEW.'))}
  IF TG_OP = 'UPDATE' AND NOT (${isRenamed}) THEN
    INSERT INTO ${own.past} VALUES (${text(typename)}, ${idOf(mapping, 'OLD.')}, pg_current_xact_id(), at, ${NOW},
      json_build_object('_columns', ${values}, '_version', OLD.${ADDED.version}, '_lastChangedAt', OLD.${ADDED.changedAt})::text);
  END IF;
  RETURN NULL;`,
    ),
    ...trigger('inserting', `BEFORE INSERT ON ${table} FOR EACH ROW WHEN (NEW.${ADDED.write} IS NULL)`, before),
    ...trigger('updating', `BEFORE UPDATE ON ${table} FOR EACH ROW WHEN (NOT (${isOwn}) AND (${anyDiffers}))`, before),
    ...trigger('inserted', `AFTER INSERT ON ${table} FOR EACH ROW WHEN (NEW.${ADDED.write} < 0)`, after),
    ...trigger('updated', `AFTER UPDATE ON ${table} FOR EACH ROW WHEN (NEW.${ADDED.write} < 0 AND ${isOwn})`, after),
    ...trigger('deleted', `AFTER DELETE ON ${table} FOR EACH ROW WHEN (OLD.${ADDED.write} IS DISTINCT FROM ${LEAVING})`, after),
  ];
}
